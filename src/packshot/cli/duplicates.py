"""``packshot duplicates``: photos that are one, in groups with the best copy named."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packshot.cli.options import json_option, settings_from
from packshot.errors import PackshotError, UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from packshot.duplicates import Group, Print
    from packshot.limits import Limits

__all__ = ["command"]


@dataclass(frozen=True)
class _Seen:
    """A photo that was looked at."""

    source: str
    taken: Print
    picture: bytes | None = field(repr=False)
    embedding: NDArray[np.float32] | None = field(default=None, repr=False)


@click.command("duplicates")
@click.argument("sources", nargs=-1, metavar="[SRC]...")
@click.option("-c", "--catalogue", metavar="CATALOGUE", help="Look through the photos of a catalogue (as well).")
@click.option("--sheet", metavar="FILE.html", help="Also write a page that shows the groups.")
@json_option
def command(sources: tuple[str, ...], catalogue: str | None, sheet: str | None, as_json: bool) -> int:
    """Find the same photo saved again, scaled, cropped, mirrored, relit, marked, or cut out onto white.

    Photos that are one are listed as a group, the copy to keep first: the one with most detail, then the cleanest,
    then the one most like the others. Another colour of the same product is no duplicate. Nothing is ever deleted.

    \b
    packshot duplicates photos/
    packshot duplicates photos/ new-arrivals/ --sheet duplicates.html
    packshot duplicates -c catalogue/ --json > groups.jsonl
    """
    from packshot.cli.progress import Bar
    from packshot.duplicates import find_duplicates

    if not sources and catalogue is None:
        raise UsageError("nothing to look through", remedy="name photos, folders, or a catalogue with -c")
    if sheet is not None and Path(sheet).suffix.lower() not in {".html", ".htm"}:
        raise UsageError(f"--sheet {sheet} is no page", remedy="give it a name that ends in .html")
    limits = settings_from().limits
    places, faults = _places(sources)
    known = _catalogued(catalogue) if catalogue is not None else []
    listed = {os.path.abspath(source) for source, _ in known}  # noqa: PTH100  # a catalogue's source may be an address
    asked = [(place, None) for place in places if os.path.abspath(place) not in listed] + known  # noqa: PTH100
    seen = list[_Seen]()
    with Bar(len(asked), unit="photo") as bar, ThreadPoolExecutor(os.cpu_count()) as threads:
        for place, error in faults:
            bar.write_line(str(error))
            if as_json:
                click.echo(json.dumps(_fault(place, error)))
        for (place, embedding), found in zip(
            asked, threads.map(lambda one: _look(one[0], limits, pictured=sheet is not None), asked), strict=True
        ):
            if isinstance(found, PackshotError):
                faults.append((place, found))
                bar.write_line(str(found))
                if as_json:
                    click.echo(json.dumps(_fault(place, found)))
            else:
                seen.append(_Seen(place, found[0], found[1], embedding))
            bar.update()
    groups = find_duplicates([one.taken for one in seen], embeddings=_embeddings(seen))
    for number, group in enumerate(groups, start=1):
        row = _row(number, group, seen)
        click.echo(json.dumps(row) if as_json else _lines(row))
    copies = sum(len(group.members) - 1 for group in groups)
    click.echo(f"{len(seen)} photos, {len(groups)} groups, {copies} copies beside the best", err=True)
    if sheet is not None:
        _write_sheet(Path(sheet), groups, seen)
    return 3 if faults else 0


def _places(sources: Sequence[str]) -> tuple[list[str], list[tuple[str, PackshotError]]]:
    """Paths of all photos, and the sources without any.

    Raises:
        UsageError: none of the sources has any.
    """
    from packshot.batch import find_sources

    useful, faults = list[str](), list[tuple[str, PackshotError]]()
    for source in sources:
        try:
            find_sources([source])
            useful.append(source)
        except UsageError as error:
            faults.append((source, error))
    if faults and not useful:
        raise faults[0][1]
    return [source.path for source in find_sources(useful)] if useful else [], faults


def _catalogued(uri: str) -> list[tuple[str, NDArray[np.float32] | None]]:
    """Sources and embeddings of a catalogue's items, by source."""
    from packshot.catalogue.store import open_store

    with open_store(uri) as store:
        return sorted(((item.source, item.embedding) for item in store.items()), key=lambda pair: pair[0])


def _look(place: str, limits: Limits, *, pictured: bool) -> tuple[Print, bytes | None] | PackshotError:
    from packshot.batch.thumbnails import thumbnail
    from packshot.duplicates import take_print
    from packshot.photo import decode

    try:
        rgb = decode(place, limits=limits).rgb
    except PackshotError as error:
        return error
    return take_print(rgb), thumbnail(rgb) if pictured else None


def _embeddings(seen: Sequence[_Seen]) -> list[NDArray[np.float32]] | None:
    """Of every photo, or none: beside a catalogue's, new photos have none yet."""
    known = [one.embedding for one in seen if one.embedding is not None]
    return known if known and len(known) == len(seen) else None


def _row(number: int, group: Group, seen: Sequence[_Seen]) -> dict[str, Any]:
    return {
        "group": number,
        "members": [seen[member.place].source for member in group.members],
        "score": round(group.score, 6),
        "best": seen[group.best].source,
        "kinds": [None if member.kind is None else member.kind.value for member in group.members],
        "scores": [round(member.score, 6) for member in group.members],
    }


def _lines(row: dict[str, Any]) -> str:
    lines = [f"group {row['group']}\t{len(row['members'])} photos", f"  best\t{row['best']}"]
    for source, kind, score in list(zip(row["members"], row["kinds"], row["scores"], strict=True))[1:]:
        lines.append(f"  {kind} ({score:.2f})\t{source}")
    return "\n".join(lines)


def _fault(place: str, error: PackshotError) -> dict[str, Any]:
    return {"source": place, "error": {"code": error.code, "message": error.message, "remedy": error.remedy}}


def _write_sheet(path: Path, groups: Sequence[Group], seen: Sequence[_Seen]) -> None:
    from packshot.batch import write_atomic
    from packshot.duplicates import Tile, contact_sheet

    tiles = [
        [
            Tile(
                name=seen[member.place].source,
                picture=seen[member.place].picture or b"",
                size=seen[member.place].taken.size,
                words="" if member.kind is None else f"{member.kind.value} ({member.score:.2f})",
            )
            for member in group.members
        ]
        for group in groups
    ]
    write_atomic(path, contact_sheet(tiles, total=len(seen)).encode())
