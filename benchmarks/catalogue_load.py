"""The catalogue under load: several readers, with and without somebody who writes.

    python benchmarks/catalogue_load.py                          # 200 thousand items in a folder, 1, 2 and 4 readers
    python benchmarks/catalogue_load.py --items 20000 --bucket   # in a bucket, by a server of this machine

Vectors and queries are drawn as `catalogue_scale.py` draws them. A reader is a process that asks one query after the
other; the writer is a process that adds 500 new items and changes 500 that are there, again and again. Every answer is
checked: ten items, none twice, the scores falling, and at the end all that the writer was told is written is found.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import NamedTuple

import lancedb
import numpy as np

from catalogue_scale import MODEL, Drawn, fill
from packshot.catalogue.record import CatalogueItem
from packshot.catalogue.store import Filter
from packshot.catalogue.store.lance import LanceStore, search_index
from packshot.catalogue.store.lance.search_index import IndexPlan

BATCH = 500
_SPAWN = multiprocessing.get_context("spawn")


class Read(NamedTuple):
    """What one reader saw: seconds of each answer, and answers that were wrong."""

    seconds: list[float]
    wrong: int


def read(uri: str, queries: np.ndarray, start: Event, stop: Event, told: multiprocessing.Queue) -> None:
    """Ask until told to stop."""
    seconds, wrong = [], 0
    with LanceStore(uri) as store:
        store.search(queries[0], model=MODEL, where=Filter())
        told.put("ready")
        start.wait()
        turn = os.getpid()
        while not stop.is_set():
            started = time.perf_counter()
            (hits,) = store.search(queries[turn % len(queries)], model=MODEL, where=Filter())
            seconds.append(time.perf_counter() - started)
            scores = [hit.score for hit in hits]
            wrong += not (len(hits) == 10 == len({hit.id for hit in hits}) and scores == sorted(scores, reverse=True))
            turn += 1
    told.put(Read(seconds, wrong))


def item(number: int, vector: np.ndarray, *, source: str) -> CatalogueItem:
    """An item as `fill` writes them."""
    key = f"{number * 2654435761 % 2**64:064x}"
    return CatalogueItem(source=source, sha256=key, pixel_hash=key, embedding=vector, model=MODEL)


def write(uri: str, items: int, vectors: np.ndarray, start: Event, stop: Event, told: multiprocessing.Queue) -> None:
    """Add and change items until told to stop; how many of each were written."""
    added = changed = 0
    with LanceStore(uri) as store:
        told.put("ready")
        start.wait()
        while not stop.is_set():
            new = [item(items + added + n, vectors[(added + n) % len(vectors)], source="new.jpg") for n in range(BATCH)]
            old = [item(changed + n, vectors[n % len(vectors)], source=f"again-{added}.jpg") for n in range(BATCH)]
            done = store.upsert([*new, *old])
            added, changed = added + done.added, changed + done.updated
    told.put((added, changed))


def load(uri: str, items: int, queries: np.ndarray, *, readers: int, writes: bool, seconds: float) -> str:
    """One row of the table; what the writer wrote is in the catalogue, or this stops."""
    start, stop = _SPAWN.Event(), _SPAWN.Event()
    said, written = _SPAWN.Queue(), _SPAWN.Queue()
    before = count(uri)
    crowd = [_SPAWN.Process(target=read, args=(uri, queries, start, stop, said)) for _ in range(readers)]
    if writes:
        crowd.append(_SPAWN.Process(target=write, args=(uri, before, queries, start, stop, written)))
    for process in crowd:
        process.start()
    for queue in [said] * readers + [written] * writes:
        assert queue.get(timeout=90) == "ready"
    start.set()
    time.sleep(seconds)
    stop.set()
    reads: list[Read] = [said.get(timeout=90) for _ in range(readers)]
    added, changed = written.get(timeout=90) if writes else (0, 0)
    for process in crowd:
        process.join()
    if count(uri) != before + added:
        raise SystemExit(f"{before} items and {added} more, of which {count(uri)} are there")
    times = 1000 * np.array([one for reader in reads for one in reader.seconds])
    figures = [f"{np.percentile(times, share):.0f}" for share in (50, 99, 100)]
    wrong = sum(reader.wrong for reader in reads)
    cells = [f"{before:,}", str(readers), f"{added / seconds:.0f} + {changed / seconds:.0f}" if writes else "none"]
    return f"| {' | '.join([*cells, f'{len(times) / seconds:.0f}', *figures, str(wrong)])} |"


def count(uri: str) -> int:
    """Items in the catalogue."""
    with LanceStore(uri) as store:
        return store.stats().items


@contextlib.contextmanager
def place(*, bucket: bool) -> Iterator[str]:
    """URI of a catalogue to be made, in a folder or a bucket."""
    if not bucket:
        with tempfile.TemporaryDirectory() as work:
            yield str(Path(work) / "catalogue")
        return
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
    from packshot_tests.bucket_server import bucket_server

    with bucket_server() as server:
        os.environ |= server.environment
        yield f"{server.make()}/catalogue"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=200_000)
    parser.add_argument("--dim", type=int, default=128)
    parser.add_argument("--readers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--seconds", type=float, default=15, help="of each row")
    parser.add_argument("--bucket", action="store_true")
    options = parser.parse_args()
    drawn = Drawn(options.items, options.dim)
    with place(bucket=options.bucket) as uri:
        if options.bucket:
            with LanceStore(uri, create=True) as store:
                for at, vectors in drawn.blocks():
                    part = enumerate(vectors, start=at)
                    store.upsert([item(number, vector, source=f"photos/{number}.jpg") for number, vector in part])
        else:
            fill(Path(uri), drawn)
            search_index.build(lancedb.connect(uri).open_table("items"), IndexPlan(), items=options.items)
        print("| items | readers | written a second | queries a second | p50, ms | p99, ms | slowest, ms | wrong |")
        print("|---|---|---|---|---|---|---|---|")
        for readers in options.readers:
            for writes in (False, True):
                row = load(uri, options.items, drawn.queries, readers=readers, writes=writes, seconds=options.seconds)
                print(row, flush=True)


if __name__ == "__main__":
    main()
