"""The contact shadow: under the product, nowhere else, and as strong as asked."""

from __future__ import annotations

import numpy as np
import pytest

from packshot.composition import Composition, compose, contact_shadow
from packshot.values import Box, Cutout, Mask

BOX = Box(100, 80, 300, 320)


def standing(box: Box = BOX, size: tuple[int, int] = (400, 400)):
    alpha = np.zeros(size, np.float32)
    alpha[box.slices] = 1
    return alpha


def test_no_strength_no_shadow():
    assert not contact_shadow(standing(), BOX, strength=0).any()


def test_it_lies_at_the_foot_and_fades_to_exactly_nothing():
    shadow = contact_shadow(standing(), BOX, strength=1)
    assert shadow.dtype == np.float32
    assert shadow.min() >= 0
    assert shadow.max() <= 1
    below = shadow[BOX.y1 :, 200]
    assert below[0] > 0.4
    assert (np.diff(below) <= 1e-6).all()
    assert below[-1] == 0
    assert not shadow[: BOX.y1 - 60].any()
    assert not shadow[:, :20].any()


def test_it_is_symmetric_under_a_symmetric_product():
    shadow = contact_shadow(standing(), BOX, strength=1)
    np.testing.assert_allclose(shadow, shadow[:, ::-1], atol=0.02)


def test_it_grows_with_strength():
    weak, strong = (contact_shadow(standing(), BOX, strength=s).sum() for s in (0.3, 0.6))
    assert strong == pytest.approx(2 * weak, rel=0.15)


def test_a_table_casts_at_its_legs_not_between_them():
    alpha = standing()
    alpha[120:320, 120:280] = 0  # a top and two legs of 20 pixels
    shadow = contact_shadow(alpha, BOX, strength=1)
    line = shadow[BOX.y1 + 2]
    assert line[110] > 0.4
    assert line[200] < 0.1 * line[110]


def test_a_wide_shadow_is_cut_at_the_canvas():
    box = Box(0, 0, 400, 400)
    shadow = contact_shadow(standing(box), box, strength=1)
    assert shadow.shape == (400, 400)


def test_in_a_packshot_it_darkens_the_background_only(draw):
    cut = draw.block((50, 60, 150, 110))
    spec = {"format": "PNG", "aspect": 1, "fill": 0.6}
    without = compose(cut, Composition(**spec))
    with_it = compose(cut, Composition(**spec, shadow=0.8))
    inside = without.subject.slices
    np.testing.assert_array_equal(with_it.pixels[inside], without.pixels[inside])
    below = with_it.pixels[without.subject.y1 + 1, 80]
    assert (below < 220).all()
    assert (with_it.pixels[0] == 255).all()
    assert with_it.subject == without.subject


def test_transparent_with_shadow_equals_white_with_shadow(draw):
    cut = draw.ellipse((60, 40), frame=(200, 200), soft=2)
    spec = {"format": "PNG", "aspect": 1, "fill": 0.6, "shadow": 0.7}
    white = compose(cut, Composition(**spec))
    clear = compose(cut, Composition(**spec, background="transparent"))
    alpha = clear.pixels[..., 3:].astype(np.float64) / 255
    laid = clear.pixels[..., :3] * alpha + 255 * (1 - alpha)
    assert np.abs(laid - white.pixels).max() <= 2


def test_what_the_photo_cuts_off_below_stands_on_nothing(draw):
    cut = draw.block((50, 140, 150, 300))
    spec = {"format": "PNG", "aspect": 1, "fill": 0.6}
    np.testing.assert_array_equal(
        compose(cut, Composition(**spec, shadow=1)).pixels, compose(cut, Composition(**spec)).pixels
    )


def test_a_hind_leg_casts_at_its_own_foot():
    alpha = standing()
    alpha[120:320, 120:280] = 0
    alpha[120:305, 190:210] = 1  # meets the ground 15 pixels higher up in the picture
    shadow = contact_shadow(alpha, BOX, strength=1)
    assert shadow[307, 200] > 2 * shadow[BOX.y1 + 2, 200]
    assert shadow[307, 200] < shadow[BOX.y1 + 2, 110]


def test_a_photographed_shadow_moves_and_scales_with_its_product():
    """The photo shows it right of the product; on the canvas it is there too, twice as far at twice the size."""
    box, cast = Box(40, 30, 60, 70), np.zeros((100, 100), np.float32)
    cast[50:70, 60:80] = 0.5
    alpha = standing(box, (100, 100))
    rgba = np.dstack([np.full((100, 100, 3), 90, np.uint8), (alpha * 255).astype(np.uint8)])
    cut = Cutout(rgba=rgba, mask=Mask(alpha=alpha, uncertainty=0.0, model="test", shadow=cast))
    made = compose(cut, Composition(size=(400, 160), margin_pixels=40, format="PNG", shadow="photo"))
    assert made.upscale == pytest.approx(2.0)
    x0, y0 = made.subject.x1, made.subject.y0 + 2 * 20
    np.testing.assert_allclose(made.pixels[y0 + 4 : y0 + 36, x0 + 4 : x0 + 36], 128, atol=1)
    assert (made.pixels[:, x0 + 44 :] == 255).all()
    none = compose(cut, Composition(size=(400, 160), margin_pixels=40, format="PNG"))
    assert (none.pixels[:, x0 + 8 :] == 255).all()
    clear = compose(cut, Composition(keep_frame=True, format="PNG", background="transparent", shadow="photo"))
    np.testing.assert_allclose(clear.pixels[60, 70].astype(int), [0, 0, 0, 127.5], atol=0.5)  # half-transparent black


def test_a_shadow_that_was_not_photographed_is_not_invented():
    alpha = standing()
    rgba = np.dstack([np.full((400, 400, 3), 90, np.uint8), (alpha * 255).astype(np.uint8)])
    cut = Cutout(rgba=rgba, mask=Mask(alpha=alpha, uncertainty=0.0, model="test"))
    made = compose(cut, Composition(aspect=1, fill=0.6, format="PNG", shadow="photo"))
    assert any("no photographed shadow" in line for line in made.advice)
    np.testing.assert_array_equal(made.pixels, compose(cut, Composition(aspect=1, fill=0.6, format="PNG")).pixels)
