"""The shop's tree that settings name, ready for one network."""

from __future__ import annotations

import hashlib
from pathlib import Path

from packshot.description.own_tree.file import is_learnt, read_learnt
from packshot.description.own_tree.learnt import LearntTree
from packshot.description.own_tree.mapped import MappedTree
from packshot.description.own_tree.network_tree import network_tree
from packshot.description.taxonomy import Taxonomy, load_taxonomy, map_taxonomy, open_taxonomy, read_mapping
from packshot.errors import ModelMismatch, UsageError
from packshot.heads import Head
from packshot.values import CATEGORY

__all__ = ["OwnTree", "open_own_tree", "own_tree_fingerprint", "read_tree"]

OwnTree = MappedTree | LearntTree


def open_own_tree(
    path: str | Path, *, mapping: str | Path | None, heads: tuple[Head, ...], network: str, channels: int
) -> OwnTree:
    """A shop's tree.

    Args:
        path: a tree, or what ``packshot taxonomy learn`` made of one and examples.
        mapping: the shop's table, for a tree; see `packshot.description.taxonomy.read_mapping`.
        heads: of the network, with thresholds for the precision asked for.
        network: name and hash.
        channels: of its last feature map.

    Raises:
        UsageError: a file cannot be read or holds something else, or there is a table for a learnt tree.
        ModelMismatch: the tree was learnt with another network, or the network has no categories.
    """
    path = Path(path)
    if is_learnt(path):
        if mapping is not None:
            raise UsageError(
                f"{path} was learnt from photos, nothing of it is mapped",
                remedy="leave out --mapping, or name the tree itself with --taxonomy",
            )
        learnt = read_learnt(path)
        if learnt.model != network or learnt.rule.means.shape[1] != channels:
            raise ModelMismatch(
                f"{path} was learnt with {learnt.model}, the network is {network}",
                remedy="learn it again with this network: packshot taxonomy learn",
            )
        return learnt
    head = next((head for head in heads if head.name == CATEGORY), None)
    if head is None:
        raise ModelMismatch(
            f"{network} answers no category, so nothing can be mapped onto {path}",
            remedy="take another network, or learn the tree from examples: packshot taxonomy learn",
        )
    ours, theirs = network_tree(head, network=network), open_taxonomy(path)
    table = {} if mapping is None else read_mapping(mapping, ours, theirs)
    return MappedTree(head, theirs, map_taxonomy(ours, theirs, table=table))


def read_tree(path: str | Path | None) -> Taxonomy:
    """The tree of a file: our own TOML, one path a line, or a learnt one; without a file, the one that ships.

    Raises:
        UsageError: the file holds none.
    """
    if path is None:
        return load_taxonomy()
    return read_learnt(Path(path)).tree if is_learnt(Path(path)) else open_taxonomy(path)


def own_tree_fingerprint(path: str | Path | None, mapping: str | Path | None) -> str | None:
    """Changes with the files' content; None without a tree.

    Raises:
        UsageError: a file cannot be read.
    """
    if path is None:
        return None
    digest = hashlib.sha256()
    for each in (path, mapping):
        try:
            data = b"" if each is None else Path(each).read_bytes()
        except OSError as error:
            raise UsageError(f"{each} cannot be read ({error.strerror})", remedy="check the path") from error
        digest.update(hashlib.sha256(data).digest())
    return digest.hexdigest()
