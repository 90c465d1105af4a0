"""What is fuzzed: each target takes bytes and raises only where a promise is broken."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from packshot.errors import PhotoError, UnsupportedFormat, UsageError
from packshot.limits import Limits
from packshot.photo import FORMATS, decode
from packshot.photo.icc import to_rgb
from packshot.photo.png_chunks import read_png
from packshot.photo.scans import read_scans
from packshot.photo.sniff import STRAY_BYTES, describe, recognise, sniff
from packshot.records import read_manifest, read_record

__all__ = ["TARGETS", "Target"]

Target = Callable[[bytes], None]

# Small, so that time goes into structure and not into pixels.
LIMITS = Limits(max_megapixels=1, max_whole_megapixels=1, full_megapixels=0.25, max_file_megabytes=1)


def decode_target(data: bytes) -> None:
    """A photo, or a `PhotoError` that says what to do."""
    try:
        photo = decode(data, name="fuzz.jpg", limits=LIMITS)
    except PhotoError as error:
        assert str(error)
        assert error.remedy
        return
    assert photo.format in FORMATS
    assert photo.rgb.dtype == np.uint8
    assert photo.rgb.shape == (photo.height, photo.width, 3)
    assert photo.width * photo.height <= LIMITS.max_pixels
    if photo.alpha is not None:
        assert photo.alpha.shape == photo.rgb.shape[:2]
        assert photo.alpha.min() >= 0
        assert photo.alpha.max() <= 1


def sniff_target(data: bytes) -> None:
    """A format, or `UnsupportedFormat`; and the same by the first bytes alone."""
    found = recognise(data[:512])
    assert describe(data[:512])
    try:
        content = sniff(data, "fuzz")
    except UnsupportedFormat:
        assert found is None
        return
    assert content == found
    assert content.format in FORMATS
    assert 0 <= content.start <= STRAY_BYTES


def scans_target(data: bytes) -> None:
    """Scans within the file, counted no further than asked."""
    try:
        scans = read_scans(data, stop_after=20)
    except ValueError:
        return
    assert 0 <= scans.count <= 21
    assert 0 <= scans.end <= max(len(data), 2)
    assert isinstance(scans.detailed, bool)
    assert read_scans(data[:-1], stop_after=20).count <= scans.count


_PICTURES = [
    Image.new(mode, (4, 3), fill)
    for mode, fill in (("RGB", (9, 99, 199)), ("L", 77), ("CMYK", (1, 2, 3, 4)), ("LAB", (99, 0, 0)))
]


def icc_target(data: bytes) -> None:
    """An RGB picture of the same size, whatever the profile."""
    for picture in _PICTURES:
        notes: list[str] = []
        converted = to_rgb(picture, data, notes)
        assert (converted.mode, converted.size) == ("RGB", picture.size)
        assert all(isinstance(note, str) for note in notes)


def png_target(data: bytes) -> None:
    """Chunks that, put together again, are taken apart the same way."""
    try:
        png = read_png(data)
    except ValueError:
        return
    again = read_png(png.data)
    assert again.data == png.data
    assert (again.bit_depth, again.colour_type) == (png.bit_depth, png.colour_type)
    assert len(png.data) <= len(data) + 24


_FOLDER = tempfile.TemporaryDirectory(prefix="packshot-fuzz-")


def manifest_target(data: bytes) -> None:
    """Records that can be written and read again, unchanged."""
    path = Path(_FOLDER.name) / "manifest.jsonl"
    path.write_bytes(data)
    try:
        records = list(read_manifest(path))
    except (ValueError, UsageError):
        return
    for record in records:
        assert read_record(json.loads(record.to_json())) == record


TARGETS: dict[str, Target] = {
    "decode": decode_target,
    "icc": icc_target,
    "manifest": manifest_target,
    "png": png_target,
    "scans": scans_target,
    "sniff": sniff_target,
}
