"""``packshot evaluate category | attribute``: how good what is said of photos is."""

from __future__ import annotations

from packshot.cli.command import option, packshot_command
from packshot.cli.evaluate.options import Asked, Describing
from packshot.cli.files import existing_data
from packshot.cli.options import data_option, settings_from

__all__ = ["attribute", "category"]


@packshot_command("category")
def category(
    *,
    data: str = data_option(
        "Photos and their categories: class folders, a CSV with the column `label`, the public sets."
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
    from packshot.datasets import described_items
    from packshot.description import required_describer
    from packshot.web.evaluation_report.tasks import CategoryTask

    folder = existing_data(data)
    task = CategoryTask(required_describer(settings_from(network)), folder)
    return asked.run(task, [item for item in described_items(folder) if item.category is not None], folder)


@packshot_command("attribute")
def attribute(
    *,
    data: str = data_option(
        "Photos and their values: a CSV with a column of the attribute's name, class folders, the public sets."
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
    from packshot.datasets import described_items
    from packshot.description import required_describer
    from packshot.web.evaluation_report.tasks import AttributeTask

    folder = existing_data(data)
    task = AttributeTask(required_describer(settings_from(network)), folder, name)
    every = described_items(folder, attributes=task.attributes)
    return asked.run(task, [item for item in every if task.has_truth(item)], folder)
