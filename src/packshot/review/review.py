"""Deciding on a run's results: what is said of one photo or of many, and taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from packshot.cutout import Strokes
from packshot.decisions import (
    CategoryPath,
    ChosenSubject,
    Decision,
    DecisionLog,
    FrameShown,
    NewDecision,
)
from packshot.decisions.log import require_name
from packshot.errors import OutputError, PackshotError, ResultChanged, UsageError
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
from packshot.review.decided import Decided
from packshot.review.pictures import mask_file
from packshot.review.reviewed import ReviewedResults
from packshot.values import Alpha, Box

__all__ = ["Review"]

_WAIT_S = 10.0  # for another reviewer, who holds the log for as long as a write takes
_AT_ONCE = 100  # photos that are decided on before another reviewer may come between


class Review(ReviewedResults):
    """The results of a run, and what persons decide of them; see `ReviewedResults` for its arguments.

    Decisions lie in ``OUT/review``; nothing else is written. A decision holds the log while it is written: reviewers
    wait for each other, up to ten seconds, and not for a run.

    A decision takes ``by``, who decides, and may be given the ``token`` of the `Seen` that was looked at: if something
    else is there by now, it raises `ResultChanged`. It is on the disk when the method returns; if it cannot be written,
    or another process holds the folder, it raises `OutputError` and does not count.
    """

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
        """The picture inside the frame is this box, see `frame_within`; None: there is no frame."""
        return self._decide(frame_answer(self.frame_within(source, box)), source, by, token)

    def frame_within(self, source: str, box: Box | None) -> FrameShown:
        """A frame around a photo, by the box of the picture inside, in pixels of the upright photo; or no frame.

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
        return FrameShown(framed=box is not None, box=None if box is None else box.as_tuple())

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
            part: only what is said is decided, and other doubts about the photos stay.

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
        shown, seen = self.shown(record, here)
        new = NewDecision(answer.kind, record.source, seen, answer.fields(self.folder, shown, seen))
        if known is not None:
            require_agreement(new, [one for one in here if one.number > known])
        if token is not None and token != seen.token:
            raise ResultChanged(
                f"{record.source}: its result is not the one that was looked at ({seen.token}, not {token})",
                remedy="look at it again",
            )
        return new
