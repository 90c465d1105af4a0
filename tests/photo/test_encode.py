"""Encoding: white stays white, nothing private goes along, limits in bytes are met."""

import io

import cv2
import numpy as np
import pytest
import skimage.data
from PIL import Image

from packshot.errors import ByteLimitUnreachable, CompositionError
from packshot.photo import DEFAULT_QUALITY, LOWEST_QUALITY, WHITE_REACH, decode, encode
from packshot.photo.white import background_kept

LOSSY = ("JPEG", "WEBP", "AVIF")


def packshot(size: int = 400, name: str = "astronaut") -> np.ndarray:
    """A star cut out of a real photo, on white."""
    photo = cv2.resize(getattr(skimage.data, name)(), (size, size), interpolation=cv2.INTER_AREA)
    y, x = np.mgrid[:size, :size] - size / 2
    edge = size * 0.3 * (1 + 0.15 * np.sin(7 * np.arctan2(y, x)))
    alpha = np.clip((edge - np.hypot(x, y)) / 1.5 + 0.5, 0, 1)[..., None]
    return np.rint(photo * alpha + 255 * (1 - alpha)).astype(np.uint8)


def far_from_the_product(pixels: np.ndarray, reach: int) -> np.ndarray:
    """Pixels whose chessboard distance from every other colour than white exceeds `reach`; by brute force."""
    near = ~(pixels == 255).all(axis=2)
    for axis in (0, 1):
        spread = near.copy()
        for step in range(1, reach + 1):
            for one in (step, -step):
                moved = np.roll(near, one, axis=axis)
                edge = slice(None, one) if one > 0 else slice(one, None)
                moved[(slice(None),) * axis + (edge,)] = False
                spread |= moved
        near = spread
    return ~near


@pytest.mark.parametrize("container", DEFAULT_QUALITY)
@pytest.mark.parametrize("name", ["astronaut", "coffee", "chelsea"])
def test_flat_white_stays_exactly_white(container: str, name: str) -> None:
    pixels = packshot(name=name)
    decoded = decode(encode(pixels, format=container).data).rgb
    flat = far_from_the_product(pixels, WHITE_REACH[container])
    assert flat.mean() > 0.1
    assert (decoded[flat] == 255).all()


@pytest.mark.parametrize("quality", range(LOWEST_QUALITY, 101, 5))
@pytest.mark.parametrize("container", LOSSY)
def test_white_holds_at_every_allowed_quality(container: str, quality: int) -> None:
    pixels = packshot(200)
    made = encode(pixels, format=container, quality=quality)
    assert made.quality is None or made.quality >= quality
    flat = far_from_the_product(pixels, WHITE_REACH[container])
    assert (decode(made.data).rgb[flat] == 255).all()


def test_a_white_jpeg_block_is_exact_at_every_allowed_quality() -> None:
    white = np.full((16, 16, 3), 255, np.uint8)
    for quality in range(LOWEST_QUALITY, 101):
        assert (decode(encode(white, format="JPEG", quality=quality).data).rgb == 255).all()


def test_jpeg_colour_is_not_subsampled_and_edges_ring_within_one_block_only() -> None:
    data = encode(packshot(), format="JPEG").data
    with Image.open(io.BytesIO(data)) as image:
        assert [layer[1:3] for layer in image.layer] == [(1, 1)] * 3  # type: ignore[attr-defined]


def test_the_check_of_white_finds_a_single_wrong_pixel() -> None:
    pixels = packshot()
    spoiled = pixels.copy()
    spoiled[2, 2] = (255, 254, 255)
    file = io.BytesIO()
    Image.fromarray(spoiled).save(file, "WEBP", lossless=True)
    assert not background_kept(pixels, file.getvalue(), "WEBP")
    assert background_kept(pixels, encode(pixels, format="WEBP").data, "WEBP")
    Image.fromarray(spoiled).save(near := io.BytesIO(), "WEBP", lossless=True)
    assert background_kept(spoiled, near.getvalue(), "WEBP")


def test_png_keeps_every_pixel_and_alpha() -> None:
    rgba = np.random.default_rng(3).integers(0, 256, (37, 53, 4), dtype=np.uint8)
    data = encode(rgba, format="PNG").data
    with Image.open(io.BytesIO(data)) as image:
        np.testing.assert_array_equal(np.asarray(image), rgba)
        assert image.info["srgb"] == 1
    rgb = np.ascontiguousarray(rgba[..., :3])
    np.testing.assert_array_equal(decode(encode(rgb, format="PNG").data).rgb, rgb)


@pytest.mark.parametrize("container", ["WEBP", "AVIF"])
def test_flat_transparency_stays_transparent(container: str) -> None:
    rgba = np.dstack([packshot(300), np.zeros((300, 300), np.uint8)])
    rgba[120:180, 120:180, 3] = 255
    alpha = decode(encode(rgba, format=container).data).alpha
    assert alpha is not None
    assert not alpha[:40].any()
    assert alpha[130:170, 130:170].min() > 0.98


@pytest.mark.parametrize("container", DEFAULT_QUALITY)
def test_a_derivative_carries_no_place_and_no_camera(container: str) -> None:
    exif = Image.Exif()
    exif[0x0110] = "SecretCam 3000"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 36.0)})
    source = io.BytesIO()
    Image.fromarray(packshot(64)).save(source, "JPEG", exif=exif.tobytes(), comment=b"SecretCam home address")
    data = encode(decode(source.getvalue()).rgb, format=container).data
    assert b"SecretCam" not in data
    with Image.open(io.BytesIO(data)) as image:
        if container != "TIFF":  # whose own tags are of that form
            assert dict(image.getexif()) == {}
        assert "srgb" in image.info or b"sRGB" in image.info["icc_profile"].replace(b"\0", b"")


@pytest.mark.parametrize("container", DEFAULT_QUALITY)
def test_equal_pixels_give_equal_bytes(container: str) -> None:
    assert encode(packshot(128), format=container) == encode(packshot(128), format=container)


@pytest.mark.parametrize("container", LOSSY)
def test_a_limit_in_bytes_is_met_at_the_highest_quality_that_fits(container: str) -> None:
    pixels = packshot(200)
    limit = len(encode(pixels, format=container, quality=75).data)
    made = encode(pixels, format=container, max_bytes=limit)
    assert len(made.data) <= limit
    assert made.quality is not None
    assert made.quality >= 70  # WebP's size does not grow with every single step
    assert encode(pixels, format=container, max_bytes=10**9).quality == DEFAULT_QUALITY[container]


@pytest.mark.parametrize("container", DEFAULT_QUALITY)
def test_a_limit_in_bytes_that_cannot_be_met(container: str) -> None:
    with pytest.raises(ByteLimitUnreachable, match="expected at most 300") as caught:
        encode(packshot(200), format=container, max_bytes=300)
    assert "choose" in caught.value.remedy


def test_png_takes_its_time_only_if_the_limit_asks_for_it() -> None:
    pixels = packshot(300)
    fast = encode(pixels, format="PNG")
    small = encode(pixels, format="PNG", max_bytes=len(fast.data) - 1)
    assert len(small.data) < len(fast.data)
    np.testing.assert_array_equal(decode(small.data).rgb, pixels)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"format": "GIF"}, "choose one of JPEG"),
        ({"format": "JPEG", "quality": 30}, "choose 50..100"),
        ({"format": "JPEG", "quality": 101}, "choose 50..100"),
        ({"format": "PNG", "quality": 90}, "leave it out"),
        ({"format": "TIFF", "quality": 90}, "leave it out"),
    ],
)
def test_wrong_wishes(options: dict[str, object], words: str) -> None:
    with pytest.raises(CompositionError, match=words):
        encode(packshot(16), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "pixels",
    [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), np.zeros((0, 4, 3), np.uint8), np.zeros((4, 4, 4), np.uint8)],
)
def test_wrong_pixels(pixels: np.ndarray) -> None:
    with pytest.raises(CompositionError):
        encode(pixels, format="JPEG")


def test_a_side_too_long_for_the_format() -> None:
    with pytest.raises(CompositionError, match="16383"):
        encode(np.zeros((1, 16_384, 3), np.uint8), format="WEBP")
