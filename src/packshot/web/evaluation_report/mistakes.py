"""Which wrong answers the report shows: the worst, each with its heatmap. Pictures are kept of these alone."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass

from packshot.values import Rgb
from packshot.web.evaluation_report.pictures import shrink, webp_uri

__all__ = ["Mistake", "Mistakes"]

_SIDE = 320  # pixels of a thumbnail's longer side: sharp on a phone, about 10 kB


@dataclass(frozen=True, slots=True)
class Mistake:
    """One wrong answer, ready for the template.

    Attributes:
        name: of the photo.
        set: it belongs to.
        said: what it was taken for, in words.
        true: what it is, in words.
        numbers: further figures: name -> words.
        photo: data address of the photo.
        heat: data address of the photo with the heatmap of what was said; None of a network without maps.
    """

    name: str
    set: str
    said: str
    true: str
    numbers: dict[str, str]
    photo: str
    heat: str | None


class Mistakes:
    """Meets every wrong answer once and keeps a fixed number, so that memory does not grow with the data.

    Args:
        worst: how many to keep, at least one.
    """

    def __init__(self, *, worst: int = 24) -> None:
        self._most = worst
        self._heap: list[tuple[tuple[float, ...], int, Mistake]] = []
        self._met = 0

    def add(
        self,
        rgb: Rgb,
        heat: Callable[[], Rgb | None],
        *,
        badness: tuple[float, ...],
        name: str,
        set: str,  # noqa: A002 - the field's own word
        said: str,
        true: str,
        numbers: dict[str, str],
    ) -> None:
        """Look at one wrong answer.

        Args:
            rgb: uint8 (h, w, 3).
            heat: draws the heatmap on the photo, uint8 (h, w, 3), or None; asked only for what is kept.
            badness: the greater, the worse.
            name: of the photo.
            set: it belongs to.
            said: what it was taken for, in words.
            true: what it is, in words.
            numbers: further figures: name -> words.
        """
        self._met += 1
        entry = (badness, -self._met)
        if len(self._heap) == self._most and entry < self._heap[0][:2]:
            return
        drawn = heat()
        photo = webp_uri(shrink(rgb, side=_SIDE))
        seen = None if drawn is None else webp_uri(shrink(drawn, side=_SIDE))
        heapq.heappush(self._heap, (*entry, Mistake(name, set, said, true, numbers, photo, seen)))
        if len(self._heap) > self._most:
            heapq.heappop(self._heap)

    def worst(self) -> list[Mistake]:
        """The worst first."""
        return [mistake for *_, mistake in sorted(self._heap, key=lambda entry: entry[:2], reverse=True)]
