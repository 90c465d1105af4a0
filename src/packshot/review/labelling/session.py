"""One sitting: which photos are shown, what is decided, and the manifest that follows every decision."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from packshot.datasets import Item, Split
from packshot.datasets.manifest import manifest_text, name_in
from packshot.decisions.decision import Decision, FrameShown, Kind, Seen
from packshot.decisions.log import DecisionLog
from packshot.errors import UnreadablePhoto, UsageError
from packshot.limits import Limits
from packshot.photo import decode, encode
from packshot.resizing import downscaled
from packshot.review.labelling.proposal import Proposal, Refiner, Skipped
from packshot.review.labelling.proposals import by_uncertainty
from packshot.storage.atomic import write_atomic
from packshot.values import Box, Photo

__all__ = ["Session", "ShownPhoto"]

_LARGEST = 4096  # pixels of a side: a browser shows no more, and few photos have more


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    """A photo of the sitting and the decision that stands on it.

    Attributes:
        index: its place in the sitting, from 0.
        proposal: of the detector.
        decision: of a person; None while nobody decided.
    """

    index: int
    proposal: Proposal
    decision: Decision | None

    @property
    def frame(self) -> FrameShown | None:
        """What was decided; None while nobody decided."""
        return None if self.decision is None else self.decision.frame

    def row(self, table: Path) -> dict[str, object]:
        """A decided photo of the manifest `table`, as JSON has it."""
        assert self.frame is not None  # noqa: S101 - the caller asks for photos that are decided
        return {
            "source": str(table.parent / self.proposal.photo),
            "framed": self.frame.framed,
            "inner_box": self.frame.box,
            "proposed": self.proposal.framed,
            "score": self.proposal.score,
            "model": self.proposal.model,
        }


class Session:
    """Photos in their order, decisions in a log, the manifest kept up to date. Safe to call from several threads.

    Args:
        table: the manifest to write; only what an earlier sitting wrote is replaced.
        log: of the decisions; the caller holds it locked.
        by: who decides.
        proposals: of all photos that could be read.
        skipped: photos that could not; what was decided of them is left out of the manifest.
        refine: how a rough box is snapped to the frame's edge; without it that is not offered.
        limit: show only so many photos that are not decided yet.
        limits: of the decoder.

    Attributes:
        photos: what is shown, the least certain first; of those of equal uncertainty, by name.
        finished: set when the person says that this is all.

    Raises:
        UsageError: somebody else wrote the table.
        OutputError: the table could not be written.
    """

    def __init__(
        self,
        table: Path,
        *,
        log: DecisionLog,
        by: str,
        proposals: Sequence[Proposal],
        skipped: Sequence[Skipped] = (),
        refine: Refiner | None = None,
        limit: int | None = None,
        limits: Limits,
    ) -> None:
        self.table = table
        self.skipped = tuple(skipped)
        self.finished = threading.Event()
        self.refines = refine is not None
        self._log, self._by = log, by
        self._folder = table.resolve().parent
        self._refine = refine
        self._limits = limits
        self._lock = threading.Lock()
        self._ended = False
        self._sha256 = {proposal.photo: proposal.sha256 for proposal in proposals}
        self._unreadable = {name_in(self._folder, Path(one.source)) for one in skipped}
        ordered = by_uncertainty(proposals)
        standing = self._standing()
        waiting = [one.photo for one in ordered if self._last(one.photo, standing) is None]
        later = set(waiting if limit is None else waiting[limit:]) - set(waiting[:limit])
        self.photos = tuple(one for one in ordered if one.photo not in later)
        self._decoded = lru_cache(maxsize=2)(self._decode)
        self._require_own_table()
        if log.made:
            self._write_table()

    def seen(self, index: int) -> ShownPhoto:
        """A photo and the decision that stands on it.

        Raises:
            UsageError: there is no such photo.
        """
        proposal = self._photo(index)
        return ShownPhoto(index, proposal, self._last(proposal.photo, self._standing()))

    def all_seen(self) -> list[ShownPhoto]:
        """Every photo of the sitting, in its order."""
        standing = self._standing()
        return [ShownPhoto(i, shown, self._last(shown.photo, standing)) for i, shown in enumerate(self.photos)]

    def decide(self, index: int, *, framed: bool, box: Box | None) -> ShownPhoto:
        """Decide a photo; it is on the disk when this returns.

        Args:
            index: of the photo.
            framed: whether it is framed.
            box: the picture inside the frame; needed if it is framed, of no meaning else.

        Raises:
            UsageError: no such photo; or framed, and the box is missing, reaches out or leaves no room for a frame.
            OutputError: it could not be written.
        """
        proposal = self._photo(index)
        if framed:
            _require_inside(box, proposal)
        with self._lock:
            self._require_running()
            frame = FrameShown(framed=framed, box=box.as_tuple() if framed and box else None)
            # What was proposed is not part of what was seen: a decision is about the photo, whatever model proposes.
            seen = Seen(photo=proposal.sha256)
            self._log.decide(Kind.FRAME, proposal.photo, by=self._by, seen=seen, frame=frame)
            self._write_table()
        return self.seen(index)

    def undo(self, index: int | None = None) -> ShownPhoto | None:
        """Take back the last decision of a photo, or of all photos of the sitting.

        Args:
            index: of the photo; None for the decision that was made last.

        Returns:
            The photo; None if there was nothing to take back.

        Raises:
            UsageError: there is no such photo.
            OutputError: it could not be written.
        """
        with self._lock:
            self._require_running()
            among = range(len(self.photos)) if index is None else [index]
            standing = self._standing()
            decided = [(d.number, i, d) for i in among if (d := self._last(self._photo(i).photo, standing))]
            if not decided:
                return None
            _, place, decision = max(decided, key=lambda one: one[0])
            self._log.undo(decision, by=self._by)
            self._write_table()
        return self.seen(place)

    def snap(self, index: int, box: Box) -> Box:
        """The box, each side moved to where the frame really ends.

        Raises:
            UsageError: no such photo, the box reaches out of it, or snapping is not offered.
            PhotoError: the photo cannot be read any more.
        """
        if self._refine is None:
            raise UsageError("snapping is not offered", remedy="move the sides by hand")
        proposal = self._photo(index)
        if box.x1 > proposal.size[0] or box.y1 > proposal.size[1]:
            raise UsageError(f"{proposal.photo}: the box reaches out of the photo", remedy="draw it inside")
        return self._refine(self._decoded(index).rgb, box)

    def picture(self, index: int) -> bytes:
        """A photo as a browser shows it: upright sRGB JPEG of at most 4096 pixels a side.

        Raises:
            UsageError: there is no such photo.
            PhotoError: it cannot be read any more, or is another one now.
        """
        return encode(downscaled(self._decoded(index).rgb, _LARGEST), format="JPEG").data

    def end(self) -> None:
        """Wait for what is being written, and take no more decisions."""
        with self._lock:
            self._ended = True

    def path(self, proposal: Proposal) -> Path:
        """Where a photo lies."""
        return self._folder / proposal.photo

    def _require_running(self) -> None:
        if self._ended:
            raise UsageError("packshot has ended", remedy="start the command again; all that was decided is kept")

    def _photo(self, index: int) -> Proposal:
        if not 0 <= index < len(self.photos):
            raise UsageError(f"there is no photo {index}", remedy="load the page anew")
        return self.photos[index]

    def _standing(self) -> dict[str, list[Decision]]:
        return {name: [one for one in made if one.frame] for name, made in self._log.by_source().items()}

    def _last(self, photo: str, standing: Mapping[str, Sequence[Decision]]) -> Decision | None:
        """The last decision on a photo that stands; not one on another content of the same name."""
        sha256 = self._sha256.get(photo)
        decisions = standing.get(photo, ())
        return next((one for one in reversed(decisions) if sha256 in (None, one.seen.photo)), None)

    def _decode(self, index: int) -> Photo:
        proposal = self._photo(index)
        photo = decode(self.path(proposal), name=proposal.photo, limits=self._limits)
        if photo.sha256 != proposal.sha256:
            raise UnreadablePhoto(f"{proposal.photo} was changed meanwhile", remedy="start the command again")
        return photo

    def _items(self) -> list[Item]:
        """What the manifest holds: also photos of earlier sittings, as long as they are there."""
        items = []
        standing = self._standing()
        for photo in sorted(standing):
            decision, path = self._last(photo, standing), self._folder / photo
            shown = photo in self._sha256 or (photo not in self._unreadable and path.is_file())
            if decision and shown:
                items.append(_item(path, decision))
        return items

    def _write_table(self) -> None:
        write_atomic(self.table, manifest_text(self.table, self._items(), splits=False).encode())

    def _require_own_table(self) -> None:
        """Refuse a table with a line that no decision of the log gives: it is somebody's work."""
        if not self.table.exists():
            return
        own = {""}
        for decision in filter(lambda one: one.frame, self._log.made.values()):
            item = _item(self._folder / decision.source, decision)
            own |= set(manifest_text(self.table, [item], splits=False).splitlines())
        own |= {line + "," for line in own}  # a line without a box, in a table with boxes
        try:
            lines = self.table.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            lines = ["not ours"]
        if foreign := [line for line in lines if line not in own]:
            raise UsageError(
                f"{self.table} holds what was not decided here, first {foreign[0][:80]!r}",
                remedy="move it away, or name another file with -o",
            )


def _item(path: Path, decision: Decision) -> Item:
    frame = decision.frame
    assert frame is not None  # noqa: S101 - a table is made of decisions on frames
    return Item("", Split.TRAIN, path, label=frame.label, box=frame.inner_box)


def _require_inside(box: Box | None, proposal: Proposal) -> None:
    width, height = proposal.size
    if box is None or box.x1 > width or box.y1 > height:
        raise UsageError(
            f"{proposal.photo}: a framed photo needs a box inside its {width} x {height} pixels", remedy="draw it"
        )
    if box.size == (width, height):
        raise UsageError(
            f"{proposal.photo}: the box is the whole photo, which leaves no room for a frame",
            remedy="move a side to where the frame ends, or say that there is none",
        )
