"""Strokes on a kept photo's mask, and what is shown of a kept photo while a person draws."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from packshot.composition.blend import straighten
from packshot.composition.resample import premultiply, resize
from packshot.cutout import Stroke, Strokes, cut_out, refine
from packshot.cutout.strokes import PhotoSize
from packshot.photo import encode
from packshot.resizing import downscaled, downscaled_size
from packshot.service.job import Answer, JobRefused
from packshot.service.kept.files import KeptFiles, mask_key, mask_of
from packshot.service.tools import Tools
from packshot.settings import Subject
from packshot.values import Rgba

__all__ = ["CutoutOfMaskJob", "StrokesJob", "ViewJob"]


@dataclass(frozen=True, slots=True)
class StrokesJob:
    """The mask after some strokes, each refined on what the ones before it gave.

    A person sees the mask after every stroke and draws the next one on it, so a stroke never changes what an earlier
    one settled. Each mask on the way is kept: undo and redo only look one up, and the next stroke costs as much as the
    first.

    Attributes:
        folder: of the kept photo.
        subject: whose mask is drawn on.
        strokes: all of them, in the order they were drawn.
    """

    folder: Path
    subject: Subject
    strokes: tuple[Stroke, ...]

    def do(self, tools: Tools) -> Answer:
        """See `packshot.service.job.Job.do`."""
        files, count = KeptFiles(self.folder), len(self.strokes)
        keys = [mask_key(self.subject, self.strokes[:length]) for length in range(count + 1)]
        done, data = next(
            ((length, file) for length in range(count, -1, -1) if (file := files.mask_file(keys[length])) is not None),
            (0, None),
        )
        if data is None:
            raise JobRefused("mask_gone", "there is no mask of that subject; choose the subject again")
        if done < count:
            photo = files.photo()
            size = PhotoSize(width=photo.width, height=photo.height)
            for length in range(done, count):
                with tools.at("refine"):
                    drawn = Strokes(version=1, photo=size, strokes=(self.strokes[length],))
                    drawn.require_inside("strokes")
                    mask = refine(photo, mask_of(data), drawn)
                with tools.at("keep"):
                    data = files.write_mask(keys[length + 1], mask.alpha)
        return Answer(data, "image/png", {"X-Mask": keys[-1]})


@dataclass(frozen=True, slots=True)
class CutoutOfMaskJob:
    """The product with its own colours along the edge, by one of the kept masks.

    Attributes:
        folder: of the kept photo.
        mask: names the mask.
        format: PNG or WEBP.
        side: the longer side is reduced to so many pixels; None keeps it.
    """

    folder: Path
    mask: str
    format: str = "PNG"
    side: int | None = None

    def do(self, tools: Tools) -> Answer:
        """See `packshot.service.job.Job.do`."""
        files = KeptFiles(self.folder)
        with tools.at("compose"):
            cutout = cut_out(files.photo(), files.mask(self.mask))
        with tools.at("encode"):
            data = encode(_reduced(cutout.rgba, self.side), format=self.format).data
        return Answer(data, f"image/{self.format.lower()}")


@dataclass(frozen=True, slots=True)
class ViewJob:
    """The upright photo for a screen, as JPEG.

    Attributes:
        folder: of the kept photo.
        side: the longer side is reduced to so many pixels; None keeps it.
    """

    folder: Path
    side: int | None = None

    def do(self, tools: Tools) -> Answer:
        """See `packshot.service.job.Job.do`."""
        rgb = KeptFiles(self.folder).photo().rgb
        pixels = rgb if self.side is None else downscaled(rgb, self.side)
        with tools.at("encode"):
            data = encode(pixels, format="JPEG").data
        return Answer(data, "image/jpeg")


def _reduced(rgba: Rgba, side: int | None) -> Rgba:
    """A cut-out whose longer side fits; colours of invisible pixels do not bleed into its rim."""
    height, width = rgba.shape[:2]
    size = (width, height) if side is None else downscaled_size((width, height), side)
    return rgba if size == (width, height) else straighten(resize(premultiply(rgba), *size))
