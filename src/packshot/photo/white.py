"""Whether flat white, or flat transparency, survived a lossy encoder."""

from __future__ import annotations

import io
from collections.abc import Mapping
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from packshot.values import Rgb, Rgba

__all__ = ["WHITE_REACH", "background_kept"]

WHITE_REACH: Mapping[str, int] = MappingProxyType({"JPEG": 8, "PNG": 0, "WEBP": 32, "AVIF": 64, "TIFF": 0})
"""Format -> pixels from an edge within which white may be off: a block of JPEG, two of WebP, one of AVIF."""


def background_kept(pixels: Rgb | Rgba, data: bytes, codec: str) -> bool:
    """Whether all flat background came through an encoder unchanged.

    Flat means: farther than `WHITE_REACH` pixels (in the larger of the two directions) from any other colour.

    Args:
        pixels: what was encoded, uint8 (h, w, 3), whose background is pure white; or (h, w, 4), whose
            background is
            alpha 0.
        data: the encoded file.
        codec: a key of `WHITE_REACH`.

    Returns:
        True if every such pixel decodes as exactly 255, 255, 255, or alpha 0; also if there is none.
    """
    transparent = pixels.shape[2] == 4
    background = pixels[..., 3] == 0 if transparent else _white(pixels)
    side = 2 * WHITE_REACH[codec] + 1
    # A box sum takes the same few milliseconds at every size; an erosion with so large a kernel takes forty.
    sums = cv2.boxFilter(
        background.astype(np.uint8),
        cv2.CV_32S,
        (side, side),
        normalize=False,
        borderType=cv2.BORDER_REPLICATE,
    )
    flat = sums == side * side
    if not flat.any():
        return True
    with Image.open(io.BytesIO(data), formats=[codec]) as image:
        decoded = np.asarray(image.convert("RGBA" if transparent else "RGB"))
    if transparent:
        return not decoded[..., 3][flat].any()
    return bool(_white(decoded)[flat].all())


def _white(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    # All bits set in all channels; ten times as fast as a minimum over the last axis.
    white: NDArray[np.bool_] = (pixels[..., 0] & pixels[..., 1] & pixels[..., 2]) == 255
    return white
