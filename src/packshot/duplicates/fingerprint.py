"""The fingerprint of a picture: what it is recognised by, about 250 kB whatever its size."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.duplicates.candidate_index import codes
from packshot.duplicates.detail import detail, roughness
from packshot.duplicates.features import Features, local_features
from packshot.duplicates.perceptual_hash import perceptual_hash
from packshot.duplicates.white_background import white_background
from packshot.resizing import rescaled
from packshot.values import Grey, Rgb

__all__ = ["Fingerprint", "fingerprint_of", "pixel_hash"]

_FEATURE_SIDE = 288  # pixels of the longer side: what lies between phone and thumbnail
_THUMBNAIL_SIDE = 160
_FINE_SIDE = 640
_FINE_QUALITY = 92  # of its JPEG: a quarter of the bytes, and print is the same


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """The fingerprint of one picture.

    Attributes:
        pixels: of `pixel_hash`.
        size: (width, height) of the picture, pixels.
        hash: of `perceptual_hash`.
        features: local features, in pixels of the thumbnail.
        codes: uint64 (n,), of `candidate_index.codes`.
        thumbnail: uint8 (h, w, 3), longer side 160.
        grey: uint8 (h, w), longer side 288, where print can still be told.
        fine: the same with a longer side of up to 640, as a JPEG, for small print; nothing where the picture itself is
            no larger than `grey`.
        background: bool (h, w), the thumbnail's white background; all False where it has none.
        detail: pixels the picture really has, see `detail`.
        roughness: what lossy files add, see `roughness`.
    """

    pixels: str
    size: tuple[int, int]
    hash: int
    features: Features = field(repr=False)
    codes: NDArray[np.uint64] = field(repr=False)
    thumbnail: Rgb = field(repr=False)
    grey: Grey = field(repr=False)
    fine: bytes = field(repr=False)
    background: NDArray[np.bool_] = field(repr=False)
    detail: float
    roughness: float

    @property
    def on_white(self) -> bool:
        """Whether it stands on a white background."""
        return bool(self.background.any())

    def fine_grey(self) -> Grey:
        """The picture in grey as large as it is kept: uint8 (h, w)."""
        if not self.fine:
            return self.grey
        return np.asarray(cv2.imdecode(np.frombuffer(self.fine, np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8)


def fingerprint_of(rgb: Rgb) -> Fingerprint:
    """Calculate the fingerprint of a picture.

    Args:
        rgb: uint8 (h, w, 3), upright sRGB, as `packshot.photo.decode` gives it.
    """
    seen = rescaled(rgb, _FEATURE_SIDE)
    grey = np.asarray(cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY), np.uint8)
    features = local_features(grey)
    thumbnail = rescaled(seen, _THUMBNAIL_SIDE)
    background = white_background(thumbnail)
    return Fingerprint(
        pixels=pixel_hash(rgb),
        size=(rgb.shape[1], rgb.shape[0]),
        hash=perceptual_hash(seen),
        features=features.scaled(thumbnail.shape[1] / seen.shape[1], thumbnail.shape[0] / seen.shape[0]),
        codes=codes(features),
        thumbnail=thumbnail,
        grey=grey,
        fine=_fine(rgb),
        background=background,
        detail=detail(rgb, background),
        roughness=roughness(rgb),
    )


def pixel_hash(rgb: Rgb) -> str:
    """SHA-256 of a picture's size and pixels: the same for every file that shows exactly the same.

    Args:
        rgb: uint8 (h, w, 3).

    Returns:
        64 hexadecimal digits.
    """
    height, width = rgb.shape[:2]
    digest = hashlib.sha256(f"{width}x{height}".encode())
    digest.update(np.ascontiguousarray(rgb).data)
    return digest.hexdigest()


def _fine(rgb: Rgb) -> bytes:
    side = min(_FINE_SIDE, max(rgb.shape[:2]))
    if side <= _FEATURE_SIDE:
        return b""
    grey = cv2.cvtColor(rescaled(rgb, side), cv2.COLOR_RGB2GRAY)
    return bytes(cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, _FINE_QUALITY])[1])
