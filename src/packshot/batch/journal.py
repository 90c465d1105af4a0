"""What is already done in an output folder: one appended line per finished input.

The journal is the memory between runs, the manifest its tidy excerpt. It is only ever appended to while a run
lasts, so a killed run loses at most the line it was writing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from packshot.closing import Closing
from packshot.errors import OutputError
from packshot.records import PackshotRecord, Record, read_record
from packshot.storage.lock import STATE_FOLDER
from packshot.storage.log import AppendOnlyLog
from packshot.values import Status

__all__ = ["Brief", "Entry", "Journal", "Made"]


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of one input for one profile.

    Attributes:
        key: of the cut-out and of how it was composed and measured (`packshot.batch.resume.picture_key`).
        record: what the manifest says of it.
        outputs: path below the output folder to SHA-256, of the picture and its thumbnail.
        placement: among the pictures of its group, in words that tell it from any other; None: it stands alone.
    """

    key: str
    record: PackshotRecord
    outputs: dict[str, str] = field(default_factory=dict)
    placement: str | None = None

    def row(self) -> dict[str, object]:
        """Plain JSON values."""
        row: dict[str, object] = {
            "key": self.key,
            "record": self.record.model_dump(mode="json"),
            "outputs": self.outputs,
        }
        return row if self.placement is None else {**row, "placement": self.placement}

    @classmethod
    def of_row(cls, row: dict[str, Any]) -> Self:
        """What a line of the journal says.

        Raises:
            KeyError, TypeError, ValueError: it is something else.
        """
        return cls(**{**row, "record": PackshotRecord.model_validate(row["record"])})


@dataclass(frozen=True, slots=True)
class Entry:
    """One finished input.

    Attributes:
        stem: where its results lie: the relative path without folder and suffix.
        path: absolute path of the input.
        key: of the input's content and what was made of it once (`packshot.batch.resume.resume_key`); None is
            never taken as done.
        size: of the input, in bytes; None if it could not be read.
        record: its line of the manifest.
        outputs: path below the output folder to SHA-256, of every file written once: mask, cut-out, ...
        packshots: name of a profile to what was made for it, also of profiles that the last run was not asked for.
    """

    stem: str
    path: str
    key: str | None
    size: int | None
    record: Record
    outputs: dict[str, str] = field(default_factory=dict)
    packshots: dict[str, Made] = field(default_factory=dict)

    @property
    def files(self) -> dict[str, str]:
        """Path below the output folder to SHA-256, of every file written."""
        return self.outputs | {file: sha for made in self.packshots.values() for file, sha in made.outputs.items()}

    def row(self) -> dict[str, object]:
        """The entry as plain JSON values."""
        row = {each.name: getattr(self, each.name) for each in fields(self)}
        packshots = {name: made.row() for name, made in self.packshots.items()}
        return {**row, "record": self.record.row(), "packshots": packshots}

    @classmethod
    def of_row(cls, row: dict[str, Any]) -> Self:
        """The entry of a line, also of earlier versions.

        Raises:
            UsageError: a newer packshot wrote it.
            ValueError: it is no entry.
        """
        try:
            packshots = {name: Made.of_row(each) for name, each in row.get("packshots", {}).items()}
            return cls(**{**row, "record": read_record(row["record"]), "packshots": packshots})
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"no entry of a journal ({error})") from error


@dataclass(frozen=True, slots=True)
class Brief:
    """What is asked of every entry before anything is done: enough to leave the whole of most of them on the disk.

    Attributes:
        path: of the input.
        sha256: of the input's bytes; None where they could not be read.
        corrected: key of the correction its pictures were made with (`packshot.decisions.Correction.key`).
        failed: whether there is no picture.
        writes: whether files were written.
        placed: whether a picture stands among those of its group.
    """

    path: str
    sha256: str | None
    corrected: str | None
    failed: bool
    writes: bool
    placed: bool

    @classmethod
    def of_record(cls, record: Record, *, path: str = "") -> Self:
        """What a photo's line of the manifest says, of a run without a journal; no picture is placed there.

        Args:
            record: the line, as the run made it.
            path: of the input.
        """
        key = None if record.corrected is None else record.corrected.key
        failed = record.status is Status.FAILED
        return cls(path, record.sha256, key, failed, writes=not failed, placed=False)

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Self:
        """What a line of the journal says; nothing in it is checked but the path.

        Raises:
            AttributeError, KeyError, TypeError: it is something else.
        """
        record, pictures = row["record"], row.get("packshots", {}).values()
        return cls(
            path=row["path"],
            sha256=record.get("sha256"),
            corrected=(record.get("corrected") or {}).get("key"),
            failed=record["status"] == Status.FAILED,
            writes=bool(row.get("outputs")) or any(made["outputs"] for made in pictures),
            placed=any(made.get("placement") is not None for made in pictures),
        )


class Journal(Closing):
    """Entries on disk, found by stem; memory holds only where each line starts, and its `Brief`.

    Args:
        out: the output folder, which the caller holds locked.

    Raises:
        OutputError: it cannot be opened or written.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        self._log = AppendOnlyLog(out / STATE_FOLDER / "journal.jsonl")
        self._places: dict[str, int] = {}
        self._briefs: dict[str, Brief] = {}
        self._index()

    def close(self) -> None:
        """Let go of the file."""
        self._log.close()

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[str]:
        """The stems, in their order."""
        return iter(sorted(self._places))

    def __contains__(self, stem: str) -> bool:
        """Whether anything is known of a stem."""
        return stem in self._places

    def _index(self) -> None:
        for place, line in self._log:
            try:
                row = json.loads(line)
                stem, brief = row["stem"], Brief.of_row(row)
            except (ValueError, AttributeError, KeyError, TypeError):
                continue
            self._places[stem], self._briefs[stem] = place, brief

    def brief(self, stem: str) -> Brief | None:
        """What the last entry of a stem says in short, or None; reads nothing."""
        return self._briefs.get(stem)

    def get(self, stem: str) -> Entry | None:
        """The last entry of a stem, or None.

        Raises:
            UsageError: a newer packshot wrote it.
            OutputError: the journal is not there any more.
        """
        place = self._places.get(stem)
        if place is None:
            return None
        try:
            return Entry.of_row(json.loads(self._log.read(place)))
        except OSError as error:
            raise OutputError(
                f"{self._out} was deleted or changed while the run lasted ({error.strerror or error})",
                remedy="repeat the command: what is still there is not done again",
            ) from error
        except ValueError:
            return None  # damaged: the input is done again

    def append(self, entry: Entry) -> None:
        """Remember a finished input; it is known to later runs even if this one is killed right after.

        Raises:
            OutputError: it could not be written.
        """
        row = entry.row()
        self._places[entry.stem] = self._log.append(row, sync=False)
        self._briefs[entry.stem] = Brief.of_row(row)

    def forget(self, stem: str) -> None:
        """Leave a stem out from now on; it is gone for good with `compact`."""
        self._places.pop(stem, None)
        self._briefs.pop(stem, None)

    def compact(self, first: Iterable[str]) -> None:
        """Rewrite the journal without superseded lines: `first` in their order, then all other stems.

        Raises:
            OutputError: it could not be written; the old journal stays.
        """
        self._log.rewrite(self._rows(dict.fromkeys([*first, *sorted(self._places)])))
        self._places.clear()
        self._briefs.clear()
        self._index()

    def _rows(self, stems: Iterable[str]) -> Iterator[dict[str, object]]:
        return (entry.row() for stem in stems if (entry := self.get(stem)) is not None)
