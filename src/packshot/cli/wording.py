"""Options that say in which languages and words titles and alt texts are written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from packshot.cli.declaring import options
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.settings import Settings
    from packshot.wording import Wording

__all__ = ["wording_from", "wording_options"]

#: In which languages and words titles and alt texts are written.
wording_options = options(
    click.option(
        "--language",
        "languages",
        default="en",
        show_default=True,
        metavar="CODES",
        help="Languages of title and alt text, the shop's own first: en,de,pl, or none.",
    ),
    click.option(
        "--texts", metavar="FILE", help="Your own words for titles and alt texts (TOML), see docs/how-to/texts.md."
    ),
)


def wording_from(languages: str, texts: str | None, settings: Settings) -> Wording | None:
    """What writes the texts; None where none are asked for.

    Args:
        languages: codes with commas between them, or ``none``.
        texts: path of the shop's own words.
        settings: that name the shop's tree.

    Raises:
        UsageError: a language or a file is wrong.
    """
    from packshot.description.own_tree import read_tree
    from packshot.wording import Wording, load_languages

    codes = [code for code in (part.strip().lower() for part in languages.split(",")) if code]
    if not codes:
        raise UsageError("--language: expected a language such as en", remedy="or none, to write no texts")
    if codes == ["none"]:
        return None
    own = None if texts is None else Path(texts)
    tree = read_tree(settings.taxonomy)
    return Wording(load_languages(codes, own=own), tree)
