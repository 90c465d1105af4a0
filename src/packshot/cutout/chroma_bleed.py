"""The old background's colour that a photo's file spread over the product's rim, taken out again."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.cutout.sampling import sample
from packshot.values import Alpha, Rgb

__all__ = ["without_bleed"]

Bits = NDArray[np.uint8]
Floats = NDArray[np.float32]

# A JPEG keeps colour, not brightness, at half the resolution: it runs over an edge by up to three pixels.
_DEEP = 3  # pixels within the outline: from here on the product's colour is its own
_AWAY = 2  # pixels outside of it: the same of the background
_REACHES = (4, 12)  # half the windows' sides in pixels: colours around a place, and where too few are known
_FEW = 0.02  # of a window
_WORK_PIXELS = 40_000  # colours around a place are smooth: no grid is finer than this
_APART = 4.0  # of 255: colours nearer to each other than this are one
_LEAST = 0.02  # of alpha: what is clearer is not seen
# From R, G and B to Cr and Cb around 0, as OpenCV has them.
_TO_CHROMA = np.array([[0.5, -0.4187, -0.0813], [-0.1687, -0.3313, 0.5]], np.float32)


def without_bleed(colours: Rgb, rgb: Rgb, alpha: Alpha) -> Rgb:
    """Take the background's colour out of the product's rim; brightness, which files keep sharp, stays.

    Most photos' files hold colour at half the resolution of brightness (chroma subsampling, 4:2:0), so a white shirt
    on red cloth has a pink line within its outline, whatever the mask. Along the outline a pixel's chroma is
    seen as a mix of the product's a little further in and the background's beside it; the background's part is taken
    out, less what the product's own chroma varies by in that direction.

    Args:
        colours: uint8 (h, w, 3), the product's colours; changed in place.
        rgb: uint8 (h, w, 3), the photo.
        alpha: float32 (h, w) in 0..1.

    Returns:
        `colours`.
    """
    chosen = (alpha >= 0.5).view(np.uint8)
    deep = _grown(chosen, -_DEEP)
    rim = ((alpha > _LEAST) & (deep == 0)).view(np.uint8)
    x, y, width, height = cv2.boundingRect(rim)
    if not width:
        return colours
    pad = 2 * _REACHES[0]
    box = slice(max(0, y - pad), y + height + pad), slice(max(0, x - pad), x + width + pad)
    fields = *_chroma_around(colours[box], deep[box]), _chroma_around(rgb[box], 1 - _grown(chosen[box], _AWAY))[0]
    at = np.nonzero(rim[box])
    own, squares, beside = (sample(field, at, rim[box].shape) for field in fields)
    places = at[0] + box[0].start, at[1] + box[1].start
    pixels = np.asarray(cv2.cvtColor(colours[places][None], cv2.COLOR_RGB2YCrCb)[0], np.float32)
    way = beside[:, :2] - own[:, :2]
    part = _background_part(pixels[:, 1:] - 128, own[:, :2], way, squares)
    part[np.minimum(own[:, 2], beside[:, 2]) < 1] = 0  # not known
    pixels[:, 1:] -= part[:, None] * way
    clean = cv2.cvtColor(np.clip(np.rint(pixels), 0, 255).astype(np.uint8)[None], cv2.COLOR_YCrCb2RGB)[0]
    colours[places] = np.where(part[:, None] > 0, clean, colours[places])
    return colours


def _background_part(chroma: Floats, own: Floats, way: Floats, squares: Floats) -> Floats:
    """The background's share in pixels' chroma, float32 (n,) in 0..1.

    Args:
        chroma: float32 (n, 2), of the pixels.
        own: float32 (n, 2), the product's around each.
        way: float32 (n, 2), from there to the background's.
        squares: float32 (n, 3), means of the product's cr^2, cb^2 and cr * cb around each.
    """
    length = np.maximum((way * way).sum(axis=1), _APART**2)
    # How far the product's own chroma varies along the way: its covariance, from the mean squares.
    red, blue, both = (squares - np.stack([own[:, 0] ** 2, own[:, 1] ** 2, own[:, 0] * own[:, 1]], axis=1)).T
    varies = red * way[:, 0] ** 2 + blue * way[:, 1] ** 2 + 2 * both * way[:, 0] * way[:, 1]
    leans = ((chroma - own) * way).sum(axis=1) - np.sqrt(np.maximum(varies, 0))
    return np.asarray(np.clip(leans / length, 0, 1), np.float32)


def _chroma_around(picture: Rgb, where: Bits) -> tuple[Floats, Floats]:
    """Chroma around each place of a grid, of the pixels that count (1 in `where`).

    Returns:
        The means of cr and cb, and 1 where they are known, else 0: float32 (h', w', 3); and the means of cr^2, cb^2
        and cr * cb, the same shape.
    """
    factor = min(1.0, math.sqrt(_WORK_PIXELS / where.size))
    size = max(1, round(where.shape[1] * factor)), max(1, round(where.shape[0] * factor))
    counted = cv2.resize(cv2.copyTo(picture, where), size, interpolation=cv2.INTER_AREA)
    share = cv2.resize(where * np.uint8(255), size, interpolation=cv2.INTER_AREA) * np.float32(1 / 255)
    # Chroma is linear in the colours: of a sum it is the sum.
    cr, cb = cv2.split(cv2.transform(counted.astype(np.float32), _TO_CHROMA))
    fields = cv2.merge([cr, cb, share]), cv2.merge([cr * cr, cb * cb, cr * cb]) / np.maximum(share, 1 / 255)[..., None]
    first, second = (np.zeros_like(field) for field in fields)
    for reach in reversed(_REACHES):
        side = 2 * max(1, round(reach * factor)) + 1
        near, squares = (cv2.blur(field, (side, side)) for field in fields)
        enough = near[..., 2:] > _FEW
        first, second = np.where(enough, near, first), np.where(enough, squares, second)
    total = np.maximum(first[..., 2:], np.float32(1e-6))
    known = (first[..., 2:] > 0).astype(np.float32)
    means = np.concatenate([first[..., :2] / total, known], axis=-1)
    return np.asarray(means, np.float32), np.asarray(second / total, np.float32)


def _grown(chosen: Bits, pixels: int) -> Bits:
    """Wider, or, where `pixels` is negative, narrower; what the picture's border cuts off goes on beyond it."""
    side = 2 * abs(pixels) + 1
    window = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return np.asarray(cv2.dilate(chosen, window) if pixels > 0 else cv2.erode(chosen, window), np.uint8)
