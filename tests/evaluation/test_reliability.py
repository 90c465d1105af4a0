"""The reliability of an uncertainty, by hand and by its limits."""

import numpy as np
import pytest

from packshot.evaluation import reliability, risk_coverage


def test_bins_hold_equally_many_results_from_the_surest_up():
    doubt = [0.9, 0.1] * 10
    error = [0.5, 0.02] * 10
    low, high = reliability(doubt, error, bins=2)
    assert (low.count, high.count) == (10, 10)
    assert (low.uncertainty, low.error) == pytest.approx((0.1, 0.02))
    assert (high.uncertainty, high.error) == pytest.approx((0.9, 0.5))
    assert (high.low, high.high) == pytest.approx((0.5, 0.5)), "equal errors leave no doubt of their mean"


def test_few_results_make_few_bins_and_none_is_lost():
    assert [each.count for each in reliability([0.3, 0.1, 0.2], [0, 0, 1])] == [3]
    rng = np.random.default_rng(0)
    bins = reliability(rng.random(47), rng.random(47))
    assert sum(each.count for each in bins) == 47
    assert all(each.low <= each.error <= each.high for each in bins)


def test_risk_coverage_by_hand():
    curve = risk_coverage([0.1, 0.3, 0.2, 0.4], [0.0, 0.2, 0.4, 0.6])
    assert curve.coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert curve.risk == pytest.approx([0, 0.2, 0.2, 0.3])
    assert curve.ideal == pytest.approx([0, 0.1, 0.2, 0.3])
    assert curve.area == pytest.approx(0.175)


def test_no_order_beats_the_ideal_and_the_true_error_reaches_it():
    rng = np.random.default_rng(1)
    error = rng.random(200) ** 3
    useless, perfect = risk_coverage(rng.random(200), error), risk_coverage(error, error)
    assert (useless.risk >= useless.ideal - 1e-12).all()
    assert perfect.area == pytest.approx(perfect.ideal_area)
    assert [useless.risk[-1], perfect.risk[-1]] == pytest.approx([error.mean()] * 2)
    assert useless.area == pytest.approx(error.mean(), rel=0.2), "a useless order keeps the mean error"


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="equally long"):
        risk_coverage([0.1], [0.1, 0.2])
    with pytest.raises(ValueError, match="equally long"):
        reliability([], [])
