"""One way for each format from the bytes of a file to its samples, upright and of a bearable size."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import cv2
import numpy as np
from PIL import Image, ImageFile

from packshot.errors import LimitExceeded, UnsupportedFormat
from packshot.limits import Limits
from packshot.photo import iso_media, webp
from packshot.photo.bitfields import bitfields_size, read_bitfields
from packshot.photo.cicp import from_code_points, linear_srgb
from packshot.photo.colour import samples_of
from packshot.photo.gif import check_gif, with_clear_rim
from packshot.photo.jpeg import inspect_jpeg, with_end
from packshot.photo.libtiff import libtiff_messages
from packshot.photo.orientation import exif_turn, turn_of
from packshot.photo.png_chunks import Png, read_png
from packshot.photo.reading import Reading, check_pixels, open_picture, quiet, reason, too_large
from packshot.photo.samples import Samples
from packshot.photo.scans import read_scans
from packshot.photo.seam import block_seam
from packshot.photo.tail import lost_tail
from packshot.photo.tiff_colour import is_read_here, tiff_samples
from packshot.photo.tiff_file import Directory, read_directory
from packshot.values import AnyArray

__all__ = ["READERS"]

_LOSSY = frozenset({"JPEG", "WEBP", "AVIF", "HEIF"})
_MOST_ZEROED = 0.1


def _read_jpeg(reading: Reading) -> Samples:
    limits = reading.limits
    scans = read_scans(reading.data, stop_after=limits.max_jpeg_scans)
    data = with_end(reading.data, scans)
    stored = open_picture(reading, data)
    _check_scans(scans.count, stored.width * stored.height, reading)
    state = inspect_jpeg(data, scans)
    if state.destroyed:
        raise reading.destroyed(state.damage or "")
    reading.damage = state.damage
    if state.note:
        reading.notes.append(state.note)
    full = stored.size
    parts = _parts(*full, limits)
    if parts > 1:
        # libjpeg decodes at a half, a quarter or an eighth, and never holds the whole picture.
        parts = next(step for step in (2, 4, 8) if step >= min(parts, 8))
        stored.draft(None, (full[0] // parts, full[1] // parts))
    stored.load()
    _note_size(full, stored.size, reading)
    return _finish(stored, reading, reduced=parts > 1)


def _read_png(reading: Reading) -> Samples:
    png = read_png(reading.data)
    reading.notes += png.notes
    reading.further = png.animated
    reading.profile, reading.tag = png.profile, png.tag
    stored = open_picture(reading, png.data)
    stored.load()
    if png.exif is not None:
        stored.info["exif"] = png.exif
    if png.bit_depth == 16:
        deep = _deep_png(png, stored)
        if deep is not None:
            return _bearable(deep, exif_turn(png.exif, reading.notes), reading)
        if png.colour_type == 4 and stored.mode == "RGBA":  # how Pillow gives grey with alpha of 16 bits
            stored = _like(Image.merge("LA", (stored.getchannel("R"), stored.getchannel("A"))), stored)
    return _finish(stored, reading, bit_depth=png.bit_depth)


def _deep_png(png: Png, stored: Image.Image) -> Samples | None:
    """All 16 bits of a coloured PNG, where more than their high bytes matter."""
    if png.colour_type not in (2, 6) or (png.tag is None and png.transparent is None):
        return None
    pixels: AnyArray | None = cv2.imdecode(np.frombuffer(png.data, np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.dtype != np.uint16 or pixels.ndim != 3 or pixels.shape[1::-1] != stored.size:
        return None
    rgb = np.ascontiguousarray(pixels[..., 2::-1])
    alpha = None
    if pixels.shape[2] == 4:
        alpha = (pixels[..., 3] >> 8).astype(np.uint8)
    elif png.transparent is not None:
        clear = (rgb == np.array(png.transparent, np.uint16)).all(axis=2)
        alpha = np.where(clear, np.uint8(0), np.uint8(255))
    return Samples(rgb, alpha)


def _read_tiff(reading: Reading) -> Samples:
    directory = read_directory(reading.data)
    _check_tiff(directory, reading)
    if is_read_here(directory):
        samples = tiff_samples(reading.data, directory, reading.name)
        reading.profile = directory.profile
        if directory.number == "f" and reading.profile is None:
            reading.tag = linear_srgb()
        return _bearable(samples, turn_of(directory.one(274, 1), reading.notes), reading)
    stored = open_picture(reading, reading.data)
    stored.info.pop("xmp", None)
    # Only TIFF reads metadata, and warns of it, while it loads pixels; all others may load side by side.
    with quiet(reading), libtiff_messages() as heard:
        stored.load()
    if heard:
        reading.damage = f"its decoder says: {reason(heard[0])}"
    with quiet(reading):
        reading.further = bool(getattr(stored, "is_animated", False))
    stored.info.pop("exif", None)  # Pillow has turned it already
    return _finish(stored, reading)


def _read_gif(reading: Reading) -> Samples:
    reading.further = check_gif(reading.data)
    stored = open_picture(reading, reading.data)
    assert isinstance(stored, ImageFile.ImageFile)  # noqa: S101 - all that comes from a file is
    box = stored.tile[0].extents if stored.tile else None
    stored.load()
    return _finish(stored if box is None else with_clear_rim(stored, box), reading)


def _read_bmp(reading: Reading) -> Samples:
    size = bitfields_size(reading.data)
    if size is None:
        stored = open_picture(reading, reading.data)
        stored.load()
        return _finish(stored, reading)
    check_pixels(*size, reading)
    return _finish(read_bitfields(reading.data), reading)


def _read_webp(reading: Reading) -> Samples:
    data = webp.padded(reading.data)
    if len(data) > len(reading.data):
        reading.notes.append("its last bytes are missing")
    _check_zeroed(webp.zeroed_share(reading.data), reading)
    stored = open_picture(reading, data)
    reading.further = bool(getattr(stored, "is_animated", False))
    stored.load()
    return _finish(stored, reading)


def _read_iso_media(reading: Reading) -> Samples:
    items = iso_media.read_items(reading.data)
    _check_zeroed(iso_media.zeroed_share(reading.data, items), reading)
    avif = reading.kind == "AVIF"
    data = iso_media.padded(reading.data, items)
    if len(data) > len(reading.data):
        reading.notes.append("its last bytes are missing")
    data = iso_media.with_alpha_size(data, items) if avif else iso_media.with_known_brand(data)
    stored = open_picture(reading, data)
    if items.code_points is not None:
        primaries, transfer, _ = items.code_points  # the decoder has dealt with the range
        reading.tag = from_code_points(primaries, transfer)
        if reading.tag is None:
            reading.notes.append(f"colour code points that photos do not use were ignored ({primaries}, {transfer})")
        elif reading.tag.plain:
            reading.tag = None
    reading.further = bool(getattr(stored, "is_animated", False))
    if not avif and reading.tag is not None and reading.tag.hdr:
        deep = _deep_heif(data, stored)
        if deep is not None:
            return _bearable(deep, exif_turn(stored.info.get("exif"), reading.notes), reading)
    stored.load()
    box = items.aperture(*stored.size) if avif else None
    if box is not None:
        size = (box[2] - box[0], box[3] - box[1])
        stored = _like(stored.resize(size, Image.Resampling.NEAREST, box=box), stored)
    return _finish(stored, reading)


def _deep_heif(data: bytes, stored: Image.Image) -> Samples | None:
    """All bits of an HDR picture, which 8 leave in steps."""
    from pi_heif import open_heif  # noqa: PLC0415 - as in _register_heif

    picture = open_heif(data, convert_hdr_to_8bit=False)
    pixels: AnyArray = np.array(picture)  # a copy: the array does not keep the picture's memory alive
    if pixels.dtype != np.uint16 or pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.shape[1::-1] != stored.size:
        return None
    return Samples(pixels)


READERS: Mapping[str, Callable[[Reading], Samples]] = MappingProxyType(
    {
        "AVIF": _read_iso_media,
        "BMP": _read_bmp,
        "GIF": _read_gif,
        "HEIF": _read_iso_media,
        "JPEG": _read_jpeg,
        "PNG": _read_png,
        "TIFF": _read_tiff,
        "WEBP": _read_webp,
    }
)
"""Format -> what decodes it: a `Reading` to samples that are upright; the rest it writes into the reading."""


def _finish(stored: Image.Image, reading: Reading, *, bit_depth: int = 8, reduced: bool = False) -> Samples:
    """Look for what was lost, make the picture smaller if it is too large, and turn it upright."""
    lossy = reading.kind in _LOSSY
    if reading.damage is None:
        reading.damage = lost_tail(stored, lossy=lossy)
    if reading.damage is None and lossy and not reduced:
        reading.damage = block_seam(stored)
    parts = 1 if reduced else _parts(*stored.size, reading.limits)
    if parts > 1:
        full = stored.size
        if stored.mode in ("P", "PA", "1"):
            clear = "transparency" in stored.info or stored.mode == "PA"
            stored = _like(stored.convert("RGBA" if clear else "RGB"), stored)
            stored.info.pop("transparency", None)
        stored = _like(stored.reduce(parts), stored)
        _note_size(full, stored.size, reading)
    with quiet(reading):
        turn = exif_turn(stored.info.get("exif"), reading.notes)
    image = stored if turn is None else _like(stored.transpose(turn), stored)
    return samples_of(image, reading.name, bit_depth=bit_depth)


def _bearable(samples: Samples, turn: Image.Transpose | None, reading: Reading) -> Samples:
    """The same for samples that did not come from Pillow."""
    parts = _parts(*samples.size, reading.limits)
    if parts > 1:
        full = samples.size
        samples = samples.reduced(parts)
        _note_size(full, samples.size, reading)
    return samples if turn is None else samples.transposed(turn)


def _like(image: Image.Image, original: Image.Image) -> Image.Image:
    image.info = original.info.copy()
    return image


def _parts(width: int, height: int, limits: Limits) -> int:
    """By how much the sides are divided, so that the area is not above what keeps its size."""
    parts = 1
    while width * height > limits.full_pixels * parts * parts:
        parts += 1
    return parts


def _note_size(full: tuple[int, int], now: tuple[int, int], reading: Reading) -> None:
    if full != now:
        reading.notes.append(f"reduced from {full[0]} x {full[1]} to {now[0]} x {now[1]} pixels")


def _check_scans(scans: int, pixels: int, reading: Reading) -> None:
    # The time a decoder needs is scans times pixels: the largest photo may have a twentieth of the scans, one of
    # a twentieth of its area all of them. Cameras write 1, progressive encoders about 10.
    limits = reading.limits
    allowed = min(limits.max_jpeg_scans, max(1, limits.max_jpeg_scans * limits.max_pixels // (5 * pixels)))
    if scans > allowed:
        raise LimitExceeded(
            f"{reading.name} has more than {allowed} JPEG scans at {pixels / 1e6:.1f} megapixels",
            remedy="save the photo anew as a plain JPEG, or raise max_jpeg_scans (PACKSHOT_LIMITS__MAX_JPEG_SCANS)",
        )


def _check_tiff(directory: Directory, reading: Reading) -> None:
    if 50706 in directory.tags:  # DNGVersion: the first picture of a raw file is only its preview
        raise UnsupportedFormat(f"{reading.name} is a camera raw file (DNG)", remedy="develop it and export it as JPEG")
    check_pixels(directory.width, directory.height, reading)
    tile = directory.one(322, 0) * directory.one(323, 0)
    if tile > reading.limits.max_whole_pixels:
        raise too_large(reading, f"tiles of {tile / 1e6:.1f} megapixels")


def _check_zeroed(share: float, reading: Reading) -> None:
    if share > _MOST_ZEROED:
        raise reading.destroyed(f"{share:.0%} of its picture data are zero bytes that no program writes")
    if share:
        reading.damage = f"{share:.1%} of its picture data are zero bytes that no program writes"
