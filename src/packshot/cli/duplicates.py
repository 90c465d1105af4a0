"""``packshot duplicates``: duplicate photos, in groups with the best copy named."""

from __future__ import annotations

import contextlib
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
    from packshot.cli.objects import any_object, run_duplicates
    from packshot.cli.progress import Bar
    from packshot.storage.encodable import printable

    settings = settings_from(max_megapixels=max_megapixels)
    if not sources and catalogue is None:
        raise UsageError("nothing to look through", remedy="name photos, folders, or a catalogue with -c")
    if any_object(sources):
        return run_duplicates(sources, settings, other={"-c": catalogue, "--sheet": sheet}, as_json=as_json)
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
