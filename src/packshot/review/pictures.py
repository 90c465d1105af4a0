"""The pictures behind a record: the photo, the mask the run made, and the masks that persons approved or corrected."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from packshot.decisions import seen_of
from packshot.errors import DamagedPhoto, UnreadablePhoto, UsageError
from packshot.limits import Limits
from packshot.photo import decode, encode, grey_of
from packshot.records import Record
from packshot.storage.objects import is_object_uri
from packshot.values import Alpha, Box, Photo

__all__ = ["found_mask_of", "mask_file", "mask_of", "photo_of", "png_of", "read_mask"]


def photo_of(record: Record, root: Path, limits: Limits) -> Photo:
    """The photo, upright, from a disk or from a bucket.

    Raises:
        PhotoError: it is not there any more, or is another one now.
        StorageError: its bucket cannot be used.
    """
    source = record.source
    photo = decode(source if is_object_uri(source) else root / source, name=source, limits=limits)
    if photo.sha256 != record.sha256:
        raise UnreadablePhoto(f"{source} was changed since the run", remedy="repeat `packshot run`")
    return photo


def mask_of(record: Record, out: Path, photo: Photo, limits: Limits) -> Alpha | None:
    """The mask that is shown, in the photo's own pixels: float32 (h, w), 0..1; None without one.

    Raises:
        PhotoError: it cannot be read, or has another size than the run says.
    """
    return None if record.mask is None else _read(record, record.mask, out, photo, limits)


def found_mask_of(record: Record, out: Path, photo: Photo, limits: Limits) -> Alpha | None:
    """The mask that was found without any correction, which strokes start from; otherwise as `mask_of`."""
    corrected = record.corrected
    file = record.mask if corrected is None or corrected.mask is None else corrected.found
    return None if file is None else _read(record, file, out, photo, limits)


def _read(record: Record, file: str, out: Path, photo: Photo, limits: Limits) -> Alpha:
    frame = seen_of(record, {}).frame
    box = Box(*frame.box) if frame and frame.removed and frame.box else None
    return read_mask(out / file, photo, box, limits)


def read_mask(path: Path, photo: Photo, box: Box | None, limits: Limits) -> Alpha:
    """A mask file in the pixels of its photo: float32 (h, w), 0..1.

    Args:
        path: of the file.
        photo: the upright photo.
        box: the part of the photo it covers; None if that is the whole photo.
        limits: of the decoder.

    Raises:
        PhotoError: it cannot be read, or has another size.
    """
    alpha = np.asarray(decode(path, limits=limits).rgb[..., 0] / np.float32(255), np.float32)
    part = box or Box(0, 0, photo.width, photo.height)
    if alpha.shape != (part.height, part.width) or part.x1 > photo.width or part.y1 > photo.height:
        came = f"{alpha.shape[1]} x {alpha.shape[0]}"
        raise DamagedPhoto(
            f"{path}: expected {part.width} x {part.height} pixels, got {came}", remedy="repeat `packshot run`"
        )
    whole = np.zeros((photo.height, photo.width), np.float32)
    whole[part.slices] = alpha
    return whole


def png_of(alpha: Alpha) -> bytes:
    """A mask as an 8-bit grey PNG; the same alpha gives the same bytes."""
    return encode(grey_of(alpha), format="PNG").data


def mask_file(photo: Photo, alpha: Alpha) -> bytes:
    """A mask that was drawn on a photo, as a file.

    Raises:
        UsageError: it has another size than the photo.
    """
    if alpha.shape != photo.rgb.shape[:2]:
        came = f"{alpha.shape[1]} x {alpha.shape[0]}"
        raise UsageError(
            f"{photo.source}: a mask of {came} pixels for a photo of {photo.width} x {photo.height}",
            remedy="draw it on the whole upright photo",
        )
    return png_of(alpha)
