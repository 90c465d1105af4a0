"""Photos of a folder cut out one by one, some of them corrected by strokes or started from a mask in a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from packshot.cutout.correction import correct_mask, mask_reader, strokes_by_stem
from packshot.cutout.overlay import overlay
from packshot.cutout.segmentation import segmenter
from packshot.cutout.strokes import Strokes
from packshot.settings import Settings
from packshot.values import Mask, Photo, Rgb

__all__ = ["CutPhoto", "Cutter"]


@dataclass(frozen=True, slots=True, eq=False)
class CutPhoto:
    """A photo and where the product is in it.

    Attributes:
        photo: upright.
        mask: of its size.
        strokes: that corrected it; None where nobody drew any.
        strokes_file: where they came from.
    """

    photo: Photo
    mask: Mask
    strokes: Strokes | None = None
    strokes_file: Path | None = None

    def overlay(self) -> Rgb:
        """The mask's outline on the photo, with rulers and strokes; see `packshot.cutout.overlay`."""
        return overlay(self.photo.rgb, self.mask.alpha, strokes=self.strokes)

    def row(self) -> dict[str, object]:
        """As JSON has it, without the files that were written."""
        return {
            "uncertainty": self.mask.uncertainty,
            "ready": self.mask.ready,
            "doubts": list(map(str, self.mask.doubts)),
            "parts": self.mask.parts,
            "strokes": None if self.strokes_file is None else str(self.strokes_file),
        }

    def words(self) -> str:
        """For a person: how sure the mask is, and why one should look."""
        return ", ".join([f"uncertainty {self.mask.uncertainty:.3f}", *map(str, self.mask.doubts)])


class Cutter:
    """Cuts photos out.

    Args:
        settings: of the stage.
        stems: of all photos: relative paths without suffix.
        strokes: the JSON of the one photo, or a folder with STEM.json for some; see `strokes_by_stem`.
        masks: a folder with STEM.png to start from; None for what the stage finds.

    Raises:
        ModelError: the network cannot be used.
        UsageError: there are no strokes for any of the photos.
    """

    def __init__(self, settings: Settings, stems: Sequence[str], *, strokes: Path | None, masks: Path | None) -> None:
        self._limits, self._masks = settings.limits, masks
        self._segment = segmenter(settings.model, settings)
        self._strokes = {} if strokes is None else strokes_by_stem(strokes, list(stems))

    def __call__(self, photo: Photo, stem: str) -> CutPhoto:
        """Find the mask of a photo.

        Raises:
            NothingToCutOut: there is no product.
            UsageError: strokes or mask are of another photo.
            PhotoError: the mask's file cannot be read.
        """
        find = self._segment if self._masks is None else mask_reader(self._masks / f"{stem}.png", self._limits)
        file = self._strokes.get(stem)
        if file is None:
            return CutPhoto(photo, find(photo))
        strokes = Strokes.read(file)
        return CutPhoto(photo, correct_mask(photo, strokes, find, name=str(file)), strokes, file)
