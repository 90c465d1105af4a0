"""Maps that know nothing of the network: what an explanation has to beat."""

from __future__ import annotations

import cv2
import numpy as np

from packshot.explanation.scorer import Heat, small
from packshot.values import Rgb

__all__ = ["centre_map", "edge_map", "random_map"]


def centre_map(rgb: Rgb) -> Heat:
    """A blob in the middle: products mostly are there. float32 (h', w') in 0..1."""
    height, width = small(rgb).shape[:2]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    return np.asarray(np.exp(-(x**2 + y**2)), np.float32)


def edge_map(rgb: Rgb) -> Heat:
    """Where brightness changes, smoothed a little: many gradient methods find no more. float32 (h', w')."""
    grey = cv2.cvtColor(small(rgb), cv2.COLOR_RGB2GRAY).astype(np.float32)
    steep = cv2.magnitude(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    return np.asarray(cv2.GaussianBlur(steep, (0, 0), 3), np.float32)


def random_map(rgb: Rgb, *, seed: int = 0) -> Heat:
    """Smooth noise, the same for a photo at each call. float32 (h', w') in 0..1."""
    height, width = small(rgb).shape[:2]
    noise = np.random.default_rng(seed).random((9, 9)).astype(np.float32)
    return np.asarray(cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC).clip(0, 1), np.float32)
