"""Where labelled pictures lie on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from packshot.datasets.local_data import local_data
from packshot.errors import UsageError


def test_a_path_is_taken_as_it_is_and_may_be_missing() -> None:
    assert local_data("no/such/folder") == Path("no/such/folder")


def test_a_folder_by_its_uri_is_not_copied(tmp_path: Path) -> None:
    told: list[str] = []
    assert local_data(f"file://{tmp_path}", tell=told.append) == tmp_path
    assert told == []


def test_a_user_without_a_folder_for_copies_is_told_how_to_name_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("PACKSHOT_DATA_COPIES", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", nobody)
    with pytest.raises(UsageError, match="PACKSHOT_DATA_COPIES"):
        local_data("s3://shop/labelled")
