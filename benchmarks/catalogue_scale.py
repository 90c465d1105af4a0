"""How the catalogue's store scales: build time, disk, memory, query times and recall, for several indexes.

    python benchmarks/catalogue_scale.py               # 100 thousand items, then a million: an hour on two cores
    python benchmarks/catalogue_scale.py --items 100000 --dim 512
    python benchmarks/catalogue_scale.py --crossover   # from how many items on an index is quicker

Vectors are drawn: 256 categories, in each of them families of about 50 items. A query is an item moved away to a cosine
of about 0.86, as a phone's photo is from a studio's. Recall is against numpy's exact search over the same vectors.
"filtered" asks for items of one colour out of 16 that have nothing to do with the vectors, the hard case: the
neighbours that remain lie far apart. Every index is asked in a process of its own, whose memory is told; the
processor's time is that of all its threads, and is what to go by where other programs run beside.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import lancedb
import numpy as np
import psutil
import pyarrow as pa

from packshot.catalogue.store import Filter
from packshot.catalogue.store.lance import LanceStore, search_index
from packshot.catalogue.store.lance.search_index import IndexPlan
from packshot.catalogue.store.layout import schema_for

MODEL = "synthetic@00000000"
QUERIES = 300
PLANS = [
    IndexPlan(),
    IndexPlan("IVF_SQ", 4_000, 10, 2),
    IndexPlan("IVF_SQ", 4_000, 20, 0),
    IndexPlan("IVF_SQ", 1_000, 40, 2),
    IndexPlan("IVF_FLAT", 1_000, 40, 0),
    IndexPlan("IVF_RQ", 4_000, 20, 10),
    IndexPlan("IVF_RQ", 1_000, 40, 10),
    IndexPlan("IVF_PQ", 4_000, 20, 10),
    IndexPlan("IVF_HNSW_SQ", 50_000, 5, 0),
    IndexPlan("IVF_HNSW_SQ", 50_000, 10, 2),
]


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def draw(items: int, dim: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Vectors float32 (items, dim), the colour of each, queries float32 (QUERIES, dim), and the colour to ask for."""
    rng = np.random.default_rng(0)
    centres = unit(rng.standard_normal((256, dim)))
    category_of = rng.integers(256, size=max(1, items // 50))
    families = unit(centres[category_of] + rng.standard_normal((len(category_of), dim)) / dim**0.5)
    family = rng.integers(len(families), size=items)
    vectors = np.empty((items, dim), np.float32)
    for at in range(0, items, 50_000):
        own = families[family[at : at + 50_000]]
        vectors[at : at + 50_000] = unit(own + 0.8 * rng.standard_normal(own.shape, np.float32) / dim**0.5)
    meant = rng.integers(items, size=QUERIES)
    queries = unit(vectors[meant] + 0.6 * rng.standard_normal((QUERIES, dim)) / dim**0.5)
    return vectors, rng.integers(16, size=items), queries, rng.integers(16, size=QUERIES)


def exact(vectors: np.ndarray, colours: np.ndarray, queries: np.ndarray, wanted: np.ndarray) -> tuple[list, list]:
    """Numbers of the ten nearest of every query, among all items and among those of its colour."""
    everywhere, in_colour = [], []
    for at in range(0, len(queries), 20):
        scores = queries[at : at + 20] @ vectors.T
        everywhere += np.argpartition(-scores, 10, axis=1)[:, :10].tolist()
        scores[colours[None] != wanted[at : at + 20, None]] = -2
        in_colour += np.argpartition(-scores, 10, axis=1)[:, :10].tolist()
    return everywhere, in_colour


def fill(folder: Path, vectors: np.ndarray, colours: np.ndarray) -> float:
    """Write the items past the store, which checks each one; seconds."""
    dim = vectors.shape[1]
    schema = schema_for(model=MODEL, dimension=dim)
    table = lancedb.connect(folder).create_table("items", schema=schema)
    now = datetime.now(UTC)
    started = time.perf_counter()
    for at in range(0, len(vectors), 100_000):
        part = vectors[at : at + 100_000]
        numbers = range(at, at + len(part))
        hashes = [f"{number * 2654435761 % 2**64:064x}" for number in numbers]
        columns = {
            "id": hashes, "source": [f"photos/{number}.jpg" for number in numbers], "sha256": hashes,
            "pixel_hash": hashes, "files": ["{}"] * len(part), "category_score": [0.5] * len(part),
            "category": [["apparel", "tops"]] * len(part),
            "attributes": [[f"colour={colour}"] for colour in colours[at : at + len(part)]],
            "findings": ['{"sharpness": 0.5}'] * len(part),
            "packshot_version": ["0"] * len(part), "added": [now] * len(part), "updated": [now] * len(part),
            "content_hash": hashes, "embedding": pa.FixedSizeListArray.from_arrays(pa.array(part.ravel()), dim),
        }  # fmt: skip
        table.add(pa.table([pa.array(columns[field.name], field.type) for field in schema], schema=schema))
    return time.perf_counter() - started


def megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def ask(folder: Path, plan: IndexPlan, *, compare_all: bool) -> None:
    """The child: ask every query, and print what came as JSON."""
    data = np.load(folder.parent / "queries.npz")
    process = psutil.Process()
    told: dict[str, object] = {}
    with LanceStore(str(folder), plan=plan) as store:
        for name, truth in (("all", data["everywhere"]), ("filtered", data["in_colour"])):
            count = 30 if compare_all else len(data["queries"])
            times, found = [], 0
            for turn in range(-10, count):
                where = Filter(attributes={"colour": str(data["wanted"][turn])}) if name == "filtered" else Filter()
                if turn == 0:
                    before = sum(process.cpu_times()[:2])
                started = time.perf_counter()
                (hits,) = store.search(data["queries"][turn], model=MODEL, where=where, exact=compare_all)
                if turn >= 0:
                    times.append(1000 * (time.perf_counter() - started))
                    found += len({int(hit.source[7:-4]) for hit in hits} & set(truth[turn].tolist()))
            told[name] = {
                "p50": float(np.percentile(times, 50)), "p99": float(np.percentile(times, 99)),
                "cpu": 1000 * (sum(process.cpu_times()[:2]) - before) / count, "recall": found / count / 10,
            }  # fmt: skip
    told["rss"] = process.memory_info().rss / 1e6
    print(json.dumps(told))


def told_by_child(folder: Path, plan: IndexPlan, *, compare_all: bool = False) -> dict:
    command = [sys.executable, __file__, "--ask", str(folder), "--plan", json.dumps(asdict(plan))]
    run = subprocess.run(
        [*command, *(["--compare-all"] if compare_all else [])], check=True, capture_output=True, text=True
    )
    return json.loads(run.stdout.splitlines()[-1])


def row(items: int, name: str, build: str, index: str, told: dict) -> str:
    cells = [f"{items:,}", name, build, index, f"{told['rss']:.0f}"]
    for which in ("all", "filtered"):
        one = told[which]
        cells += [f"{one['recall']:.3f}", f"{one['p50']:.1f}", f"{one['p99']:.1f}", f"{one['cpu']:.1f}"]
    return f"| {' | '.join(cells)} |"


def scale(items: int, dim: int, work: Path, plans: list[IndexPlan]) -> None:
    folder = work / f"catalogue-{items}"
    vectors, colours, queries, wanted = draw(items, dim)
    everywhere, in_colour = exact(vectors, colours, queries, wanted)
    np.savez(work / "queries.npz", queries=queries, wanted=wanted, everywhere=everywhere, in_colour=in_colour)
    seconds = fill(folder, vectors, colours)
    del vectors
    told = told_by_child(folder, IndexPlan(), compare_all=True)
    print(row(items, "none: every item compared", f"{seconds:.0f}", f"{megabytes(folder):.0f}", told), flush=True)
    for plan in plans:
        table = lancedb.connect(folder).open_table("items")
        before = sum(psutil.Process().cpu_times()[:2])
        started = time.perf_counter()
        search_index.build(table, plan, items=items)
        seconds = time.perf_counter() - started
        cpu = sum(psutil.Process().cpu_times()[:2]) - before
        table.optimize(cleanup_older_than=timedelta(seconds=1))
        index = sum(one.size_bytes or 0 for one in table.list_indices()) / 1e6
        name = f"{plan.kind}, {plan.items_per_partition:,} a partition, {plan.probes} probes, refine {plan.refine}"
        told = told_by_child(folder, plan)
        print(row(items, name, f"{seconds:.0f} ({cpu:.0f})", f"{index:.0f}", told), flush=True)
    shutil.rmtree(folder)


def crossover(dim: int, work: Path) -> None:
    print("| items | every item compared: p50, ms | processor, ms | index: p50, ms | processor, ms | recall |")
    print("|---|---|---|---|---|---|")
    for items in (1_000, 3_000, 10_000, 20_000, 30_000, 100_000):
        folder = work / f"catalogue-{items}"
        vectors, colours, queries, wanted = draw(items, dim)
        everywhere, in_colour = exact(vectors, colours, queries, wanted)
        np.savez(work / "queries.npz", queries=queries, wanted=wanted, everywhere=everywhere, in_colour=in_colour)
        fill(folder, vectors, colours)
        search_index.build(lancedb.connect(folder).open_table("items"), IndexPlan(), items=items)
        one, other = (
            told_by_child(folder, IndexPlan(), compare_all=True)["all"],
            told_by_child(folder, IndexPlan())["all"],
        )
        print(
            f"| {items:,} | {one['p50']:.1f} | {one['cpu']:.1f} | {other['p50']:.1f} | {other['cpu']:.1f} "
            f"| {other['recall']:.3f} |",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--dim", type=int, default=128)
    parser.add_argument(
        "--plans", type=int, nargs="+", help="numbers of the indexes to measure, from 0 (the default one)"
    )
    parser.add_argument("--crossover", action="store_true", help="compare exact search with the index at several sizes")
    parser.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--plan", type=json.loads, help=argparse.SUPPRESS)
    parser.add_argument("--compare-all", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.ask:
        ask(options.ask, IndexPlan(**options.plan), compare_all=options.compare_all)
        return
    plans = PLANS if options.plans is None else [PLANS[number] for number in options.plans]
    with tempfile.TemporaryDirectory() as work:
        if options.crossover:
            crossover(options.dim, Path(work))
            return
        print(
            "| items | index | build, s (processor) | index or table, MB | memory, MB "
            "| recall@10 | p50, ms | p99, ms | processor, ms "
            "| filtered: recall@10 | p50, ms | p99, ms | processor, ms |"
        )
        print("|---|---|---|---|---|---|---|---|---|---|---|---|---|")
        for items in options.items:
            scale(items, options.dim, Path(work), plans)


if __name__ == "__main__":
    main()
