"""Photos that tests draw; every number makes another one, so that copies are copies on purpose."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from packshot.values import Rgb


def save(path: Path, pixels: np.ndarray) -> Path:
    """Write a picture, and the folders it needs; the suffix chooses the format."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)
    return path


def soft(seed: int = 0, size: tuple[int, int] = (64, 48), *, cells: tuple[int, int] = (6, 8)) -> Rgb:
    """Soft random colours, one for each of rows x columns `cells`: uint8 (h, w, 3) for a `size` of (width, height)."""
    rough = np.random.default_rng(seed).integers(0, 256, (*cells, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(rough, size, interpolation=cv2.INTER_CUBIC), np.uint8)


def discs(shop: Path, count: int = 12) -> Path:
    """Write ``images/`` and ``masks/``: red discs on grey noise, 80 x 96 pixels, and where they are."""
    rng = np.random.default_rng(3)
    rows, columns = np.mgrid[:96, :80]
    for index in range(count):
        x, y, radius = rng.uniform(30, 50), rng.uniform(30, 60), rng.uniform(15, 28)
        disc = (columns - x) ** 2 + (rows - y) ** 2 < radius**2
        photo = np.where(disc[..., None], (210, 60, 40), rng.integers(60, 140, (96, 80, 1))).astype(np.uint8)
        save(shop / "images" / f"{index:02}.png", photo)
        save(shop / "masks" / f"{index:02}.png", disc.astype(np.uint8) * 255)
    return shop
