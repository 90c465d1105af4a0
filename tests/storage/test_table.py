"""Tables that persons write."""

from __future__ import annotations

from pathlib import Path

import pytest

from packshot.errors import UsageError
from packshot.storage.table import csv_table, is_formula, read_table


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


def test_columns_as_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("SKU\tColour\n1\tred, blue\n")
    assert read_table(tmp_path / "t.csv", fold=False) == (["SKU", "Colour"], [(2, {"SKU": "1", "Colour": "red, blue"})])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (None, r"cannot be read \(No such file"),
        (b"", "is empty"),
        (b"source\nk\xe4se\n", "line 2: not UTF-8"),
        ("source\nshoe.jpg\n".encode("utf-16"), "is in UTF-16"),
        (b"source\nsh\0e.jpg\n", "holds zero bytes"),
    ],
)
def test_what_is_no_table_is_refused(data: bytes | None, said: str, tmp_path: Path) -> None:
    if data is not None:
        (tmp_path / "t.csv").write_bytes(data)
    with pytest.raises(UsageError, match=rf"table .*t\.csv,? {said}") as caught:
        read_table(tmp_path / "t.csv")
    assert caught.value.remedy


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_end_of_line(end: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(end.join(["a,b", "1,2", "", "3,4"]).encode())
    assert read_table(tmp_path / "t.csv")[1] == [(2, {"a": "1", "b": "2"}), (4, {"a": "3", "b": "4"})]


@pytest.mark.parametrize("cell", ["=HYPERLINK(1)", "+1", "-5 %", "@sum", "plain", "'quoted'"])
def test_a_cell_that_a_spreadsheet_would_run_comes_back_as_it_was(cell: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(csv_table(("label",), [(cell,)]))
    assert not is_formula((tmp_path / "t.csv").read_text().splitlines()[1])
    assert read_table(tmp_path / "t.csv")[1] == [(2, {"label": cell})]
