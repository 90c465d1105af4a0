"""Named colours, against names that people gave: the X11 names of CSS, and drawn products."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import ImageColor

from packshot.inspection import named_colours


def painted(*parts: tuple[str, float], size: int = 100):
    """A picture with columns of colours, each a share of its width."""
    rgb = np.zeros((size, size, 3), np.uint8)
    start = 0
    for name, share in parts:
        end = start + round(share * size)
        rgb[:, start:end] = ImageColor.getrgb(name)
        start = end
    return rgb


def names(rgb, alpha=None):
    alpha = np.ones(rgb.shape[:2], np.float32) if alpha is None else alpha
    return [colour.name for colour in named_colours(rgb, alpha)]


@pytest.mark.parametrize(
    ("css", "name"),
    [
        ("black", "black"), ("white", "white"), ("grey", "grey"), ("red", "red"), ("darkred", "red"),
        ("orange", "orange"), ("darkorange", "orange"), ("yellow", "yellow"), ("gold", "yellow"), ("green", "green"),
        ("lime", "green"), ("darkgreen", "green"), ("forestgreen", "green"), ("blue", "blue"), ("navy", "blue"),
        ("royalblue", "blue"), ("skyblue", "blue"), ("purple", "purple"), ("rebeccapurple", "purple"), ("pink", "pink"),
        ("hotpink", "pink"), ("saddlebrown", "brown"), ("brown", "red"), ("beige", "beige"),
    ],
)  # fmt: skip
def test_colours_of_css_are_called_by_their_names(css, name):
    # CSS calls (165, 42, 42) brown; most people call it a red.
    assert names(painted((css, 1.0))) in ([name], [])


def test_most_of_them_have_a_name_at_all():
    asked = ["black", "white", "grey", "red", "orange", "yellow", "green", "blue", "purple", "hotpink", "saddlebrown"]
    assert [names(painted((css, 1.0))) for css in asked] == [
        ["black"], ["white"], ["grey"], ["red"], ["orange"], ["yellow"], ["green"], ["blue"], ["purple"], ["pink"],
        ["brown"],
    ]  # fmt: skip


def test_shares_are_of_the_product_and_largest_first():
    found = named_colours(painted(("red", 0.3), ("white", 0.7)), np.ones((100, 100), np.float32))
    assert [(colour.name, round(colour.share, 1)) for colour in found] == [("white", 0.7), ("red", 0.3)]
    assert found[1].rgb == (255, 0, 0)


def test_only_the_mask_counts_and_not_its_edge():
    rgb = painted(("red", 0.5), ("blue", 0.5))
    alpha = np.zeros((100, 100), np.float32)
    alpha[10:90, 10:50] = 1
    alpha[10:90, 50:60] = 0.6
    assert names(rgb, alpha) == ["red"]


def test_a_trifle_is_no_colour():
    assert names(painted(("red", 0.9), ("blue", 0.1))) == ["red"]


def test_a_product_of_many_colours_has_none():
    many = [(each, 1 / 8) for each in ("red", "orange", "yellow", "green", "blue", "purple", "black", "saddlebrown")]
    assert names(painted(*many)) == []


def test_a_few_pixels_tell_nothing():
    alpha = np.zeros((100, 100), np.float32)
    alpha[:7, :7] = 1
    assert names(painted(("red", 1.0)), alpha) == []
