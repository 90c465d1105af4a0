"""Matting errors against hand calculations, scipy, and a slow reference written from the definition."""

import itertools
import math

import numpy as np
import pytest
from scipy import ndimage

from packshot.evaluation import connectivity_error, gradient_error, mse, sad

ERRORS = (sad, mse, gradient_error, connectivity_error)


def soft_matte(seed, shape=(40, 52)):
    """Blobs with soft edges and real zeros and ones, in steps of 1/255 as files hold them."""
    noise = ndimage.gaussian_filter(np.random.default_rng(seed).random(shape), 3)
    spread = np.clip((noise - noise.mean()) / noise.std() * 0.6 + 0.5, 0, 1)
    return (np.rint(spread * 255) / 255).astype(np.float32)


# --- by hand ---------------------------------------------------------------------------------------------------------


def test_sad_and_mse_by_hand():
    pred = np.array([[1.0, 0.5], [0.25, 0.0]])
    true = np.array([[1.0, 1.0], [0.0, 0.0]])
    assert sad(pred, true) == pytest.approx((0.5 + 0.25) / 1000)
    assert mse(pred, true) == pytest.approx((0.25 + 0.0625) / 4)


def test_only_the_unknown_region_counts():
    pred = np.array([[1.0, 0.5], [0.25, 0.0]])
    true = np.array([[1.0, 1.0], [0.0, 0.0]])
    unknown = np.array([[False, True], [False, False]])
    assert sad(pred, true, unknown=unknown) == pytest.approx(0.5 / 1000)
    assert mse(pred, true, unknown=unknown) == pytest.approx(0.25)
    nothing = np.zeros((2, 2), bool)
    assert [error(pred, true, unknown=nothing) for error in ERRORS] == [0, 0, 0, 0]


def test_an_island_that_floats_free_is_counted_whole():
    """A second square of 4 x 4 in the prediction: its level is 0, so each of its 16 pixels lacks all connection."""
    true = np.zeros((30, 30))
    true[2:20, 2:20] = 1
    pred = true.copy()
    pred[24:28, 24:28] = 1
    assert connectivity_error(pred, true) == pytest.approx(16 / 1000)


def test_a_matte_too_faint_by_less_than_the_tolerance_is_still_connected():
    true = np.zeros((20, 20))
    true[5:15, 5:15] = 1
    assert connectivity_error(true * 0.9, true) == 0, "0.9 of 1: the level is 0.9, and both lie within 0.15 of it"
    # At 0.8 the level is 0.8 for both: the truth rises 0.2 above it on each of 100 pixels.
    assert connectivity_error(true * 0.8, true) == pytest.approx(100 * 0.2 / 1000)


def test_the_gradient_of_a_flat_matte_is_zero_also_at_the_border():
    assert gradient_error(np.full((20, 30), 0.3), np.full((20, 30), 0.9)) == pytest.approx(0, abs=1e-9)


def test_the_gradient_of_a_step_by_hand():
    """Along a vertical step only the horizontal derivative sees anything: the slope's part sums times the bell's."""
    true = np.zeros((40, 40))
    true[:, 20:] = 1
    reach = math.ceil(1.4 * math.sqrt(-2 * math.log(math.sqrt(2 * math.pi) * 1.4 * 0.01)))
    x = np.arange(-reach, reach + 1)
    bell = np.exp(-(x**2) / (2 * 1.4**2))
    slope = x * bell
    bell, slope = bell / np.linalg.norm(bell), slope / np.linalg.norm(slope)
    column = [bell.sum() * slope[x >= 20 - place].sum() for place in range(40) if abs(20 - place) <= reach]
    expected = 40 * np.square(column).sum() / 1000
    assert gradient_error(np.zeros((40, 40)), true) == pytest.approx(expected, rel=1e-5)


# --- against others --------------------------------------------------------------------------------------------------


def slow_connectivity(pred, true, step=0.1):
    """Straight from the definition: for each threshold the largest part, pixel by pixel."""
    thresholds = [round(step * k, 10) for k in range(round(1 / step) + 1)]
    level = np.full(pred.shape, np.nan)
    for below, threshold in itertools.pairwise(thresholds):
        parts, count = ndimage.label((pred >= threshold) & (true >= threshold))  # 4-connected by default
        sizes = [np.count_nonzero(parts == part) for part in range(1, count + 1)]
        for spot in np.ndindex(pred.shape):
            outside = count == 0 or parts[spot] != 1 + int(np.argmax(sizes))
            if np.isnan(level[spot]) and outside:
                level[spot] = below
    total = 0.0
    for spot in np.ndindex(pred.shape):
        high = 1.0 if np.isnan(level[spot]) else level[spot]
        phi = []
        for matte in (float(pred[spot]), float(true[spot])):
            distance = matte - high
            phi.append(1 - (distance if distance >= 0.15 else 0))
        total += abs(phi[0] - phi[1])
    return total / 1000


@pytest.mark.parametrize("seed", range(6))
def test_connectivity_agrees_with_a_slow_reference(seed):
    pred, true = soft_matte(seed), soft_matte(seed + 100)
    if seed % 2:  # a prediction close to the truth, as real ones are
        pred = np.clip(true + 0.3 * (pred - 0.5), 0, 1)
    assert connectivity_error(pred, true) == pytest.approx(slow_connectivity(pred, true), rel=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_the_gradient_agrees_with_scipy(seed):
    pred, true = soft_matte(seed), soft_matte(seed + 100)
    x = np.arange(-4, 5)
    assert math.ceil(1.4 * math.sqrt(-2 * math.log(math.sqrt(2 * math.pi) * 1.4 * 0.01))) == 4
    kernel = np.outer(np.exp(-(x**2) / 3.92), x * np.exp(-(x**2) / 3.92))
    kernel /= np.sqrt((kernel**2).sum())

    def length(matte):
        wide = matte.astype(np.float64)
        return np.hypot(*(ndimage.convolve(wide, k, mode="nearest") for k in (kernel, kernel.T)))

    expected = np.square(length(pred) - length(true)).sum() / 1000
    assert gradient_error(pred, true) == pytest.approx(expected, rel=1e-5)


# --- invariants ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_equal_mattes_have_no_error_and_the_order_and_the_side_do_not_matter(error):
    pred, true = soft_matte(1), soft_matte(2)
    assert error(true, true) == pytest.approx(0, abs=1e-9)
    assert error(pred, true) > 0
    assert error(true, pred) == pytest.approx(error(pred, true))
    assert error(pred[:, ::-1], true[:, ::-1]) == pytest.approx(error(pred, true), rel=1e-5)
    assert error(pred.T, true.T) == pytest.approx(error(pred, true), rel=1e-5)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_hard_masks_are_mattes_too(error):
    true = soft_matte(3) > 0.5
    assert error(true, true) == pytest.approx(0, abs=1e-9)
    assert error(np.zeros_like(true), true) == pytest.approx(error(np.zeros(true.shape), true.astype(float)))


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_shapes_must_agree(error):
    with pytest.raises(ValueError, match="one shape"):
        error(np.zeros((2, 2)), np.zeros((2, 3)))
    with pytest.raises(ValueError, match="one shape"):
        error(np.zeros((2, 2)), np.zeros((2, 2)), unknown=np.zeros((3, 2), bool))
