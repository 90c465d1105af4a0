"""The table ``search`` of a grid: ranges of a recipe's keys, and how values are drawn from them."""

from __future__ import annotations

import math
from collections.abc import Container, Iterator, Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from packshot.errors import UsageError
from packshot.validation import first_problem

__all__ = ["MOST_KEYS", "SEARCH", "Range", "SearchSpace", "is_search", "search_space", "trial_name"]

SEARCH = "search"
"""Name of the table of a grid that holds ranges."""

MOST_KEYS = 8
"""Of a search; an evenly spread one needs a prime number for each."""

_STRICT = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Range(BaseModel):
    """Values of one key: from one number to another, whole ones where both are, or one of a list.

    Attributes:
        first: the lowest value, inclusive.
        last: the highest value, inclusive.
        scale: ``log`` draws each factor equally often, ``linear`` each distance.
        one_of: the values, where they are no range.
    """

    model_config = _STRICT

    first: float | int | None = Field(default=None, alias="from")
    last: float | int | None = Field(default=None, alias="to")
    scale: Literal["linear", "log"] = "linear"
    one_of: tuple[object, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Range:
        if bool(self.one_of) == (self.first is not None and self.last is not None):
            raise ValueError("expected from and to, or one_of")
        if self.one_of:
            return self
        first, last = self.ends
        if not (math.isfinite(first) and math.isfinite(last)):
            raise ValueError(f"expected two numbers, got from {first} to {last}")
        if not first < last:
            raise ValueError(f"from {first} is not below to {last}")
        if self.scale == "log" and first <= 0:
            raise ValueError(f"a log scale begins above 0, got {first}")
        return self

    @property
    def ends(self) -> tuple[float | int, float | int]:
        """The lowest and the highest value; of a range of numbers alone."""
        assert self.first is not None  # noqa: S101 - checked when it was made
        assert self.last is not None  # noqa: S101 - as above
        return self.first, self.last

    @property
    def is_whole(self) -> bool:
        """Whether its values are whole numbers."""
        return isinstance(self.first, int) and isinstance(self.last, int)

    @property
    def extremes(self) -> tuple[object, ...]:
        """Both ends, or every value of the list."""
        return self.one_of or self.ends

    def rounded(self, value: float) -> float:
        """A number with four digits, as it stands in a recipe; within the range."""
        first, last = self.ends
        return min(max(float(f"{value:.4g}"), float(first)), float(last))

    def at(self, place: float) -> object:
        """The value at a place in 0..1, as 0.5 is the middle."""
        if self.one_of:
            return self.one_of[min(int(place * len(self.one_of)), len(self.one_of) - 1)]
        first, last = self.ends
        low, high = float(first), float(last) + self.is_whole
        if self.scale == "log":
            value = math.exp(math.log(low) + place * (math.log(high) - math.log(low)))
        else:
            value = low + place * (high - low)
        return min(int(value), int(last)) if self.is_whole else self.rounded(value)


class SearchSpace(BaseModel):
    """A search as a grid's file says it.

    Attributes:
        trials: how many trainings.
        seed: of what is drawn.
        sampler: ``tpe`` learns from the scores of the trainings that are done; ``even`` spreads all evenly.
        keys: of the recipe, and their ranges.
    """

    model_config = _STRICT

    trials: int = Field(ge=1, le=1000)
    seed: int = 0
    sampler: Literal["tpe", "even"] = "tpe"
    keys: dict[str, Range] = Field(min_length=1, max_length=MOST_KEYS)

    def without(self, keys: Container[str]) -> SearchSpace:
        """The same, but for some keys.

        Raises:
            UsageError: none is left.
        """
        left = {key: values for key, values in self.keys.items() if key not in keys}
        if not left:
            raise UsageError(
                f"--set gives {', '.join(self.keys)}: nothing is left to search", remedy="leave out a --set, or --grid"
            )
        return self.model_copy(update={"keys": left})

    def extremes(self) -> Iterator[tuple[str, object]]:
        """Each key with each end of its range, or each value of its list."""
        return ((key, value) for key, values in self.keys.items() for value in values.extremes)


def trial_name(number: int) -> str:
    """The folder of a training, counted from 1."""
    return f"trial-{number:03}"


def is_search(table: Mapping[str, object]) -> bool:
    """Whether a grid's table ``search`` holds ranges; a training may be called so, too."""
    return "trials" in table or any(isinstance(each, Mapping) for each in table.values())


def search_space(table: Mapping[str, object], *, name: str) -> SearchSpace:
    """The table ``search`` of a grid, checked.

    Args:
        table: ``trials``, ``seed``, ``sampler``, and a table for each key: ``from`` and ``to``, on a log scale with
            ``scale`` ``log``; or ``one_of``.
        name: of the file, for messages.

    Raises:
        UsageError: a range is wrong; names its key.

    Example:
        >>> search_space({"trials": 3, "batch": {"one_of": [8, 16]}}, name="grid.toml").sampler
        'tpe'
    """
    own = {key: table[key] for key in ("trials", "seed", "sampler") if key in table}
    try:
        return SearchSpace.model_validate({**own, "keys": {key: each for key, each in table.items() if key not in own}})
    except ValidationError as error:
        key, problem = first_problem(error)
        raise UsageError(
            f"{name}: {SEARCH}.{key.removeprefix('keys.')}: {problem}",
            remedy="write trials = 20, and of each key { from = 0.001, to = 0.1 } or { one_of = [8, 16] }",
        ) from error
