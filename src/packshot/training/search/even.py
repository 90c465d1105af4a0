"""Values that are spread evenly over all ranges, by a sequence that can be gone on with.

They are a Halton sequence (Halton 1960), turned by a random offset for each key (Cranley and Patterson 1976): n
trainings try n values of every key, where a lattice of two keys tries the root of n (Bergstra and Bengio 2012). The
first n of more are the same, so a larger number goes on. Each further key has a larger base, whose values come in
stripes unless there are many trainings; more than eight keys are refused.
"""

from __future__ import annotations

import random

from packshot.training.search.space import SearchSpace

__all__ = ["even_values"]

_BASES = (2, 3, 5, 7, 11, 13, 17, 19)


def even_values(space: SearchSpace, number: int) -> dict[str, object]:
    """What the training of a number changes in a recipe; known without any other training.

    Args:
        space: of the search.
        number: of the training, from 1.

    Example:
        >>> from packshot.training.search.space import search_space
        >>> space = search_space({"trials": 3, "batch": {"one_of": [8, 16]}}, name="grid.toml")
        >>> [even_values(space, number) for number in (1, 2, 3)]
        [{'batch': 8}, {'batch': 8}, {'batch': 16}]
    """
    turned = random.Random(space.seed)  # noqa: S311 - no secret
    return {
        key: values.at((_halton(number, base) + turned.random()) % 1)
        for (key, values), base in zip(space.keys.items(), _BASES, strict=False)
    }


def _halton(number: int, base: int) -> float:
    """The digits of a number behind the point, the last one first."""
    found, share = 0.0, 1 / base
    while number:
        number, digit = divmod(number, base)
        found += digit * share
        share /= base
    return found
