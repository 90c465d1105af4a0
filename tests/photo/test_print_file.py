"""Files for print: what a layout program and a press read from them."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import cv2
import numpy as np
import pytest
import tifffile
from packshot_tests.press import press_profile
from PIL import Image

from packshot.errors import ByteLimitUnreachable, CompositionError, UsageError
from packshot.photo import decode, encode_print, print_facts
from packshot.specs import PrintSettings
from packshot.values import Alpha, Rgb

HEIGHT, WIDTH = 300, 400


@pytest.fixture
def alpha() -> Alpha:
    """A ring and, apart from it, a bar."""
    drawn = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.circle(drawn, (150, 150), 100, 255, -1)
    cv2.circle(drawn, (150, 150), 40, 0, -1)
    drawn[60:240, 320:360] = 255
    return drawn.astype(np.float32) / np.float32(255)


@pytest.fixture
def rgb(alpha: Alpha) -> Rgb:
    pixels = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    pixels[alpha > 0] = (180, 60, 40)
    return pixels


@pytest.fixture
def press(tmp_path: Path) -> Path:
    path = tmp_path / "press.icc"
    path.write_bytes(press_profile())
    return path


def area_of_path(resources: bytes) -> Alpha:
    """What a path encloses, drawn; read as Photoshop's specification says, open where outlines overlap."""
    start = resources.index(b"8BIM" + struct.pack(">H", 2000))
    name = resources[start + 6]
    begin = start + 6 + (1 + name + (1 + name) % 2)
    (size,) = struct.unpack_from(">I", resources, begin)
    records = resources[begin + 4 : begin + 4 + size]
    assert size % 26 == 0
    polygons: list[list[tuple[float, float]]] = []
    for at in range(0, size, 26):
        kind = struct.unpack_from(">h", records, at)[0]
        if kind == 0:
            polygons.append([])
        elif kind in (1, 2):
            y, x = struct.unpack_from(">ii", records, at + 10)  # the knot itself, between its handles
            polygons[-1].append((x / 2**24 * WIDTH, y / 2**24 * HEIGHT))
    drawn = np.zeros((HEIGHT, WIDTH), np.uint8)
    scaled = [np.rint(np.array(polygon) * 16 - 8).astype(np.int32) for polygon in polygons]
    cv2.fillPoly(drawn, scaled, 1, shift=4)
    return drawn.astype(np.float32)


def resources_of(data: bytes) -> bytes:
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        return bytes(file.pages[0].tags[34377].value)


def test_a_tiff_as_another_reader_sees_it(rgb: Rgb, alpha: Alpha) -> None:
    data = encode_print(rgb, alpha, PrintSettings(), format="TIFF").data
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        page = file.pages[0]
        assert page.compression == 5  # LZW, which every layout program reads
        assert page.tags["XResolution"].value == (300, 1)
        assert page.tags["ResolutionUnit"].value == 2  # inches
        assert bytes(page.tags["InterColorProfile"].value)[36:40] == b"acsp"
    read = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    np.testing.assert_array_equal(read, rgb)


@pytest.mark.parametrize("format", ["TIFF", "JPEG"])
def test_the_path_goes_round_the_product_and_leaves_its_hole_open(rgb: Rgb, alpha: Alpha, format: str) -> None:  # noqa: A002
    data = encode_print(rgb, alpha, PrintSettings(), format=format).data
    resources = resources_of(data) if format == "TIFF" else data
    enclosed, product = area_of_path(resources) > 0, alpha > 0.5
    assert not enclosed[150, 150]
    assert (enclosed & product).sum() / (enclosed | product).sum() > 0.99
    assert print_facts(data).paths == ("Path 1",)
    assert print_facts(data).resolution == 300
    assert np.abs(decode(data).rgb.astype(int) - rgb).mean() < 2


def test_a_path_longer_than_a_segment_of_jpeg_arrives_whole(rgb: Rgb) -> None:
    comb = np.zeros((HEIGHT, WIDTH), np.float32)
    for column in range(2, WIDTH - 2, 4):
        for row in range(2, HEIGHT - 12, 12):
            cv2.circle(comb, (column, row), 2, 1.0, -1)
            comb[row : row + 9, column : column + 2] = 1
    data = encode_print(rgb, comb, PrintSettings(), format="JPEG").data
    assert data.count(b"Photoshop 3.0\0") > 1
    assert print_facts(data).paths == ("Path 1",)


def test_a_transparent_tiff_holds_straight_alpha(rgb: Rgb, alpha: Alpha) -> None:
    rgba = np.dstack([rgb, np.rint(alpha * 255).astype(np.uint8)])
    data = encode_print(rgba, alpha, PrintSettings(clipping_path=False), format="TIFF").data
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        assert file.pages[0].extrasamples == (2,)  # unassociated
    read = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    np.testing.assert_array_equal(read[..., 3], rgba[..., 3])
    np.testing.assert_array_equal(read[alpha == 1][:, 2::-1], rgb[alpha == 1])  # that reader blackens what is clear
    assert print_facts(data).paths == ()


@pytest.mark.parametrize("format", ["TIFF", "JPEG"])
def test_the_colours_of_a_press(rgb: Rgb, alpha: Alpha, press: Path, format: str) -> None:  # noqa: A002
    data = encode_print(rgb, alpha, PrintSettings(icc=press), format=format, quality=95).data
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.mode == "CMYK"
        assert picture.info["icc_profile"] == press.read_bytes()
        inks = np.asarray(picture)
    assert inks[5, 5].max() <= 1  # paper stays paper
    cyan, magenta, yellow, black = inks[60, 150] / 255
    assert magenta > 0.5  # (180, 60, 40) lacks green and blue, and most of all what black can give
    assert yellow > magenta > cyan
    assert 0.2 < black < 0.4
    there_and_back = decode(data).rgb.astype(int)
    assert np.abs(there_and_back - rgb).mean() < 6


def test_the_same_picture_gives_the_same_bytes(rgb: Rgb, alpha: Alpha) -> None:
    first, second = (encode_print(rgb, alpha, PrintSettings(), format="TIFF", xmp=b"<x/>").data for _ in range(2))
    assert first == second
    with tifffile.TiffFile(io.BytesIO(first)) as file:
        assert bytes(file.pages[0].tags["XMP"].value) == b"<x/>"


def test_nothing_in_the_picture_gives_a_file_without_knots(rgb: Rgb) -> None:
    data = encode_print(rgb, np.zeros((HEIGHT, WIDTH), np.float32), PrintSettings(), format="TIFF").data
    assert not area_of_path(resources_of(data)).any()


def test_what_cannot_be_written_names_the_way_out(rgb: Rgb, alpha: Alpha, tmp_path: Path, press: Path) -> None:
    rgba = np.dstack([rgb, np.rint(alpha * 255).astype(np.uint8)])
    with pytest.raises(CompositionError, match="no transparency"):
        encode_print(rgba, alpha, PrintSettings(icc=press), format="TIFF")
    with pytest.raises(ByteLimitUnreachable, match="expected at most 1000"):
        encode_print(rgb, alpha, PrintSettings(), format="TIFF", max_bytes=1000)
    with pytest.raises(UsageError, match=r"none\.icc cannot be read"):
        encode_print(rgb, alpha, PrintSettings(icc=tmp_path / "none.icc"), format="TIFF")
    (tmp_path / "text.icc").write_text("no profile")
    with pytest.raises(UsageError, match=r"text\.icc cannot be read as a colour profile"):
        encode_print(rgb, alpha, PrintSettings(icc=tmp_path / "text.icc"), format="TIFF")


@pytest.mark.parametrize("data", [b"", b"no picture", b"8BIM" * 40, b"\xff\xd8\xff\xed\x00\x40Photoshop 3.0\x008BIM"])
def test_of_what_is_no_picture_nothing_is_said(data: bytes) -> None:
    assert print_facts(data).paths == ()
