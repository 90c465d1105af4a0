"""Pixels: exact compositing, no rims, straight alpha, white that stays white in the file."""

from __future__ import annotations

import dataclasses
import tracemalloc

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra.numpy import arrays

from packshot.composition import Composition, compose
from packshot.composition.blend import cover, over, straighten
from packshot.composition.resample import FULL, premultiply, resize
from packshot.errors import ByteLimitUnreachable, NothingToCutOut, UsageError
from packshot.photo import WHITE_REACH, decode

LOSSLESS = Composition(format="PNG")


def like(spec: Composition, **changes) -> Composition:
    return Composition.model_validate({**spec.model_dump(exclude_defaults=True), **changes})


def test_at_scale_one_the_pixels_are_the_photos_own(draw):
    cut = draw.block((50, 60, 150, 110))
    shot = compose(cut, like(LOSSLESS, aspect=1, fill=0.8))
    assert shot.pixels.shape == (125, 125, 3)
    assert shot.upscale == 1.0
    assert shot.subject.size == (100, 50)
    np.testing.assert_array_equal(shot.pixels[shot.subject.slices], cut.rgba[60:110, 50:150, :3])
    outside = np.ones((125, 125), bool)
    outside[shot.subject.slices] = False
    assert (shot.pixels[outside] == 255).all()
    np.testing.assert_array_equal(shot.alpha, (~outside).astype(np.float32))


@settings(max_examples=50, deadline=None)
@given(arrays(np.uint8, (6, 7, 4)), arrays(np.uint8, (6, 7, 3)))
def test_over_is_porter_and_duff_rounded_once(rgba, background):
    alpha = rgba[..., 3:].astype(np.float64) / 255
    expected = rgba[..., :3] * alpha + background * (1 - alpha)
    result = over(premultiply(rgba), background).astype(np.float64)
    assert np.abs(result - expected).max() <= 0.5 + 1e-3


@settings(max_examples=50, deadline=None)
@given(arrays(np.uint8, (6, 7, 4)))
def test_straight_alpha_survives_there_and_back(rgba):
    back = straighten(premultiply(rgba))
    np.testing.assert_array_equal(back[..., 3], rgba[..., 3])
    seen = rgba[..., 3] > 0
    np.testing.assert_array_equal(back[seen], rgba[seen])
    assert (back[~seen] == 0).all()


@pytest.mark.parametrize(("width", "height"), [(20, 15), (33, 41), (120, 90), (91, 300)])
def test_resizing_never_lets_a_colour_exceed_its_alpha(draw, width, height):
    noise = np.random.default_rng(1).integers(0, 256, (60, 80, 4), dtype=np.uint8)
    result = resize(premultiply(noise), width, height)
    assert result.shape == (height, width, 4)
    assert (result[..., 3] <= FULL).all()
    assert (result[..., :3] <= result[..., 3:]).all()


def _reference(rgba, width, height):
    """The composite on white by way of float64 premultiplied colours."""
    picture = rgba.astype(np.float64) / 255
    picture[..., :3] *= picture[..., 3:]
    small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    return 255 * (small[..., :3] + 1 - small[..., 3:])


@pytest.mark.parametrize("scale", [0.31, 0.5, 0.77])
def test_no_dark_halo(draw, scale):
    """A light product whose invisible surroundings are black must have no rim darker than the float reference."""
    frame = (400, 400)
    alpha = draw.ellipse((150, 110), frame=frame, soft=2).rgba[..., 3]
    rgb = np.where(alpha[..., None] > 0, np.uint8(230), np.uint8(0)).repeat(3, axis=2)
    cut = draw.cutout_of(rgb, alpha)
    side = round(400 * scale)
    shot = compose(cut, like(LOSSLESS, keep_frame=True, max_longest=side))
    # the crop is resized to whole pixels, so compare what no shift can change: the darkest rim
    reference = _reference(cut.rgba, side, side)
    assert shot.pixels.min() >= reference.min() - 1
    assert shot.pixels.min() >= 229
    exact = over(resize(premultiply(cut.rgba), side, side), np.full((side, side, 3), 255, np.uint8))
    assert np.abs(exact - reference).max() <= 1.0


def test_enlarging_leaves_no_dark_halo_either(draw):
    alpha = draw.ellipse((30, 20), frame=(80, 80), soft=1).rgba[..., 3]
    rgb = np.where(alpha[..., None] > 0, np.uint8(230), np.uint8(0)).repeat(3, axis=2)
    shot = compose(draw.cutout_of(rgb, alpha), like(LOSSLESS, aspect=1, longest_side=400, max_upscale=8))
    assert shot.upscale > 4
    # bicubic sums round at 1/65025, so a level at most is lost
    assert shot.pixels.min() >= 229


def test_transparent_result_is_straight_and_laid_on_white_equals_the_white_result(draw):
    cut = draw.ellipse((90, 60), frame=(240, 300), soft=3)
    spec = Composition(format="PNG", size=(200, 200))
    clear = compose(cut, like(spec, background="transparent"))
    white = compose(cut, spec)
    assert clear.pixels.shape == (200, 200, 4)
    alpha = clear.pixels[..., 3:].astype(np.float64) / 255
    laid = clear.pixels[..., :3] * alpha + 255 * (1 - alpha)
    # two roundings, of colour and of alpha (the latter weighs as much as the distance of the colour to white)
    assert np.abs(laid - white.pixels).max() <= 1.5
    photo = decode(clear.data)
    assert photo.alpha is not None
    np.testing.assert_array_equal(np.rint(photo.alpha * 255), clear.pixels[..., 3])


@pytest.mark.parametrize("codec", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("soft", [0.0, 4.0])
def test_white_is_exactly_white_after_encoding_and_decoding(draw, codec, soft):
    cut = draw.ellipse((120, 90), frame=(300, 340), soft=soft)
    shot = compose(cut, Composition(aspect=1, fill=0.4, format=codec))
    photo = decode(shot.data)
    assert photo.format == codec == shot.format
    nothing = (shot.alpha == 0).view(np.uint8)
    assert (shot.pixels[shot.alpha == 0] == 255).all()
    # lossy blocks that hold the product's edge ring into the white beside it, and no farther
    reach = WHITE_REACH[codec]
    far = cv2.erode(nothing, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8), borderValue=1).astype(bool)
    assert far.mean() > 0.2
    assert (photo.rgb[far] == 255).all()


def test_background_colour_and_picture(draw):
    cut = draw.block((50, 60, 150, 110))
    shot = compose(cut, like(LOSSLESS, aspect=1, background="#102030"))
    assert tuple(shot.pixels[0, 0]) == (16, 32, 48)
    wall = np.zeros((50, 200, 3), np.uint8)
    wall[:, 100:] = 200
    shot = compose(cut, like(LOSSLESS, aspect=1, fill=0.5, background="picture"), backdrop=wall)
    assert tuple(shot.pixels[5, 5]) == (0, 0, 0)
    assert tuple(shot.pixels[5, -5]) == (200, 200, 200)


def test_cover_crops_about_the_centre():
    picture = np.zeros((10, 30, 3), np.uint8)
    picture[:, 10:20] = 255
    assert (cover(picture, 10, 10) == 255).all()


@pytest.mark.parametrize(("width", "height"), [(1, 1000), (1000, 1), (7, 3000)])
def test_a_long_thin_picture_takes_no_more_memory_than_the_canvas(width, height):
    """Scaled whole and then cropped, one column of 1,000 pixels asked for 12 GB."""
    picture = np.full((height, width, 3), 90, np.uint8)
    tracemalloc.start()
    covered = cover(picture, 2000, 2000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert covered.shape == (2000, 2000, 3)
    assert (covered == 90).all()
    assert peak < 4 * covered.nbytes


def test_a_backdrop_must_be_asked_for_and_given(draw):
    cut = draw.block((50, 60, 150, 110))
    with pytest.raises(UsageError, match="not given"):
        compose(cut, like(LOSSLESS, background="picture"))
    with pytest.raises(UsageError, match="was given"):
        compose(cut, LOSSLESS, backdrop=np.zeros((5, 5, 3), np.uint8))


def test_an_empty_cutout_is_refused(draw):
    with pytest.raises(NothingToCutOut):
        compose(draw.cutout_of(draw.texture(20, 20), np.zeros((20, 20), np.uint8)), Composition())


def test_size_limit_in_bytes_is_met_or_refused(draw):
    cut = draw.ellipse((400, 300), frame=(900, 1000))
    free = compose(cut, Composition(size=(800, 800)))
    tight = compose(cut, Composition(size=(800, 800), max_bytes=len(free.data) - 1))
    assert len(tight.data) < len(free.data)
    assert tight.quality is not None
    assert free.quality is not None
    assert tight.quality < free.quality
    with pytest.raises(ByteLimitUnreachable):
        compose(cut, Composition(size=(800, 800), max_bytes=500))


def test_quality_is_no_obstacle_to_png(draw):
    cut = draw.block((50, 60, 150, 110))
    assert compose(cut, Composition(format="PNG", quality=90)).quality is None


def test_specks_neither_shrink_nor_move_the_product(draw):
    clean = draw.block((100, 90, 200, 140))
    alpha = clean.rgba[..., 3].copy()
    alpha[2:4, 2:4] = 255
    dirty = draw.cutout_of(clean.rgba[..., :3], alpha)
    a, b = (compose(cut, like(LOSSLESS, aspect=1)) for cut in (clean, dirty))
    np.testing.assert_array_equal(a.pixels, b.pixels)


def test_advice_and_upscale_reach_the_packshot(draw):
    shot = compose(draw.block((0, 60, 40, 110)), Composition(size=(400, 400)))
    assert shot.upscale == 2.0
    assert any("left" in line for line in shot.advice)
    assert any("too small" in line for line in shot.advice)


def test_a_product_of_one_pixel(draw):
    shot = compose(draw.block((5, 5, 6, 6)), like(LOSSLESS, aspect=1, min_longest=100))
    assert (shot.width, shot.height) == (100, 100)


def test_the_packshot_names_its_parts(draw):
    shot = compose(draw.block((50, 60, 150, 110)), Composition())
    assert {field.name for field in dataclasses.fields(shot)} >= {"alpha", "advice", "subject", "upscale"}
