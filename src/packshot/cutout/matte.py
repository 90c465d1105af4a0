"""From a small alpha to a soft one at the photo's own size, with its edges on the photo's edges."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.cutout.levels import LEVELS, levels
from packshot.cutout.texture import without_texture
from packshot.runtime.preprocessing import resize
from packshot.values import Alpha, AnyArray, Rgb

__all__ = ["EPSILON", "RADIUS", "enlarge", "enlarge_finely", "levels", "upsample", "without_haze"]

Floats = NDArray[np.float32]

#: Half the window's side in pixels of the small alpha; chosen in docs/decisions/0006-matte-upsampling.md.
RADIUS = 4
#: Colour variance (0..1 scale, squared) below which a window counts as flat.
EPSILON = 1e-3
# Of the second fit, in pixels of the photo and as above; chosen in docs/decisions/0025-edges.md.
_FINE_RADIUS, _FINE_EPSILON = 6, 1e-4
_ROWS = 32  # of the photo at a time: what is calculated of them stays in the processor's cache


def upsample(
    alpha: Alpha,
    rgb: Rgb,
    *,
    radius: int = RADIUS,
    epsilon: float = EPSILON,
    scale: int = 1,
    settled: tuple[float, float] = (0.0, 1.0),
    guide: Rgb | None = None,
) -> Alpha:
    """Enlarge a small alpha along the edges of the photo: the fast guided filter with a colour guide.

    In each window of a small grid the alpha is fitted as a linear function of the photo's colour; the
    functions' coefficients, which are smooth, are enlarged and applied to the full-size colours. The result
    is bounded by the small alpha's own range around each pixel, so that it neither overshoots nor takes
    texture from the photo where the small alpha is flat. (He & Sun 2015, "Fast Guided Filter", with the
    colour guide of He et al. 2013, equation 19; the bound is ours.)

    Args:
        alpha: float32 (h', w') in 0..1, any size.
        rgb: uint8 (h, w, 3), the photo.
        radius: half the window's side, in pixels of the small alpha.
        epsilon: regularisation; larger smooths more.
        scale: the grid is so many times as fine as the small alpha, but never finer than the photo; the windows keep
            their size.
        settled: where the small alpha and all beside it lie at or below the first value, or at or above the second,
            nothing need be fitted: for callers to whom all such values are one (`levels`).
        guide: uint8 (h', w', 3), the photo at the alpha's size, where the caller has it.

    Returns:
        float32 (h, w) in 0..1. With a scale of 1, an alpha at least as large as the photo is only resized.
    """
    height, width = rgb.shape[:2]
    if scale == 1 and alpha.shape[0] >= height and alpha.shape[1] >= width:
        return resize(alpha, size=(width, height))
    finer = min(width, scale * alpha.shape[1]), min(height, scale * alpha.shape[0])
    grid = alpha.shape[::-1] if scale == 1 else finer
    if guide is None or guide.shape[:2] != grid[::-1]:
        guide = rgb if grid == (width, height) else resize(rgb, size=grid)
    window = np.ones((3, 3), np.uint8)
    low, high = cv2.erode(alpha, window), cv2.dilate(alpha, window)
    undecided = resize(((high > settled[0]) & (low < settled[1])).astype(np.float32), size=grid) > 0
    slope, offset = _fit_within(undecided, resize(alpha, size=grid), guide, radius=radius * scale, epsilon=epsilon)
    slope, offset, low, high = (_enlarge(field, width, height) for field in (slope, offset, low, high))
    full = np.empty((height, width), np.float32)
    to_sum = np.full((1, 3), 1 / 255, np.float32)
    for top in range(0, height, _ROWS):
        rows = slice(top, top + _ROWS)
        products = rgb[rows].astype(np.float32)
        cv2.multiply(slope[rows], products, dst=products)
        fitted = cv2.add(cv2.transform(products, to_sum), offset[rows])
        cv2.min(cv2.max(fitted, low[rows]), high[rows], dst=full[rows])
    return full


def enlarge(small: Alpha, rgb: Rgb, guide: Rgb | None = None) -> Alpha:
    """A network's alpha at the photo's size, as ``--matte fast`` makes it: `upsample`, `levels`, `without_texture`.

    A photo that is no larger than the alpha is fitted at its own size, with windows twice as wide; a larger one on the
    small alpha's grid, which is what time allows.

    Args:
        small: float32 (h', w') in 0..1, any size.
        rgb: uint8 (h, w, 3), the photo.
        guide: uint8 (h', w', 3), the photo at the small alpha's size, where the caller has it.

    Returns:
        float32 (h, w) in 0..1.
    """
    covered = small.shape[0] >= rgb.shape[0] and small.shape[1] >= rgb.shape[1]
    fitted = levels(upsample(small, rgb, scale=2 if covered else 1, settled=LEVELS, guide=guide))
    return without_texture(fitted, small, rgb)


def enlarge_finely(small: Alpha, rgb: Rgb, guide: Rgb | None = None) -> Alpha:
    """The same as ``--matte fine`` makes it: fitted on a grid twice as fine, and once more at the photo's own size.

    Only the box of the undecided pixels is fitted, widened by the window; what is settled there may move.

    Args:
        small: float32 (h', w') in 0..1, any size.
        rgb: uint8 (h, w, 3), the photo.
        guide: not looked at: the photo itself is finer. Here so that both can be called alike.

    Returns:
        float32 (h, w) in 0..1.
    """
    alpha = levels(upsample(small, rgb, scale=2, settled=LEVELS))
    x, y, width, height = cv2.boundingRect(((alpha > 0) & (alpha < 1)).astype(np.uint8))
    if not width:
        return alpha
    reach = 2 * _FINE_RADIUS + 1
    box = slice(max(0, y - reach), y + height + reach), slice(max(0, x - reach), x + width + reach)
    slope, offset = _linear_fit(alpha[box], rgb[box], radius=_FINE_RADIUS, epsilon=_FINE_EPSILON)
    fitted = cv2.multiply(slope, rgb[box], dtype=cv2.CV_32F)
    fitted = cv2.transform(fitted, np.full((1, 3), 1 / 255, np.float32)) + offset
    alpha = alpha.copy()
    alpha[box] = levels(fitted)
    return without_texture(alpha, small, rgb)


def without_haze(alpha: Alpha, *, low: float = 0.1, core: float = 0.5, least: float = 0.01) -> Alpha:
    """Drop islands of doubt: those without a sure pixel, and those that are specks beside the largest.

    Args:
        alpha: float32 (h, w) in 0..1.
        low: what lies below belongs to no island.
        core: a pixel this sure is more product than background.
        least: of the largest island's sure pixels, the share that another one needs to stay.

    Returns:
        float32 (h, w): `alpha` with the islands set to 0.
    """
    count, islands = cv2.connectedComponents((alpha > low).astype(np.uint8), connectivity=8)
    sure = np.bincount(islands[alpha >= core], minlength=count)
    keeps = (sure > 0) & (sure >= least * sure.max())
    return np.where(keeps[islands], alpha, np.float32(0))


def _enlarge(field: AnyArray, width: int, height: int) -> Floats:
    """Bilinear resize of a smooth field, whichever way the size changes: float32 (h, w[, c])."""
    return np.asarray(cv2.resize(field, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _fit_within(
    marked: NDArray[np.bool_], alpha: Alpha, guide: Rgb, *, radius: int, epsilon: float
) -> tuple[Floats, Floats]:
    """`_linear_fit` in the box of what is marked, 0 elsewhere: float32 (h, w, 3) and (h, w)."""
    slope, offset = np.zeros(guide.shape, np.float32), np.zeros(alpha.shape, np.float32)
    x, y, width, height = cv2.boundingRect(marked.view(np.uint8))
    if width:
        reach = 2 * radius + 2  # a window around a window, and what bilinear enlargement looks at beside it
        box = slice(max(0, y - reach), y + height + reach), slice(max(0, x - reach), x + width + reach)
        slope[box], offset[box] = _linear_fit(alpha[box], guide[box], radius=radius, epsilon=epsilon)
    return slope, offset


def _linear_fit(alpha: Alpha, guide: Rgb, *, radius: int, epsilon: float) -> tuple[Floats, Floats]:
    """``alpha = slope . colour + offset``, averaged over each window: float32 (h, w, 3) and (h, w)."""
    side = (2 * radius + 1, 2 * radius + 1)

    def mean(field: AnyArray) -> Floats:
        return np.asarray(cv2.boxFilter(field, -1, side), np.float32)

    colour = guide.astype(np.float32) * np.float32(1 / 255)
    r, g, b = cv2.split(colour)
    mean_r, mean_g, mean_b = (mean(channel) for channel in (r, g, b))
    mean_alpha = mean(alpha)
    # The symmetric 3x3 covariance of the colours in each window, and its inverse by cofactors.
    rr = mean(r * r) - mean_r * mean_r + epsilon
    rg = mean(r * g) - mean_r * mean_g
    rb = mean(r * b) - mean_r * mean_b
    gg = mean(g * g) - mean_g * mean_g + epsilon
    gb = mean(g * b) - mean_g * mean_b
    bb = mean(b * b) - mean_b * mean_b + epsilon
    inv_rr, inv_rg, inv_rb = gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb
    inv_gg, inv_gb, inv_bb = rr * bb - rb * rb, rb * rg - rr * gb, rr * gg - rg * rg
    cov_r = mean(r * alpha) - mean_r * mean_alpha
    cov_g = mean(g * alpha) - mean_g * mean_alpha
    cov_b = mean(b * alpha) - mean_b * mean_alpha
    scale = np.float32(1.0) / (rr * inv_rr + rg * inv_rg + rb * inv_rb)
    slope_r = (inv_rr * cov_r + inv_rg * cov_g + inv_rb * cov_b) * scale
    slope_g = (inv_rg * cov_r + inv_gg * cov_g + inv_gb * cov_b) * scale
    slope_b = (inv_rb * cov_r + inv_gb * cov_g + inv_bb * cov_b) * scale
    offset = mean_alpha - slope_r * mean_r - slope_g * mean_g - slope_b * mean_b
    return mean(cv2.merge((slope_r, slope_g, slope_b))), mean(offset)
