"""``packshot evaluate attribute``: how good an attribute is, or the tags."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packshot.cli.evaluate.options import Asked, data_options, describe_options, load_describer
from packshot.cli.evaluate.output import facts_of, print_rows, print_unreadable, progress_on, write_report
from packshot.cli.options import settings_from

if TYPE_CHECKING:
    from packshot.evaluation import ChoiceScore, TagsScore

__all__ = ["attribute"]


@click.command(name="attribute")
@data_options("Photos and their values: a CSV with a column of the attribute's name, class folders, the public sets.")
@click.option("--head", metavar="NAME", help="Which attribute; `tags` for tags. Needed where there are several.")
@describe_options
def attribute(
    data: str, split: str, out: str | None, limit: int | None, as_json: bool, head: str | None, **how: Any
) -> int:
    """Score one attribute a network gives, or its tags, on photos whose values are known.

    An attribute's accuracy stands beside that of always giving the most frequent value, and every value has its average
    precision beside its base rate, and its ROC AUC: a rare value cannot hide. Tags have the mean average precision over
    the tags that occur. Exits 3 when a photo could not be read; each is named.

    \b
    packshot evaluate attribute --data $PACKSHOT_DATA --head kids --split validation
    packshot evaluate attribute --data shop/list.csv --head sleeves -o quality/ --model mine.onnx
    packshot evaluate attribute --data $PACKSHOT_DATA --head tags
    """
    return _evaluate(Asked(Path(data), split, limit, Path(out) if out else None, as_json, settings_from(**how)), head)


def _evaluate(asked: Asked, name: str | None) -> int:
    from packshot.cli.progress import Bar
    from packshot.datasets import described_items
    from packshot.evaluation.attribute_evaluation import attribute_head, evaluate_attribute, unknown_tags
    from packshot.evaluation.photos import choose_photos
    from packshot.heads import HeadKind
    from packshot.web.evaluation_report import Mistakes
    from packshot.web.evaluation_report.pages import attribute_page, keep_wrong

    asked.check_data()
    describer = load_describer(asked.settings)
    network = describer.network.id
    head = attribute_head(describer.heads, name, network=network)
    tags = head.kind is HeadKind.TAGS
    every = described_items(asked.data, attributes=() if tags else (head.name,))
    known = [item for item in every if (item.tags if tags else head.name in item.attributes)]
    items = choose_photos(known, data=asked.data, split=asked.split, limit=asked.limit)
    if left_out := unknown_tags(items, head, data=asked.data, network=network):
        click.echo(f"tags that {network} does not know are left out: {left_out}", err=True)
    asked.make_folder()
    mistakes = Mistakes()
    with Bar(len(items), unit="photo") as bar:
        found = evaluate_attribute(
            items,
            head,
            describer.read,
            data=asked.data,
            precision=describer.precision,
            wrong=lambda wrong: keep_wrong(mistakes, wrong),
            progress=progress_on(bar),
        )
    header, lines = _tags_table(found.tags) if tags else _choice_table(found.choices)
    print_rows(found, header=header, lines=lines, left=1 if tags else 2, as_json=asked.as_json)
    if found.answers:
        write_report(
            asked,
            found,
            task="attribute",
            page=lambda facts: attribute_page(found, mistakes, facts=facts),
            facts=facts_of(asked, network, precision=describer.precision),
            more={"head": head.name},
        )
    return print_unreadable(found.unreadable, len(items))


def _tags_table(summary: Sequence[TagsScore]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Header and rows; the tags themselves are in the report, there are too many."""
    from packshot.web.evaluation_report.answers import fixed, ranged

    return ("set", "photos", "mAP", "95 % interval", "by guessing", "precision", "recall", "ECE"), [
        (
            row.set,
            f"{row.photos}",
            fixed(row.mean_average_precision.value if row.mean_average_precision else None),
            ranged(row.mean_average_precision),
            fixed(row.base_rate),
            fixed(row.precision),
            fixed(row.recall),
            fixed(row.calibration_error),
        )
        for row in summary
    ]


def _choice_table(summary: Sequence[ChoiceScore]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Header and rows: each set, and below it its values."""
    from packshot.web.evaluation_report.answers import fixed, ranged

    header = ("set", "value", "photos", "accuracy", "95 % interval", "majority", "answered", "right", "ECE")
    lines: list[tuple[str, ...]] = []
    for row in summary:
        figures = (
            fixed(row.accuracy.value),
            ranged(row.accuracy),
            fixed(row.majority),
            fixed(row.answered.value),
            fixed(row.right.value if row.right else None),
            fixed(row.calibration_error),
        )
        lines.append((row.set, "", f"{row.photos}", *figures, "", "", ""))
        lines += [
            (
                "",
                value.label,
                f"{value.support}",
                *[""] * len(figures),
                fixed(value.base_rate),
                fixed(value.average_precision.value if value.average_precision else None),
                fixed(value.roc_auc.value if value.roc_auc else None),
            )
            for value in row.labels
        ]
    return (*header, "base rate", "AP", "ROC AUC"), lines
