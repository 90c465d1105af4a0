"""The page on categories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from packshot.counting import counted
from packshot.evaluation.categories import CategoryAnswer, CategoryScore
from packshot.evaluation.confusions import class_table
from packshot.web.evaluation_report.answers import Fact, SetRow, Table, fixed, percent, ranged, render_answers, shown
from packshot.web.evaluation_report.confusion import most_confused
from packshot.web.evaluation_report.mistakes import Mistakes

__all__ = ["render_category"]


def render_category(
    summary: Sequence[CategoryScore],
    answers: Sequence[CategoryAnswer],
    mistakes: Mistakes,
    *,
    title: Callable[[str], str],
    precision: float,
    facts: Mapping[str, str],
    unreadable: Sequence[str] = (),
) -> str:
    """The report on categories as HTML.

    Args:
        summary: what `score_categories` made of `answers`, at least one row.
        answers: of every photo.
        mistakes: what was kept of the wrong ones.
        title: from a category's id to what to call it before a person, different for each.
        precision: asked for, 0..1.
        facts: what was evaluated, on what: name -> words, shown at the foot.
        unreadable: photos that could not be scored, each with its reason.
    """
    whole = summary[-1]
    served = whole.served
    main = whole.accuracy or whole.levels[-1].accuracy
    goal = "to the leaf" if whole.accuracy else f"down to level {len(whole.levels)}"
    count = whole.leaves if whole.accuracy else whole.levels[-1].support
    leaves = [answer for answer in answers if answer.leaf]
    ends = (
        [title(answer.true[-1]) for answer in answers],
        [title(answer.cut_to_truth(answer.likeliest)[-1]) for answer in answers],
    )
    depth = max(len(row.levels) for row in summary)
    return render_answers(
        title=f"{percent(main.value)} right {goal}, on {counted(count, 'photo')}",
        lead=f"With 95 % confidence between {percent(main.low)} and {percent(main.high)}, if the likeliest leaf is "
        f"always given. Where that is not sure enough for a precision of {precision:g}, packshot answers with the "
        "parent, or not at all: those are the answers as served.",
        headline=[
            Fact("Answered", percent(served.answered.value), f"at a precision of {precision:g}, parents included"),
            Fact("Of these right", shown(served.right), ranged(served.right)),
            Fact("Hierarchical F", shown(served.f), f"as served; {whole.f.value:.3f} always to the leaf"),
            Fact("Mistake severity", _severity(whole), "edges through the tree, always to the leaf"),
            Fact("Calibration error", fixed(whole.calibration_error), "of the leaf's probability"),
        ],
        figure="Accuracy",
        header=[
            *(f"Level {level + 1}" for level in range(depth)),
            "Answered",
            "Of these right",
            "F",
            "F served",
            "ECE",
        ],
        sets=[
            SetRow(
                name=row.set,
                photos=row.photos,
                figure=row.accuracy,
                baseline=row.majority,
                cells=(
                    *(shown(level.accuracy) for level in row.levels),
                    *[""] * (depth - len(row.levels)),
                    shown(row.served.answered),
                    shown(row.served.right),
                    shown(row.f),
                    shown(row.served.f),
                    fixed(row.calibration_error),
                ),
            )
            for row in summary
        ],
        classes=Table(
            ("Category", "Photos", "Precision", "Recall", "F1"),
            tuple(
                (str(row.label), f"{row.support:,}", fixed(row.precision), fixed(row.recall), f"{row.f1:.3f}")
                for row in sorted(class_table(*ends), key=lambda row: (not row.support, row.f1, -row.support))
            ),
        ),
        class_note="If the likeliest leaf is always given. Categories without a photo were only ever answered wrongly.",
        confused=most_confused(*_short(*ends)),
        doubts=[1 - answer.confidence for answer in leaves],
        errors=[float(not answer.right) for answer in leaves],
        mistakes=mistakes.worst(),
        mistake_note="The farthest through the tree first; of equally far ones the one the network was surest of.",
        facts=facts,
        unreadable=unreadable,
    )


def _severity(score: CategoryScore) -> str:
    return "–" if score.severity is None else f"{score.severity.value:.2f}"


def _short(true: Sequence[str], pred: Sequence[str]) -> tuple[list[str], list[str]]:
    """Names without the way to them, where that leaves no doubt: a matrix has no room for paths."""
    whole = sorted({*true, *pred})
    times = Counter(map(_last, whole))
    names = {path: _last(path) if times[_last(path)] == 1 else path for path in whole}
    return [names[path] for path in true], [names[path] for path in pred]


def _last(path: str) -> str:
    return path.rsplit(" > ", 1)[-1]
