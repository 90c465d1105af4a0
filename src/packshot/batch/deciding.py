"""What persons decided of photos, for a run: what it makes otherwise, and how its lines of the manifest are settled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from packshot.batch.journal import Brief, Entry, Journal
from packshot.decisions import Correction, DecisionFolder, DecisionLog, correction, settled
from packshot.records import CorrectedRecord, Record
from packshot.values import ReviewReason, Status

if TYPE_CHECKING:
    from packshot.batch.task import Task
    from packshot.cutout import MaskRequest
    from packshot.frame.stage import KnownFrame

__all__ = ["NOTHING", "Corrections", "Decided", "found_before", "frame_of", "mask_of", "outdated", "unmade"]

_UNMADE = "the picture is not the one that was decided: the photo is gone, and only it could make that one"

#: A photo of which nothing is corrected.
NOTHING = Correction()


@dataclass(frozen=True, slots=True)
class Corrections:
    """What is made otherwise than it was found; survives pickling, for each worker has one.

    Attributes:
        by_content: SHA-256 of a photo's file to what is corrected, of those photos of which anything is.
    """

    by_content: Mapping[str, Correction] = field(default_factory=dict)

    def of(self, sha256: str | None) -> Correction:
        """What is corrected of a photo."""
        return self.by_content.get(sha256 or "", NOTHING)


class Decided:
    """The decisions of an output folder, as they were read last.

    Args:
        out: the output folder.

    Raises:
        UsageError: the log is damaged.
    """

    def __init__(self, out: Path) -> None:
        self._log = DecisionLog(DecisionFolder(out).journal)
        self._said = self._log.by_content()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever decided, not even what was taken back."""
        return not self._log.made

    def refresh(self) -> None:
        """Read what was decided meanwhile.

        Raises:
            UsageError: the log is damaged.
        """
        self._log.refresh()
        self._said = self._log.by_content()

    def corrections(self) -> Corrections:
        """What they change about pictures."""
        found = {sha256: correction(decisions) for sha256, decisions in self._said.items()}
        return Corrections({sha256: one for sha256, one in found.items() if one.key is not None})

    def settle(self, entry: Entry) -> Record:
        """A photo's line of the manifest with what was decided of it."""
        return self.settled(entry.record, entry.files)

    def settled(self, record: Record, files: Mapping[str, str]) -> Record:
        """A photo's line as a run made it, with what was decided of it.

        Args:
            record: the line.
            files: path below the output folder to SHA-256, of the photo's files.
        """
        return settled(record, self._said.get(record.sha256 or "", ()), files)

    def waiting(self, stems: Iterable[str], journal: Journal) -> frozenset[str]:
        """Those of some inputs whose photos are gone whose pictures are not what was decided."""
        briefs = ((stem, journal.brief(stem)) for stem in stems)
        return frozenset(stem for stem, made in briefs if made is not None and self.outdates(made, retry=True))

    def outdates(self, made: Brief, *, retry: bool = False) -> bool:
        """Whether the pictures of a photo are other ones than was decided; with `retry` also where they failed."""
        if retry and made.corrected is not None and made.failed:
            return True
        return correction(self._said.get(made.sha256 or "", ())).key != made.corrected


def unmade(record: Record) -> Record:
    """A photo's line where its picture is not the one that was decided, and cannot be made: it is to look at."""
    if record.status is Status.REJECTED:
        return record
    review = tuple(dict.fromkeys((ReviewReason.PICTURE.value, *record.review)))
    advice = tuple(dict.fromkeys((*record.advice, _UNMADE)))
    return record.model_copy(update={"status": Status.REVIEW, "review": review, "advice": advice})


def outdated(tasks: Iterable[Task], journal: Journal, decided: Decided, *, retry: bool = False) -> list[Task]:
    """Those of some inputs that are done, but whose pictures are not what was decided; see `Decided.outdates`."""
    briefs = ((task, journal.brief(task.stem)) for task in tasks)
    return [task for task, made in briefs if made is not None and decided.outdates(made, retry=retry)]


def mask_of(
    wanted: Correction, out: Path, *, found: str | None = None, shadow: str | None = None
) -> MaskRequest | None:
    """What is asked of a photo's mask.

    Args:
        wanted: the correction.
        out: the output folder, which keeps masks and strokes.
        found: the mask file that would be found again, below `out`; None to look for it.
        shadow: the file of the photographed shadow that was found with it; None: there was none.
    """
    if wanted.mask is None and wanted.subject is None:
        return None
    from packshot.cutout import MaskRequest  # noqa: PLC0415  # heavy, and only workers need it

    folder, mask, subject = DecisionFolder(out), wanted.mask, wanted.subject
    return MaskRequest(
        drawn=None if mask is None or mask.drawn is None else folder.mask(mask.drawn),
        strokes=None if mask is None or mask.strokes is None else folder.strokes(mask.strokes),
        subject=None if subject is None else subject.subject,
        several=None if subject is None else subject.several,
        found=None if found is None or mask is None else out / found,
        found_shadow=None if shadow is None or mask is None else out / shadow,
    )


def frame_of(wanted: Correction) -> KnownFrame | None:
    """What a person said of the frame around a photo."""
    if wanted.frame is None:
        return None
    from packshot.frame.stage import KnownFrame  # noqa: PLC0415  # heavy, and only workers need it

    return KnownFrame(wanted.frame.inner_box)


def found_before(record: Record) -> tuple[str | None, str | None]:
    """The mask file of an earlier result as it was found, without a person's mask, and what it was found with."""
    corrected: CorrectedRecord | None = record.corrected
    if corrected is None:
        return record.mask, None
    return (record.mask if corrected.mask is None else corrected.found), corrected.found_with
