"""Pages with a photo whose file name is not UTF-8: it is shown with its stray byte written out."""

from __future__ import annotations

import os
import sys

import pytest

from packshot.web.contact_sheet import Tile, contact_sheet
from packshot.web.search_sheet import SheetCell, SheetRow, sheet_html

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems' file names are Unicode")

NAME = os.fsdecode(b"b\xffg <1>.jpg")


def test_every_page_can_be_written() -> None:
    row = SheetRow(SheetCell(None, NAME), (SheetCell(None, "sack", 0.9),))
    for page in (sheet_html([row], title="found"), contact_sheet([[Tile(NAME, b"", (3, 2), "")]], total=1)):
        assert rb"b\xffg &lt;1&gt;.jpg" in page.encode()
