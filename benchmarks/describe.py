"""How well photos are described: garments, groceries, attributes, calibration, and what it costs.

    PACKSHOT_DATA=../shared/data python benchmarks/describe.py                   # the shipped network, validation
    PACKSHOT_DATA=../shared/data python benchmarks/describe.py --probe           # with the linear probe beside it
    PACKSHOT_DATA=../shared/data python benchmarks/describe.py --model run/model.onnx --confusions out

garments: the official 10-class subset's validation split, the likeliest of its ten classes; and all 17 kinds.
groceries: the official protocol's val split, the likeliest of 81 products, and of the coarse classes, whose probability
is the sum of their products'. Clothing senders and grocery shops are in both train and validation: the sets' own splits
say so.
kids: the rarer value of the attribute, of all validation garments. The probe is a logistic regression on the frozen
ImageNet features of EfficientNet-Lite0 at 224 pixels, its regularisation chosen on the very photos it is evaluated on.
Answers along the tree are given as `packshot classify` gives them, at the precision asked for; the thresholds and the
temperature are fitted on one half of the photos and evaluated on the other. Intervals are 95 % bootstrap intervals,
photos taken as independent. Times are medians of one photo after another, decoded before, on --threads threads; and
of as many workers of one thread each at once, as `packshot run` has them, divided by their number.
"""

from __future__ import annotations

import argparse
import csv
import os
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from packshot.datasets import Described, Split, described_items
from packshot.description import Describer
from packshot.description.taxonomy import load_taxonomy
from packshot.evaluation import (
    average_precision,
    bootstrap_interval,
    calibration_error,
    confusion_matrix,
    roc_auc,
    score_paths,
)
from packshot.heads import Head, answer_path, calibrated, head_probabilities, split_logits
from packshot.photo import decode
from packshot.runtime import Network, load
from packshot.settings import Settings
from packshot.training.describe.vocabulary import Vocabulary
from packshot.values import Mask

Numbers = NDArray[np.float32]
Truths = NDArray[np.bool_]


@dataclass(frozen=True)
class Answers:
    """What a network said of some photos."""

    items: Sequence[Described]
    logits: Numbers
    heads: tuple[Head, ...]
    vocabulary: Vocabulary

    def of(self, source: str) -> Answers:
        """Those of one set."""
        keep = [place for place, item in enumerate(self.items) if item.source == source]
        return replace(self, items=[self.items[place] for place in keep], logits=self.logits[keep])

    def part(self, head: Head) -> Numbers:
        """One head's logits."""
        return split_logits(self.heads, self.logits)[head.name]

    def targets(self, head: Head) -> Numbers:
        """What one head should have said."""
        part = self.vocabulary.slices[head.name]
        return np.stack([self.vocabulary.target(item)[part] for item in self.items])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="describe")
    parser.add_argument("--probe", action="store_true", help="fit the linear probe too (needs the extra `train`)")
    parser.add_argument("--precision", type=float, default=0.95)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--confusions", type=Path, help="folder for confusion pictures (needs the extra `train`)")
    arguments = parser.parse_args()
    root = Path(os.environ["PACKSHOT_DATA"])
    settings = Settings(threads=arguments.threads, precision=arguments.precision)
    network = load(arguments.model, settings)
    heads = network.card.heads
    names = [head.name for head in heads if head.name not in {"category", "tags"}]
    every = described_items(root, attributes=names)
    items = [item for item in every if item.split is Split.VALIDATION]
    logits = np.concatenate(
        [network.outputs(network.prepare(item.rgb()), names=["logits"])["logits"] for item in items]
    )
    plain = tuple(head.model_copy(update={"temperature": 1.0, "thresholds": {}}) for head in heads)
    answers = Answers(items, logits, plain, Vocabulary(plain, load_taxonomy()))

    print("| figure | value | 95 % interval | photos |\n|---|---|---|---|")
    garments, groceries = answers.of("clothing"), answers.of("grocery")
    top10 = _top10(root)
    official = [place for place, item in enumerate(garments.items) if item.photo.stem in top10]
    ten = sorted({top10[garments.items[place].photo.stem] for place in official})
    _row("garments, 10 classes", _leaf_hits(garments, ten)[official])
    _row("garments, 17 classes", _leaf_hits(garments, sorted({item.category or "" for item in garments.items})))
    if arguments.probe:
        _row("- linear probe, 10 classes", _probe(_of(every, "clothing", top10)))
    fine = sorted({item.category or "" for item in every if item.source == "studio"})
    coarse = {row["class"]: row["coarse"] for row in _table(root / "grocery" / "classes.csv")}
    _row("groceries, 81 products", _leaf_hits(groceries, fine))
    _row("groceries, 43 coarse classes", _coarse_hits(groceries, fine, coarse))
    if arguments.probe:
        grocery_items = [item for item in every if item.source == "grocery"]
        _row("- linear probe, 81 products", _probe(grocery_items))
        _row(
            "- linear probe, coarse classes",
            _probe([replace(i, category=coarse[i.category or ""]) for i in grocery_items]),
        )
    for head in heads:
        if head.name in names:
            _attribute(answers, head)
    print()
    _along_the_tree(answers, arguments.precision)
    _calibration(answers)
    _cost(network, arguments.model, items[:60], settings)
    if arguments.confusions:
        _draw(answers, arguments.confusions)


def _row(name: str, hits: NDArray[np.float64] | Truths) -> None:
    low, high = bootstrap_interval(np.asarray(hits, float))
    print(f"| {name} | {np.mean(hits):.3f} | {low:.3f} to {high:.3f} | {len(hits)} |", flush=True)


def _places(answers: Answers, categories: Sequence[str]) -> list[int]:
    head, tree = answers.vocabulary.heads[0], load_taxonomy()
    return [head.labels.index(tree.lookup(category).id) for category in categories]


def _leaf_hits(answers: Answers, categories: Sequence[str]) -> Truths:
    head = answers.vocabulary.heads[0]
    found = head_probabilities(head, answers.part(head))[:, _places(answers, categories)]
    said = [categories[place] for place in found.argmax(axis=1)]
    return np.array([answer == item.category for answer, item in zip(said, answers.items, strict=True)])


def _coarse_hits(answers: Answers, fine: Sequence[str], coarse: dict[str, str]) -> Truths:
    head = answers.vocabulary.heads[0]
    found = head_probabilities(head, answers.part(head))[:, _places(answers, fine)]
    groups = sorted(set(coarse.values()))
    member = np.array([[coarse[name] == group for group in groups] for name in fine], np.float32)
    said = [groups[place] for place in (found @ member).argmax(axis=1)]
    return np.array([a == coarse[item.category or ""] for a, item in zip(said, answers.items, strict=True)])


def _attribute(answers: Answers, head: Head) -> None:
    target = answers.targets(head)
    known = np.isfinite(target).all(axis=1)
    found, true = head_probabilities(head, answers.part(head))[known], target[known] == 1
    rarer = int(true.sum(axis=0).argmin())
    score, yes = found[:, rarer], true[:, rarer]
    rng = np.random.default_rng(0)
    picks = [rng.integers(0, len(yes), len(yes)) for _ in range(500)]
    for name, figure in (("average precision", average_precision), ("ROC AUC", roc_auc)):
        drawn = [figure(score[pick], yes[pick]) for pick in picks if yes[pick].any() and not yes[pick].all()]
        low, high = np.quantile(drawn, [0.025, 0.975])
        print(f"| {head.name}: {name} | {figure(score, yes):.3f} | {low:.3f} to {high:.3f} | {len(yes)} |")
    print(f"| - base rate of {head.labels[rarer]!r} | {yes.mean():.3f} | | {int(yes.sum())} of {len(yes)} |")
    _row(f"{head.name}: accuracy", found.argmax(axis=1) == true.argmax(axis=1))
    print(f"| - majority | {max(yes.mean(), 1 - yes.mean()):.3f} | | |")


def _along_the_tree(answers: Answers, precision: float) -> None:
    print(
        "| set | answered | right as far as it goes | to the leaf | hierarchical F | F, always to the leaf | severity |"
    )
    print("|---|---|---|---|---|---|---|")
    for source in ("clothing", "grocery"):
        mine = answers.of(source)
        head = mine.vocabulary.heads[0]
        logits, target = mine.part(head), mine.targets(head)
        true = [tuple(np.flatnonzero(row == 1).tolist()) for row in target]
        cautious: list[tuple[int, ...]] = [()] * len(true)
        bold = [answer_path(head, row) for row in head_probabilities(head, logits)]
        halves = [np.arange(len(true)) % 2 == half for half in (0, 1)]
        for half in halves:
            fitted = calibrated(head, logits[~half], target[~half])
            rows = head_probabilities(fitted, logits[half])
            for place, row in zip(np.flatnonzero(half), rows, strict=True):
                cautious[place] = answer_path(fitted, row, precision=precision)
        given = [(t, a) for t, a in zip(true, cautious, strict=True) if a]
        right = np.mean([a == t[: len(a)] for t, a in given]) if given else np.nan
        whole = np.mean([len(a) == len(t) for t, a in zip(true, cautious, strict=True)])
        sure, always = score_paths(true, cautious), score_paths(true, bold)
        severity = always.severity.value if always.severity else 0.0
        print(
            f"| {source} | {len(given) / len(true):.3f} | {right:.3f} | {whole:.3f} | {sure.f.value:.3f} "
            f"| {always.f.value:.3f} | {severity:.2f} |"
        )
        levels = ", ".join(f"level {level.level}: {level.accuracy.value:.3f}" for level in always.levels)
        print(f"<!-- {source}, accuracy always to the leaf: {levels} -->")
    print()


def _calibration(answers: Answers) -> None:
    print("| head | calibration error | with the temperature of the other half |\n|---|---|---|")
    for head in answers.vocabulary.heads:
        before, after = calibration_error(head, answers.part(head), answers.targets(head))
        print(f"| {head.name} | {before:.3f} | {after:.3f} |")
    print()


def _cost(network: Network, model: str, items: Sequence[Described], settings: Settings) -> None:
    describer = Describer(model, settings)
    bare, whole = [], []
    for item in items:
        rgb = item.rgb()
        mask = Mask(np.ones(rgb.shape[:2], np.float32), 0.0, "all")
        start = time.perf_counter()
        network.outputs(network.prepare(rgb), names=["logits", "embedding"])
        middle = time.perf_counter()
        describer(rgb, mask)
        bare.append(middle - start)
        whole.append(time.perf_counter() - middle)
    with ProcessPoolExecutor(settings.threads, mp_context=get_context("spawn")) as workers:
        shared = [workers.submit(_worker, model, [item.photo for item in items]) for _ in range(settings.threads)]
        together = float(np.median([seconds for each in shared for seconds in each.result()])) / settings.threads
    size = next(Path(p).stat().st_size for p in _files(model))
    print(f"| {settings.threads} threads | ms a photo |\n|---|---|")
    print(f"| logits and embedding | {1000 * np.median(bare):.1f} |")
    print(f"| all: answers, heatmaps, boxes, embedding | {1000 * np.median(whole):.1f} |")
    print(f"| the same, {settings.threads} workers at once | {1000 * together:.1f} |")
    print(f"| file | {size / 1e6:.1f} MB |")


def _worker(model: str, photos: Sequence[Path]) -> list[float]:
    """Seconds to describe each photo, on one thread."""
    describer = Describer(model, Settings(threads=1))
    taken = []
    for photo in [*photos[:5], *photos, *photos]:
        rgb = decode(photo).rgb
        mask = Mask(np.ones(rgb.shape[:2], np.float32), 0.0, "all")
        start = time.perf_counter()
        describer(rgb, mask)
        taken.append(time.perf_counter() - start)
    return taken[5:]


def _files(model: str) -> list[Path]:
    from packshot.runtime import available

    return [Path(model)] if model.endswith(".onnx") else [available(Settings())[model]]


def _probe(items: Sequence[Described]) -> Truths:
    """Which validation photos a logistic regression on frozen ImageNet features gets right."""
    import torch

    from packshot.runtime.preprocessing import LITE_MEAN, LITE_STD, prepare
    from packshot.training.networks.describe_net import DescribeNet
    from packshot.training.networks.imagenet import load_imagenet

    network = DescribeNet(labels=0, embedding=0, encoder="efficientnet_lite0").eval()
    load_imagenet(network.encoder, "efficientnet_lite0", top=True)
    features = []
    with torch.inference_mode():
        for item in items:
            picture = prepare(item.rgb(), size=(224, 224), mean=LITE_MEAN, std=LITE_STD)
            features.append(network.encoder(torch.from_numpy(picture)[None]).mean(dim=(2, 3))[0])
    names = sorted({item.category or "" for item in items})
    x, y = torch.stack(features).clone(), torch.tensor([names.index(item.category or "") for item in items])
    learnt = torch.tensor([item.split is Split.TRAIN for item in items])
    x = (x - x[learnt].mean(0)) / x[learnt].std(0).clamp(min=1e-4)
    best: Truths | None = None
    for decay in (1e-3, 3e-3, 1e-2, 3e-2, 1e-1):
        layer = torch.nn.Linear(x.shape[1], len(names))
        optimiser = torch.optim.LBFGS(layer.parameters(), max_iter=200, line_search_fn="strong_wolfe")

        def loss(layer: torch.nn.Linear = layer, decay: float = decay) -> torch.Tensor:
            layer.zero_grad()
            value = torch.nn.functional.cross_entropy(layer(x[learnt]), y[learnt]) + decay * layer.weight.square().sum()
            value.backward()
            return value

        optimiser.step(loss)
        hits = (layer(x[~learnt]).argmax(dim=1) == y[~learnt]).numpy()
        best = hits if best is None or hits.mean() > best.mean() else best
    assert best is not None
    return best


def _draw(answers: Answers, out: Path) -> None:
    from packshot.training.figures.confusion import draw_confusion

    out.mkdir(parents=True, exist_ok=True)
    for source in ("clothing", "grocery"):
        mine = answers.of(source)
        names = sorted({item.category or "" for item in mine.items})
        head = mine.vocabulary.heads[0]
        found = head_probabilities(head, mine.part(head))[:, _places(mine, names)].argmax(axis=1)
        true = [names.index(item.category or "") for item in mine.items]
        matrix = confusion_matrix(found, true, classes=len(names))
        draw_confusion(matrix, names, out / f"{source}.png", title=f"{source}: rows are true, columns said")


def _top10(root: Path) -> dict[str, str]:
    rows = _table(root / "clothing" / "labels.csv")
    return {row["image"]: row["label"] for row in rows if row["top10_subset"] == "1"}


def _of(items: Sequence[Described], source: str, stems: dict[str, str]) -> list[Described]:
    return [item for item in items if item.source == source and item.photo.stem in stems]


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    main()
