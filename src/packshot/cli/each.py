"""What the commands that go from photo to photo share: the bar, a line or a JSON object for each, the exit code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.cli.printing import print_notes, print_row

if TYPE_CHECKING:
    from pathlib import Path

    from packshot.batch import PassedOver, Source
    from packshot.cli.pictures import Pictures
    from packshot.errors import PackshotError

__all__ = ["Output", "answer_each", "photos_named", "tell_passed_over"]


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


def photos_named(sources: Sequence[str], *, pictures: Path | None = None) -> list[Source]:
    """The photos in the order in which they were named, ``-`` for stdin among them; on stderr, what was passed over.

    Args:
        sources: files, folders, globs or URIs.
        pictures: the folder this command writes to.

    Raises:
        UsageError: there are none, or ``-`` and nothing is piped in.
    """
    from packshot.batch import find_sources

    passed_over: list[PassedOver] = []
    found = find_sources(sources, pictures=pictures, stdin=True, objects=True, passed_over=passed_over, as_named=True)
    tell_passed_over(passed_over)
    return found


def tell_passed_over(passed_over: Sequence[PassedOver]) -> None:
    """Say on stderr what is no input, and why."""
    from packshot.batch import passed_over_lines

    print_notes(passed_over_lines(passed_over))


def answer_each(
    sources: Sequence[Source],
    work: Callable[[Source], Output],
    *,
    as_json: bool,
    nothing: Mapping[str, object],
    key: str = "source",
    unit: str = "photo",
    fatal: tuple[type[PackshotError], ...] = (),
    failed: Callable[[Source, PackshotError], None] = lambda *_: None,
    pictures: Pictures | None = None,
    total: Callable[[int, int, int], str] | None = None,
    failing_only: bool = False,
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
        pictures: where the work writes pictures; at the end it is seen to that they are still there.
        total: from how many went well, did not, and failed with an error, the last line for a person on stderr; none of
            a single photo.
        failing_only: whether nothing is printed of a photo that went well.

    Returns:
        The exit code: 3 if any did not go well.
    """
    from packshot.batch import Failure, each_photo
    from packshot.cli.progress import Bar
    from packshot.machine import keep_freed_memory

    keep_freed_memory()
    bad, failures, silent = 0, 0, pictures is not None and pictures.on_stdout
    with Bar(len(sources), unit=unit) as bar:
        for outcome in each_photo(sources, work, fatal=fatal):
            if isinstance(outcome, Failure):
                failures, error = failures + 1, outcome.error
                bar.write_line(error.about(outcome.source.shown))
                failed(outcome.source, error)
                print_row({key: outcome.source.path, **nothing, "error": error.to_dict()}, "", as_json=as_json)
            else:
                answer = outcome.answer
                bad += not answer.ok
                row = {key: outcome.source.path, **answer.row, "error": None}
                unsaid = silent or (failing_only and answer.ok)
                print_row(row, "" if unsaid else answer.text, as_json=as_json and not unsaid)
            bar.update()
        for lost in [] if pictures is None else pictures.lost():
            bar.write_line(str(lost))
            bad += 1
    if total is not None and len(sources) > 1 and not as_json:
        print_notes([total(len(sources) - bad - failures, bad, failures)])
    return 3 if bad or failures else 0
