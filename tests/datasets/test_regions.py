"""Polygons and run lengths, against areas and runs worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packshot.datasets.regions import Polygon, Runs, regions_alpha
from packshot.errors import UsageError


def test_runs_go_down_the_columns_and_start_with_background() -> None:
    # 3 rows, 2 columns: one background, two product | one product, two background.
    mask = Runs((3, 2), (1, 3, 2)).mask((3, 2))
    assert mask.astype(int).tolist() == [[0, 1], [1, 0], [1, 0]]


def test_runs_as_text_by_hand() -> None:
    """Counts 1, 3, 2, 2: written are 1, 3, 2, and 2 - 3 = -1 for the fourth.

    1 is the group 00001, chr(48 + 1) = "1"; 3 is "3", 2 is "2"; -1 is 11111 with its sign bit set, chr(48 + 31) = "O".
    """
    text = Runs((4, 2), "132O").mask((4, 2))
    assert np.array_equal(text, Runs((4, 2), (1, 3, 2, 2)).mask((4, 2)))


def test_a_count_of_more_than_five_bits_by_hand() -> None:
    """100 = 00011 00100 in groups: the lower first, with 32 for `more`: chr(48 + 4 + 32) = "T", chr(48 + 3) = "3".

    16 needs a second group, or its highest bit would be a sign: chr(48 + 16 + 32) = "`", then "0".
    """
    assert Runs((10, 12), "T3d0").mask((10, 12)).sum() == 20  # 100 and 20: "d0" is 20 = 10100 with a second group
    assert Runs((2, 8), "0`0").mask((2, 8)).all()


def encoded(counts: list[int]) -> str:
    """maskApi.c, rleToString, line by line."""
    text = ""
    for i, count in enumerate(counts):
        value, more = count - (counts[i - 2] if i > 2 else 0), True
        while more:
            group = value & 0x1F
            value >>= 5
            more = value != -1 if group & 0x10 else value != 0
            text += chr(48 + (group | (0x20 if more else 0)))
    return text


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=12))
def test_text_and_numbers_say_the_same(counts: list[int]) -> None:
    size = (sum(counts), 1)
    if sum(counts):
        assert np.array_equal(Runs(size, encoded(counts)).mask(size), Runs(size, tuple(counts)).mask(size))


def test_a_rectangle_covers_exactly_its_pixels() -> None:
    mask = Polygon((2, 1, 6, 1, 6, 4, 2, 4)).mask((6, 8))
    expected = np.zeros((6, 8), bool)
    expected[1:4, 2:6] = True
    assert np.array_equal(mask, expected)


@pytest.mark.parametrize("turn", range(4))
def test_a_discs_area_is_pi_r_squared(turn: int) -> None:
    angles = np.linspace(0, 2 * np.pi, 400, endpoint=False) + turn
    points = np.column_stack([50.3 + 30 * np.cos(angles), 40.7 + 30 * np.sin(angles)])
    assert Polygon(tuple(points.ravel())).mask((90, 100)).sum() == pytest.approx(np.pi * 900, rel=0.01)


def test_a_polygon_may_leave_the_picture() -> None:
    assert Polygon((-50, -50, 50, -50, 50, 50, -50, 50)).mask((4, 6)).all()
    assert not Polygon((-9, -9, -1, -9, -1, -1)).mask((4, 6)).any()


def test_regions_are_united_and_none_is_empty() -> None:
    left, right = Polygon((0, 0, 2, 0, 2, 2, 0, 2)), Polygon((1, 0, 4, 0, 4, 2, 1, 2))
    assert regions_alpha([left, right], (2, 4), name="x").tolist() == [[1.0] * 4] * 2
    assert not regions_alpha([], (2, 4), name="x").any()


@pytest.mark.parametrize(
    "runs",
    [
        Runs((2, 2), (1, 2)),
        Runs((2, 2), (1, 99)),
        Runs((2, 2), (5, -1)),
        Runs((4, 4), (16,)),
        Runs((2, 2), "é"),
        Runs((2, 2), "T"),
        Runs((2, 2), ""),
    ],
)
def test_runs_that_do_not_fit_are_refused_by_the_photos_name(runs: Runs) -> None:
    with pytest.raises(UsageError, match=r"front\.jpg: its mask does not fit"):
        regions_alpha([runs], (2, 2), name="front.jpg")
