"""ROC curves of several detectors, near the corner where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle
from pathlib import Path

from packshot.evaluation import roc_auc, roc_curve
from packshot.training.figures.style import ACCENT, BAD, GOOD, INK, QUIET, bare, new_figure, save

__all__ = ["draw_roc"]


def draw_roc(answers: Mapping[str, tuple[Sequence[float], Sequence[bool]]], path: Path) -> None:
    """Draw one curve a detector; false alarms on a logarithmic scale, for the good ones differ below 1 %.

    Args:
        answers: name to scores and truth values, of both kinds.
        path: PNG to write.
    """
    figure = new_figure(6.4, 4.2)
    axes = figure.subplots()
    for (name, (scores, truth)), colour in zip(answers.items(), cycle((ACCENT, BAD, GOOD, QUIET)), strict=False):
        false, found = roc_curve(scores, truth)
        words = f"{name}, area {roc_auc(scores, truth):.4f}"
        axes.step(false, found, where="post", color=colour, linewidth=1.8, label=words)
    axes.set_xscale("symlog", linthresh=1e-3)
    axes.set_xlim(0, 1)
    axes.set_ylim(0.5, 1.005)
    axes.set_xlabel("false alarms, share of unframed pictures", fontsize=9, color=INK)
    axes.set_ylabel("found, share of framed pictures", fontsize=9, color=INK)
    axes.legend(frameon=False, fontsize=9, labelcolor=INK, loc="lower right")
    bare(axes)
    save(figure, path)
