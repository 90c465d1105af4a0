"""Canvas arithmetic, against hand calculations and invariants."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from packshot.composition import Composition, FillOf, lay_out
from packshot.errors import CompositionError
from packshot.subject import Subject
from packshot.values import Box


def subject(width=100, height=50, *, at=(20, 30), share=1.0, touches=()):
    box = Box(at[0], at[1], at[0] + width, at[1] + height)
    return Subject(box=box, area=width * height * share, touches=touches)


def plan(spec: Composition, it: Subject | None = None):
    return lay_out(it or subject(), spec, frame=(300, 240))


def test_square_filled_by_side():
    # 100 x 50 at 0.8 of the side: the canvas is 125 wide, the product centred, nothing scaled.
    layout = plan(Composition(aspect=1, fill=0.8))
    assert (layout.width, layout.height, layout.scale) == (125, 125, 1.0)
    assert layout.box.size == (100, 50)
    assert layout.box.as_tuple() in {(12, 37, 112, 87), (13, 37, 113, 87), (13, 38, 113, 88), (12, 38, 112, 88)}


def test_fixed_size_scales_by_the_longer_relative_side():
    # min(400/100, 300/50) = 4, times 0.9
    layout = plan(Composition(size=(400, 300), fill=0.9, max_upscale=10))
    assert (layout.width, layout.height) == (400, 300)
    assert layout.scale == pytest.approx(3.6)
    assert layout.box.size == (360, 180)


def test_fill_of_box_and_area():
    # box: scale^2 * 5000 = 0.32 * 160000 -> scale = 3.2; area: the product covers half its box -> sqrt(2) larger.
    box = plan(Composition(size=(400, 400), fill=0.32, fill_of=FillOf.BOX, max_upscale=10))
    assert box.scale == pytest.approx(3.2)
    area = plan(Composition(size=(400, 400), fill=0.16, fill_of="area", max_upscale=10), subject(share=0.5))
    assert area.scale == pytest.approx(3.2)


def test_a_fill_that_the_shape_forbids_is_capped_and_said():
    # 100 x 50 in a square covers at most half of it.
    layout = plan(Composition(size=(400, 400), fill=0.8, fill_of=FillOf.BOX, max_upscale=10))
    assert layout.box.size == (400, 200)
    assert any("0.50" in line and "0.80" in line for line in layout.advice)


def test_even_margin_without_aspect():
    # margin is a fraction of the canvas' shorter side: b = 0.1 (50 + 2 b) -> b = 6.25
    layout = plan(Composition(margin=0.1))
    assert (layout.width, layout.height) == (112, 62)
    pixels = plan(Composition(margin_pixels=20))
    assert (pixels.width, pixels.height) == (140, 90)
    assert pixels.box.as_tuple() == (20, 20, 120, 70)


def test_fill_of_box_without_aspect_solves_the_even_border():
    layout = plan(Composition(fill=0.5, fill_of=FillOf.BOX))
    # (100 + 2b)(50 + 2b) = 10000, b = (-75 + sqrt(75^2 - 5000 + 10000)) / 2
    border = (-75 + math.sqrt(75**2 + 5000)) / 2
    assert (layout.width, layout.height) == (round(100 + 2 * border), round(50 + 2 * border))


def test_margin_that_leaves_no_room():
    with pytest.raises(CompositionError, match="no room"):
        plan(Composition(size=(100, 100), margin_pixels=50))


def test_longest_side_is_a_wish_and_max_upscale_the_limit():
    # a canvas of 125 px at the photo's resolution: 1000 would enlarge eightfold
    capped = plan(Composition(aspect=1, fill=0.8, longest_side=1000, max_upscale=2))
    assert (capped.width, capped.scale) == (250, pytest.approx(2.0))
    assert capped.advice == ()


def test_the_least_size_prevails_over_max_upscale_and_says_so():
    layout = plan(Composition(aspect=1, fill=0.8, longest_side=1000, max_upscale=2, min_longest=500))
    assert (layout.width, layout.scale) == (500, pytest.approx(4.0))
    assert any("4.0 times" in line for line in layout.advice)
    assert layout.enlarged
    assert not plan(Composition(aspect=1, fill=0.8, longest_side=1000, max_upscale=4, min_longest=500)).enlarged


def test_exact_size_keeps_the_size_and_says_that_the_product_is_small():
    layout = plan(Composition(size=(1000, 1000), fill=0.9, max_upscale=2))
    assert (layout.width, layout.height, layout.scale) == (1000, 1000, 2.0)
    assert layout.box.size == (200, 100)
    assert any("too small" in line for line in layout.advice)


def test_max_longest_bounds_a_large_product():
    layout = plan(Composition(aspect=1, max_longest=100, fill=0.5))
    assert (layout.width, layout.height) == (100, 100)
    assert layout.box.width == 50


def test_thin_product_gets_background_where_both_bounds_cannot_hold():
    layout = plan(Composition(fill=1, min_shortest=100, max_longest=1000), subject(400, 2))
    assert (layout.width, layout.height) == (1000, 100)


@pytest.mark.parametrize(
    ("anchor", "expected"),
    [
        ("centre", (20, 110)),  # 360 x 180 on 400 x 400: free 40 and 220, even margin 20
        ("top", (20, 20)),
        ("bottom", (20, 200)),
        ("left", (20, 110)),
        ("right", (20, 110)),
        ((0.5, 0.25), (20, 65)),
    ],
)
def test_anchor_moves_within_the_even_margin(anchor, expected):
    layout = plan(Composition(size=(400, 400), fill=0.9, anchor=anchor, max_upscale=10))
    assert (layout.box.x0, layout.box.y0) == expected


def test_a_cut_off_product_is_centred_with_advice_or_laid_against_its_edge():
    cut = subject(touches=("bottom",))
    centred = plan(Composition(size=(400, 400), fill=0.9, max_upscale=10), cut)
    assert centred.box.y0 == 110
    assert any("bottom" in line for line in centred.advice)
    laid = plan(Composition(size=(400, 400), fill=0.9, anchor_touched=True, max_upscale=10), cut)
    assert laid.box.y1 == 400
    both = plan(
        Composition(size=(400, 400), fill=0.9, anchor_touched=True, max_upscale=10),
        subject(touches=("top", "bottom")),
    )
    assert both.box.y0 == 110


def test_keep_frame_keeps_size_and_place():
    layout = plan(Composition(keep_frame=True))
    assert (layout.width, layout.height, layout.scale) == (300, 240, 1.0)
    assert layout.box == subject().box
    half = plan(Composition(keep_frame=True, max_longest=150))
    assert (half.width, half.height) == (150, 120)
    assert half.box.as_tuple() == (10, 15, 60, 40)


sizes = st.integers(1, 3000)


@given(
    wide=sizes,
    high=sizes,
    fill=st.floats(0.05, 1.0),
    of=st.sampled_from(list(FillOf)),
    aspect=st.one_of(st.none(), st.floats(0.2, 5.0)),
    longest=st.one_of(st.none(), st.integers(50, 3000)),
    anchor=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_the_product_always_lies_on_the_canvas(wide, high, fill, of, aspect, longest, anchor):
    spec = Composition(aspect=aspect, fill=fill, fill_of=of, longest_side=longest, anchor=anchor, max_longest=4000)
    layout = lay_out(subject(wide, high), spec, frame=(4000, 4000))
    assert 0 <= layout.box.x0 < layout.box.x1 <= layout.width
    assert 0 <= layout.box.y0 < layout.box.y1 <= layout.height
    assert max(layout.width, layout.height) <= 4000
    if of is FillOf.SIDE:
        reached = max(layout.box.width / layout.width, layout.box.height / layout.height)
        # half a pixel of rounding, or the single pixel below which nothing can shrink
        assert (
            abs(reached - fill) <= 1.5 / max(layout.width, layout.height) + 1.5 / min(layout.width, layout.height)
            or min(layout.box.size) == 1
        )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"fill": 0.8, "margin": 0.1}, "at most one of fill, margin"),
        ({"size": (10, 10), "aspect": 1}, "size is exact"),
        ({"keep_frame": True, "fill": 0.5}, "keep_frame"),
        ({"background": "white"}, "#rrggbb, transparent or picture"),
        ({"background": "transparent"}, "JPEG has no transparency"),
        ({"min_longest": 20, "max_longest": 10}, "min_longest <= max_longest"),
        ({"anchor": (2, 0)}, "anchor"),
        ({"anchor": "middle"}, "centre, top, bottom, left, right"),
        ({"format": "GIF"}, "'JPEG', 'PNG', 'WEBP', 'AVIF' or 'TIFF'"),
        ({"colour": "#ffffff"}, "Extra inputs"),
    ],
)
def test_contradictions_are_refused_with_the_valid_choices(fields, message):
    with pytest.raises(ValidationError, match=message):
        Composition(**fields)
