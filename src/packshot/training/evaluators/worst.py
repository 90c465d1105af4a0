"""The pictures of ``predictions.png``: the worst answers, without keeping the others."""

from __future__ import annotations

from packshot.training.figures.grid import Cell

__all__ = ["WorstCells"]

_CELLS, _ACROSS = 24, 6


class WorstCells:
    """Keeps the cells of the worst answers."""

    def __init__(self) -> None:
        self._kept: list[tuple[float, int, Cell]] = []
        self._count = 0

    def add(self, right: float, cell: Cell) -> None:
        """One answer more.

        Args:
            right: how right it is; of equals the earlier one counts as worse.
            cell: that shows it.
        """
        self._kept.append((right, self._count, cell))
        self._kept = sorted(self._kept, key=lambda kept: kept[:2])[:_CELLS]
        self._count += 1

    def rows(self) -> list[list[Cell]]:
        """The rows of the figure, worst first."""
        cells = [cell for *_, cell in self._kept]
        return [cells[start : start + _ACROSS] for start in range(0, len(cells), _ACROSS)]
