"""Colours described without an ICC profile, against the formulas of the standards written out here."""

import io
import struct
import zlib

import numpy as np
import pillow_heif
import pytest
import skimage.data
from PIL import Image

from packshot.photo import decode

Array = np.ndarray
PICTURE = skimage.data.astronaut()[:160, 150:310]
# BT.2087 and the primaries of H.273: linear sRGB to linear Display P3 and BT.2020, rows give R, G, B.
TO_P3 = np.array([[0.8224622, 0.1775380, 0.0], [0.0331942, 0.9668058, 0.0], [0.0170827, 0.0723974, 0.9105199]])
TO_2020 = np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]])


def light(rgb: Array) -> Array:
    """IEC 61966-2-1."""
    value = rgb / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def coded(linear: Array) -> Array:
    linear = np.clip(linear, 0, 1)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def pq(nits: Array) -> Array:
    """SMPTE ST 2084."""
    power = (np.clip(nits, 0, 10000) / 10000) ** 0.1593017578125
    return ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375


def hlg(scene: Array) -> Array:
    """ITU-R BT.2100, table 5."""
    return np.where(
        scene <= 1 / 12, np.sqrt(3 * scene), 0.17883277 * np.log(np.maximum(12 * scene - 0.28466892, 1e-9)) + 0.55991073
    )


def png(pixels: Array, *chunks: tuple[bytes, bytes]) -> bytes:
    """RGB or RGBA of 8 or 16 bits with chunks before the picture."""
    high, wide, samples = pixels.shape
    deep = pixels.dtype == np.uint16
    rows = b"".join(b"\0" + row.astype(">u2" if deep else "u1").tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", wide, high, 16 if deep else 8, 2 if samples == 3 else 6, 0, 0, 0)
    parts = [(b"IHDR", header), *chunks, (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )


def samples(values: Array, *, deep: bool = False) -> Array:
    return np.rint(values * (65535 if deep else 255)).astype(np.uint16 if deep else np.uint8)


def mean_error(photo: object, expected: Array = PICTURE) -> float:
    rgb = photo.rgb  # type: ignore[attr-defined]
    assert rgb.shape == expected.shape
    return float(np.abs(rgb.astype(float) - expected).mean())


CHRM_P3 = (b"cHRM", struct.pack(">8I", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000))


@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize(
    ("values", "chunks", "words"),
    [
        (coded(light(PICTURE) @ TO_P3.T), [(b"cICP", bytes([12, 13, 0, 1]))], "Display P3"),
        (coded(light(PICTURE) @ TO_P3.T), [(b"gAMA", struct.pack(">I", 45455)), CHRM_P3], "primaries"),
        (light(PICTURE) ** (1 / 1.8), [(b"gAMA", struct.pack(">I", 55556))], "gamma 1.8"),
        (np.clip(coded(light(PICTURE)) * 219 + 16, 0, 255) / 255, [(b"cICP", bytes([1, 13, 0, 0]))], "primaries 1"),
    ],
    ids=["cICP P3", "gAMA and cHRM P3", "gamma 1.8", "narrow range"],
)
def test_png_colours_are_converted_with_a_note(
    values: Array, chunks: list[tuple[bytes, bytes]], words: str, deep: bool
) -> None:
    photo = decode(png(samples(values, deep=deep), *chunks))
    assert mean_error(photo) < 1.5
    assert any(words in note for note in photo.notes)


def test_light_of_sixteen_bits_keeps_its_shadows() -> None:
    # One level of light in 8 bits is 13 levels of sRGB: only with all 16 bits do the shadows come out.
    dark = PICTURE // 8
    photo = decode(png(samples(light(dark), deep=True), (b"gAMA", struct.pack(">I", 100000))))
    assert np.abs(photo.rgb.astype(int) - dark).max() <= 1


@pytest.mark.parametrize(
    "chunks",
    [
        [(b"gAMA", struct.pack(">I", 45455))],
        [(b"sRGB", b"\0"), (b"gAMA", struct.pack(">I", 100000))],
        [(b"cICP", bytes([1, 13, 0, 1])), (b"gAMA", struct.pack(">I", 100000))],
        [(b"gAMA", struct.pack(">I", 0))],
        [(b"gAMA", struct.pack(">I", 45455)), (b"cHRM", bytes(32))],
        [(b"cHRM", CHRM_P3[1])],
        [(b"cICP", bytes([12, 99, 0, 1]))],
    ],
    ids=["2.2", "sRGB before gAMA", "cICP before gAMA", "gamma 0", "no primaries", "no gamma", "reserved"],
)
def test_what_is_srgb_or_describes_nothing_leaves_the_pixels(chunks: list[tuple[bytes, bytes]]) -> None:
    np.testing.assert_array_equal(decode(png(PICTURE, *chunks)).rgb, PICTURE)


@pytest.mark.parametrize("deep", [False, True])
def test_pq_at_the_white_of_broadcast_comes_back_as_it_was(deep: bool) -> None:
    # BT.2408: diffuse white at 203 cd/m2. With nothing brighter there is nothing to bring down.
    values = pq(np.clip(light(PICTURE) @ TO_2020.T, 0, 1) * 203)
    photo = decode(png(samples(values, deep=deep), (b"cICP", bytes([9, 16, 0, 1]))))
    assert mean_error(photo) < (1 if deep else 3)
    assert "PQ" in photo.notes[0]


def test_highlights_are_brought_down_in_order_and_shadows_stay() -> None:
    nits = np.geomspace(1, 4000, 256)
    ramp = np.repeat(np.repeat(pq(nits)[None, :, None], 32, axis=0), 3, axis=2)
    rgb = decode(png(samples(ramp, deep=True), (b"cICP", bytes([9, 16, 0, 1])))).rgb[0, :, 1].astype(int)
    assert (np.diff(rgb) >= 0).all(), "brighter never comes out darker"
    assert rgb[-1] >= 253
    assert rgb[nits > 203].min() < 250, "what is above white is told apart"
    dark = nits < 20
    expected = 255 * coded(nits[dark] / 203)
    assert np.abs(rgb[dark] - expected).max() <= 3, "the curve of BT.2390 leaves what is below its knee"


def test_hlg_of_broadcast() -> None:
    # BT.2408: 75 % of the signal (a scene of 0.265) is diffuse white; BT.2100: the display shows it at 203 cd/m2.
    scene = light(PICTURE) @ TO_2020.T
    luminance = (scene * 0.265) @ [0.2627, 0.6780, 0.0593]
    shown = scene * 0.265 * np.maximum(luminance, 1e-6)[..., None] ** 0.2 * (1000 / 203)
    expected = 255 * coded(np.clip(shown @ np.linalg.inv(TO_2020).T, 0, 1))
    photo = decode(png(samples(hlg(scene * 0.265), deep=True), (b"cICP", bytes([9, 18, 0, 1]))))
    assert mean_error(photo, expected) < 2


def test_transparency_goes_along() -> None:
    pixels = np.dstack(
        [samples(coded(light(PICTURE) @ TO_P3.T), deep=True), np.full(PICTURE.shape[:2], 65535, np.uint16)]
    )
    pixels[:80, :, 3] = 0
    photo = decode(png(pixels, (b"cICP", bytes([12, 13, 0, 1]))))
    assert photo.alpha is not None
    assert (photo.rgb[:80] == 255).all()
    assert np.abs(photo.rgb[80:].astype(float) - PICTURE[80:]).mean() < 1


def test_a_transparent_colour_of_sixteen_bits_is_compared_whole() -> None:
    pixels = np.full((8, 8, 3), 40 * 257, np.uint16)
    pixels[:4, :, 0] += 3  # the same high byte, and another colour
    photo = decode(png(pixels, (b"tRNS", struct.pack(">3H", *[40 * 257] * 3))))
    assert photo.alpha is not None
    assert photo.alpha[:, 0].tolist() == [1, 1, 1, 1, 0, 0, 0, 0]


def heif(values: Array, primaries: int, transfer: int) -> bytes:
    deep = values.dtype == np.uint16
    file = io.BytesIO()
    picture = pillow_heif.from_bytes("RGB;16" if deep else "RGB", values.shape[1::-1], values.tobytes())
    picture.save(
        file,
        quality=98,
        chroma=444,
        color_primaries=primaries,
        transfer_characteristics=transfer,
        matrix_coefficients=9 if primaries == 9 else 6,
        full_range_flag=1,
    )
    return file.getvalue()


@pytest.mark.parametrize("deep", [False, True])
def test_heif_by_code_points(deep: bool) -> None:
    assert mean_error(decode(heif(samples(coded(light(PICTURE) @ TO_P3.T)), 12, 13))) < 3
    assert decode(heif(PICTURE, 1, 13)).notes == ()
    values = samples(pq(np.clip(light(PICTURE) @ TO_2020.T, 0, 1) * 203), deep=deep)
    assert mean_error(decode(heif(values, 9, 16))) < 4


def test_avif_by_code_points() -> None:
    file = io.BytesIO()
    Image.fromarray(samples(coded(light(PICTURE) @ TO_P3.T))).save(file, "AVIF", quality=98, subsampling="4:4:4")
    data = bytearray(file.getvalue())
    at = data.index(b"colrnclx") + 8
    data[at : at + 4] = struct.pack(">HH", 12, 13)
    photo = decode(bytes(data))
    assert mean_error(photo) < 2
    assert "Display P3" in photo.notes[0]
