"""Labelled pictures on disk: which layout lies in a folder, what each picture is for, and whether all is well.

`open_items` recognises the layout and gives `Item`s, which read their photo and mask when asked; `check_items` looks
for what would spoil a training or its report. Nothing here needs torch.
"""

from packshot.datasets.checks import check_items
from packshot.datasets.described import Described, described_items, tag_names, with_cutouts
from packshot.datasets.items import Item, MaskKind, Split, read_labels, read_rgb
from packshot.datasets.layouts import Task, open_items
from packshot.datasets.manifest import read_manifest, write_manifest
from packshot.datasets.outlined import outlined_items
from packshot.datasets.public import UNLICENSED, grocery_scenes, public_items, street_scenes
from packshot.datasets.regions import Polygon, Runs
from packshot.datasets.report import DataReport, Finding
from packshot.datasets.splits import assign_splits, folds
from packshot.datasets.taught import KINDS_KEPT_OUT, render_items, taught_items
from packshot.datasets.white_background import white_background_alpha
from packshot.datasets.worn import worn_items

__all__ = [
    "KINDS_KEPT_OUT",
    "UNLICENSED",
    "DataReport",
    "Described",
    "Finding",
    "Item",
    "MaskKind",
    "Polygon",
    "Runs",
    "Split",
    "Task",
    "assign_splits",
    "check_items",
    "described_items",
    "folds",
    "grocery_scenes",
    "open_items",
    "outlined_items",
    "public_items",
    "read_labels",
    "read_manifest",
    "read_rgb",
    "render_items",
    "street_scenes",
    "tag_names",
    "taught_items",
    "white_background_alpha",
    "with_cutouts",
    "worn_items",
    "write_manifest",
]
