"""A shop's own tree: what a network says mapped onto it, or learnt from a few photos of each category."""

from packshot.description.own_tree.cross_validation import CrossValidation, cross_validated
from packshot.description.own_tree.file import is_learnt, read_learnt, write_learnt
from packshot.description.own_tree.learnt import LearntTree, Share, learn_tree
from packshot.description.own_tree.mapped import MappedTree
from packshot.description.own_tree.network_tree import network_tree
from packshot.description.own_tree.opening import OwnTree, open_own_tree, own_tree_fingerprint, read_tree
from packshot.description.own_tree.prototypes import unit_length

__all__ = [
    "CrossValidation",
    "LearntTree",
    "MappedTree",
    "OwnTree",
    "Share",
    "cross_validated",
    "is_learnt",
    "learn_tree",
    "network_tree",
    "open_own_tree",
    "own_tree_fingerprint",
    "read_learnt",
    "read_tree",
    "unit_length",
    "write_learnt",
]
