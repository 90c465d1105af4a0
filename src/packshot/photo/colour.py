"""From any pixel layout Pillow delivers to sRGB uint8 and alpha."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from packshot.errors import UnsupportedFormat
from packshot.photo.cicp import ColourTag, to_srgb_colours
from packshot.photo.icc import to_rgb
from packshot.photo.samples import Samples
from packshot.values import Alpha, Rgb

__all__ = ["on_white", "samples_of", "to_srgb"]

_REMEDY = "export the photo with 8 or 16 bits per channel"
_SIXTEEN_BIT = ("I;16", "I;16L", "I;16B", "I;16N")
_ROWS = 32
_WITH_ALPHA = {"LA": "L", "La": "L", "PA": "RGB", "RGBA": "RGB", "RGBa": "RGB"}


def to_srgb(
    samples: Samples, notes: list[str], *, profile: bytes | None = None, tag: ColourTag | None = None
) -> tuple[Rgb, Alpha | None]:
    """Convert to sRGB, transparency laid on white.

    16-bit samples keep their high byte, Pillow's own rule for colour, applied to grey as well: 65535 gives
    255, and so does 65280, the white of programs that shift 8 bits up. Where `tag` decides, all bits count.

    Args:
        samples: the decoded picture.
        notes: gets a line for every assumption made.
        profile: the embedded ICC profile.
        tag: what stands in for a profile.

    Returns:
        rgb: uint8 (h, w, 3), 0..255.
        alpha: float32 (h, w), 0..1; None where every pixel is opaque.
    """
    if tag is not None and samples.in_eight_bits().mode in ("L", "RGB"):
        rgb = to_srgb_colours(samples.rgb_samples(), tag)
        notes.append(f"colours were converted from {tag.words}" + (", highlights brought down" if tag.hdr else ""))
    else:
        rgb = np.array(to_rgb(samples.in_eight_bits(), profile, notes))
    alpha = samples.alpha
    if alpha is None or (alpha == 255).all():
        return rgb, None
    return on_white(rgb, alpha), alpha.astype(np.float32) / np.float32(255)


def samples_of(image: Image.Image, name: str, *, bit_depth: int = 8) -> Samples:
    """Split into a picture of mode L, RGB, CMYK or LAB and its alpha.

    Args:
        image: with loaded pixels, any mode.
        name: the name to show a person in errors.
        bit_depth: bits per sample in the file, 1..16; a PNG's transparent colour counts in these.

    Raises:
        UnsupportedFormat: 32-bit integer or floating-point samples, which have no agreed white.
    """
    if image.mode in ("I", "F"):
        kind = "floating-point" if image.mode == "F" else "32-bit or signed integer"
        raise UnsupportedFormat(f"{name} has {kind} samples, expected 8 or 16 bits", remedy=_REMEDY)
    key = image.info.get("transparency")
    if image.mode in _SIXTEEN_BIT:
        wide = np.asarray(image)
        return Samples(wide.astype(np.uint16), _opaque_where(wide != key) if isinstance(key, int) else None)
    if image.mode == "P":
        if key is None and image.palette is not None and image.palette.mode == "RGB":
            return Samples(image.convert("RGB"))
        image = image.convert("RGBA")
    elif image.mode == "1":
        image = image.convert("L")
        bit_depth = 8 if key == 255 else 1
    if image.mode in _WITH_ALPHA:
        if image.mode not in ("LA", "RGBA"):
            image = image.convert("LA" if image.mode == "La" else "RGBA")
        alpha = image.getchannel("A")
        opaque = alpha.getextrema() == (255, 255)
        return Samples(image.convert(_WITH_ALPHA[image.mode]), None if opaque else np.asarray(alpha))
    if key is not None and image.mode in ("L", "RGB"):
        return Samples(image, _colour_key(np.asarray(image), key, bit_depth))
    return Samples(image if image.mode in ("L", "RGB", "CMYK", "LAB") else image.convert("RGB"))


def _colour_key(pixels: NDArray[np.uint8], key: object, bit_depth: int) -> NDArray[np.uint8] | None:
    # PNG 1.2, 4.2.1.1 (tRNS): one grey value or one colour, in the file's own bit depth, is transparent.
    # Pillow compares it with samples already scaled to 8 bits, so that only 8-bit files come out right.
    values = np.atleast_1d(np.asarray(key)).astype(np.int64)
    if values.size != (1 if pixels.ndim == 2 else 3):
        return None
    if bit_depth < 8:
        values = values * 255 // (2**bit_depth - 1)
    same = pixels == values
    return _opaque_where(~(same if pixels.ndim == 2 else same.all(axis=2)))


def _opaque_where(opaque: NDArray[np.bool_]) -> NDArray[np.uint8]:
    return np.where(opaque, np.uint8(255), np.uint8(0))


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
