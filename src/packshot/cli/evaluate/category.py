"""``packshot evaluate category``: how good categories along the tree are."""

from __future__ import annotations

import functools
from dataclasses import asdict

import click

from packshot.cli.evaluate.options import Asked, asked_for, describe_options, load_describer
from packshot.cli.evaluate.output import present

__all__ = ["category"]


@click.command(name="category")
@asked_for(
    "Photos and their categories: class folders, a CSV with the column `label`, the public sets.", describe_options
)
def category(asked: Asked) -> int:
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
    from packshot.cli.progress import Bar
    from packshot.datasets import described_items
    from packshot.evaluation.category_evaluation import category_head, category_labels, evaluate_category
    from packshot.web.evaluation_report import Mistakes
    from packshot.web.evaluation_report.pages import category_page, keep_wrong
    from packshot.web.evaluation_report.tables import category_table

    describer = load_describer(asked.settings)
    network = describer.network.id
    head = category_head(describer.heads, network=network)
    items = asked.choose([item for item in described_items(asked.data) if item.category is not None])
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
            wrong=functools.partial(keep_wrong, mistakes),
            progress=bar.step,
        )
    return present(
        asked,
        found,
        category_table(found.summary),
        words=1,
        task="category",
        model=network,
        page=lambda facts: category_page(found, mistakes, facts=facts),
        precision=describer.precision,
        more=lambda: {
            "classes": [asdict(row) for row in found.classes],
            "confusions": [asdict(row) for row in found.confusions],
        },
    )
