"""A mask as a reviewer sees it and corrects it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePath

import numpy as np

from packshot.cutout import Strokes, correct_mask, mask_reader, overlay
from packshot.decisions import AnswerFields, Decision, DecisionFolder, Kind, Seen, seen_of
from packshot.errors import UsageError
from packshot.photo import decode, encode
from packshot.records import Record
from packshot.review.answers import Answer, mask_answer
from packshot.review.pictures import png_of
from packshot.review.review import Review
from packshot.storage import write_result
from packshot.values import Alpha, Mask

__all__ = ["correct_from_file", "drawn_mask", "drawn_masks", "folder_answer", "mask_by_strokes", "overlay_png"]


def correct_from_file(
    review: Review,
    source: str,
    file: Path,
    *,
    strokes: bool,
    by: str,
    token: str | None = None,
    overlay: Path | None = None,
) -> Decision:
    """Decide that a photo's mask is another one, which a file holds.

    Args:
        review: the results of the run.
        source: the photo.
        file: a mask drawn elsewhere, or strokes.
        strokes: whether it holds strokes, see `mask_by_strokes`.
        by: who decides.
        token: of what was looked at.
        overlay: a PNG to write of the corrected mask.

    Raises:
        UsageError: no such photo, or the file is of another one.
        PhotoError: photo or mask cannot be read.
        NothingToCutOut: nothing is left.
    """
    painted = Strokes.read(file) if strokes else None
    if painted is not None:
        alpha, under = mask_by_strokes(review, source, painted, name=str(file))
        decision = review.correct_by_strokes(source, painted, alpha, by=by, under=under, token=token)
    else:
        alpha = drawn_mask(review, source, file)
        decision = review.correct_mask(source, alpha, by=by, token=token)
    if overlay is not None:
        write_result(overlay, overlay_png(review, source, alpha=alpha, strokes=painted))
    return decision


def folder_answer(review: Review, folder: Path) -> tuple[list[str], Answer]:
    """The photos that a folder of masks is of, and the answer that gives each its own.

    Raises:
        UsageError: there is no such folder, or no mask in it.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder", remedy="name the photo, or a folder of masks")
    files = drawn_masks(review, folder)

    def fields(kept: DecisionFolder, record: Record, seen: Seen) -> AnswerFields:
        png = png_of(drawn_mask(review, record.source, files[record.source]))
        return mask_answer(png).fields(kept, record, seen)

    return list(files), Answer(Kind.MASK, fields)


def drawn_mask(review: Review, source: str, file: Path) -> Alpha:
    """A mask that was drawn elsewhere, from a picture's transparency or else its brightness.

    Args:
        review: the results of the run.
        source: the photo.
        file: of the photo's size; or, where the run cut a frame off, of that of the picture within.

    Returns:
        float32 (h, w), 0..1, of the whole upright photo, for `Review.correct_mask`.

    Raises:
        UsageError: no such photo, or the mask has another size.
        PhotoError: photo or mask cannot be read.
        NothingToCutOut: the mask is empty, or covers the whole photo.
    """
    photo, picture = review.photo(source), decode(file, limits=review.limits)
    frame = seen_of(review.records.one(source), {}).frame
    box = frame.inner_box if frame is not None and frame.removed else None
    size = (picture.width, picture.height)
    if box is not None and size == box.size != (photo.width, photo.height):
        inner = replace(photo, rgb=photo.rgb[box.slices], alpha=None)
        whole = np.zeros(photo.rgb.shape[:2], np.float32)
        whole[box.slices] = mask_reader(file, review.limits)(inner).alpha
        return whole
    return mask_reader(file, review.limits)(photo).alpha


def drawn_masks(review: Review, folder: Path) -> dict[str, Path]:
    """The files of a folder that are masks of the run's photos, named as in ``OUT/masks``.

    Returns:
        Source to file.

    Raises:
        UsageError: there is none.
    """
    found: dict[str, Path] = {}
    for record in review.records:
        name = record.mask.partition("/")[2] if record.mask else f"{PurePath(record.source).stem}.png"
        if (folder / name).is_file():
            found[record.source] = folder / name
    if not found:
        raise UsageError(f"{folder}: no mask of any photo", remedy="name the files as they are in OUT/masks")
    return found


def mask_by_strokes(review: Review, source: str, strokes: Strokes, *, name: str) -> tuple[Alpha, str | None]:
    """The mask that strokes make of the one that was found, or of one that a person drew.

    Args:
        review: the results of the run.
        source: the photo.
        strokes: in pixels of the upright photo; with a box they start from nothing.
        name: of the strokes, for messages.

    Returns:
        float32 (h, w), 0..1, and the SHA-256 of the mask under them where a person drew it: for
        `Review.correct_by_strokes`.

    Raises:
        UsageError: no such photo, or strokes of another one.
        PhotoError: photo or mask cannot be read.
        NothingToCutOut: nothing is left.
    """
    under, sha256 = review.mask_under_strokes(source)
    first = None if under is None else Mask(alpha=under, uncertainty=0.0, model="run")
    return correct_mask(review.photo(source), strokes, lambda _: first, name=name).alpha, sha256


def overlay_png(review: Review, source: str, *, alpha: Alpha | None = None, strokes: Strokes | None = None) -> bytes:
    """A mask on its photo with rulers to draw strokes by, as a PNG file.

    Args:
        review: the results of the run.
        source: the photo.
        alpha: the mask, float32 (h, w); the run's by default, empty where it made none.
        strokes: drawn over it.

    Raises:
        PhotoError: photo or mask cannot be read.
    """
    photo = review.photo(source)
    if alpha is None:
        alpha = review.mask(source)
    shown = np.zeros(photo.rgb.shape[:2], np.float32) if alpha is None else alpha
    return encode(overlay(photo.rgb, shown, strokes=strokes), format="PNG").data
