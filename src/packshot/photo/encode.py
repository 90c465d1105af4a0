"""Write a finished picture: small, without metadata, and white where it was white.

Lossy codecs work in blocks, and an edge rings through its block: white pixels near the product come back as
250 or 254. What can be promised, and is checked for WebP and AVIF after every encoding, is that white
farther than `WHITE_REACH` from anything else stays exactly 255, 255, 255.
docs/decisions/0004-white-after-encoding.md has the measurements.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from PIL import Image

from packshot.errors import ByteLimitUnreachable, CompositionError
from packshot.photo.icc import srgb_profile
from packshot.photo.png import encode_png
from packshot.photo.white import WHITE_REACH, background_kept
from packshot.values import Rgb, Rgba

__all__ = ["DEFAULT_QUALITY", "LOWEST_QUALITY", "WHITE_REACH", "Encoded", "encode"]

DEFAULT_QUALITY: Mapping[str, int | None] = MappingProxyType(
    {"JPEG": 92, "PNG": None, "WEBP": 90, "AVIF": 85, "TIFF": None}
)
"""Format -> quality where none is asked for; None: lossless."""

LOWEST_QUALITY = 50
"""No file is written below this quality: many JPEG tables below turn flat white into 254."""

_MAX_SIDE = {"JPEG": 65_500, "PNG": 1_000_000, "WEBP": 16_383, "AVIF": 65_536, "TIFF": 1_000_000}
_LOSSLESS = frozenset(name for name, quality in DEFAULT_QUALITY.items() if quality is None)


@dataclass(frozen=True, slots=True)
class Encoded:
    """An encoded picture.

    Attributes:
        data: the file.
        format: as Pillow spells it: ``JPEG``, ``PNG``, ``WEBP``, ``AVIF``, ``TIFF``.
        quality: the encoder quality that was used, 50..100; None for lossless.
    """

    data: bytes
    format: str
    quality: int | None


def encode(
    pixels: Rgb | Rgba,
    *,
    format: str,  # noqa: A002
    quality: int | None = None,
    max_bytes: int | None = None,
    xmp: bytes | None = None,
) -> Encoded:
    """Encode a picture as sRGB, without EXIF or other metadata than what is given; equal input gives equal bytes.

    JPEG and AVIF keep colour at full resolution (4:4:4), WebP samples it sharply (it knows only 4:2:0). If
    WebP or AVIF lose flat white at the quality, the next higher ones are tried, at last lossless WebP.

    Args:
        pixels: uint8 (h, w, 3), or (h, w, 4) with straight alpha for all but JPEG, or grey (h, w) for PNG.
        format: ``JPEG``, ``PNG``, ``WEBP``, ``AVIF`` or ``TIFF``.
        quality: `LOWEST_QUALITY`..100, the highest that is used if there is a size limit; by default
            `DEFAULT_QUALITY`. PNG and TIFF take none.
        max_bytes: largest file; the highest quality that fits is searched for, at `LOWEST_QUALITY` or above.
        xmp: an XMP packet to write along, see `packshot.photo.xmp_packet`.

    Returns:
        The file, with the quality that was used.

    Raises:
        ByteLimitUnreachable: even the lowest quality is larger than `max_bytes`.
        CompositionError: unknown format, quality out of range, alpha for JPEG, or a side too long for the
            format.

    Example:
        >>> encode(np.full((8, 8, 3), 255, np.uint8), format="JPEG").quality
        92
    """
    _check(pixels, format, quality)
    if format == "PNG":
        return _within(Encoded(encode_png(pixels, xmp=xmp), "PNG", None), pixels, max_bytes, xmp)
    if format == "TIFF":
        metadata = {} if xmp is None else {"tiffinfo": {700: xmp}}
        data = _save(pixels, "TIFF", compression="tiff_lzw", **metadata)
        if max_bytes is not None and len(data) > max_bytes:
            raise _unreachable("TIFF", len(data), max_bytes, "without loss")
        return Encoded(data, "TIFF", None)
    start = DEFAULT_QUALITY[format] if quality is None else quality
    assert start is not None  # noqa: S101 - only lossless formats have none
    first = _lossy(pixels, format, start, xmp=xmp)
    if max_bytes is None:
        return first if _kept(first, pixels) else _raise_quality(pixels, format, start, xmp)
    if len(first.data) <= max_bytes and _kept(first, pixels):
        return first
    return _search(pixels, format, start, max_bytes, first=first, xmp=xmp)


def _check(pixels: Rgb | Rgba, codec: str, quality: int | None) -> None:
    if codec not in DEFAULT_QUALITY:
        raise CompositionError(f"cannot write format {codec!r}", remedy=f"choose one of {', '.join(DEFAULT_QUALITY)}")
    colour = pixels.ndim == 3 and pixels.shape[2] in (3, 4)
    if pixels.dtype != np.uint8 or not (colour or (pixels.ndim == 2 and codec == "PNG")) or pixels.size == 0:
        raise CompositionError(
            f"cannot encode {pixels.dtype} {pixels.shape} as {codec}",
            remedy="pass uint8 (h, w, 3) or (h, w, 4); grey (h, w) is for PNG",
        )
    if codec == "JPEG" and pixels.shape[2] == 4:
        raise CompositionError("JPEG has no transparency", remedy="choose a background colour, or PNG or WEBP")
    if quality is not None and (codec in _LOSSLESS or not LOWEST_QUALITY <= quality <= 100):
        raise CompositionError(
            f"cannot write {codec} at quality {quality}",
            remedy="leave it out" if codec in _LOSSLESS else f"choose {LOWEST_QUALITY}..100",
        )
    if max(pixels.shape[:2]) > _MAX_SIDE[codec]:
        raise CompositionError(
            f"{codec} holds at most {_MAX_SIDE[codec]} pixels a side, got {max(pixels.shape[:2])}",
            remedy="choose PNG, or a smaller picture",
        )


def _lossy(pixels: Rgb | Rgba, codec: str, quality: int, *, xmp: bytes | None) -> Encoded:
    return Encoded(_WRITERS[codec](pixels, quality, {} if xmp is None else {"xmp": xmp}), codec, quality)


def _save(pixels: Rgb | Rgba, codec: str, **options: object) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, codec, icc_profile=srgb_profile(), **options)
    return file.getvalue()


def _jpeg(pixels: Rgb | Rgba, quality: int, metadata: Mapping[str, bytes]) -> bytes:
    return _save(pixels, "JPEG", quality=quality, subsampling="4:4:4", **metadata)


def _webp(pixels: Rgb | Rgba, quality: int, metadata: Mapping[str, bytes]) -> bytes:
    return _save(pixels, "WEBP", quality=quality, method=2, use_sharp_yuv=True, **metadata)


def _avif(pixels: Rgb | Rgba, quality: int, metadata: Mapping[str, bytes]) -> bytes:
    # One thread and one tile: the same bytes on every machine. Speed 9 takes a third of the time of speed 8.
    options = {"subsampling": "4:4:4", "range": "full", "speed": 9, "max_threads": 1, "autotiling": False}
    return _save(pixels, "AVIF", quality=quality, **options, **metadata)


_WRITERS: Mapping[str, Callable[[Rgb | Rgba, int, Mapping[str, bytes]], bytes]] = {
    "JPEG": _jpeg,
    "WEBP": _webp,
    "AVIF": _avif,
}


def _kept(encoded: Encoded, pixels: Rgb | Rgba) -> bool:
    if encoded.format == "JPEG":
        return True  # blocks stand alone, and a flat white one is exact at every quality from 46 (tested)
    return background_kept(pixels, encoded.data, encoded.format)


def _raise_quality(pixels: Rgb | Rgba, codec: str, start: int, xmp: bytes | None) -> Encoded:
    for quality in dict.fromkeys(min(100, start + step) for step in (1, 3, 6, 10, 50)):
        if quality > start and _kept(found := _lossy(pixels, codec, quality, xmp=xmp), pixels):
            return found
    if codec == "WEBP":
        metadata = {} if xmp is None else {"xmp": xmp}
        return Encoded(_save(pixels, "WEBP", lossless=True, quality=0, method=0, **metadata), "WEBP", None)
    raise CompositionError(f"{codec} does not keep this picture's white", remedy="choose JPEG, PNG or WEBP")


def _search(
    pixels: Rgb | Rgba,
    codec: str,
    start: int,
    max_bytes: int,
    *,
    first: Encoded,
    xmp: bytes | None,
) -> Encoded:
    """The highest quality up to `start` that fits and keeps white; file size grows with quality."""
    best: Encoded | None = first if len(first.data) <= max_bytes else None
    low, high = LOWEST_QUALITY, start - 1
    while low <= high and best is not first:
        middle = (low + high) // 2
        found = _lossy(pixels, codec, middle, xmp=xmp)
        if len(found.data) <= max_bytes:
            best, low = found, middle + 1
        else:
            high = middle - 1
    while best is not None and not _kept(best, pixels):
        quality = (best.quality or 0) - 1
        best = _lossy(pixels, codec, quality, xmp=xmp) if quality >= LOWEST_QUALITY else None
    if best is None:
        lowest = first if start == LOWEST_QUALITY else _lossy(pixels, codec, LOWEST_QUALITY, xmp=xmp)
        raise _unreachable(codec, len(lowest.data), max_bytes, f"at quality {LOWEST_QUALITY}")
    return best


def _within(encoded: Encoded, pixels: Rgb | Rgba, max_bytes: int | None, xmp: bytes | None) -> Encoded:
    if max_bytes is None or len(encoded.data) <= max_bytes:
        return encoded
    smaller = Encoded(encode_png(pixels, smallest=True, xmp=xmp), "PNG", None)
    if len(smaller.data) > max_bytes:
        raise _unreachable("PNG", len(smaller.data), max_bytes, "without loss")
    return smaller


def _unreachable(codec: str, came: int, max_bytes: int, how: str) -> ByteLimitUnreachable:
    better = "--format jpeg or webp" if codec in _LOSSLESS else "a smaller --size or --format webp"
    return ByteLimitUnreachable(
        f"{codec} takes {came} bytes {how}, expected at most {max_bytes}",
        remedy=f"choose {better}, or raise --max-kb",
    )
