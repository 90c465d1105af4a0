"""ROC curves of several detectors, or of one on several splits."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle
from pathlib import Path

from packshot.evaluation import BinaryAnswers
from packshot.training.figures.style import ACCENT, BAD, GOOD, INK, QUIET, bare, new_figure, save

__all__ = ["draw_roc"]


def draw_roc(answers: Mapping[str, BinaryAnswers], path: Path, *, close: bool = False) -> None:
    """Draw one curve each, its area with the 95 % interval in the legend.

    Args:
        answers: name to answers, of both kinds.
        path: PNG to write.
        close: look at the corner where good detectors differ: false alarms on a logarithmic scale, for these differ
            below 1 %.
    """
    figure = new_figure(6.4, 4.2)
    axes = figure.subplots()
    positive = ""
    for (name, one), colour in zip(answers.items(), cycle((ACCENT, BAD, GOOD, QUIET)), strict=False):
        false, found = one.curve()
        area, positive = one.area(), one.positive
        words = f"{name}, area {area.value:.4f} ({area.low:.4f}-{area.high:.4f})"
        axes.step(false, found, where="post", color=colour, linewidth=1.8, label=words)
    if close:
        axes.set_xscale("symlog", linthresh=1e-3)
    else:
        axes.plot([0, 1], [0, 1], color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.set_xlim(0, 1)
    axes.set_ylim(0.5 if close else 0, 1.005)
    axes.set_xlabel("false alarms, share of the others", fontsize=9, color=INK)
    axes.set_ylabel(f"found, share of {positive}", fontsize=9, color=INK)
    axes.legend(frameon=False, fontsize=9, labelcolor=INK, loc="lower right")
    bare(axes)
    save(figure, path)
