"""The pages on attributes and tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from packshot.counting import counted
from packshot.evaluation.attributes import AttributeAnswer, ChoiceScore, LabelScore, TagsScore
from packshot.web.evaluation_report.answers import Fact, SetRow, Table, fixed, percent, ranged, render_answers, shown
from packshot.web.evaluation_report.confusion import most_confused
from packshot.web.evaluation_report.mistakes import Mistakes

__all__ = ["render_choice", "render_tags"]


def render_choice(
    summary: Sequence[ChoiceScore],
    answers: Sequence[AttributeAnswer],
    mistakes: Mistakes,
    *,
    head: str,
    precision: float,
    facts: Mapping[str, str],
    unreadable: Sequence[str] = (),
) -> str:
    """The report on an attribute of which one value is true, as HTML.

    Args:
        summary: what `score_choices` made of `answers`, at least one row.
        answers: of every photo.
        mistakes: what was kept of the wrong ones.
        head: name of the attribute.
        precision: asked for, 0..1.
        facts: what was evaluated, on what: name -> words, shown at the foot.
        unreadable: photos that could not be scored, each with its reason.
    """
    whole = summary[-1]
    rarest = next((row for row in reversed(whole.labels) if row.support), whole.labels[-1])
    main = whole.accuracy
    return render_answers(
        title=f"{head}: {percent(main.value)} right, on {counted(whole.photos, 'photo')}",
        lead=f"With 95 % confidence between {percent(main.low)} and {percent(main.high)}, if the likeliest value is "
        f"always given. Always saying {whole.majority_label!r} is right for {percent(whole.majority)}.",
        headline=[
            Fact(
                f"Average precision of {rarest.label!r}",
                shown(rarest.average_precision),
                f"{rarest.base_rate:.3f} by guessing",
            ),
            Fact(f"ROC AUC of {rarest.label!r}", shown(rarest.roc_auc), "0.5 by luck"),
            Fact("Answered", percent(whole.answered.value), f"at a precision of {precision:g}"),
            Fact("Of these right", shown(whole.right), ranged(whole.right)),
            Fact("Calibration error", fixed(whole.calibration_error), "of the likeliest value's probability"),
        ],
        figure="Accuracy",
        header=("Answered", "Of these right", "ECE"),
        sets=[
            SetRow(
                name=row.set,
                photos=row.photos,
                figure=row.accuracy,
                baseline=row.majority,
                cells=(
                    shown(row.answered),
                    shown(row.right),
                    fixed(row.calibration_error),
                ),
            )
            for row in summary
        ],
        classes=_table("Value", whole.labels),
        class_note="Precision, recall and F1 if the likeliest value is always given. Average precision and ROC AUC ask "
        "for no threshold; guessing has an average precision of the base rate, and a ROC AUC of 0.5.",
        confused=most_confused([next(iter(a.true)) for a in answers], [a.likeliest for a in answers]),
        doubts=[1 - answer.confidence for answer in answers],
        errors=[float(not answer.right) for answer in answers],
        mistakes=mistakes.worst(),
        mistake_note="The ones the network was surest of first.",
        facts=facts,
        unreadable=unreadable,
    )


def render_tags(
    summary: Sequence[TagsScore],
    mistakes: Mistakes,
    *,
    head: str,
    precision: float,
    facts: Mapping[str, str],
    unreadable: Sequence[str] = (),
) -> str:
    """The report on tags as HTML; see `render_choice`."""
    whole = summary[-1]
    main = whole.mean_average_precision
    lead = "None of these tags is in any photo."
    if main:
        lead = f"With 95 % confidence between {main.low:.3f} and {main.high:.3f}. Guessing has {whole.base_rate:.3f}."
    photos = counted(whole.photos, "photo")
    return render_answers(
        title=f"{head}: mean average precision {shown(main)}, on {photos}",
        lead=lead,
        headline=[
            Fact("Precision", fixed(whole.precision), f"of the tags said at a precision of {precision:g}"),
            Fact("Recall", fixed(whole.recall), "share of the true tags that were said"),
            Fact("Calibration error", fixed(whole.calibration_error), "of all tags' probabilities"),
        ],
        figure="mAP",
        header=("Precision", "Recall", "ECE"),
        sets=[
            SetRow(
                name=row.set,
                photos=row.photos,
                figure=row.mean_average_precision,
                baseline=row.base_rate,
                cells=(fixed(row.precision), fixed(row.recall), fixed(row.calibration_error)),
            )
            for row in summary
        ],
        classes=_table("Tag", whole.labels),
        class_note=f"Precision, recall and F1 of what was said at a precision of {precision:g}. Average precision and "
        "ROC AUC ask for no threshold; guessing has an average precision of the base rate, and a ROC AUC of 0.5.",
        confused=(),
        doubts=(),
        errors=(),
        mistakes=mistakes.worst(),
        mistake_note="Tags that were said and are not there, the surest first.",
        facts=facts,
        unreadable=unreadable,
    )


def _table(what: str, labels: Sequence[LabelScore]) -> Table:
    """The lowest average precision first; labels without a photo last."""

    def worst(row: LabelScore) -> tuple[bool, float]:
        return row.average_precision is None, row.average_precision.value if row.average_precision else 0.0

    header = (what, "Photos", "Base rate", "Average precision", "95 % interval", "ROC AUC", "Precision", "Recall", "F1")
    rows = [
        (
            row.label,
            f"{row.support:,}",
            f"{row.base_rate:.3f}",
            shown(row.average_precision),
            ranged(row.average_precision),
            shown(row.roc_auc),
            fixed(row.precision),
            fixed(row.recall),
            f"{row.f1:.3f}",
        )
        for row in sorted(labels, key=worst)
    ]
    return Table(header, tuple(rows))
