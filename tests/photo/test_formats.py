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


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("options", [{}, {"compression": "deflate"}, {"tile": (16, 16)}], ids=str)
def test_sixteen_bit_planes(order: str, options: dict[str, object]) -> None:
    planes = np.zeros((3, 4, 5), np.uint16)
    planes[0] = 0xFFFF
    planes[1, 2] = 0x8000
    expected = np.zeros((4, 5, 3))
    expected[..., 0], expected[2, :, 1] = 255, 128
    data = tiff(planes, photometric="rgb", planarconfig="separate", byteorder=order, **options)
    np.testing.assert_array_equal(decode(data).rgb, expected)


@pytest.mark.parametrize("dtype", [np.uint32, np.int16])
def test_samples_without_an_agreed_white_are_refused(dtype: type) -> None:
    with pytest.raises(UnsupportedFormat, match="8 or 16 bits"):
        decode(tiff(np.ones((4, 4), dtype), photometric="minisblack"))


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("options", [{}, {"compression": "deflate"}, {"planarconfig": "separate"}], ids=str)
def test_floating_point_is_light(order: str, dtype: type, options: dict[str, object]) -> None:
    # As libvips and Photoshop have it: 0 is black, 1 white, linear. sRGB of 0.5 is 188 (IEC 61966-2-1).
    light = np.zeros((4, 5, 3), dtype)
    light[1], light[2], light[3] = 0.5, 1.0, 3.0
    pixels = light.transpose(2, 0, 1).copy() if options.get("planarconfig") == "separate" else light
    photo = decode(tiff(pixels, photometric="rgb", byteorder=order, **options))
    assert photo.rgb[:, 0, 0].tolist() == [0, 188, 255, 255]
    assert "linear" in photo.notes[0]


def test_floating_point_of_another_scale_is_refused() -> None:
    with pytest.raises(UnsupportedFormat, match=r"up to 255, expected 0 for black and 1 for white"):
        decode(tiff(np.full((4, 4), 255, np.float32), photometric="minisblack"))


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("compression", [None, "deflate"])
def test_big_tiff(order: str, compression: str | None) -> None:
    expected = skimage.data.astronaut()[:40, :60]
    data = tiff(expected, photometric="rgb", bigtiff=True, byteorder=order, compression=compression)
    np.testing.assert_array_equal(decode(data).rgb, expected)


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize(
    ("photometric", "white", "red"),
    [
        # CIELab of sRGB's white and red (D50): L 100 a 0 b 0, and L 54.3 a 80.8 b 69.9; TIFF 6.0 section 23
        ("cielab", (255, 0, 0), (138, 81, 70)),
        ("icclab", (255, 128, 128), (138, 209, 198)),
    ],
)
@pytest.mark.parametrize("wide", [False, True])
def test_lab(order: str, photometric: str, white: tuple[int, ...], red: tuple[int, ...], wide: bool) -> None:
    lab = np.array([[white, red]], np.uint8)
    pixels = lab.astype(np.uint16) * 256 if wide else lab
    rgb = decode(tiff(pixels, photometric=photometric, byteorder=order)).rgb.astype(int)
    assert np.abs(rgb[0, 0] - 255).max() <= 1
    assert np.abs(rgb[0, 1] - [255, 0, 0]).max() <= 6  # whole numbers of Lab


def test_grey_of_sixteen_bits_with_alpha_and_a_profile() -> None:
    grey = np.full((4, 6), 0x8000, np.uint16)
    pixels = np.dstack([grey, np.full_like(grey, 0xFFFF)])
    straight = tiff(pixels, photometric="minisblack", extrasamples=["unassalpha"], planarconfig="contig")
    assert (decode(straight).rgb == 128).all()
    rows = b"".join(b"\0" + line.astype(">u2").tobytes() for line in pixels)
    # a grey profile of gamma 1: light of 0.5, which is 188 in sRGB
    profile = grey_profile()
    data = png((6, 4), 16, 4, rows, chunk(b"iCCP", b"x\0\0" + zlib.compress(profile)))
    assert np.abs(decode(data).rgb.astype(int) - 188).max() <= 1


def grey_profile() -> bytes:
    """An ICC profile of grey with gamma 1, written by hand (ICC.1:2010, 7.2 and 10.5)."""
    numbers = [round(value * 65536) for value in (0.9642, 1.0, 0.8249)]
    tags = {
        b"desc": b"desc" + bytes(4) + struct.pack(">I", 2) + b"g\0" + bytes(78),
        b"cprt": b"text" + bytes(4) + b"none\0",
        b"wtpt": b"XYZ " + bytes(4) + struct.pack(">iii", *numbers),
        b"kTRC": b"curv" + bytes(4) + struct.pack(">I", 0),
    }
    table, body = b"", b""
    for name, content in tags.items():
        padded = content + bytes(-len(content) % 4)
        table += name + struct.pack(">II", 132 + 12 * len(tags) + len(body), len(content))
        body += padded
    size = 132 + len(table) + len(body)
    head = struct.pack(">I4sI4s4s4s", size, bytes(4), 0x02400000, b"mntr", b"GRAY", b"XYZ ") + bytes(12)
    head += b"acsp" + bytes(28) + struct.pack(">iii", *numbers)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


@pytest.mark.parametrize(
    ("bits", "masks"),
    [
        (16, (0xF00, 0xF0, 0xF, 0)),  # 4-4-4
        (16, (0xF00, 0xF0, 0xF, 0xF000)),  # 4-4-4-4 with alpha
        (32, (0x3FF00000, 0xFFC00, 0x3FF, 0)),  # ten bits each
        (32, (0xFF00, 0xFF0000, 0xFF000000, 0xFF)),
    ],
)
@pytest.mark.parametrize("downwards", [False, True])
def test_bmp_with_any_masks(bits: int, masks: tuple[int, ...], downwards: bool) -> None:
    colours = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]], [[255, 255, 255], [0, 0, 0], [255, 0, 255]]])
    values = np.zeros(colours.shape[:2], f"<u{bits // 8}")
    for channel, mask in enumerate(masks[:3]):
        values |= np.where(colours[..., channel], mask, 0).astype(values.dtype)
    values |= values.dtype.type(masks[3])
    lines = [line.tobytes() + bytes(-len(line.tobytes()) % 4) for line in (values if downwards else values[::-1])]
    header = struct.pack("<IiiHHIIiiII", 124, 3, -2 if downwards else 2, 1, bits, 3, 0, 0, 0, 0, 0)
    header = (header + struct.pack("<IIII", *masks)).ljust(124, b"\0")
    data = b"BM" + struct.pack("<IHHI", 138 + len(b"".join(lines)), 0, 0, 138) + header + b"".join(lines)
    photo = decode(data)
    np.testing.assert_array_equal(photo.rgb, colours)
    assert photo.alpha is None


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
