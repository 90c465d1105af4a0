"""Score against the number of pictures learnt from: a dot a training, a line through their means."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path

from packshot.training.figures.style import ACCENT, INK, QUIET, bare, new_figure, save

__all__ = ["draw_learning_curve"]


def draw_learning_curve(points: Sequence[tuple[float, Sequence[float]]], path: Path, *, score: str, title: str) -> None:
    """Draw it.

    Args:
        points: number of pictures, and the scores of the trainings on so many; at least one.
        path: PNG to write.
        score: its name.
        title: above all.
    """
    figure = new_figure(6.4, 3.8)
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold", color=INK)
    axes = figure.subplots()
    for pictures, scores in points:
        axes.plot([pictures] * len(scores), scores, marker="o", color=QUIET, markersize=5, linestyle="none")
    means = [(pictures, statistics.mean(scores)) for pictures, scores in points]
    axes.plot(*zip(*means, strict=True), color=ACCENT, linewidth=1.8, marker="o", markersize=6)
    for pictures, mean in means:
        axes.annotate(f"{mean:.3f}", (pictures, mean), (0, 8), textcoords="offset points", ha="center", fontsize=9)
    axes.set_xscale("log")
    axes.set_xlabel("training pictures", fontsize=9, color=INK)
    axes.set_ylabel(f"validation {score.replace('_', ' ')}", fontsize=9, color=INK)
    axes.margins(0.12)
    bare(axes)
    save(figure, path)
