"""Photographs, drawn shirts, and what happens to pictures on their way."""

from __future__ import annotations

import io
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from PIL import Image, ImageEnhance
from skimage import data

from packshot.values import Rgb


@pytest.fixture(scope="session")
def coffee() -> Rgb:
    return np.asarray(data.coffee())


@pytest.fixture(scope="session")
def astronaut() -> Rgb:
    return np.asarray(data.astronaut())


@pytest.fixture(scope="session")
def chelsea() -> Rgb:
    return np.asarray(data.chelsea())


@pytest.fixture(scope="session")
def encoded() -> Callable[..., Rgb]:
    def encode(rgb: Rgb, kind: str = "JPEG", quality: int = 80) -> Rgb:
        buffer = io.BytesIO()
        Image.fromarray(rgb).save(buffer, kind, quality=quality)
        return np.asarray(Image.open(buffer).convert("RGB"))

    return encode


@pytest.fixture(scope="session")
def shirt() -> Callable[..., Rgb]:
    """A shirt with stripes and buttons on planks, or on white."""

    def draw(colour: tuple[int, int, int], *, background: str = "planks") -> Rgb:
        random = np.random.default_rng(5)
        if background == "white":
            rgb = np.full((400, 320, 3), 255, np.uint8)
        else:
            planks = np.repeat(random.integers(90, 170, (10, 1, 1)), 40, axis=0)
            grain = cv2.GaussianBlur(random.normal(0, 40, (400, 320)), (0, 0), 2)
            rgb = np.clip(planks + grain[..., None] * 3 + [30, 10, -20], 0, 255).astype(np.uint8)
        outline = np.array([[90, 90], [130, 70], [190, 70], [230, 90], [290, 160], [245, 190], [225, 160], [225, 340]])
        outline = np.concatenate([outline, [[95, 340], [95, 160], [75, 190], [30, 160]]])
        cloth = np.full_like(rgb, colour)
        folds = cv2.GaussianBlur(np.random.default_rng(6).normal(0, 120, (400, 320)), (0, 0), 6)
        cloth = np.clip(cloth + folds[..., None] * 1.5, 0, 255).astype(np.uint8)
        for y in range(110, 340, 30):
            cv2.line(cloth, (0, y), (320, y + 12), tuple(int(level * 0.6) for level in colour), 3)
        for y in range(100, 330, 40):
            cv2.circle(cloth, (160, y), 4, (240, 240, 230), -1)
        mask = cv2.fillPoly(np.zeros((400, 320), np.uint8), [outline], 255)
        return np.where(mask[..., None] > 0, cloth, rgb).astype(np.uint8)

    return draw


@pytest.fixture(scope="session")
def relit() -> Callable[[Rgb, float], Rgb]:
    def light(rgb: Rgb, factor: float) -> Rgb:
        return np.asarray(ImageEnhance.Brightness(Image.fromarray(rgb)).enhance(factor))

    return light
