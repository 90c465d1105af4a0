"""What a search keeps of a training, in ``trial.json`` of its folder, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from packshot.errors import UsageError
from packshot.evaluation.leaderboard import find_runs, read_row
from packshot.storage.atomic import write_atomic

__all__ = ["Trial", "TrialRecord", "outcome"]

_FILE = "trial.json"


class TrialRecord(BaseModel):
    """``trial.json``: what was drawn for a training, and why it failed.

    Attributes:
        values: what it changes in the recipe.
        status: ``failed`` where it ended with an error; else `packshot.training.run_folder.RunRecord` says it.
        error: its words; empty where there was none.
        traceback: of it, for who looks for the cause.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    values: dict[str, object]
    status: Literal["drawn", "failed"] = "drawn"
    error: str = ""
    traceback: str = ""

    def write(self, folder: Path) -> None:
        """Write it into a training's folder, whole or not at all."""
        write_atomic(folder / _FILE, (self.model_dump_json(indent=2) + "\n").encode())

    @classmethod
    def read(cls, folder: Path) -> TrialRecord | None:
        """That of a folder, None where nothing was drawn for it yet.

        Raises:
            UsageError: it is damaged.
        """
        file = folder / _FILE
        if not file.is_file():
            return None
        try:
            return cls.model_validate_json(file.read_bytes())
        except ValidationError as error:
            raise UsageError(f"{file}: not a trial's record", remedy=f"move {folder} away, to draw it anew") from error


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a training that a search drew.

    Attributes:
        values: what it changed in the recipe.
        score: on validation, higher is better; None where it failed, or its score is no number.
    """

    values: dict[str, object]
    score: float | None


def outcome(folder: Path, record: TrialRecord) -> Trial:
    """What came of a training that is done.

    Raises:
        UsageError: its folder's record is damaged.
    """
    if record.status == "failed" or not find_runs([folder]):
        return Trial(record.values, None)
    return Trial(record.values, read_row(folder).validation)
