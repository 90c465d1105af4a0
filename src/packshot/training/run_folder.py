"""The folder of a run: what it was started with, what became of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from packshot.counting import counted
from packshot.datasets import Item
from packshot.errors import UsageError
from packshot.storage.atomic import write_atomic
from packshot.training.recipe import Recipe
from packshot.training.recipe_files import parse_recipe

__all__ = ["Data", "RunRecord", "fingerprint", "read_recipe", "read_record", "refuse_another"]


class Data(BaseModel):
    """What a run learnt from: the folder, a hash of the list of pictures, and how many were of each split."""

    model_config = ConfigDict(frozen=True)

    root: str
    sha256: str
    train: int
    validation: int
    holdout: int


class RunRecord(BaseModel):
    """``run.json``: what became of a run.

    Attributes:
        name: of the recipe.
        task: of the recipe.
        network: of the recipe.
        packshot_version: that ran it.
        started: ISO time.
        finished: ISO time, None while it runs.
        status: ``running`` also where the process was killed; ``failed`` where it ended with an error. The same
            command resumes.
        seconds: of all sittings together.
        epochs_done: whole ones.
        parameters: of the network.
        trainable: of those, how many learn.
        start: what the weights began as: ``scratch``, ``ImageNet``, or a file's name.
        input_size: (width, height) in pixels; None where each photo keeps its own.
        hardware: it ran on.
        devices: how many.
        precision: Lightning's name of it.
        data: it learnt from.
        headline: name of the score in `scores`.
        scores: split -> headline of the best weights, None without pictures.
        intervals: split -> its 95 % bootstrap interval.
        metrics: split -> name -> figure.
        baselines: what the trivial answers score on the same pictures as the last of `scores`.
        ms_per_photo: median, one photo at a time, on `hardware`.
        labels: the classes, for classification.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    task: str
    network: str
    packshot_version: str
    started: str
    finished: str | None = None
    status: Literal["running", "finished", "interrupted", "failed"] = "running"
    seconds: float = 0.0
    epochs_done: int = 0
    parameters: int
    trainable: int
    start: str = ""
    input_size: tuple[int, int] | None
    hardware: str
    devices: int
    precision: str
    data: Data
    headline: str
    scores: dict[str, float | None] = Field(default_factory=dict)
    intervals: dict[str, tuple[float, float]] = Field(default_factory=dict)
    metrics: dict[str, dict[str, float]] = Field(default_factory=dict)
    baselines: dict[str, float] = Field(default_factory=dict)
    ms_per_photo: float | None = None
    labels: tuple[str, ...] = ()

    def words(self, run: Path, *, data: str) -> str:
        """For a person: how good the best weights are, and what to do next; how far it is, where it is not finished.

        Args:
            run: the folder.
            data: where the pictures are.
        """
        if self.status != "finished":
            return f"{run}: interrupted after {counted(self.epochs_done, 'whole epoch')}; repeat the command to go on"
        lines = [
            f"{run}: finished, {counted(self.epochs_done, 'epoch')}, {self.seconds:.0f} s on {self.hardware}",
            f"  began with {self.start or 'unknown weights'}",
        ]
        for split, score in self.scores.items():
            if score is not None:
                low, high = self.intervals.get(split, (None, None))
                interval = "" if low is None else f" (95 % {low:.4f} to {high:.4f})"
                lines.append(f"  {split:10} {self.headline} {score:.4f}{interval}")
        for name, value in self.baselines.items():
            lines.append(f"  baseline   {name.replace('_', ' ')} {value:.4f}")
        lines.append("to go on: repeat with --set epochs=MORE; to try something else: another folder with -o")
        if self.epochs_done:
            lines.append(f"next: packshot export {run} -o model.onnx --data {data}")
        return "\n".join(lines)

    def write(self, run: Path) -> None:
        """Write ``run.json``, whole or not at all."""
        text = json.dumps(self.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n"
        write_atomic(run / "run.json", text.encode())


def read_record(run: Path) -> RunRecord | None:
    """The record of a run folder, None if there is none yet.

    Raises:
        UsageError: it is not one of ours.
    """
    file = run / "run.json"
    if not file.is_file():
        return None
    try:
        return RunRecord.model_validate_json(file.read_bytes())
    except ValidationError as error:
        raise UsageError(f"{file}: not a run's record", remedy="choose another folder with -o") from error


def read_recipe(run: Path) -> Recipe:
    """The recipe a run was started with.

    Raises:
        UsageError: there is none, or it is of another version of packshot.
    """
    file = run / "recipe.json"
    try:
        values: dict[str, object] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{run}: no readable recipe.json there", remedy="name a folder `packshot train -o` wrote"
        ) from error
    return parse_recipe(values, name=str(file))


def refuse_another(run: Path, recipe: Recipe, data: Data) -> None:
    """Refuse to go on in a folder that another recipe or other pictures began.

    More epochs, another number of workers or another precision may go on.

    Raises:
        UsageError: what differs, and both values.
    """
    file = run / "recipe.json"
    if not file.is_file():
        return
    try:
        before: dict[str, object] = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UsageError(f"{file}: not readable", remedy="choose another folder with -o") from error
    now = json.loads(recipe.model_dump_json())
    remedy = "choose another folder with -o, or repeat the command that began it"
    other = [key for key in recipe.ARCHITECTURE if before.get(key, now.get(key)) != now.get(key)]
    if before.get("task") != now["task"] or other:
        changed = ", ".join(f"{key} {before.get(key)} there, {now.get(key)} asked for" for key in other or ["task"])
        raise UsageError(f"{run} holds a checkpoint of another architecture ({changed})", remedy=remedy)
    differs = [key for key in now if key in before and key not in recipe.FREE and before[key] != now[key]]
    if differs:
        changed = ", ".join(f"{key} {before[key]!r} there, {now[key]!r} asked for" for key in differs)
        raise UsageError(f"{run} was begun with other settings ({changed})", remedy=remedy)
    record = read_record(run)
    if record is not None and record.data.sha256 != data.sha256:
        raise UsageError(
            f"{run} was begun with other pictures or splits ({record.data.train} + {record.data.validation} + "
            f"{record.data.holdout} there, {data.train} + {data.validation} + {data.holdout} now)",
            remedy="choose another folder with -o: a picture held back before might be learnt from now",
        )


def fingerprint(items: Sequence[Item], root: Path) -> str:
    """SHA-256 over the list of pictures: place under `root`, size in bytes, split, label; not over their pixels."""
    lines = sorted(
        "\t".join(
            [_relative(item.photo, root), str(_bytes(item.photo)), str(_bytes(item.mask)), item.split, item.label or ""]
        )
        for item in items
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def _bytes(path: Path | None) -> int:
    return path.stat().st_size if path is not None and path.is_file() else 0
