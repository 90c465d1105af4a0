"""Pairs of candidates into verdicts, on several threads: kept ones first, the others from the photos themselves."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

from packshot.duplicates import PairMatch, match_fingerprints
from packshot.duplicates.on_disk import Verdict
from packshot.sharded.duplicates.photos import Fingerprints, PhotoFile
from packshot.sharded.duplicates.verdicts import KeptVerdict, VerdictLog

__all__ = ["Verifier"]


@dataclass(frozen=True, slots=True)
class _Pair:
    """A pair in hand: its verdict as it is or will be kept, and the work that is still to end."""

    later: int
    earlier: int
    kept: KeptVerdict
    asked: Future[tuple[bool, PairMatch | None]] | None = None


class Verifier:
    """Verifies pairs of a run's photos.

    Args:
        photos: of the run.
        fingerprints: of these.
        log: of verdicts.
        threads: pairs at once.

    Attributes:
        verified: pairs that this command verified.
        known: pairs an earlier command had verified.
        unverified: pairs of which a photo cannot be read.
    """

    def __init__(self, photos: PhotoFile, fingerprints: Fingerprints, log: VerdictLog, *, threads: int) -> None:
        self._photos, self._fingerprints, self._log, self._threads = photos, fingerprints, log, threads
        self.verified = self.known = self.unverified = 0

    def verdicts(self, pairs: Iterable[tuple[int, int]], *, stop_requested: Callable[[], bool]) -> Iterator[Verdict]:
        """The verdict on each pair that can be verified, in the order of the pairs.

        Args:
            pairs: later and earlier photos, by their numbers, sorted.
            stop_requested: whether to end early.

        Raises:
            StorageError: a bucket cannot be used. What was verified is kept.
        """
        waiting: deque[_Pair] = deque()
        with ThreadPoolExecutor(self._threads) as pool:
            try:
                for known, later, earlier in self._joined(pairs):
                    if stop_requested():
                        break
                    if known is not None:
                        waiting.append(_Pair(later, earlier, known))
                    else:
                        asked = pool.submit(self._compared, later, earlier)
                        waiting.append(_Pair(later, earlier, self._asked(later, earlier), asked))
                    if len(waiting) > 4 * self._threads:
                        yield from self._settled(waiting.popleft())
                while waiting:
                    yield from self._settled(waiting.popleft())
            finally:
                for pair in waiting:
                    if pair.asked is not None:
                        pair.asked.cancel()
                self._log.flush()

    def match(self, one: int, other: int) -> PairMatch | None:
        """The match of one photo with another, from the photos themselves; None also where one cannot be read."""
        return self._compared(one, other)[1]

    def _compared(self, one: int, other: int) -> tuple[bool, PairMatch | None]:
        """Whether both photos can be read, and their match."""
        first, second = (self._fingerprints.of(number, self._photos[number]) for number in (one, other))
        if first is None or second is None:
            return False, None
        return True, match_fingerprints(first, second)

    def _settled(self, pair: _Pair) -> Iterator[Verdict]:
        if pair.asked is None:
            self.known += 1
            yield Verdict(pair.later, pair.earlier, pair.kept.match)
            return
        readable, match = pair.asked.result()
        if not readable:
            self.unverified += 1
            return
        self.verified += 1
        self._log.add(replace(pair.kept, match=match))
        yield Verdict(pair.later, pair.earlier, match)

    def _joined(self, pairs: Iterable[tuple[int, int]]) -> Iterator[tuple[KeptVerdict | None, int, int]]:
        """Each pair with the verdict that an earlier command kept; both are in the order of the URIs."""
        earlier = self._log.earlier()
        kept = next(earlier, None)
        for later, other in pairs:
            asked = self._asked(later, other)
            while kept is not None and kept.key < asked.key:
                kept = next(earlier, None)
            found = None
            while kept is not None and kept.key == asked.key:
                found = kept if kept.pixels == asked.pixels else found
                kept = next(earlier, None)
            yield found, later, other

    def _asked(self, later: int, earlier: int) -> KeptVerdict:
        one, other = self._photos[later], self._photos[earlier]
        return KeptVerdict(one.source, other.source, (one.sketch.pixels, other.sketch.pixels), None)
