"""Learning curves: loss and scores of training and validation, the learning rate, and seconds an epoch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from packshot.training.figures.style import ACCENT, GOOD, INK, QUIET, bare, new_figure, save

__all__ = ["draw_curves"]


def draw_curves(rows: Sequence[Mapping[str, float]], path: Path, *, headline: str, title: str) -> None:
    """Draw what an epoch's row of the history says.

    Args:
        rows: one an epoch, with ``epoch`` from 1 and keys like ``train/loss``; missing keys are left out.
        path: PNG to write.
        headline: name of the score, as in ``validation/iou``.
        title: above all.
    """
    # An empty mask scores high in pixel accuracy: it stands beside the headline, never in its place.
    pixels = any("validation/pixel_accuracy" in row for row in rows)
    widths = [1.2, 1.2, *([1.2] if pixels else []), 0.8, 0.8]
    figure = new_figure(3.2 * sum(widths) + 1, 3.6)
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold", color=INK)
    loss, score, *accuracy, rate, seconds = figure.subplots(1, len(widths), width_ratios=widths)
    _pair(loss, rows, "loss")
    _pair(score, rows, headline)
    for axes in accuracy:
        _pair(axes, rows, "pixel_accuracy")
    best = max(rows, key=lambda row: row.get(f"validation/{headline}", 0.0))
    if f"validation/{headline}" in best:
        value = best[f"validation/{headline}"]
        score.axhline(value, color=GOOD, linewidth=0.8, linestyle=(0, (4, 3)))
        score.plot([best["epoch"]], [value], marker="o", color=GOOD, markersize=6, linestyle="none")
        words = f"best {value:.4f}, epoch {best['epoch']:.0f}"
        score.text(0.99, 0.04, words, ha="right", fontsize=9, color=GOOD, transform=score.transAxes)
    epochs = [row["epoch"] for row in rows]
    rates = [row["learning_rate"] for row in rows]
    rate.plot(epochs, rates, color=INK, linewidth=1.4, marker=".", markersize=4)
    if any(rates):  # a cosine of one epoch ends at zero and has nothing to show
        rate.set_yscale("log")
    rate.set_title("learning rate", loc="left", fontsize=10, color=INK)
    timed = [(row["epoch"], row["seconds"]) for row in rows if "seconds" in row]
    if timed:
        seconds.plot(*zip(*timed, strict=True), color=INK, linewidth=1.4, marker=".", markersize=4)
    seconds.set_ylim(bottom=0)
    seconds.set_title("seconds an epoch", loc="left", fontsize=10, color=INK)
    for axes in (loss, score, *accuracy, rate, seconds):
        bare(axes)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_xlabel("epoch", fontsize=9, color=INK)
        # Room to the right from the start, so that one point is a point in a picture and not the whole picture.
        axes.set_xlim(0.5, max(epochs[-1], 2) + 0.5)
    save(figure, path)


def _pair(axes: Axes, rows: Sequence[Mapping[str, float]], name: str) -> None:
    for split, colour in (("train", QUIET), ("validation", ACCENT)):
        points = [(row["epoch"], row[f"{split}/{name}"]) for row in rows if f"{split}/{name}" in row]
        if points:
            axes.plot(*zip(*points, strict=True), color=colour, linewidth=1.8, marker=".", markersize=5, label=split)
    axes.set_title(name.replace("_", " "), loc="left", fontsize=10, color=INK)
    axes.legend(frameon=False, fontsize=9, labelcolor=INK)
