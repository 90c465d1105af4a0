"""Does the embedding find products that it has never seen? Each product is asked for once, by a network without it.

    for k in 1 2 3 4 5; do
      packshot train embed --data $PACKSHOT_DATA -o embed$k --set keep_out=$k/5 ... && packshot export embed$k ...
    done
    PACKSHOT_DATA=../shared/data python benchmarks/unseen_products.py embed1.onnx embed2.onnx ... embed5.onnx

Of n networks the first was trained with `--set keep_out=1/n`, the second with 2/n, and so on. Each answers the
validation photos, taken by phone in a shop, of the products that it was never shown, against the studio pictures of
all 81; together they answer all photos. ImageNet, pooled, and the kinds of background: as in retrieval.py. Times:
recall@1 over that of ImageNet's features on the photo as it is. Intervals of 95 % draw whole products, both figures of
a ratio on the same draw.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from embedded_views import backgrounds, embedded, imagenet, pooled, ranks, small, views_of
from packshot.datasets import Split, described_items
from packshot.description import Describer
from packshot.pipeline import Pipeline
from packshot.settings import Settings
from packshot.training.describe.items import products_kept_out

_RESAMPLES = 2000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+", help="ONNX files, in the order of the parts they were kept from")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    settings = Settings(threads=arguments.threads, describe_model="none")
    torch.set_num_threads(arguments.threads)
    cv2.setNumThreads(arguments.threads)
    items = described_items(Path(os.environ["PACKSHOT_DATA"]))
    queries = [item for item in items if item.source == "grocery" and item.split is Split.VALIDATION]
    studio = [item for item in items if item.source == "studio"]
    asked = views_of(Pipeline(settings=settings), (str(item.photo) for item in queries))
    there = np.stack([small(item.rgb()) for item in studio])
    product = np.array([str(item.product) for item in queries])
    truth = product[:, None] == np.array([str(item.product) for item in studio])[None]

    found: dict[str, NDArray[np.intp]] = {}
    raw = imagenet()
    for background, vectors in backgrounds(raw, asked):
        found[f"ImageNet | {background}"] = ranks(vectors @ embedded(raw, there).T, truth)
    for number, model in enumerate(arguments.models, 1):
        unseen = products_kept_out(studio, f"{number}/{len(arguments.models)}")
        chosen = np.isin(product, sorted(unseen))
        describer = Describer(model, settings)
        for name, embed in (("embed, pooled", pooled(describer)), ("embed", describer.embed)):
            gallery = embedded(embed, there)
            for background, vectors in backgrounds(embed, asked):
                places = found.setdefault(f"{name} | {background}", np.zeros(len(queries), np.intp))
                places[chosen] = ranks(vectors[chosen] @ gallery.T, truth[chosen])
    print(f"{len(queries)} photos of {len(set(product))} products, {len(studio)} studio pictures; {asked.lost} photos")
    print("could not be cut out and were asked as they are\n")
    _table(found, product)


def _table(found: dict[str, NDArray[np.intp]], product: Sequence[str] | NDArray[np.str_]) -> None:
    _, group = np.unique(product, return_inverse=True)
    draws = np.random.default_rng(0).integers(0, group.max() + 1, (_RESAMPLES, group.max() + 1))
    photos = np.bincount(group)[draws].sum(axis=1)
    baseline = next(iter(found.values())) == 1

    def drawn(right: NDArray[np.bool_]) -> NDArray[np.float64]:
        return np.asarray(np.bincount(group, right)[draws].sum(axis=1) / photos)

    print("| features | query | recall@1 | times | recall@5 | mAP |\n|---|---|---|---|---|---|")
    for name, places in found.items():
        first = places == 1
        low, high = np.quantile(drawn(first), (0.025, 0.975))
        least, most = np.quantile(drawn(first) / drawn(baseline), (0.025, 0.975))
        times = f"{first.mean() / baseline.mean():.2f} ({least:.2f} to {most:.2f})"
        cells = f"{first.mean():.3f} ({low:.3f} to {high:.3f}) | {times}"
        print(f"| {name} | {cells} | {(places <= 5).mean():.3f} | {(1 / places).mean():.3f} |")


if __name__ == "__main__":
    main()
