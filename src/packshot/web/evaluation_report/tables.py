"""The summary of each kind of evaluation as a table of words: a row a set."""

from __future__ import annotations

from collections.abc import Sequence

from packshot.evaluation.attributes import ChoiceScore, TagsScore
from packshot.evaluation.categories import CategoryScore
from packshot.evaluation.scoring import SetScore
from packshot.web.evaluation_report.answers import Table, fixed, ranged, shown

__all__ = ["category_table", "choice_table", "mask_table", "tags_table"]


def mask_table(summary: Sequence[SetScore]) -> Table:
    """Masks: a row a set and method."""
    header = ("set", "method", "photos", "IoU", "95 % interval", "boundary F", "MAE", "pixel accuracy", "Spearman")
    rows = [
        (
            row.set,
            row.method,
            f"{row.photos}",
            shown(row.iou),
            f"{row.iou.low:.3f}-{row.iou.high:.3f}",
            shown(row.boundary_f),
            shown(row.mae),
            shown(row.pixel_accuracy),
            f"{row.spearman.value:.2f}" if row.spearman else "",
        )
        for row in summary
    ]
    return Table(header, tuple(rows), left=2)


def category_table(summary: Sequence[CategoryScore]) -> Table:
    """Categories: the accuracy of each level of the tree, then what is served."""
    depth = max((len(row.levels) for row in summary), default=0)
    levels = [f"level {level + 1}" for level in range(depth)]
    header = ("set", "photos", "accuracy", "95 % interval", "majority", *levels)
    rows = [
        (
            row.set,
            f"{row.photos}",
            shown(row.accuracy),
            ranged(row.accuracy),
            fixed(row.majority),
            *(shown(level.accuracy) for level in row.levels),
            *[""] * (depth - len(row.levels)),
            shown(row.served.answered),
            shown(row.served.right),
            shown(row.f),
            f"{row.severity.value:.2f}" if row.severity else "–",
            fixed(row.calibration_error),
        )
        for row in summary
    ]
    return Table((*header, "answered", "right", "F", "severity", "ECE"), tuple(rows))


def tags_table(summary: Sequence[TagsScore]) -> Table:
    """Tags; the tags themselves are in the report, there are too many."""
    header = ("set", "photos", "mAP", "95 % interval", "by guessing", "precision", "recall", "ECE")
    rows = [
        (
            row.set,
            f"{row.photos}",
            shown(row.mean_average_precision),
            ranged(row.mean_average_precision),
            fixed(row.base_rate),
            fixed(row.precision),
            fixed(row.recall),
            fixed(row.calibration_error),
        )
        for row in summary
    ]
    return Table(header, tuple(rows))


def choice_table(summary: Sequence[ChoiceScore]) -> Table:
    """An attribute: each set, and below it its values."""
    header = ("set", "value", "photos", "accuracy", "95 % interval", "majority", "answered", "right", "ECE")
    rows: list[tuple[str, ...]] = []
    for row in summary:
        figures = (
            shown(row.accuracy),
            ranged(row.accuracy),
            fixed(row.majority),
            shown(row.answered),
            shown(row.right),
            fixed(row.calibration_error),
        )
        rows.append((row.set, "", f"{row.photos}", *figures, "", "", ""))
        for value in row.labels:
            of_value = (fixed(value.base_rate), shown(value.average_precision), shown(value.roc_auc))
            rows.append(("", value.label, f"{value.support}", *[""] * len(figures), *of_value))
    return Table((*header, "base rate", "AP", "ROC AUC"), tuple(rows), left=2)
