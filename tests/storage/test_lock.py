"""A lock is held by one process, or one thread, at a time, and can be looked at from outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from packshot.errors import CatalogueLocked, OutputError
from packshot.storage import is_locked, lock_file, lock_folder


def test_a_second_holder_is_told_in_the_words_of_the_first(tmp_path: Path) -> None:
    path = tmp_path / "new" / "lock"
    made = []

    def busy() -> CatalogueLocked:
        made.append(1)
        return CatalogueLocked("it is taken", remedy="wait")

    with lock_file(path, busy=busy):
        assert is_locked(path)
        assert made == [], "made only where it is needed"
        with pytest.raises(CatalogueLocked, match="it is taken"), lock_file(path, busy=busy):
            pass
    assert not is_locked(path)
    with lock_file(path, busy=busy):
        pass


def test_an_error_within_lets_go_of_it(tmp_path: Path) -> None:
    with pytest.raises(KeyError), lock_folder(tmp_path):
        raise KeyError
    with lock_folder(tmp_path), pytest.raises(OutputError, match="another run is writing"), lock_folder(tmp_path):
        pass


def test_where_it_cannot_be_written_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="could not be written"), lock_folder(tmp_path / "file"):
        pass
    assert is_locked(tmp_path / "file" / "lock"), "nobody can tell"
