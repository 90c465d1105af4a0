"""A grid whose trainings are drawn: ranges of a recipe's keys, spread evenly by a sequence that can be gone on with.

Values are a Halton sequence (Halton 1960), turned by a random offset for each key (Cranley and Patterson 1976): n
trainings try n values of every key, where a lattice of two keys tries the root of n (Bergstra and Bengio 2012). The
first n of more are the same, so a larger number goes on. Each further key has a larger base, whose values come in
stripes unless there are many trainings; more than eight keys are refused.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from packshot.errors import UsageError
from packshot.validation import first_problem

__all__ = ["SEARCH", "drawn_trainings", "is_search"]

SEARCH = "search"
"""Name of the table of a grid that holds ranges."""

_BASES = (2, 3, 5, 7, 11, 13, 17, 19)
_STRICT = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class _Range(BaseModel):
    """Values of one key: from one number to another, whole ones where both are, or one of a list."""

    model_config = _STRICT

    first: float | int | None = Field(default=None, alias="from")
    last: float | int | None = Field(default=None, alias="to")
    scale: Literal["linear", "log"] = "linear"
    one_of: tuple[object, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> _Range:
        if bool(self.one_of) == (self.first is not None and self.last is not None):
            raise ValueError("expected from and to, or one_of")
        if self.one_of:
            return self
        assert self.first is not None  # noqa: S101 - checked above
        assert self.last is not None  # noqa: S101 - as above
        if not self.first < self.last:
            raise ValueError(f"from {self.first} is not below to {self.last}")
        if self.scale == "log" and self.first <= 0:
            raise ValueError(f"a log scale begins above 0, got {self.first}")
        return self

    def at(self, place: float) -> object:
        """The value at a place in 0..1."""
        if self.one_of:
            return self.one_of[min(int(place * len(self.one_of)), len(self.one_of) - 1)]
        assert self.first is not None  # noqa: S101 - checked when it was made
        assert self.last is not None  # noqa: S101 - as above
        whole = isinstance(self.first, int) and isinstance(self.last, int)
        low, high = float(self.first), float(self.last) + whole
        if self.scale == "log":
            value = math.exp(math.log(low) + place * (math.log(high) - math.log(low)))
        else:
            value = low + place * (high - low)
        return min(int(value), int(self.last)) if whole else float(f"{value:.4g}")


class _Search(BaseModel):
    model_config = _STRICT

    trials: int = Field(ge=1, le=1000)
    seed: int = 0
    keys: dict[str, _Range] = Field(min_length=1, max_length=len(_BASES))


def is_search(table: Mapping[str, object]) -> bool:
    """Whether a grid's table ``search`` holds ranges; a training may be called so, too."""
    return "trials" in table or any(isinstance(each, Mapping) for each in table.values())


def drawn_trainings(table: Mapping[str, object], *, name: str) -> dict[str, Mapping[str, object]]:
    """What each training of a search changes in a recipe.

    Args:
        table: ``trials``, ``seed``, and a table for each key: ``from`` and ``to``, on a log scale with ``scale``
            ``log``; or ``one_of``.
        name: of the file, for messages.

    Returns:
        ``trial-001`` and so on to changes; the same for the same table.

    Raises:
        UsageError: a range is wrong; names its key.

    Example:
        >>> drawn_trainings({"trials": 3, "batch": {"one_of": [8, 16]}}, name="grid.toml")
        {'trial-001': {'batch': 8}, 'trial-002': {'batch': 8}, 'trial-003': {'batch': 16}}
    """
    own = {key: table[key] for key in ("trials", "seed") if key in table}
    try:
        search = _Search.model_validate({**own, "keys": {key: each for key, each in table.items() if key not in own}})
    except ValidationError as error:
        key, problem = first_problem(error)
        raise UsageError(
            f"{name}: {SEARCH}.{key.removeprefix('keys.')}: {problem}",
            remedy="write trials = 20, and of each key { from = 0.001, to = 0.1 } or { one_of = [8, 16] }",
        ) from error
    turned = random.Random(search.seed)  # noqa: S311 - no secret
    offsets = [turned.random() for _ in search.keys]
    return {
        f"trial-{number:03}": {
            key: values.at((_halton(number, base) + offset) % 1)
            for (key, values), base, offset in zip(search.keys.items(), _BASES, offsets, strict=False)
        }
        for number in range(1, search.trials + 1)
    }


def _halton(number: int, base: int) -> float:
    """The digits of a number behind the point, the last one first."""
    found, share = 0.0, 1 / base
    while number:
        number, digit = divmod(number, base)
        found += digit * share
        share /= base
    return found
