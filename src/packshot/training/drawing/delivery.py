"""What happens to every picture on its way, framed or not: scaled, then compressed."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from packshot.training.drawing.settings import GeneratorSettings
from packshot.values import Box, Rgb

__all__ = ["Delivery", "draw_delivery"]

_HOW = (cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_LANCZOS4)
_SAMPLING = (
    cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420,
    cv2.IMWRITE_JPEG_SAMPLING_FACTOR_422,
    cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """Scaling and compression, the same for both pictures of a pair.

    Attributes:
        scale: factor of the side.
        how: OpenCV's interpolation.
        quality: of the JPEG, 1..100; None leaves the pixels as they are.
        sampling: OpenCV's chroma subsampling.
        blurred: standard deviation of a soft lens, pixels; 0 without.
        grain: standard deviation of noise over the whole picture, levels.
        seed: of the grain.
    """

    scale: float
    how: int
    quality: int | None
    sampling: int
    blurred: float
    grain: float
    seed: int

    def picture(self, rgb: Rgb) -> Rgb:
        """The picture as it arrives: uint8 (h', w', 3)."""
        size = self._size(rgb.shape[1]), self._size(rgb.shape[0])
        rgb = np.asarray(cv2.resize(rgb, size, interpolation=self.how), np.uint8)
        if self.blurred:
            rgb = np.asarray(cv2.GaussianBlur(rgb, (0, 0), self.blurred), np.uint8)
        if self.grain:
            grain = np.random.default_rng(self.seed).normal(0, self.grain, rgb.shape)
            rgb = np.clip(rgb + grain + 0.5, 0, 255).astype(np.uint8)
        if self.quality is None:
            return rgb
        options = [cv2.IMWRITE_JPEG_QUALITY, self.quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, self.sampling]
        data = cv2.imencode(".jpg", rgb[..., ::-1], options)[1]
        return np.ascontiguousarray(np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)[..., ::-1])

    def box(self, box: Box, size: tuple[int, int]) -> Box:
        """Where a box of a picture of `size` (width, height) lies afterwards: whole pixels, within."""
        x, y = self.factors(size)
        return Box(_up(box.x0 * x), _up(box.y0 * y), _down(box.x1 * x), _down(box.y1 * y))

    def factors(self, size: tuple[int, int]) -> tuple[float, float]:
        """By how much a picture of `size` (width, height) is scaled across and down."""
        return self._size(size[0]) / size[0], self._size(size[1]) / size[1]

    def _size(self, side: int) -> int:
        return max(1, round(side * self.scale))


def draw_delivery(rng: np.random.Generator, settings: GeneratorSettings) -> Delivery:
    """A delivery of the settings' scales and qualities."""
    return Delivery(
        scale=1.0 if rng.random() < 0.25 else rng.uniform(*settings.rescale),
        how=int(rng.choice(_HOW)),
        quality=None if rng.random() < 0.1 else int(rng.integers(settings.quality[0], settings.quality[1] + 1)),
        sampling=int(rng.choice(_SAMPLING)),
        blurred=float(rng.choice((0.0, rng.uniform(0.3, 0.8)), p=(0.8, 0.2))),
        grain=float(rng.choice((0.0, rng.uniform(0.5, 4)), p=(0.8, 0.2))),
        seed=int(rng.integers(2**31)),
    )


def _up(place: float) -> int:
    return int(np.ceil(place - 1e-6))


def _down(place: float) -> int:
    return int(np.floor(place + 1e-6))
