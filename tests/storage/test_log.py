"""A log's lines come back whole, whatever a kill left behind; tests/review/test_log.py goes further."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from packshot.errors import OutputError, UsageError
from packshot.storage.log import AppendOnlyLog, parse_row, read_log

HEADER = b'{"journal": "test", "version": 1}\n'


def rows(path: Path) -> list[object]:
    return [json.loads(line) for line in read_log(path, header=HEADER, remedy="move it")]


def append(path: Path, row: dict[str, int]) -> None:
    file = AppendOnlyLog(path, header=HEADER, remedy="move it")
    file.append(row)
    file.close()


class Named(BaseModel):
    name: str


def test_a_row_may_name_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.jpg")
    file = AppendOnlyLog(tmp_path / "j", header=HEADER, remedy="move it")
    file.append({"name": name})
    file.close()
    (line,) = read_log(tmp_path / "j", header=HEADER, remedy="move it")
    assert parse_row(Named, line).name == name
    for damaged in (line[:-3], b'{"name": ["\\udce9"]}', b'{"other": "\\udce9"}', b"[]"):
        with pytest.raises(ValidationError):
            parse_row(Named, damaged)


def test_a_journal_that_is_not_there_has_no_lines(tmp_path: Path) -> None:
    assert rows(tmp_path / "j") == []


def test_a_reader_changes_nothing_and_a_writer_removes_what_is_torn(tmp_path: Path) -> None:
    path = tmp_path / "j"
    append(path, {"a": 1})
    append(path, {"b": 2})
    whole = path.read_bytes()
    ends = [index for index, sign in enumerate(whole) if sign == ord("\n")]
    for length in range(len(whole) + 1):
        path.write_bytes(whole[:length])
        expected = [{}, {"a": 1}, {"b": 2}][1 : sum(length >= end for end in ends)]
        assert rows(path) == expected
        assert path.read_bytes() == whole[:length]
        append(path, {"c": 3})
        assert rows(path) == [*expected, {"c": 3}]
        assert path.read_bytes().count(b"\n") == len(expected) + 2, "no torn line is left between whole ones"


def test_another_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "j").write_text("my notes\n")
    with pytest.raises(UsageError, match="no journal"):
        append(tmp_path / "j", {"a": 1})
    with pytest.raises(UsageError, match="no journal"):
        rows(tmp_path / "j")
    assert (tmp_path / "j").read_text() == "my notes\n"


def test_a_folder_in_its_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "j").mkdir()
    with pytest.raises(OutputError, match="j could not be written"):
        append(tmp_path / "j", {"a": 1})
    with pytest.raises(UsageError, match="cannot be read"):
        rows(tmp_path / "j")
