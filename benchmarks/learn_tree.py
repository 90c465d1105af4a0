"""A shop's tree of 30 nodes learnt from five photos a node: accuracy by cross-validation, and in how many seconds.

    PACKSHOT_DATA=../shared/data python benchmarks/learn_tree.py
    GENERAL_PHOTOS=.../101_ObjectCategories python benchmarks/learn_tree.py

The tree is made of photos the network was not trained on (the sets' own validation parts): 10 garments of clothing and
20 groceries, five photos each; further photos of these nodes, at most ten a node, are asked afterwards. The network was
taught these kinds; so the second tree is of 30 kinds of Caltech-101 that it never saw, where GENERAL_PHOTOS names them.
Beside it stands a linear probe on the same raw features (multinomial logistic regression, the same folds; its ridge is
the best of three by its own accuracy, which flatters it), and the likeliest guess without looking.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from packshot.datasets import Split, described_items, read_rgb
from packshot.description import Describer
from packshot.description.own_tree import cross_validated, learn_tree, unit_length
from packshot.description.taxonomy import load_taxonomy, taxonomy_of_paths
from packshot.settings import Settings

Numbers = NDArray[np.float32]

NODES, EACH, FURTHER = 30, 5, 10
RIDGES = (1e-4, 1e-3, 1e-2)
STEPS = 150
SHOWN = {"BACKGROUND_Google", "Faces", "Faces_easy", "strawberry"}


def taught(data: Path) -> dict[str, list[Path]]:
    """Photos of the validation parts by a path of two names: the 10 garments and 20 groceries with the most."""
    tree = load_taxonomy()
    found: dict[str, dict[str, list[Path]]] = {"clothing": defaultdict(list), "grocery": defaultdict(list)}
    for item in described_items(data):
        if item.split is Split.VALIDATION and item.source in found and item.category:
            way = tree.path(tree.lookup(item.category).id)
            # Groceries by their kind (Milk, Apple), the third name of the tree that ships.
            name = way[-1].name if item.source == "clothing" else way[min(2, len(way) - 1)].name
            found[item.source][f"{way[0].name} > {name}"].append(item.photo)
    chosen = {}
    for source, count in (("clothing", 10), ("grocery", NODES - 10)):
        ranked = sorted(found[source].items(), key=lambda pair: (-len(pair[1]), pair[0]))
        chosen |= {name: photos for name, photos in ranked[:count] if len(photos) >= EACH}
    return chosen


def untaught(photos: Path) -> dict[str, list[Path]]:
    """30 kinds of Caltech-101, evenly spread over its list."""
    kinds = sorted(each.name for each in photos.iterdir() if each.is_dir() and each.name not in SHOWN)
    kinds = [kinds[int(place)] for place in np.linspace(0, len(kinds) - 1, min(NODES, len(kinds)))]
    return {kind: sorted((photos / kind).glob("*.jpg")) for kind in kinds}


def probe(features: Numbers, places: NDArray[np.intp], asked: Numbers, *, ridge: float) -> NDArray[np.intp]:
    """Multinomial logistic regression on standardised features, by Newton-free descent in the space of the rows."""
    mean, scale = features.mean(axis=0), features.std(axis=0) + 1e-3
    rows, queries = (features - mean) / scale, (asked - mean) / scale
    gram = np.asarray(rows @ rows.T, np.float64)
    size = np.trace(gram) / len(gram)
    gram, cross = gram / size, np.asarray(queries @ rows.T, np.float64) / size
    truth = np.eye(int(places.max()) + 1)[places]
    step = 1 / (0.5 * np.linalg.norm(gram, 2) / len(gram) + 2 * ridge)
    weights, moved, pace = np.zeros_like(truth), np.zeros_like(truth), 1.0
    for _ in range(STEPS):  # Nesterov's method; the gradient is in the kernel's own metric
        logits = gram @ moved
        chances = np.exp(logits - logits.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        following = moved - step * ((chances - truth) / len(gram) + 2 * ridge * moved)
        faster = (1 + np.sqrt(1 + 4 * pace**2)) / 2
        moved, weights, pace = following + (pace - 1) / faster * (following - weights), following, faster
    return np.asarray((cross @ weights).argmax(axis=1))


def folded(
    features: Numbers, places: NDArray[np.intp], rule: Callable[[Numbers, NDArray[np.intp], Numbers], NDArray[np.intp]]
) -> float:
    """Accuracy over five folds, each with one photo a node."""
    turn = np.arange(len(places)) % EACH
    hits = [rule(features[turn != k], places[turn != k], features[turn == k]) == places[turn == k] for k in range(EACH)]
    return float(np.concatenate(hits).mean())


def measure(title: str, nodes: dict[str, list[Path]], describe: Describer) -> None:
    rng = np.random.default_rng(0)
    photos, labels, rest, truth = [], [], [], []
    for name, found in nodes.items():
        order = [found[int(place)] for place in rng.permutation(len(found))]
        photos += order[:EACH]
        labels += [name] * len(order[:EACH])
        rest += order[EACH : EACH + FURTHER]
        truth += [name] * len(order[EACH : EACH + FURTHER])
    tree = taxonomy_of_paths(sorted(nodes), name="shop")
    ids = [tree.lookup(label).id for label in labels]
    started, cpu = time.perf_counter(), time.process_time()
    pictures = [read_rgb(photo) for photo in photos]
    plain = np.stack([describe.read(rgb).pooled for rgb in pictures])
    mirrored = np.stack([describe.read(np.ascontiguousarray(rgb[:, ::-1])).pooled for rgb in pictures])
    looked = time.perf_counter()
    learnt, validation = learn_tree(plain, ids, tree, model=describe.network.id, mirrored=mirrored)
    done, cpu = time.perf_counter(), time.process_time() - cpu
    places = validation.places
    probes = {
        ridge: folded(plain, places, lambda x, y, q, r=ridge: probe(x, y, q, ridge=r))  # type: ignore[misc]
        for ridge in RIDGES
    }
    best = max(probes, key=lambda ridge: probes[ridge])
    embedded = cross_validated(unit_length(np.stack([describe.embed(rgb) for rgb in pictures])), places, views={})
    held = np.stack([describe.read(read_rgb(photo)).pooled for photo in rest])
    answers = [
        learnt.place(describe.read(read_rgb(photo)).description(), row) for photo, row in zip(rest, held, strict=True)
    ]
    wanted = [tree.lookup(name).id for name in truth]
    right = learnt.rule.scores(unit_length(held)).argmax(axis=1) == [learnt.leaves.index(each) for each in wanted]
    linear = probe(plain, places, held, ridge=best) == [learnt.leaves.index(each) for each in wanted]
    given = [
        (said.answers[0].best, leaf)
        for said, leaf in zip(answers, wanted, strict=True)
        if said.answers[0].best is not None
    ]
    fits = [best.label in {node.id for node in tree.path(leaf)} for best, leaf in given]
    whole = sum(said.answers[0].sure for said in answers) / len(answers)
    print(f"\n{title}: {len(nodes)} nodes, {len(photos)} photos, and {len(rest)} asked afterwards\n")
    print("| | by cross-validation | on photos asked afterwards |\n|---|---|---|")
    print(f"| prototypes on the mean features (what ships) | {validation.accuracy:.3f} | {right.mean():.3f} |")
    print(f"| linear probe on the raw features, ridge {best:g} | {probes[best]:.3f} | {linear.mean():.3f} |")
    print(f"| prototypes on the embedding of 128 numbers | {embedded.accuracy:.3f} | |")
    print(f"| the likeliest guess | {1 / len(nodes):.3f} | |")
    print(
        f"\nat a precision of 0.95, of those asked afterwards: {len(given) / len(rest):.3f} answered, {whole:.3f} down "
        f"to the node, {np.mean(fits):.3f} of the answers right"
    )
    print(typed(photos, labels))
    print(
        f"in a process that has its network: {done - started:.1f} s by the clock ({looked - started:.1f} s looking, "
        f"{done - looked:.1f} s learning with cross-validation), {cpu:.1f} s of processor time"
    )


def typed(photos: Sequence[Path], labels: Sequence[str]) -> str:
    """What `packshot taxonomy learn` takes as it is typed, with its imports and its network."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "examples.csv"
        with table.open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(["path", "label"])
            rows.writerows((photo.resolve(), label) for photo, label in zip(photos, labels, strict=True))
        words = ["taxonomy", "learn", str(table), "-o", str(Path(folder) / "shop.learnt")]
        before, started = os.times(), time.perf_counter()
        subprocess.run([sys.executable, "-m", "packshot", *words], check=True, capture_output=True)
        clock, after = time.perf_counter() - started, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return f"`packshot taxonomy learn` as it is typed: {clock:.1f} s by the clock, {cpu:.1f} s of processor time"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get("PACKSHOT_DATA", "../shared/data"))
    parser.add_argument("--photos", type=Path, default=os.environ.get("GENERAL_PHOTOS"), help="101_ObjectCategories")
    options = parser.parse_args()
    describe = Describer("describe", Settings())
    if (Path(options.data) / "clothing").is_dir():
        measure("kinds the network was taught", taught(Path(options.data)), describe)
    else:
        print("left out: PACKSHOT_DATA does not name the folder of clothing/ and grocery/")
    if options.photos is None:
        print("left out: GENERAL_PHOTOS does not name the folder 101_ObjectCategories")
    else:
        measure("kinds it never saw", untaught(Path(options.photos)), describe)


if __name__ == "__main__":
    main()
