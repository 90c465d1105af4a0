"""The results of a run before a reviewer: which photos come first, and what is to be seen of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from packshot.batch.results import stamp_of_results
from packshot.decisions import (
    Decision,
    DecisionFolder,
    DecisionLog,
    Seen,
    State,
    correction,
    seen_of,
    settled,
    state_of,
    verdict,
)
from packshot.limits import Limits
from packshot.records import Record
from packshot.review.cases import Case
from packshot.review.pictures import found_mask_of, mask_of, photo_of, read_mask
from packshot.review.priority import review_priority
from packshot.review.records import FileHashes, Records
from packshot.values import Alpha, Photo

__all__ = ["ReviewedResults"]


class ReviewedResults:
    """The results of a run and the decisions on them, read and never written.

    Reading takes no lock, and a run need not be finished: its results are seen as they are made. Every method takes
    ``source``, a photo as the manifest names it, or the end of that path, and raises `UsageError` if there is none or
    several, or if the photo could not be read.

    Args:
        manifest: ``OUT/manifest.jsonl``; it need not be there while the first run goes on. Read again when it has
            changed.
        root: what sources that are not absolute are relative to: where `packshot run` was typed.
        review_above: uncertainty above which the run sent a mask to review (`Settings.review_above`).
        prices: source, or its end, to the value of the photo to the shop; 1 for others.
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
        return self.shown(record, self.decisions.by_content().get(record.sha256 or "", []))[1]

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

    def refresh(self) -> None:
        """Read what others have written meanwhile."""
        stamp = stamp_of_results(self._out)
        if stamp != self._stamp:
            self.records = Records(self._manifest)
            self._stamp = stamp
        self.decisions.refresh()

    def shown(self, record: Record, here: Sequence[Decision]) -> tuple[Record, Seen]:
        """A photo's line with what was decided of it, and what lies before a reviewer."""
        hashes = self._hashes.of(record)
        shown = settled(record, here, hashes)
        return shown, seen_of(shown, hashes)

    def _case(self, record: Record, said: Mapping[str, list[Decision]], names: frozenset[str]) -> Case:
        source = record.source
        here = said.get(record.sha256 or "", [])
        why = review_priority(record, review_above=self._review_above)
        price = self._prices.get(source, 1.0)
        if not here:
            # Without a decision on this content, there may be one on another photo that lay there.
            return Case(source, record, why, price, State.STALE if source in names else State.NEW, None, ())
        shown, seen = self.shown(record, here)
        return Case(source, shown, why, price, state_of(record, here, seen), verdict(here), tuple(here))
