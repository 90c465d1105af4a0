"""GrabCut without a user: the classical cut-out that needs no network."""

from __future__ import annotations

import cv2
import numpy as np

from packshot.cutout.matte import levels, upsample
from packshot.cutout.uncertainty import require_subject, uncertainty
from packshot.runtime.preprocessing import resize
from packshot.values import Alpha, Mask, Photo, Rgb

__all__ = ["grabcut"]

_SIDE = 200  # longest side of the picture that is cut, in pixels
_ITERATIONS = 2
_INSETS = (0.02, 0.06, 0.12)  # shares of the side outside which everything is taken for background


def grabcut(photo: Photo) -> Mask:
    """Cut out whatever differs from the picture's rim (Rother et al. 2004, with a box inset from the border).

    The box is a guess, so three are tried: where they agree the mask is sure, where they do not it is soft,
    and the disagreement is the uncertainty. The same photo always gives the same mask.

    Args:
        photo: to cut.

    Raises:
        NothingToCutOut: nothing differs from the rim, or the three masks have little in common.
    """
    scale = min(1.0, _SIDE / max(photo.width, photo.height))
    small = resize(photo.rgb, size=(max(1, round(photo.width * scale)), max(1, round(photo.height * scale))))
    votes = np.asarray(np.mean([_cut(small, inset=inset) for inset in _INSETS], axis=0), np.float32)
    doubt = uncertainty(votes)
    alpha = levels(upsample(votes, photo.rgb))
    require_subject(alpha, doubt=doubt, source=photo.source)
    return Mask(alpha=alpha, uncertainty=doubt, model="grabcut")


def _cut(rgb: Rgb, *, inset: float) -> Alpha:
    """One GrabCut: float32 (h, w), 0 or 1."""
    height, width = rgb.shape[:2]
    left, top = max(1, round(width * inset)), max(1, round(height * inset))
    if width - 2 * left < 2 or height - 2 * top < 2 or rgb.std() < 1:
        return np.zeros((height, width), np.float32)
    cv2.setRNGSeed(0)  # its mixture models start from random cluster centres
    mask = np.zeros((height, width), np.uint8)
    rect = (left, top, width - 2 * left, height - 2 * top)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(rgb, mask, rect, *models, _ITERATIONS, cv2.GC_INIT_WITH_RECT)
    return np.asarray((mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD), np.float32)
