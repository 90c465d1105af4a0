"""A mask corrected by a person's strokes, and masks read from files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from packshot.counting import counted
from packshot.cutout.interactive import refine
from packshot.cutout.strokes import Strokes
from packshot.cutout.uncertainty import require_subject
from packshot.errors import NothingToCutOut, UsageError
from packshot.limits import Limits
from packshot.photo import decode
from packshot.values import Mask, Photo

__all__ = ["correct_mask", "mask_in", "mask_reader", "strokes_by_stem"]


def correct_mask(photo: Photo, strokes: Strokes, segment: Callable[[Photo], Mask | None], *, name: str) -> Mask:
    """The mask that strokes make of a first one.

    Args:
        photo: the upright photo.
        strokes: in its pixels; with a box they start from nothing.
        segment: finds the first mask; not asked where the strokes have a box.
        name: of the strokes, for messages.

    Raises:
        UsageError: the strokes are of another photo, or one lies outside of it.
        NothingToCutOut: there is nothing to start from, or nothing is left.
    """
    strokes.require_photo(photo)
    strokes.require_inside(name)
    try:
        first = None if strokes.box is not None else segment(photo)
    except NothingToCutOut as error:
        raise NothingToCutOut(error.message, remedy=f'add a "box" around the product to {name}') from error
    mask = refine(photo, first, strokes)
    require_subject(mask.alpha, doubt=0.0, source=photo.source)  # a person has seen it, but it may be empty
    return mask


def mask_reader(path: Path, limits: Limits) -> Callable[[Photo], Mask]:
    """What finds the mask of a photo in a file: in its transparency, or else in its brightness.

    The function raises `UsageError` if the file has another size than the photo, `PhotoError` if it cannot be read and
    `NothingToCutOut` if it is empty.

    Args:
        path: of the mask or cut-out.
        limits: of the decoder.
    """
    return lambda photo: mask_in(decode(path, limits=limits), photo, name=str(path))


def mask_in(picture: Photo, photo: Photo, *, name: str) -> Mask:
    """The mask that a picture holds: in its transparency, or else in its brightness.

    Args:
        picture: a mask or a cut-out.
        photo: that it is a mask of.
        name: of the picture, for messages.

    Raises:
        UsageError: it has another size than the photo.
        NothingToCutOut: it is empty.
    """
    if picture.rgb.shape != photo.rgb.shape:
        came, expected = (f"{one.width} x {one.height}" for one in (picture, photo))
        raise UsageError(
            f"{name}: expected {expected} pixels like the photo, got {came}", remedy="take the photo's own"
        )
    alpha = picture.rgb[..., 1].astype(np.float32) / np.float32(255) if picture.alpha is None else picture.alpha
    require_subject(alpha, doubt=0.0, source=name)
    return Mask(alpha=alpha, uncertainty=0.0, model="file")


def strokes_by_stem(path: Path, stems: list[str]) -> dict[str, Path]:
    """The files of strokes that belong to some photos.

    Args:
        path: a file, for one photo; or a folder with ``STEM.json`` for some of them.
        stems: of the photos.

    Returns:
        Stem to file, for the photos that have one.

    Raises:
        UsageError: the folder has none, or there is one file for several photos.
    """
    if path.is_dir():
        files = {stem: path / f"{stem}.json" for stem in stems}
        found = {stem: file for stem, file in files.items() if file.is_file()}
        if not found:
            expected = next(iter(files.values()), path)
            raise UsageError(f"{path}: no strokes for any of the photos", remedy=f"name them like {expected}")
        return found
    if len(stems) != 1:
        raise UsageError(
            f"--strokes {path}: one file, but {counted(len(stems), 'photo')}",
            remedy="give a folder with NAME.json for each photo",
        )
    return {stems[0]: path}
