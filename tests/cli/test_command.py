"""Commands by their signatures: what is typed reaches the function as its annotations say."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import click
import pytest
from click.testing import CliRunner

from packshot.cli.command import argument, option, packshot_command


@dataclass(frozen=True)
class Canvas:
    width: int = option("--width", default=64, help="Pixels.")
    labels: tuple[str, ...] = option("--label")


@dataclass(frozen=True, kw_only=True)
class Framed(Canvas):
    box: tuple[int, int] | None = option("--box")


def made() -> tuple[click.Command, dict[str, Any]]:
    seen: dict[str, Any] = {}

    @packshot_command("draw")
    def draw(
        *,
        photos: tuple[Path, ...] = argument("SRC..."),
        out: str = option("-o", "--out", help="Where to."),
        canvas: Framed,
        kind: Literal["plain", "fancy"] | None = option("--kind"),
        model: str | None = option("--model", once=True),
        quiet: bool = option("--quiet", help="Say nothing."),
        place: str = option("--place", default="here", help="Where. [default: here]"),
    ) -> int:
        """Draw."""
        seen.update(photos=photos, out=out, kind=kind, model=model, quiet=quiet, place=place, **asdict(canvas))
        return 3

    return draw, seen


def typed(*words: str) -> tuple[click.testing.Result, dict[str, Any]]:
    command, seen = made()
    return CliRunner().invoke(command, list(words), standalone_mode=False), seen


def test_what_is_not_typed_is_the_default_or_empty():
    done, seen = typed("a.jpg", "-o", "out")
    assert done.return_value == 3
    assert seen == {
        "photos": (Path("a.jpg"),), "out": "out", "kind": None, "model": None, "quiet": False, "place": "here",
        "width": 64, "labels": (), "box": None,
    }  # fmt: skip


def test_what_is_typed_has_the_type_of_its_annotation():
    words = "a.jpg b.jpg --out o --width 8 --label x --label y --box 1 2 --kind fancy --model m --quiet --place there"
    _, seen = typed(*words.split())
    assert seen == {
        "photos": (Path("a.jpg"), Path("b.jpg")), "out": "o", "kind": "fancy", "model": "m", "quiet": True,
        "place": "there", "width": 8, "labels": ("x", "y"), "box": (1, 2),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("-o out", "SRC"),
        ("a.jpg", "--out"),
        ("a.jpg -o out --kind other", "plain"),
        ("a.jpg -o out --width wide", "--width"),
        ("a.jpg -o out --model a --model b", "expected one, got a and b"),
    ],
)
def test_what_is_missing_wrong_or_given_twice_is_refused(words, said):
    done, seen = typed(*words.split())
    assert said in str(getattr(done.exception, "format_message", lambda: done.exception)())
    assert not seen


def test_help_has_the_options_in_the_order_of_the_signature_with_their_defaults():
    command, _ = made()
    text = CliRunner().invoke(command, ["--help"]).output
    places = [text.index(name) for name in ("--out", "--width", "--label", "--box", "--kind", "--model", "--quiet")]
    assert places == sorted(places)
    assert "Usage: draw [OPTIONS] SRC..." in text
    assert "Pixels.  [default: 64]" in text
    assert text.count("[default: here]") == 1


@pytest.mark.parametrize(
    "words",
    [("", "-o", "out"), ("a.jpg", "-o", ""), ("a.jpg", "-o", "out", "--model", ""), ("-o", "out", "--label", "")],
)
def test_what_is_typed_empty_is_refused_for_as_a_path_it_is_the_current_folder(words: tuple[str, ...]):
    command, seen = made()
    with pytest.raises(click.UsageError, match="it is empty"):
        CliRunner().invoke(command, list(words), standalone_mode=False, catch_exceptions=False)
    assert not seen
