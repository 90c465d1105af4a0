"""Labelled pictures on disk: which layout lies in a folder, what each picture is for, and whether all is well."""

from packshot.datasets.items import Item, MaskKind, Split, read_rgb
from packshot.datasets.layouts import Task, open_items
from packshot.datasets.pseudo import pseudo_items
from packshot.datasets.public import grocery_scenes, public_items, street_scenes
from packshot.datasets.white_ground import white_ground_alpha

__all__ = [
    "Item",
    "MaskKind",
    "Split",
    "Task",
    "grocery_scenes",
    "open_items",
    "pseudo_items",
    "public_items",
    "read_rgb",
    "street_scenes",
    "white_ground_alpha",
]
