"""Photos before a reviewer: which come first, what is decided, and by whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from packshot.batch.results import stamp_of_results
from packshot.cutout import Strokes
from packshot.decisions import (
    CategoryPath,
    ChosenSubject,
    Decision,
    DecisionFolder,
    DecisionLog,
    FrameShown,
    NewDecision,
    Seen,
    State,
    correction,
    seen_of,
    settled,
    state_of,
    verdict,
)
from packshot.decisions.log import require_name
from packshot.errors import OutputError, PackshotError, ResultChanged, UsageError
from packshot.limits import Limits
from packshot.records import Record
from packshot.review.agreement import require_agreement
from packshot.review.answers import (
    Answer,
    approval,
    category_answer,
    frame_answer,
    mask_answer,
    rejection,
    subject_answer,
)
from packshot.review.cases import Case
from packshot.review.decided import Decided
from packshot.review.pictures import found_mask_of, mask_file, mask_of, photo_of, read_mask
from packshot.review.priority import doubts
from packshot.review.records import FileHashes, Records
from packshot.values import Alpha, Box, Photo

__all__ = ["Review"]

_WAIT_S = 10.0  # for another reviewer, who holds the log for as long as a write takes
_AT_ONCE = 100  # photos that are decided on before another reviewer may come between


class Review:
    """The results of a run, and what persons decided of them.

    Decisions lie in ``OUT/review``; nothing else is written. Reading takes no lock, and a run need not be finished: its
    results are seen as they are made. A decision holds the log while it is written: reviewers wait for each other, up
    to ten seconds, and not for a run.

    Every method takes ``source``, a photo as the manifest names it, or the end of that path, and raises `UsageError` if
    there is none or several, or if the photo could not be read. A decision takes ``by``, who decides, and may be given
    the ``token`` of the `Seen` that was looked at: if something else is there by now, it raises `ResultChanged`. It is
    on the disk when the method returns; if it cannot be written, or another process holds the folder, it raises
    `OutputError` and does not count.

    Args:
        manifest: ``OUT/manifest.jsonl``; it need not be there while the first run goes on. Read again when it has
            changed.
        root: what sources that are not absolute are relative to: where `packshot run` was typed.
        review_above: uncertainty above which the run sent a mask to review (`Settings.review_above`).
        prices: source, or its end, to what the photo is worth to the shop; 1 for others.
        limits: of the decoder.

    Attributes:
        records: what the run found and made so far, as it was read last.
        folder: where the decisions lie.
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
        self._stamp: object = None
        self._hashes = FileHashes(self._out)
        self.folder = DecisionFolder(self._out)
        self.decisions = DecisionLog(self.folder.journal)
        self.refresh()
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
        return self.folder.masks

    def cases(self, sources: Iterable[str] | None = None) -> list[Case]:
        """The photos that can be decided on, the most valuable first, then by name.

        Args:
            sources: of some photos; None for all of the manifest.
        """
        said, names = self.decisions.by_content(), frozenset(self.decisions.by_source())
        records = self.records if sources is None else map(self.records.one, sources)
        found = [self._case(record, said, names) for record in records]
        return sorted(found, key=lambda case: (-case.value, case.source))

    def queue(self) -> list[Case]:
        """The cases nobody decided, or whose decision is outdated; the most valuable first."""
        return [case for case in self.cases() if case.state is not State.DECIDED]

    def case(self, source: str) -> Case:
        """One photo."""
        return self.cases([source])[0]

    def seen(self, source: str) -> Seen:
        """What lies before a reviewer of that photo now."""
        record = self.records.one(source)
        return self._shown(record, self.decisions.by_content().get(record.sha256 or "", []))[1]

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
        """The mask that is shown, in the photo's own pixels: float32 (h, w), 0..1; None without one.

        Raises:
            PhotoError: photo or mask cannot be read.
        """
        return mask_of(self.records.one(source), self._out, self.photo(source), self.limits)

    def mask_under_strokes(self, source: str) -> tuple[Alpha | None, str | None]:
        """The mask that strokes on a photo start from, in its own pixels: one that a person drew, or the one found.

        Returns:
            float32 (h, w), 0..1, None without one; and the SHA-256 of the kept mask where a person drew it.

        Raises:
            PhotoError: photo or mask cannot be read.
        """
        record, photo = self.records.one(source), self.photo(source)
        fixed = correction(self.decisions.by_content().get(record.sha256 or "", [])).mask
        if fixed is not None and fixed.drawn is not None:
            return read_mask(self.folder.mask(fixed.drawn), photo, None, self.limits), fixed.drawn
        return found_mask_of(record, self._out, photo, self.limits), None

    def approve(self, source: str, *, by: str, token: str | None = None) -> Decision:
        """All that is shown is right: mask, category, and the frame as it was cut off or found missing.

        Raises:
            UsageError: the photo has no mask.
        """
        return self._decide(approval(), source, by, token)

    def correct_category(self, source: str, category: CategoryPath, *, by: str, token: str | None = None) -> Decision:
        """The category is this one, given as the way to it from a taxonomy's root; the caller sees that it exists."""
        return self._decide(category_answer(category), source, by, token)

    def correct_mask(self, source: str, alpha: Alpha, *, by: str, token: str | None = None) -> Decision:
        """The mask is this one: float32 (h, w), 0..1, in the photo's own pixels, also where a frame was cut off.

        Raises:
            UsageError: it has another size than the photo.
            PhotoError: the photo is not there any more, or is another one now.
        """
        return self._decide(mask_answer(mask_file(self.photo(source), alpha)), source, by, token)

    def correct_by_strokes(
        self,
        source: str,
        strokes: Strokes,
        alpha: Alpha,
        *,
        by: str,
        under: str | None = None,
        token: str | None = None,
        known: int | None = None,
    ) -> Decision:
        """The mask is the one that strokes make; they are drawn again when the network finds another mask.

        Args:
            source: the photo.
            strokes: in pixels of the upright photo.
            alpha: what they make, see `packshot.review.masks.mask_by_strokes`: float32 (h, w), 0..1.
            by: who decides.
            under: the mask they were drawn on, see `mask_under_strokes`.
            token: of what was looked at.
            known: see `decide_all`.

        Raises:
            UsageError: the mask has another size than the photo.
            PhotoError: the photo is not there any more, or is another one now.
        """
        answer = mask_answer(mask_file(self.photo(source), alpha), strokes=strokes, under=under)
        return self._decide(answer, source, by, token, known)

    def choose_subject(self, source: str, subject: ChosenSubject, *, by: str, token: str | None = None) -> Decision:
        """The product is this part of the photo; masks that were corrected before were of something else."""
        return self._decide(subject_answer(subject), source, by, token)

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
        return self._decide(frame_answer(frame), source, by, token)

    def reject(self, source: str, reason: str, *, by: str, token: str | None = None) -> Decision:
        """The photo is of no use, neither for the catalogue nor to train on; the reason is in words."""
        return self._decide(rejection(reason), source, by, token)

    def undo(self, source: str | None = None, *, by: str) -> Decision:
        """Take back the last decision that stands, of a photo or of all; an earlier one counts again.

        Returns:
            The decision that no longer counts.

        Raises:
            UsageError: nothing was decided.
        """
        with self.folder.lock(wait_s=_WAIT_S):
            self.refresh()
            mine = None if source is None else {decision.number for decision in self.history(source)}
            standing = [one for one in self.decisions.standing() if mine is None or one.number in mine]
            if not standing:
                what = "" if source is None else f" of {source}"
                raise UsageError(f"nothing was decided{what}, or all was taken back", remedy="there is nothing to undo")
            self.decisions.undo(standing[-1], by=by)
            return standing[-1]

    def undo_all(self, choose: Callable[[DecisionLog], Iterable[Decision]], *, by: str) -> list[Decision]:
        """Take several decisions back.

        Args:
            choose: picks them, from those that stand.
            by: who takes them back.

        Returns:
            The decisions that no longer count, in the order of time.
        """
        with self.folder.lock(wait_s=_WAIT_S):
            self.refresh()
            wanted = {one.number for one in choose(self.decisions)}
            taken = [one for one in self.decisions.standing() if one.number in wanted]
            self.decisions.undo(*taken, by=by)
            return taken

    def decide_all(
        self,
        sources: Sequence[str],
        answer: Answer,
        *,
        by: str,
        token: str | None = None,
        known: int | None = None,
        part: bool = False,
    ) -> Decided:
        """Give several photos the same answer, such as `approval`; `packshot.review.undoing` takes all of it back.

        A process that is killed meanwhile leaves the first decisions, each whole. Other reviewers are let in between.

        Args:
            sources: the photos.
            answer: see `packshot.review.answers`.
            by: who decides.
            token: of what was looked at, where that is one photo.
            known: number of the last line of the log that the person had seen; a photo on which somebody decided
                something else since then is refused with `DecidedMeanwhile`.
            part: whether a category is said of that part alone: what else is doubtful stays to be looked at.

        Returns:
            What was decided, and which photos could not be.

        Raises:
            UsageError: nobody was named, or a source is no photo, or several; nothing is decided then.
            OutputError: a decision could not be written; the ones before stand.
        """
        by, done = require_name(by), Decided()
        whole = list(dict.fromkeys(self.records.one(source).source for source in sources))
        together: int | None = None
        for start in range(0, len(whole), _AT_ONCE):
            with self.folder.lock(wait_s=_WAIT_S):
                self.refresh()
                said, new = self.decisions.by_content(), []
                for source in whole[start : start + _AT_ONCE]:
                    try:
                        new.append(self._new(source, said, answer, token, known))
                    except OutputError:
                        raise
                    except PackshotError as error:
                        done.refused[source] = error
                if new and together is None and len(whole) > 1:
                    together = self.decisions.last + 1
                done.made.extend(self.decisions.decide_all(new, by=by, together=together, part=part))
        return done

    def _decide(self, answer: Answer, source: str, by: str, token: str | None, known: int | None = None) -> Decision:
        by = require_name(by)
        with self.folder.lock(wait_s=_WAIT_S):
            self.refresh()
            new = self._new(source, self.decisions.by_content(), answer, token, known)
            return self.decisions.decide_all([new], by=by)[0]

    def _new(
        self,
        source: str,
        said: Mapping[str, list[Decision]],
        answer: Answer,
        token: str | None,
        known: int | None = None,
    ) -> NewDecision:
        record = self.records.one(source)
        here = said.get(record.sha256 or "", [])
        shown, seen = self._shown(record, here)
        new = NewDecision(answer.kind, record.source, seen, answer.fields(self.folder, shown, seen))
        if known is not None:
            require_agreement(new, [one for one in here if one.number > known])
        if token is not None and token != seen.token:
            raise ResultChanged(
                f"{record.source}: its result is not the one that was looked at ({seen.token}, not {token})",
                remedy="look at it again",
            )
        return new

    def refresh(self) -> None:
        """Read what others have written meanwhile."""
        stamp = stamp_of_results(self._out)
        if stamp != self._stamp:
            self.records = Records(self._manifest)
            self._stamp = stamp
        self.decisions.refresh()

    def _shown(self, record: Record, here: Sequence[Decision]) -> tuple[Record, Seen]:
        """A photo's line with what was decided of it, and what lies before a reviewer."""
        hashes = self._hashes.of(record)
        shown = settled(record, here, hashes)
        return shown, seen_of(shown, hashes)

    def _case(self, record: Record, said: Mapping[str, list[Decision]], names: frozenset[str]) -> Case:
        source = record.source
        here = said.get(record.sha256 or "", [])
        why = doubts(record, review_above=self._review_above)
        price = self._prices.get(source, 1.0)
        if not here:
            # Without a decision on this content, there may be one on another photo that lay there.
            return Case(source, record, why, price, State.STALE if source in names else State.NEW, None, ())
        shown, seen = self._shown(record, here)
        return Case(source, shown, why, price, state_of(record, here, seen), verdict(here), tuple(here))
