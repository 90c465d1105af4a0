"""Metrics against hand calculations and scipy."""

import math

import numpy as np
import pytest
from scipy import ndimage

from packshot.evaluation import boundary_f, iou, mae, pixel_accuracy


def square(size, start, stop):
    mask = np.zeros((size, size), bool)
    mask[start:stop, start:stop] = True
    return mask


def test_iou_by_hand():
    # 10x10 and 10x10 shifted by (5, 5): 25 shared, 175 in the union.
    assert iou(square(40, 0, 10), square(40, 5, 15)) == pytest.approx(25 / 175)
    assert iou(square(40, 0, 10), square(40, 0, 10)) == 1.0
    assert iou(square(40, 0, 10), square(40, 20, 30)) == 0.0


def test_both_empty_agree():
    empty = np.zeros((5, 5), bool)
    assert iou(empty, empty) == 1.0
    assert boundary_f(empty, empty) == 1.0
    assert boundary_f(empty, square(5, 1, 3)) == 0.0


def test_soft_masks_count_from_one_half():
    assert iou(np.array([[0.5, 0.49]], np.float32), np.array([[True, False]])) == 1.0


def test_accuracy_and_mae_by_hand():
    assert pixel_accuracy(np.array([[1, 0, 0, 0]]), np.array([[1, 1, 0, 0]])) == 0.75
    assert mae(np.array([[0.5, 0.25]]), np.array([[1.0, 0.0]])) == pytest.approx(0.375)


def bar(start, stop):
    mask = np.zeros((200, 200), bool)
    mask[start:stop] = True
    return mask


def test_an_outline_moved_within_the_tolerance_is_right_and_beyond_it_is_wrong():
    assert 0.0075 * math.hypot(200, 200) == pytest.approx(2.12, abs=0.01)  # pixels
    assert boundary_f(bar(52, 148), bar(50, 150)) == 1.0
    assert boundary_f(bar(53, 147), bar(50, 150)) == 0.0


def test_half_an_outline_by_hand():
    true = np.zeros((100, 60), bool)
    true[20:80] = True
    pred = np.zeros((100, 60), bool)
    pred[20:60] = True
    # The top row is right, the bottom row is 20 pixels off: precision = recall = 1/2.
    assert boundary_f(pred, true) == pytest.approx(0.5)


def test_boundary_f_agrees_with_scipy():
    rng = np.random.default_rng(3)
    for _ in range(10):
        a = ndimage.gaussian_filter(rng.random((270, 290)), 9) > 0.5
        b = ndimage.gaussian_filter(rng.random((270, 290)), 9) > 0.5
        edges = [m & ~ndimage.binary_erosion(m, border_value=1) for m in (a, b)]
        near = [ndimage.distance_transform_edt(~e) <= 0.0075 * math.hypot(270, 290) for e in edges]
        precision, recall = near[1][edges[0]].mean(), near[0][edges[1]].mean()
        expected = 2 * precision * recall / (precision + recall)
        assert boundary_f(a, b) == pytest.approx(expected, abs=1e-9)


def test_shapes_must_agree():
    with pytest.raises(ValueError, match="expected two of the same"):
        iou(np.zeros((2, 2)), np.zeros((2, 3)))
