"""Boxes of drawn maps."""

import cv2
import numpy as np
import pytest

from packshot.explanation import hot_boxes
from packshot.values import Box

WHOLE = Box(0, 0, 100, 80)


def drawn(*blobs, shape=(80, 100)):
    heat = np.zeros(shape, np.float32)
    for box, level in blobs:
        heat[box.slices] = level
    return heat


def test_every_hot_part_has_a_box_the_largest_first():
    one, other = Box(5, 10, 25, 30), Box(50, 20, 90, 70)
    assert hot_boxes(drawn((one, 1), (other, 0.6)), size=(100, 80), within=WHOLE) == (other, one)


@pytest.mark.parametrize("greatest", [1.0, 0.3])
def test_hot_is_a_fifth_of_the_maximum(greatest):
    """20 % is in, 19 % is out: of the map's own maximum, whatever that is."""
    hottest, warm, cool = Box(0, 0, 20, 20), Box(30, 0, 50, 20), Box(60, 0, 80, 20)
    heat = drawn((hottest, greatest), (warm, 0.2001 * greatest), (cool, 0.19 * greatest))
    assert hot_boxes(heat, size=(100, 80), within=WHOLE) == (hottest, warm)


def test_specks_are_left_out():
    """Of 1000 hot pixels, 50 are a part and 40 are a speck."""
    heat = drawn((Box(0, 0, 30, 30), 1), (Box(50, 0, 60, 5), 1), (Box(80, 0, 90, 5), 1))  # 900, 50, 50
    assert len(hot_boxes(heat, size=(100, 80), within=WHOLE)) == 3
    heat = drawn((Box(0, 0, 30, 30), 1), (Box(50, 0, 60, 6), 1), (Box(80, 0, 90, 4), 1))  # 900, 60, 40
    assert hot_boxes(heat, size=(100, 80), within=WHOLE) == (Box(0, 0, 30, 30), Box(50, 0, 60, 6))


def test_a_cold_map_has_no_box():
    assert hot_boxes(drawn(), size=(100, 80), within=WHOLE) == ()


def test_boxes_are_scaled_outward_and_clipped():
    """A map of 10 x 8 on a photo of 105 x 84: 10.5 pixels each."""
    heat = drawn((Box(1, 1, 3, 4), 1), shape=(8, 10))
    assert hot_boxes(heat, size=(105, 84), within=Box(0, 0, 105, 84)) == (Box(10, 10, 32, 42),)
    assert hot_boxes(heat, size=(105, 84), within=Box(12, 0, 30, 84)) == (Box(12, 10, 30, 42),)
    assert hot_boxes(heat, size=(105, 84), within=Box(60, 50, 105, 84)) == ()


def test_the_boxes_are_those_of_opencvs_contours():
    """All outer contours, islands within rings among them: two discs, a ring, and a disc inside it."""
    heat = np.zeros((120, 160), np.float32)
    cv2.circle(heat, (60, 60), 50, 1, 8)
    for centre, radius in (((60, 60), 20), ((135, 30), 20), ((135, 90), 15)):
        cv2.circle(heat, centre, radius, 0.5, -1)
    contours, hierarchy = cv2.findContours(np.uint8(heat > 0), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    outer = [contour for contour, links in zip(contours, hierarchy[0], strict=True) if links[3] == -1]
    expected = {(x, y, x + w, y + h) for x, y, w, h in map(cv2.boundingRect, outer)}
    found = hot_boxes(heat, size=(160, 120), within=Box(0, 0, 160, 120))
    assert {box.as_tuple() for box in found} == expected
    assert len(found) == 4


def test_a_warm_part_belongs_to_a_hot_one_or_to_none():
    """Cut at a twentieth, a part must reach a fifth somewhere: the one at the right does not."""
    heat = drawn((Box(0, 0, 40, 40), 0.06), (Box(10, 10, 20, 20), 1), (Box(60, 0, 100, 40), 0.06))
    assert hot_boxes(heat, size=(100, 80), within=WHOLE, hot=0.05) == (Box(0, 0, 40, 40),)
    assert hot_boxes(heat, size=(100, 80), within=WHOLE) == (Box(10, 10, 20, 20),)
