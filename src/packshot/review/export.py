"""Corrections: what persons approved and corrected, as tables to train on."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from packshot.counting import counted
from packshot.datasets import Item, MaskKind, Split
from packshot.datasets.manifest import manifest_text
from packshot.errors import PhotoError, UsageError
from packshot.limits import Limits
from packshot.review.labels import CATEGORY, FRAME, asked_of, file_name, labelled
from packshot.review.pictures import png_of
from packshot.review.review import Review
from packshot.review.truths import Corrections, corrections
from packshot.storage import output_error, write_atomic, write_result

__all__ = ["Exported", "export_corrections"]

_SUMMARY = "export.json"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes:
        tables: ``masks``, ``categories``, ``frames`` and ``attribute-NAME`` to their files; None where nothing of that
            kind was decided.
        counts: the same names to numbers of photos.
        rejected: photos left out because they were rejected.
        missing: photos left out because they, or their kept masks, are gone or something else now.
    """

    tables: Mapping[str, Path | None]
    counts: Mapping[str, int]
    rejected: int
    missing: int

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        tables = {name: None if table is None else str(table) for name, table in self.tables.items()}
        return {**self.counts, "rejected": self.rejected, "missing": self.missing, "tables": tables}

    def words(self) -> str:
        """For a person: a line for each table."""
        return "\n".join(
            f"{table}: {counted(self.counts[name], 'photo')}"
            for name, table in self.tables.items()
            if table is not None
        )


def export_corrections(
    review: Review, folder: Path, *, left_out: Callable[[PhotoError], None] = lambda _: None
) -> Exported:
    """Write what was approved and corrected as tables that `packshot train` takes.

    Args:
        review: the results and decisions.
        folder: new, empty, or that of an earlier export; the photos are not copied into it.
        left_out: called with the reason for each photo that is gone or was changed since.

    Raises:
        UsageError: the folder holds other things, or there is nothing to export.
        OutputError: a table could not be written.
    """
    _require_own(folder)
    found = corrections(review)
    for error in found.missing:
        left_out(error)
    masks, broken = _masks(found, folder, review.limits, left_out)
    labels = {question: labelled(found, question) for question in asked_of(found)}
    items = {"masks": masks, "categories": labels.pop(CATEGORY), "frames": labels.pop(FRAME)}
    items |= {f"attribute-{file_name(name)}": rows for name, rows in labels.items()}
    if not any(items.values()):
        raise UsageError(
            f"{review.out}: nothing to export, no photo that is there was approved or corrected",
            remedy="decide first, see `packshot review list`",
        )
    counts = {name: len(rows) for name, rows in items.items()}
    missing = len(found.missing) + broken
    # First of all: a folder that holds it is an export, also if this one is killed.
    summary = {**counts, "rejected": found.rejected, "missing": missing}
    write_atomic(folder / _SUMMARY, json.dumps(summary).encode() + b"\n")
    tables = {name: folder / f"{name}.csv" for name in items}
    for old in set(folder.glob("attribute-*.csv")) - set(tables.values()):
        _remove(old)
    for name, table in tables.items():
        if items[name]:
            write_atomic(table, manifest_text(table, items[name], splits=False).encode())
        else:
            _remove(table)  # of an earlier export
    return Exported(
        {name: table if items[name] else None for name, table in tables.items()}, counts, found.rejected, missing
    )


def _masks(
    found: Corrections, folder: Path, limits: Limits, left_out: Callable[[PhotoError], None]
) -> tuple[list[Item], int]:
    """Items with their masks written beside, and how many masks could not be read."""
    items, broken = [], 0
    for truth in found.truths:
        if truth.mask is None:
            continue
        path = folder / "masks" / f"{truth.sha256[:16]}.png"
        try:
            write_result(path, png_of(truth.alpha(limits)), folder=folder)
        except PhotoError as error:
            broken += 1
            left_out(error)
            continue
        items.append(Item("", Split.TRAIN, truth.photo, path, MaskKind.ALPHA, group=truth.sha256[:16]))
    return items, broken


def _require_own(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is not a folder", remedy="name another one with -o")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / _SUMMARY).is_file():
        raise UsageError(
            f"{folder} holds other things, and nothing in it is overwritten",
            remedy="name a new folder, or that of an earlier export",
        )


def _remove(table: Path) -> None:
    try:
        table.unlink(missing_ok=True)
    except OSError as error:
        raise output_error(table, error) from error
