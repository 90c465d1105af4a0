"""Marketplace profiles as requests name them: those that ship, never a path."""

from __future__ import annotations

from collections.abc import Sequence

from packshot.marketplace import profile_names
from packshot.service.refusal import Refusal

__all__ = ["known_profile", "known_profiles"]


def known_profile(name: str, *, status: int = 400) -> str:
    """A shipped profile by its name.

    Raises:
        Refusal: there is none.
    """
    if name not in profile_names():
        raise Refusal(status, "unknown_profile", "there is no such profile", f"one of {', '.join(profile_names())}")
    return name


def known_profiles(names: Sequence[str]) -> tuple[str, ...]:
    """Several, each once.

    Raises:
        Refusal: there is none of a name, or one stands twice.
    """
    found = tuple(known_profile(name.strip()) for name in names)
    if len(set(found)) != len(found):
        raise Refusal(400, "invalid_parameter", "profile: one stands twice", "name each once")
    return found
