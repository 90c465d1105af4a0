"""``packshot duplicates``: duplicate photos, in groups with the best copy named."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packshot.cli.command import argument, option, packshot_command
from packshot.cli.files import required_suffix
from packshot.cli.options import JSON, MEGAPIXELS, settings_from
from packshot.cli.printing import print_row
from packshot.cli.streams import outlive_reader
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.errors import PackshotError
    from packshot.settings import Settings

__all__ = ["command"]


@packshot_command("duplicates")
def command(
    sources: tuple[str, ...] = argument("[SRC]...", required=False),
    catalogue: str | None = option(
        "-c", "--catalogue", metavar="CATALOGUE", help="Look through the photos of a catalogue (as well)."
    ),
    sheet: str | None = option("--sheet", metavar="FILE.html", help="Also write a page that shows the groups."),
    max_megapixels: float | None = MEGAPIXELS,
    as_json: bool = JSON,
) -> int:
    """Find the same photo saved again, scaled, cropped, mirrored, relit, marked, or cut out onto white.

    Duplicates are listed as a group, the copy to keep first: the one with most detail, then the cleanest,
    then the one most like the others. Another colour of the same product is no duplicate. Nothing is ever deleted.

    SRC may be the URI of a finished run in a bucket (s3://shop/out): the search goes over all its shards, reads only
    the photos of pairs that must be verified, and leaves duplicates.jsonl, duplicates.parquet and pages of the report
    there.

    \b
    packshot duplicates photos/
    packshot duplicates photos/ new-arrivals/ --sheet duplicates.html
    packshot duplicates -c catalogue/ --json > groups.jsonl
    packshot duplicates s3://shop/out
    """
    from packshot.batch.memory import memory_budget
    from packshot.catalogue.duplicate_scan import photos_to_scan, scan_for_duplicates
    from packshot.catalogue.duplicates_sheet import write_duplicates_sheet
    from packshot.catalogue.store import open_store
    from packshot.cli.progress import Bar
    from packshot.storage.encodable import printable
    from packshot.storage.objects import is_object_uri

    settings = settings_from(max_megapixels=max_megapixels)
    if not sources and catalogue is None:
        raise UsageError("nothing to look through", remedy="name photos, folders, or a catalogue with -c")
    if any(map(is_object_uri, sources)):
        return _of_run(sources, settings, other={"-c": catalogue, "--sheet": sheet}, as_json=as_json)
    if sheet is not None:
        required_suffix("--sheet", sheet, ".html", ".htm")
        outlive_reader()
    with contextlib.nullcontext() if catalogue is None else open_store(catalogue) as store:
        photos, empty = photos_to_scan(sources, store)
    with Bar(len(photos), unit="photo") as bar:

        def progress(source: str, error: PackshotError | None, *, photo: bool = True) -> None:
            if error is not None:
                bar.write_line(error.about(printable(source)))
                print_row({"source": source, "error": error.to_dict()}, "", as_json=as_json)
            if photo:
                bar.update()

        for source, error in empty:
            progress(source, error, photo=False)
        memory, previews = memory_budget(settings.memory_megabytes), sheet is not None
        scan = scan_for_duplicates(photos, limits=settings.limits, previews=previews, memory=memory, progress=progress)
    for number, group in enumerate(scan.groups, start=1):
        text = f"group {number}\t{scan.group_words(group)}"
        print_row({"group": number, **scan.row(group)}, text, as_json=as_json)
    click.echo(scan.words(), err=True)
    if sheet is not None:
        write_duplicates_sheet(Path(sheet), scan)
    return 3 if empty or scan.failed else 0


def _of_run(sources: Sequence[str], settings: Settings, *, other: Mapping[str, object], as_json: bool) -> int:
    """Print the duplicates of a run in shards, and give the exit code.

    Args:
        sources: one URI of an output folder.
        settings: of the decoder.
        other: options that were given, which only photos on a disk have.
        as_json: print lines of JSON.

    Raises:
        UsageError: there are several sources, or an option does not apply.
    """
    from packshot.batch.memory import memory_budget
    from packshot.cli.progress import Bar
    from packshot.duplicates import group_words
    from packshot.sharded.duplicates import FoundGroup, find_run_duplicates
    from packshot.storage.encodable import printable

    if len(sources) > 1:
        raise UsageError(
            "a run in a bucket is looked through alone", remedy="name one URI: packshot duplicates s3://shop/out"
        )
    given = next((option for option, value in other.items() if value is not None), None)
    if given is not None:
        raise UsageError(
            f"{given} is for photos on a disk; of a run in a bucket the groups are shown in its report",
            remedy="leave it out, and open report/duplicates.html",
        )

    def tell(row: FoundGroup) -> None:
        print_row(row, f"group {row['group']}\t{group_words(row, printable)}", as_json=as_json)

    with Bar(None, unit="pair") as bar:
        summary = find_run_duplicates(
            sources[0],
            limits=settings.limits,
            memory=memory_budget(settings.memory_megabytes),
            found=tell,
            progress=bar.update,
            tell=bar.write_line,
        )
    for source, error in summary.failed.items():
        click.echo(error.about(printable(source)), err=True)
        print_row({"source": source, "error": error.to_dict()}, "", as_json=as_json)
    click.echo(summary.words(), err=True)
    return summary.exit_code
