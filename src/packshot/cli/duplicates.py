"""``packshot duplicates``: duplicate photos, in groups with the best copy named."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packshot.cli.each import named
from packshot.cli.options import json_option, limit_option, settings_from
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
    from packshot.catalogue.store import open_store
    from packshot.cli.progress import Bar
    from packshot.photo import printable

    settings = settings_from(max_megapixels=max_megapixels)
    if not sources and catalogue is None:
        raise UsageError("nothing to look through", remedy="name photos, folders, or a catalogue with -c")
    if sheet is not None and Path(sheet).suffix.lower() not in {".html", ".htm"}:
        raise UsageError(f"--sheet {sheet} is no page", remedy="give it a name that ends in .html")
    if sheet is not None:
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
        row = _row(number, group, scan)
        click.echo(json.dumps(row) if as_json else _lines(row))
    click.echo(f"{len(scan.photos)} photos, {len(scan.groups)} groups, {scan.copies} copies beside the best", err=True)
    if sheet is not None:
        _write_sheet(Path(sheet), scan)
    return 3 if empty or scan.failed else 0


def _row(number: int, group: Group, scan: DuplicateScan) -> dict[str, Any]:
    return {
        "group": number,
        "members": [scan.photos[member.place].source for member in group.members],
        "score": round(group.score, 6),
        "best": scan.photos[group.best].source,
        "kinds": [None if member.kind is None else member.kind.value for member in group.members],
        "scores": [round(member.score, 6) for member in group.members],
    }


def _lines(row: dict[str, Any]) -> str:
    from packshot.photo import printable

    lines = [f"group {row['group']}\t{len(row['members'])} photos", f"  best\t{printable(row['best'])}"]
    for source, kind, score in list(zip(row["members"], row["kinds"], row["scores"], strict=True))[1:]:
        lines.append(f"  {kind} ({score:.2f})\t{printable(source)}")
    return "\n".join(lines)


def _write_sheet(path: Path, scan: DuplicateScan) -> None:
    from packshot.batch import write_atomic
    from packshot.web.contact_sheet import Tile, contact_sheet

    tiles = [
        [
            Tile(
                name=scan.photos[member.place].source,
                picture=scan.photos[member.place].preview or b"",
                size=scan.photos[member.place].fingerprint.size,
                words="" if member.kind is None else f"{member.kind.value} ({member.score:.2f})",
            )
            for member in group.members
        ]
        for group in scan.groups
    ]
    write_atomic(path, contact_sheet(tiles, total=len(scan.photos)).encode())
