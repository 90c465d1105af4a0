"""A profile's composition with options: what is given counts, and what it makes meaningless is dropped."""

from __future__ import annotations

from typing import Any

import pytest

from packshot.composition import Composition, override_composition, parse_size
from packshot.errors import UsageError

AMAZON = Composition(aspect=1, longest_side=2000, fill=0.9, min_longest=500, background="#ffffff")


def test_nothing_given_changes_nothing() -> None:
    assert override_composition(AMAZON) == AMAZON
    assert override_composition(AMAZON, fill=None, size=None) == AMAZON


def test_an_exact_canvas_drops_the_profiles_limits_on_it() -> None:
    changed = override_composition(AMAZON, size=(800, 600))
    assert (changed.size, changed.aspect, changed.longest_side, changed.min_longest) == ((800, 600), None, None, None)
    assert changed.fill == 0.9


def test_fill_and_margin_drop_each_other() -> None:
    changed = override_composition(AMAZON, margin=0.1)
    assert (changed.margin, changed.fill) == (0.1, None)
    assert override_composition(changed, fill=0.5).margin is None


def test_a_transparent_background_needs_a_format_that_has_it() -> None:
    assert override_composition(AMAZON, background="transparent").format.value == "PNG"
    assert override_composition(AMAZON, background="transparent", format="webp").format.value == "WEBP"
    with pytest.raises(UsageError):
        override_composition(AMAZON, background="transparent", format="jpeg")


@pytest.mark.parametrize("changes", [{"fill": 0.5, "margin": 0.1}, {"fill": 7}, {"background": "#zzz"}])
def test_a_wrong_value_is_named(changes: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        override_composition(AMAZON, **changes)


@pytest.mark.parametrize("text", ["wide", "800", "800x", "x600", "-1x600", "8.5x600", ""])
def test_a_size_is_two_whole_numbers(text: str) -> None:
    assert parse_size("800X600") == (800, 600)
    with pytest.raises(UsageError, match="--size"):
        parse_size(text)
