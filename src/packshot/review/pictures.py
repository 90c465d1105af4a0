"""The pictures behind a record: the photo, the mask the run made, and the masks that persons approved or corrected."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from packshot.errors import DamagedPhoto, UnreadablePhoto
from packshot.limits import Limits
from packshot.photo import decode, encode
from packshot.records import Record
from packshot.review.records import seen_of
from packshot.storage.atomic import write_atomic
from packshot.values import Alpha, Box, Photo

__all__ = ["keep_mask", "mask_of", "photo_of", "png_of", "read_mask"]


def photo_of(record: Record, root: Path, limits: Limits) -> Photo:
    """The photo, upright.

    Raises:
        PhotoError: it is not there any more, or is another one now.
    """
    source = record.source
    photo = decode(root / source, name=source, limits=limits)
    if photo.sha256 != record.sha256:
        raise UnreadablePhoto(f"{source} was changed since the run", remedy="repeat `packshot run`")
    return photo


def mask_of(record: Record, out: Path, photo: Photo, limits: Limits) -> Alpha | None:
    """The mask the run made, in the photo's own pixels: float32 (h, w), 0..1; None without one.

    Raises:
        PhotoError: it cannot be read, or has another size than the run says.
    """
    if record.mask is None:
        return None
    frame = seen_of(record, None).frame
    box = Box(*frame.box) if frame and frame.removed and frame.box else None
    return read_mask(out / record.mask, photo, box, limits)


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
    return encode(np.rint(alpha * np.float32(255)).astype(np.uint8), format="PNG").data


def keep_mask(folder: Path, data: bytes) -> str:
    """Write a mask under the name of its content, where later runs do not touch it; gives its SHA-256.

    Raises:
        OutputError: it could not be written.
    """
    name = hashlib.sha256(data).hexdigest()
    path = folder / f"{name}.png"
    if not path.is_file():
        write_atomic(path, data)
    return name
