"""How many uploads that need no worker are read at once: each is held in memory until it is on the disk."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from packshot.service.refusal import Refusal

__all__ = ["Receiving"]


class Receiving:
    """Lets a few in at once.

    Args:
        at_once: uploads.
    """

    def __init__(self, at_once: int) -> None:
        self._left = at_once

    @contextlib.contextmanager
    def hold(self) -> Iterator[None]:
        """One upload.

        Raises:
            Refusal: 503, there are too many.
        """
        if self._left <= 0:
            raise Refusal(503, "busy", "too many photos arrive at once", "send fewer at once", {"Retry-After": "1"})
        self._left -= 1
        try:
            yield
        finally:
            self._left += 1
