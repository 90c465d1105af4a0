"""Background that is seen through the product: between spokes and strings, in handles, beneath a chair's seat.

A network sees 352 pixels and has learnt from masks that fill such parts. Where the background is smooth its colours are
known from around the product, and a part that has them, is enclosed, and differs from what encloses it, is background.
`packshot.cutout.plain_background` does it where all of the background is plain; here a smooth neighbourhood is enough.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.values import Alpha, AnyArray, Rgb

__all__ = ["Part", "find_parts", "open_parts", "smooth_lab"]

Bools = NDArray[np.bool_]
Floats = NDArray[np.float32]

_WINDOW = np.ones((3, 3), np.uint8)
_NOT, _SURE = 0.1, 0.5  # below the first a pixel is background, above the second it is product
_SCALES = (15.0, 6.0, 2.5)  # standard deviations of the neighbourhood, in pixels of a copy four times smaller
_KNOWN = 0.15  # of a neighbourhood: from this share of background on, its own colours count
_LEAST_BACKGROUND = 0.03  # of the picture
_ALIKE, _PER_NOISE = 2.5, 1.5  # CIELAB, the mean over channels; and of the background's own deviation
_LEAST = 12  # pixels of a part

# A logistic regression on exact opacities, `benchmarks/seen_through.py --fit`.
_WEIGHTS = {"away": -1.71, "deviation": 1.38, "said": -1.03, "contrast": 1.12, "enclosed": 3.74, "share": -0.37}
_BIAS = -1.48
_OPENS = 0.85  # the chance from which on a part is opened
_FIRM = 0.9  # the network is sure of a part: white and black ones stay closed then
_WHITE, _BLACK, _CHROMA = 92.0, 9.0, 6.0  # CIELAB: lightness from and up to which, and how far from grey
_MOST = 0.4  # of the product: more is no hole, but a product that has the background's colours
_OPEN = 0.02  # what an opened pixel's probability becomes at most


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A connected part of the product that has the colours of the background around it.

    Attributes:
        box: rows and columns around it, with a margin.
        inside: bool, the part within the box.
        away: how far its colours are from the background's, CIELAB, the mean over channels.
        deviation: of the background's own colours around it, the same.
        said: the network's mean probability that it is product, 0..1.
        contrast: how many times as far from the background's colours is what surrounds it within the product.
        enclosed: share of its rim that is product, 0..1.
        share: of the product's area that has the background's colours, all such parts together.
        extreme: white or black, which labels, highlights and dark parts are as well.
    """

    box: tuple[slice[int, int, None], slice[int, int, None]]
    inside: Bools
    away: float
    deviation: float
    said: float
    contrast: float
    enclosed: float
    share: float
    extreme: bool

    @property
    def figures(self) -> dict[str, float]:
        """What the rule reads, on scales on which it is about linear."""
        said = min(max(self.said, 0.5), 0.9995)
        return {
            "away": math.log(self.away + 0.5),
            "deviation": math.log(self.deviation + 0.5),
            "said": math.log(said / (1 - said)),
            "contrast": math.log(self.contrast + 0.1),
            "enclosed": self.enclosed,
            "share": math.log(self.share + 0.02),
        }

    @property
    def chance(self) -> float:
        """That it is background, 0..1."""
        odds = _BIAS + sum(_WEIGHTS[name] * value for name, value in self.figures.items())
        return 1 / (1 + math.exp(-min(max(odds, -30.0), 30.0)))

    @property
    def opens(self) -> bool:
        """Whether it is taken out of the product."""
        return self.chance >= _OPENS and not (self.extreme and self.said >= _FIRM)


def open_parts(probability: Alpha, rgb: Rgb) -> Alpha:
    """A network's probability without the parts that are background seen through the product.

    Args:
        probability: float32 (h, w) in 0..1.
        rgb: uint8 (h, w, 3), the photo at that size.

    Returns:
        float32 (h, w); `probability` itself where nothing is opened.
    """
    found = [part for part in find_parts(probability, rgb) if part.opens]
    area = sum(int(np.count_nonzero(part.inside)) for part in found)
    if not area or area > _MOST * np.count_nonzero(probability > _SURE):
        return probability
    opened = probability.copy()
    for part in found:
        there = cv2.dilate(part.inside.view(np.uint8), _WINDOW) > 0
        np.minimum(opened[part.box], _OPEN, out=opened[part.box], where=there)
    return opened


def find_parts(probability: Alpha, rgb: Rgb) -> list[Part]:
    """All parts of the product that have the colours of the background around them, whatever they are.

    Args:
        probability: float32 (h, w) in 0..1, that a pixel is product.
        rgb: uint8 (h, w, 3), the photo at that size.

    Returns:
        None of fewer than 12 pixels, or of a product without background or without other pixels around the part.
    """
    inside = probability > _SURE
    background = cv2.erode((probability < _NOT).view(np.uint8), _WINDOW, iterations=2) > 0
    if not inside.any() or np.count_nonzero(background) < _LEAST_BACKGROUND * background.size:
        return []
    lab = smooth_lab(rgb)
    colours, deviation = _surroundings(lab, background)
    away = _length(cv2.subtract(lab, colours))
    alike = inside & (away < _ALIKE + _PER_NOISE * deviation)
    parts = cv2.morphologyEx(alike.view(np.uint8), cv2.MORPH_OPEN, _WINDOW)
    share = np.count_nonzero(parts) / np.count_nonzero(inside)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(parts, connectivity=4)
    found = []
    for number in range(1, count):
        x, y, width, height, area = stats[number]
        if area < _LEAST:
            continue
        box = slice(max(0, y - 4), y + height + 4), slice(max(0, x - 4), x + width + 4)
        mine, product = labels[box] == number, inside[box]
        near = cv2.dilate(mine.view(np.uint8), _WINDOW)
        ring = (cv2.dilate(near, _WINDOW, iterations=2) > near) & product
        if np.count_nonzero(ring) < 5:
            continue
        rim = (near > 0) & ~mine
        own = float(away[box][mine].mean())
        lightness, *chroma = lab[box][mine].mean(axis=0)
        found.append(
            Part(
                box=box,
                inside=mine,
                away=own,
                deviation=float(deviation[box][mine].mean()),
                said=float(probability[box][mine].mean()),
                contrast=float(np.median(away[box][ring])) / max(own, 0.5),
                enclosed=float(product[rim].mean()),
                share=share,
                extreme=bool(not _BLACK < lightness < _WHITE and max(map(abs, chroma)) < _CHROMA),
            )
        )
    return found


def smooth_lab(rgb: Rgb) -> Floats:
    """A photo in CIELAB, smoothed by less than a pixel against a file's noise: float32 (h, w, 3)."""
    return np.asarray(
        cv2.GaussianBlur(cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), (0, 0), 0.7), np.float32
    )


def _surroundings(lab: AnyArray, known: Bools) -> tuple[Floats, Floats]:
    """Mean colour and deviation of what is known around each pixel, from as near as enough of it is.

    Args:
        lab: float32 (h, w, 3).
        known: bool (h, w), the background.

    Returns:
        float32 (h, w, 3), and (h, w), the mean over channels.
    """
    height, width = known.shape
    size = max(1, width // 4), max(1, height // 4)
    there = known.astype(np.float32)
    own = cv2.multiply(lab, cv2.merge([there] * 3))
    fields = (there, own, cv2.multiply(own, own))
    share, total, squares = (cv2.resize(field, size, interpolation=cv2.INTER_AREA) for field in fields)
    mean = spread = np.zeros((*share.shape, 3), np.float32)
    for scale in _SCALES:
        weight = cv2.GaussianBlur(share, (0, 0), scale) + 1e-6
        here = cv2.GaussianBlur(total, (0, 0), scale) / weight[..., None]
        varies = np.maximum(cv2.GaussianBlur(squares, (0, 0), scale) / weight[..., None] - here * here, 0)
        # The widest neighbourhood is taken as it is, narrower ones where enough of them is known.
        nearer = np.float32(1) if scale == _SCALES[0] else np.clip(weight / _KNOWN, 0, 1)[..., None]
        mean, spread = mean + nearer * (here - mean), spread + nearer * (varies - spread)
    colours = np.asarray(cv2.resize(mean, (width, height)), np.float32)
    return colours, np.asarray(cv2.sqrt(cv2.resize(_over_channels(spread), (width, height))), np.float32)


def _length(difference: AnyArray) -> Floats:
    return np.asarray(cv2.sqrt(_over_channels(cv2.multiply(difference, difference))), np.float32)


def _over_channels(field: AnyArray) -> Floats:
    """The mean: float32 (h, w) of (h, w, 3)."""
    return np.asarray(cv2.transform(field, np.full((1, 3), 1 / 3, np.float32)), np.float32)
