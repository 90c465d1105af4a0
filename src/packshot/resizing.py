"""Pictures whose longer side has at most so many pixels: for pages, for networks, and for work that needs no more."""

from __future__ import annotations

from typing import TypeVar, cast

from packshot.values import AnyArray

Pixels = TypeVar("Pixels", bound=AnyArray)

__all__ = ["downscale_factor", "downscaled", "downscaled_size", "rescaled"]


def downscale_factor(size: tuple[int, int], longest: float) -> float:
    """The factor, at most 1, by which a size shrinks until its longer side fits.

    Args:
        size: both sides in pixels, in any order.
        longest: the most pixels along the longer side.

    Example:
        >>> downscale_factor((400, 200), 100), downscale_factor((40, 20), 100)
        (0.25, 1.0)
    """
    return min(1.0, longest / max(size))


def downscaled_size(size: tuple[int, int], longest: float) -> tuple[int, int]:
    """A size of the same shape whose longer side fits; no side is shorter than a pixel.

    Args:
        size: (width, height) in pixels, or (height, width).
        longest: the most pixels along the longer side.

    Returns:
        In the same order.

    Example:
        >>> downscaled_size((1000, 3), 100), downscaled_size((40, 20), 100)
        ((100, 1), (40, 20))
    """
    return _times(size, downscale_factor(size, longest))


def downscaled(pixels: Pixels, longest: float) -> Pixels:
    """A picture or a mask whose longer side fits, by averaging areas.

    Args:
        pixels: uint8 or float32, (h, w) or (h, w, c).
        longest: the most pixels along the longer side.

    Returns:
        The same dtype, (h', w') or (h', w', c); what fits already is returned as it is, not copied.
    """
    import cv2  # noqa: PLC0415  # sizes alone need none of it

    height, width = pixels.shape[:2]
    size = downscaled_size((width, height), longest)
    return pixels if size == (width, height) else cast("Pixels", cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))


def rescaled(pixels: Pixels, side: int) -> Pixels:
    """A picture whose longer side has exactly so many pixels: averaged areas down, bilinear up.

    Args:
        pixels: uint8 or float32, (h, w) or (h, w, c).
        side: of the result, in pixels.

    Returns:
        A new array of the same dtype, (h', w') or (h', w', c).
    """
    import cv2  # noqa: PLC0415

    height, width = pixels.shape[:2]
    factor = side / max(height, width)
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return cast("Pixels", cv2.resize(pixels, _times((width, height), factor), interpolation=how))


def _times(size: tuple[int, int], factor: float) -> tuple[int, int]:
    across, down = (max(1, round(each * factor)) for each in size)
    return across, down
