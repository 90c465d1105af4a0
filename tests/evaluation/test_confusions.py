"""The table of classes and the confusions, by hand and against the confusion matrix."""

from __future__ import annotations

import numpy as np
import pytest

from packshot.evaluation import ClassScore, Confusion, class_table, confusion_matrix, frequent_confusions, macro_f1


def test_a_table_by_hand():
    true = ["hat", "hat", "hat", "bag", "tie"]
    pred = ["hat", "hat", "bag", "bag", "cap"]
    assert class_table(true, pred) == (
        ClassScore("hat", support=3, named=2, precision=1.0, recall=2 / 3, f1=0.8),
        ClassScore("bag", support=1, named=2, precision=0.5, recall=1.0, f1=2 / 3),
        ClassScore("tie", support=1, named=0, precision=None, recall=0.0, f1=0.0),
        ClassScore("cap", support=0, named=1, precision=0.0, recall=None, f1=0.0),
    )


def test_the_table_agrees_with_the_confusion_matrix():
    rng = np.random.default_rng(0)
    true, pred = rng.integers(0, 6, 300), rng.integers(0, 6, 300)
    matrix, rows = confusion_matrix(pred, true), class_table(true.tolist(), pred.tolist())
    assert [row.support for row in rows] == sorted(matrix.sum(axis=1).tolist(), reverse=True)
    for row in rows:
        assert row.precision == pytest.approx(matrix[row.label, row.label] / matrix[:, row.label].sum())
        assert row.recall == pytest.approx(matrix[row.label, row.label] / matrix[row.label].sum())
        assert row.f1 == pytest.approx(2 / (1 / row.precision + 1 / row.recall))
    assert np.mean([row.f1 for row in rows]) == pytest.approx(macro_f1(pred, true))
    pairs = frequent_confusions(true.tolist(), pred.tolist(), at_most=100)
    assert sum(pair.count for pair in pairs) == matrix.sum() - np.trace(matrix)
    assert all(pair.count == matrix[pair.true, pair.pred] for pair in pairs)


def test_the_most_frequent_confusion_comes_first_and_of_equals_the_one_that_hurts_more():
    true = ["hat"] * 8 + ["bag"] * 2 + ["tie"] * 4
    pred = ["hat"] * 6 + ["bag"] * 2 + ["hat"] * 2 + ["bag"] * 3 + ["tie"]
    assert frequent_confusions(true, pred) == (
        Confusion("tie", "bag", 3, 0.75),
        Confusion("bag", "hat", 2, 1.0),
        Confusion("hat", "bag", 2, 0.25),
    )
    assert len(frequent_confusions(true, pred, at_most=1)) == 1


@pytest.mark.parametrize("function", [class_table, frequent_confusions])
@pytest.mark.parametrize(("true", "pred"), [([], []), (["hat"], [])])
def test_unequal_or_empty_rows_are_refused(function, true, pred):
    with pytest.raises(ValueError, match="two equally long rows"):
        function(true, pred)
