"""Every container and pixel layout, against pixels chosen by hand or known from elsewhere."""

import io
import struct
import zlib

import numpy as np
import pillow_heif
import pytest
import skimage.data
import tifffile
from PIL import Image

from packshot.errors import UnsupportedFormat
from packshot.limits import Limits
from packshot.photo import FORMATS, decode


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(size: tuple[int, int], depth: int, colour: int, rows: bytes, *more: bytes) -> bytes:
    """A PNG written by hand from filtered rows (PNG 1.2, chapter 4)."""
    header = struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + b"".join(more)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def tiff(pixels: np.ndarray, **options: object) -> bytes:
    file = io.BytesIO()
    tifffile.imwrite(file, pixels, **options)
    return file.getvalue()


def saved(image: Image.Image, container: str, **options: object) -> bytes:
    pillow_heif.register_heif_opener()
    file = io.BytesIO()
    image.save(file, container, **options)
    return file.getvalue()


LOSSLESS = {"PNG": {}, "BMP": {}, "TIFF": {"compression": "tiff_lzw"}, "WEBP": {"lossless": True}}
LOSSY = {"JPEG": {"quality": 95}, "AVIF": {"quality": 90}, "HEIF": {"quality": 90}, "WEBP": {"quality": 95}}


@pytest.mark.parametrize("container", LOSSLESS)
def test_lossless_containers_keep_every_pixel(container: str) -> None:
    expected = skimage.data.astronaut()[:200, :300]
    photo = decode(saved(Image.fromarray(expected), container, **LOSSLESS[container]))
    np.testing.assert_array_equal(photo.rgb, expected)
    assert (photo.format, photo.alpha, photo.notes) == (container, None, ())


@pytest.mark.parametrize("container", LOSSY)
def test_lossy_containers_stay_close(container: str) -> None:
    expected = skimage.data.coffee()[:200, :300]
    photo = decode(saved(Image.fromarray(expected), container, **LOSSY[container]))
    assert np.abs(photo.rgb.astype(float) - expected).mean() < 6
    assert photo.format == container


def test_the_allow_list_is_what_is_tested_here() -> None:
    assert set(FORMATS) == {*LOSSLESS, *LOSSY, "GIF"}


def test_a_jpeg_with_a_second_picture_behind_it_is_a_jpeg() -> None:
    first, second = Image.new("RGB", (16, 16), "red"), Image.new("RGB", (16, 16), "blue")
    photo = decode(saved(first, "MPO", save_all=True, append_images=[second], quality=95))
    assert photo.format == "JPEG"
    assert photo.rgb[0, 0, 0] > 240


@pytest.mark.parametrize("container", ["GIF", "WEBP", "PNG", "TIFF", "AVIF"])
def test_of_several_frames_the_first_is_taken_and_said_so(container: str) -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "blue", "lime")]
    photo = decode(saved(frames[0], container, save_all=True, append_images=frames[1:]))
    assert photo.rgb[8, 8].astype(int) == pytest.approx([255, 0, 0], abs=4)
    assert any("first of several" in note for note in photo.notes)


def test_sixteen_bit_colour_keeps_the_high_byte() -> None:
    row = struct.pack(">9H", 0, 255, 256, 0x8000, 0x1234, 0xFFFF, 0xFF00, 0xFEFF, 0x00FF)
    expected = [[[0, 0, 1], [128, 0x12, 255], [255, 254, 0]]]
    assert decode(png((3, 1), 16, 2, b"\0" + row)).rgb.tolist() == expected
    pixels = np.frombuffer(row, ">u2").astype(np.uint16).reshape(1, 3, 3)
    for order in "<>":
        assert decode(tiff(pixels, photometric="rgb", byteorder=order)).rgb.tolist() == expected
    assert decode(tiff(pixels, photometric="rgb", compression="deflate", predictor=True)).rgb.tolist() == expected
    assert decode(pixels).rgb.tolist() == expected


def test_sixteen_bit_grey_is_not_clipped() -> None:
    values = np.array([[0, 255, 0x8000, 0xFF00, 0xFFFF]], np.uint16)
    expected = [0, 0, 128, 255, 255]
    for data in (
        png((5, 1), 16, 0, b"\0" + values.astype(">u2").tobytes()),
        tiff(values, photometric="minisblack", byteorder="<"),
        tiff(values, photometric="minisblack", byteorder=">"),
        tiff(65535 - values, photometric="miniswhite", byteorder="<"),
    ):
        rgb = decode(data).rgb
        assert rgb[0, :, 0].tolist() == expected
        assert (rgb == rgb[..., :1]).all()


def test_sixteen_bit_planes_come_out_right_or_are_refused() -> None:
    planes = np.zeros((3, 4, 5), np.uint16)
    planes[0] = 0xFFFF
    compressed = tiff(planes, photometric="rgb", planarconfig="separate", compression="deflate")
    assert (decode(compressed).rgb == [255, 0, 0]).all()
    with pytest.raises(UnsupportedFormat, match="separate planes"):
        decode(tiff(planes, photometric="rgb", planarconfig="separate"))


@pytest.mark.parametrize("dtype", [np.uint32, np.int16, np.float32])
def test_samples_without_an_agreed_white_are_refused(dtype: type) -> None:
    with pytest.raises(UnsupportedFormat, match="8 or 16 bits"):
        decode(tiff(np.ones((4, 4), dtype), photometric="minisblack"))


def test_palette_with_transparency() -> None:
    palette = chunk(b"PLTE", bytes([10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120]))
    photo = decode(png((4, 1), 2, 3, b"\0\x1b", palette, chunk(b"tRNS", b"\x80\x00")))
    assert photo.alpha is not None
    assert photo.alpha[0].tolist() == pytest.approx([128 / 255, 0, 1, 1])
    # 255 - (255 - c) * 128 / 255, rounded; then white; then the colours as they are
    assert photo.rgb[0].tolist() == [[132, 137, 142], [255, 255, 255], [70, 80, 90], [100, 110, 120]]


@pytest.mark.parametrize(
    ("depth", "row", "key", "grey"),
    [
        (1, b"\xa0", 1, [255, 0, 255]),
        (2, b"\x6c", 2, [85, 170, 255]),
        (4, b"\x5a\xf0", 10, [0x55, 0xAA, 0xFF]),
        (8, b"\x05\x0a\x0f", 10, [5, 10, 15]),
        (16, b"\x05\x00\x0a\x01\x0f\x02", 0x0A01, [5, 10, 15]),
    ],
)
def test_a_transparent_grey_in_every_bit_depth(depth: int, row: bytes, key: int, grey: list[int]) -> None:
    photo = decode(png((3, 1), depth, 0, b"\0" + row, chunk(b"tRNS", struct.pack(">H", key))))
    clear = {1: [0, 2]}.get(depth, [1])
    assert photo.alpha is not None
    assert np.flatnonzero(photo.alpha[0] == 0).tolist() == clear
    assert photo.rgb[0, :, 0].tolist() == [255 if i in clear else value for i, value in enumerate(grey)]


@pytest.mark.parametrize(("depth", "code"), [(8, ">6B"), (16, ">6H")])
def test_a_transparent_colour(depth: int, code: str) -> None:
    top = 2 ** (depth - 8)
    row = struct.pack(code, *(value * top for value in (10, 20, 30, 10, 20, 31)))
    key = chunk(b"tRNS", struct.pack(">3H", *(value * top for value in (10, 20, 30))))
    photo = decode(png((2, 1), depth, 2, b"\0" + row, key))
    assert photo.alpha is not None
    assert photo.alpha[0].tolist() == [0, 1]


def test_grey_with_alpha_and_one_bit() -> None:
    photo = decode(png((2, 1), 8, 4, b"\0\x40\x00\x80\xff"))
    assert photo.rgb[0].tolist() == [[255] * 3, [128] * 3]
    assert photo.alpha is not None
    assert photo.alpha.tolist() == [[0, 1]]
    assert decode(png((2, 1), 1, 0, b"\0\x40")).rgb[0].tolist() == [[0] * 3, [255] * 3]
    assert decode(tiff(np.array([[True, False]]), photometric="minisblack")).rgb[0, :, 0].tolist() == [255, 0]


def test_premultiplied_alpha_is_undone() -> None:
    # colour 200 at alpha 0.5 is stored as 100; on white that is 100 + 127
    pixels = np.full((2, 2, 4), (100, 100, 100, 128), np.uint8)
    photo = decode(tiff(pixels, photometric="rgb", extrasamples=["assocalpha"]))
    assert int(photo.rgb[0, 0, 0]) == pytest.approx(227, abs=1)


@pytest.mark.parametrize("container", ["PNG", "WEBP", "TIFF"])
def test_an_opaque_alpha_channel_is_no_transparency(container: str) -> None:
    image = Image.fromarray(np.dstack([skimage.data.chelsea()[:40, :40], np.full((40, 40), 255, np.uint8)]))
    photo = decode(saved(image, container, **LOSSLESS[container]))
    assert photo.alpha is None
    np.testing.assert_array_equal(photo.rgb, np.asarray(image)[..., :3])


def test_arrays() -> None:
    grey = np.arange(6, dtype=np.uint8).reshape(2, 3)
    assert decode(grey).rgb.tolist() == np.dstack([grey] * 3).tolist()
    assert decode(grey.astype(np.uint16) * 257).rgb.tolist() == np.dstack([grey] * 3).tolist()
    rgba = np.dstack([grey] * 3 + [np.full((2, 3), 51, np.uint8)])
    photo = decode(rgba, name="from the camera")
    assert photo.alpha is not None
    np.testing.assert_allclose(photo.alpha, 0.2, atol=1e-6)
    assert photo.rgb[0, 0].tolist() == [204] * 3
    assert (photo.source, photo.format) == ("from the camera", "ARRAY")
    original = np.zeros((2, 2, 3), np.uint8)
    photo = decode(original)
    original[:] = 9
    assert not photo.rgb.any()


def test_equal_pixels_of_another_shape_are_another_photo() -> None:
    assert decode(np.zeros((2, 8), np.uint8)).sha256 != decode(np.zeros((4, 4), np.uint8)).sha256


@pytest.mark.parametrize("pixels", [np.zeros((2, 2)), np.zeros((2, 2, 2), np.uint8), np.zeros(4, np.uint8)])
def test_other_arrays_are_refused(pixels: np.ndarray) -> None:
    with pytest.raises(UnsupportedFormat, match="expected uint8"):
        decode(pixels)


def test_limits_hold_for_arrays_too() -> None:
    with pytest.raises(Exception, match="megapixels"):
        decode(np.zeros((200, 200), np.uint8), limits=Limits(max_megapixels=0.01))
