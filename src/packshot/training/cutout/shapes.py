"""The shapes a cut-out network sees: a square, and two rectangles of its area, so that few photos are squashed."""

from __future__ import annotations

__all__ = ["SHAPE_NAMES", "shape_of", "shapes_for"]

#: In the order of `shapes_for`.
SHAPE_NAMES = ("square", "landscape", "portrait")

_LONG = 1.22  # times the square's side; the short side keeps the area
_TURN = 1.2  # ratio of the sides from which a photo is nearer to a rectangle than to the square


def shapes_for(size: int) -> tuple[tuple[int, int], ...]:
    """(height, width) in pixels of the three shapes, multiples of 32.

    Example:
        >>> shapes_for(352)
        ((352, 352), (288, 416), (416, 288))
    """
    long = round(size * _LONG / 32) * 32
    short = max(32, round(size * size / long / 32) * 32)
    return (size, size), (short, long), (long, short)


def shape_of(shape: tuple[int, ...]) -> str:
    """The name of the shape that squashes a photo least.

    Args:
        shape: (h, w, ...) of the photo.
    """
    ratio = shape[1] / shape[0]
    return "landscape" if ratio > _TURN else "portrait" if ratio < 1 / _TURN else "square"
