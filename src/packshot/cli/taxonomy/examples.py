"""Photos that teach a tree: a folder for each category, or a table."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.description.taxonomy import Taxonomy

__all__ = ["check_examples", "labelled_photos", "tree_of_folders"]

_FEWEST = 2  # photos of a category: one to learn from while the other is judged


def labelled_photos(examples: Path) -> list[tuple[Path, str]]:
    """Photos with the name of their category.

    Args:
        examples: a folder whose subfolders are categories, as deep as they like: ``Apparel/Tops/T-Shirt/1.jpg`` is of
            ``Apparel > Tops > T-Shirt``; or a CSV with the columns ``path`` and ``label``.

    Raises:
        UsageError: there are none, or a photo has no category.
    """
    from packshot.datasets import open_items
    from packshot.datasets.folders import pictures_in

    if not examples.is_dir():
        return [(item.photo, item.label or "") for item in open_items(examples, task="classification")]
    photos = pictures_in(examples, deep=True)
    found = [(photo, " > ".join(photo.parent.relative_to(examples).parts)) for photo in photos]
    loose = [photo for photo, label in found if not label]
    if loose:
        raise UsageError(
            f"{examples}: {len(loose)} photos lie in no category's folder, first {loose[0].name}",
            remedy="put each photo into a folder that is called like its category",
        )
    if not found:
        raise UsageError(f"{examples}: no photos", remedy="make a folder for each category, with five photos or more")
    return found


def tree_of_folders(labels: set[str], name: str) -> Taxonomy:
    """The tree that the folders themselves make.

    Raises:
        UsageError: they make none.
    """
    from packshot.description.taxonomy import taxonomy_of_paths

    return taxonomy_of_paths(sorted(labels), name=name)


def check_examples(examples: Path, labels: list[str], tree: Taxonomy, *, allow_missing: bool) -> list[str]:
    """The leaf that each label means.

    Args:
        examples: where they lie, for messages.
        labels: of the photos: ids, names or paths.
        tree: the shop's.
        allow_missing: whether leaves without photos may be left out.

    Raises:
        UsageError: a label is not in the tree or is no leaf; a leaf has no photo, or fewer than two.
    """
    meant = {}
    for label in dict.fromkeys(labels):
        try:
            node = tree.lookup(label)
        except UsageError as error:
            raise UsageError(f"{examples}: {error.message}", remedy=error.remedy) from error
        if tree.children(node.id):
            raise UsageError(
                f"{examples}: photos of {tree.path_text(node.id)!r}, which has categories below it",
                remedy="put them into the folders of these, or add one to the tree for what is none of them",
            )
        meant[label] = node.id
    leaves = [meant[label] for label in labels]
    counts = Counter(leaves)
    missing = [tree.path_text(leaf.id) for leaf in tree.leaves() if leaf.id not in counts]
    if missing and not allow_missing:
        raise UsageError(
            f"{examples}: no photos of {_named(missing)}",
            remedy="add two photos or more of each, take them out of the tree, or leave them out with --allow-missing",
        )
    few = [tree.path_text(leaf) for leaf, count in counts.items() if count < _FEWEST]
    if few:
        raise UsageError(
            f"{examples}: only one photo of {_named(few)}", remedy="add one or more, five or more are better"
        )
    if len(counts) < 2:
        raise UsageError(f"{examples}: photos of one category alone", remedy="add photos of another one")
    return leaves


def _named(paths: list[str], most: int = 5) -> str:
    more = f" and {len(paths) - most} more" if len(paths) > most else ""
    return ", ".join(repr(path) for path in paths[:most]) + more
