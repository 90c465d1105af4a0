"""``packshot taxonomy learn``: a shop's own tree from a few photos of each category."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packshot.cli.options import json_option, settings_from

if TYPE_CHECKING:
    from packshot.description.own_tree import CrossValidation, LearntTree

__all__ = ["learn"]


@click.command(name="learn")
@click.argument("examples")
@click.option("-o", "--out", required=True, metavar="FILE", help="The learnt tree to write; it must not exist.")
@click.option("--taxonomy", metavar="FILE", help="Your tree. [default: the folders of EXAMPLES]")
@click.option("--allow-missing", is_flag=True, help="Leave out categories of the tree that have no photos.")
@click.option("--model", "describe_model", metavar="NAME|FILE", help="Whose features. [default: describe]")
@json_option
def learn(
    examples: str, out: str, taxonomy: str | None, allow_missing: bool, describe_model: str | None, as_json: bool
) -> int:
    """Learn your own tree from a few photos of each category, in seconds; nothing is trained.

    EXAMPLES is a folder with a folder for each category (as deep as your tree is), or a CSV with the columns path and
    label. Five photos of each are a good start, two the least. What it is worth is measured by cross-validation: each
    photo is judged by what the others taught. A photo that is not sure enough gets the parent, one that is like no
    example gets nothing.

    \b
    packshot taxonomy learn examples/ -o shop.learnt
    packshot taxonomy learn examples.csv --taxonomy shop.tree -o shop.learnt
    packshot run photos/ -o out/ --taxonomy shop.learnt
    """
    import numpy as np

    from packshot.cli.progress import Bar
    from packshot.cli.taxonomy.examples import check_examples, labelled_photos, tree_of_folders
    from packshot.cli.taxonomy.reading import read_tree
    from packshot.description import Describer
    from packshot.description.own_tree import learn_tree, write_learnt
    from packshot.errors import UsageError
    from packshot.photo import decode

    started = time.monotonic()
    if Path(out).exists():
        raise UsageError(f"{out} exists, and is not overwritten", remedy="name another file with -o, or remove it")
    photos = labelled_photos(Path(examples))
    named = [label for _, label in photos]
    tree = read_tree(taxonomy) if taxonomy else tree_of_folders(set(named), Path(examples).stem)
    labels = check_examples(Path(examples), named, tree, allow_missing=allow_missing)
    settings = settings_from(describe_model=describe_model)
    describe = Describer(settings.describe_model, settings.model_copy(update={"taxonomy": None, "mapping": None}))
    plain, mirrored = [], []
    with Bar(len(photos), unit="photo") as bar:
        for photo, _ in photos:
            rgb = decode(photo, limits=settings.limits).rgb
            plain.append(describe.read(rgb).pooled)
            mirrored.append(describe.read(np.ascontiguousarray(rgb[:, ::-1])).pooled)
            bar.update()
    learnt, judged = learn_tree(np.stack(plain), labels, tree, model=describe.network.id, mirrored=np.stack(mirrored))
    write_learnt(Path(out), learnt)
    row = _row(learnt, judged, [str(photo) for photo, _ in photos])
    row = {"examples": examples, "output": out, **row, "seconds": round(time.monotonic() - started, 1)}
    if as_json:
        click.echo(json.dumps(row))
        return 0
    _tell(row)
    return 0


def _row(learnt: LearntTree, judged: CrossValidation, names: list[str]) -> dict[str, Any]:
    likeliest = judged.scores.argmax(axis=1)
    wrong = [
        {
            "photo": names[row],
            "is": learnt.tree.path_text(learnt.leaves[judged.places[row]]),
            "taken_for": learnt.tree.path_text(learnt.leaves[likeliest[row]]),
        }
        for row in range(len(names))
        if not judged.right[row]
    ]
    return {
        "tree": f"{learnt.tree.name} {learnt.tree.version}",
        "model": learnt.model,
        "photos": learnt.photos,
        "leaves": len(learnt.leaves),
        "folds": learnt.folds,
        "accuracy": round(learnt.accuracy, 4),
        "answered": {str(share.precision): share.row() for share in learnt.shares(judged)},
        "familiar_from": round(learnt.familiar_from, 4),
        "wrong": wrong,
    }


def _tell(row: dict[str, Any]) -> None:
    click.echo(
        f"{row['output']}: {row['leaves']} categories learnt from {row['photos']} photos in {row['seconds']:.1f} s"
    )
    click.echo(f"right by {row['folds']}-fold cross-validation: {row['accuracy']:.3f}")
    for precision, share in row["answered"].items():
        click.echo(
            f"  asked for {precision}: {share['answered']:.3f} answered, {share['whole']:.3f} down to the last "
            f"category, {share['right']:.3f} of the answers right"
        )
    for each in row["wrong"][:10]:
        click.echo(f"  look at {each['photo']}: {each['is']}, taken for {each['taken_for']}")
    if len(row["wrong"]) > 10:
        click.echo(f"  and {len(row['wrong']) - 10} more (--json lists all)")
