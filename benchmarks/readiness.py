"""When a mask is ready: fits the rule to measured masks, says how far it can be trusted, writes it into a model's card.

    GENERAL_PHOTOS=... PACKSHOT_DATA=../shared/data python benchmarks/readiness.py                 # the table
    GENERAL_PHOTOS=... PACKSHOT_DATA=... python benchmarks/readiness.py --write src/packshot/models/cutout.json

A mask counts as publishable when a person would see nothing wrong with it, told from the drawn truth: no connected
region of wrong pixels farther than 1 % of the diagonal from the true outline covers more than 0.5 % of the product,
all of them together at most 1.5 %, smoke at most 3 %, boundary F at least 0.8, and the photo itself does not cut the
product off.

The rule is a logistic regression on `packshot.cutout.measure_signals`. Kinds are dealt into five parts; each part is
judged by a rule, threshold included, that was fitted on the other four: what is printed is of kinds that fitted
nothing. The rule that is written is then fitted on all. `by eye` compares both with what a person said who looked at
every finished picture of this network (ready_by_eye.json).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from cutout_quality import garments
from outlines import OUTLINES, outlined_photos
from packshot.cutout import disagreement, measure_signals, segment, smoke_share
from packshot.cutout.maps import find_maps
from packshot.cutout.product import choose_product
from packshot.datasets import Split, public_items
from packshot.errors import NothingToCutOut
from packshot.evaluation import boundary_f
from packshot.photo import decode
from packshot.runtime import Network, ReadyRule, load, read_card
from packshot.settings import Settings, Subject
from packshot.training.cutout.mix import studio_composites
from packshot.values import Alpha, Rgb

FEATURES = ("softness", "mirrored", "faint", "cut_off", "holes", "expected_error", "smoke", "pieces")
PARTS = 5
#: Precision asked of masks that fitted nothing: a little above the 0.95 that shall be kept, since kinds differ.
WANTED = 0.97
LOG_FROM = 1e-3
RIDGE = 10.0
#: What a person said of the finished pictures, by their place among the masks, without having seen their figures.
BY_EYE = Path(__file__).parent / "ready_by_eye.json"


@dataclass(frozen=True, slots=True)
class Measured:
    """A mask: its kind, what is measured on it, whether it is publishable."""

    kind: str
    figures: dict[str, float]
    publishable: bool


def labelled(root: Path) -> Iterator[tuple[str, bool, Rgb, Alpha]]:
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
    for photo in garments(root):
        yield "garment", False, photo.rgb, photo.alpha


def publishable(alpha: Alpha, true: Alpha) -> bool:
    """Whether a person would see nothing wrong; see the module."""
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
        worst <= 0.005 * area
        and wrong.sum() <= 0.015 * area
        and smoke_share(alpha) <= 0.03
        and boundary_f(alpha, true) >= 0.8
    )


def measure(network: Network, root: Path) -> list[Measured]:
    """Every labelled photo through the network and what follows it."""
    found = []
    for kind, cut, rgb, true in labelled(root):
        photo = decode(rgb)
        try:
            alpha = segment(photo, network).alpha
        except NothingToCutOut:  # refused by name: neither ready nor passed
            continue
        maps = find_maps(rgb, network)
        probability, _ = choose_product(maps, Subject.AUTO)
        mirrored = find_maps(np.ascontiguousarray(rgb[:, ::-1]), network).alpha[:, ::-1]
        figures = measure_signals(maps, probability, alpha, rgb).as_dict()
        figures["mirrored"] = disagreement(maps.alpha, mirrored)
        found.append(Measured(kind, figures, publishable(alpha, true) and not cut))
    return found


def fit(rows: list[Measured], *, wanted: float = WANTED) -> ReadyRule:
    """A logistic regression with a ridge, and its threshold.

    That is the lowest at which masks reach the precision by chances from a regression on the other kinds.
    """
    rule = regression(rows)
    y = np.array([row.publishable for row in rows], float)
    return rule.model_copy(update={"threshold": threshold_for(chances_apart(rows, seed=55), y, wanted)})


def regression(rows: list[Measured]) -> ReadyRule:
    """The rule without a threshold."""
    x = np.log(np.maximum([[row.figures[name] for name in FEATURES] for row in rows], 0) + LOG_FROM)
    y = np.array([row.publishable for row in rows], float)
    mean, scale = x.mean(axis=0), x.std(axis=0) + 1e-6
    weights = _logistic((x - mean) / scale, y)
    return ReadyRule(
        features=FEATURES,
        log_from=LOG_FROM,
        mean=tuple(mean),
        scale=tuple(scale),
        weights=tuple(weights[1:]),
        bias=float(weights[0]),
        threshold=0.0,
        precision=0.0,
        coverage=0.0,
        masks=len(rows),
    )


def parts_of(rows: list[Measured], seed: int) -> NDArray[np.intp]:
    """The part, 0..4, that each mask's kind was dealt into."""
    kinds = sorted({row.kind for row in rows})
    part = {kind: number % PARTS for number, kind in enumerate(np.random.default_rng(seed).permutation(kinds))}
    return np.array([part[row.kind] for row in rows])


def chances_apart(rows: list[Measured], seed: int) -> NDArray[np.float64]:
    """Each mask's chance, by a regression on the kinds of the other parts."""
    part = parts_of(rows, seed)
    chances = np.zeros(len(rows))
    for chosen in np.unique(part):
        rule = regression([row for row, number in zip(rows, part, strict=True) if number != chosen])
        for place in np.flatnonzero(part == chosen):
            chances[place] = rule.chance(rows[place].figures)
    return chances


def threshold_for(chances: NDArray[np.float64], y: NDArray[np.float64], wanted: float) -> float:
    """The lowest threshold from which on at least `wanted` of the passed are publishable; 1 where none reaches it."""
    order = np.argsort(-chances)
    precision = np.cumsum(y[order]) / np.arange(1, len(y) + 1)
    enough = np.flatnonzero(precision >= wanted)
    return float(chances[order][enough[-1]]) if enough.size else 1.0


def _logistic(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Newton's method; the bias comes first and is not shrunk."""
    a = np.column_stack([np.ones(len(x)), x])
    weights = np.zeros(a.shape[1])
    ridge = RIDGE * np.diag([0.0] + [1.0] * x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(a @ weights, -30, 30)))
        slope = a.T @ (p - y) + ridge @ weights
        weights -= np.linalg.solve(a.T @ (a * (p * (1 - p))[:, None]) + ridge + 1e-9 * np.eye(a.shape[1]), slope)
    return weights


def judged(rows: list[Measured]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Which masks a rule fitted on other kinds passes, threshold and all, and the chances it gives."""
    part = parts_of(rows, seed=5)
    passed, chances = np.zeros(len(rows), bool), np.zeros(len(rows))
    for chosen in range(PARTS):
        rule = fit([row for row, number in zip(rows, part, strict=True) if number != chosen])
        for place in np.flatnonzero(part == chosen):
            chances[place] = rule.chance(rows[place].figures)
            passed[place] = chances[place] >= rule.threshold
    return passed, chances


def by_eye(rows: list[Measured], network: Network) -> None:
    """Print what an eye says of the masks that the card's rule calls ready, if it looked at this network's masks."""
    eye = json.loads(BY_EYE.read_text())
    rule = network.card.ready
    if rule is None or (eye["network"], eye["masks"]) != (network.sha256, len(rows)):
        print("by eye: nobody looked at the masks of this network")
        return
    yes, no = set(eye["publishable"]), set(eye["not"])
    same = sum(row.publishable == (place in yes) for place, row in enumerate(rows) if place in yes | no)
    passed = {place for place, row in enumerate(rows) if rule.chance(row.figures) >= rule.threshold} & (yes | no)
    print(
        f"by eye: {len(yes)} publishable, {len(no)} not, {len(eye['unsure'])} unsure; it agrees with the truth on"
        f" {same} of {len(yes | no)}; of {len(passed)} that the card calls ready it lets {len(passed & yes)} pass"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="cutout")
    parser.add_argument("--data", type=Path, default=os.environ.get("PACKSHOT_DATA", "../shared/data"))
    parser.add_argument("--write", type=Path, help="the card (.json) that gets the rule")
    parser.add_argument("--keep", type=Path, help="keep what was measured in this file, and read it from there again")
    options = parser.parse_args()
    if not os.environ.get("GENERAL_PHOTOS"):
        print("left out: GENERAL_PHOTOS does not name the folder 101_ObjectCategories")
        return
    network = load(options.model, Settings(allow_non_commercial=True))
    key = f"{network.sha256} {hashlib.sha256((OUTLINES / 'outlines.jsonl').read_bytes()).hexdigest()}"
    kept = json.loads(options.keep.read_text()) if options.keep and options.keep.is_file() else {}
    rows = [Measured(**row) for row in kept[key]] if key in kept else measure(network, Path(options.data))
    if options.keep:
        options.keep.write_text(json.dumps({key: [asdict(row) for row in rows]}))
    y = np.array([row.publishable for row in rows])
    passed, chances = judged(rows)
    soft = np.array([row.figures["soft_iou"] for row in rows]) <= 0.06
    right = int((y & passed).sum())
    print("| rule | masks | publishable | passed | of those publishable | of the publishable passed |")
    print("|---|---|---|---|---|---|")
    for name, chosen in (("all pass", np.ones_like(y)), ("uncertainty <= 0.06", soft), ("fitted", passed)):
        hits = int((y & chosen).sum())
        print(
            f"| {name} | {len(y)} | {y.mean():.2f} | {chosen.mean():.2f} | {hits / max(1, chosen.sum()):.3f}"
            f" | {hits / max(1, y.sum()):.2f} |"
        )
    order = np.argsort(chances)
    ranks = np.empty(len(y))
    ranks[order] = np.arange(1, len(y) + 1)
    positives, negatives = int(y.sum()), int((~y).sum())
    auc = (ranks[y].sum() - positives * (positives + 1) / 2) / max(1, positives * negatives)
    print(f"\narea under the ROC curve, kinds apart: {auc:.3f}")
    by_eye(rows, network)
    if options.write:
        precision, coverage = right / max(1, int(passed.sum())), float(passed.mean())
        rule = fit(rows).model_copy(update={"precision": round(precision, 4), "coverage": round(coverage, 4)})
        card = read_card(options.write).model_copy(update={"ready": rule})
        options.write.write_text(card.to_json(), encoding="utf-8")
        print(f"written to {options.write}: ready from {rule.threshold:.3f}")


if __name__ == "__main__":
    main()
