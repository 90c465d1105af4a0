"""Photos before a reviewer: which come first, what is decided, and by whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from packshot.errors import UsageError
from packshot.limits import Limits
from packshot.records import Record
from packshot.review.cases import Case, State
from packshot.review.decision import CategoryPath, Decision, FrameShown, Kind, Seen
from packshot.review.log import DecisionLog, file_stamp, require_name
from packshot.review.pictures import keep_mask, mask_of, photo_of, png_of
from packshot.review.priority import doubts
from packshot.review.records import Records, seen_of
from packshot.review.verdict import verdict
from packshot.storage.lock import lock_folder
from packshot.values import Alpha, Box, Photo

__all__ = ["Review"]

_FOLDER = "review"
_WAIT_S = 10.0  # for another reviewer, who holds the folder for milliseconds


class Review:
    """The results of a run, and what persons decided of them.

    Decisions lie in ``OUT/review``; nothing else is written. Reading takes no lock. A decision holds the output folder
    while it is written: reviewers wait for each other, and for a run, up to ten seconds.

    Every method takes ``source``, a photo as the manifest names it, or the end of that path, and raises `UsageError` if
    there is none or several, or if the photo could not be read. A decision takes ``by``, who decides, and may be given
    the ``token`` of the `Seen` that was looked at: if something else is there by now, it raises `UsageError`. It is on
    the disk when the method returns; if it cannot be written, or another process holds the folder, it raises
    `OutputError` and does not count.

    Args:
        manifest: ``OUT/manifest.jsonl``; read again when it has changed.
        root: what sources that are not absolute are relative to: where `packshot run` was typed.
        review_above: uncertainty above which the run sent a mask to review (`Settings.review_above`).
        prices: source, or its end, to what the photo is worth to the shop; 1 for others.
        limits: of the decoder.

    Attributes:
        records: the manifest, as it was read last.
        decisions: the log, as it was read last.
        unknown_prices: keys of `prices` that name no photo, or several.

    Raises:
        UsageError: there is no manifest, or it or the log is damaged.
    """

    def __init__(
        self,
        manifest: Path,
        *,
        root: Path = Path(),
        review_above: float = 0.06,
        prices: Mapping[str, float] | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.root, self.limits = root, limits or Limits()
        self._manifest = manifest
        self._out = manifest.parent
        self._review_above = review_above
        self._manifest_stamp: tuple[int, int] | None = None
        self.decisions = DecisionLog(self._out / _FOLDER / "journal.jsonl")
        self._refresh()
        self._prices: dict[str, float] = {}
        self.unknown_prices: list[str] = []
        for name, price in (prices or {}).items():
            found = self.records.named(name)
            if len(found) == 1:
                self._prices[found[0]] = price
            else:
                self.unknown_prices.append(name)

    @property
    def out(self) -> Path:
        """The output folder of the run."""
        return self._out

    @property
    def kept_masks(self) -> Path:
        """The folder of the masks that persons approved or corrected, each named by its SHA-256; no run touches it."""
        return self._out / _FOLDER / "masks"

    def cases(self) -> list[Case]:
        """Every photo of the manifest that can be decided on, the most valuable first, then by name."""
        said, names = self.decisions.by_content(), frozenset(self.decisions.by_source())
        found = [self._case(record, said, names) for record in self.records]
        return sorted(found, key=lambda case: (-case.value, case.source))

    def queue(self) -> list[Case]:
        """The cases nobody decided, or whose decision is outdated; the most valuable first."""
        return [case for case in self.cases() if case.state is not State.DECIDED]

    def case(self, source: str) -> Case:
        """One photo."""
        return self._case(self.records.one(source), self.decisions.by_content(), frozenset(self.decisions.by_source()))

    def seen(self, source: str) -> Seen:
        """What lies before a reviewer of that photo now."""
        return seen_of(self.records.one(source), self._out)

    def history(self, source: str) -> list[Decision]:
        """Every decision on that photo and on what lay in its place before, also those taken back."""
        record = self.records.one(source)
        made = self.decisions.made.values()
        return [d for d in made if d.seen.photo == record.sha256 or d.source == record.source]

    def photo(self, source: str) -> Photo:
        """The photo, upright.

        Raises:
            PhotoError: it is not there any more, or is another one now.
        """
        return photo_of(self.records.one(source), self.root, self.limits)

    def mask(self, source: str) -> Alpha | None:
        """The mask the run made, in the photo's own pixels: float32 (h, w), 0..1; None without one.

        Raises:
            PhotoError: photo or mask cannot be read.
        """
        return mask_of(self.records.one(source), self._out, self.photo(source), self.limits)

    def approve(self, source: str, *, by: str, token: str | None = None) -> Decision:
        """All that is shown is right: mask, category, and the frame as it was cut off or found missing.

        Raises:
            UsageError: the photo has no mask.
        """

        def keep(record: Record, seen: Seen) -> dict[str, Any]:
            if seen.mask is None or record.mask is None:
                raise UsageError(
                    f"{record.source} has no mask to approve",
                    remedy="correct it by strokes with a box, reject it, or repeat `packshot run` if its mask was lost",
                )
            if keep_mask(self.kept_masks, (self._out / record.mask).read_bytes()) != seen.mask:
                raise UsageError(f"{record.source}: its mask is being written", remedy="look at it again")
            return {}

        return self._decide(Kind.APPROVE, source, by, token, keep)

    def correct_category(self, source: str, category: CategoryPath, *, by: str, token: str | None = None) -> Decision:
        """The category is this one, given as the way to it from a taxonomy's root; the caller sees that it exists."""
        return self._decide(Kind.CATEGORY, source, by, token, lambda *_: {"category": category})

    def correct_mask(self, source: str, alpha: Alpha, *, by: str, token: str | None = None) -> Decision:
        """The mask is this one: float32 (h, w), 0..1, in the photo's own pixels, also where a frame was cut off.

        Raises:
            UsageError: it has another size than the photo.
            PhotoError: the photo is not there any more, or is another one now.
        """
        photo = self.photo(source)
        if alpha.shape != photo.rgb.shape[:2]:
            came = f"{alpha.shape[1]} x {alpha.shape[0]}"
            raise UsageError(
                f"{photo.source}: a mask of {came} pixels for a photo of {photo.width} x {photo.height}",
                remedy="draw it on the whole upright photo",
            )
        data = png_of(alpha)
        return self._decide(Kind.MASK, source, by, token, lambda *_: {"mask": keep_mask(self.kept_masks, data)})

    def correct_frame(self, source: str, box: Box | None, *, by: str, token: str | None = None) -> Decision:
        """The picture inside the frame is this box, in pixels of the upright photo; None: there is no frame.

        Raises:
            UsageError: the box leaves no room for a frame.
            PhotoError: the photo is not there any more, or is another one now.
        """
        if box is not None:
            photo = self.photo(source)
            if box.x1 > photo.width or box.y1 > photo.height or box.size == (photo.width, photo.height):
                raise UsageError(
                    f"{photo.source}: {box.as_tuple()} leaves no frame within {photo.width} x {photo.height} pixels",
                    remedy="give x0 y0 x1 y1 of the picture inside the frame, or say that there is none",
                )
        frame = FrameShown(framed=box is not None, box=None if box is None else box.as_tuple())
        return self._decide(Kind.FRAME, source, by, token, lambda *_: {"frame": frame})

    def reject(self, source: str, reason: str, *, by: str, token: str | None = None) -> Decision:
        """The photo is of no use, neither for the catalogue nor to train on; the reason is in words."""
        if not reason.strip():
            raise UsageError("a rejection needs a reason", remedy="say why, such as `wrong product`")
        return self._decide(Kind.REJECT, source, by, token, lambda *_: {"reason": reason.strip()})

    def undo(self, source: str | None = None, *, by: str) -> Decision:
        """Take back the last decision that stands, of a photo or of all; an earlier one counts again.

        Returns:
            The decision that no longer counts.

        Raises:
            UsageError: nothing was decided.
        """
        with lock_folder(self._out, wait_s=_WAIT_S):
            self._refresh()
            mine = None if source is None else {decision.number for decision in self.history(source)}
            standing = [one for one in self.decisions.standing() if mine is None or one.number in mine]
            if not standing:
                what = "" if source is None else f" of {source}"
                raise UsageError(f"nothing was decided{what}, or all was taken back", remedy="there is nothing to undo")
            last = standing[-1]
            self.decisions.undo(last, by=by)
            return last

    def _decide(
        self,
        kind: Kind,
        source: str,
        by: str,
        token: str | None,
        answer: Callable[[Record, Seen], dict[str, Any]],
    ) -> Decision:
        by = require_name(by)
        with lock_folder(self._out, wait_s=_WAIT_S):
            self._refresh()
            record = self.records.one(source)
            seen = seen_of(record, self._out)
            if token is not None and token != seen.token:
                raise UsageError(
                    f"{record.source}: its result is not the one that was looked at ({seen.token}, not {token})",
                    remedy="look at it again",
                )
            return self.decisions.decide(kind, record.source, by=by, seen=seen, **answer(record, seen))

    def _refresh(self) -> None:
        """Read what others have written meanwhile."""
        stamp = file_stamp(self._manifest)
        if stamp is None or stamp != self._manifest_stamp:
            self.records = Records(self._manifest)
            self._manifest_stamp = stamp
        self.decisions.refresh()

    def _case(self, record: Record, said: Mapping[str, list[Decision]], names: frozenset[str]) -> Case:
        source = record.source
        here = said.get(record.sha256 or "", [])
        # Without a decision on this content, there may be one on another photo that lay there.
        outdated = here[-1].seen.token != seen_of(record, self._out).token if here else source in names
        state = State.STALE if outdated else State.DECIDED if here else State.NEW
        why = doubts(record, review_above=self._review_above)
        return Case(source, record, why, self._prices.get(source, 1.0), state, verdict(here) if here else None)
