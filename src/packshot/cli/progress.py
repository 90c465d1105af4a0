"""The progress bar on stderr: rate, remaining time, and lines above it."""

from __future__ import annotations

import sys
import time
from typing import Any

from tqdm import tqdm

from packshot.closing import Closing
from packshot.errors import PackshotError

__all__ = ["Bar"]

_LOG_SECONDS = 30.0
# As tqdm's own, with our remaining time: its one takes every input for equally long.
_LINE = "{l_bar}{bar}| {n_fmt}/{total_fmt} [{elapsed}<{left}, {rate_fmt}]"


def inputs_left(total: int, *, before: int, skipped: int, done: int) -> float:
    """How many inputs still take their time, where some were finished before and only have to be looked at.

    Args:
        total: inputs.
        before: of these, how many an earlier run had finished; some may have to be done anew all the same.
        skipped: that turned out to be finished.
        done: that took their time.

    Example:
        >>> inputs_left(132, before=131, skipped=62, done=1), inputs_left(132, before=131, skipped=0, done=32)
        (0.0, 100.0)
    """
    new = total - before
    anew = max(0, done - new)
    share = anew / (anew + skipped) if skipped else 1.0
    return max(0, new - done) + max(0, before - skipped - anew) * share


class _Meter(tqdm):  # type: ignore[misc]  # tqdm has no types
    """tqdm, with the time that is left by `inputs_left`."""

    before = skipped = 0

    @property
    def format_dict(self) -> dict[str, Any]:
        """What the line is made of."""
        said: dict[str, Any] = super().format_dict
        if self.total is None:
            return said
        done = self.n - self.initial
        rate = said["rate"] or (done / said["elapsed"] if said["elapsed"] else 0)
        left = inputs_left(int(self.total), before=self.before, skipped=self.skipped, done=int(done))
        return {**said, "bar_format": _LINE, "left": tqdm.format_interval(left / rate) if rate else "?"}


class Bar(Closing):
    """A bar over a number of inputs; stdout stays free for results.

    Args:
        total: inputs; None where nobody knows yet.
        unit: what one is called.
        scaled: whether numbers are shortened: 176M.
        before: inputs that an earlier run had finished, about.
    """

    def __init__(self, total: int | None, *, unit: str, scaled: bool = False, before: int = 0) -> None:
        # A log file keeps every redraw: there, a line each half minute is enough.
        self._seconds = 0.1 if sys.stderr.isatty() else _LOG_SECONDS
        self._drawn = time.monotonic()
        self._bar = _Meter(
            total=total, unit=unit, unit_scale=scaled, dynamic_ncols=True, leave=False, mininterval=self._seconds
        )
        self._bar.before = before if total is None else min(before, total)

    def close(self) -> None:
        """Take the bar away: what comes now needs the terminal."""
        self._bar.close()

    def update(self) -> None:
        """One input is finished."""
        self._bar.update()

    def skip(self) -> None:
        """One input was finished before: it counts, and the remaining time is estimated without it."""
        self._bar.skipped += 1
        self._bar.initial += 1
        self._bar.n += 1
        self._bar.last_print_n += 1
        if time.monotonic() - self._drawn >= self._seconds:
            self._drawn = time.monotonic()
            self._bar.refresh()

    def expect(self, total: int) -> None:
        """Say how many inputs there are, where nobody knew at the start."""
        self._bar.total = total
        self._bar.refresh()

    def step(self, error: PackshotError | None = None, *, of: str | None = None) -> None:
        """One input is finished, or could not be used: then what is wrong is said above the bar.

        Args:
            error: what is wrong.
            of: the input's name, where the error does not say it.
        """
        if error is not None:
            self.write_line(str(error) if of is None else error.about(of))
        self.update()

    def move_to(self, done: int) -> None:
        """So many inputs are finished, or were before."""
        self._bar.update(done - self._bar.n)

    def write_line(self, text: str) -> None:
        """Print a line on stderr above the bar."""
        self._bar.clear()
        print(text, file=self._bar.fp)
        self._bar.refresh()
