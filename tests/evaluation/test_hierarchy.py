"""Scores along a tree, by hand, against sets of nodes, and at their limits."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from packshot.evaluation import bootstrap_interval, score_paths, tree_distance

APPLE, PEAR = ("food", "fruit", "apple"), ("food", "fruit", "pear")
MILK, LAMP = ("food", "dairy", "milk"), ("home", "lamp")


def test_four_photos_by_hand():
    score = score_paths([APPLE, APPLE, MILK, LAMP], [APPLE, PEAR, MILK[:1], MILK])
    # Shared nodes 3 + 2 + 1 + 0, predicted 3 + 3 + 1 + 3, true 3 + 3 + 3 + 2.
    assert score.precision.value == pytest.approx(6 / 10)
    assert score.recall.value == pytest.approx(6 / 11)
    assert score.f.value == pytest.approx(2 * 6 / 21)
    # Edges: 0, 2 (up and down), 2 (down twice), 5 (two up, three down).
    assert score.distance.value == pytest.approx(9 / 4)
    assert score.severity is not None
    assert score.severity.value == pytest.approx(9 / 3)
    assert (score.photos, score.exact.value, score.cautious) == (4, 0.25, 0.25)
    top, middle, leaf = score.levels
    assert (top.level, top.support, top.accuracy.value, top.answered) == (1, 4, 0.75, 1.0)
    assert (middle.support, middle.accuracy.value, middle.answered) == (4, 0.5, 0.75)
    assert (leaf.support, leaf.accuracy.value, leaf.answered) == pytest.approx((3, 1 / 3, 2 / 3)), "the lamp is no leaf"


def test_a_sibling_shares_the_parent():
    # {C, F} and {C, G} share C, one of two either way.
    score = score_paths([("C", "G")], [("C", "F")])
    assert (score.precision.value, score.recall.value, score.f.value) == (0.5, 0.5, 0.5)


def test_stopping_at_a_parent_costs_recall_and_not_precision():
    early = score_paths([APPLE, MILK], [APPLE[:2], MILK[:2]])
    assert (early.precision.value, early.cautious, early.exact.value) == (1.0, 1.0, 0.0)
    assert early.recall.value == pytest.approx(2 / 3)
    assert early.distance.value == 1.0
    assert early.levels[2].answered == 0.0
    wrong = score_paths([APPLE, MILK], [PEAR, ("food", "dairy", "cream")])
    assert wrong.distance.value > early.distance.value
    assert wrong.f.value < early.f.value


def test_no_answer_at_all_is_an_answer():
    score = score_paths([APPLE, LAMP], [(), ()])
    assert (score.precision.value, score.recall.value, score.f.value) == (0.0, 0.0, 0.0)
    assert score.distance.value == pytest.approx((3 + 2) / 2)
    assert score.cautious == 1.0
    assert next(row for row in score.classes if row.label is None).named == 2


def test_perfect_answers_have_no_severity():
    score = score_paths([APPLE, LAMP, APPLE[:2]], [APPLE, LAMP, APPLE[:2]])
    assert score.severity is None
    assert score.confusions == ()
    figures = (score.exact, score.precision, score.recall, score.f, *(level.accuracy for level in score.levels))
    assert all((figure.low, figure.value, figure.high) == (1, 1, 1) for figure in figures)


def test_an_answer_deeper_than_the_truth_costs_precision():
    score = score_paths([APPLE[:2]], [APPLE])
    assert score.precision.value == pytest.approx(2 / 3)
    assert (score.recall.value, score.cautious, score.distance.value) == (1.0, 0.0, 1.0)
    assert len(score.levels) == 2


def random_tree(rng: np.random.Generator) -> list[tuple[str, ...]]:
    """Paths to all nodes of a random tree; a node's name is its path, so that it occurs once."""
    paths: list[tuple[str, ...]] = [()]
    for _ in range(30):
        parent = paths[rng.integers(len(paths))]
        paths.append((*parent, "/".join((*parent[-1:], str(rng.integers(4))))))
    return list(dict.fromkeys(paths))


def test_agrees_with_sets_of_ancestors_and_with_steps_through_the_tree():
    rng = np.random.default_rng(0)
    for _ in range(4):
        nodes = random_tree(rng)
        true = [nodes[i] for i in rng.integers(1, len(nodes), 40)]
        pred = [nodes[i] for i in rng.integers(0, len(nodes), 40)]
        score = score_paths(true, pred)
        shared = sum(len(set(a) & set(b)) for a, b in zip(true, pred, strict=True))
        precision, recall = shared / sum(map(len, map(set, pred))), shared / sum(map(len, map(set, true)))
        assert score.precision.value == pytest.approx(precision)
        assert score.recall.value == pytest.approx(recall)
        assert score.f.value == pytest.approx(2 * precision * recall / (precision + recall))
        assert score.distance.value == pytest.approx(np.mean([walked(a, b) for a, b in zip(true, pred, strict=True)]))
        for level in score.levels:
            hits = [
                a[: level.level] == b[: level.level] for a, b in zip(true, pred, strict=True) if len(a) >= level.level
            ]
            assert (level.support, level.accuracy.value) == (len(hits), pytest.approx(np.mean(hits)))


def walked(a: tuple[str, ...], b: tuple[str, ...]) -> int:
    """Steps from parent to parent until the other node is below, then down."""
    steps = 0
    while b[: len(a)] != a:
        a, steps = a[:-1], steps + 1
    return steps + len(b) - len(a)


def test_the_distance_is_a_metric():
    for a, b, c in itertools.product([APPLE, PEAR, MILK, LAMP, APPLE[:1], ()], repeat=3):
        assert tree_distance(a, b) == tree_distance(b, a)
        assert (tree_distance(a, b) == 0) == (a == b)
        assert tree_distance(a, c) <= tree_distance(a, b) + tree_distance(b, c)


def test_intervals_hold_the_figure_and_narrow_with_more_photos():
    rng = np.random.default_rng(1)
    answers = np.array([APPLE, PEAR, MILK], dtype=object)
    widths = []
    for count in (40, 640):
        true = [tuple(answers[i]) for i in rng.integers(0, 3, count)]
        pred = [tuple(answers[i]) for i in rng.integers(0, 3, count)]
        score = score_paths(true, pred)
        for figure in (score.exact, score.precision, score.recall, score.f, score.distance, score.severity):
            assert figure is not None
            assert figure.low < figure.value < figure.high
        exact = [float(a == b) for a, b in zip(true, pred, strict=True)]
        assert (score.exact.low, score.exact.high) == bootstrap_interval(exact)
        widths.append(score.f.high - score.f.low)
    assert widths[1] == pytest.approx(widths[0] / math.sqrt(16), rel=0.4)


@pytest.mark.parametrize(
    ("true", "pred", "words"),
    [
        ([], [], "at least one path"),
        ([APPLE], [], "equally long"),
        ([APPLE, ()], [APPLE, APPLE], "empty one at 1"),
        ([APPLE], [("home", "fruit")], "'fruit' stands below 'food' and below 'home'"),
        ([APPLE], [("fruit",)], "'fruit' stands below 'food' and below the root"),
        ([("a", "b", "a")], [("a",)], "'a' stands below the root and below 'b'"),
        (["apple"], ["apple"], "sequences of node ids"),
        ([("a", None)], [("a",)], "got None"),
    ],
)
def test_what_is_no_row_of_paths_in_one_tree_is_refused(true, pred, words):
    with pytest.raises(ValueError, match=words):
        score_paths(true, pred)
