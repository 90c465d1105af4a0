"""Coverage at a target precision, by hand and against every possible threshold."""

from __future__ import annotations

import numpy as np
import pytest

from packshot.evaluation import coverage_at_precision


def test_by_hand():
    score, correct = [0.9, 0.8, 0.7, 0.6, 0.5], [True, True, False, True, True]
    strict = coverage_at_precision(score, correct, target=1.0)
    assert (strict.coverage, strict.threshold, strict.precision) == (0.4, 0.8, 1.0)
    loose = coverage_at_precision(score, correct, target=0.75)
    assert (loose.coverage, loose.threshold, loose.precision) == (1.0, 0.5, 0.8), "later answers may make up for one"


def test_equal_scores_are_kept_or_dropped_together():
    assert coverage_at_precision([0.5, 0.5], [True, False], target=0.6).coverage == 0.0
    assert coverage_at_precision([0.5, 0.5], [True, False], target=0.5).coverage == 1.0


def test_out_of_reach_has_no_threshold():
    point = coverage_at_precision([0.9, 0.1], [False, False])
    assert (point.coverage, point.threshold, point.precision, point.low, point.high) == (0.0, None, None, 0.0, 0.0)


def test_agrees_with_every_threshold_tried_in_turn():
    rng = np.random.default_rng(0)
    for target in (0.5, 0.8, 0.95):
        score = rng.integers(0, 30, 200) / 30
        correct = rng.random(200) < 0.4 + 0.6 * score
        fits = [cut for cut in np.unique(score) if correct[score >= cut].mean() >= target]
        point = coverage_at_precision(score, correct, target=target)
        assert point.threshold == (min(fits) if fits else None)
        if fits:
            assert point.coverage == pytest.approx(np.mean(score >= min(fits)))
            assert point.precision == pytest.approx(correct[score >= min(fits)].mean())
            assert point.low <= point.coverage <= point.high


def test_a_better_order_covers_more():
    rng = np.random.default_rng(1)
    sure = rng.random(500)
    correct = rng.random(500) < sure
    blind = coverage_at_precision(rng.random(500), correct, target=0.9)
    assert coverage_at_precision(sure, correct, target=0.9).coverage > blind.coverage


@pytest.mark.parametrize(
    ("score", "correct", "target", "words"),
    [
        ([], [], 0.95, "n >= 1"),
        ([0.5], [True, False], 0.95, r"\(1,\) and \(2,\)"),
        ([float("nan")], [True], 0.95, "finite scores.*nan"),
        ([0.5], [True], 0.0, "target"),
        ([0.5], [True], 1.5, "target"),
    ],
)
def test_bad_input_is_refused(score, correct, target, words):
    with pytest.raises(ValueError, match=words):
        coverage_at_precision(score, correct, target=target)
