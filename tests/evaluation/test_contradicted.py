"""Labels that a network contradicts: which, and in which order."""

from __future__ import annotations

import csv
import io

import pytest

from packshot.evaluation.attributes import AttributeAnswer
from packshot.evaluation.categories import CategoryAnswer
from packshot.evaluation.contradicted import contradiction_of, contradictions_text
from packshot.evaluation.frame_evaluation import FrameAnswer


def choice(name: str, true: str, **chances: float) -> AttributeAnswer:
    return AttributeAnswer(name, "s", frozenset({true}), (), chances)


def test_the_surest_contradiction_is_first_and_what_agrees_is_left_out() -> None:
    answers = [
        choice("agrees", "red", red=0.9, blue=0.1),
        choice("unsure", "red", red=0.45, blue=0.55),
        choice("sure, of all", "red", red=0.02, blue=0.98),
    ]
    found = [one for one in map(contradiction_of, answers) if one]
    rows = list(csv.DictReader(io.StringIO(contradictions_text(found))))
    assert [row["path"] for row in rows] == ["sure, of all", "unsure"]
    assert rows[0] == {
        "path": "sure, of all",
        "label": "red",
        "said": "blue",
        "score": "0.9800",
        "sure_of_it": "0.9600",
    }


def test_a_category_is_compared_with_the_likeliest_leaf() -> None:
    answer = CategoryAnswer(
        "a", "s", ("apparel", "hat"), True, (), 0.0, ("apparel", "shoe"), 0.7, {"shoe": 0.7, "hat": 0.2}
    )
    found = contradiction_of(answer)
    assert found is not None
    assert (found.label, found.said, found.sure) == ("hat", "shoe", pytest.approx(0.5))


def test_a_missed_frame_contradicts_by_the_distance_of_its_score_from_even() -> None:
    missed = FrameAnswer("a", "s", "frame", True, False, 0.1, None, 0.0)
    found = contradiction_of(missed)
    assert found is not None
    assert (found.label, found.said, found.score, found.sure) == ("framed", "unframed", 0.9, pytest.approx(0.8))
    assert contradiction_of(FrameAnswer("a", "s", "frame", True, True, 0.9, None, 0.0)) is None


def test_tags_are_many_and_contradict_nothing() -> None:
    assert contradiction_of(AttributeAnswer("a", "s", frozenset(), ("belt",), {"belt": 0.9})) is None
