"""What every store does, LanceDB in a folder, LanceDB in a bucket and Milvus (through Milvus Lite) alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from packshot.catalogue.store import Filter, Hit, Store, Upserted, open_store
from packshot.errors import CatalogueError, CatalogueMismatch, UsageError

MODEL = "describe@1f2e3d4c"
HOSTILE = "it's \"quoted\" \\ %_ ' OR 1=1; DROP TABLE items; -- \n é 鞋"


without_lite = pytest.mark.skipif(find_spec("milvus_lite") is None, reason="Milvus Lite does not exist for Windows")


@pytest.fixture(params=["lance", "lance in a bucket", pytest.param("milvus", marks=without_lite)])
def uri(request, tmp_path) -> str:
    if request.param == "lance in a bucket":
        return f"{request.getfixturevalue('bucket')}/catalogue"
    return str(tmp_path / "catalogue") if request.param == "lance" else f"milvus+{tmp_path / 'catalogue.db'}"


@pytest.fixture
def store(uri):
    with open_store(uri, create=True) as opened:
        yield opened


def same(one, other) -> bool:
    times = (one.added, one.updated) == (other.added, other.updated)
    return times and one.content_hash == other.content_hash and np.array_equal(one.embedding, other.embedding)


def nearest(items, query, k) -> list[str]:
    """By numpy, in float64."""
    scores = np.stack([item.embedding for item in items]).astype(float) @ query.astype(float)
    return [items[at].id for at in np.argsort(-scores)[:k]]


def test_an_empty_catalogue_answers(store, make_items):
    (query,) = make_items(1)
    assert store.count() == 0
    assert list(store.items()) == []
    assert list(store.embeddings()) == []
    assert store.search(query.embedding, model=MODEL) == [[]]
    assert store.get(["x"]) == {}
    assert store.delete(["x"]) == 0
    assert store.upsert([]) == Upserted()
    assert store.verify() == []
    assert (store.model, store.dimension, store.stats().items) == (None, None, 0)
    store.compact()


def test_items_come_back_as_they_were(store, make_items, uri):
    full = make_items(
        1, id=HOSTILE, source=HOSTILE, category=("apparel", HOSTILE), category_score=0.25,
        attributes={"colour": HOSTILE, "size": "a=b"}, files={"cutout": HOSTILE},
        findings={"sharpness": 1.5, "box": [1, 2, None], "text": HOSTILE},
        added=datetime(1969, 7, 20, 20, 17, 40, 5, UTC),
    )  # fmt: skip
    plain = make_items(5, first=1)
    assert store.upsert(full + plain) == Upserted(added=6)
    store.close()
    with open_store(uri) as again:
        assert (again.count(), again.model, again.dimension) == (6, MODEL, 16)
        found = {item.id: item for item in again.items()}
        assert found.keys() == {item.id for item in full + plain}
        assert all(same(found[item.id], item) for item in full + plain)
        got = again.get([HOSTILE, "not there", "' OR '1'='1"])
        assert list(got) == [HOSTILE]
        assert same(got[HOSTILE], full[0])
        assert again.verify() == []


def test_an_upsert_adds_replaces_and_leaves_alone(store, make_items):
    items = make_items(10)
    assert store.upsert(items) == Upserted(added=10)
    assert store.upsert(items) == Upserted(unchanged=10)
    changed = replace(items[3], source="elsewhere.jpg", added=items[3].added + timedelta(days=1))
    assert store.upsert([changed, items[4], *make_items(1, first=50)]) == Upserted(added=1, updated=1, unchanged=1)
    assert store.count() == 11
    kept = store.get([changed.id])[changed.id]
    assert kept.source == "elsewhere.jpg"
    assert kept.added == items[3].added


def test_the_last_of_several_with_one_id_counts(store, make_items):
    (item,) = make_items(1)
    assert store.upsert([item, replace(item, source="last.jpg")]) == Upserted(added=1)
    assert [kept.source for kept in store.items()] == ["last.jpg"]


def test_deleting_takes_out_what_is_named_and_nothing_else(store, make_items):
    items = make_items(10)
    store.upsert([*items, *make_items(1, first=90, id=HOSTILE)])
    assert store.delete(["' OR '1'='1", "nothing", '" or 1==1', "%"]) == 0
    assert store.delete([items[2].id, items[7].id, HOSTILE]) == 3
    assert {item.id for item in store.items()} == {item.id for item in items} - {items[2].id, items[7].id}


def test_the_nearest_are_those_numpy_finds(store, make_items):
    items = make_items(300)
    store.upsert(items)
    queries = np.stack([item.embedding for item in make_items(7, seed=9)])
    for exact in (True, None):
        found = store.search(queries, model=MODEL, k=5, exact=exact)
        for query, hits in zip(queries, found, strict=True):
            assert [hit.id for hit in hits] == nearest(items, query, 5)
            assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    (one,) = store.search(items[8].embedding, model=MODEL, k=1)
    score = pytest.approx(1, abs=1e-5)
    assert one == [Hit(id=items[8].id, source="photos/8.jpg", score=score, category=items[8].category)]
    assert len(store.search(queries[0], model=MODEL, k=1000)[0]) == 300


def test_filters_come_before_the_search(store, make_items):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    items = [
        replace(
            item,
            category=("apparel", "tops") if number % 3 else ("apparel", "tops", HOSTILE),
            attributes={"colour": "navy blue" if number % 2 else HOSTILE, "fit": "slim"},
            added=start + timedelta(days=number),
        )
        for number, item in enumerate(make_items(60))
    ]
    store.upsert([*items, *make_items(5, first=100)])
    cases = [
        (Filter(category="apparel"), range(60)),
        (Filter(category=HOSTILE), range(0, 60, 3)),
        (Filter(category="app"), ()),
        (Filter(category="x' OR '1'='1"), ()),
        (Filter(attributes={"colour": "navy blue"}), range(1, 60, 2)),
        (Filter(attributes={"colour": HOSTILE, "fit": "slim"}), range(0, 60, 2)),
        (Filter(attributes={"colour": "navy"}), ()),
        (Filter(since=start + timedelta(days=10), until=start + timedelta(days=20)), range(10, 20)),
        (Filter(since=datetime.min.replace(tzinfo=UTC), category="tops"), range(60)),
        (Filter(until=datetime.max.replace(tzinfo=UTC), category="tops"), range(60)),
        (Filter(sha256=[f"{3:064x}", f"{5:064x}", "' OR 1=1 --"]), (3, 5)),
        (Filter(pixel_hash={f"{7:064x}"}), (7,)),
        (Filter(pixel_hash=()), ()),
        (Filter(category=HOSTILE, attributes={"fit": "slim"}, since=start + timedelta(days=30)), range(30, 60, 3)),
    ]  # fmt: skip
    (query,) = make_items(1, seed=5)
    for where, numbers in cases:
        wanted = [items[number] for number in numbers]
        assert store.count(where) == len(wanted), where
        assert {item.id for item in store.items(where)} == {item.id for item in wanted}
        assert {name for names, _ in store.embeddings(where) for name in names} == {item.id for item in wanted}
        (hits,) = store.search(query.embedding, model=MODEL, k=4, where=where)
        assert [hit.id for hit in hits] == (nearest(wanted, query.embedding, 4) if wanted else [])


def test_embeddings_of_another_model_are_refused(store, make_items):
    store.upsert(make_items(3))
    for others in (
        make_items(2, first=10, model="describe@99999999"),
        make_items(2, first=10, dimension=8),
        make_items(1, first=10) + make_items(1, first=11, model="other@12345678"),
    ):
        with pytest.raises(CatalogueMismatch, match=r"holds embeddings of describe@1f2e3d4c with 16 numbers.*index"):
            store.upsert(others)
    assert store.count() == 3
    (query,) = make_items(1)
    with pytest.raises(CatalogueMismatch, match="the query"):
        store.search(query.embedding, model="describe@99999999")
    with pytest.raises(CatalogueMismatch, match="the query"):
        store.search(make_items(1, dimension=8)[0].embedding, model=MODEL)


def test_the_first_items_may_not_disagree_either(store, make_items):
    with pytest.raises(CatalogueMismatch):
        store.upsert([*make_items(1), *make_items(1, first=1, model="other@12345678")])
    assert store.count() == 0


def test_queries_are_checked(store, make_items):
    store.upsert(make_items(3))
    for wrong in (np.ones(16, np.float32), np.full(16, np.nan, np.float32), np.zeros((1, 1, 16), np.float32)):
        with pytest.raises(ValueError, match="embedding: expected"):
            store.search(wrong, model=MODEL)
    with pytest.raises(ValueError, match="k: expected 1 or more"):
        store.search(make_items(1)[0].embedding, model=MODEL, k=0)


def test_a_time_without_its_zone_is_no_filter():
    with pytest.raises(ValueError, match="since: expected a time with its time zone"):
        Filter(since=datetime(2026, 1, 1))


def test_the_export_is_parquet(store, make_items, tmp_path):
    items = make_items(20, category=("tops",)) + make_items(5, first=20)
    path = tmp_path / "out" / "catalogue.parquet"
    with pytest.raises(UsageError, match="empty"):
        store.export(path)
    store.upsert(items)
    assert store.export(path, Filter(category="tops")) == 20
    table = pq.read_table(path)
    assert set(table["id"].to_pylist()) == {item.id for item in items[:20]}
    assert table.schema.metadata[b"packshot.model"] == MODEL.encode()
    row = table.slice(0, 1).to_pylist()[0]
    (item,) = (item for item in items if item.id == row["id"])
    assert row["embedding"] == item.embedding.tolist()
    assert row["added"] == item.added
    assert store.export(path) == 25
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_there_must_be_a_catalogue_unless_one_is_to_be_made(uri):
    with pytest.raises(UsageError, match="there is no catalogue"):
        open_store(uri)
    assert not Path(uri.removeprefix("milvus+")).exists()


@without_lite
def test_milvus_has_no_time_travel(tmp_path, make_items):
    with open_store(f"milvus+{tmp_path / 'catalogue.db'}", create=True) as store:
        store.upsert(make_items(1))
        with pytest.raises(UsageError, match="Milvus keeps no snapshots"):
            store.snapshots()
        with pytest.raises(UsageError, match="Milvus keeps no snapshots"):
            store.restore(1)


def test_a_server_that_is_not_there_is_said():
    with pytest.raises(CatalogueError, match="see that the server runs"):
        open_store("milvus://127.0.0.1:1/shop")


def test_a_store_says_what_it_is(store: Store, make_items):
    store.upsert(make_items(4))
    stats = store.stats(recall_sample=5)
    assert (stats.items, stats.model, stats.dimension, stats.index) == (4, MODEL, 16, None)
    assert stats.recall_at_10 is None
