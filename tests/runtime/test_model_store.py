"""Where the store lies unless somebody names a folder."""

import sys
from pathlib import Path

import pytest

from packshot.settings import Settings


@pytest.mark.parametrize(
    ("platform", "variable", "value", "expected"),
    [
        ("linux", "XDG_DATA_HOME", "/srv/data", "/srv/data"),
        ("linux", "XDG_DATA_HOME", "", "/home/a/.local/share"),
        ("linux", "XDG_DATA_HOME", "relative", "/home/a/.local/share"),  # to be ignored, says the XDG specification
        ("darwin", "XDG_DATA_HOME", "", "/home/a/Library/Application Support"),
        ("win32", "LOCALAPPDATA", "/c/Local", "/c/Local"),
        ("win32", "LOCALAPPDATA", "", "/home/a/AppData/Local"),
    ],
)
def test_the_store_lies_among_the_users_data(monkeypatch, platform, variable, value, expected):
    monkeypatch.delenv("PACKSHOT_MODEL_STORE", raising=False)
    monkeypatch.setattr(Path, "home", lambda: Path("/home/a"))
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv(variable, value)
    assert Settings().model_store == Path(expected, "packshot", "models")
    monkeypatch.setenv("PACKSHOT_MODEL_STORE", "/elsewhere")
    assert Settings().model_store == Path("/elsewhere")


def test_a_user_without_a_home_has_no_store_but_every_shipped_network(monkeypatch):
    def nobody():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("PACKSHOT_MODEL_STORE", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setattr(Path, "home", nobody)
    assert Settings().model_store is None
