"""``packshot evaluate category | attribute``: how good what is said of photos is."""

from __future__ import annotations

import functools
from dataclasses import asdict

import click

from packshot.cli.command import option, packshot_command
from packshot.cli.evaluate.options import Asked, Describing
from packshot.cli.files import existing_data
from packshot.cli.options import settings_from

__all__ = ["attribute", "category"]


@packshot_command("category")
def category(
    *,
    data: str = option(
        "--data",
        envvar="PACKSHOT_DATA",
        metavar="DIR",
        help="Photos and their categories: class folders, a CSV with the column `label`, the public sets."
        " [env: PACKSHOT_DATA]",
    ),
    asked: Asked,
    network: Describing,
) -> int:
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
    from packshot.description import required_describer
    from packshot.evaluation.category_evaluation import category_head, category_labels, evaluate_category
    from packshot.web.evaluation_report import Mistakes
    from packshot.web.evaluation_report.pages import category_page, keep_wrong
    from packshot.web.evaluation_report.tables import category_table

    folder, mistakes = existing_data(data), Mistakes()
    describer = required_describer(settings_from(network))
    model, precision = describer.network.id, describer.precision
    head = category_head(describer.heads, network=model)
    items = asked.choose([item for item in described_items(folder) if item.category is not None], folder)
    true = category_labels(items, head, data=folder, network=model)
    asked.make_folder()
    with Bar(len(items), unit="photo") as bar:
        found = evaluate_category(
            items,
            head,
            describer.read,
            true=true,
            data=folder,
            precision=precision,
            wrong=functools.partial(keep_wrong, mistakes),
            progress=bar.step,
        )
    return asked.present(
        found,
        category_table(found.summary),
        data=folder,
        task="category",
        model=model,
        page=lambda facts: category_page(found, mistakes, facts=facts),
        precision=precision,
        more=lambda: {name: [asdict(row) for row in getattr(found, name)] for name in ("classes", "confusions")},
    )


@packshot_command("attribute")
def attribute(
    *,
    data: str = option(
        "--data",
        envvar="PACKSHOT_DATA",
        metavar="DIR",
        help="Photos and their values: a CSV with a column of the attribute's name, class folders, the public sets."
        " [env: PACKSHOT_DATA]",
    ),
    asked: Asked,
    network: Describing,
    name: str | None = option(
        "--head", metavar="NAME", help="Which attribute; `tags` for tags. Needed where there are several."
    ),
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
    from packshot.cli.progress import Bar
    from packshot.datasets import described_items
    from packshot.description import required_describer
    from packshot.evaluation.attribute_evaluation import attribute_head, evaluate_attribute, unknown_tags
    from packshot.heads import HeadKind
    from packshot.web.evaluation_report import Mistakes
    from packshot.web.evaluation_report.pages import attribute_page, keep_wrong
    from packshot.web.evaluation_report.tables import choice_table, tags_table

    folder, mistakes = existing_data(data), Mistakes()
    describer = required_describer(settings_from(network))
    model, precision = describer.network.id, describer.precision
    head = attribute_head(describer.heads, name, network=model)
    tags = head.kind is HeadKind.TAGS
    every = described_items(folder, attributes=() if tags else (head.name,))
    items = asked.choose([item for item in every if (item.tags if tags else head.name in item.attributes)], folder)
    if left_out := unknown_tags(items, head, data=folder, network=model):
        click.echo(f"tags that {model} does not know are left out: {left_out}", err=True)
    asked.make_folder()
    with Bar(len(items), unit="photo") as bar:
        found = evaluate_attribute(
            items,
            head,
            describer.read,
            data=folder,
            precision=precision,
            wrong=functools.partial(keep_wrong, mistakes),
            progress=bar.step,
        )
    return asked.present(
        found,
        tags_table(found.tags) if tags else choice_table(found.choices),
        data=folder,
        task="attribute",
        model=model,
        page=lambda facts: attribute_page(found, mistakes, facts=facts),
        precision=precision,
        more=lambda: {"head": head.name},
    )
