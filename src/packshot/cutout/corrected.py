"""A mask as a person corrected it: drawn elsewhere, or with strokes that are drawn again on what is found now."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from packshot.cutout.correction import correct_mask, mask_reader
from packshot.cutout.product import keep_largest
from packshot.cutout.strokes import Strokes
from packshot.errors import NothingToCutOut, UnreadablePhoto
from packshot.limits import Limits
from packshot.photo import decode, encode, grey_of
from packshot.settings import Several, Subject
from packshot.values import Alpha, Box, Mask, Photo

__all__ = ["CorrectedMask", "MaskRequest", "corrected_mask"]

Read = TypeVar("Read")

_REMEDY = "restore OUT/review from a backup, or take the decision back with `packshot review undo`"


@dataclass(frozen=True, slots=True)
class MaskRequest:
    """What a person asks of a photo's mask.

    Attributes:
        drawn: a mask of the whole upright photo to start from; None to start from what is found.
        strokes: to draw on it; None to take it as it is.
        subject: what of the photo is cut out; None for what the settings say.
        several: of several products, all or the largest; None for what the settings say.
        found: a mask file that was found before, and would be found again; None to look for it.
        found_shadow: the file of the photographed shadow that was found with it; None: there was none.
    """

    drawn: Path | None = None
    strokes: Path | None = None
    subject: Subject | None = None
    several: Several | None = None
    found: Path | None = None
    found_shadow: Path | None = None

    @property
    def draws(self) -> bool:
        """Whether the mask is another one than what is found."""
        return self.drawn is not None or self.strokes is not None


@dataclass(frozen=True, slots=True, eq=False)
class CorrectedMask:
    """A mask, and what it was made of.

    Attributes:
        mask: of the picture without its frame. What a person corrected is sure.
        found: the mask before it was corrected, of the same picture; None where nothing was found or corrected.
        sha256: of the corrected mask of the whole photo, as an 8-bit grey PNG; None where nothing was corrected.
    """

    mask: Mask
    found: Alpha | None = None
    sha256: str | None = None


def corrected_mask(
    photo: Photo,
    picture: Photo,
    box: Box | None,
    request: MaskRequest,
    *,
    segment: Callable[[Photo], Mask],
    limits: Limits,
) -> CorrectedMask:
    """The mask that was asked for.

    The same strokes on the same found mask give the same bytes, whether that was found just now or read from a file:
    it is rounded to 8 bits first.

    Args:
        photo: the upright photo.
        picture: without its frame; the photo itself where nothing was cut off.
        box: of the picture within the photo; None where nothing was cut off.
        request: what is asked for.
        segment: finds the mask of the picture.
        limits: of the decoder.

    Raises:
        NothingToCutOut: there is nothing to start from, or nothing is left.
        UsageError: the strokes are of another photo, or the drawn mask of another size.
        PhotoError: a file that was kept is gone or damaged.
    """
    if not request.draws:
        return CorrectedMask(segment(picture))
    found = _found(picture, request, segment, limits)
    kept = None if found is None else _rounded(found.alpha)
    part = (box or Box(0, 0, photo.width, photo.height)).slices

    def start(_: Photo) -> Mask | None:
        if request.drawn is not None:
            return _kept(request.drawn, lambda path: mask_reader(path, limits)(photo))
        if kept is None:
            return None
        whole = np.zeros(photo.rgb.shape[:2], np.float32)
        whole[part] = kept
        return Mask(whole, 0.0, "found")

    if request.strokes is not None:
        strokes = _kept(request.strokes, Strokes.read)
        mask = correct_mask(photo, strokes, start, name=str(request.strokes))
    else:
        mask = start(photo) or Mask(np.zeros(photo.rgb.shape[:2], np.float32), 0.0, "none")
    png = encode(grey_of(mask.alpha), format="PNG").data
    alpha = np.ascontiguousarray(_rounded(mask.alpha)[part])
    shadow = None if found is None else found.shadow
    made = Mask(alpha, 0.0, "person", parts=keep_largest(alpha, Several.ALL)[1], shadow=shadow)
    return CorrectedMask(made, kept, hashlib.sha256(png).hexdigest())


def _found(picture: Photo, request: MaskRequest, segment: Callable[[Photo], Mask], limits: Limits) -> Mask | None:
    """What is found without a person; None where that is nothing."""
    try:
        if request.found is None:
            return segment(picture)
        mask = mask_reader(request.found, limits)(picture)
    except NothingToCutOut:
        return None
    if request.found_shadow is None:
        return mask
    grey = decode(request.found_shadow, limits=limits).rgb[..., 1]
    return replace(mask, shadow=np.asarray(grey.astype(np.float32) * np.float32(1 / 255), np.float32))


def _kept(path: Path, read: Callable[[Path], Read]) -> Read:
    if not path.is_file():
        raise UnreadablePhoto(f"{path}, which a decision names, is gone", remedy=_REMEDY)
    return read(path)


def _rounded(alpha: Alpha) -> Alpha:
    return np.asarray(np.rint(alpha * np.float32(255)) / np.float32(255), np.float32)
