"""How the catalogue's store scales: build time, disk, memory, query times and recall, for several indexes.

    python benchmarks/catalogue_scale.py               # 100 thousand items, then a million: an hour on two cores
    python benchmarks/catalogue_scale.py --items 100000 --dim 512
    python benchmarks/catalogue_scale.py --items 10000000 --plans 0 7   # the default and IVF_PQ: 12 GB of disk
    python benchmarks/catalogue_scale.py --crossover   # from how many items on an index is quicker

Vectors are drawn: 256 categories, in each of them families of about 50 items. A query is an item moved away to a cosine
of about 0.86, as a phone's photo is from a studio's. Recall is against numpy's exact search over the same vectors. They
are drawn block by block, and are never in memory together.
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
from collections.abc import Iterator
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
BLOCK = 50_000  # vectors in memory
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


class Drawn:
    """A catalogue's vectors in blocks, each time the same; and what is asked of it.

    Attributes:
        colours: of each item.
        queries: float32 (QUERIES, dim).
        wanted: the colour to ask for with each query.
    """

    def __init__(self, items: int, dim: int) -> None:
        self.items, self.dim = items, dim
        rng = np.random.default_rng(0)
        centres = unit(rng.standard_normal((256, dim)))
        category_of = rng.integers(256, size=max(1, items // 50))
        self._families = unit(centres[category_of] + rng.standard_normal((len(category_of), dim)) / dim**0.5)
        self.colours = rng.integers(16, size=items, dtype=np.uint8)
        self.wanted = rng.integers(16, size=QUERIES, dtype=np.uint8)
        # All blocks are drawn alike, so the items of the first one stand for all.
        meant = self._block(0)[rng.integers(min(items, BLOCK), size=QUERIES)]
        self.queries = unit(meant + 0.6 * rng.standard_normal((QUERIES, dim)) / dim**0.5)

    @property
    def places(self) -> range:
        """Where the blocks begin."""
        return range(0, self.items, BLOCK)

    def blocks(self) -> Iterator[tuple[int, np.ndarray]]:
        """Each block's first number, and its vectors, float32 (n, dim)."""
        return ((at, self._block(at)) for at in self.places)

    def _block(self, at: int) -> np.ndarray:
        rng = np.random.default_rng([1, at])
        number = min(BLOCK, self.items - at)
        own = self._families[rng.integers(len(self._families), size=number)]
        return unit(own + 0.8 * rng.standard_normal(own.shape, np.float32) / self.dim**0.5)


class Nearest:
    """The ten nearest of every query among what was shown so far: numbers, and their scores."""

    def __init__(self) -> None:
        self._scores = np.full((QUERIES, 10), -2.0, np.float32)
        self.numbers = np.full((QUERIES, 10), -1)

    def show(self, at: int, scores: np.ndarray) -> None:
        """Scores (QUERIES, n) of the items from a number on."""
        query, place = np.nonzero(scores > self._scores[:, -1:])
        for one in np.unique(query):
            places = place[query == one]
            together = np.concatenate([self._scores[one], scores[one, places]])
            kept = np.argsort(-together)[:10]
            self._scores[one] = together[kept]
            self.numbers[one] = np.concatenate([self.numbers[one], places + at])[kept]


class Table:
    """Takes items past the store, which checks each one.

    Attributes:
        seconds: that writing took.
    """

    def __init__(self, folder: Path, dim: int) -> None:
        self._schema = schema_for(model=MODEL, dimension=dim)
        self._table = lancedb.connect(folder).create_table("items", schema=self._schema)
        self._now = datetime.now(UTC)
        self.seconds = 0.0

    def add(self, at: int, part: np.ndarray, colours: np.ndarray) -> None:
        """Items from a number on."""
        started = time.perf_counter()
        numbers, dim, now = range(at, at + len(part)), part.shape[1], self._now
        hashes = [f"{number * 2654435761 % 2**64:064x}" for number in numbers]
        columns = {
            "id": hashes, "source": [f"photos/{number}.jpg" for number in numbers], "sha256": hashes,
            "pixel_hash": hashes, "files": ["{}"] * len(part), "category_score": [0.5] * len(part),
            "category": [["apparel", "tops"]] * len(part), "attributes": [[f"colour={colour}"] for colour in colours],
            "findings": ['{"sharpness": 0.5}'] * len(part),
            "packshot_version": ["0"] * len(part), "added": [now] * len(part), "updated": [now] * len(part),
            "content_hash": hashes, "embedding": pa.FixedSizeListArray.from_arrays(pa.array(part.ravel()), dim),
        }  # fmt: skip
        rows = [pa.array(columns[field.name], field.type) for field in self._schema]
        self._table.add(pa.table(rows, schema=self._schema))
        self.seconds += time.perf_counter() - started


def fill(folder: Path, drawn: Drawn) -> float:
    """Write all items; seconds."""
    table = Table(folder, drawn.dim)
    for at, vectors in drawn.blocks():
        table.add(at, vectors, drawn.colours[at : at + len(vectors)])
    return table.seconds


def megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def ask(folder: Path, plan: IndexPlan, *, compare_all: bool) -> None:
    """The child: ask every query, and print what came as JSON."""
    data = np.load(folder.parent / "queries.npz")
    process = psutil.Process()
    told: dict[str, object] = {}
    with LanceStore(str(folder), plan=plan) as store:
        for name, truth in (("all", data["everywhere"]), ("filtered", data["in_colour"])):
            count, warm_up = len(data["queries"]), 10
            if compare_all:
                count, warm_up = (30, 10) if store.count() <= 1_000_000 else (3, 1)
            times, found = [], 0
            for turn in range(-warm_up, count):
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


def forget_peak() -> None:
    """Let the most memory this process ever held be counted from now on."""
    Path("/proc/self/clear_refs").write_text("5")


def peak_mb() -> float:
    """The most memory this process held since it was forgotten."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1000


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


def prepare(folder: Path, items: int, dim: int) -> float:
    """A catalogue, and beside it the queries with their answers; seconds that writing it took."""
    drawn, everywhere, in_colour = Drawn(items, dim), Nearest(), Nearest()
    table = Table(folder, dim)
    for at, vectors in drawn.blocks():
        colours = drawn.colours[at : at + len(vectors)]
        table.add(at, vectors, colours)
        scores = drawn.queries @ vectors.T
        everywhere.show(at, scores)
        scores[colours[None] != drawn.wanted[:, None]] = -2
        in_colour.show(at, scores)
    np.savez(
        folder.parent / "queries.npz",
        queries=drawn.queries, wanted=drawn.wanted, everywhere=everywhere.numbers, in_colour=in_colour.numbers,
    )  # fmt: skip
    return table.seconds


def scale(items: int, dim: int, work: Path, plans: list[IndexPlan]) -> None:
    folder = work / f"catalogue-{items}"
    seconds = prepare(folder, items, dim)
    told = told_by_child(folder, IndexPlan(), compare_all=True)
    print(row(items, "none: every item compared", f"{seconds:.0f}", f"{megabytes(folder):.0f}", told), flush=True)
    for plan in plans:
        table = lancedb.connect(folder).open_table("items")
        before = sum(psutil.Process().cpu_times()[:2])
        forget_peak()
        started = time.perf_counter()
        search_index.build(table, plan, items=items)
        seconds = time.perf_counter() - started
        cpu = sum(psutil.Process().cpu_times()[:2]) - before
        table.optimize(cleanup_older_than=timedelta(seconds=1))
        index = sum(one.size_bytes or 0 for one in table.list_indices()) / 1e6
        name = f"{plan.kind}, {plan.items_per_partition:,} a partition, {plan.probes} probes, refine {plan.refine}"
        build = f"{seconds:.0f} ({cpu:.0f}), {peak_mb():.0f} MB"
        told = told_by_child(folder, plan)
        print(row(items, name, build, f"{index:.0f}", told), flush=True)
    shutil.rmtree(folder)


def crossover(dim: int, work: Path) -> None:
    print("| items | every item compared: p50, ms | processor, ms | index: p50, ms | processor, ms | recall |")
    print("|---|---|---|---|---|---|")
    for items in (1_000, 3_000, 10_000, 20_000, 30_000, 100_000):
        folder = work / f"catalogue-{items}"
        prepare(folder, items, dim)
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
            "| items | index | build, s (processor), memory at most | index or table, MB | memory, MB "
            "| recall@10 | p50, ms | p99, ms | processor, ms "
            "| filtered: recall@10 | p50, ms | p99, ms | processor, ms |"
        )
        print("|---|---|---|---|---|---|---|---|---|---|---|---|---|")
        for items in options.items:
            scale(items, options.dim, Path(work), plans)


if __name__ == "__main__":
    main()
