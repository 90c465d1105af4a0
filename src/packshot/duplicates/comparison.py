"""Two pictures laid on each other and compared pixel by pixel, whatever light each was saved with."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.duplicates.fingerprint import Fingerprint

__all__ = ["Comparison", "compare"]

Floats = NDArray[np.float32]
Selection = NDArray[np.bool_]

_FEWEST = 120  # pixels in common: in fewer nothing can be told
_WINDOW = 9  # pixels of the side of the window in which structure is compared
_NOISE = 9.0  # L* squared: weaker structure counts as none
_SAME = 0.8  # structural similarity from which a place shows the same
_OTHER_COLOUR = 10.0  # distance in a* and b* of colours that nobody calls the same
_OTHER_TONE = 20.0  # distance in L* that is none of light, as the curve has taken that away: black and grey
_BLOWN_OUT, _BLACK = 250, 5  # levels: what was brighter or darker has been lost
_SMALL = 0.002  # of the common area: smaller patches are edges and noise
_DRAWN = 0.6  # structural similarity along the edge of a patch: below, something was laid over it
_SHOWN = 0.85  # of a product, by a cut-out: where it is less, it fades
_ON_THE_WAY = 12.0  # levels beside the line to white: more is another colour
_FIRM = 0.25  # of the product: where less of it does not fade, it is another light and no soft edge
_SOFT = 5  # pixels of the side of the window in which that share is estimated
_BADGE = 0.15  # of the common area: nobody lays a larger badge over a product


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two aligned pictures have in common; shares are of the area that both show.

    Where one of them stands on white background, that area is the product.

    Attributes:
        same: share that shows the same structure.
        structure: median structural similarity, -1..1: something laid over a copy hardly moves it, another moment does.
        recoloured: share that has the same edges and another colour.
        covered: share of the first picture (of its product, if it stands on white) that the other shows.
        covers: share of the second picture that the first shows.
        relit: the largest difference of the tone curve that was fitted, 0..1.
    """

    same: float
    structure: float
    recoloured: float
    covered: float
    covers: float
    relit: float


def compare(one: Fingerprint, other: Fingerprint, matrix: NDArray[np.float64]) -> Comparison | None:
    """Compare two thumbnails, the larger one scaled down to the other.

    Args:
        one: lies on the other as `matrix` says.
        other: the second picture.
        matrix: float64 (2, 3), from pixels of the first thumbnail to pixels of the other.

    Returns:
        None where they have too little in common.
    """
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    swapped = scale > 1
    if swapped:
        one, other, scale = other, one, 1 / scale
        matrix = np.asarray(cv2.invertAffineTransform(matrix), np.float64)
    height, width = other.thumbnail.shape[:2]
    laid, shown, background = _lay(one, matrix, scale, size=(width, height))
    area = shown & ~_beside_product(one, other, background)
    common = int(np.count_nonzero(area))
    if common < _FEWEST:
        return None
    below = np.asarray(cv2.GaussianBlur(other.thumbnail, (0, 0), 1.0), np.uint8)
    if one.on_white != other.on_white:
        area = _without_fading(area, *((laid, below) if one.on_white else (below, laid)))
    curve = _tone_curve(laid[area], below[area])
    first, second = _to_lab(curve[laid], laid, below)
    alike = _structure(first[..., 0], second[..., 0], area)
    colour = np.hypot(first[..., 1] - second[..., 1], first[..., 2] - second[..., 2])
    other_tone = np.abs(first[..., 0] - second[..., 0]) > _OTHER_TONE
    recoloured = _recoloured(((colour > _OTHER_COLOUR) | other_tone) & area, alike, area)
    covered = min(1.0, common / scale**2 / _extent(one))
    covers = min(1.0, common / _extent(other))
    if swapped:
        covered, covers = covers, covered
    return Comparison(
        same=float(np.mean(alike[area] > _SAME)),
        structure=float(np.median(alike[area])),
        recoloured=recoloured,
        covered=covered,
        covers=covers,
        relit=float(np.abs(curve - np.arange(256) / 255).max()),
    )


def _extent(one: Fingerprint) -> int:
    """Pixels of the thumbnail, of the product where it stands on white; 1 at least."""
    return max(int(np.count_nonzero(~one.background)), 1)


def _lay(
    one: Fingerprint, matrix: NDArray[np.float64], scale: float, *, size: tuple[int, int]
) -> tuple[NDArray[np.uint8], Selection, Selection]:
    """The first thumbnail, where it is, and where its background is, in the pixels of the other."""
    sharp = one.thumbnail
    if scale < 0.8:
        sharp = np.asarray(cv2.GaussianBlur(sharp, (0, 0), 0.5 / scale), np.uint8)
    laid = cv2.warpAffine(sharp, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    whole = np.full(one.thumbnail.shape[:2], 255, np.uint8)
    shown = cv2.warpAffine(whole, matrix, size) >= 250
    background = cv2.warpAffine(one.background.astype(np.uint8) * 255, matrix, size) > 127
    return np.asarray(cv2.GaussianBlur(laid, (0, 0), 1.0), np.uint8), shown, background


def _beside_product(one: Fingerprint, other: Fingerprint, background: Selection) -> Selection:
    """Where the product is not: on the background of both, or of the one that stands on white."""
    if one.on_white and other.on_white:
        return np.asarray(background & other.background)
    alone = background if one.on_white else other.background
    return np.asarray(cv2.dilate(alone.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)


def _without_fading(area: Selection, cut: NDArray[np.uint8], whole: NDArray[np.uint8]) -> Selection:
    """The part of the product that a cut-out shows firmly; all of it where that is too little to say so.

    A soft mask lets white through: such pixels lie on the line from the whole picture's to white.

    Args:
        area: where the product is.
        cut: uint8 (h, w, 3), the picture on white.
        whole: uint8 (h, w, 3), the other one.
    """
    ink, left = np.float32(255) - whole, np.float32(255) - cut
    window = (_SOFT, _SOFT)
    square = cv2.blur((ink * ink).sum(axis=2), window) + 1
    share = (cv2.blur((ink * left).sum(axis=2), window) / square)[..., None]
    beside = np.sqrt(np.maximum(cv2.blur(((left - share * ink) ** 2).sum(axis=2), window), 0) / 3)
    firm = area & ~((share[..., 0] < _SHOWN) & (beside < _ON_THE_WAY))
    enough = max(_FIRM * np.count_nonzero(area), _FEWEST)
    return firm if np.count_nonzero(firm) >= enough else area


def _tone_curve(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> Floats:
    """The curve, one for all channels, that brings the light of one picture to that of the other.

    A cubic fitted to the three channels of all pixels, four times, each time without the worst third: a curve for each
    channel would explain another colour away.

    Returns:
        float32 (256,), 0..1.
    """
    x, y = first.reshape(-1) / 255.0, second.reshape(-1) / 255.0
    step = max(1, len(x) // 12_000)
    x, y = x[::step], y[::step]
    terms = np.stack([np.ones_like(x), x, x**2, x**3], axis=1)
    kept = np.ones(len(x), bool)
    identity = np.array([0.0, 1.0, 0.0, 0.0])
    # Few levels in a picture do not tell what becomes of the others: there the curve stays near the diagonal.
    weight = np.diag([1e-4, 1e-4, 1e-3, 1e-3])
    found = identity
    for _ in range(4):
        chosen, wanted = terms[kept], y[kept]
        square = chosen.T @ chosen / len(chosen) + weight
        found = np.linalg.solve(square, chosen.T @ wanted / len(chosen) + weight @ identity)
        missed = np.abs(terms @ found - y)
        kept = missed <= max(float(np.quantile(missed, 2 / 3)), 0.01)
    levels = np.arange(256) / 255
    curve = found[0] + found[1] * levels + found[2] * levels**2 + found[3] * levels**3
    return np.asarray(np.clip(curve, 0, 1), np.float32)


def _to_lab(expected: Floats, laid: NDArray[np.uint8], below: NDArray[np.uint8]) -> tuple[Floats, Floats]:
    """Both pictures in CIE L*a*b*, where a clipped channel stands for whatever it may have been.

    Args:
        expected: float32 (h, w, 3) in 0..1, the first picture in the second one's light.
        laid: uint8 (h, w, 3), the first picture as it is.
        below: uint8 (h, w, 3), the second picture.

    Returns:
        Two arrays, float32 (h, w, 3).
    """
    second = below.astype(np.float32) / np.float32(255)
    brightest, darkest = np.maximum(expected, second), np.minimum(expected, second)
    first = np.where(laid >= _BLOWN_OUT, brightest, np.where(laid <= _BLACK, darkest, expected))
    second = np.where(below >= _BLOWN_OUT, brightest, np.where(below <= _BLACK, darkest, second))
    lab = [cv2.cvtColor(np.asarray(rgb, np.float32), cv2.COLOR_RGB2LAB) for rgb in (first, second)]
    return np.asarray(lab[0], np.float32), np.asarray(lab[1], np.float32)


def _structure(first: Floats, second: Floats, area: Selection) -> Floats:
    """The contrast and structure terms of the structural similarity index, within an area.

    Source: Z. Wang et al., "Image Quality Assessment: From Error Visibility to Structural Similarity" (2004).
    """
    inside = area.astype(np.float32)
    number = cv2.blur(inside, (_WINDOW, _WINDOW)) + 1e-6

    def mean(values: Floats) -> Floats:
        return np.asarray(cv2.blur(values * inside, (_WINDOW, _WINDOW)) / number, np.float32)

    one, other = mean(first), mean(second)
    spread = np.maximum(mean(first * first) - one * one, 0) + np.maximum(mean(second * second) - other * other, 0)
    return np.asarray((2 * (mean(first * second) - one * other) + _NOISE) / (spread + _NOISE), np.float32)


def _recoloured(patches: Selection, alike: Floats, area: Selection) -> float:
    """Share of the area in patches of another colour that are no badges: large, or with edges both pictures have."""
    total = int(np.count_nonzero(area))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(patches.astype(np.uint8), connectivity=4)
    found = 0
    kernel = np.ones((5, 5), np.uint8)
    for label in range(1, count):
        size = int(stats[label, cv2.CC_STAT_AREA])
        if size < max(_SMALL * total, 9):
            continue
        if size >= _BADGE * total:
            found += size
            continue
        patch = (labels == label).astype(np.uint8)
        edge = (cv2.dilate(patch, kernel) > 0) & (cv2.erode(patch, kernel) == 0) & area
        if float(np.mean(alike[edge])) >= _DRAWN:
            found += size
    return found / total
