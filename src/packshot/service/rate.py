"""How many requests a key may make: a bucket of tokens that fills evenly."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Allowance", "Rates"]

_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a key may still do.

    Attributes:
        allowed: whether this request may be answered.
        limit: requests a minute.
        remaining: requests that may be made at once.
        full_in_s: seconds until `limit` requests may be made at once again.
        retry_in_s: seconds until the next request may be made; 0 where it may be now.
    """

    allowed: bool
    limit: int
    remaining: int
    full_in_s: int
    retry_in_s: int


class Rates:
    """The bucket of every key, by its name: as many as there are keys, so memory does not grow with requests.

    Example:
        >>> rates = Rates(clock=lambda: 0.0)
        >>> [rates.take("studio", 2).allowed for _ in range(3)]
        [True, True, False]
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, name: str, per_minute: int) -> Allowance:
        """Take a token, if there is one."""
        now = self._clock()
        tokens = self._tokens(name, per_minute, now)
        allowed = tokens >= 1
        tokens -= allowed
        self._buckets[name] = (tokens, now)
        return _allowance(allowed, tokens, per_minute)

    def peek(self, name: str, per_minute: int) -> Allowance:
        """The same without taking."""
        tokens = self._tokens(name, per_minute, self._clock())
        return _allowance(tokens >= 1, tokens, per_minute)

    def _tokens(self, name: str, per_minute: int, now: float) -> float:
        tokens, before = self._buckets.get(name, (float(per_minute), now))
        return min(float(per_minute), tokens + (now - before) * per_minute / _SECONDS)


def _allowance(allowed: bool, tokens: float, per_minute: int) -> Allowance:
    each = _SECONDS / per_minute
    return Allowance(
        allowed,
        per_minute,
        int(tokens),
        math.ceil((per_minute - tokens) * each),
        0 if tokens >= 1 else max(1, math.ceil((1 - tokens) * each)),
    )
