"""BMP with bit masks: any places for red, green, blue and alpha in 16 or 32 bits; Pillow knows a few.

Source: Microsoft, BITMAPV4HEADER (bV4RedMask and on).
"""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from packshot.values import AnyArray

__all__ = ["bitfields_size", "read_bitfields"]

_BITFIELDS, _ALPHA_BITFIELDS = 3, 6
# What Pillow reads itself: 5-6-5, 5-5-5 and the 8-bit orders.
_USUAL = frozenset(
    {
        (16, 0xF800, 0x7E0, 0x1F),
        (32, 0xFF0000, 0xFF00, 0xFF),
        (32, 0xFF, 0xFF00, 0xFF0000),
        (32, 0xFF000000, 0xFF0000, 0xFF00),
        (32, 0, 0, 0),
    }
)


def bitfields_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a BMP whose masks only `read_bitfields` reads; None for every other.

    Args:
        data: the file.
    """
    if len(data) < 66 or struct.unpack_from("<I", data, 14)[0] < 40:
        return None
    width, height, _, bits, compression = struct.unpack_from("<iiHHI", data, 18)
    if compression not in (_BITFIELDS, _ALPHA_BITFIELDS) or bits not in (16, 32):
        return None
    if compression == _BITFIELDS and (bits, *struct.unpack_from("<III", data, 54)) in _USUAL:
        return None
    return width, abs(height)


def read_bitfields(data: bytes) -> Image.Image:
    """Decode a BMP with bit masks.

    Args:
        data: the file, whose size in pixels was found to be acceptable.

    Returns:
        A picture of mode RGB, or RGBA where there is a mask for alpha.

    Raises:
        ValueError: data is missing, or a mask has holes.
    """
    offset, header = struct.unpack_from("<II", data, 10)
    width, height, _, bits, compression = struct.unpack_from("<iiHHI", data, 18)
    masks = list(struct.unpack_from("<III", data, 54))
    if (header >= 56 or compression == _ALPHA_BITFIELDS) and len(data) >= 70:
        masks.append(struct.unpack_from("<I", data, 66)[0])
    line = (width * bits + 31) // 32 * 4
    rows = abs(height)
    if len(data) - offset < line * rows or width < 1:
        raise ValueError("picture data is missing")
    stored = np.frombuffer(data, np.uint8, line * rows, offset).reshape(rows, line)
    values = np.ascontiguousarray(stored[:, : width * bits // 8]).view(f"<u{bits // 8}")
    values = values if height < 0 else values[::-1]
    channels = [_channel(values, mask) for mask in masks if mask or len(masks) == 3]
    if len(channels) < 3:
        raise ValueError("a colour has no mask")
    return Image.fromarray(np.dstack(channels))


def _channel(values: AnyArray, mask: int) -> NDArray[np.uint8]:
    if mask == 0:
        return np.zeros(values.shape, np.uint8)
    shift = (mask & -mask).bit_length() - 1
    most = mask >> shift
    if most & (most + 1):
        raise ValueError("a mask has holes")
    samples = (values.astype(np.uint64) & np.uint64(mask)) >> np.uint64(shift)
    return ((samples * np.uint64(255) + np.uint64(most // 2)) // np.uint64(most)).astype(np.uint8)
