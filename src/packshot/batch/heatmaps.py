"""``heatmaps/``: pictures of where in a photo the category and the products that were answered were seen.

Names hold a label, so that no one knows from a photo's name alone which there are: ``front.shoe.jpg``. A label has no
dot, thus what stands before the last two dots is the photo's stem, and no other photo's.
"""

from __future__ import annotations

import math
import os
import re
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from packshot.values import CATEGORY, Box, Description, Heatmap, Product

if TYPE_CHECKING:
    from packshot.result import Result

__all__ = ["draw_heatmaps", "heatmaps_on_disk"]

_FOLDER = "heatmaps"
_MOST = 3  # pictures of one photo
_LONGEST = 800  # pixels of the longer side: heat is no finer than 192
_QUALITY = 85
_NAME = re.compile(r"(?P<stem>.+)\.[A-Za-z0-9_-]+\.jpg", re.DOTALL)


def draw_heatmaps(result: Result, stem: str) -> dict[str, tuple[str, bytes]]:
    """Draw where the category and the likeliest products were seen: the photo under heat, with their boxes.

    Args:
        result: what the pipeline made.
        stem: relative path without suffix.

    Returns:
        Label to path below the output folder and JPEG file, the category first; at most three. Without metadata, the
        longer side at most 800 pixels, of the photo without its frame. None for what was not answered or left no heat.
    """
    if result.description is None or result.picture is None:
        return {}
    from packshot.explanation import draw_heatmap, draw_products  # noqa: PLC0415  # heavy, and only workers need it
    from packshot.photo import encode  # noqa: PLC0415
    from packshot.resizing import downscale_factor, downscaled  # noqa: PLC0415

    small = downscaled(result.picture.rgb, _LONGEST)
    scale = downscale_factor(result.picture.rgb.shape[:2], _LONGEST)
    drawn: dict[str, tuple[str, bytes]] = {}
    names: set[str] = set()
    for heatmap in _chosen(result.description):
        name = _name(heatmap.label, names)
        names.add(name.casefold())
        boxes = [
            Product(each.label, each.name, each.score, _scaled(each.box, scale, small.shape[1], small.shape[0]))
            for each in result.description.products
            if each.label == heatmap.label
        ]
        picture = draw_products(draw_heatmap(small, heatmap.heat), boxes)
        data = encode(picture, format="JPEG", quality=_QUALITY).data
        drawn[heatmap.label] = (f"{_FOLDER}/{stem}.{name}.jpg", data)
    return drawn


def heatmaps_on_disk(out: Path) -> dict[str, list[str]]:
    """Every heatmap in an output folder, also those of a run that was killed before it could remember them.

    Returns:
        Stem to paths below `out`.
    """
    found: dict[str, list[str]] = {}
    for folder, _, names in os.walk(out / _FOLDER):
        below = PurePath(os.path.relpath(folder, out / _FOLDER))
        for name in names:
            if match := _NAME.fullmatch(name):
                path = PurePath(_FOLDER) / below / name
                found.setdefault((below / match["stem"]).as_posix(), []).append(path.as_posix())
    return found


def _chosen(description: Description) -> list[Heatmap]:
    """One heatmap a label: the category's, then those of products, in the products' order."""
    tags = {attribute.name for attribute in description.attributes if attribute.tag}
    order = {product.label: place for place, product in reversed(list(enumerate(description.products)))}
    found: dict[str, Heatmap] = {}
    for heatmap in sorted(description.heatmaps, key=lambda each: each.head != CATEGORY):
        answered = heatmap.head == CATEGORY or (heatmap.head in tags and heatmap.label in order)
        if answered and heatmap.heat.any():
            found.setdefault(heatmap.label, heatmap)
    ranked = sorted(found.values(), key=lambda each: (each.head != CATEGORY, order.get(each.label, 0)))
    return ranked[:_MOST]


def _name(label: str, taken: set[str]) -> str:
    """A label as part of a file name: ASCII letters, digits, ``-`` and ``_``; numbered where another has that name."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", label).strip("-")[:40] or "label"
    number, name = 1, plain
    while name.casefold() in taken:
        number += 1
        name = f"{plain}-{number}"
    return name


def _scaled(box: Box, scale: float, width: int, height: int) -> Box:
    x0, y0 = min(math.floor(box.x0 * scale), width - 1), min(math.floor(box.y0 * scale), height - 1)
    x1, y1 = min(math.ceil(box.x1 * scale), width), min(math.ceil(box.y1 * scale), height)
    return Box(x0, y0, max(x1, x0 + 1), max(y1, y0 + 1))
