"""What ``evaluate category`` and ``evaluate attribute`` do alike: ask about every photo, print, and write the files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from packshot.cli.evaluate.selection import Unreadable, fault, photo_name, write_results
from packshot.errors import PackshotError

if TYPE_CHECKING:
    from packshot.cli.evaluate.head import AskedHead, Job, Reply
    from packshot.datasets import Described
    from packshot.description import Describer
    from packshot.values import Rgb

__all__ = ["ask_all", "say_unreadable", "tell", "write"]


def ask_all(
    items: Sequence[Described], job: Job, asked: AskedHead, seen: Callable[[Described, Rgb, Reply], None]
) -> Unreadable:
    """Ask about one photo after another.

    Args:
        items: the photos.
        job: what was asked for.
        asked: the head.
        seen: told of every photo and its reply.

    Returns:
        What could not be read; each was named on stderr.
    """
    from packshot.cli.progress import Bar

    unreadable = Unreadable()
    with Bar(len(items), unit="photo") as bar:
        for item in items:
            try:
                rgb = item.rgb()
            except PackshotError as error:
                unreadable.append((photo_name(item.photo, job.data), error))
                bar.write_line(str(error))
            else:
                seen(item, rgb, asked(rgb))
            bar.update()
    return unreadable


def tell(
    summary: Sequence[Any],
    unreadable: Unreadable,
    *,
    header: Sequence[str],
    lines: Sequence[Sequence[str]],
    left: int = 1,
    as_json: bool,
) -> None:
    """Print a row a set: a table, or JSON lines, those of unreadable photos after them.

    Args:
        summary: a row a set.
        unreadable: what could not be read.
        header: of the table.
        lines: its rows.
        left: how many of its first columns are words.
        as_json: whether stdout is for JSON alone.
    """
    from packshot.cli.table import aligned

    if as_json:
        for row in summary:
            click.echo(json.dumps({**asdict(row), "error": None}))
        for name, error in unreadable:
            click.echo(json.dumps({"name": name, "error": fault(error)}))
    elif lines:
        click.echo(aligned(header, lines, left=left))


def say_unreadable(unreadable: Unreadable, photos: int) -> int:
    """Say how many photos could not be scored; the exit code."""
    if len(unreadable) == photos:
        click.echo(f"none of {photos} photos could be scored", err=True)
    elif unreadable:
        click.echo(f"{len(unreadable)} photos could not be scored", err=True)
    return 3 if unreadable else 0


def write(
    job: Job,
    task: str,
    describer: Describer,
    *,
    page: Callable[[Mapping[str, str]], str],
    summary: Sequence[Any],
    lines: Sequence[Mapping[str, Any]],
    unreadable: Unreadable,
    **more: Any,
) -> None:
    """Write report.html, scores.jsonl and summary.json.

    Args:
        job: what was asked for.
        task: its name.
        describer: the network.
        page: makes the report from what was evaluated, on what: name -> words.
        summary: a row a set.
        lines: a line a photo.
        unreadable: what could not be read.
        more: further parts of summary.json.
    """
    from packshot.version import __version__

    assert job.out is not None  # noqa: S101 - asked before
    facts = {
        "Model": describer.network.id,
        "Data": str(job.data),
        "Split": job.split,
        "Precision": f"{describer.precision:g}",
        "packshot": __version__,
    }
    whole = {
        "task": task,
        **{name.lower(): words for name, words in facts.items()},
        "limit": job.limit,
        "summary": [asdict(row) for row in summary],
        **more,
        "unreadable": [{"name": name, "error": fault(error)} for name, error in unreadable],
    }
    write_results(
        job.out,
        page=page(facts),
        lines="".join(json.dumps(line) + "\n" for line in lines),
        summary=json.dumps(whole, indent=2),
        quiet=job.as_json,
    )
