"""From a map of cells to boxes, fields and the share on the product; truths are counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from packshot.overlay import boxes_of, covered_cells, share_on, touched_fields
from packshot.values import Box, Overlays


def cells(*filled: tuple[int, int, int, int], side: int = 32) -> np.ndarray:
    """A square map with boxes (x0, y0, x1, y1) of covered cells."""
    made = np.zeros((side, side), np.bool_)
    for x0, y0, x1, y1 in filled:
        made[y0:y1, x0:x1] = True
    return made


def test_boxes_are_in_pixels_of_the_picture_the_largest_first() -> None:
    found = boxes_of(cells((0, 0, 2, 1), (10, 20, 20, 24)), size=(640, 320))
    assert found == (Box(200, 200, 400, 240), Box(0, 0, 40, 10))  # a cell is 20 x 10 pixels


def test_words_apart_by_a_cell_or_two_are_one_and_by_three_are_two() -> None:
    assert boxes_of(cells((0, 4, 3, 5), (5, 4, 8, 5)), size=(32, 32)) == (Box(0, 4, 8, 5),)
    assert boxes_of(cells((0, 4, 3, 5), (6, 4, 9, 5)), size=(32, 32)) == (Box(0, 4, 3, 5), Box(6, 4, 9, 5))


@pytest.mark.parametrize(
    ("filled", "fields"),
    [
        ((0, 0, 32, 32), 100),
        ((0, 0, 32, 16), 50),
        ((0, 0, 16, 16), 25),
        ((0, 0, 1, 1), 1),  # of a field of 3.2 x 3.2 cells, a tenth
        ((3, 0, 4, 1), 1),  # 0.2 of this cell lie in the first field, a fiftieth of it
        ((31, 31, 32, 32), 1),
    ],
)
def test_fields_are_counted_as_on_the_marketplaces_grid(filled: tuple[int, int, int, int], fields: int) -> None:
    assert touched_fields(cells(filled)) == fields


def test_nothing_covered_touches_nothing() -> None:
    assert touched_fields(cells()) == 0
    assert boxes_of(cells(), size=(100, 100)) == ()
    assert share_on(cells(), np.ones((64, 64), np.float32)) == 0


def test_the_share_on_the_product_is_that_of_the_area() -> None:
    product = np.zeros((320, 320), np.float32)
    product[:, :160] = 1
    assert share_on(cells((12, 0, 20, 4)), product) == pytest.approx(0.5)
    assert share_on(cells((0, 0, 8, 8)), product) == 1


def test_a_picture_called_overlaid_has_a_place_even_where_no_cell_is_likely() -> None:
    places = np.full((4, 4), 0.1, np.float32)
    places[2, 1] = 0.4
    assert np.argwhere(covered_cells(places)).tolist() == [[2, 1]]


def test_what_was_found_says_so_in_words_and_as_json() -> None:
    found = Overlays(found=True, score=0.91, boxes=(Box(1, 2, 30, 40),), fields=7, on_product=0.25)
    assert found.words() == "overlays (0.91) on 7 of 100 fields, at 1,2 to 30,40"
    assert found.row() == {"found": True, "score": 0.91, "boxes": [(1, 2, 30, 40)], "fields": 7, "on_product": 0.25}
    assert Overlays(found=False, score=0.2).words() == "no overlays (0.20)"
    with pytest.raises(ValueError, match=r"fields: expected 0\.\.100, got 101"):
        Overlays(found=True, score=1, fields=101)
