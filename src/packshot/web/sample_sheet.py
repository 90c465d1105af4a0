"""A page of photos beside what was made of them: a sample of many that are decided on at once."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field

from packshot.storage.encodable import printable
from packshot.web.rendering import render

__all__ = ["SampleRow", "sample_sheet"]


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One photo.

    Attributes:
        name: its path.
        before: a small WebP file of the photo; None where it cannot be read.
        after: the same of the finished picture.
        category: in words, empty without one.
        reasons: why a person should look, in words.
    """

    name: str
    before: bytes | None = field(repr=False)
    after: bytes | None = field(repr=False)
    category: str
    reasons: tuple[str, ...]

    @property
    def shown_name(self) -> str:
        """The path, with what cannot be shown as escapes."""
        return printable(self.name)

    @property
    def pictures(self) -> tuple[tuple[str, str], ...]:
        """What each picture is, and its data address, empty where there is none."""
        return ("Before", _address(self.before)), ("After", _address(self.after))


def sample_sheet(rows: Sequence[SampleRow], *, total: int) -> str:
    """An HTML page of photos, in one file without requests.

    Args:
        rows: the sample.
        total: photos it was drawn from.
    """
    return render("sample_sheet.html.jinja", rows=rows, total=total)


def _address(picture: bytes | None) -> str:
    return "" if picture is None else "data:image/webp;base64," + base64.b64encode(picture).decode()
