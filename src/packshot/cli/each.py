"""What the commands that go from photo to photo share: the bar, a line or a JSON object for each, the exit code."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packshot.errors import OutputError

if TYPE_CHECKING:
    from packshot.batch import Source
    from packshot.errors import PackshotError

__all__ = ["Output", "answer_each", "require_other", "spared_files"]


@dataclass(frozen=True)
class Output:
    """What a command says of one photo.

    Attributes:
        row: with ``--json``; `source` and `error` are added.
        text: without.
        ok: whether it counts as gone well.
    """

    row: Mapping[str, object]
    text: str
    ok: bool = True


def answer_each(
    sources: Sequence[Source],
    work: Callable[[Source], Output],
    *,
    as_json: bool,
    nothing: Mapping[str, object],
    key: str = "source",
    unit: str = "photo",
    fatal: tuple[type[PackshotError], ...] = (),
    failed: Callable[[Source, PackshotError], None] | None = None,
) -> int:
    """Do something with each photo and print what came of it; a photo that fails is named on stderr.

    Args:
        sources: the photos.
        work: done with each.
        as_json: whether to print rows or texts.
        nothing: the row of a photo that failed.
        key: of the photo's name in the row.
        unit: of the progress bar.
        fatal: errors that would meet every photo alike, and end everything.
        failed: called for each photo that failed.

    Returns:
        The exit code: 3 if any did not go well.
    """
    from packshot.batch import Failure, each_photo
    from packshot.cli.progress import Bar

    bad = 0
    with Bar(len(sources), unit=unit) as bar:
        for outcome in each_photo(sources, work, fatal=fatal):
            name = outcome.source.path
            if isinstance(outcome, Failure):
                error = outcome.error
                bad += 1
                bar.write_line(str(error) if name in error.message else f"{name}: {error}")
                if failed is not None:
                    failed(outcome.source, error)
                if as_json:
                    click.echo(json.dumps({key: name, **nothing, "error": error.to_dict()}))
            else:
                output = outcome.answer
                bad += not output.ok
                click.echo(json.dumps({key: name, **output.row, "error": None}) if as_json else output.text)
            bar.update()
    return 3 if bad else 0


def spared_files(sources: Sequence[Source]) -> frozenset[str]:
    """The photos' real paths, none of which may be written to."""
    return frozenset(os.path.realpath(source.path) for source in sources)  # never raises, not even at a link to itself


def require_other(target: Path, spared: frozenset[str], *, option: str = "-o") -> None:
    """Refuse to write over a photo.

    Raises:
        OutputError: `target` is one of the photos.
    """
    if os.path.realpath(target) in spared:
        raise OutputError(f"{target} is one of the photos", remedy=f"write to another folder with {option}")
