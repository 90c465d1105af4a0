"""A threshold for matches, against sums by hand."""

import numpy as np
import pytest

from packshot.evaluation.matching import fit_match


def test_where_right_and_wrong_are_apart_everything_right_matches():
    score = np.r_[np.linspace(0.8, 0.9, 40), np.linspace(0.1, 0.3, 60)]
    fit = fit_match(score, np.arange(100) < 40, there=np.arange(100) < 50, precision=1.0)
    assert fit.threshold == pytest.approx(0.8)
    assert fit.precision.value == 1.0
    # Of a half, the lowest score that is right may lie above some of the other half's.
    assert 0.35 <= fit.coverage.value <= 0.4
    assert fit.recall.value == pytest.approx(fit.coverage.value * 100 / 50)


def test_the_threshold_is_the_lowest_that_keeps_the_precision():
    score = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4]
    right = [True, True, False, True, True, False]
    # From the top: 1/1, 2/2, 2/3, 3/4, 4/5, 4/6.
    assert fit_match(score, right, precision=0.8).threshold == 0.5
    assert fit_match(score, right, precision=0.9).threshold == 0.8


def test_precision_is_judged_on_queries_that_did_not_choose():
    """Chance alone: fitted and judged on the same queries it would be 0.9, on others it is the base rate, 0.5."""
    rng = np.random.default_rng(3)
    values = []
    for seed in range(40):
        score, right = rng.random(30), rng.random(30) < 0.5
        fit = fit_match(score, right, precision=0.9, seed=seed)
        if fit.precision is not None:
            values.append(fit.precision.value)
    assert np.mean(values) < 0.75


def test_a_group_stays_together():
    """The only right product: where it chose the threshold, none of it is left to match."""
    score = [0.9] * 4 + [0.5, 0.4, 0.3]
    fit = fit_match(score, [True] * 4 + [False] * 3, groups=["a"] * 4 + ["b", "c", "d"], precision=0.9)
    assert fit.threshold == 0.9
    assert fit.coverage.value == 0
    assert fit.precision is None


def test_where_nothing_is_right_nothing_matches():
    fit = fit_match([0.9, 0.8, 0.7], [False] * 3, there=[False] * 3)
    assert (fit.threshold, fit.precision, fit.recall, fit.coverage.value) == (None, None, None, 0.0)


@pytest.mark.parametrize(
    ("score", "right", "options"),
    [
        ([0.5], [True], {}),
        ([0.5, 0.6], [True], {}),
        ([0.5, np.nan], [True, False], {}),
        ([0.5, 0.6], [True, False], {"precision": 0}),
        ([0.5, 0.6], [True, False], {"groups": ["a", "a"]}),
        ([0.5, 0.6], [True, False], {"there": [True]}),
    ],
)
def test_what_cannot_be_fitted_is_refused(score, right, options):
    with pytest.raises(ValueError, match="fit_match: expected"):
        fit_match(score, right, **options)
