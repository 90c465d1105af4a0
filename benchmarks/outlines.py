"""Photos of a hundred kinds whose outlines were drawn by hand: the general validation set of the cut-out.

benchmarks/general_masks holds the outlines as polygons in photo pixels, and its README how they were drawn. The photos
are Caltech-101's; GENERAL_PHOTOS names the folder `101_ObjectCategories`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from packshot.datasets import KINDS_KEPT_OUT, read_rgb
from packshot.values import Alpha, Rgb

OUTLINES = Path(__file__).parent / "general_masks"
_FINE = 4  # polygons are filled at so many times the photo's size


@dataclass(frozen=True, slots=True)
class Outlined:
    """A photo with a drawn outline.

    Attributes:
        photo: path.
        kind: what it shows.
        outline: polygons that are filled, in pixels.
        holes: polygons that are cut out afterwards.
        band: pixels on each side of the line within which closed-form matting finds the alpha; 0 for none.
        tags: ``glass``, ``thin``, ``person``, ``cut``, ``white``, ``drawing``, ``framed``.
    """

    photo: Path
    kind: str
    outline: list[list[list[float]]]
    holes: list[list[list[float]]]
    band: int
    tags: tuple[str, ...]

    @property
    def unseen(self) -> bool:
        """Whether no photo of this kind is in the training set."""
        return self.kind in KINDS_KEPT_OUT

    def pair(self) -> tuple[Rgb, Alpha]:
        """The photo, uint8 (h, w, 3), and its true alpha, float32 (h, w) in 0..1."""
        rgb = read_rgb(self.photo)
        return rgb, alpha_of(rgb, self.outline, self.holes, band=self.band)


def outlined_photos(folder: Path | None = None) -> Iterator[Outlined]:
    """All photos with an outline, by name.

    Args:
        folder: `101_ObjectCategories`; by default what GENERAL_PHOTOS names.
    """
    root = folder or Path(os.environ["GENERAL_PHOTOS"])
    for line in (OUTLINES / "outlines.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Outlined(
            root / row["photo"], row["kind"], row["outline"], row["holes"], row["band"], tuple(row.get("tags", ()))
        )


def alpha_of(rgb: Rgb, outline: list[list[list[float]]], holes: list[list[list[float]]], *, band: int) -> Alpha:
    """The alpha of an outline, refined within a narrow band along it: float32 (h, w), 0..1.

    Args:
        rgb: uint8 (h, w, 3).
        outline: polygons that are filled.
        holes: polygons that are cut out afterwards.
        band: pixels on each side of the line; 0 keeps the polygons as they were drawn.
    """
    height, width = rgb.shape[:2]
    fine = np.zeros((height * _FINE, width * _FINE), np.uint8)
    for polygons, value in ((outline, 255), (holes, 0)):
        for polygon in polygons:
            points = np.round((np.array(polygon, float) + 0.5) * _FINE - 0.5).astype(np.int32)
            cv2.fillPoly(fine, [points], value)
    alpha = cv2.resize(fine, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32) / np.float32(255)
    if not band:
        return np.asarray(alpha, np.float32)
    from pymatting import estimate_alpha_cf

    window = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * band + 1, 2 * band + 1))
    hard = cv2.copyMakeBorder((alpha > 0.5).astype(np.uint8), band, band, band, band, cv2.BORDER_REPLICATE)
    inner = (slice(band, -band), slice(band, -band))
    trimap = np.full((height, width), 0.5)
    trimap[cv2.erode(hard, window)[inner] > 0] = 1
    trimap[cv2.dilate(hard, window)[inner] == 0] = 0
    refined = estimate_alpha_cf(rgb / 255.0, trimap)
    return np.asarray(np.clip((refined - 0.1) / 0.8, 0, 1), np.float32)
