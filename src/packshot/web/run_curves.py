"""Training runs drawn over each other: their learning curves, and their ROC curves; of a leaderboard's rows, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from packshot.counting import counted
from packshot.evaluation.binary import BinaryAnswers
from packshot.evaluation.histories import RunHistory
from packshot.evaluation.leaderboard import Row
from packshot.evaluation.run_curves import run_answers, run_histories
from packshot.web.line_chart import Panel, Series, line_chart

__all__ = ["curves_chart", "curves_of_runs", "roc_chart", "roc_of_runs"]


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
    return line_chart([panel for panel in panels if panel.series] or panels[:1], notes=_diverged(histories))


def curves_of_runs(rows: Sequence[Row]) -> tuple[str, list[str]]:
    """The `curves_chart` of a leaderboard, and a line for each run that diverged.

    Args:
        rows: of `packshot.evaluation.leaderboard.read_rows`; at least one.

    Raises:
        UsageError: a history is damaged.
    """
    histories = run_histories(rows)
    return curves_chart(histories, sorted({row.headline for row in rows})), _diverged(histories)


def roc_chart(answers: Mapping[str, BinaryAnswers], *, split: str) -> str:
    """What is found against what is falsely alarmed, as one SVG; the areas with their intervals in the legend.

    Args:
        answers: name of a model to its answers, of both kinds.
        split: they are of, for the title.
    """
    series = []
    for name, one in answers.items():
        area = one.area()
        words = (
            f"{name}: area {area.value:.3f} ({area.low:.3f} to {area.high:.3f}), {counted(len(one.photos), 'photo')}"
        )
        series.append(Series(words, *one.curve()))
    positive = next(iter(answers.values())).positive
    return line_chart(
        [Panel(f"found, share of {positive} ({split})", "false alarms, share of the others", series, True)]
    )


def roc_of_runs(rows: Sequence[Row]) -> str:
    """The `roc_chart` of a leaderboard: of the holdout where all runs that answer yes or no have one.

    Args:
        rows: of `packshot.evaluation.leaderboard.read_rows`.

    Raises:
        UsageError: no run answers yes or no, or a file is damaged.
    """
    split, answers = run_answers(rows)
    return roc_chart(answers, split=split)


def _diverged(histories: Mapping[str, RunHistory]) -> list[str]:
    return [f"{name} diverged: {one.diverged}" for name, one in histories.items() if one.diverged]
