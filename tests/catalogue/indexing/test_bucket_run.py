"""Runs in shards into a catalogue: their manifest and kept embeddings by one writer, nothing twice."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from packshot_tests.command import run as packshot

from packshot.catalogue.indexing import IndexProgress, IndexSummary, index_bucket_runs
from packshot.catalogue.store import open_store
from packshot.errors import CatalogueMismatch, UsageError
from packshot.records import Record
from packshot.storage.objects import open_folder

pytest.importorskip("lancedb")
MODEL = "describe@1f2e3d4c"


def vector(number: int) -> NDArray[np.float32]:
    made = np.random.default_rng(number).normal(size=8).astype(np.float32)
    return made / np.linalg.norm(made)


def record(shop: str, number: int, **values: object) -> Record:
    """A photo as a run leaves it, its embedding with it."""
    buffer = io.BytesIO()
    np.save(buffer, vector(number), allow_pickle=False)
    kept = f".packshot/embeddings/{number:03}.npy"
    open_folder(f"{shop}/out").write(kept, buffer.getvalue())
    row = {
        "source": f"{shop}/photos/{number:03}.jpg",
        "status": "ok",
        "sha256": hashlib.sha256(b"%d" % number).hexdigest(),
        "pixel_hash": hashlib.sha256(b"pixels %d" % number).hexdigest(),
        "sku": f"A-{number}",
        "mask": f"masks/{number:03}.png",
        "embedding": {"file": kept, "model": MODEL},
    }
    return Record.model_validate(row | values)


def finish(shop: str, records: list[Record]) -> None:
    lines = "".join(f"{each.to_json()}\n" for each in records)
    open_folder(f"{shop}/out").write("manifest.jsonl", lines.encode())


def index(shop: str, catalogue: Path | str) -> tuple[IndexSummary, dict[str, IndexProgress]]:
    told: list[IndexProgress] = []
    with open_store(catalogue, create=True) as store:
        summary = index_bucket_runs([f"{shop}/out"], store, progress=told.append)
    return summary, {each.source.rpartition("/")[2]: each for each in told}


@pytest.fixture
def shop(tmp_path: Path) -> str:
    return f"file://{tmp_path}/shop"


def test_items_are_what_the_run_found_and_are_found_by_their_embedding(shop: str, tmp_path: Path) -> None:
    records = [record(shop, number) for number in range(30)]
    finish(shop, [*records, record(shop, 30, status="failed", embedding=None), record(shop, 31, embedding=None)])
    summary, told = index(shop, tmp_path / "catalogue")
    assert (summary.total, summary.upserted.added, summary.known, summary.failed) == (31, 30, 0, 1)
    assert summary.exit_code == 3
    assert "the run kept no embedding" in str(told["031.jpg"].error)
    with open_store(tmp_path / "catalogue") as store:
        assert store.model == MODEL
        for number, hits in enumerate(store.search(np.stack([vector(n) for n in range(30)]), model=MODEL, k=1)):
            item = store.get([hits[0].id])[hits[0].id]
            assert hits[0].source == records[number].source
            assert hits[0].score == pytest.approx(1, abs=1e-5)
            assert (item.sha256, item.pixel_hash) == (records[number].sha256, records[number].pixel_hash)
            assert (item.attributes, item.files) == ({"sku": f"A-{number}"}, {"mask": f"masks/{number:03}.png"})


def test_what_is_there_is_not_read_again(shop: str, tmp_path: Path) -> None:
    finish(shop, [record(shop, number) for number in range(5)])
    index(shop, tmp_path / "catalogue")
    out = open_folder(f"{shop}/out")
    changed = [record(shop, number, sku="B") if number == 3 else record(shop, number) for number in range(6)]
    out.delete(f".packshot/embeddings/{number:03}.npy" for number in range(5))
    finish(shop, changed)
    summary, told = index(shop, tmp_path / "catalogue")
    assert (summary.known, summary.upserted.added, summary.upserted.updated, summary.failed) == (4, 1, 1, 0)
    assert (told["003.jpg"].status, told["005.jpg"].status, told["000.jpg"].status) == ("indexed", "indexed", "known")


def test_one_file_under_two_names_is_one_item_whose_source_stays_true(shop: str, tmp_path: Path) -> None:
    twin = record(shop, 1)
    names = [f"{shop}/photos/{name}.jpg" for name in ("a", "b")]
    for name in ("a", "b"):
        open_folder(f"{shop}/photos").write(f"{name}.jpg", b"1")
    both = [twin.model_copy(update={"source": name}) for name in names]

    def source() -> list[str]:
        with open_store(tmp_path / "catalogue") as store:
            return [item.source for item in store.items()]

    for _ in range(2):  # the second time nothing changes
        finish(shop, both)
        index(shop, tmp_path / "catalogue")
        assert source() == names[:1]
    open_folder(f"{shop}/photos").delete(["a.jpg"])
    finish(shop, both[1:])
    index(shop, tmp_path / "catalogue")
    assert source() == names[1:]


def test_bad_input_is_told(shop: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no finished run: finish it first: packshot run SRC -o"):
        index(shop, tmp_path / "catalogue")
    damaged = record(shop, 0)
    assert damaged.embedding is not None
    open_folder(f"{shop}/out").write(damaged.embedding.file, b"not numpy")
    finish(shop, [damaged, record(shop, 1)])
    summary, told = index(shop, tmp_path / "catalogue")
    assert (summary.upserted.added, "000.npy is damaged" in str(told["000.jpg"].error)) == (1, True)
    finish(shop, [record(shop, 2, embedding={"file": ".packshot/embeddings/002.npy", "model": "other@0a0b0c0d"})])
    with pytest.raises(CatalogueMismatch):
        index(shop, tmp_path / "catalogue")
    open_folder(f"{shop}/out").write("manifest.jsonl", b"{}\nnonsense")
    with pytest.raises(UsageError, match=r"manifest\.jsonl cannot be read"):
        index(shop, tmp_path / "catalogue")


def test_the_command_indexes_a_run_in_a_bucket(shop: str, tmp_path: Path) -> None:
    finish(shop, [record(shop, number) for number in range(3)])
    done = packshot("index", f"{shop}/out", "-c", tmp_path / "shop.catalogue")
    assert done.code == 0, done.err
    assert "3 photos: 3 added" in done.out
    mixed = packshot("index", f"{shop}/out", tmp_path, "-c", tmp_path / "shop.catalogue")
    assert (mixed.code, "use a command for each" in mixed.err) == (2, True)
    background = packshot("index", f"{shop}/out", "--ground", "white", "-c", tmp_path / "shop.catalogue")
    assert (background.code, "leave --again and --ground out" in background.err) == (2, True)


def test_run_and_catalogue_lie_on_one_bucket(bucket: str) -> None:
    finish(bucket, [record(bucket, number) for number in range(5)])
    place = f"{bucket}/catalogue"
    assert index(bucket, place)[0].upserted.added == 5
    finish(bucket, [record(bucket, number) for number in range(6)])
    summary, _ = index(bucket, place)
    assert (summary.known, summary.upserted.added) == (5, 1)
    with open_store(place) as store:
        assert (store.count(), store.model) == (6, MODEL)
        for number, hits in enumerate(store.search(np.stack([vector(n) for n in range(6)]), model=MODEL, k=1)):
            assert hits[0].source == f"{bucket}/photos/{number:03}.jpg"
