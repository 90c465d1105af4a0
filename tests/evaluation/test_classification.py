"""Classification scores against hand calculations, scipy and the definitions."""

import itertools
import math

import numpy as np
import pytest
from scipy import integrate, stats

from packshot.evaluation import (
    accuracy,
    average_precision,
    confusion_matrix,
    expected_calibration_error,
    macro_f1,
    majority_accuracy,
    roc_auc,
    roc_curve,
)


def test_the_confusion_matrix_has_the_truth_in_its_rows():
    matrix = confusion_matrix([0, 2, 1, 2], [0, 1, 1, 2], classes=4)
    assert matrix.tolist() == [[1, 0, 0, 0], [0, 1, 1, 0], [0, 0, 1, 0], [0, 0, 0, 0]]
    assert accuracy([0, 2, 1, 2], [0, 1, 1, 2]) == np.trace(matrix) / matrix.sum() == 0.75


def test_macro_f1_by_hand():
    # Class 0: precision 2/3, recall 1: F1 0.8. Class 1: precision 1, recall 1/2: F1 2/3.
    # Class 2 is only in the truth: F1 0. Class 3 is nowhere, and left out.
    assert macro_f1([0, 0, 1, 0, 4], [0, 0, 1, 1, 2]) == pytest.approx((0.8 + 2 / 3 + 0 + 0) / 4)


def test_a_rare_class_counts_as_much_as_a_frequent_one():
    true = [0] * 98 + [1] * 2
    assert accuracy([0] * 100, true) == majority_accuracy(true) == 0.98
    assert macro_f1([0] * 100, true) == pytest.approx(0.5 * 2 * 98 / (2 * 98 + 2))


def test_the_majority_is_taken_from_the_training_labels_where_given():
    assert majority_accuracy([1, 1, 1, 0]) == 0.75
    assert majority_accuracy([1, 1, 1, 0], train=[0, 0, 1]) == 0.25


def test_average_precision_by_hand():
    # From the top: hit (1/1), miss, hit (2/3), miss, hit (3/5).
    assert average_precision([0.9, 0.8, 0.7, 0.6, 0.5], [1, 0, 1, 0, 1]) == pytest.approx((1 + 2 / 3 + 3 / 5) / 3)


def test_tied_scores_are_one_step_whatever_their_order():
    for truth in itertools.permutations([True, False, False, True]):
        assert average_precision([0.5] * 4, truth) == 0.5, "the share of positives"
        assert roc_auc([0.5] * 4, truth) == 0.5


def test_perfect_and_reversed_rankings():
    truth = [False, False, True, True]
    assert average_precision([1, 2, 3, 4], truth) == roc_auc([1, 2, 3, 4], truth) == 1.0
    assert roc_auc([4, 3, 2, 1], truth) == 0.0


def test_roc_auc_agrees_with_mann_whitney_and_with_the_curve():
    rng = np.random.default_rng(0)
    for _ in range(10):
        score, truth = rng.integers(0, 8, 60), rng.random(60) < 0.4
        u = stats.mannwhitneyu(score[truth], score[~truth]).statistic
        assert roc_auc(score, truth) == pytest.approx(u / (truth.sum() * (~truth).sum()))
        cuts = [*np.unique(score)[::-1]]
        false = [0.0, *(np.mean(score[~truth] >= cut) for cut in cuts)]
        hit = [0.0, *(np.mean(score[truth] >= cut) for cut in cuts)]
        assert roc_auc(score, truth) == pytest.approx(integrate.trapezoid(hit, false))


def test_one_class_only_has_no_ranking():
    assert math.isnan(average_precision([0.1, 0.2], [False, False]))
    assert math.isnan(roc_auc([0.1, 0.2], [True, True]))


def test_calibration_by_hand():
    # Bin (0.8, 1]: confidence 0.9, accuracy 0.5, 2 results; bin (0.4, 0.6]: 0.6, accuracy 1, 2 results.
    gap = expected_calibration_error([0.9, 0.9, 0.6, 0.6], [True, False, True, True], bins=5)
    assert gap == pytest.approx(0.5 * 0.4 + 0.5 * 0.4)
    assert expected_calibration_error([1.0, 0.0], [True, False]) == 0.0


def test_a_calibrated_predictor_has_next_to_no_error():
    rng = np.random.default_rng(0)
    confidence = rng.random(20_000)
    assert expected_calibration_error(confidence, rng.random(20_000) < confidence) < 0.02
    assert expected_calibration_error(confidence, rng.random(20_000) < confidence**3) > 0.2


@pytest.mark.parametrize("labels", [[], [-1], [0.5], [[0]]])
def test_what_is_no_class_number_is_refused(labels):
    with pytest.raises(ValueError, match="class numbers"):
        accuracy(labels, labels)


def test_other_bad_input_is_refused():
    with pytest.raises(ValueError, match="equally long"):
        accuracy([0, 1], [0])
    with pytest.raises(ValueError, match="below 2, got 2"):
        confusion_matrix([0, 2], [0, 1], classes=2)
    with pytest.raises(ValueError, match="finite"):
        roc_auc([0.1, float("nan")], [True, False])
    with pytest.raises(ValueError, match=r"0\.\.1"):
        expected_calibration_error([1.2], [True])


def test_the_area_under_the_curve_is_the_auc() -> None:
    rng = np.random.default_rng(4)
    truth = rng.random(200) < 0.3
    score = np.round(truth + rng.normal(0, 1, 200), 1)  # with ties
    false, found = roc_curve(score, truth)
    assert (np.diff(false) >= 0).all()
    assert (np.diff(found) >= 0).all()
    assert integrate.trapezoid(found, false) == pytest.approx(roc_auc(score, truth))
    with pytest.raises(ValueError, match="positives and negatives"):
        roc_curve([0.1, 0.2], [True, True])
