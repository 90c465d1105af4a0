"""A lock is held by one process, or one thread, at a time, and can be looked at from outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from packshot.errors import CatalogueLocked, OutputError
from packshot.storage import Lock, folder_lock, is_locked


def test_a_second_holder_is_told_in_the_words_of_the_first(tmp_path: Path) -> None:
    path = tmp_path / "new" / "lock"
    made = []

    def busy() -> CatalogueLocked:
        made.append(1)
        return CatalogueLocked("it is taken", remedy="wait")

    lock = Lock(path, busy)
    with lock.hold():
        assert is_locked(path)
        assert made == [], "made only where it is needed"
        with pytest.raises(CatalogueLocked, match="it is taken"), lock.hold():
            pass
        with pytest.raises(CatalogueLocked, match="it is taken"):
            lock.refuse()
    assert not is_locked(path)
    lock.refuse()
    with lock.hold():
        pass


def test_refusing_makes_nothing(tmp_path: Path) -> None:
    folder_lock(tmp_path / "out").refuse()
    assert not (tmp_path / "out").exists()


def test_an_error_within_lets_go_of_it(tmp_path: Path) -> None:
    lock = folder_lock(tmp_path)
    with pytest.raises(KeyError), lock.hold():
        raise KeyError
    with lock.hold(), pytest.raises(OutputError, match="another run is writing"), lock.hold():
        pass


def test_where_it_cannot_be_written_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="could not be written"), folder_lock(tmp_path / "file").hold():
        pass
    assert is_locked(tmp_path / "file" / "lock"), "nobody can tell"
