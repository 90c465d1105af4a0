"""The small pictures of one case: the photo, the true product, and where the prediction differs."""

from __future__ import annotations

import base64

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.resizing import downscaled
from packshot.values import Alpha, Rgb
from packshot.web import tokens

__all__ = ["EXTRA", "MISSED", "difference", "shrink", "webp_uri"]

#: Blue: product that the prediction left out. Orange: background that it took. Told apart by every kind of colour
#: vision, and by their lightness in grey.
MISSED = tokens.rgb("missed")
EXTRA = tokens.rgb("extra")


def shrink(pixels: NDArray[np.uint8] | Alpha, *, side: int) -> NDArray[np.uint8]:
    """A copy no longer than `side` pixels, by averaging areas.

    Args:
        pixels: uint8 (h, w, c), or float32 (h, w) in 0..1.
        side: the most pixels along the longer side; smaller pictures keep their size.

    Returns:
        uint8 (h', w', c), or uint8 (h', w') with 255 for 1.
    """
    small = downscaled(pixels, side)
    return np.asarray(np.rint(small * 255) if small.ndim == 2 else small, np.uint8)


def difference(rgb: Rgb, pred: NDArray[np.uint8], true: NDArray[np.uint8]) -> Rgb:
    """The photo in grey, its background faded, with missed product in blue and extra product in orange.

    Grey, because an orange coat that was found must not look like an error.

    Args:
        rgb: uint8 (h, w, 3).
        pred: uint8 (h, w), 255 is product.
        true: the same of the truth.

    Returns:
        uint8 (h, w, 3).
    """
    grey = cv2.cvtColor(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    faded = 0.3 * grey + 0.7 * 214
    a, b = (mask[..., None].astype(np.float32) / 255 for mask in (pred, true))
    both = np.minimum(a, b)
    missed, extra = b - both, a - both
    # Under a flag the photo still shows a little, so that one sees what was missed.
    blue, orange = (0.78 * np.array(colour) + 0.22 * grey for colour in (MISSED, EXTRA))
    mixed = both * grey + missed * blue + extra * orange + (1 - both - missed - extra) * faded
    return np.asarray(np.clip(np.rint(mixed), 0, 255), np.uint8)


def webp_uri(pixels: NDArray[np.uint8], *, quality: int = 62) -> str:
    """A picture as a data address.

    Args:
        pixels: uint8 (h, w, 3), or (h, w, 4) with straight alpha.
        quality: of the encoder, 1..100.
    """
    code = cv2.COLOR_RGB2BGR if pixels.shape[2] == 3 else cv2.COLOR_RGBA2BGRA
    _, data = cv2.imencode(".webp", cv2.cvtColor(pixels, code), [cv2.IMWRITE_WEBP_QUALITY, quality])
    return f"data:image/webp;base64,{base64.b64encode(data.tobytes()).decode()}"
