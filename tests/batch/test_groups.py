"""What makes pictures of a group alike, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from packshot.batch.groups import Grouping, Member, group_of, make_alike
from packshot.composition import Composition, Placement, compose
from packshot.records import Record
from packshot.values import Cutout, Mask


def test_all_are_as_large_as_the_one_that_can_be_made_least_large():
    found = make_alike([Member("a", 0.8, 0.9), Member("b", 0.64, 0.7), Member("c", 0.8, 0.8)], anchor=0.5, light=False)
    assert not found.outliers
    assert {stem: placement.factor for stem, placement in found.placements.items()} == {"a": 0.8, "b": 1.0, "c": 0.8}
    # The tallest is 0.72 of the canvas high and stands in its middle: all end at 0.5 + 0.36.
    assert {placement.base for placement in found.placements.values()} == {0.86}


def test_outliers_are_named_and_left_alone():
    members = [Member("a", 0.8, 0.8), Member("b", 0.8, 0.8), Member("c", 0.4, 0.8), Member("d", 0.8, 0.8, cut_off=True)]
    found = make_alike(members, anchor=0.5, light=False)
    assert set(found.placements) == {"a", "b"}
    assert found.outliers == {
        "c": "it can be made only 0.50 times as large as the others", "d": "the photo cuts the product off",
    }  # fmt: skip


def test_one_picture_is_no_group():
    assert make_alike([Member("a", 0.8, 0.8)], anchor=0.5, light=True).placements == {}
    assert make_alike([Member("a", 0.8, 0.8, cut_off=True)], anchor=0.5, light=True).outliers == {}


def test_light_is_brought_into_line_within_a_colour_only():
    members = [
        Member("a", 0.8, 0.8, exposure=0.50, colour="red"),
        Member("b", 0.8, 0.8, exposure=0.54, colour="red"),
        Member("c", 0.8, 0.8, exposure=0.46, colour="red"),
        Member("d", 0.8, 0.8, exposure=0.10, colour="black"),
        Member("e", 0.8, 0.8, exposure=0.90, colour="red"),
        Member("f", 0.8, 0.8, exposure=0.20),
    ]
    found = make_alike(members, anchor=0.5, light=True)
    gains = {stem: placement.gain for stem, placement in found.placements.items()}
    # Of the four reds the median is 0.52.
    assert gains == pytest.approx({"a": 1.04, "b": 0.963, "c": 1 / 0.9, "d": 1.0, "e": 1.0, "f": 1.0}, abs=1e-3)
    assert found.outliers == {"e": "its light is 1.73 times as bright as that of the others"}
    assert {each.gain for each in make_alike(members, anchor=0.5, light=False).placements.values()} == {1.0}


def test_groups_by_sku_and_by_a_sure_category():
    path = [{"id": "shoes", "name": "Shoes"}]
    row = Record(source="a.jpg", status="ok", sku="0815", category={"path": path, "sure": True})
    assert (group_of(row, Grouping.SKU), group_of(row, Grouping.CATEGORY)) == ("0815", "shoes")
    unsure = Record(source="a.jpg", status="ok", category={"path": path, "sure": False})
    assert (group_of(unsure, Grouping.SKU), group_of(unsure, Grouping.CATEGORY)) == (None, None)


def cut_out(width: int, height: int, *, canvas: int = 400) -> Cutout:
    rgba = np.zeros((canvas, canvas, 4), np.uint8)
    rgba[50 : 50 + height, 60 : 60 + width] = (100, 50, 40, 255)
    return Cutout(rgba=rgba, mask=Mask(rgba[..., 3].astype(np.float32) / 255, 0.0, "drawn"))


def test_placed_pictures_have_one_area_and_one_base_line():
    spec = Composition(size=(500, 500), fill=0.8, max_upscale=10)
    alone = [compose(each, spec).subject for each in (cut_out(100, 200), cut_out(150, 150))]
    assert [box.size for box in alone] == [(200, 400), (400, 400)]
    # The first covers 80,000 pixels, the second 160,000.
    found = [
        compose(cut_out(100, 200), spec, placement=Placement(1.0, 0.9)).subject,
        compose(cut_out(150, 150), spec, placement=Placement(0.5**0.5, 0.9)).subject,
    ]
    assert found[0].area == pytest.approx(found[1].area, rel=0.01)
    assert [box.y1 for box in found] == [450, 450]
    assert [box.x0 + box.x1 for box in found] == pytest.approx([500, 500], abs=1)


def test_a_product_stays_on_the_canvas():
    box = compose(
        cut_out(100, 200), Composition(size=(500, 500), fill=0.9, max_upscale=10), placement=Placement(1.0, 0.1)
    ).subject
    assert (box.y0, box.height) == (0, 450)


@pytest.mark.parametrize("values", [{"factor": 0}, {"factor": 1.2}, {"base": 2}, {"gain": 9}])
def test_a_wrong_placement_is_refused(values):
    with pytest.raises(ValueError, match="Placement"):
        Placement(**values)
