"""Is the product in a photo in the catalogue, and what does removing its background do for the answer?

    PACKSHOT_DATA=../shared/data python benchmarks/retrieval.py                          # the shipped network
    PACKSHOT_DATA=../shared/data python benchmarks/retrieval.py --model a.onnx --model b.onnx --part groceries
    PACKSHOT_DATA=../shared/data python benchmarks/retrieval.py --model unseen.onnx --keep-out 1/5 --part groceries
    PACKSHOT_DATA=../shared/data python benchmarks/retrieval.py --cutout tiramisu.onnx --part groceries  # its masks

groceries: every validation photo, taken by phone in a shop, against the 81 studio pictures of the products as they are.
--keep-out K/N asks with the photos of those products alone that `--set keep_out=K/N` keeps out of training; all 81 are
there. --cutout: what cuts the queries out, a network or grabcut. garments: 300 validation garments, cut out by it, laid
on another background, in perspective, relit and cropped (seed 0), against their own photos and 3,000 others, of the
training split. What cuts out the query also made it: it sees edges of its own. match: the groceries with every second
product taken out of the catalogue; thresholds are fitted on the photos of half the products and evaluated on those of
the other half, both ways. garment-match: the same with 300 recomposed garments, every second one's own photo left out
of a catalogue of the others and 600 of the training split.

ImageNet: pooled features of EfficientNet-Lite0 at 224 pixels, as published (needs the extra `train`). pooled: the mean
of the network's last features, without metric learning; the network's name alone: its embedding, with it; re-ranked: as
`packshot search` orders what it found, by looks and by the category of the photo; rivals counted: as it calls garments
a match, which the nearest other products make less sure. A photo whose product cannot be cut out is asked as it is;
their number stands above each table. Intervals are 95 % bootstrap intervals, photos taken as
independent.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from embedded_views import Embed, Vectors, Views, backgrounds, embedded, imagenet, pooled, ranks, small, views_of
from packshot.catalogue.search import RIVALS, match_score, reranked
from packshot.catalogue.store import Hit
from packshot.datasets import Described, Split, described_items
from packshot.description import Describer
from packshot.evaluation import bootstrap_interval, fit_match
from packshot.pipeline import Pipeline
from packshot.runtime import MatchRule, read_card
from packshot.settings import Settings
from packshot.training.describe.items import products_kept_out
from packshot.values import CATEGORY
from recomposed_garments import recomposed_garments

_PARTS = ("groceries", "garments", "match", "garment-match")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", action="append", help="a name or an ONNX file; may be repeated")
    parser.add_argument("--part", action="append", choices=_PARTS, help="may be repeated; all by default")
    parser.add_argument(
        "--keep-out", default="", metavar="K/N", help="ask with the products kept out of training alone"
    )
    parser.add_argument("--cutout", default="cutout", help="what cuts out: a name, an ONNX file, or grabcut")
    parser.add_argument("--garments", type=int, default=300)
    parser.add_argument("--others", type=int, default=3000)
    parser.add_argument("--write", type=Path, help="the card (.json) that gets the thresholds of the last model")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    root = Path(os.environ["PACKSHOT_DATA"])
    settings = Settings(threads=arguments.threads, describe_model="none", model=arguments.cutout)
    torch.set_num_threads(arguments.threads)
    cv2.setNumThreads(arguments.threads)
    pipeline = Pipeline(settings=settings)
    embedders = {"ImageNet": imagenet()}
    describers: dict[str, Describer] = {}
    for model in arguments.model or ["describe"]:
        describer = Describer(model, settings)
        if any(head.name == CATEGORY for head in describer.heads):
            describers[describer.network.id] = describer
        embedders |= {f"{describer.network.id} pooled": pooled(describer), f"{describer.network.id}": describer.embed}
    parts = arguments.part or _PARTS
    rules: dict[str, MatchRule | None] = {}
    items = described_items(root)
    if {"groceries", "match"} & set(parts):
        queries = [i for i in items if i.source == "grocery" and i.split is Split.VALIDATION]
        studio = [i for i in items if i.source == "studio"]
        asked = views_of(pipeline, (str(item.photo) for item in queries))
        there = np.stack([small(item.rgb()) for item in studio])
        if "groceries" in parts:
            _groceries(embedders, describers, queries, studio, asked, there, keep_out=arguments.keep_out)
        if "match" in parts:
            rules["food"] = _match(embedders, describers, queries, studio, asked, there)
    if "garment-match" in parts:
        rules["apparel"] = _garment_match(embedders, describers, pipeline, root, items, count=arguments.garments)
    if arguments.write and (rule := rules.get("food")) is not None:
        groups = {name: round(each.threshold, 4) for name, each in rules.items() if each is not None and name != "food"}
        usual = {name: value for each in rules.values() if each is not None for name, value in each.usual.items()}
        update = {"groups": groups, "shares": dict.fromkeys(groups, 0.0), "usual": usual}
        card = read_card(arguments.write).model_copy(update={"match": rule.model_copy(update=update)})
        arguments.write.write_text(card.to_json(), encoding="utf-8")
        print(f"written to {arguments.write}")
    if "garments" in parts:
        _garments(embedders, pipeline, root, items, count=arguments.garments, others=arguments.others)


def _groceries(
    embedders: dict[str, Embed],
    describers: dict[str, Describer],
    queries: Sequence[Described],
    studio: Sequence[Described],
    asked: Views,
    there: NDArray[np.uint8],
    *,
    keep_out: str,
) -> None:
    products = sorted({str(item.product) for item in studio})
    unseen = products_kept_out(studio, keep_out) if keep_out else set(products)
    chosen = np.array([item.product in unseen for item in queries])
    truth = np.array([[item.product == other.product for other in studio] for item in queries])[chosen]
    print(f"\nphone to studio: {chosen.sum()} photos of {len(unseen)} products, {len(studio)} studio pictures")
    print(f"{asked.lost} photos could not be cut out\n")
    print("| features | query | recall@1 | recall@5 | mAP |\n|---|---|---|---|---|")
    said = {name: _said(describe, asked.photo[chosen], there) for name, describe in describers.items()}
    print(f"| chance | | {1 / len(studio):.3f} | {5 / len(studio):.3f} | |")
    for name, embed in embedders.items():
        gallery = embedded(embed, there)
        for background, vectors in backgrounds(embed, asked):
            scores = vectors[chosen] @ gallery.T
            _row(f"{name} | {background}", scores, truth)
            if name in describers:
                _row(f"{name}, re-ranked | {background}", _reranked(said[name], scores), truth)


def _match(
    embedders: dict[str, Embed],
    describers: dict[str, Describer],
    queries: Sequence[Described],
    studio: Sequence[Described],
    asked: Views,
    there: NDArray[np.uint8],
) -> MatchRule | None:
    names = sorted({str(item.product) for item in studio})
    kept = {name for place, name in enumerate(names) if place % 2 == 0}
    places = [place for place, item in enumerate(studio) if item.product in kept]
    known = np.array([item.product in kept for item in queries])
    product = [str(item.product) for item in queries]
    print(
        f"\nmatch: {len(places)} products in the catalogue; {known.sum()} photos of them, {(~known).sum()} of others\n"
    )
    catalogue = [str(studio[place].product) for place in places]
    return _match_table(embedders, describers, asked, there[places], catalogue, product, known, by_looks=False)


def _match_table(
    embedders: dict[str, Embed],
    describers: dict[str, Describer],
    asked: Views,
    there: NDArray[np.uint8],
    catalogue: Sequence[str],
    product: Sequence[str],
    known: NDArray[np.bool_],
    *,
    by_looks: bool,
) -> MatchRule | None:
    """A table of fitted thresholds; products by name. Returned is the last that suits a card.

    Where a category holds hundreds of products, it says little of which one it is: then looks alone count.
    """
    best: MatchRule | None = None
    print(
        "| features | query | asked for | threshold | precision | products found | answered | absent called a match |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name, embed in embedders.items():
        gallery = embedded(embed, there)
        tables = [(name, background, vectors @ gallery.T) for background, vectors in backgrounds(embed, asked)]
        if name in describers:
            said = _said(describers[name], asked.photo, there)
            tables += [(f"{name}, re-ranked", background, _reranked(said, scores)) for _, background, scores in tables]
        surest = [(name, background, scores, scores.max(axis=1)) for name, background, scores in tables]
        usual = {}
        if by_looks:
            for each, background, scores in tables[:3]:
                usual[background] = float(-np.partition(-scores, range(RIVALS + 1))[:, 1 : RIVALS + 1].mean())
                stands = _standing_out(scores, usual[background])
                surest.append((f"{each}, rivals counted", background, scores, stands))
        for name, background, scores, score in surest:
            right = np.array([catalogue[best] for best in scores.argmax(axis=1)]) == np.array(product)
            right &= known
            for precision in (0.9, 0.95):
                fit = fit_match(score, right, there=known, groups=product, precision=precision)
                if fit.threshold is None or fit.precision is None or fit.recall is None:
                    print(f"| {name} | {background} | {precision:.2f} | none is high enough | | | | |")
                    continue
                found, sure = fit.recall, fit.precision
                print(
                    f"| {name} | {background} | {precision:.2f} | {fit.threshold:.3f} "
                    f"| {sure.value:.3f} ({sure.low:.3f} to {sure.high:.3f}) "
                    f"| {found.value:.3f} ({found.low:.3f} to {found.high:.3f}) | {fit.coverage.value:.3f} "
                    f"| {float((score >= fit.threshold)[~known].mean()):.3f} |"
                )
                taken = "rivals counted" in name if by_looks else "re-ranked" in name
                if precision == 0.95 and taken and background == "both":
                    best = MatchRule(
                        threshold=round(fit.threshold, 4),
                        precision=round(sure.value, 3),
                        coverage=round(fit.coverage.value, 3),
                        queries=fit.queries,
                        ground=background,
                        usual={} if background not in usual else {"apparel": round(usual[background], 2)},
                    )
    return best


def _standing_out(scores: Vectors, usual: float) -> NDArray[np.float64]:
    """What `packshot search` compares with the threshold, of scores (queries, items): float64 (queries,)."""
    found = []
    for row in scores:
        hits = [Hit(str(place), "", float(row[place])) for place in np.argsort(-row)[: 5 * RIVALS]]
        found.append(match_score(hits[0], hits, {}, usual=usual))
    return np.array(found)


def _said(
    describe: Describer, asked: NDArray[np.uint8], there: NDArray[np.uint8]
) -> tuple[list[tuple[str, ...]], list[Mapping[str, float]]]:
    """Categories of the items, and each query's chances."""
    items = [describe(rgb).category for rgb in there]
    queries = [describe(rgb).category for rgb in asked]
    return (
        [tuple(choice.label for choice in said.path) if said else () for said in items],
        [said.chances if said else {} for said in queries],
    )


def _reranked(said: tuple[list[tuple[str, ...]], list[Mapping[str, float]]], scores: Vectors) -> Vectors:
    """Scores of pictures (queries, items) as `packshot search` gives them."""
    categories, chances = said
    found = np.empty_like(scores)
    for row, likely in enumerate(chances):
        hits = [Hit(str(k), "", float(scores[row, k]), category) for k, category in enumerate(categories)]
        for hit in reranked(hits, likely):
            found[row, int(hit.id)] = hit.score
    return found


def _garments(
    embedders: dict[str, Embed],
    pipeline: Pipeline,
    root: Path,
    items: Sequence[Described],
    *,
    count: int,
    others: int,
) -> None:
    own, recomposed, far = recomposed_garments(pipeline, root, items, count=count, others=others)
    queries = views_of(pipeline, recomposed)
    gallery = views_of(pipeline, (str(item.photo) for item in [*own, *far]))
    truth = np.zeros((len(own), len(own) + len(far)), bool)
    truth[np.arange(len(own)), np.arange(len(own))] = True
    print(f"\ngarments: {len(own)} recomposed, against their own photos and {len(far)} others")
    print(f"{queries.lost} queries and {gallery.lost} of the catalogue could not be cut out\n")
    print("| features | query | catalogue | recall@1 | recall@5 | mAP |\n|---|---|---|---|---|---|")
    for name, embed in embedders.items():
        there = dict(backgrounds(embed, gallery))
        mine = dict(backgrounds(embed, queries))
        for query, kept in (("photo", "photo"), ("white", "photo"), ("white", "white"), ("both", "both")):
            _row(f"{name} | {query} | {kept}", mine[query] @ there[kept].T, truth)


def _garment_match(
    embedders: dict[str, Embed],
    describers: dict[str, Describer],
    pipeline: Pipeline,
    root: Path,
    items: Sequence[Described],
    *,
    count: int,
) -> MatchRule | None:
    own, recomposed, far = recomposed_garments(pipeline, root, items, count=count, others=600)
    asked = views_of(pipeline, recomposed)
    known = np.arange(len(own)) % 2 == 0
    kept = [item for item, there in zip(own, known, strict=True) if there] + far
    there = np.stack([small(item.rgb()) for item in kept])
    print(
        f"\ngarments: {len(kept)} photos in the catalogue; {known.sum()} queries of them, {(~known).sum()} of others\n"
    )
    names = [str(item.photo) for item in kept], [str(item.photo) for item in own]
    return _match_table(embedders, describers, asked, there, *names, known, by_looks=True)


def _row(name: str, scores: Vectors, truth: NDArray[np.bool_]) -> None:
    """One relevant item a query: its average precision is one over its rank."""
    rank = ranks(scores, truth)
    cells = []
    for values in (rank == 1, rank <= 5, 1 / rank):
        low, high = bootstrap_interval(np.asarray(values, float))
        cells.append(f"{np.mean(values):.3f} ({low:.3f} to {high:.3f})")
    print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
