"""One set of colours: every page takes them from tokens.css, and its text stands out on what is behind it."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

from packshot.web import tokens
from packshot.web.rendering import asset, style

WEB = Path(str(resources.files("packshot.web")))
SOURCE = WEB.parent
SHEETS = sorted(path.relative_to(WEB / "assets").as_posix() for path in (WEB / "assets").rglob("*.css"))
COLOURED = [name for name in SHEETS if name != "tokens.css"]


def luminance(colour: str) -> float:
    """WCAG 2.2, "relative luminance", of ``#rrggbb``."""
    channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_tokens_are_read_as_they_are_written() -> None:
    assert tokens.rgb("paper") == (0xF6, 0xF5, 0xF2)
    assert tokens.declarations(["ink"], dark=False) == "--ink: #1f1e1b;"
    assert tokens.declarations(["ink"], dark=True) == "--ink: #eceae5;"
    with pytest.raises(KeyError):
        tokens.rgb("no-such-colour")


@pytest.mark.parametrize("name", COLOURED)
def test_a_style_sheet_defines_no_colour_of_its_own_that_is_a_token(name: str) -> None:
    defined = set(re.findall(r"--([a-z-]+):", asset("tokens.css").decode()))
    assert not defined & set(re.findall(r"--([a-z-]+):", asset(name).decode()))


@pytest.mark.parametrize("name", COLOURED)
def test_a_style_sheet_uses_what_is_defined(name: str) -> None:
    text = asset(name).decode()
    own = set(re.findall(r"--([a-z-]+):", text))
    known = own | set(re.findall(r"--([a-z-]+):", asset("tokens.css").decode())) | {"share"}  # an element's own
    assert set(re.findall(r"var\(--([a-z-]+)\)", text)) <= known


def test_there_is_one_environment_for_pages_and_no_page_outside_of_web() -> None:
    makers = {
        path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py") if "Environment(" in path.read_text()
    }
    # The other one, a sandbox that knows a few filters, fills the titles and alt texts that a shop may write anew.
    assert makers == {"web/rendering.py", "wording/template.py"}
    pages = [path for kind in ("*.jinja", "*.css", "*.html") for path in SOURCE.rglob(kind)]
    assert [path for path in pages if not path.is_relative_to(WEB)] == []


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("back", ["paper", "sheet"])
@pytest.mark.parametrize("front", ["ink", "soft", "ok", "review", "failed"])
def test_text_stands_out(front: str, back: str, dark: bool) -> None:
    """WCAG 2.2 AA, 1.4.3: at least 4.5 to 1."""
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", tokens.declarations([front, back], dark=dark)))
    low, high = sorted((luminance(found[front]), luminance(found[back])))
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_a_page_asks_nothing_of_anybody() -> None:
    for name in SHEETS:
        assert not re.search(r"url\(|@import|https?:", asset(name).decode()), name
    assert "</" not in style(*(name for name in SHEETS if "/" not in name))
