"""The mask of a product on a plain background: by colour where that is sure, by the network where it is not."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from packshot.cutout.matte import levels, upsample, without_haze
from packshot.cutout.plain_background.matting import edge_alpha
from packshot.cutout.plain_background.recognition import recognise, reduced
from packshot.cutout.plain_background.regions import Regions, find_regions
from packshot.cutout.plain_background.shadow import photographed_shadow
from packshot.cutout.uncertainty import uncertainty
from packshot.values import Alpha, Rgb

__all__ = ["OnPlainBackground", "plain_background"]

_SIDE = 512  # pixels, the longer side of the copy in which regions are told apart
_EDGE = 9  # pixels: an outline that is off by less is no contradiction
_DOUBT = 0.5  # of a contradiction: either side may be right
_FAINT_DOUBT = 0.15  # of the share of the product that is of the background's colour
_MOST_DOUBT = 0.3  # a contradiction goes to review, it is not refused


@dataclass(frozen=True, slots=True, eq=False)
class OnPlainBackground:
    """What a plain background says about the product on it.

    Attributes:
        alpha: float32 (h, w) in 0..1, the photo's size, without the shadow.
        shadow: float32 (h, w), 0 none .. 1 black: how much the photographed shadow darkens the background; None if
            there is none.
        uncertainty: 0 (sure) .. 1 (hopeless).
        contradiction: share of the product, as either sees it, that the background's colour and the network firmly
            disagree about, 0..1.
    """

    alpha: Alpha
    shadow: Alpha | None
    uncertainty: float
    contradiction: float


def plain_background(rgb: Rgb, probability: Alpha) -> OnPlainBackground | None:
    """Cut a product out of a plain background.

    Args:
        rgb: uint8 (h, w, 3), the photo.
        probability: float32 (h', w') in 0..1, of any segmentation network.

    Returns:
        The mask; None if the background is not plain.
    """
    small = reduced(rgb, _SIDE)
    found = recognise(small)
    if found is None:
        return None
    height, width = small.shape[:2]
    background = found.surface.colours(height, width)
    says = np.asarray(cv2.resize(probability, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
    regions = find_regions(small, background, says, noise=found.noise)
    product = regions.product | regions.asked
    network = levels(upsample(without_haze(probability), small.astype(np.uint8)) if regions.asked.any() else says)
    alpha = edge_alpha(rgb, small, product, network, noise=found.noise)
    shadow = photographed_shadow(small, background, regions)
    if shadow is not None:
        size = rgb.shape[1], rgb.shape[0]
        shadow = np.asarray(cv2.resize(shadow, size, interpolation=cv2.INTER_LINEAR), np.float32)
    contradiction = _contradiction(regions, says)
    doubt = uncertainty(np.where(regions.asked, says, product).astype(np.float32))
    faint = int(np.count_nonzero(regions.asked)) / max(1, int(np.count_nonzero(product)))
    doubt = min(1.0, doubt + min(_MOST_DOUBT, _DOUBT * contradiction + _FAINT_DOUBT * faint))
    return OnPlainBackground(alpha=alpha, shadow=shadow, uncertainty=doubt, contradiction=contradiction)


def _contradiction(regions: Regions, says: Alpha) -> float:
    product = regions.product | regions.asked
    window = np.ones((_EDGE, _EDGE), np.uint8)
    core, rest = cv2.erode(product.view(np.uint8), window), cv2.dilate(product.view(np.uint8), window) == 0
    outside = rest & ~regions.opened  # of holes a network knows little, and their very colour speaks for them
    disputed = np.count_nonzero((core > 0) & (says < 0.2)) + np.count_nonzero(outside & (says > 0.8))
    either = np.count_nonzero(product | (says >= 0.5))
    return min(1.0, disputed / either) if either else 0.0
