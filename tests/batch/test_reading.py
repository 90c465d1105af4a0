"""The photo of a source: from a file, and from stdin, which has no name."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from packshot_tests.photos import save, soft

from packshot.batch import STDIN, Source
from packshot.batch.reading import bytes_of, content_of, decoded
from packshot.errors import EmptyFile, UsageError
from packshot.limits import Limits


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return save(tmp_path / "a.png", soft(1))


def piped(monkeypatch: pytest.MonkeyPatch, data: bytes) -> Source:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    return Source("stdin", STDIN)


def test_a_file_and_stdin_give_the_same_photo(photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    of_file = decoded(Source("a.png", str(photo)), Limits())
    of_stdin = decoded(piped(monkeypatch, photo.read_bytes()), Limits())
    assert np.array_equal(of_file.rgb, soft(1))
    assert np.array_equal(of_stdin.rgb, soft(1))
    assert of_file.sha256 == of_stdin.sha256


def test_the_file_itself_can_be_had(photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert bytes_of(Source("a.png", str(photo)), Limits()) == photo.read_bytes()
    assert bytes_of(piped(monkeypatch, b"any bytes"), Limits()) == b"any bytes"


def test_a_file_is_named_and_not_read_before_it_is_needed() -> None:
    assert content_of(Source("gone.png", "in/gone.png"), Limits()) == "in/gone.png"


def test_an_empty_pipe_and_a_closed_one_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EmptyFile, match="stdin"):
        content_of(piped(monkeypatch, b""), Limits())
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(UsageError, match="closed"):
        content_of(Source("stdin", STDIN), Limits())


def test_a_name_that_is_shown_drives_no_terminal() -> None:
    assert Source("a\n.jpg", "in/a\x1b[31m\n.jpg").shown == "in/a\\x1b[31m\\n.jpg"
    assert Source("stdin", STDIN).shown == "stdin"
