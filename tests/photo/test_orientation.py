"""All eight EXIF orientations in every container, from the table in the standard."""

import io
import struct

import numpy as np
import pillow_heif
import pytest
import skimage.data
from PIL import Image, PngImagePlugin

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


XMP = (
    b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
    b"<rdf:Description xmlns:tiff='http://ns.adobe.com/tiff/1.0/' tiff:Orientation='6'/></rdf:RDF></x:xmpmeta>"
).replace(b"'", b'"')


def with_xmp(container: str, *, exif: bool) -> bytes:
    """A wide picture whose XMP says that it lies on its side."""
    image = Image.fromarray(skimage.data.astronaut()[:200, :300])
    block = Image.Exif()
    block[0x10F] = "Maker"  # a tag without meaning here: an EXIF block that says nothing of orientation
    options: dict[str, object] = {"exif": block.tobytes()} if exif else {}
    file = io.BytesIO()
    if container == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_itxt("XML:com.adobe.xmp", XMP.decode())
        image.save(file, "PNG", pnginfo=text, **options)
    elif container == "TIFF":
        image.save(file, "TIFF", tiffinfo={700: XMP})
    else:
        image.save(file, container, xmp=XMP, **options)
    return file.getvalue()


@pytest.mark.parametrize("container", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
@pytest.mark.parametrize("exif", [False, True])
def test_an_orientation_in_xmp_alone_is_left(container: str, exif: bool) -> None:
    data = with_xmp(container, exif=exif)
    assert b"Orientation" in data
    assert decode(data).rgb.shape == (200, 300, 3)


def test_a_gif_smaller_than_its_canvas_is_clear_around() -> None:
    frame = Image.new("P", (40, 30), 1)
    frame.putpalette([0, 0, 255, 200, 0, 0] + [0] * 762)
    file = io.BytesIO()
    frame.save(file, "GIF")
    data = bytearray(file.getvalue())
    data[6:10] = struct.pack("<HH", 96, 64)
    photo = decode(bytes(data))
    expected = np.full((64, 96, 3), 255)
    expected[:30, :40] = (200, 0, 0)
    np.testing.assert_array_equal(photo.rgb, expected)
    assert photo.alpha is not None
    assert photo.alpha.sum() == 30 * 40


def avif(**options: object) -> bytes:
    file = io.BytesIO()
    pixels = skimage.data.astronaut()[:64, :96]
    if options.pop("alpha", False):
        pixels = np.dstack([pixels, np.full((64, 96), 200, np.uint8)])
    Image.fromarray(pixels).save(file, "AVIF", quality=95, subsampling="4:4:4", **options)
    return file.getvalue()


def box_at(data: bytes, kind: bytes) -> tuple[int, int]:
    """Start and size of the first box of a kind."""
    at = data.index(kind) - 4
    return at, int.from_bytes(data[at : at + 4], "big")


def grown(data: bytes, at: int, more: bytes, inside: tuple[bytes, ...]) -> bytes:
    """An AVIF with bytes put in before `at`: boxes around them grow, and the one item behind them moves."""
    changed = bytearray(data)
    for kind in inside:
        start, size = box_at(data, kind)
        changed[start : start + 4] = (size + len(more)).to_bytes(4, "big")
    media = data.index(b"mdat")
    place = data.index(b"iloc")
    for number in range(place, place + box_at(data, b"iloc")[1] - 8):
        value = int.from_bytes(data[number : number + 4], "big")
        if value == media + 4:
            changed[number : number + 4] = (value + len(more)).to_bytes(4, "big")
    return bytes(changed[:at]) + more + bytes(changed[at:])


def test_the_clean_aperture_of_an_avif() -> None:
    # ISO/IEC 14496-12, 12.1.4: 40 x 32 pixels whose centre lies 8 right of and 4 below the picture's.
    data = avif()
    clap = struct.pack(">I4s", 40, b"clap") + struct.pack(">IIIIiIiI", 40, 1, 32, 1, 8, 1, 4, 1)
    properties, size = box_at(data, b"ipco")
    count = data[properties : properties + size].count(b"ispe") + 1
    first = properties + 8
    number = 0
    while first < properties + size:
        number += 1
        first += int.from_bytes(data[first : first + 4], "big")
    data = grown(data, properties + size, clap, (b"meta", b"iprp", b"ipco"))
    start, _ = box_at(data, b"ipma")
    entry = start + 16
    owned = data[entry + 2]
    data = data[: entry + 2] + bytes([owned + 1]) + data[entry + 3 :]
    data = grown(data, entry + 3 + owned, bytes([0x80 | number + 1]), (b"meta", b"iprp", b"ipma"))
    assert count == 2
    expected = decode(avif()).rgb[20:52, 36:76]
    np.testing.assert_array_equal(decode(data).rgb, expected)


def test_an_avif_whose_alpha_lacks_its_size() -> None:
    data = avif(alpha=True)
    start, _ = box_at(data, b"ipma")
    entry = start + 16
    first = entry + 3 + data[entry + 2]
    owned = data[first + 3 : first + 3 + data[first + 2]]
    properties, size = box_at(data, b"ipco")
    kinds, at = [], properties + 8
    while at < properties + size:
        kinds.append(data[at + 4 : at + 8])
        at += int.from_bytes(data[at : at + 4], "big")
    lacking = bytes(one for one in owned if kinds[(one & 0x7F) - 1] != b"ispe")
    assert len(lacking) == len(owned) - 1
    # The entry keeps its length: pixi, which readers do without, is named twice.
    spare = next(one for one in lacking if kinds[(one & 0x7F) - 1] == b"pixi")
    broken = data[: first + 3] + lacking + bytes([spare]) + data[first + 3 + len(owned) :]
    photo = decode(broken)
    assert photo.alpha is not None
    np.testing.assert_array_equal(photo.rgb, decode(data).rgb)


def test_heif_of_a_later_brand() -> None:
    pillow_heif.register_heif_opener()
    file = io.BytesIO()
    Image.fromarray(skimage.data.astronaut()[:64, :96]).save(file, "HEIF", quality=90)
    data = file.getvalue()
    later = data[:8] + b"mif2" + data[12:]
    np.testing.assert_array_equal(decode(later).rgb, decode(data).rgb)
