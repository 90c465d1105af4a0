"""From any pixel layout Pillow delivers to sRGB uint8 and alpha."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from packshot.errors import UnsupportedFormat
from packshot.photo.icc import to_rgb
from packshot.values import Alpha, Rgb

__all__ = ["eight_bit", "on_white", "to_srgb"]

_REMEDY = "export the photo with 8 or 16 bits per channel"
_SIXTEEN_BIT = ("I;16", "I;16L", "I;16B", "I;16N")
_ROWS = 32
_WITH_ALPHA = {"LA": "L", "La": "L", "PA": "RGB", "RGBA": "RGB", "RGBa": "RGB"}


def to_srgb(
    image: Image.Image, name: str, notes: list[str], *, bit_depth: int = 8, negative: bool = False
) -> tuple[Rgb, Alpha | None]:
    """Convert to sRGB, transparency laid on white.

    16-bit samples keep their high byte, Pillow's own rule for colour, applied to grey as well: 65535 gives
    255, and so does 65280, the white of programs that shift 8 bits up.

    Args:
        image: upright, with loaded pixels, any mode.
        name: the name to show a person in errors.
        notes: gets a line for every assumption made.
        bit_depth: bits per sample in the file, 1..16; a PNG's transparent colour counts in these.
        negative: 16-bit grey is stored with 0 for white.

    Returns:
        rgb: uint8 (h, w, 3), 0..255.
        alpha: float32 (h, w), 0..1; None where every pixel is opaque.

    Raises:
        UnsupportedFormat: 32-bit integer or floating-point samples, which have no agreed white.
    """
    profile = image.info.get("icc_profile")
    profile = profile if isinstance(profile, bytes) else None
    if image.mode in ("I", "F"):
        kind = "floating-point" if image.mode == "F" else "32-bit or signed integer"
        raise UnsupportedFormat(f"{name} has {kind} samples, expected 8 or 16 bits", remedy=_REMEDY)
    flat, alpha = _separate(image, notes, bit_depth, negative)
    rgb = np.array(to_rgb(flat, profile, notes))
    if alpha is None or (alpha == 255).all():
        return rgb, None
    return on_white(rgb, alpha), alpha.astype(np.float32) / np.float32(255)


def _separate(
    image: Image.Image, notes: list[str], bit_depth: int, negative: bool
) -> tuple[Image.Image, NDArray[np.uint8] | None]:
    """Split into a picture of mode L, RGB, CMYK or LAB and its alpha, uint8 (h, w)."""
    key = image.info.get("transparency")
    if image.mode in _SIXTEEN_BIT:
        wide = np.asarray(image)
        grey = 255 - eight_bit(wide) if negative else eight_bit(wide)
        return Image.fromarray(grey), _opaque_where(wide != key) if isinstance(key, int) else None
    if image.mode == "P":
        if key is None and image.palette is not None and image.palette.mode == "RGB":
            return image.convert("RGB"), None
        image = image.convert("RGBA")
    elif image.mode == "1":
        image = image.convert("L")
        bit_depth = 8 if key == 255 else 1
    if image.mode in _WITH_ALPHA:
        if image.mode not in ("LA", "RGBA"):
            image = image.convert("LA" if image.mode == "La" else "RGBA")
        alpha = image.getchannel("A")
        opaque = alpha.getextrema() == (255, 255)
        return image.convert(_WITH_ALPHA[image.mode]), None if opaque else np.asarray(alpha)
    if key is not None and image.mode in ("L", "RGB"):
        return image, _colour_key(np.asarray(image), key, notes, bit_depth)
    return image if image.mode in ("L", "RGB", "CMYK", "LAB") else image.convert("RGB"), None


def _colour_key(pixels: NDArray[np.uint8], key: Any, notes: list[str], bit_depth: int) -> NDArray[np.uint8] | None:
    # PNG 1.2, 4.2.1.1 (tRNS): one grey value or one colour, in the file's own bit depth, is transparent.
    # Pillow compares it with samples already scaled to 8 bits, so that only 8-bit files come out right.
    values = np.atleast_1d(np.asarray(key)).astype(np.int64)
    if values.size != (1 if pixels.ndim == 2 else 3):
        return None
    if bit_depth == 16:
        notes.append("the transparent colour was compared by the high byte of 16 bits")
        values = values >> 8
    elif bit_depth < 8:
        values = values * 255 // (2**bit_depth - 1)
    same = pixels == values
    return _opaque_where(~(same if pixels.ndim == 2 else same.all(axis=2)))


def _opaque_where(opaque: NDArray[np.bool_]) -> NDArray[np.uint8]:
    return np.where(opaque, np.uint8(255), np.uint8(0))


def eight_bit(samples: NDArray[Any]) -> NDArray[np.uint8]:
    """The high byte of 16-bit samples.

    Args:
        samples: uint8 or uint16 of any shape, full range, any byte order.

    Returns:
        uint8 of the same shape; uint8 input is returned as it is.
    """
    if samples.dtype == np.uint8:
        return samples
    return (samples >> 8).astype(np.uint8)


def on_white(rgb: Rgb, alpha: NDArray[np.uint8]) -> Rgb:
    """Lay straight colours on white.

    Args:
        rgb: uint8 (h, w, 3), straight.
        alpha: uint8 (h, w), 255 is opaque.

    Returns:
        uint8 (h, w, 3): ``255 - (255 - rgb) * alpha / 255``, rounded to the nearest.
    """
    laid = np.empty_like(rgb)
    for top in range(0, rgb.shape[0], _ROWS):  # a strip stays in the processor's cache: a third of the time
        rows = slice(top, top + _ROWS)
        product = (255 - rgb[rows]).astype(np.uint16)
        product *= alpha[rows, :, None]
        product += 128
        product += product >> 8
        laid[rows] = 255 - (product >> 8).astype(np.uint8)
    return laid
