"""JSON that every reader takes, with what there is no figure of as null."""

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from packshot.storage.json_text import json_text


def no_constant(name: str) -> object:
    raise AssertionError(f"{name} is no JSON")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), np.float64("nan")])
def test_what_is_no_number_is_null(value: float) -> None:
    written = json_text({"auc": value, "rows": [(value, 0.5)], "words": "nan"})
    assert json.loads(written, parse_constant=no_constant) == {"auc": None, "rows": [[None, 0.5]], "words": "nan"}


def test_the_rest_is_as_python_writes_it() -> None:
    value = {"a": [1, 0.25, True, None, "ü"], "b": {"c": ()}}
    assert json_text(value) == json.dumps(value)
    assert json_text(value, indent=2) == json.dumps(value, indent=2)


def test_what_json_does_not_know_is_text() -> None:
    assert json.loads(json_text([Path("a/b"), datetime(2026, 11, 30, tzinfo=UTC)])) == [
        "a/b",
        "2026-11-30 00:00:00+00:00",
    ]
