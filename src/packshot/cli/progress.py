"""The progress bar on stderr: rate, remaining time, and lines above it."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self

from tqdm import tqdm

from packshot.errors import PackshotError

__all__ = ["Bar"]

_LOG_SECONDS = 30.0


class Bar:
    """A bar over a number of inputs; stdout stays free for results.

    Args:
        total: inputs; None where nobody knows yet.
        unit: what one is called.
        scaled: whether numbers are shortened: 176M.
    """

    def __init__(self, total: int | None, *, unit: str, scaled: bool = False) -> None:
        # A log file keeps every redraw: there, a line each half minute is enough.
        seconds = 0.1 if sys.stderr.isatty() else _LOG_SECONDS
        self._bar = tqdm(
            total=total, unit=unit, unit_scale=scaled, dynamic_ncols=True, leave=False, mininterval=seconds
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Take the bar away: what comes now needs the terminal."""
        self._bar.close()

    def update(self) -> None:
        """One input is finished."""
        self._bar.update()

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
