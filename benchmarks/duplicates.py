r"""How well copies of photos are found, by what was done to them, beside imagededup's pHash and CNN.

    pip install --no-deps --target imagededup imagededup pywavelets scikit-learn joblib threadpoolctl cloudpickle \
        narwhals
    PACKSHOT_DATA=../shared/data PYTHONPATH=imagededup python benchmarks/duplicates.py
    PACKSHOT_DATA=../shared/data python benchmarks/duplicates.py --fit --photos 150      # the weights of the score
    PACKSHOT_DATA=../shared/data python benchmarks/duplicates.py --alone --kinds 'white ground'       # packshot's rows

The gallery is every validation photo of the public garments and groceries: many of one kind, many of one product. Each
of the first 300 is altered in ten ways (altered_pictures.py) and given another colour; every altered picture is asked
for against every photo of the gallery. A pair is right if one was made from the other, but for colour variants, which
are wrong with any. A row has the queries of one alteration and all colour variants. Average precision is over all
pairs; ties count together. The last columns are packshot's at its own threshold, which training photos chose.

imagededup's CNN stands on torchvision's MobileNetV3-small; where those weights cannot be had, EfficientNet-Lite0 with
weights of ImageNet takes its place through imagededup's own hook (CustomModel): it is the better network of the two on
ImageNet. The table says which one ran. Times are processor time on one core, decoding left out, of 1,000 pictures in
a gallery of the size above: taking a picture's print, and asking for it.
"""

# ruff: noqa: D102 - the methods of `Method` are told there
from __future__ import annotations

import argparse
import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy is imported: threads that wait for each other count as well

# isort: split
import sys
import time
import warnings
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from altered_pictures import ALTERATIONS, VARIANT, Altered, Original, alterations, originals
from packshot.duplicates import DUPLICATE, Fingerprint, KnownPictures, find_pairs, fingerprint_of, group_duplicates
from packshot.duplicates.match import evidence, match_fingerprints
from packshot.duplicates.verification import lay_over
from packshot.values import Rgb

GROUPED = 40  # photos that are also grouped with all that was made from them
Scores = NDArray[np.float64]
#: Scores (queries, gallery), seconds for 1,000 pictures, and the codes of gallery and queries.
Measured = tuple[NDArray[np.float64], float, list[Any]]


class Method(Protocol):
    """What is compared: takes a picture's code, and scores a code against all of the gallery."""

    name: str

    def code(self, rgb: Rgb) -> Any:
        """What is kept of a picture."""

    def gallery(self, codes: list[Any]) -> None:
        """Add the gallery."""

    def scores(self, code: Any) -> Scores:
        """float64 (gallery,), larger for more alike."""


class Packshot:
    """`packshot.duplicates`, without embeddings."""

    name = "packshot"

    def code(self, rgb: Rgb) -> Fingerprint:
        return fingerprint_of(rgb)

    def gallery(self, codes: list[Any]) -> None:
        self.known = KnownPictures()
        for index, fingerprint in enumerate(codes):
            self.known.add_fingerprint(fingerprint, str(index))

    def scores(self, code: Any) -> Scores:
        scores = np.zeros(len(self.known))
        for place, match in self.known.matches(code).items():
            scores[place] = match.score
        return scores


class DedupHash:
    """imagededup's perceptual hash."""

    name = "imagededup pHash"

    def __init__(self) -> None:
        from imagededup.methods import PHash

        self.hasher = PHash(verbose=False)

    def code(self, rgb: Rgb) -> int:
        return int(self.hasher.encode_image(image_array=rgb), 16)

    def gallery(self, codes: list[Any]) -> None:
        self.codes = np.array(codes, np.uint64)

    def scores(self, code: Any) -> Scores:
        return 1 - np.bitwise_count(self.codes ^ np.uint64(code)) / 64


class DedupNetwork:
    """imagededup's CNN, by cosine."""

    def __init__(self) -> None:
        import torch
        from imagededup.methods import CNN

        torch.set_num_threads(1)
        config, self.name = self._network()
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")
            self.network = CNN(verbose=False, model_config=config)

    @staticmethod
    def _network() -> tuple[Any, str]:
        import torch
        from torchvision.models import MobileNet_V3_Small_Weights

        file = Path(torch.hub.get_dir()) / "checkpoints" / MobileNet_V3_Small_Weights.DEFAULT.url.rsplit("/", 1)[-1]
        if file.is_file():
            return None, "imagededup CNN (MobileNetV3-small)"
        import timm
        from imagededup.utils import CustomModel
        from torchvision.transforms import v2

        from packshot.runtime.preprocessing import LITE_MEAN, LITE_STD
        from packshot.training.networks.imagenet import load_imagenet

        model = timm.create_model("tf_efficientnet_lite0", num_classes=0)
        load_imagenet(model, "efficientnet_lite0", top=True)
        steps = [v2.Resize(256), v2.CenterCrop(224), v2.PILToTensor(), v2.ToDtype(torch.float32, scale=True)]
        steps.append(v2.Normalize(LITE_MEAN, LITE_STD))
        config = CustomModel(model=model.eval(), transform=v2.Compose(steps), name="efficientnet_lite0")
        return config, "imagededup CNN (EfficientNet-Lite0)"

    def code(self, rgb: Rgb) -> NDArray[np.float32]:
        vector = np.asarray(self.network.encode_image(image_array=rgb)).ravel()
        return vector / np.linalg.norm(vector)

    def gallery(self, codes: list[Any]) -> None:
        self.codes = np.stack(codes)

    def scores(self, code: Any) -> Scores:
        return (self.codes @ code).astype(np.float64)


class Curve:
    """Precision and recall over pairs, fingerprint threshold by threshold: equal scores stand or fall together."""

    def __init__(self, scores: Scores, right: NDArray[np.bool_]) -> None:
        order = np.argsort(-scores, kind="stable")
        last = np.flatnonzero(np.diff(scores[order], append=-np.inf))
        hits = np.cumsum(right[order])[last]
        self.precision, self.recall = hits / (last + 1), hits / max(int(right.sum()), 1)

    @property
    def average_precision(self) -> float:
        return float(np.sum(np.diff(self.recall, prepend=0) * self.precision))

    def recall_at(self, precision: float) -> float:
        return float(self.recall[self.precision >= precision].max(initial=0.0))


def measure(method: Method, gallery: list[Original], asked: list[Altered]) -> Measured:
    """Ask for every query in the gallery."""
    start = time.process_time()
    codes = [method.code(one.photo.rgb) for one in gallery]
    method.gallery(codes)
    rows = []
    for one in asked:
        codes.append(method.code(one.rgb))
        rows.append(method.scores(codes[-1]))
    return np.stack(rows), (time.process_time() - start) / (len(gallery) + len(asked)) * 1000, codes


def right_pairs(asked: list[Altered], gallery: int) -> NDArray[np.bool_]:
    right = np.zeros((len(asked), gallery), bool)
    for index, one in enumerate(asked):
        right[index, one.original] = one.duplicate
    return right


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("PACKSHOT_DATA", "../shared/data")))
    parser.add_argument("--photos", type=int, default=300, help="photos that are altered")
    parser.add_argument("--seed", type=int, default=2024)
    parser.add_argument("--alone", action="store_true", help="packshot without imagededup")
    parser.add_argument("--kinds", nargs="+", default=list(ALTERATIONS), help="alterations; colour variants always are")
    parser.add_argument("--fit", action="store_true", help="fit the score on training photos instead")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    if options.fit:
        fit(options)
        return
    gallery = originals(options.data, split="validation", seed=options.seed)
    asked = [
        one
        for one in alterations(gallery, seed=options.seed, number=options.photos)
        if one.kind in {*options.kinds, VARIANT}
    ]
    methods: list[Method] = [Packshot()] if options.alone else [Packshot(), DedupHash(), DedupNetwork()]
    results = {}
    for method in methods:
        results[method.name] = measure(method, gallery, asked)
        print(f"{method.name}: done", file=sys.stderr)
    report(results, gallery, asked, seed=options.seed)


def report(results: dict[str, Measured], gallery: list[Original], asked: list[Altered], *, seed: int) -> None:
    """The table, and what packshot got wrong."""
    right = right_pairs(asked, len(gallery))
    kinds = np.array([one.kind for one in asked])
    print(f"{len(gallery)} photos in the gallery, {len(asked)} queries, seed {seed}; average precision, ")
    print("recall at 90 % precision; of packshot also precision and recall at its threshold\n")
    print("| queries | " + " | ".join(f"{name}: AP | R@P90" for name in results) + " | packshot: P | R |")
    print("|---" * (2 * len(results) + 3) + "|")
    asked_kinds = [kind for kind in ALTERATIONS if kind != VARIANT and kind in kinds]
    for kind in [*asked_kinds, "all"]:
        chosen = (kinds == kind) | (kinds == VARIANT) if kind != "all" else np.ones(len(kinds), bool)
        cells = []
        for scores, _, _ in results.values():
            curve = Curve(scores[chosen].ravel(), right[chosen].ravel())
            cells += [f"{curve.average_precision:.3f}", f"{curve.recall_at(0.9):.3f}"]
        said = results["packshot"][0][chosen] >= DUPLICATE
        hits = np.count_nonzero(said & right[chosen])
        cells += [f"{hits / max(np.count_nonzero(said), 1):.3f}", f"{hits / np.count_nonzero(right[chosen]):.3f}"]
        print(f"| {kind} | " + " | ".join(cells) + " |")
    seconds = " | ".join(f"{seconds:.1f} |" for _, seconds, _ in results.values())
    print(f"| seconds for 1,000 | {seconds} | |")
    variants = kinds == VARIANT
    fingerprint = results["packshot"][0][variants]
    own = fingerprint[np.arange(len(fingerprint)), [one.original for one in asked if one.kind == VARIANT]]
    print(
        f"\ncolour variants fingerprint for duplicates by packshot: {np.count_nonzero(own >= DUPLICATE)} of {len(own)}"
    )
    false = (results["packshot"][0] >= DUPLICATE) & ~right
    false[variants, [one.original for one in asked if one.kind == VARIANT]] = False
    print(f"other photos fingerprint for duplicates by packshot: {np.count_nonzero(false)} of {false.size} pairs")
    grouped(results["packshot"][2], gallery, asked)


def grouped(codes: list[Any], gallery: list[Original], asked: list[Altered]) -> None:
    """What becomes of groups: pairs within them, and their best copies."""
    members = [(place, "original", True) for place in range(min(GROUPED, len(gallery)))]
    fingerprints = [codes[place] for place, _, _ in members]
    for index, one in enumerate(asked):
        if one.original < GROUPED:
            members.append((one.original, one.kind, one.duplicate))
            fingerprints.append(codes[len(gallery) + index])
    groups = group_duplicates(fingerprints, dict(find_pairs(fingerprints)), match=match_fingerprints)
    hits = said = 0
    for group in groups:
        places = [members[member.place] for member in group.members]
        for i, (photo, _, fine) in enumerate(places):
            for other, _, also in places[:i]:
                said += 1
                hits += photo == other and fine and also
    sizes: dict[int, int] = defaultdict(int)
    for photo, _, fine in members:
        sizes[photo] += fine
    possible = sum(size * (size - 1) // 2 for size in sizes.values())
    best = [members[group.best][1] for group in groups if len(group.members) > 2]
    print(
        f"\n{len(fingerprints)} pictures of {len(sizes)} photos in {len(groups)} groups: within groups: precision ",
        end="",
    )
    print(f"{hits / max(said, 1):.3f}, recall {hits / possible:.3f}; best copies: ", end="")
    print(", ".join(f"{kind} {best.count(kind)}" for kind in sorted(set(best), key=lambda kind: -best.count(kind))))


def fit(options: argparse.Namespace) -> None:
    """Logistic regression on pairs of training photos that could be laid on each other."""
    gallery = originals(options.data, split="train", seed=options.seed, number=2 * options.photos)
    asked = list(alterations(gallery, seed=options.seed, number=options.photos))
    method = Packshot()
    method.gallery([method.code(one.photo.rgb) for one in gallery])
    features, right = map(np.array, zip(*_pairs(method.known, gallery, asked), strict=True))
    weights = _logistic(features, right.astype(float))
    print(f"{len(right)} pairs, {right.sum()} right")
    print(f"bias, clear, recoloured, other background: {np.round(weights, 2).tolist()}")
    said = np.c_[np.ones(len(features)), features] @ weights > 0
    print(f"wrong at 0.5: {np.count_nonzero(said & ~right)} fingerprint, {np.count_nonzero(~said & right)} missed")


def _pairs(
    known: KnownPictures, gallery: list[Original], asked: list[Altered]
) -> Iterator[tuple[tuple[float, ...], bool]]:
    by_original: dict[int, list[tuple[Altered, Fingerprint]]] = defaultdict(list)
    for one in asked:
        fingerprint = fingerprint_of(one.rgb)
        others = [
            (known._fingerprints[place], place == one.original and one.duplicate)
            for place in known._candidates(fingerprint, None)
        ]
        # Copies also meet each other: the one before it, of the same photo.
        others += [(other, one.duplicate and before.duplicate) for before, other in by_original[one.original][-1:]]
        by_original[one.original].append((one, fingerprint))
        for other, right in others:
            found = lay_over(fingerprint, other)
            if found is not None and fingerprint.pixels != other.pixels:
                yield evidence(fingerprint, other, found[1]), right


def _logistic(features: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    """Newton's method; both classes weigh the same, with a weak ridge on standardised features."""
    mean, spread = features.mean(axis=0), features.std(axis=0)
    terms = np.c_[np.ones(len(features)), (features - mean) / spread]
    weight = np.where(right == 1, 0.5 / right.sum(), 0.5 / (1 - right).sum())
    ridge = 1e-3 * np.diag([1e-9, *[1.0] * features.shape[1]])
    found = np.zeros(terms.shape[1])
    for _ in range(50):
        said = 1 / (1 + np.exp(-np.clip(terms @ found, -30, 30)))
        slope = terms.T @ (weight * (said - right)) + ridge @ found
        found -= np.linalg.solve((terms * (weight * said * (1 - said))[:, None]).T @ terms + ridge, slope)
    slopes = found[1:] / spread
    return np.array([found[0] - slopes @ mean, *slopes])


if __name__ == "__main__":
    main()
