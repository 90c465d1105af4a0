"""Names that are not UTF-8, in whatever is written as UTF-8."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from packshot.batch import PassedOver, passed_over_lines
from packshot.catalogue.search_sheet import SearchSheet
from packshot.datasets.items import Item, Split
from packshot.datasets.manifest import manifest_text, write_manifest
from packshot.errors import UnreadablePhoto, UsageError
from packshot.evaluation.contradicted import Contradiction, contradictions_text
from packshot.limits import Limits
from packshot.storage.encodable import encodable, printable
from packshot.storage.table import csv_table, tsv_table
from packshot.web.contact_sheet import Tile, contact_sheet
from packshot.web.line_chart import Panel, Series, line_chart
from packshot.web.search_sheet import SheetCell, SheetRow, sheet_png

NAME = os.fsdecode(b"gr\xf6\xdfe.jpg")
SHOWN = r"gr\xf6\xdfe.jpg"


def test_what_utf8_holds_stays_and_what_it_cannot_hold_is_an_escape() -> None:
    for text in ("", "größe.jpg", "日本 \U0001f45f", "a\\b\n\0"):
        assert encodable(text) == text
    assert encodable(NAME) == SHOWN
    # U+D83D is the first half of an emoji, which JSON and Windows' names can hold alone; U+DC7F stands for no byte.
    assert encodable("\ud83d \udc7f") == r"\ud83d \udc7f"


def test_what_a_terminal_would_obey_is_an_escape_as_well() -> None:
    for text in ("", "größe.jpg", "日本 \U0001f45f", "a\\b"):
        assert printable(text) == text
    # A stray byte as pages show it; a new line, an escape sequence, and a mark that turns the order of signs around.
    assert printable(NAME + "\n\x1b[2J\u202e") == SHOWN + r"\n\x1b[2J\u202e"


def test_files_that_are_no_photos_are_named_in_print() -> None:
    left = [PassedOver("text", "in/" + os.fsdecode(b"n\xf6te\x1b[2J.txt"))]
    assert passed_over_lines(left) == [r"passed over 1 file, text: n\xf6te\x1b[2J.txt"]


def test_pages_tables_and_charts_with_such_a_name_can_be_stored() -> None:
    panel = Panel("ROC", across="x", series=[Series(NAME, np.array([0.0, 1.0]), np.array([0.0, 1.0]))])
    written = [
        contact_sheet([[Tile(NAME, b"", (4, 3), "best copy")]], total=1),
        contradictions_text([Contradiction(NAME, "a", "b", 0.5, 0.5)]),
        line_chart([panel]),
        csv_table(("path",), [(NAME,)]).decode(),
        tsv_table(("path",), [(NAME,)]).decode(),
    ]
    for text in written:
        assert SHOWN in text.encode().decode()


@pytest.mark.parametrize("suffix", [".png", ".html"])
def test_a_sheet_of_searches_with_such_a_name_is_written(suffix: str, tmp_path: Path) -> None:
    sheet = SearchSheet(tmp_path / f"sheet{suffix}", Limits())
    sheet.add_failed(NAME, UnreadablePhoto(f"{NAME}: is no photo", remedy="take another"))
    sheet.write(title="t")
    assert (tmp_path / f"sheet{suffix}").stat().st_size > 1000


def test_a_sheet_draws_such_a_name_as_it_draws_its_escape() -> None:
    drawn = [sheet_png([SheetRow(SheetCell(None, name))]) for name in (NAME, SHOWN)]
    assert np.array_equal(drawn[0], drawn[1])


def test_a_table_of_pictures_refuses_a_name_that_it_could_not_give_back(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"gr\\xf6\\xdfe.jpg: no table can name it") as caught:
        write_manifest(tmp_path / "t.csv", [Item("t", Split.TRAIN, tmp_path / NAME, None)])
    assert "rename" in caught.value.remedy


def test_a_table_of_answers_names_it_by_its_escape(tmp_path: Path) -> None:
    """What a person answered of a hundred photos is not lost for the name of one."""
    items = [Item("t", Split.TRAIN, tmp_path / name, None, label="hat") for name in (NAME, "good.jpg")]
    lines = manifest_text(tmp_path / "t.csv", items, splits=False).splitlines()
    assert [line.partition(",")[0] for line in lines] == ["path", SHOWN, "good.jpg"]
