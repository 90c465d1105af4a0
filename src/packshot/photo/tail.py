"""Evidence in the pixels that the end of a photo was lost before it was saved.

Decoders fill what they do not have with one grey, with black, with green (all zeros in YCbCr), or by repeating
the last line; once such a picture is saved again, its file is whole.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["lost_tail"]

_LEAST_ROWS = 8
_LEAST_SHARE = 0.02
_BLOCK = 16  # the tallest block of a JPEG
_EDGE = 32  # the lines between photo and filler: a line of blocks, and what encoding once more made of them
_ABOVE = 24
_SAME = 2  # of filler that was encoded once more
_NEAR = 8
_LEAST_TEXTURE = 3.0


def lost_tail(stored: Image.Image, *, lossy: bool) -> str | None:
    """What speaks for a lost end.

    Args:
        stored: the picture as it lies in the file, not turned upright; mode L or RGB, others are passed over.
        lossy: whether the format is a lossy one, in which two lines of a photo are never the same.

    Returns:
        The reason in words; None if nothing speaks for it.
    """
    width, height = stored.size
    if stored.mode not in ("L", "RGB") or height < 4 * _ABOVE or width < 4 * _BLOCK:
        return None
    nearest = Image.Resampling.NEAREST  # and no crop, which would ask for Pillow's own limit
    ends = _pixels(stored.resize((width, 2), nearest, box=(0, height - 2, width, height)))
    if (ends.max(axis=(0, 1)).astype(int) - ends.min(axis=(0, 1)) <= _SAME).all():
        return _flat(_pixels(stored))
    if lossy and (ends[0] == ends[1]).all():
        return _repeated(_pixels(stored))
    return None  # nearly all photos end here


def _pixels(image: Image.Image) -> NDArray[np.uint8]:
    pixels = np.asarray(image)
    return pixels[..., None] if pixels.ndim == 2 else pixels


def _flat(pixels: NDArray[np.uint8]) -> str | None:
    height = pixels.shape[0]
    colour = np.median(pixels[-1], axis=0).astype(np.int16)
    filler = _filler(colour)
    if filler is None or _share_near(pixels[:1], colour) == 1:  # a bar at the top as well belongs to the picture
        return None
    rows = _trailing([_share_near(pixels[row : row + 1], colour, _SAME) == 1 for row in range(height)])
    start = height - rows
    if not max(_LEAST_ROWS, _LEAST_SHARE * height) <= rows or start < _EDGE + _ABOVE:
        return None
    if _share_near(pixels[start - _EDGE - _ABOVE : start - _EDGE], colour) > 0.02:
        return None
    if filler == "black" and not any(_is_ragged(line, colour) for line in pixels[start - _EDGE : start]):
        return None  # a bar below the photo, put there on purpose
    return f"its last {rows / height:.0%} are nothing but {filler}"


def _share_near(pixels: NDArray[np.uint8], colour: NDArray[np.int16], distance: int = _NEAR) -> float:
    return float((np.abs(pixels.astype(np.int16) - colour).max(axis=2) <= distance).mean())


def _is_ragged(line: NDArray[np.uint8], colour: NDArray[np.int16]) -> bool:
    """Whether a line is a photo up to some place and filler behind it: data ends within a line of blocks."""
    near = np.abs(line.astype(np.int16) - colour).max(axis=1) <= _NEAR
    filled = _trailing(near)
    return 0.02 <= filled / near.size <= 0.98 and float(near[: near.size - filled].mean()) <= 0.02


def _filler(colour: NDArray[np.int16]) -> str | None:
    levels = [int(level) for level in colour]
    if max(levels) <= 1:
        return "black"
    if min(levels) >= 126 and max(levels) <= 130:
        return "grey"
    if len(levels) == 3 and max(levels[0], levels[2]) <= 4 and 120 <= levels[1] <= 165:
        return "green"
    return None


def _repeated(pixels: NDArray[np.uint8]) -> str | None:
    height = pixels.shape[0]
    rows = 1 + _trailing((pixels[1:] == pixels[:-1]).all(axis=(1, 2)))
    if not max(_BLOCK, _LEAST_SHARE * height) <= rows < height - _ABOVE:
        return None
    line = pixels[-1].astype(np.int16)
    texture = np.abs(line[2:] - 2 * line[1:-1] + line[:-2]).mean()
    if texture < _LEAST_TEXTURE:
        return None  # a background without texture may well repeat
    return f"its last {rows / height:.0%} repeat one line"


def _trailing(flags: NDArray[np.bool_] | list[bool]) -> int:
    """How many flags at the end hold."""
    failing = np.flatnonzero(~np.asarray(flags))
    return int(len(flags) - failing[-1] - 1) if failing.size else len(flags)
