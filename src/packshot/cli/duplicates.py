"""``packshot duplicates``: duplicate photos, in groups with the best copy named."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packshot.cli.each import named
from packshot.cli.files import required_suffix
from packshot.cli.options import json_option, limit_option, settings_from
from packshot.cli.printing import print_row
from packshot.cli.streams import outlive_reader
from packshot.errors import PackshotError, UsageError

if TYPE_CHECKING:
    from packshot.catalogue.duplicate_scan import DuplicateScan
    from packshot.duplicates import Group

__all__ = ["command"]


@click.command("duplicates")
@click.argument("sources", nargs=-1, metavar="[SRC]...")
@click.option("-c", "--catalogue", metavar="CATALOGUE", help="Look through the photos of a catalogue (as well).")
@click.option("--sheet", metavar="FILE.html", help="Also write a page that shows the groups.")
@limit_option
@json_option
def command(
    sources: tuple[str, ...], catalogue: str | None, sheet: str | None, max_megapixels: float | None, as_json: bool
) -> int:
    """Find the same photo saved again, scaled, cropped, mirrored, relit, marked, or cut out onto white.

    Duplicates are listed as a group, the copy to keep first: the one with most detail, then the cleanest,
    then the one most like the others. Another colour of the same product is no duplicate. Nothing is ever deleted.

    \b
    packshot duplicates photos/
    packshot duplicates photos/ new-arrivals/ --sheet duplicates.html
    packshot duplicates -c catalogue/ --json > groups.jsonl
    """
    from packshot.batch.memory import memory_budget
    from packshot.catalogue.duplicate_scan import photos_to_scan, scan_for_duplicates
    from packshot.catalogue.duplicates_sheet import write_duplicates_sheet
    from packshot.catalogue.store import open_store
    from packshot.cli.progress import Bar
    from packshot.photo import printable

    settings = settings_from(max_megapixels=max_megapixels)
    if not sources and catalogue is None:
        raise UsageError("nothing to look through", remedy="name photos, folders, or a catalogue with -c")
    if sheet is not None:
        required_suffix("--sheet", sheet, ".html", ".htm")
        outlive_reader()
    with contextlib.nullcontext() if catalogue is None else open_store(catalogue) as store:
        photos, empty = photos_to_scan(sources, store)
    with Bar(len(photos), unit="photo") as bar:

        def failed(source: str, error: PackshotError) -> None:
            bar.write_line(named(printable(source), error))
            if as_json:
                click.echo(json.dumps({"source": source, "error": error.to_dict()}))

        def progress(source: str, error: PackshotError | None) -> None:
            if error is not None:
                failed(source, error)
            bar.update()

        for source, error in empty:
            failed(source, error)
        scan = scan_for_duplicates(
            photos,
            limits=settings.limits,
            previews=sheet is not None,
            memory=memory_budget(settings.memory_megabytes),
            progress=progress,
        )
    for number, group in enumerate(scan.groups, start=1):
        print_row({"group": number, **scan.row(group)}, _lines(number, group, scan), as_json=as_json)
    click.echo(f"{len(scan.photos)} photos, {len(scan.groups)} groups, {scan.copies} copies beside the best", err=True)
    if sheet is not None:
        write_duplicates_sheet(Path(sheet), scan)
    return 3 if empty or scan.failed else 0


def _lines(number: int, group: Group, scan: DuplicateScan) -> str:
    from packshot.catalogue.duplicates_sheet import copy_words
    from packshot.photo import printable

    best, *copies = group.members
    lines = [f"group {number}\t{len(group.members)} photos", f"  best\t{printable(scan.photos[best.place].source)}"]
    lines += [f"  {copy_words(copy)}\t{printable(scan.photos[copy.place].source)}" for copy in copies]
    return "\n".join(lines)
