"""Tables that persons write."""

from __future__ import annotations

from pathlib import Path

import pytest

from packshot.errors import UsageError
from packshot.storage.table import read_table


@pytest.mark.parametrize("separator", [",", ";"])
def test_rows_by_column_with_their_lines(separator: str, tmp_path: Path) -> None:
    lines = ["Source, VALUE ", "a.jpg , 1", "", '"two\nlines",2', "short"]
    (tmp_path / "t.csv").write_text("\ufeff" + "\n".join(lines).replace(",", separator), encoding="utf-8")
    columns, rows = read_table(tmp_path / "t.csv")
    assert columns == ["source", "value"]
    assert rows == [
        (2, {"source": "a.jpg", "value": "1"}),
        (5, {"source": "two\nlines", "value": "2"}),
        (6, {"source": "short"}),
    ]


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.csv").write_bytes(b"source\nk\xe4se\n")
    (tmp_path / "empty.csv").write_bytes(b"")
    for name, said in (("latin.csv", "not UTF-8"), ("none.csv", "No such file")):
        with pytest.raises(UsageError, match=rf"{name}: cannot be read as a table \({said}"):
            read_table(tmp_path / name)
    assert read_table(tmp_path / "empty.csv") == ([], [])
