"""Priorities in the queue, against sums done by hand: price x (3 review + rules + mask + category + frame)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packshot.errors import UsageError
from packshot.records import Record, read_record
from packshot.review import read_prices, review_priority
from packshot.review.selection import why_of


def record(**said: Any) -> Record:
    return read_record({"source": "a.jpg", "status": "ok", "uncertainty": 0.0, **said})


def rule(*, ok: bool, severity: str = "must") -> dict[str, Any]:
    return {"id": "zoom", "ok": ok, "severity": severity, "measured": 1, "required": "2"}


def category(score: float | None) -> dict[str, Any]:
    return {"path": [{"id": "s", "name": "Shoes"}], "score": score}


@pytest.mark.parametrize(
    ("said", "total"),
    [
        ({}, 0),
        ({"uncertainty": 0.03}, 0.25),
        ({"uncertainty": 0.06}, 0.5),
        ({"uncertainty": 0.12}, 1),
        ({"uncertainty": 0.9}, 1),
        ({"status": "review", "uncertainty": 0.09}, 3 + 0.75),
        ({"status": "review", "rules": [rule(ok=False), rule(ok=False)]}, 3 + 1),
        ({"rules": [rule(ok=False, severity="should"), rule(ok=True)]}, 0),
        ({"category": category(0.8)}, 0.2),
        ({"category": category(None)}, 1),
        ({"category": {"path": [], "score": 0.1}}, 0),
        ({"frame": {"score": 0.5}}, 1),
        ({"frame": {"score": 0.9}}, 0.2),
        ({"frame": {"score": 0.0}}, 0),
        ({"uncertainty": 0.03, "category": category(0.8), "frame": {"score": 0.25}}, 0.25 + 0.2 + 0.5),
        ({"status": "failed", "uncertainty": None}, 3 + 1),
        ({"uncertainty": None}, 0),
    ],
)
def test_the_sum_by_hand(said: dict[str, Any], total: float) -> None:
    assert review_priority(record(**said), review_above=0.06).total == pytest.approx(total)


def test_a_rule_of_any_profile_counts() -> None:
    kept, broken = ({"file": "a.jpg", "status": "ok", "rules": [rule(ok=ok)]} for ok in (True, False))
    line = record(schema_version=2, packshots={"amazon": kept, "ebay": broken})
    assert review_priority(line, review_above=0.06).total == 1
    assert why_of(line) == {"zoom"}


def test_the_threshold_is_the_runs_own() -> None:
    assert review_priority(record(uncertainty=0.1), review_above=0.2).mask == pytest.approx(0.25)
    assert review_priority(record(uncertainty=0.1), review_above=0).mask == 1


@given(st.floats(0, 0.06), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_review_comes_before_ok_whatever_is_doubtful(mask: float, label: float, frame: float, other: float) -> None:
    """A picture that is ok breaks no rule that must hold, and its mask is at most as uncertain as the threshold."""
    ok = review_priority(record(uncertainty=mask, category=category(label), frame={"score": frame}), review_above=0.06)
    review = review_priority(record(status="review", category=category(other)), review_above=0.06)
    assert 0 <= ok.total <= 2.5 < 3 <= review.total <= 7


def test_prices_are_read(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("\ufeffSource; value; note\nä/1.jpg; 19.9; x\n\n2.jpg;0;\n", encoding="utf-8")
    assert read_prices(tmp_path / "p.csv") == {"ä/1.jpg": 19.9, "2.jpg": 0}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ("photo,price\na,1\n", "columns source and value, got photo, price"),
        ("source,value\na,dear\n", "line 2: expected a value of 0 or more, got 'dear'"),
        ("source,value\na,-1\n", "line 2: .* got '-1'"),
        ("source,value\na,nan\n", "got 'nan'"),
        ("source,value\na,inf\n", "got 'inf'"),
        ("source,value\na\n", "got ''"),
        ("source,value\n,3\n", "line 2: no source"),
        ("source,value\na,1\na,2\n", "line 3: a stands there twice"),
    ],
)
def test_prices_that_cannot_be_meant_are_refused(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "p.csv").write_text(text)
    with pytest.raises(UsageError, match=reason):
        read_prices(tmp_path / "p.csv")


def test_a_table_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="UTF-16"):
        read_prices(tmp_path / "p.csv")
    with pytest.raises(UsageError, match="No such file"):
        read_prices(tmp_path / "q.csv")
