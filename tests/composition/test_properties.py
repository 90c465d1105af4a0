"""What holds of every finished picture, whatever is asked for and wherever the product stood in its photo."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from packshot.composition import Composition, FillOf, compose, lay_out
from packshot.photo import decode
from packshot.subject import Subject
from packshot.values import Box

sides = st.integers(8, 90)
shares = st.floats(0.05, 1.0)


def subject_of(width: int, height: int, x: int = 10, y: int = 20) -> Subject:
    return Subject(box=Box(x, y, x + width, y + height), area=float(width * height), touches=())


@settings(max_examples=150, deadline=None)
@given(sides, sides, st.integers(20, 900), st.integers(20, 900), shares, st.sampled_from(list(FillOf)))
def test_a_fixed_canvas_is_exact_and_never_fuller_than_asked(wide, high, width, height, fill, of) -> None:
    spec = Composition(size=(width, height), fill=fill, fill_of=of, max_upscale=100)
    layout = lay_out(subject_of(wide, high), spec, frame=(200, 200))
    assert (layout.width, layout.height) == (width, height)
    across, down = layout.box.size[0] / width, layout.box.size[1] / height
    measured = max(across, down) if of is FillOf.SIDE else across * down
    # A side is rounded to whole pixels, and is one pixel at least.
    slack = max(1 / width, 1 / height) if of is FillOf.SIDE else across / height + down / width + 1 / (width * height)
    assert measured <= fill + slack


@settings(max_examples=150, deadline=None)
@given(sides, sides, st.floats(0.2, 5), shares, st.integers(100, 2000))
def test_an_aspect_is_kept_to_a_pixel(wide, high, aspect, fill, longest) -> None:
    layout = lay_out(
        subject_of(wide, high), Composition(aspect=aspect, fill=fill, longest_side=longest), frame=(200, 200)
    )
    assert abs(layout.width - aspect * layout.height) <= max(1, aspect)
    assert max(layout.width, layout.height) <= longest


@settings(max_examples=150, deadline=None)
@given(sides, sides, shares, st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_a_mirrored_anchor_puts_the_product_at_the_mirrored_place(wide, high, fill, anchor) -> None:
    def box(at):
        spec = Composition(size=(400, 300), fill=fill, max_upscale=100, anchor=at)
        return lay_out(subject_of(wide, high), spec, frame=(200, 200)).box

    one, other = box(anchor), box((1 - anchor[0], 1 - anchor[1]))
    assert one.size == other.size
    assert abs(one.x0 - (400 - other.x1)) <= 1
    assert abs(one.y0 - (300 - other.y1)) <= 1


@settings(max_examples=100, deadline=None)
@given(sides, sides, st.floats(0, 0.45), st.sampled_from([None, 0.5, 1.0, 1.5]))
def test_a_margin_is_never_less_than_asked(wide, high, margin, aspect) -> None:
    layout = lay_out(subject_of(wide, high), Composition(margin=margin, aspect=aspect), frame=(200, 200))
    least = margin * min(layout.width, layout.height)
    gaps = (layout.box.x0, layout.box.y0, layout.width - layout.box.x1, layout.height - layout.box.y1)
    assert min(gaps) >= least - 1


@settings(max_examples=30, deadline=None)
@given(
    st.integers(6, 60),
    st.integers(6, 60),
    st.integers(0, 40),
    st.integers(0, 40),
    st.from_regex(r"\A#[0-9a-f]{6}\Z"),
    st.floats(0.2, 0.95),
)
def test_beside_the_product_there_is_nothing_but_the_background(draw, wide, high, x, y, colour, fill) -> None:
    spec = Composition(aspect=1, fill=fill, background=colour, format="PNG")
    shot = compose(draw.block((x, y, x + wide, y + high), frame=(110, 120)), spec)
    outside = np.ones(shot.pixels.shape[:2], bool)
    outside[shot.subject.slices] = False
    expected = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    assert (shot.pixels[outside] == expected).all()
    np.testing.assert_array_equal(decode(shot.data).rgb, shot.pixels)


@settings(max_examples=30, deadline=None)
@given(st.integers(6, 50), st.integers(6, 50), st.integers(1, 40), st.integers(1, 40), st.floats(0.2, 0.95))
def test_where_the_product_stood_in_the_photo_does_not_show(draw, wide, high, x, y, fill) -> None:
    """Moved within its photo, away from the rim, it gives the same picture."""
    texture = draw.texture(high, wide)

    def shot(left: int, top: int):
        rgb, alpha = np.full((110, 120, 3), 60, np.uint8), np.zeros((110, 120), np.uint8)
        rgb[top : top + high, left : left + wide] = texture
        alpha[top : top + high, left : left + wide] = 255
        return compose(draw.cutout_of(rgb, alpha), Composition(aspect=1, fill=fill, format="PNG"))

    here, there = shot(20, 20), shot(20 + x, 20 + y)
    assert here.subject == there.subject
    np.testing.assert_array_equal(here.pixels, there.pixels)


@settings(max_examples=30, deadline=None)
@given(st.integers(6, 60), st.integers(6, 60), st.floats(0.2, 0.95), st.floats(0, 1))
def test_a_transparent_picture_laid_on_white_is_the_white_one(draw, wide, high, fill, shadow) -> None:
    cut = draw.ellipse((wide // 2 + 3, high // 2 + 3), frame=(110, 120))
    white = compose(cut, Composition(aspect=1, fill=fill, shadow=shadow, format="PNG"))
    clear = compose(cut, Composition(aspect=1, fill=fill, shadow=shadow, background="transparent", format="PNG"))
    alpha = clear.pixels[..., 3:] / 255.0
    laid = clear.pixels[..., :3] * alpha + 255 * (1 - alpha)
    assert np.abs(laid - white.pixels).max() <= 2
