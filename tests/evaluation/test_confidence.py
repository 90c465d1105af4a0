"""Rank correlation and intervals against scipy."""

import math

import numpy as np
import pytest
from scipy import stats

from packshot.evaluation import bootstrap_interval, resampled_interval, spearman, spearman_interval
from packshot.evaluation.confidence import ranks


def test_spearman_agrees_with_scipy_with_and_without_ties():
    rng = np.random.default_rng(0)
    for _ in range(20):
        a, b = rng.normal(size=30), rng.integers(0, 5, 30)
        assert spearman(a, b) == pytest.approx(stats.spearmanr(a, b).statistic)


def test_spearman_of_a_constant_is_undefined():
    assert math.isnan(spearman([1, 1, 1], [1, 2, 3]))
    assert math.isnan(spearman([1], [1]))


def test_spearman_refuses_unequal_lengths():
    with pytest.raises(ValueError, match="one length"):
        spearman([1, 2], [1])


def test_bootstrap_agrees_with_the_normal_interval():
    values = np.random.default_rng(1).normal(5, 2, 400)
    half = 1.96 * values.std(ddof=1) / math.sqrt(400)
    low, high = bootstrap_interval(values)
    assert low == pytest.approx(values.mean() - half, abs=0.03)
    assert high == pytest.approx(values.mean() + half, abs=0.03)
    assert bootstrap_interval(values) == (low, high)


def test_bootstrap_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        bootstrap_interval([])


def test_ranks_agree_with_scipy():
    values = np.random.default_rng(2).integers(0, 9, 40)
    assert ranks(values).tolist() == stats.rankdata(values).tolist()


def test_the_interval_of_a_correlation_holds_it_and_narrows_with_more_pairs():
    rng = np.random.default_rng(3)
    widths = []
    for count in (30, 600):
        a = rng.normal(size=count)
        b = a + rng.normal(size=count)
        low, high = spearman_interval(a, b)
        assert low < spearman(a, b) < high
        widths.append(high - low)
    assert widths[1] < widths[0] / 3
    assert all(math.isnan(end) for end in spearman_interval([1, 1], [1, 2]))


def test_any_figure_can_be_resampled_and_a_mean_as_before():
    values = np.random.default_rng(4).normal(5, 2, 200)
    assert resampled_interval(lambda pick: float(values[pick].mean()), 200, resamples=2000) == bootstrap_interval(
        values
    )
    low, high = resampled_interval(lambda pick: float(values[pick].max()), 200)
    assert low < high == values.max()


def test_draws_without_a_figure_are_left_out():
    low, high = resampled_interval(lambda pick: 7.0 if 0 in pick else math.nan, 5)
    assert (low, high) == (7, 7)
    assert all(math.isnan(end) for end in resampled_interval(lambda pick: math.nan, 5))
    with pytest.raises(ValueError, match="at least one unit"):
        resampled_interval(lambda pick: 0.0, 0)
