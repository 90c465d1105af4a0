"""Evidence in the pixels that JPEG data was lost amid a photo: all that follows lies elsewhere, or has another colour.

A JPEG is a row of blocks from left to right, one row below the other, and each block's colour is told as a difference
to the one before. Where data is lost or flipped, whatever comes behind it starts at one block, and ends with the photo:
a seam runs along the top of that block to the right, and along the bottom of its row to the left. Its two halves lie
one block apart, exactly on the grid, between two lines of pixels. Edges within a photo are blurred over more than one
line, and no edge of things does that. Saving the picture once more, which silences every decoder, leaves the seam.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["block_seam"]

_BLOCK = 8
_LEAST_BLOCKS = 12  # a side; smaller pictures hold too few
_MOST_COLUMNS = 128  # of blocks that are looked at in one row
_LEAST_STEP = 6  # levels from one line to the next
_SHARPER = 2  # times the steps one line above and below
_BLOCK_ROWS = (1, 2)  # blocks between the halves: one row of units of 8 or of 16 pixels
_LEAST_PART = 16  # each half is at least this part of the width
_LEAST_SCORE = 0.35


def block_seam(stored: Image.Image) -> str | None:
    """What speaks for lost data amid a photo.

    Args:
        stored: the picture as it lies in the file, not turned upright or made smaller; mode L or RGB, others are
            passed over.

    Returns:
        The reason in words; None if nothing speaks for it.
    """
    width, height = stored.size
    if stored.mode not in ("L", "RGB") or min(width, height) < _LEAST_BLOCKS * _BLOCK:
        return None
    broken = _broken(np.asarray(stored if stored.mode == "L" else stored.getchannel("G")))
    score, row = max(_seam(broken, apart) for apart in _BLOCK_ROWS)
    if score < _LEAST_SCORE:
        return None
    return f"blocks of it were lost: a seam runs across it, {row * _BLOCK / height:.0%} of the way down"


def _broken(grey: NDArray[np.uint8]) -> NDArray[np.float64]:
    """For each line between rows of blocks, and each column of blocks, the share of pixels at which it is broken."""
    lines = np.arange(_BLOCK, grey.shape[0] - 1, _BLOCK)
    blocks = np.arange(grey.shape[1] // _BLOCK)
    if blocks.size > _MOST_COLUMNS:
        blocks = blocks[np.linspace(0, blocks.size - 1, _MOST_COLUMNS).astype(int)]
    columns = (blocks[:, None] * _BLOCK + np.arange(_BLOCK)).ravel()
    above2, above, below, below2 = (grey[lines + by][:, columns].astype(np.int16) for by in (-2, -1, 0, 1))
    step = np.abs(below - above)
    beside = np.maximum(np.abs(above - above2), np.abs(below2 - below))
    broken = (step >= _LEAST_STEP) & (step >= _SHARPER * beside + 2)
    shares: NDArray[np.float64] = broken.reshape(lines.size, blocks.size, _BLOCK).mean(axis=2)
    return shares  # lines, columns of blocks


def _seam(broken: NDArray[np.float64], apart: int) -> tuple[float, int]:
    """How much the best seam is one, at most 1, and its upper line.

    Of a seam that begins in some column, the upper line is broken right of it and whole left of it, the lower one the
    other way round: the score is the less broken half, less twice what is broken where nothing should be.
    """
    upper, lower = broken[:-apart], broken[apart:]
    columns = broken.shape[1]
    least = max(2, columns // _LEAST_PART)
    begin = np.arange(least, columns + 1 - least)
    upper_left, upper_right = _means(upper, begin)
    lower_left, lower_right = _means(lower, begin)
    scores = np.minimum(lower_left, upper_right) - 2 * np.maximum(upper_left, lower_right)
    best = int(scores.argmax())
    return float(scores.ravel()[best]), best // begin.size + 1


def _means(row: NDArray[np.float64], begin: NDArray[np.intp]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of each line, the means left of each column and from it on."""
    sums = np.cumsum(row, axis=1)
    left = sums[:, begin - 1]
    return left / begin, (sums[:, -1:] - left) / (row.shape[1] - begin)
