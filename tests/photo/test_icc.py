"""Colour profiles against the formulas they stand for, worked out in floating point here."""

import io
import struct

import numpy as np
import pytest
import skimage.color
import tifffile
from PIL import Image

from packshot.photo import decode, encode
from packshot.photo.icc import srgb_profile

# CSS Color 4, section 17: linear Display P3 and Adobe RGB (1998) to CIE XYZ, D65.
TO_XYZ = {
    "Display P3": [
        [0.4865709486, 0.2656676932, 0.1982172852],
        [0.2289745641, 0.6917385218, 0.0792869141],
        [0.0, 0.0451133819, 1.0439443689],
    ],
    "Adobe RGB": [
        [0.5766690429, 0.1855582379, 0.1882286462],
        [0.2973449753, 0.6273635663, 0.0752914585],
        [0.0270313614, 0.0706888525, 0.9913375368],
    ],
}
SRGB_TO_XYZ = np.array(
    [
        [0.4123907993, 0.3575843394, 0.1804807884],
        [0.2126390059, 0.7151686788, 0.0721923154],
        [0.0193308187, 0.1191947798, 0.9505321522],
    ]
)
# Bradford adaptation from D65 to the profile connection space's D50.
TO_D50 = np.array(
    [
        [1.0479298208, 0.0229467933, -0.0501922295],
        [0.0296278156, 0.9904344267, -0.0170738250],
        [-0.0092430581, 0.0150551448, 0.7518742899],
    ]
)
PIXELS = np.random.default_rng(5).integers(0, 256, (20, 20, 3), dtype=np.uint8)


def icc(space: bytes, tags: dict[bytes, bytes], *, kind: bytes = b"mntr", connection: bytes = b"XYZ ") -> bytes:
    """A version 2 profile (ICC.1:2001, chapter 6): header, tag table, tags."""
    offset, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for name, data in tags.items():
        padded = data + b"\0" * (-len(data) % 4)
        table += name + struct.pack(">II", offset + len(body), len(data))
        body += padded
    size = offset + len(body)
    header = struct.pack(">I4sI4s4s4s", size, b"\0" * 4, 0x02100000, kind, space, connection)
    header += struct.pack(">6H", 2020, 1, 1, 0, 0, 0) + b"acsp" + b"\0" * 28
    header += struct.pack(">3i", *(round(v * 65536) for v in (0.9642, 1.0, 0.8249)))
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def xyz(values: np.ndarray) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(float(v) * 65536) for v in values))


def gamma(value: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(value * 256))


TEXT = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"test\0" + b"\0" * 78
WHITE = xyz(np.array([0.9642, 1.0, 0.8249]))


def rgb_profile(to_xyz: np.ndarray, exponent: float) -> bytes:
    columns = TO_D50 @ to_xyz
    tags = {b"desc": TEXT, b"wtpt": WHITE}
    for index, channel in enumerate(b"rgb"):
        tags[bytes([channel]) + b"XYZ"] = xyz(columns[:, index])
        tags[bytes([channel]) + b"TRC"] = gamma(exponent)
    return icc(b"RGB ", tags)


def srgb_curve(linear: np.ndarray) -> np.ndarray:
    """IEC 61966-2-1: linear 0..1 to 0..255."""
    linear = np.clip(linear, 0, 1)
    return 255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def with_profile(pixels: np.ndarray, profile: bytes, container: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, container, icc_profile=profile)
    return file.getvalue()


@pytest.mark.parametrize("container", ["PNG", "TIFF"])
@pytest.mark.parametrize("space", TO_XYZ)
def test_wide_gamut_colours_are_converted(space: str, container: str) -> None:
    matrix = np.array(TO_XYZ[space])
    linear = (PIXELS / 255) ** 2.19921875
    expected = srgb_curve(linear @ (np.linalg.inv(SRGB_TO_XYZ) @ matrix).T)
    photo = decode(with_profile(PIXELS, rgb_profile(matrix, 2.19921875), container))
    assert np.abs(photo.rgb - expected).max() <= 2
    assert np.abs(photo.rgb.astype(int) - PIXELS).max() > 20
    assert photo.notes == ()


def test_white_stays_white_under_every_profile() -> None:
    white = np.full((4, 4, 3), 255, np.uint8)
    for matrix in TO_XYZ.values():
        assert (decode(with_profile(white, rgb_profile(np.array(matrix), 2.2))).rgb == 255).all()


def test_alpha_is_not_touched_by_the_profile() -> None:
    rgba = np.dstack([PIXELS, np.full((20, 20), 255, np.uint8)])
    rgba[0, 0, 3] = 0
    profile = rgb_profile(np.array(TO_XYZ["Adobe RGB"]), 2.2)
    photo = decode(with_profile(rgba, profile))
    assert photo.alpha is not None
    assert photo.alpha.sum() == 399
    plain = decode(with_profile(PIXELS, profile)).rgb
    np.testing.assert_array_equal(photo.rgb.reshape(-1, 3)[1:], plain.reshape(-1, 3)[1:])


def test_linear_grey() -> None:
    values = np.arange(256, dtype=np.uint8)[None]
    profile = icc(b"GRAY", {b"desc": TEXT, b"wtpt": WHITE, b"kTRC": gamma(1.0)})
    rgb = decode(with_profile(values, profile)).rgb
    assert np.abs(rgb[0, :, 0] - srgb_curve(values[0] / 255)).max() <= 2
    assert (rgb == rgb[..., :1]).all()


def test_an_srgb_profile_changes_no_pixel() -> None:
    photo = decode(with_profile(PIXELS, srgb_profile()))
    np.testing.assert_array_equal(photo.rgb, PIXELS)
    assert photo.notes == ()


def test_cmyk_by_its_profile() -> None:
    # A printer profile of 2 x 2 x 2 x 2 nodes (lut8Type, ICC.1:2001, 6.5.7): the colours at the nodes are known.
    lab = {(0, 0, 0): (100, 0, 0), (1, 0, 0): (55, -37, -50), (0, 1, 0): (48, 74, -3), (0, 0, 1): (89, -5, 93)}
    nodes = b""
    for node in np.ndindex(2, 2, 2, 2):
        light, a, b = lab.get(node[:3], (24, 0, 0)) if node[3] == 0 else (0, 0, 0)
        nodes += bytes([round(light * 2.55), a + 128, b + 128])
    identity = bytes(range(256))
    unit = struct.pack(">9i", *(65536 * v for v in (1, 0, 0, 0, 1, 0, 0, 0, 1)))
    table = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + unit + identity * 4 + nodes + identity * 3
    profile = icc(
        b"CMYK", {b"desc": TEXT, b"wtpt": WHITE, b"A2B0": table, b"A2B1": table}, kind=b"prtr", connection=b"Lab "
    )
    inks = np.array([[[0, 0, 0, 0], [255, 0, 0, 0], [0, 255, 0, 0], [0, 0, 255, 0], [0, 0, 0, 255]]], np.uint8)
    file = io.BytesIO()
    Image.frombytes("CMYK", (5, 1), inks.tobytes()).save(file, "TIFF", icc_profile=profile)
    photo = decode(file.getvalue())
    colours = [lab[0, 0, 0], lab[1, 0, 0], lab[0, 1, 0], lab[0, 0, 1], (0, 0, 0)]
    expected = skimage.color.lab2rgb(np.array([colours], float), illuminant="D50")
    # scikit-image's Lab is that of another white, hence the wide tolerance; white and black are exact.
    assert np.abs(photo.rgb - 255 * np.clip(expected, 0, 1)).max() < 40
    assert photo.rgb[0, 0].tolist() == [255] * 3
    assert photo.rgb[0, 4].tolist() == [0] * 3
    assert photo.notes == ()


@pytest.mark.parametrize("container", ["JPEG", "TIFF"])
def test_cmyk_without_a_profile_is_approximate_and_says_so(container: str) -> None:
    file = io.BytesIO()
    Image.new("CMYK", (16, 16), (0, 255, 255, 0)).save(file, container)
    photo = decode(file.getvalue())
    assert photo.rgb[8, 8].astype(int) == pytest.approx([255, 0, 0], abs=4)
    assert any("approximate" in note for note in photo.notes)


def test_lab_tiff() -> None:
    # L* 53.585 is the sRGB grey 128; a* and b* are signed (TIFF 6.0, section 23).
    pixels = np.array([[[255, 0, 0], [0, 0, 0], [137, 0, 0], [136, 81, 70]]], np.uint8)
    file = io.BytesIO()
    tifffile.imwrite(file, pixels, photometric="cielab")
    rgb = decode(file.getvalue()).rgb[0].astype(int)
    assert rgb[:3] == pytest.approx(np.array([[255] * 3, [0] * 3, [128] * 3]), abs=1)
    assert rgb[3] == pytest.approx([255, 0, 0], abs=12)  # Lab (53.24, 80.09, 67.20) at D65 is sRGB red


@pytest.mark.parametrize(
    "profile",
    [
        b"not a profile",
        srgb_profile()[:200],
        b"\xff" * 500,
        icc(b"GRAY", {b"desc": TEXT, b"wtpt": WHITE, b"kTRC": gamma(1.0)}),
    ],
)
@pytest.mark.parametrize("container", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_profile_that_does_not_fit_is_ignored_with_a_note(profile: bytes, container: str) -> None:
    photo = decode(with_profile(np.full((16, 16, 3), 90, np.uint8), profile, container))
    assert photo.rgb[8, 8].astype(int) == pytest.approx([90] * 3, abs=2)
    assert any("colour profile was ignored" in note for note in photo.notes)


def test_the_profile_written_is_the_same_at_every_call_and_read_as_srgb() -> None:
    assert len(srgb_profile()) < 600
    srgb_profile.cache_clear()
    first = srgb_profile()
    srgb_profile.cache_clear()
    assert srgb_profile() == first
    with Image.open(io.BytesIO(encode(PIXELS, format="JPEG").data)) as image:
        assert image.info["icc_profile"] == first
