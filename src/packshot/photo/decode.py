"""Open a photo from a stranger: bounded, upright, sRGB - or refused with a reason."""

from __future__ import annotations

import hashlib
import os

import numpy as np
from PIL import Image

from packshot.errors import DamagedPhoto, EmptyFile, PhotoError, UnsupportedFormat
from packshot.limits import Limits
from packshot.photo.colour import on_white, to_srgb
from packshot.photo.readers import READERS
from packshot.photo.reading import Reading, check_pixels, reason, too_large, too_little_memory
from packshot.photo.samples import eight_bit
from packshot.photo.sniff import check_suffix, sniff
from packshot.photo.source import check_size, read_bytes
from packshot.photo.transparency import outlines_something
from packshot.photo.xmp import source_type_of
from packshot.storage.encodable import printable
from packshot.values import AnyArray, Photo

__all__ = ["decode"]

_DEFAULT = Limits()


def decode(
    source: str | os.PathLike[str] | bytes | AnyArray,
    *,
    name: str | None = None,
    limits: Limits = _DEFAULT,
) -> Photo:
    """Open a photo, within limits that are checked before pixels are decoded.

    The content decides the format. EXIF orientation is applied, colours are converted to sRGB, of several
    frames the first is taken, and no metadata goes along but how the picture came about (`Photo.source_type`). What was
    assumed or repaired stands in `Photo.notes`; what speaks for a partly destroyed picture in `Photo.damage`. A photo
    above `Limits.full_megapixels` is reduced.

    Args:
        source: a path; the bytes of a file; or pixels, uint8 or uint16 of shape (h, w), (h, w, 3) or (h, w, 4), taken
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
        MislabelledPhoto: the name says another format than the content, and `limits` refuse that.
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
        raise TypeError(
            f"decode: expected a path, bytes or an array, got {type(source).__name__}; give the file's path or bytes, "
            "so that its orientation and colour profile count"
        )
    return _from_bytes(data, shown, limits)


def _from_bytes(data: bytes, name: str, limits: Limits) -> Photo:
    content = sniff(data, name)
    reading = Reading(data[content.start :] if content.start else data, content.format, name, limits)
    if content.start:
        reading.notes.append("stray bytes before the picture were ignored")
    disagreement = check_suffix(name, content.format, refuse=limits.refuse_mislabelled)
    if disagreement:
        reading.notes.append(disagreement)
    try:
        samples = READERS[content.format](reading)
        rgb, alpha = to_srgb(samples, reading.notes, profile=reading.profile, tag=reading.tag)
    except PhotoError:
        raise
    except Image.DecompressionBombError as error:
        raise too_large(reading, "far more pixels than allowed") from error
    except MemoryError as error:
        raise too_little_memory(reading) from error
    except Exception as error:
        # A decoder fed by strangers fails in many ways (OSError, SyntaxError, struct.error, KeyError,
        # EOFError ...).
        raise DamagedPhoto(
            f"{name} is damaged, or a variant of {content.format} that packshot does not open ({reason(error)})",
            remedy="upload it again, or export it anew as JPEG or PNG",
        ) from error
    if alpha is not None and not outlines_something(alpha):
        reading.notes.append("its transparency outlines nothing: it was laid on white")
    if reading.further:
        reading.notes.append("only the first of several frames or pages was used")
    unique = tuple(dict.fromkeys(reading.notes))
    return Photo(
        rgb,
        name,
        hashlib.sha256(data).hexdigest(),
        content.format,
        alpha,
        unique,
        reading.damage,
        source_type_of(data),
    )


def _from_array(pixels: AnyArray, name: str, limits: Limits) -> Photo:
    layout_ok = pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] in (3, 4))
    if pixels.dtype.newbyteorder("=") not in (np.uint8, np.uint16) or not layout_ok:
        raise UnsupportedFormat(
            f"{name} is {pixels.dtype} {pixels.shape}, expected uint8 or uint16 of (h, w), (h, w, 3) or (h, w, 4)",
            remedy="scale the values to 0..255 and convert them to uint8, channels last",
        )
    if pixels.size == 0:
        raise EmptyFile(f"{name} has no pixels {pixels.shape}", remedy="pass a picture")
    check_pixels(pixels.shape[1], pixels.shape[0], Reading(b"", "ARRAY", name, limits))
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
