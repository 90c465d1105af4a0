"""How much a map changes when the photo hardly does.

Yeh, Hsieh, Suggala, Inouye and Ravikumar 2019 (On the (in)fidelity and sensitivity of explanations, section 4): the
greatest change of the map over small disturbances of the photo. Deviation: two disturbances are drawn where the authors
maximise over ten, since some maps cost seconds; so the figure is a lower bound.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from packshot.explanation.scorer import Heat, small
from packshot.values import Rgb

__all__ = ["sensitivity"]

#: Of the range of brightness: the radius that the authors and captum take.
RADIUS = 0.02


def sensitivity(maps: Callable[[Rgb], Heat], rgb: Rgb, heat: Heat, *, draws: int = 2, seed: int = 0) -> float:
    """The greatest relative change of a map under noise that nobody sees: 0 for a map that stays, less is better.

    Args:
        maps: from a photo to its map.
        rgb: uint8 (h, w, 3).
        heat: the map of the photo itself.
        draws: of the noise, uniform within 2 % of the range of brightness.
        seed: of the noise.

    Returns:
        The norm of the difference over the norm of the map; nan for a map of zeros.
    """
    whole = float(np.linalg.norm(heat))
    if whole == 0:
        return float("nan")
    rng = np.random.default_rng(seed)
    rows, columns = small(rgb).shape[:2]
    found = 0.0
    for _ in range(draws):
        # At the size that networks see about: noise of single pixels of a large photo is averaged away.
        noise = rng.uniform(-RADIUS * 255, RADIUS * 255, (rows, columns, 3)).astype(np.float32)
        large = cv2.resize(noise, (rgb.shape[1], rgb.shape[0]), interpolation=cv2.INTER_NEAREST)
        disturbed = np.asarray(np.rint(np.clip(rgb + large, 0, 255)), np.uint8)
        found = max(found, float(np.linalg.norm(maps(disturbed) - heat)) / whole)
    return found
