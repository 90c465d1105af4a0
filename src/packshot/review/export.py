"""Corrections: what persons approved and corrected, as tables to train on."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from packshot.datasets import Item, MaskKind, Split
from packshot.datasets.manifest import manifest_text
from packshot.decisions import CategoryPath, Decision, FrameShown, KeptMask, verdict
from packshot.errors import PhotoError, UnreadablePhoto, UsageError
from packshot.limits import Limits
from packshot.photo import decode
from packshot.review.pictures import png_of, read_mask
from packshot.review.review import Review
from packshot.storage import output_error, write_atomic, write_result
from packshot.storage.hashing import sha256_of_file
from packshot.values import Alpha

__all__ = ["Corrections", "Exported", "Truth", "corrections", "export_corrections"]

_SUMMARY = "export.json"


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known of a photo; what nobody spoke of is None.

    Attributes:
        photo: the file, which holds what was decided on.
        sha256: of the file; copies of a photo share it, and belong into one split.
        category: confirmed or corrected.
        mask: confirmed or corrected.
        frame: confirmed or corrected.
        mask_file: the mask's file; None without one.
    """

    photo: Path
    sha256: str
    category: CategoryPath | None
    mask: KeptMask | None
    frame: FrameShown | None
    mask_file: Path | None

    def alpha(self, limits: Limits) -> Alpha:
        """The mask in the photo's own pixels, 0 on a frame that was cut off: float32 (h, w), 0..1.

        Raises:
            PhotoError: photo or mask cannot be read.
        """
        assert self.mask is not None  # noqa: S101 - the caller asks for masks that are there
        assert self.mask_file is not None  # noqa: S101
        return read_mask(self.mask_file, decode(self.photo, limits=limits), self.mask.box, limits)


@dataclass(frozen=True, slots=True)
class Corrections:
    """Everything to train on.

    Attributes:
        truths: by photo; rejected ones are left out.
        rejected: how many photos were left out because they were rejected.
        missing: photos that are gone, or hold something else now; each with the reason.
    """

    truths: tuple[Truth, ...]
    rejected: int
    missing: tuple[UnreadablePhoto, ...]


def corrections(review: Review) -> Corrections:
    """Gather what stands in the log: also of photos of earlier runs, and of results that a later run replaced.

    A decision is about a photo's content, and that content is still what the person saw: a mask that was approved
    stays true when a new network makes another one. What counts is that the photo is the same.
    """
    names: dict[str, list[str]] = defaultdict(list)
    for record in review.records:
        names[record.sha256 or ""].append(record.source)
    truths, missing, rejected = [], [], 0
    for sha256, decisions in review.decisions.by_content().items():
        said = verdict(decisions)
        if said.rejected is not None:
            rejected += 1
            continue
        photo = _found(review, sha256, names[sha256], decisions)
        if photo is None:
            missing.append(
                UnreadablePhoto(
                    f"{said.last.source} is not there any more, or was changed since it was decided on",
                    remedy="name with --root the folder where `packshot run` was typed, or review the photo again",
                )
            )
            continue
        file = None if said.mask is None else review.kept_masks / f"{said.mask.sha256}.png"
        truths.append(Truth(photo, sha256, said.category, said.mask, said.frame, file))
    truths.sort(key=lambda truth: str(truth.photo))
    return Corrections(tuple(truths), rejected, tuple(missing))


def _found(review: Review, sha256: str, names: list[str], decisions: list[Decision]) -> Path | None:
    """Where the photo lies: under a name it has now, or had when it was decided on."""
    for name in dict.fromkeys([*sorted(names), *(decision.source for decision in reversed(decisions))]):
        path = review.root / name
        try:
            if sha256_of_file(path) == sha256:
                return path
        except OSError:
            continue
    return None


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes:
        tables: ``masks``, ``categories`` and ``frames`` to their files; None where nothing of the kind was decided.
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
            f"{table}: {self.counts[name]} photos" for name, table in self.tables.items() if table is not None
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
    items = {"masks": masks, "categories": _categories(found), "frames": _frames(found)}
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


def _categories(found: Corrections) -> list[Item]:
    return [
        Item("", Split.TRAIN, truth.photo, label=truth.category[-1].id, group=truth.sha256[:16])
        for truth in found.truths
        if truth.category
    ]


def _frames(found: Corrections) -> list[Item]:
    return [
        Item(
            "",
            Split.TRAIN,
            truth.photo,
            label=truth.frame.label,
            group=truth.sha256[:16],
            box=truth.frame.inner_box,
        )
        for truth in found.truths
        if truth.frame
    ]


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
