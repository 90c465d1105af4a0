"""Holes closed and pieces dropped, against scipy's labels of the whole picture."""

import numpy as np
import pytest
from scipy import ndimage

from packshot.cutout.specks import without_specks

SIDES = ndimage.generate_binary_structure(2, 1)
CORNERS = ndimage.generate_binary_structure(2, 2)


def by_labels(chosen, most):
    """The same by the definition: every hole and every piece of the picture, one by one."""
    filled = chosen.copy()
    holes, count = ndimage.label(chosen == 0, SIDES)
    border = {*holes[0], *holes[-1], *holes[:, 0], *holes[:, -1]}
    for number in set(range(1, count + 1)) - border:
        if np.count_nonzero(holes == number) <= most:
            filled[holes == number] = 1
    pieces, count = ndimage.label(filled, CORNERS)
    sizes = np.bincount(pieces.ravel(), minlength=count + 1)[1:]
    for number in range(1, count + 1):
        if sizes[number - 1] <= most and number - 1 != sizes.argmax():
            filled[pieces == number] = 0
    return filled


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("product", [False, True])
def test_as_labels_of_the_whole_picture_say(seed, product):
    rng = np.random.default_rng(seed)
    chosen = (rng.random((60, 50)) < rng.choice([0.02, 0.1, 0.4])).astype(np.uint8)
    if product:
        chosen[10:40, 5:45] = rng.random((30, 40)) < 0.97
    before = chosen.copy()
    most = float(rng.integers(1, 12))
    np.testing.assert_array_equal(without_specks(chosen, most=most), by_labels(chosen, most))
    np.testing.assert_array_equal(chosen, before)


def test_a_speck_in_a_closed_hole_becomes_part_of_the_product():
    ringed = np.zeros((80, 80), np.uint8)
    ringed[10:70, 10:70] = 1
    ringed[30:33, 30:33] = 0
    ringed[31, 31] = 1
    assert without_specks(ringed, most=9)[30:33, 30:33].all()
    np.testing.assert_array_equal(without_specks(ringed, most=7)[30:33, 30:33], [[0, 0, 0], [0, 0, 0], [0, 0, 0]])
