"""Products drawn by formula, so that boxes and areas are known."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from packshot.values import Cutout, Mask

FRAME = (300, 240)  # height, width


def cutout_of(rgb: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> Cutout:
    """A cut-out from uint8 (h, w, 3) and uint8 (h, w)."""
    mask = Mask(alpha=alpha.astype(np.float32) / np.float32(255), uncertainty=0.0, model="drawn")
    return Cutout(rgba=np.dstack([rgb, alpha]), mask=mask)


def texture(height: int, width: int, seed: int = 0) -> NDArray[np.uint8]:
    """Smooth mid-tone colours, uint8 (h, w, 3): nothing near white."""
    coarse = np.random.default_rng(seed).integers(30, 180, (max(2, height // 12), max(2, width // 12), 3))
    return np.asarray(cv2.resize(coarse.astype(np.uint8), (width, height)), np.uint8)


def block(box: tuple[int, int, int, int], *, frame: tuple[int, int] = FRAME, seed: int = 0) -> Cutout:
    """A hard-edged rectangle at box (x0, y0, x1, y1)."""
    alpha = np.zeros(frame, np.uint8)
    alpha[box[1] : box[3], box[0] : box[2]] = 255
    return cutout_of(texture(*frame, seed), alpha)


def ellipse(axes: tuple[int, int], *, frame: tuple[int, int], soft: float = 1.0) -> Cutout:
    """A soft-edged ellipse of half axes (x, y) in the middle."""
    alpha = np.zeros(frame, np.uint8)
    cv2.ellipse(alpha, (frame[1] // 2, frame[0] // 2), axes, 0, 0, 360, 255, -1, cv2.LINE_AA)
    if soft:
        alpha = np.asarray(cv2.GaussianBlur(alpha, (0, 0), soft), np.uint8)
    return cutout_of(texture(*frame), alpha)


class Draw:
    """The drawings, as one fixture."""

    block = staticmethod(block)
    ellipse = staticmethod(ellipse)
    cutout_of = staticmethod(cutout_of)
    texture = staticmethod(texture)


@pytest.fixture(scope="session")
def draw() -> type[Draw]:
    return Draw
