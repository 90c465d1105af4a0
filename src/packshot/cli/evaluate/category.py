"""``packshot evaluate category``: how good categories along the tree are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packshot.cli.evaluate.options import Asked, data_options, describe_options, load_describer
from packshot.cli.evaluate.output import facts_of, print_rows, print_unreadable, progress_on, write_report
from packshot.cli.options import settings_from

if TYPE_CHECKING:
    from packshot.evaluation import CategoryScore

__all__ = ["category"]


@click.command(name="category")
@data_options("Photos and their categories: class folders, a CSV with the column `label`, the public sets.")
@describe_options
def category(data: str, split: str, out: str | None, limit: int | None, as_json: bool, **how: Any) -> int:
    """Score the categories a network gives, along its tree, on photos whose category is known.

    Labels are ids, names or paths in the network's tree. Accuracy and levels are those of the likeliest leaf, given
    always; "answered" is the share of photos with an answer that is sure enough for the precision asked for, parents
    included, "right" the share of these answers that are right as far as they go. Beside them stands the accuracy of
    always giving the most frequent category. Exits 3 when a photo could not be read; each is named.

    \b
    packshot evaluate category --data shop/
    packshot evaluate category --data shop/ --split validation -o quality/ --model mine.onnx
    packshot evaluate category --data $PACKSHOT_DATA --split validation --precision 0.99 --limit 500
    """
    return _evaluate(Asked(Path(data), split, limit, Path(out) if out else None, as_json, settings_from(**how)))


def _evaluate(asked: Asked) -> int:
    from packshot.cli.progress import Bar
    from packshot.datasets import described_items
    from packshot.evaluation.category_evaluation import category_head, category_labels, evaluate_category
    from packshot.evaluation.photos import choose_photos
    from packshot.web.evaluation_report import Mistakes
    from packshot.web.evaluation_report.pages import category_page, keep_wrong

    asked.check_data()
    describer = load_describer(asked.settings)
    network = describer.network.id
    head = category_head(describer.heads, network=network)
    every = [item for item in described_items(asked.data) if item.category is not None]
    items = choose_photos(every, data=asked.data, split=asked.split, limit=asked.limit)
    true = category_labels(items, head, data=asked.data, network=network)
    asked.make_folder()
    mistakes = Mistakes()
    with Bar(len(items), unit="photo") as bar:
        found = evaluate_category(
            items,
            head,
            describer.read,
            true=true,
            data=asked.data,
            precision=describer.precision,
            wrong=lambda wrong: keep_wrong(mistakes, wrong),
            progress=progress_on(bar),
        )
    print_rows(found, header=_header(found.summary), lines=_lines(found.summary), as_json=asked.as_json)
    if found.answers:
        more = {
            "classes": [asdict(row) for row in found.classes],
            "confusions": [asdict(row) for row in found.confusions],
        }
        write_report(
            asked,
            found,
            task="category",
            page=lambda facts: category_page(found, mistakes, facts=facts),
            facts=facts_of(asked, network, precision=describer.precision),
            more=more,
        )
    return print_unreadable(found.unreadable, len(items))


def _header(summary: Sequence[CategoryScore]) -> tuple[str, ...]:
    depth = max((len(row.levels) for row in summary), default=0)
    levels = [f"level {level + 1}" for level in range(depth)]
    first = ("set", "photos", "accuracy", "95 % interval", "majority")
    return (*first, *levels, "answered", "right", "F", "severity", "ECE")


def _lines(summary: Sequence[CategoryScore]) -> list[tuple[str, ...]]:
    from packshot.web.evaluation_report.answers import fixed, ranged

    depth = max((len(row.levels) for row in summary), default=0)
    return [
        (
            row.set,
            f"{row.photos}",
            fixed(row.accuracy.value if row.accuracy else None),
            ranged(row.accuracy),
            fixed(row.majority),
            *(fixed(level.accuracy.value) for level in row.levels),
            *[""] * (depth - len(row.levels)),
            fixed(row.served.answered.value),
            fixed(row.served.right.value if row.served.right else None),
            fixed(row.f.value),
            f"{row.severity.value:.2f}" if row.severity else "–",
            fixed(row.calibration_error),
        )
        for row in summary
    ]
