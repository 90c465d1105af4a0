"""``packshot evaluate attribute``: how good an attribute is, or the tags."""

from __future__ import annotations

import functools

import click

from packshot.cli.evaluate.options import Asked, asked_for, describe_options, load_describer
from packshot.cli.evaluate.output import present

__all__ = ["attribute"]


@click.command(name="attribute")
@asked_for(
    "Photos and their values: a CSV with a column of the attribute's name, class folders, the public sets.",
    describe_options,
)
@click.option(
    "--head", "name", metavar="NAME", help="Which attribute; `tags` for tags. Needed where there are several."
)
def attribute(asked: Asked, name: str | None) -> int:
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
    from packshot.evaluation.attribute_evaluation import attribute_head, evaluate_attribute, unknown_tags
    from packshot.heads import HeadKind
    from packshot.web.evaluation_report import Mistakes
    from packshot.web.evaluation_report.pages import attribute_page, keep_wrong
    from packshot.web.evaluation_report.tables import choice_table, tags_table

    describer = load_describer(asked.settings)
    network = describer.network.id
    head = attribute_head(describer.heads, name, network=network)
    tags = head.kind is HeadKind.TAGS
    every = described_items(asked.data, attributes=() if tags else (head.name,))
    items = asked.choose([item for item in every if (item.tags if tags else head.name in item.attributes)])
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
            wrong=functools.partial(keep_wrong, mistakes),
            progress=bar.step,
        )
    return present(
        asked,
        found,
        tags_table(found.tags) if tags else choice_table(found.choices),
        words=1 if tags else 2,
        task="attribute",
        model=network,
        page=lambda facts: attribute_page(found, mistakes, facts=facts),
        precision=describer.precision,
        more=lambda: {"head": head.name},
    )
