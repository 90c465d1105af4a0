"""One look for all figures, and whole files."""

from __future__ import annotations

import io
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from packshot.storage import write_result

__all__ = ["ACCENT", "BAD", "DPI", "GOOD", "INK", "QUIET", "bare", "new_figure", "save"]

INK, QUIET = "#22262b", "#9aa3ad"
DPI = 110  # pixels an inch
ACCENT, GOOD, BAD = "#0b6e99", "#1d7a46", "#b3261e"


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of so many inches, at `DPI`."""
    figure = Figure(figsize=(width, height), dpi=DPI, layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def bare(axes: Axes) -> None:
    """Light lines behind the data, no box around it."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(QUIET)
    axes.tick_params(colors=INK, labelsize=9, color=QUIET)
    axes.grid(color="#e8ebee", linewidth=0.8)
    axes.set_axisbelow(True)


def save(figure: Figure, path: Path) -> None:
    """Write a PNG, whole or not at all."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    write_result(path, buffer.getvalue())
