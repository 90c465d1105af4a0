"""Compose ``report.html``: one file, no request to anywhere, streamed so that memory stays flat."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from packshot.batch.manifest import Record
from packshot.batch.report import words
from packshot.batch.report.cards import Card, card_of
from packshot.batch.report.described import Way, category_choices
from packshot.batch.report.timings import step_times
from packshot.durable.atomic import atomic_file

__all__ = ["write_report"]

MAX_PICTURES = 4_000  # pairs of at most 16 kB: a page of 64 MB; further photos are listed without a preview
_MAX_CARDS = 20_000  # further ones are only counted: the manifest has them all


def write_report(path: Path, photos: Sequence[tuple[str, Record]], *, total: int, profile: str | None = None) -> None:
    """Write the report, whole or not at all.

    Args:
        path: of the report, in the output folder.
        photos: stem and manifest line of every finished photo, in the order of the sources.
        total: photos of the batch; more than `photos` if the run was stopped.
        profile: name of the marketplace profile.

    Raises:
        OutputError: it could not be written.
    """
    environment = Environment(
        loader=PackageLoader("packshot.batch.report", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(count=words.count, duration=words.duration)
    script = _part("report.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    counts = Counter(record["status"] for _, record in photos)
    frequent = _frequent(photos)
    categories, ways = category_choices(record for _, record in photos)
    stream = environment.get_template("report.html.jinja").stream(
        style=Markup(_part("report.css")),  # noqa: S704  # our own files, not a photo's name
        script=Markup(script),  # noqa: S704
        script_hash=digest,
        counts=counts,
        finished=len(photos),
        total=total,
        profile=profile,
        sections=_sections(photos, path.parent, [topic for topic, _ in frequent], ways),
        left_out=max(0, len(photos) - _MAX_CARDS),
        frequent=frequent,
        categories=categories,
        steps=step_times(record["timings_ms"] for _, record in photos),
    )
    stream.enable_buffering(64)
    with atomic_file(path) as file:
        for chunk in stream:
            file.write(chunk.encode())


def _part(name: str) -> str:
    return (resources.files("packshot.batch.report") / name).read_text(encoding="utf-8")


def _sections(
    photos: Sequence[tuple[str, Record]], out: Path, frequent: Sequence[str], ways: Mapping[Way, str]
) -> Iterator[tuple[str, int, Iterator[Card]]]:
    """Status, count and cards: what failed, what is uncertain (most first), what is ready."""
    groups: dict[str, list[int]] = {"failed": [], "review": [], "ok": []}
    for index, (_, record) in enumerate(photos):
        groups[record["status"]].append(index)
    groups["review"].sort(key=lambda index: -(photos[index][1]["uncertainty"] or 0.0))
    shown = 0
    for status, indices in groups.items():
        cards = indices[: max(0, _MAX_CARDS - shown)]
        if cards:
            yield (
                status,
                len(indices),
                (
                    card_of(index, *photos[index], out, frequent=frequent, ways=ways, pictures=place < MAX_PICTURES)
                    for place, index in enumerate(cards, start=shown)
                ),
            )
        shown += len(cards)


def _frequent(photos: Sequence[tuple[str, Record]]) -> list[tuple[str, int]]:
    """What there is to fix on more than one photo, most frequent first, at most six."""
    found: Counter[str] = Counter()
    for _, record in photos:
        found.update(words.topics(record))
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return [(text, number) for text, number in ranked if number > 1][:6]
