"""What was seen to go wrong with LanceDB, each held as a test: ../shared measurements, decision 15."""

from __future__ import annotations

import threading
from datetime import timedelta

import lancedb
import numpy as np
import pyarrow as pa
import pytest
from lancedb.index import BTree

from packshot.catalogue.store import Filter, open_store
from packshot.catalogue.store.lance import search_index
from packshot.catalogue.store.layout import rows_of, schema_for

MODEL = "describe@1f2e3d4c"


def files(folder) -> int:
    return sum(path.is_file() for path in (folder / "items.lance" / "data").rglob("*"))


@pytest.mark.parametrize("key_index", [False, True], ids=["no index", "an index on the key"])
def test_concurrent_merges_write_no_key_twice(tmp_path, make_items, key_index):
    """Object storage has no lock: there several writers merge the same new keys at once, as these do past the lock.

    An index on the key would bring the duplicates back, unless merges pass it over.
    """
    uri = str(tmp_path / "catalogue")
    items = make_items(100)
    with open_store(uri, create=True) as store:
        store.upsert(make_items(1, first=1000))
    if key_index:
        lancedb.connect(uri).open_table("items").create_index("id", config=BTree())
    ready = threading.Barrier(4)
    failed: list[BaseException] = []

    def write() -> None:
        try:
            store = open_store(uri)
            store._writer._folder = None  # as on object storage
            ready.wait()
            for start in range(0, 100, 25):
                store._write(items[start : start + 25])
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with open_store(uri) as store:
        ids = [item.id for item in store.items()]
        assert len(ids) == len(set(ids)) == 101
        assert store.verify() == []


def test_verify_finds_a_key_that_is_there_twice(tmp_path, make_items):
    uri = str(tmp_path / "catalogue")
    with open_store(uri, create=True) as store:
        store.upsert(make_items(3))
        table = lancedb.connect(uri).open_table("items")
        table.add(table.to_arrow().slice(0, 1))
    with open_store(uri) as store:
        (problem,) = store.verify()
        assert problem.message == f"item {0:064x} is there twice"


def test_many_small_writes_stay_few_files(tmp_path, make_items):
    with open_store(tmp_path / "catalogue", create=True) as store:
        for item in make_items(50):
            store.upsert([item])
        assert store.stats().fragments <= 33
        store.compact(keep=timedelta(0))
        stats = store.stats()
        assert (stats.items, stats.fragments, stats.snapshots) == (50, 1, 1)
        assert files(tmp_path / "catalogue") == 1
        assert len(list(store.items())) == 50


def test_compacting_keeps_young_snapshots(tmp_path, make_items):
    with open_store(tmp_path / "catalogue", create=True) as store:
        for item in make_items(3):
            store.upsert([item])
        store.compact()
        assert [snapshot.items for snapshot in store.snapshots()][:4] == [0, 1, 2, 3]


def test_an_upsert_of_what_is_there_writes_nothing(tmp_path, make_items):
    with open_store(tmp_path / "catalogue", create=True) as store:
        store.upsert(make_items(10))
        before = store.snapshots()
        store.upsert(make_items(10))
        assert store.snapshots() == before


@pytest.fixture
def large(tmp_path, make_items, monkeypatch):
    """3,000 items in families, with an index, for which exact search ends at 100."""
    monkeypatch.setattr(search_index, "EXACT_UP_TO", 100)
    items = make_items(3000, dimension=32)
    numbers = np.arange(3000)
    schema = schema_for(model=MODEL, dimension=32)
    rows = rows_of(items, schema)
    categories = pa.array(
        [["all", "rare" if number % 300 == 0 else "tenth" if number % 10 == 0 else "rest"] for number in numbers]
    )
    rows = rows.set_column(schema.get_field_index("category"), schema.field("category"), categories)
    table = lancedb.connect(tmp_path / "catalogue").create_table("items", schema=schema)
    table.add(rows)
    with open_store(tmp_path / "catalogue") as store:
        store.compact()
        yield store


def test_a_catalogue_that_outgrows_exact_search_gets_an_index(large, make_items, tmp_path):
    stats = large.stats(recall_sample=20)
    assert (stats.index, stats.indexed) == ("IvfSq", 3000)
    assert stats.recall_at_10 is not None
    assert stats.recall_at_10 >= 0.95
    large.upsert(make_items(50, first=5000, dimension=32))
    assert large.stats().indexed == 3000
    (new,) = make_items(1, first=5000, dimension=32)
    # Items that are not in the index yet are found all the same.
    stored = large.get([f"{5000:064x}"])[f"{5000:064x}"]
    assert large.search(stored.embedding, model=MODEL, k=1)[0][0].id == new.id
    for first in range(6000, 12_000, 1000):
        large.upsert(make_items(101, first=first, dimension=32))
    # Every taking up of new items is one more segment to search, until the index is built anew.
    table = lancedb.connect(tmp_path / "catalogue").open_table("items")
    (index,) = (index for index in table.list_indices() if index.name == "embedding")
    assert index.num_segments <= 5
    assert large.stats().indexed >= 3000 + 50 + 5 * 101


@pytest.mark.parametrize("category", ["all", "tenth", "rare"])
def test_recall_holds_under_filters(large, make_items, category):
    where = Filter(category=category)
    queries = np.stack([item.embedding for item in make_items(40, seed=3, dimension=32)])
    exact = large.search(queries, model=MODEL, k=10, where=where, exact=True)
    for asked in (None, False):
        found = large.search(queries, model=MODEL, k=10, where=where, exact=asked)
        shares = [
            len({hit.id for hit in a} & {hit.id for hit in b}) / len(a) for a, b in zip(exact, found, strict=True)
        ]
        assert np.mean(shares) >= 0.95


def test_scores_behind_the_index_are_exact(large):
    items = list(large.items(Filter(category="tenth")))
    query = items[5].embedding
    (hits,) = large.search(query, model=MODEL, k=10, exact=False)
    vectors = {item.id: item.embedding for item in large.get(hit.id for hit in hits).values()}
    for hit in hits:
        assert hit.score == pytest.approx(float(vectors[hit.id] @ query), abs=1e-5)
