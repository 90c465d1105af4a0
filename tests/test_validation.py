"""Settings that are wrong, in words: expected and came, never a programmer's name of a type."""

from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from packshot.validation import first_problem


class _Recipe(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    epochs: list[int] = Field(default=[1], min_length=1)
    rate: float = Field(default=0.1, gt=0, le=1)
    batch: int = 8
    quick: bool = False
    kind: Literal["box", "net"] = "box"

    @field_validator("batch")
    @classmethod
    def _even(cls, value: int) -> int:
        if value % 2:
            raise ValueError(f"expected an even number, got {value}")
        return value


@pytest.mark.parametrize(
    ("changes", "key", "words"),
    [
        ({"epochs": 3}, "epochs", "expected a list, for example [1, 2], got 3"),
        ({"epochs": ["three"]}, "epochs.0", "expected a whole number, got 'three'"),
        ({"epochs": []}, "epochs", "expected at least 1 in the list, got []"),
        ({"rate": "high"}, "rate", "expected a number, got 'high'"),
        ({"rate": 0}, "rate", "expected more than 0.0, got 0"),
        ({"rate": 2}, "rate", "expected at most 1.0, got 2"),
        ({"batch": 3}, "batch", "expected an even number, got 3"),
        ({"batch": 1.5}, "batch", "expected a whole number, got 1.5"),
        ({"quick": "perhaps"}, "quick", "expected true or false, got 'perhaps'"),
        ({"kind": "tree"}, "kind", "expected one of 'box', 'net', got 'tree'"),
        ({"nmae": "x"}, "nmae", "there is no such key"),
        ({"name": None}, "name", "expected text, got None"),
    ],
)
def test_each_fault_has_plain_words(changes: dict[str, object], key: str, words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        _Recipe.model_validate({"name": "x", **changes})
    assert first_problem(caught.value) == (key, words)


def test_what_is_missing_is_named() -> None:
    with pytest.raises(ValidationError) as caught:
        _Recipe.model_validate({})
    assert first_problem(caught.value) == ("name", "it is missing")
