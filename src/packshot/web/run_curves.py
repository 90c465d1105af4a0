"""Training runs drawn over each other: their learning curves, and their ROC curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from packshot.evaluation.binary import BinaryAnswers
from packshot.evaluation.histories import RunHistory
from packshot.web.line_chart import Panel, Series, line_chart

__all__ = ["curves_chart", "roc_chart"]


def curves_chart(histories: Mapping[str, RunHistory], headlines: Sequence[str]) -> str:
    """Loss in training, loss and main score on validation, epoch by epoch, as one SVG.

    Args:
        histories: name of a run to its epochs; a run that diverged is named so.
        headlines: names of the scores that chose the weights, as in ``validation/iou``; a panel each.
    """
    shown = {f"{name}{' (diverged)' if one.diverged else ''}": one for name, one in histories.items()}
    columns = ["train/loss", "validation/loss", *(f"validation/{name}" for name in headlines)]
    panels = [
        Panel(
            column.replace("/", " ").replace("_", " "),
            "epoch",
            [Series(name, *one.points(column)) for name, one in shown.items() if one.points(column)[0]],
        )
        for column in columns
    ]
    notes = [f"{name} diverged: {one.diverged}" for name, one in histories.items() if one.diverged]
    return line_chart([panel for panel in panels if panel.series] or panels[:1], notes=notes)


def roc_chart(answers: Mapping[str, BinaryAnswers], *, split: str) -> str:
    """What is found against what is falsely alarmed, as one SVG; the areas with their intervals in the legend.

    Args:
        answers: name of a model to its answers, of both kinds.
        split: they are of, for the title.
    """
    series = []
    for name, one in answers.items():
        area = one.area()
        words = f"{name}: area {area.value:.3f} ({area.low:.3f} to {area.high:.3f}), {len(one.photos):,} photos"
        series.append(Series(words, *one.curve()))
    positive = next(iter(answers.values())).positive
    return line_chart(
        [Panel(f"found, share of {positive} ({split})", "false alarms, share of the others", series, True)]
    )
