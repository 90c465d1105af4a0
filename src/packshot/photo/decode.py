"""Open a photo from a stranger: bounded, upright, sRGB - or refused with a reason."""

from __future__ import annotations

import hashlib
import io
import os
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin, UnidentifiedImageError

from packshot.errors import DamagedPhoto, EmptyFile, LimitExceeded, PhotoError, UnsupportedFormat
from packshot.limits import Limits
from packshot.photo.colour import eight_bit, on_white, to_srgb
from packshot.photo.integrity import check_gif, check_png
from packshot.photo.orientation import upright
from packshot.photo.scans import count_scans
from packshot.photo.sniff import check_suffix, sniff
from packshot.photo.source import check_size, printable, read_bytes
from packshot.values import Photo

__all__ = ["decode"]

_DEFAULT = Limits()
_PILLOW = threading.Lock()
_PNG_BIT_DEPTH = 24  # the byte's place in the file: signature 8, length 4, IHDR 4, width 4, height 4


def decode(
    source: str | os.PathLike[str] | bytes | NDArray[Any],
    *,
    name: str | None = None,
    limits: Limits = _DEFAULT,
) -> Photo:
    """Open a photo, within limits that are checked before pixels are decoded.

    The content decides the format. EXIF orientation is applied, colours are converted to sRGB, of several
    frames the first is taken, and no metadata goes along.

    Args:
        source: a path; the bytes of a file; or pixels, uint8 or uint16 of shape (h, w), (h, w, 3) or (h, w,
            4), taken
            as upright sRGB with straight alpha.
        name: the name to show a person, instead of the path, ``<bytes>`` or ``<array>``. Its suffix is
            checked.
        limits: what to refuse.

    Returns:
        The photo: rgb uint8 (h, w, 3), and alpha float32 (h, w) in 0..1 if any pixel is transparent.

    Raises:
        UnreadablePhoto: not there, not a regular file, or no permission.
        EmptyFile: zero bytes, or an array without pixels.
        UnsupportedFormat: none of `FORMATS`, or a layout of samples without an agreed meaning.
        MislabelledPhoto: the name says another format than the content.
        DamagedPhoto: truncated or corrupt.
        LimitExceeded: too many bytes, pixels, or JPEG scans.
        TypeError: `source` is none of the above.

    Example:
        >>> photo = decode(np.full((2, 3), 255, np.uint8))
        >>> photo.width, photo.height, photo.format
        (3, 2, 'ARRAY')
    """
    if isinstance(source, np.ndarray):
        return _from_array(source, printable(name or "<array>"), limits)
    if isinstance(source, (bytes, bytearray, memoryview)):
        shown, data = printable(name or "<bytes>"), bytes(source)
        if not data:
            raise EmptyFile(f"{shown} is empty (0 bytes)", remedy="upload it again")
        check_size(len(data), shown, limits)
    elif isinstance(source, (str, os.PathLike)):
        path = os.fspath(source)
        shown = printable(name or path)
        data = read_bytes(path, name=shown, limits=limits)
    else:
        raise TypeError(f"decode: expected a path, bytes or an array, got {type(source).__name__}")
    return _from_bytes(data, shown, limits)


def _from_bytes(data: bytes, name: str, limits: Limits) -> Photo:
    notes: list[str] = []
    kind = sniff(data, name)
    disagreement = check_suffix(name, kind, accept_mislabelled=limits.accept_mislabelled)
    if disagreement:
        notes.append(disagreement)
    try:
        if kind == "PNG":
            check_png(data)
        further = check_gif(data) if kind == "GIF" else False
        scans = count_scans(data, stop_after=limits.max_jpeg_scans) if kind == "JPEG" else 1
        stored = _open(data, kind, name, limits, notes)
        _check_scans(scans, stored.width * stored.height, name, limits)
        # Only TIFF reads metadata, and warns of it, while it loads pixels; all others may load side by side.
        with _quiet(limits, notes) if kind == "TIFF" else nullcontext():
            stored.load()
        with _quiet(limits, notes):
            image = upright(stored, notes)
            further = further or (kind != "GIF" and bool(getattr(stored, "is_animated", False)))
        bit_depth = data[_PNG_BIT_DEPTH] if kind == "PNG" else 8
        # PhotometricInterpretation 0, which Pillow heeds for 8 bits only.
        negative = stored.mode.startswith("I;16") and _tiff_tag(stored, 262) == 0
        rgb, alpha = to_srgb(image, name, notes, bit_depth=bit_depth, negative=negative)
    except PhotoError:
        raise
    except (Image.DecompressionBombError, MemoryError) as error:
        raise _too_large(name, _reason(error) if str(error) else "out of memory", limits) from error
    except Exception as error:
        # A decoder fed by strangers fails in many ways (OSError, SyntaxError, struct.error, KeyError,
        # EOFError ...).
        raise DamagedPhoto(
            f"{name} is damaged, or a variant of {kind} that packshot does not open ({_reason(error)})",
            remedy="upload it again, or export it anew as JPEG or PNG",
        ) from error
    if further:
        notes.append("only the first of several frames or pages was used")
    unique = tuple(dict.fromkeys(notes))
    return Photo(rgb, name, hashlib.sha256(data).hexdigest(), kind, alpha, unique)


def _open(data: bytes, kind: str, name: str, limits: Limits, notes: list[str]) -> Image.Image:
    """Read the header, and check what it declares."""
    with _quiet(limits, notes):
        if kind == "HEIF":
            _register_heif()
        image = Image.open(io.BytesIO(data), formats=[kind])
    _check_pixels(image.width, image.height, name, limits)
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        _check_tiff(image, name, limits)
    return image


def _register_heif() -> None:
    # Imported only when a HEIF file comes along: it loads libheif, and most runs never see one.
    if "HEIF" not in Image.OPEN:
        from pillow_heif import register_heif_opener  # noqa: PLC0415

        register_heif_opener(thumbnails=False)


def _check_pixels(width: int, height: int, name: str, limits: Limits) -> None:
    if width < 1 or height < 1:
        raise DamagedPhoto(f"{name} declares {width} x {height} pixels", remedy="upload it again")
    if width * height > limits.max_pixels:
        raise _too_large(name, f"{width} x {height} = {width * height / 1e6:.1f} megapixels", limits)
    if max(width, height) > limits.max_side:
        raise LimitExceeded(
            f"{name} is {width} x {height} pixels, expected no side above {limits.max_side}",
            remedy="scale the photo down, or raise max_side",
        )


def _too_large(name: str, came: str, limits: Limits) -> LimitExceeded:
    return LimitExceeded(
        f"{name} is too large ({came}), expected at most {limits.max_megapixels:g} megapixels",
        remedy="scale the photo down, or raise max_megapixels",
    )


def _check_scans(scans: int, pixels: int, name: str, limits: Limits) -> None:
    # The time a decoder needs is scans times pixels: the largest photo may have a fifth of the scans, one of
    # a fifth of its area all of them. Cameras write 1, progressive encoders about 10.
    allowed = min(limits.max_jpeg_scans, max(1, limits.max_jpeg_scans * limits.max_pixels // (5 * pixels)))
    if scans > allowed:
        raise LimitExceeded(
            f"{name} has more than {allowed} JPEG scans at {pixels / 1e6:.1f} megapixels",
            remedy="save the photo anew as a plain JPEG, or raise max_jpeg_scans",
        )


def _check_tiff(image: TiffImagePlugin.TiffImageFile, name: str, limits: Limits) -> None:
    tags = image.tag_v2
    if 50706 in tags:  # DNGVersion: the first picture of a raw file is only its preview
        raise UnsupportedFormat(f"{name} is a camera raw file (DNG)", remedy="develop it and export it as JPEG")
    tile = int(tags.get(322) or 0) * int(tags.get(323) or 0)
    if tile > limits.max_pixels:
        raise _too_large(name, f"tiles of {tile / 1e6:.1f} megapixels", limits)
    bits = tags.get(258) or (1,)
    if tags.get(284) == 2 and tags.get(259, 1) == 1 and max(bits) > 8:
        # Pillow 13 takes the two bytes of a sample for two pixels, without a word.
        raise UnsupportedFormat(
            f"{name} stores {max(bits)}-bit samples in separate planes, uncompressed",
            remedy="export it interleaved, or as PNG",
        )


def _tiff_tag(image: Image.Image, tag: int) -> Any:
    return image.tag_v2.get(tag) if isinstance(image, TiffImagePlugin.TiffImageFile) else None


@contextmanager
def _quiet(limits: Limits, notes: list[str]) -> Iterator[None]:
    """Turn Pillow's warnings into notes, and its own pixel limit into ours.

    Both are state of the whole process, hence the lock; it is held while headers are read, not while pixels
    are.
    """
    with _PILLOW, warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        before, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, limits.max_pixels
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS = before
    for warning in heard:
        if not issubclass(warning.category, Image.DecompressionBombWarning):
            notes.append(f"damaged metadata was ignored ({_reason(warning.message)})")


def _reason(error: Warning | Exception | str) -> str:
    if isinstance(error, UnidentifiedImageError):
        return "its structure cannot be read"
    text = printable(" ".join(str(error).split())) or type(error).__name__
    return text if len(text) <= 120 else text[:117] + "..."


def _from_array(pixels: NDArray[Any], name: str, limits: Limits) -> Photo:
    layout_ok = pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] in (3, 4))
    if pixels.dtype.newbyteorder("=") not in (np.uint8, np.uint16) or not layout_ok:
        raise UnsupportedFormat(
            f"{name} is {pixels.dtype} {pixels.shape}, expected uint8 or uint16 of (h, w), (h, w, 3) or (h, w, 4)",
            remedy="scale the values to 0..255 and convert them to uint8, channels last",
        )
    if pixels.size == 0:
        raise EmptyFile(f"{name} has no pixels {pixels.shape}", remedy="pass a picture")
    _check_pixels(pixels.shape[1], pixels.shape[0], name, limits)
    digest = hashlib.sha256(f"{pixels.dtype.str} {pixels.shape}".encode())
    digest.update(np.ascontiguousarray(pixels).data)
    shallow = eight_bit(pixels)
    if shallow.ndim == 2:
        shallow = np.repeat(shallow[..., None], 3, axis=2)
    rgb, alpha = np.array(shallow[..., :3], order="C"), shallow[..., 3:]
    if alpha.size == 0 or int(alpha.min()) == 255:
        return Photo(rgb, name, digest.hexdigest(), "ARRAY")
    opacity = alpha[..., 0].astype(np.float32) / np.float32(255)
    return Photo(on_white(rgb, alpha[..., 0]), name, digest.hexdigest(), "ARRAY", opacity)
