"""Who decides."""

from __future__ import annotations

import pytest

from packshot.decisions.person import person
from packshot.errors import UsageError


def test_who_was_named_decides_else_whom_the_system_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "carla")
    assert (person("anna"), person(""), person(None)) == ("anna", "", "carla")  # an empty name is refused later


def test_nobody_is_told_to_say_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 4711")

    monkeypatch.setattr("getpass.getuser", nobody)
    with pytest.raises(UsageError, match="--by NAME"):
        person(None)
