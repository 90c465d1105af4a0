"""Heads: probabilities along a tree, answers as deep as is sure. All expected numbers are hand calculations."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from packshot.heads import Head, HeadKind, answer_path, head_probabilities, split_logits

# food > (apple > (red, green), milk); wear; nothing
TREE = Head(
    name="category",
    kind=HeadKind.TREE,
    labels=("food", "apple", "red", "green", "milk", "wear", "none"),
    parents=(-1, 0, 1, 1, 0, -1, -1),
    nothing="none",
    thresholds={"0.9": (0.5, 0.5, 0.5)},
)


def log(*values: float) -> np.ndarray:
    return np.log(np.array([values], np.float32))


def test_a_category_is_as_likely_as_its_way() -> None:
    found = head_probabilities(TREE, log(6, 3, 1, 4, 1, 3, 1))[0]
    # food 6/10; apple 3/4 of it; red 1/5 and green 4/5 of that; milk 1/4 of food
    assert found == pytest.approx([0.6, 0.45, 0.09, 0.36, 0.15, 0.3, 0.1], abs=1e-6)


def test_siblings_add_up_to_their_parent() -> None:
    logits = np.random.default_rng(0).normal(0, 3, (50, 7)).astype(np.float32)
    found = head_probabilities(TREE.model_copy(update={"temperature": 2.3}), logits)
    assert np.allclose(found[:, [0, 5, 6]].sum(axis=1), 1, atol=1e-6)
    assert np.allclose(found[:, [1, 4]].sum(axis=1), found[:, 0], atol=1e-6)
    assert np.allclose(found[:, [2, 3]].sum(axis=1), found[:, 1], atol=1e-6)


def test_a_temperature_flattens() -> None:
    choice = Head(name="kids", kind=HeadKind.CHOICE, labels=("no", "yes"), temperature=2)
    assert head_probabilities(choice, log(9, 1))[0] == pytest.approx([0.75, 0.25])  # sqrt(9) : sqrt(1)


def test_tags_are_independent() -> None:
    tags = Head(name="tags", kind=HeadKind.TAGS, labels=("a", "b"))
    assert head_probabilities(tags, np.array([[0, np.log(3)]], np.float32))[0] == pytest.approx([0.5, 0.75])


def test_huge_logits_stay_finite() -> None:
    logits = np.array([[1e30, -1e30, 500, -500, 0, 1, 2]], np.float32)
    assert np.isfinite(head_probabilities(TREE, logits)).all()
    tags = Head(name="tags", kind=HeadKind.TAGS, labels=("a", "b"))
    assert head_probabilities(tags, np.array([[1e30, -1e30]], np.float32)).tolist() == [[1, 0]]


def test_the_answer_stops_where_it_is_no_longer_sure() -> None:
    found = np.array([0.6, 0.45, 0.09, 0.36, 0.15, 0.3, 0.1], np.float32)
    assert answer_path(TREE, found) == (0, 1, 3)
    assert answer_path(TREE, found, precision=0.9) == (0,)


def test_nothing_is_no_answer() -> None:
    found = np.array([0.2, 0.1, 0.05, 0.05, 0.1, 0.1, 0.7], np.float32)
    assert answer_path(TREE, found) == ()
    assert answer_path(TREE, np.full(7, 0.3, np.float32), precision=0.9) == ()


def test_no_thresholds_for_a_precision() -> None:
    with pytest.raises(KeyError):
        answer_path(TREE, np.ones(7, np.float32), precision=0.5)


def test_logits_are_dealt_to_their_heads() -> None:
    tags = Head(name="tags", kind=HeadKind.TAGS, labels=("a", "b"))
    parts = split_logits((TREE, tags), np.arange(18, dtype=np.float32).reshape(2, 9))
    assert parts["tags"].tolist() == [[7, 8], [16, 17]]
    with pytest.raises(ValueError, match=r"expected \(n, 9\)"):
        split_logits((TREE, tags), np.zeros((1, 8), np.float32))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"labels": ("a", "a"), "parents": (-1, -1)}, "each once"),
        ({"parents": (-1,)}, "one for each label"),
        ({"parents": (1, -1, 1, 1, 0, -1, -1)}, "before its children"),
        ({"nothing": "void"}, "no label 'void'"),
        ({"names": ("Food",)}, "expected 7"),
        ({"thresholds": {"0.9": (0.5,)}}, "expected 3, got 1"),
        ({"temperature": 0}, "greater than 0"),
    ],
)
def test_a_head_that_fits_nothing_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Head.model_validate({**TREE.model_dump(), "thresholds": {}, **changes})
