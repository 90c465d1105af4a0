"""Local features: what is seen again in a crop, turned, mirrored, or on another background."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.values import Grey

__all__ = ["Features", "local_features"]

_MOST = 256  # features of a picture
_CONTRAST = 0.01  # a quarter of the usual: a plain shirt has few features
_CELLS, _DIRECTIONS = 4, 8  # a descriptor: 4 x 4 cells of 8 directions


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Where a picture has what.

    Attributes:
        points: float32 (n, 2), x and y in pixels of the picture they were found in; the centre of the first pixel is 0.
        sizes: float32 (n,), diameters in pixels.
        angles: float32 (n,), radians, from x towards y.
        descriptors: uint8 (n, 128).
    """

    points: NDArray[np.float32]
    sizes: NDArray[np.float32]
    angles: NDArray[np.float32]
    descriptors: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.points)

    def mirrored(self, width: int) -> Features:
        """The features of the picture with left and right exchanged, without looking at it again."""
        points = self.points * np.array([-1, 1], np.float32) + np.array([width - 1, 0], np.float32)
        # A patch is described along its own angle: mirrored, its rows and its directions run the other way round.
        cells = self.descriptors.reshape(-1, _CELLS, _CELLS, _DIRECTIONS)[:, ::-1]
        directions = cells[..., (-np.arange(_DIRECTIONS)) % _DIRECTIONS]
        angles = (np.pi - self.angles).astype(np.float32)
        return Features(points, self.sizes, angles, np.ascontiguousarray(directions.reshape(-1, 128)))

    def scaled(self, across: float, down: float) -> Features:
        """The features in pixels of the picture scaled by two factors that are almost the same."""
        factors = np.array([across, down], np.float32)
        points = (self.points + np.float32(0.5)) * factors - np.float32(0.5)
        sizes = (self.sizes * np.float32((across * down) ** 0.5)).astype(np.float32)
        return Features(points, sizes, self.angles, self.descriptors)


def local_features(grey: Grey) -> Features:
    """The strongest features of a picture, about 256 at most, each in its one strongest direction or more.

    Source: D. Lowe, "Distinctive Image Features from Scale-Invariant Keypoints" (2004).

    Args:
        grey: uint8 (h, w).
    """
    # One detector a call: it is made in no time, and several threads may look at once.
    sift = cv2.SIFT.create(nfeatures=_MOST, contrastThreshold=_CONTRAST, enable_precise_upscale=True)
    found, descriptors = sift.detectAndCompute(grey, None)
    if descriptors is None:
        nothing = np.zeros(0, np.float32)
        return Features(np.zeros((0, 2), np.float32), nothing, nothing, np.zeros((0, 128), np.uint8))
    return Features(
        points=np.array([key.pt for key in found], np.float32),
        sizes=np.array([key.size for key in found], np.float32),
        angles=np.deg2rad(np.array([key.angle for key in found], np.float32)),
        descriptors=np.asarray(descriptors, np.uint8),
    )
