"""The folders whose results may be reviewed, each open once in every process that needs it."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from packshot.decisions import Decision
from packshot.review import Case, Review, open_review
from packshot.service.named import named_places
from packshot.service.refusal import Refusal
from packshot.settings import Settings

__all__ = ["OpenReview", "Place", "Places", "photo_id"]


def photo_id(source: str) -> str:
    """What requests call a photo: 16 hexadecimal digits that follow from its name in the manifest."""
    return hashlib.sha256(source.encode("utf-8", "surrogateescape")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Place:
    """An output folder of `packshot run`.

    Attributes:
        out: the folder.
        settings: of the service: what is uncertain, and the decoder's limits.
    """

    out: Path
    settings: Settings

    def open(self) -> Review:
        """Its results; photos that were named by relative paths lie where `packshot run` was typed.

        Raises:
            UsageError: there is no folder or manifest, or it or the log is damaged.
        """
        return open_review(self.out, self.settings)


class OpenReview:
    """A review in the service's own process, for one thread at a time.

    Args:
        name: what requests call it.
        place: where it lies.
        called: from the path of a photo to what its sender called it, also where it stands in other words; None where
            answers name photos as the manifest does.

    Attributes:
        name: what requests call it.
        place: where it lies.
    """

    def __init__(self, name: str, place: Place, called: Callable[[str], str] | None = None) -> None:
        self.name, self.place, self._called = name, place, called
        self._review: Review | None = None
        self._lock = threading.Lock()
        self._cases: dict[str, Case] = {}
        self._ids: dict[str, str] = {}
        self._read: tuple[object, int] | None = None

    @property
    def named_by_senders(self) -> bool:
        """Whether answers call photos otherwise than the manifest."""
        return self._called is not None

    def called(self, source: str) -> str:
        """What answers call a photo of the manifest."""
        return source if self._called is None else self._called(source)

    @contextmanager
    def held(self) -> Iterator[Review]:
        """The review, brought up to date, for this thread alone.

        Raises:
            UsageError: there is no folder or manifest, or it or the log is damaged.
        """
        with self._lock:
            if self._review is None:
                self._review = self.place.open()
            self._review.refresh()
            yield self._review

    def cases(self, review: Review) -> list[Case]:
        """All of them in their order; kept until results or decisions change."""
        state = (review.records, review.decisions.last)
        if self._read is None or self._read[0] is not state[0] or self._read[1] != state[1]:
            self._cases = {case.source: case for case in review.cases()}
            self._ids = {photo_id(source): source for source in self._cases}
            self._read = state
        return list(self._cases.values())

    def learn(self, review: Review, decisions: Sequence[Decision], *, before: int) -> None:
        """Look anew at the photos of decisions that were just made, or taken back; the others stay as they are known.

        Where another process wrote between, nothing is learnt: all are read anew the next time.

        Args:
            review: held since before the decisions.
            decisions: each wrote one line of the log.
            before: number of the last line before them.
        """
        if self._read is None or self._read[0] is not review.records or self._read[1] != before:
            return
        if review.decisions.last != before + len(decisions):
            return
        contents = {one.seen.photo for one in decisions}  # a decision is on a content, wherever that lies
        changed = [source for source, case in self._cases.items() if case.record.sha256 in contents]
        self._cases |= {case.source: case for case in review.cases(changed)}
        self._read = (review.records, review.decisions.last)

    def source(self, review: Review, id_: str) -> str:
        """The photo that a request names.

        Raises:
            Refusal: 404, there is none.
        """
        self.cases(review)
        if id_ not in self._ids:
            raise Refusal(404, "unknown_photo", "there is no such photo in this review", "see its queue")
        return self._ids[id_]


class Places:
    """All reviews of a service.

    Args:
        texts: folders, each ``FOLDER`` or ``NAME=FOLDER``.
        settings: of the service, with the limits of this machine's own photos.
        more: further ones that come and go, by their name and the key that asks; None where that key has none of that
            name.
        called: see `OpenReview`; of those further ones.

    Raises:
        UsageError: a name is none, or stands twice.
    """

    def __init__(
        self,
        texts: tuple[str, ...],
        settings: Settings,
        *,
        more: Callable[[str, str | None], Path | None] = lambda _name, _owner: None,
        called: Callable[[str], str] | None = None,
    ) -> None:
        self._settings, self._more, self._called = settings, more, called
        self._open = {name: self._at(name, Path(out)) for name, out in named_places(texts).items()}
        self._others: dict[tuple[str, str | None], OpenReview] = {}

    @property
    def named(self) -> Mapping[str, OpenReview]:
        """Those the service was started with."""
        return self._open

    def one(self, name: str, owner: str | None) -> OpenReview:
        """A review by its name.

        Args:
            name: as the request has it.
            owner: the key that asks: what belongs to another one is as if it were not there.

        Raises:
            Refusal: 404, there is none.
        """
        if name in self._open:
            return self._open[name]
        out = self._more(name, owner)
        if out is None:
            self._others.pop((name, owner), None)
            raise Refusal(404, "unknown_review", "there is no such review here", "see /v1/reviews")
        return self._others.setdefault((name, owner), self._at(name, out, self._called))

    def _at(self, name: str, out: Path, called: Callable[[str], str] | None = None) -> OpenReview:
        return OpenReview(name, Place(out.resolve(), self._settings), called)
