"""A log of typed rows: what is written is read back, and a damaged line is named."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from pydantic import BaseModel

from packshot.errors import UsageError
from packshot.storage import RowLog, parse_row

HEADER = b'{"journal": "counts", "version": 1}\n'


class Count(BaseModel):
    name: str
    count: int
    note: str | None = None


def counts(path: Path) -> RowLog[Count]:
    return RowLog(path, partial(parse_row, Count), header=HEADER, repair="count it again")


def rows(path: Path) -> list[Count]:
    found: list[Count] = []
    counts(path).read(found.append)
    return found


def test_rows_are_read_back_in_their_order(tmp_path: Path) -> None:
    path = tmp_path / "new" / "counts.jsonl"
    assert rows(path) == []
    wanted = [Count(name="b", count=2), Count(name="a\udcff", count=1, note="kept"), Count(name="b", count=3)]
    with counts(path) as log:
        log.append([])
        assert not path.exists()
        log.append(wanted[:2])
        log.append(wanted[2:], sync=False)
        assert rows(path) == wanted
    assert path.read_bytes().startswith(HEADER + b'{"name": "b", "count": 2}\n')


def test_a_closed_log_opens_with_the_next_row(tmp_path: Path) -> None:
    log = counts(tmp_path / "log")
    for number in range(2):
        with log:
            log.append([Count(name="a", count=number)])
    assert [row.count for row in rows(tmp_path / "log")] == [0, 1]


@pytest.mark.parametrize("damage", [b"{}", b"\xff", b'{"name": "a", "count": "many"}'])
def test_a_damaged_line_is_named_with_what_can_be_done(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "log"
    path.write_bytes(HEADER + b'{"name": "a", "count": 1}\n' + damage + b"\n")
    with pytest.raises(UsageError, match=r"log, line 3 is damaged \(.+\): count it again"):
        rows(path)


def test_a_row_that_contradicts_those_before_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(HEADER + b'{"name": "a", "count": 1}\n')

    def refuse(row: Count) -> None:
        raise ValueError(f"{row.name} twice")

    with pytest.raises(UsageError, match=r"line 2 is damaged \(a twice\)"):
        counts(path).read(refuse)


def test_another_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"name,count\na,1\n")
    with pytest.raises(UsageError, match="no journal that begins with"):
        rows(path)
    with pytest.raises(UsageError, match="move it away"):
        counts(path).append([Count(name="a", count=1)])
    assert path.read_bytes() == b"name,count\na,1\n"
