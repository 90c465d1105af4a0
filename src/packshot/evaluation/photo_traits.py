"""What makes a photo easy or hard to cut out: the background's lightness, the product's contrast to it, its size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from packshot.evaluation.confidence import bootstrap_interval
from packshot.evaluation.scoring import Figure
from packshot.resizing import downscaled
from packshot.values import Alpha, Rgb

__all__ = ["PhotoTraits", "TraitScore", "photo_traits", "score_by_trait"]

_SIDE = 256  # pixels of the longer side; a mean colour needs no more
#: Upper ends of the groups but the last: fixed, so that sets can be compared.
_EDGES = {"background_lightness": (0.35, 0.75), "contrast": (0.15, 0.40), "size": (0.10, 0.40)}
_WORDS = {
    "background_lightness": ("dark background", "middling background", "light background"),
    "contrast": ("product like its background", "some contrast", "product stands out"),
    "size": ("small product", "medium product", "large product"),
}


@dataclass(frozen=True, slots=True)
class PhotoTraits:
    """Measured by the true mask.

    Attributes:
        background_lightness: mean CIELAB lightness outside of the product, 0 (black) .. 1 (white).
        contrast: distance of the mean CIELAB colours of product and background, in hundreds; 0 for the same colour.
        size: share of the picture that is product, 0..1.
    """

    background_lightness: float
    contrast: float
    size: float


@dataclass(frozen=True, slots=True)
class TraitScore:
    """The photos of one group.

    Attributes:
        trait: ``background_lightness``, ``contrast`` or ``size``.
        group: in words.
        low: of the trait, from here on.
        high: up to here; None for the last group.
        photos: how many.
        iou: their mean, with its 95 % interval; None without a photo.
    """

    trait: str
    group: str
    low: float
    high: float | None
    photos: int
    iou: Figure | None


def photo_traits(rgb: Rgb, alpha: Alpha) -> PhotoTraits | None:
    """Measure a photo; None where it is all product, or all background.

    Args:
        rgb: uint8 (h, w, 3).
        alpha: float32 (h, w), the true mask.

    Example:
        >>> rgb = np.zeros((10, 10, 3), np.uint8)
        >>> rgb[:, 5:] = 255
        >>> alpha = np.zeros((10, 10), np.float32)
        >>> alpha[:, :5] = 1
        >>> photo_traits(rgb, alpha)
        PhotoTraits(background_lightness=1.0, contrast=1.0, size=0.5)
    """
    small = downscaled(rgb, _SIDE).astype(np.float32) / 255
    inside = downscaled(alpha, _SIDE) >= 0.5
    if inside.all() or not inside.any():
        return None
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB)
    product, background = lab[inside].mean(axis=0, dtype=np.float64), lab[~inside].mean(axis=0, dtype=np.float64)
    return PhotoTraits(
        background_lightness=round(float(background[0]) / 100, 4),
        contrast=round(float(np.linalg.norm(product - background)) / 100, 4),
        size=round(float((alpha >= 0.5).mean()), 4),
    )


def score_by_trait(photos: Sequence[tuple[PhotoTraits, float]]) -> list[TraitScore]:
    """Mean IoU of the photos in each group of each trait; nine rows.

    Args:
        photos: traits and IoU of each.
    """
    rows = []
    for trait, edges in _EDGES.items():
        values = np.array([getattr(traits, trait) for traits, _ in photos], np.float64)
        scores = np.array([iou for _, iou in photos], np.float64)
        ends = (0.0, *edges, None)
        for place, words in enumerate(_WORDS[trait]):
            low, high = float(ends[place] or 0.0), ends[place + 1]
            mine = scores[(values >= low) & (values < (np.inf if high is None else high))]
            iou = Figure(float(mine.mean()), *bootstrap_interval(mine)) if mine.size else None
            rows.append(TraitScore(trait, words, low, high, int(mine.size), iou))
    return rows
