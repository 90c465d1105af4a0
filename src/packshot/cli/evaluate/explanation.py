"""``packshot evaluate explanation``: which method's maps are true."""

from __future__ import annotations

import click

from packshot.cli.command import option, packshot_command
from packshot.cli.evaluate.options import Asked, Describing
from packshot.cli.files import existing_data
from packshot.cli.options import data_option, settings_from
from packshot.cli.printing import print_table
from packshot.extras import installing

__all__ = ["explanation"]

_DEFAULT = ("cam", "occlusion", "centre", "edges", "random")


@packshot_command("explanation")
def explanation(
    *,
    data: str = data_option("Photos, as for training."),
    names: tuple[str, ...] = option(
        "--method", metavar="NAME", help=f"Of `packshot explain`. [default: {', '.join(_DEFAULT)}]"
    ),
    head: str = option("--head", default="category", metavar="NAME", help="Which answer is explained."),
    keep: bool = option(
        "--keep", help="Write the likeness onto the card of the network that answers: `packshot explain` warns by it."
    ),
    asked: Asked,
    network: Describing,
) -> int:
    """Measure whether methods of `packshot explain` give true maps, beside maps that look at no network.

    Deletion and insertion are the areas under the answer while the hottest pixels go and come; energy and pointing say
    whether the heat lies on the product. Likeness compares with the maps of the same network with shuffled weights
    (extra: train): a method whose maps stay alike does not show what the network has learnt. Photos of which one of the
    two maps is the same everywhere are left out of it, and counted as silent. Sensitivity is how much a map changes
    under noise that nobody sees. Every figure has an interval of 95 %, so fewer than ten photos are refused.

    A class-activation map takes a second a photo with all this, RISE ten on one core. With -o each finished map is kept
    in maps.jsonl there: the same command repeated goes on where it was stopped, with more photos or methods, too.

    \b
    packshot evaluate explanation --data $PACKSHOT_DATA --split validation --limit 40 -o trust/
    packshot evaluate explanation --data shop/ --model mine.onnx --keep
    packshot evaluate explanation --data shop/ --method cam --method rise --method grad-cam++ --method centre
    """
    from packshot.storage.lock import folder_lock

    if asked.out is not None:
        folder_lock(asked.out).refuse()  # before photos are listed and networks are loaded
    from packshot.cli.gradients import gradient_maker, weight_shuffler
    from packshot.cli.progress import Bar
    from packshot.datasets import described_items
    from packshot.explaining import Questions, method_for
    from packshot.explaining.answering import answering_network, forgetful_network
    from packshot.explaining.fitting import chosen_methods
    from packshot.explaining.sanity import keep_checks, sanity_checks
    from packshot.explaining.trust import HEADER, measure_trust
    from packshot.storage import write_atomic
    from packshot.storage.json_text import json_text

    folder, settings = existing_data(data), settings_from(network)
    chosen = chosen_methods(Questions(settings), names, head, otherwise=_DEFAULT)
    items = asked.choose(described_items(folder), folder)
    if asked.out is None:
        click.echo("nothing is kept of what is stopped: add -o FOLDER to go on there", err=True)
    shuffle = weight_shuffler()
    with Bar(len(items) * len(chosen), unit="map") as bar, forgetful_network(settings, head, shuffle) as forgetful:
        if shuffle is None:
            bar.write_line(f"likeness is not measured: {installing('train')}")
        figures, unreadable = measure_trust(
            items,
            lambda each: {name: method_for(name, None, maker=gradient_maker(each)) for name in chosen},
            settings,
            forgetful,
            head=head,
            data=folder,
            out=asked.out,
            progress=bar.step,
        )
    if keep:
        card = keep_checks(answering_network(settings, head).path, sanity_checks(figures, head=head))
        click.echo(f"kept on {card}", err=True)
    rows = [row.row() for row in figures]
    if asked.out is not None:
        write_atomic(asked.out / "summary.json", json_text(rows, indent=2).encode())
    told = [row | {"error": None} for row in rows]
    print_table(told, HEADER, [row.cells for row in figures], as_json=asked.as_json)
    return 3 if unreadable else 0
