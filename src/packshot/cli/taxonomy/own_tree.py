"""``packshot taxonomy map | learn``: answers in a shop's own tree, by names or by examples."""

from __future__ import annotations

from pathlib import Path

from packshot.cli.command import argument, option, packshot_command
from packshot.cli.files import new_file
from packshot.cli.options import JSON, settings_from
from packshot.cli.printing import print_notes, print_row
from packshot.errors import UsageError

__all__ = ["learn", "map_onto"]


@packshot_command("map")
def map_onto(
    file: str = argument("FILE"),
    mapping: str | None = option("--mapping", metavar="CSV", help="Your corrections: columns category and node."),
    describe_model: str | None = option("--model", metavar="NAME|FILE", help="Whose categories. [default: describe]"),
    out: str | None = option(
        "-o", "--out", metavar="CSV", help="Write the whole table, to correct and give to --mapping."
    ),
    as_json: bool = JSON,
) -> None:
    """Show where the network's categories belong in your tree: by names, synonyms, and ids of Google and Shopify.

    FILE is your tree, a .toml or one path a line. What belongs nowhere is listed, and so are your categories that
    nothing leads to: of their photos only the parent is answered, unless they are learnt from examples.

    \b
    packshot taxonomy map shop.tree
    packshot taxonomy map shop.tree -o mapping.csv
    packshot run photos/ -o out/ --taxonomy shop.tree --mapping mapping.csv
    """
    from packshot.description import describer
    from packshot.description.own_tree import MappedTree, network_tree
    from packshot.description.own_tree.words import gap_lines, match_row, match_words
    from packshot.description.taxonomy import mapping_text
    from packshot.storage import write_atomic

    target = None if out is None else new_file(out)
    settings = settings_from(describe_model=describe_model, taxonomy=file, mapping=mapping)
    describe = describer(settings.describe_model, settings)
    if describe is None or not isinstance(describe.own_tree, MappedTree):
        raise UsageError(f"{file} was learnt from photos, nothing of it is mapped", remedy="name the tree itself")
    own = describe.own_tree
    ours = network_tree(own.head, network=describe.network.id)
    for match in own.matches:
        print_row(match_row(match, own), match_words(match, own, ours), as_json=as_json)
    print_notes(gap_lines(own))
    if target is not None:
        write_atomic(target, mapping_text(own.matches, ours, own.tree).encode())


@packshot_command("learn")
def learn(
    examples: str = argument("EXAMPLES"),
    out: str = option("-o", "--out", metavar="FILE", help="The learnt tree to write; it must not exist."),
    taxonomy: str | None = option("--taxonomy", metavar="FILE", help="Your tree. [default: the folders of EXAMPLES]"),
    allow_missing: bool = option("--allow-missing", help="Leave out categories of the tree that have no photos."),
    describe_model: str | None = option("--model", metavar="NAME|FILE", help="Whose features. [default: describe]"),
    as_json: bool = JSON,
) -> None:
    """Learn your own tree from a few photos of each category, in seconds; nothing is trained.

    EXAMPLES is a folder with a folder for each category (as deep as your tree is), or a CSV with the columns path and
    label. Five photos of each are a good start, two the least. How good it is is measured by cross-validation: each
    photo is answered by what the others taught. A photo that is not sure enough gets the parent, one that is like no
    example gets nothing.

    \b
    packshot taxonomy learn examples/ -o shop.learnt
    packshot taxonomy learn examples.csv --taxonomy shop.tree -o shop.learnt
    packshot run photos/ -o out/ --taxonomy shop.learnt
    """
    from packshot.cli.progress import Bar
    from packshot.datasets.examples import empty_categories, labelled_photos
    from packshot.description.learning import learn_from_photos
    from packshot.description.own_tree import read_tree, write_learnt
    from packshot.description.own_tree.examples import example_leaves
    from packshot.description.taxonomy import taxonomy_of_paths

    target, folder = new_file(out), Path(examples)
    photos = labelled_photos(folder)
    named = [label for _, label in photos]
    if taxonomy:
        tree = read_tree(taxonomy)
    else:
        tree = taxonomy_of_paths(sorted({*named, *empty_categories(folder)}), name=folder.stem)
    leaves = example_leaves(folder, named, tree, allow_missing=allow_missing)
    with Bar(len(photos), unit="photo") as bar:
        settings = settings_from(describe_model=describe_model)
        done = learn_from_photos([photo for photo, _ in photos], leaves, tree, settings, progress=bar.update)
    write_learnt(target, done.learnt)
    print_row({"examples": examples, "output": out, **done.row()}, done.words(out), as_json=as_json)
