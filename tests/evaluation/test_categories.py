"""Answers of several sets, scored by hand; and the confusion matrix that a person can read."""

import pytest

from packshot.evaluation import (
    ALL_SETS,
    AttributeAnswer,
    CategoryAnswer,
    score_categories,
    score_choices,
    score_paths,
    score_tags,
)
from packshot.web.evaluation_report.confusion import most_confused

APPLE, PEAR, LAMP = ("food", "fruit", "apple"), ("food", "fruit", "pear"), ("home", "lamp")


def answer(true, said, likeliest, *, group="shop", confidence=0.9, leaf=True):
    return CategoryAnswer(
        name="x",
        set=group,
        true=true,
        leaf=leaf,
        said=said,
        score=0.9,
        likeliest=likeliest,
        confidence=confidence,
        top={likeliest[-1]: confidence},
    )


def test_sets_are_scored_by_themselves_and_together():
    answers = [
        answer(PEAR, PEAR, PEAR, group="street", confidence=0.9),
        answer(PEAR, PEAR[:2], APPLE, group="street", confidence=0.4),
        answer(LAMP, (), PEAR, group="studio", confidence=0.3),
        answer(APPLE, APPLE, APPLE, group="studio", confidence=0.8),
    ]
    street, studio, both = score_categories(answers, precision=0.95)
    assert [row.set for row in (street, studio, both)] == ["street", "studio", ALL_SETS]
    assert [row.accuracy.value for row in (street, studio, both)] == [0.5] * 3
    assert (both.majority, both.majority_label) == (0.5, "pear")
    assert [level.accuracy.value for level in both.levels] == [3 / 4, 3 / 4, 2 / 3]
    assert both.severity.value == (2 + 5) / 2
    assert (both.served.answered.value, both.served.right.value, both.served.whole) == (3 / 4, 1, 2 / 4)
    assert both.served.precision.value == 1
    assert (both.coverage.coverage, both.coverage.threshold) == (0.5, 0.8)
    tree = score_paths([each.true for each in answers], [each.said for each in answers])
    assert (both.served.recall, both.served.f) == (tree.recall, tree.f)


def test_deeper_answers_than_the_truth_are_not_compared_below_it():
    (row,) = score_categories([answer(PEAR[:2], PEAR, APPLE, leaf=False)], precision=0.95)
    assert (row.leaves, row.accuracy, row.coverage) == (0, None, None)
    assert (row.f.value, row.severity, row.served.f.value, row.served.whole) == (1, None, 1, 1)


def test_attributes_of_several_sets():
    def said(true, group, **probabilities):
        return AttributeAnswer("x", group, frozenset(true), (), probabilities)

    answers = [said(["a"], "one", a=0.8, b=0.2), said(["b"], "two", a=0.7, b=0.3)]
    one, two, both = score_choices(answers)
    assert (one.accuracy.value, two.accuracy.value, both.accuracy.value) == (1, 0, 0.5)
    assert (both.answered.value, both.right) == (0, None)
    assert both.labels[0].roc_auc.value == 1, "the likelier of the two is the true one"
    nobody = score_tags([said([], "one", a=0.8, b=0.2)])[0]
    assert (nobody.mean_average_precision, nobody.precision, nobody.recall) == (None, None, None)
    assert score_categories([], precision=0.95) == score_choices([]) == score_tags([]) == []


def test_the_matrix_shows_the_most_confused_classes_and_counts_the_others():
    true = [*"aaaa", *"bbb", *"cc", "d"]
    pred = [*"abbc", *"bba", *"cc", "a"]
    rows = most_confused(true, pred, classes=2)
    assert [row.label for row in rows] == ["a", "b"]
    assert rows[0].cells == ((1, 1 / 4), (2, 2 / 4))
    assert (rows[0].others, rows[0].support) == (1, 4)
    assert rows[1].cells == ((1, pytest.approx(1 / 3)), (2, pytest.approx(2 / 3)))
    assert most_confused("ab", "ab") == ()
