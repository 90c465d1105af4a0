"""Parts of a region by colour, of drawn pictures."""

import numpy as np

from packshot.explanation import colour_parts
from packshot.values import Box


def test_a_shirt_over_trousers_is_two_parts():
    rgb = np.full((200, 100, 3), 230, np.uint8)
    rgb[20:100, 20:80], rgb[100:180, 30:70] = (200, 30, 30), (20, 40, 150)
    region = np.zeros((200, 100), bool)
    region[20:100, 20:80] = region[100:180, 30:70] = True
    found = colour_parts(rgb, region)
    shirt, trousers = Box(20, 20, 80, 100), Box(30, 100, 70, 180)
    assert max(box.iou(shirt) for box in found) > 0.4
    assert max(box.iou(trousers) for box in found) > 0.4
    assert all(box.iou(shirt) < 0.1 or box.iou(trousers) < 0.1 for box in found), "no part is of both"
    assert found == colour_parts(rgb, region)


def test_nothing_is_no_part():
    assert colour_parts(np.zeros((50, 50, 3), np.uint8), np.zeros((50, 50), bool)) == ()
