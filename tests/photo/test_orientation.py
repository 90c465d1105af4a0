"""All eight EXIF orientations in every container, from the table in the standard."""

import io

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from packshot.photo import decode

# Exif 3.0, tag 0x0112: where the stored 0th row and 0th column lie in the scene.
SIDES = {
    1: ("top", "left"),
    2: ("top", "right"),
    3: ("bottom", "right"),
    4: ("bottom", "left"),
    5: ("left", "top"),
    6: ("right", "top"),
    7: ("right", "bottom"),
    8: ("left", "bottom"),
}


def scene() -> np.ndarray:
    """48 x 32 pixels in six flat tiles of 16 x 16, each another colour."""
    tiles = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]], [[255, 255, 0], [0, 255, 255], [255, 0, 255]]], np.uint8)
    return tiles.repeat(16, axis=0).repeat(16, axis=1)


def stored(upright: np.ndarray, orientation: int) -> np.ndarray:
    height, width = upright.shape[:2]
    row, column = SIDES[orientation]
    along = {
        "top": lambda i: ("y", i),
        "bottom": lambda i: ("y", height - 1 - i),
        "left": lambda i: ("x", i),
        "right": lambda i: ("x", width - 1 - i),
    }
    rows, columns = (height, width) if row in ("top", "bottom") else (width, height)
    out = np.empty((rows, columns, 3), np.uint8)
    for r in range(rows):
        for c in range(columns):
            at = dict([along[row](r), along[column](c)])
            out[r, c] = upright[at["y"], at["x"]]
    return out


def encode(pixels: np.ndarray, container: str, orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    image, file = Image.fromarray(pixels), io.BytesIO()
    if container == "HEIF":  # the plugin turns the tag into an irot/imir property, the way a phone stores it
        pillow_heif.register_heif_opener()
    options = {
        "JPEG": {"quality": 100, "subsampling": 0},
        "WEBP": {"lossless": True},
        "AVIF": {"quality": 100, "subsampling": "4:4:4"},
        "TIFF-LZW": {"compression": "tiff_lzw"},
    }.get(container, {})
    image.save(file, container.removesuffix("-LZW"), exif=exif.tobytes(), **options)
    return file.getvalue()


@pytest.mark.parametrize("orientation", SIDES)
@pytest.mark.parametrize("container", ["JPEG", "PNG", "WEBP", "TIFF", "TIFF-LZW", "AVIF", "HEIF"])
def test_every_orientation_comes_out_upright(container: str, orientation: int) -> None:
    expected = scene()
    photo = decode(encode(stored(expected, orientation), container, orientation))
    assert photo.rgb.shape == expected.shape
    assert np.abs(photo.rgb.astype(int) - expected).max() < 60
    assert photo.notes == ()


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_an_orientation_outside_the_standard_is_ignored(value: int) -> None:
    photo = decode(encode(scene(), "JPEG", value))
    assert photo.rgb.shape == (32, 48, 3)
    assert bool(photo.notes) == (value != 0)
