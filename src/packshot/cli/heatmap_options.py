"""Options of the commands that draw heatmaps: how they lie on their photos."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import click

from packshot.cli.command import option
from packshot.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from packshot.values import Rgb

__all__ = ["HeatmapStyle"]


@dataclass(frozen=True)
class HeatmapStyle:
    """How heatmaps lie on their photos."""

    colours: Literal["inferno", "viridis", "cividis", "hot", "jet"] | None = option(
        "--colours", help="Of the heatmap, from cold to hot. [default: inferno]"
    )
    opacity: float | None = option(
        "--opacity", type=click.FloatRange(0, 1), help="Of the colours where it is hottest. [default: 0.75]"
    )

    def draw(self, rgb: Rgb, heat: NDArray[np.float32]) -> Rgb:
        """A heatmap on its photo, see `packshot.explanation.draw_heatmap`."""
        from packshot.explanation import draw_heatmap

        opacity = 0.75 if self.opacity is None else self.opacity
        return draw_heatmap(rgb, heat, colours=self.colours or "inferno", opacity=opacity)

    def refuse_without(self, option: str) -> None:
        """For a command that draws heatmaps only where it is told to.

        Raises:
            UsageError: one of these was given although nothing is drawn.
        """
        given = "--colours" if self.colours is not None else "--opacity" if self.opacity is not None else None
        if given is not None:
            raise UsageError(f"{given} without {option}: no heatmap is drawn", remedy=f"add {option} FOLDER")
