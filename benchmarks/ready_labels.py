"""Which finished pictures a person would publish: photos, what an eye said of them, and what drawn outlines say.

An eye's labels are of one network's masks: `ready_by_eye.json` names it, and `ready_sheets.py` draws the sheets to look
at for the next. Every picture was looked at once, without its figures; the 201 that a rule fitted to these labels
thought likeliest were looked at again, larger and in a random order, without the first label. Each letter of a label is
a look: y, n, u (unsure), - (not looked at again).
"""

from __future__ import annotations

import csv
import json
import math
import os
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from cutout_quality import garments
from outlines import outlined_photos
from packshot.cutout import smoke_share
from packshot.datasets import Split, public_items, read_rgb
from packshot.evaluation import boundary_f
from packshot.training.cutout.mix import studio_composites
from packshot.values import Alpha, Rgb

BY_EYE = Path(__file__).parent / "ready_by_eye.json"
SECOND_EYE = Path(__file__).parent / "ready_second_eye.json"


def outlined(root: Path) -> Iterator[tuple[str, bool, Rgb, Alpha]]:
    """Kind, whether the photo cuts the product off, photo, true alpha."""
    for item in outlined_photos():
        if not {"framed", "drawing"} & set(item.tags):
            yield item.kind, "cut" in item.tags, *item.pair()
    items = public_items(root)
    for item in items:
        if item.split is Split.VALIDATION and item.source in {"ccp", "people"}:
            yield item.source, False, *item.pair()
    for kept in (False, True):
        for rgb, alpha in studio_composites(root, items, Split.VALIDATION, each=3, keep_person=kept):
            yield f"composite {'on a person' if kept else ''}", False, rgb, alpha
    with (root / "clothing" / "labels.csv").open(newline="", encoding="utf-8") as file:
        garment = {row["image"]: row["label"] for row in csv.DictReader(file)}
    for photo in garments(root):
        yield f"clothes {garment[photo.name]}", False, photo.rgb, photo.alpha


def others(root: Path) -> Iterator[tuple[str, str, Rgb]]:
    """Photos without an outline that an eye looked at: name, kind, photo; of no training, and of no holdout."""
    for name, (kind, _) in json.loads(BY_EYE.read_text(encoding="utf-8"))["others"].items():
        base, _, rest = name.partition("/")
        yield name, kind, read_rgb(Path(os.environ["GENERAL_PHOTOS"]) / rest if base == "objects" else root / name)


def by_eye(network: str) -> dict[str, float]:
    """Of each picture, by name, 1 (a person would publish it), 0 (not) or one half (unsure); {} for another network.

    Args:
        network: SHA-256 of its weights.
    """
    eye = json.loads(BY_EYE.read_text(encoding="utf-8"))
    if eye["network"] != network:
        return {}
    looks = zip(eye["outlined"]["first"], eye["outlined"]["second"], strict=True)
    letters = {str(place): first + second for place, (first, second) in enumerate(looks)}
    letters |= {name: both for name, (_, both) in eye["others"].items()}
    return {name: _agreed(*both) for name, both in letters.items()}


def by_second_eye(network: str) -> dict[str, str]:
    """Of pictures that were called ready, by name, what somebody else said who saw them alone and large: y, u or n.

    Whoever that was saw no label, and was asked to be strict. It fits nothing but one limit: strictness of two eyes
    differs more than pictures do.

    Args:
        network: SHA-256 of its weights; {} for another.
    """
    eye = json.loads(SECOND_EYE.read_text(encoding="utf-8"))
    return {name: said for name, (said, _) in eye["looks"].items()} if eye["network"] == network else {}


def _agreed(first: str, second: str) -> float:
    """Two looks as one label: no and unsure are no, yes and anything else is unsure."""
    said = {first, second} - {"-"}
    return {"y": 1.0, "n": 0.0, "u": 0.5}[said.pop()] if len(said) == 1 else 0.0 if said == {"n", "u"} else 0.5


def by_outline(alpha: Alpha, true: Alpha) -> bool:
    """Whether a person would see nothing wrong, told from the true outline.

    No connected region of wrong pixels farther than 1 % of the diagonal from it covers more than 0.2 % of the product,
    all of them together at most 0.6 %; smoke at most 3 %; boundary F at least 0.92. These limits agree best with the
    eye (85 % of 288).
    """
    chosen, right = alpha >= 0.5, true >= 0.5
    area = max(1, int(right.sum()))
    radius = max(1, round(0.01 * float(np.hypot(*true.shape))))
    window = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    solid = right.astype(np.uint8)
    far = cv2.dilate(solid, window) == cv2.erode(solid, window)
    wrong = ((chosen != right) & far).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(wrong, connectivity=8)
    worst = stats[1:, cv2.CC_STAT_AREA].max() if count > 1 else 0
    return bool(
        worst <= 0.002 * area
        and wrong.sum() <= 0.006 * area
        and smoke_share(alpha) <= 0.03
        and boundary_f(alpha, true) >= 0.92
    )


def interval(share: float, count: float) -> tuple[float, float]:
    """Wilson's 95 % interval of a share of so many."""
    z = 1.96
    middle, reach = share + z * z / (2 * count), z * math.sqrt(share * (1 - share) / count + z * z / (4 * count**2))
    return (middle - reach) / (1 + z * z / count), (middle + reach) / (1 + z * z / count)
