"""What a run tells its caller: after each photo, and at its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from packshot.batch.consistency import Consistency
from packshot.batch.orphans import Orphan
from packshot.records import Record

__all__ = ["Progress", "Summary"]


@dataclass(frozen=True, slots=True)
class Progress:
    """One input is finished.

    Attributes:
        done: inputs finished so far, this one included.
        total: inputs of the batch.
        record: its line of the manifest.
        resumed: whether an earlier run had done it already.
    """

    done: int
    total: int
    record: Record
    resumed: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a batch.

    Attributes:
        total: inputs.
        ok: finished pictures.
        review: finished pictures that a person should look at, and nobody decided on.
        failed: inputs without a picture, each with its reason in the manifest.
        resumed: of those, how many an earlier run had done already.
        seconds: the run took.
        stopped_by: number of the signal that stopped the run early, None if it went through.
        manifest: the file with one line per finished input.
        report: the HTML page for people.
        without_picture: of the finished, those of which a profile's picture could not be made.
        folders: name of each profile to the folder of its pictures, below the output folder.
        dropped: the same of profiles that have pictures there of earlier runs and that this one was not asked for.
        orphans: results in the folder whose photo is gone; ``orphans.jsonl`` lists them.
        trashed: files that were moved to the trash.
        alike: what was made alike where that was asked for.
        rejected: inputs that a person rejected.
        decided: inputs of which persons decided anything.
        waiting: inputs whose pictures were decided otherwise, and whose photo is gone: only it could make them.
        scattered: SKUs that photos of several folders share, to these folders.
        without_sku: photos of which the rule for SKUs says nothing; empty without a rule.
        not_asked: names of photos that have results of earlier runs, and that this run was not asked for.
    """

    total: int
    ok: int
    review: int
    failed: int
    resumed: int
    seconds: float
    stopped_by: int | None
    manifest: Path
    report: Path
    without_picture: int = 0
    folders: Mapping[str, str] = field(default_factory=dict)
    dropped: Mapping[str, str] = field(default_factory=dict)
    orphans: tuple[Orphan, ...] = ()
    trashed: int = 0
    alike: Consistency | None = None
    rejected: int = 0
    decided: int = 0
    waiting: tuple[str, ...] = ()
    scattered: Mapping[str, list[str]] = field(default_factory=dict)
    without_sku: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 when all went well, 3 when pictures failed or wait for their photo, 128 + signal when it was stopped."""
        if self.stopped_by is not None:
            return 128 + self.stopped_by
        return 3 if self.failed or self.without_picture or self.waiting else 0
