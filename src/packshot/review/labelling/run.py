"""The whole way: lock, detector, page, and what was decided when it ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from packshot.batch.sources import Source
from packshot.counting import counted
from packshot.decisions.log import DecisionLog, require_name
from packshot.errors import UsageError
from packshot.limits import Limits
from packshot.review.labelling.lock import table_lock
from packshot.review.labelling.proposal import Detector, Refiner, Skipped
from packshot.review.labelling.proposal_cache import ProposalCache
from packshot.review.labelling.proposals import propose
from packshot.review.labelling.server import serving
from packshot.review.labelling.session import Session, ShownPhoto

__all__ = ["Labelled", "Opened", "label_frames"]


@dataclass(frozen=True, slots=True)
class Opened:
    """The page is ready.

    Attributes:
        address: of the page, with its secret token; works on this computer alone.
        photos: how many are shown.
        waiting: how many of them are not decided yet.
        skipped: photos that could not be read, each with its reason.
    """

    address: str
    photos: int
    waiting: int
    skipped: tuple[Skipped, ...]

    def words(self) -> str:
        """For a person."""
        lines = [f"skipped: {one.error}" for one in self.skipped]
        wait = "waits" if self.waiting == 1 else "wait"
        lines.append(f"{self.waiting:,} of {counted(self.photos, 'photo')} {wait} for a decision at\n  {self.address}")
        return "\n".join([*lines, "Ctrl-C ends; everything decided is kept"])


@dataclass(frozen=True, slots=True)
class Labelled:
    """What a sitting left behind.

    Attributes:
        seen: every photo that was shown, the least certain first.
        decided_now: how many of them were decided in this sitting, undone ones not counted.
        skipped: photos that could not be read.
        complete: whether the detector came to the end; False if it was stopped before.
    """

    seen: tuple[ShownPhoto, ...]
    decided_now: int
    skipped: tuple[Skipped, ...]
    complete: bool = True

    @property
    def decided(self) -> list[ShownPhoto]:
        """The photos that are decided, now or earlier."""
        return [one for one in self.seen if one.frame]

    def words(self) -> str:
        """For a person."""
        # Those of a page were told when it opened.
        skipped = "" if self.seen else "".join(f"skipped: {one.error}\n" for one in self.skipped)
        decided = self.decided
        framed = sum(one.frame is not None and one.frame.framed for one in decided)
        return (
            f"{skipped}{self.decided_now:,} decided now; {len(decided):,} of {counted(len(self.seen), 'photo')} "
            f"{'is' if len(decided) == 1 else 'are'} decided, "
            f"{framed} framed and {len(decided) - framed} unframed"
        )


def label_frames(
    sources: Sequence[Source],
    table: Path,
    *,
    detect: Detector,
    model: str,
    by: str,
    refine: Refiner | None = None,
    limit: int | None = None,
    port: int = 0,
    limits: Limits | None = None,
    stop: Callable[[], bool] = lambda: False,
    progress: Callable[[], None] = lambda: None,
    opened: Callable[[Opened], None] = lambda _: None,
) -> Labelled:
    """Let a person decide which photos are framed, and write a manifest `packshot.datasets.open_items` takes.

    Beside `table` lie the log of its decisions (``.journal``), which resumes an interrupted sitting, the detector's
    proposals (``.proposals``, made again if they are lost), and a lock (``.lock``).

    Args:
        sources: photos; nothing is written into their folders.
        table: the manifest.
        detect: proposes; called from several threads.
        model: its name, another one for every change of what it answers: unchanged proposals are kept between runs.
        by: who decides.
        refine: snaps a rough box to the frame's edge; without it that is not offered.
        limit: show only so many undecided photos, the least certain.
        port: of the page on 127.0.0.1; 0 takes a free one.
        limits: of the decoder.
        stop: asked often; True ends the sitting.
        progress: called after each photo the detector looked at.
        opened: called once, when the page is ready.

    Returns:
        What was shown and decided, when `stop` or the person ended it.

    Raises:
        UsageError: the table would lie among the photos, or holds somebody else's work; the log is damaged; nobody was
            named; the port is taken.
        OutputError: another run holds the table, or something could not be written.
    """
    limits, by = limits or Limits(), require_name(by)
    _require_own_place(table, sources)
    folder = table.resolve().parent
    with table_lock(table).hold(), ProposalCache(_beside(table, ".proposals")) as cache:
        log = DecisionLog(_beside(table, ".journal"))
        before = set(log.made)
        proposals, skipped = propose(
            sources,
            cache=cache,
            folder=folder,
            detect=detect,
            model=model,
            limits=limits,
            stop=stop,
            progress=progress,
        )
        if stop():
            return Labelled((), 0, tuple(skipped), complete=False)
        session = Session(
            table,
            log=log,
            by=by,
            proposals=proposals,
            skipped=skipped,
            refine=refine,
            limit=limit,
            limits=limits,
        )
        if session.photos:
            with serving(session, port=port) as address:
                waiting = sum(one.decision is None for one in session.all_seen())
                opened(Opened(address, len(session.photos), waiting, session.skipped))
                while not (stop() or session.finished.wait(0.2)):
                    pass
        session.end()
        seen = tuple(session.all_seen())
        now = sum(one.decision is not None and one.decision.number not in before for one in seen)
        return Labelled(seen, now, session.skipped)


def _beside(table: Path, suffix: str) -> Path:
    return table.with_name(table.name + suffix)


def _require_own_place(table: Path, sources: Sequence[Source]) -> None:
    if table.is_dir():
        raise UsageError(f"{table} is a folder", remedy="name a file, such as labels.csv")
    folder = table.resolve().parent
    # The folder that a link to a photo lies in, not the one that it leads to: nobody sorted photos there.
    for place in {Path(source.path).parent.resolve() for source in sources}:
        if folder.is_relative_to(place):
            raise UsageError(
                f"{table} would lie among the photos of {place}, where nothing is written",
                remedy="name a file outside of it with -o",
            )
