"""Training runs side by side: what `packshot train` wrote into its run folders, as rows that can be ordered."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeGuard

from packshot.errors import UsageError
from packshot.storage.lock import is_locked

__all__ = ["Row", "SortBy", "comparable", "find_runs", "read_row", "read_rows", "sort_rows"]

_RUN, _FOLDS = "run.json", "folds.json"


class SortBy(StrEnum):
    """What the rows are ordered by; the best comes first, and what is unknown last."""

    VALIDATION = "validation"
    HOLDOUT = "holdout"
    MS = "ms"
    PARAMETERS = "parameters"


@dataclass(frozen=True, slots=True)
class Row:
    """One run, or one cross-validation.

    Attributes:
        run: its folder.
        name: of the recipe.
        task: ``segmentation``, ``classification``, ...
        headline: the metric the scores are of, ``iou``.
        start: what the weights began as: ``scratch``, ``ImageNet``, a file's name; empty if the run does not say.
        train: score on what it learnt from, 0..1; None if it was not measured.
        validation: score that chose the checkpoint, 0..1; of a cross-validation the mean over its folds.
        validation_interval: 95 % interval of `validation`, None for a cross-validation.
        deviation: standard deviation of `validation` over the folds, None for a single run.
        holdout: score on what nothing was chosen by, 0..1.
        interval: 95 % interval of `holdout`.
        baseline: the best trivial answer's score by the same metric, None if the run has none.
        parameters: of the network.
        ms_per_photo: milliseconds, measured at the end of the run.
        seconds: of training and scoring, all sittings and folds together; None if unknown.
        epochs: done.
        status: ``running``, ``finished``, ``interrupted``, ``failed`` (it ended with an error), or ``killed``: it says
            that it runs, but no process holds its lock.
        date: day it was started, ``2026-11-21``.
        data: SHA-256 of the data it was trained on, to tell whether two rows may be compared.
    """

    run: str
    name: str
    task: str
    headline: str
    start: str
    train: float | None
    validation: float | None
    validation_interval: tuple[float, float] | None
    deviation: float | None
    holdout: float | None
    interval: tuple[float, float] | None
    baseline: float | None
    parameters: int | None
    ms_per_photo: float | None
    seconds: float | None
    epochs: int | None
    status: str
    date: str
    data: str | None


def find_runs(folders: Iterable[Path]) -> list[Path]:
    """Run folders in and below some folders, in the order of their names; the folds of a cross-validation stay inside.

    Args:
        folders: run folders, or folders that hold them.

    Raises:
        UsageError: a folder is not there, or none of them holds a run.
    """
    found: dict[Path, None] = {}
    for folder in folders:
        if not folder.is_dir():
            raise UsageError(
                f"{folder}: no such folder", remedy="name the folder `packshot train -o` wrote, or its parent"
            )
        whole = {path.parent for path in folder.rglob(_FOLDS)}
        for path in sorted({*whole, *(path.parent for path in folder.rglob(_RUN))}):
            if not whole & set(path.parents):
                found[path] = None
    if not found:
        raise UsageError("no run.json in any folder given", remedy="name the folders `packshot train -o` wrote")
    return list(found)


def read_rows(folders: Iterable[Path], by: SortBy) -> tuple[list[Row], list[UsageError]]:
    """What the run folders in and below some folders say of themselves, sorted, and why others could not be read.

    Raises:
        UsageError: as `find_runs`.
    """
    rows: list[Row] = []
    broken: list[UsageError] = []
    for run in find_runs(folders):
        try:
            rows.append(read_row(run))
        except UsageError as error:
            broken.append(error)
    return sort_rows(rows, by), broken


def comparable(rows: Iterable[Row]) -> bool:
    """Whether runs were trained on one data set and scored by one metric, as far as they say."""
    return len({(row.data, row.headline) for row in rows if row.data}) <= 1


def read_row(run: Path) -> Row:
    """Read what a run folder says of itself.

    Raises:
        UsageError: run.json or folds.json cannot be read or lacks what a row needs; names the file.
    """
    if not (run / _FOLDS).is_file():
        return _single(run, _document(run / _RUN))
    folds = _document(run / _FOLDS)
    parts = sorted(path for path in run.glob("fold-*") if (path / _RUN).is_file())
    if not parts:
        raise _broken(run / _FOLDS, "there is no fold-1 with a run.json beside it")
    rows = [_single(part, _document(part / _RUN)) for part in parts]
    first = rows[0]
    complete = len(rows) == folds.get("folds") and all(row.status == "finished" for row in rows)
    unfinished = next((row.status for row in rows if row.status != "finished"), "interrupted")
    return Row(
        run=str(run),
        name=f"{first.name} ({folds.get('folds')} folds)",
        task=first.task,
        headline=first.headline,
        start=first.start,
        train=_mean([row.train for row in rows]),
        validation=_number(folds, "mean", run / _FOLDS),
        validation_interval=None,
        deviation=_number(folds, "deviation", run / _FOLDS),
        holdout=_mean([row.holdout for row in rows]),
        interval=None,
        baseline=_mean([row.baseline for row in rows]),
        parameters=first.parameters,
        ms_per_photo=_mean([row.ms_per_photo for row in rows]),
        seconds=sum(row.seconds or 0.0 for row in rows) or None,
        epochs=max((row.epochs or 0 for row in rows), default=None),
        status="finished" if complete else unfinished,
        date=first.date,
        data=first.data,
    )


def sort_rows(rows: Sequence[Row], by: SortBy = SortBy.VALIDATION) -> list[Row]:
    """The best first: highest score, fewest milliseconds or parameters; rows without that figure come last.

    By validation and not by holdout, unless asked: picking the winner on the holdout turns it into a second validation
    split, and the winner's score there is too high by the luck it was picked for.
    """

    def key(row: Row) -> tuple[bool, float]:
        value = {
            SortBy.VALIDATION: row.validation,
            SortBy.HOLDOUT: row.holdout,
            SortBy.MS: row.ms_per_photo,
            SortBy.PARAMETERS: row.parameters,
        }[by]
        sign = -1 if by in {SortBy.VALIDATION, SortBy.HOLDOUT} else 1
        return value is None, sign * (value or 0.0)

    return sorted(rows, key=key)


def _single(run: Path, document: Mapping[str, object]) -> Row:
    file = run / _RUN
    scores = _part(document, "scores", file)
    baselines = _part(document, "baselines", file)
    data = _part(document, "data", file)
    headline = _word(document, "headline", file)
    trivial = [_number(baselines, name, file) for name in baselines if name.endswith(f"_{headline}")]
    parameters, epochs = (_number(document, key, file) for key in ("parameters", "epochs_done"))
    return Row(
        run=str(run),
        name=_word(document, "name", file),
        task=_word(document, "task", file),
        headline=headline,
        start=str(document.get("start") or ""),
        train=_number(scores, "train", file),
        validation=_number(scores, "validation", file),
        validation_interval=_interval(document, "validation", file),
        deviation=None,
        holdout=_number(scores, "holdout", file),
        interval=_interval(document, "holdout", file),
        baseline=max((value for value in trivial if value is not None), default=None),
        parameters=None if parameters is None else int(parameters),
        ms_per_photo=_number(document, "ms_per_photo", file),
        seconds=_number(document, "seconds", file) or None,  # a run that was killed has counted none
        epochs=None if epochs is None else int(epochs),
        status=_status(run, _word(document, "status", file)),
        date=str(document.get("started") or "")[:10],
        data=str(data["sha256"]) if data.get("sha256") else None,
    )


def _status(run: Path, status: str) -> str:
    """What became of a run: a process that was killed could not write that it stopped, but it holds no lock either."""
    if status != "running":
        return status
    lock = run / ".lock"
    if not lock.is_file():
        return "killed"
    return status if is_locked(lock) else "killed"


def _interval(document: Mapping[str, object], split: str, file: Path) -> tuple[float, float] | None:
    bounds = _part(document, "intervals", file).get(split)
    if bounds is None:
        return None
    if not (isinstance(bounds, list) and len(bounds) == 2 and all(map(_is_number, bounds))):
        raise _broken(file, f"intervals.{split}: expected two numbers, got {bounds!r}")
    return float(bounds[0]), float(bounds[1])


def _document(file: Path) -> Mapping[str, object]:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _broken(file, str(error)) from error
    if not isinstance(document, dict):
        raise _broken(file, f"expected an object, got {type(document).__name__}")
    return document


def _part(document: Mapping[str, object], key: str, file: Path) -> Mapping[str, object]:
    part = document.get(key) or {}
    if not isinstance(part, dict):
        raise _broken(file, f"{key}: expected an object, got {part!r}")
    return part


def _word(document: Mapping[str, object], key: str, file: Path) -> str:
    word = document.get(key)
    if not isinstance(word, str) or not word:
        raise _broken(file, f"{key}: expected a word, got {word!r}")
    return word


def _number(document: Mapping[str, object], key: str, file: Path) -> float | None:
    number = document.get(key)
    if number is not None and not _is_number(number):
        raise _broken(file, f"{key}: expected a number, got {number!r}")
    return None if number is None or not math.isfinite(number) else float(number)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _broken(file: Path, why: str) -> UsageError:
    return UsageError(f"{file} cannot be read as a run ({why})", remedy="train it again, or move the folder away")
