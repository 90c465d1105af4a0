"""Compose ``report.html``: no request to anywhere but its own folder, streamed so that memory stays flat.

Up to `EMBEDDED_PICTURES` thumbnails stand in the page itself. Of a larger run it shows the files that the run keeps in
its folder, each loaded when it comes into view, or the page of some thousand photos would have 60 MB. Rules that are
met are named in it and no more: their rows would be half of what a browser has to read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from packshot.records import Record
from packshot.records.picture_state import PictureState, picture_state
from packshot.storage.atomic import atomic_file
from packshot.storage.encodable import printable
from packshot.web.rendering import stream
from packshot.web.run_report import words
from packshot.web.run_report.cards import Card, card_of, first_refusal
from packshot.web.run_report.described import Way, category_choices
from packshot.web.run_report.timings import step_times
from packshot.web.run_report.topics import frequent_topics

__all__ = ["write_run_report"]


@dataclass(frozen=True, slots=True)
class Channel:
    """A profile: its name, the folder of its pictures, and how many are in each `PictureState`.

    `later` pictures whose rules are met now are refused from the day `from_day` on.
    """

    name: str
    folder: str
    ready: int
    look: int
    refused: int
    missing: int
    rejected: int
    later: int
    from_day: str


EMBEDDED_PICTURES = 1_000  # thumbnails, of 6 kB in base64 typically and 10 kB at most
_MAX_GONE = 500
_MAX_CARDS = 20_000  # further ones are only counted: the manifest has them all


def write_run_report(
    path: Path,
    photos: Sequence[tuple[str, Record]],
    *,
    total: int,
    thumbnail_path: Callable[[str, str], str],
    profiles: Mapping[str, str],
    gone: Sequence[tuple[str, Sequence[str]]] = (),
) -> None:
    """Write the report, whole or not at all.

    Args:
        path: of the report, in the output folder.
        photos: stem and manifest line of every finished photo, in the order of the sources.
        total: photos of the batch; more than `photos` if the run was stopped.
        thumbnail_path: stem and ``before``, or a profile's folder, to the thumbnail's path below the output folder.
        profiles: name of each marketplace profile to the folder of its pictures, below the output folder.
        gone: photos of earlier runs that are not there any more, each with the files that were made of it.

    Raises:
        OutputError: it could not be written.
    """
    counts = Counter(str(record.status) for _, record in photos)
    frequent = frequent_topics(record for _, record in photos)
    categories, ways = category_choices(record for _, record in photos)
    large = len(photos) * (1 + max(1, len(profiles))) > EMBEDDED_PICTURES
    page = stream(
        "run_report.html.jinja",
        page_scripts=["run_report.js"],
        large=large,
        counts=counts,
        finished=len(photos),
        total=total,
        profiles=_channels(photos, profiles),
        sections=_sections(
            photos,
            path.parent,
            [topic for topic, _ in frequent],
            ways=ways,
            thumbnail_path=thumbnail_path,
            folders=profiles,
            beside=large,
        ),
        left_out=max(0, len(photos) - _MAX_CARDS),
        frequent=frequent,
        categories=categories,
        gone=[(printable(source), len(files)) for source, files in gone[:_MAX_GONE]],
        gone_further=max(0, len(gone) - _MAX_GONE),
        duration=words.duration,
        steps=step_times(record.timings_ms for _, record in photos),
    )
    with atomic_file(path) as file:
        for piece in page:
            file.write(piece.encode())


def _channels(photos: Sequence[tuple[str, Record]], folders: Mapping[str, str]) -> list[Channel]:
    counts: dict[str, Counter[PictureState]] = {name: Counter() for name in folders}
    later: Counter[str] = Counter()
    days: dict[str, set[str]] = {name: set() for name in folders}
    for _, record in photos:
        for name, picture in record.packshots.items():
            if name in counts:
                state = picture_state(record, picture)
                counts[name][state] += 1
                day = first_refusal(picture) if state in {PictureState.READY, PictureState.LOOK} else ""
                later[name] += bool(day)
                days[name] |= {day} - {""}
    return [
        Channel(
            printable(name),
            folders[name],
            ready=found[PictureState.READY],
            look=found[PictureState.LOOK],
            refused=found[PictureState.REFUSED],
            missing=found[PictureState.MISSING],
            rejected=found[PictureState.REJECTED],
            later=later[name],
            from_day=min(days[name], default=""),
        )
        for name, found in counts.items()
    ]


def _sections(
    photos: Sequence[tuple[str, Record]],
    out: Path,
    frequent: Sequence[str],
    *,
    ways: Mapping[Way, str],
    thumbnail_path: Callable[[str, str], str],
    folders: Mapping[str, str],
    beside: bool,
) -> Iterator[tuple[str, int, Iterator[Card]]]:
    """Status, count and cards: what failed, what is uncertain (most first), what is ready."""
    groups: dict[str, list[int]] = {"failed": [], "review": [], "ok": [], "rejected": []}
    for index, (_, record) in enumerate(photos):
        groups[record.status].append(index)
    groups["review"].sort(key=lambda index: -(photos[index][1].uncertainty or 0.0))
    shown = 0
    for status, indices in groups.items():
        cards = indices[: max(0, _MAX_CARDS - shown)]
        if cards:
            yield (
                status,
                len(indices),
                (
                    card_of(
                        index,
                        *photos[index],
                        out,
                        thumbnail_path=thumbnail_path,
                        beside=beside,
                        folders=folders,
                        frequent=frequent,
                        ways=ways,
                    )
                    for place, index in enumerate(cards, start=shown)
                ),
            )
        shown += len(cards)
