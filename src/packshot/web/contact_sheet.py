"""A page that shows every group at a glance, to decide on with one's own eyes."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field

from packshot.web.rendering import render

__all__ = ["Tile", "contact_sheet"]


@dataclass(frozen=True, slots=True)
class Tile:
    """A picture on the sheet.

    Attributes:
        name: what a person calls it: its path.
        picture: a small WebP file.
        size: (width, height) of the picture itself, pixels.
        words: how it differs from the best copy; empty for the best copy.
    """

    name: str
    picture: bytes = field(repr=False)
    size: tuple[int, int]
    words: str

    @property
    def address(self) -> str:
        """The picture as a data address."""
        return "data:image/webp;base64," + base64.b64encode(self.picture).decode()


def contact_sheet(groups: Sequence[Sequence[Tile]], *, total: int) -> str:
    """An HTML page of all groups, in one file without requests.

    Args:
        groups: tiles of each group, the best copy first.
        total: pictures that were looked at.
    """
    return render("contact_sheet.html.jinja", groups=groups, total=total)
