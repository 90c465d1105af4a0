"""Products that a catalogue has several times, against angles drawn by hand and every pair compared by numpy."""

from __future__ import annotations

import io
import itertools
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from packshot_tests.command import run as packshot

from packshot.catalogue import CatalogueItem
from packshot.catalogue.repeated_products import RepeatedProducts, find_repeated_products
from packshot.catalogue.store import Filter, open_store
from packshot.errors import UsageError
from packshot.records import Record
from packshot.storage.objects import open_folder

pytest.importorskip("lancedb")
MODEL = "describe@1f2e3d4c"


def at(degrees: float, name: str, *, sku: str | None = None, category: Sequence[str] = ()) -> CatalogueItem:
    """An item whose embedding points there."""
    turned = math.radians(degrees)
    digest = name.encode().hex().ljust(64, "0")
    return CatalogueItem(
        f"{name}.jpg", digest, digest, np.array([math.cos(turned), math.sin(turned)], np.float32), MODEL,
        attributes={} if sku is None else {"sku": sku}, category=tuple(category),
    )  # fmt: skip


def found(folder: Path, items: Sequence[CatalogueItem], **options: Any) -> RepeatedProducts:
    with open_store(folder / "shop", create=True) as store:
        store.upsert(items)
        return find_repeated_products(store, **options)


def names(products: RepeatedProducts) -> list[list[str]]:
    return [[item.source.removesuffix(".jpg") for item in product.items] for product in products.products]


def test_items_that_look_like_one_product_are_together_and_others_alone(tmp_path: Path) -> None:
    # The cosine of 10 degrees is 0.985, of 12 degrees 0.978, of 20 degrees 0.940.
    items = [at(0, "cup"), at(10, "cup-again"), at(40, "shoe"), at(52, "shoe-again"), at(90, "bag")]
    products = found(tmp_path, items, threshold=0.97)
    assert names(products) == [["cup", "cup-again"], ["shoe", "shoe-again"]]
    scores = [[item.score for item in product.items] for product in products.products]
    expected = [[1, math.cos(math.radians(10))], [1, math.cos(math.radians(12))]]
    assert scores == [pytest.approx(each, abs=1e-6) for each in expected]
    assert products.asked == 5
    assert names(found(tmp_path, items, threshold=0.983))[1:] == []


def test_a_chain_of_small_steps_is_no_product(tmp_path: Path) -> None:
    chain = [at(10 * step, f"step-{step}") for step in range(7)]
    for product in found(tmp_path, chain, threshold=0.98).products:
        first, *others = (int(item.source[5]) for item in product.items)
        assert all(abs(first - other) == 1 for other in others)


def test_views_with_one_sku_are_known_and_another_sku_is_told(tmp_path: Path) -> None:
    # The second listing's photo is nearer to the first one's back view.
    front, back = at(0, "front", sku="A"), at(14, "back", sku="A")
    products = found(tmp_path, [front, back, at(20, "sold-again", sku="B"), at(80, "bag", sku="C")], threshold=0.9)
    assert names(products) == [["back", "sold-again"]]
    assert [item.sku for item in products.products[0].items] == ["A", "B"]
    assert names(found(tmp_path / "known", [front, back], threshold=0.9)) == []


def test_kinds_that_are_known_to_differ_are_no_product(tmp_path: Path) -> None:
    cup, shirt, unknown = at(0, "a-cup", category=["home", "cup"]), at(1, "shirt", category=["apparel"]), at(3, "what")
    assert names(found(tmp_path, [cup, shirt], threshold=0.9)) == []
    mug = at(1, "mug", category=["home", "mug"])
    assert sorted(names(found(tmp_path / "kind", [cup, mug], threshold=0.9))[0]) == ["a-cup", "mug"]
    assert sorted(names(found(tmp_path / "unknown", [cup, unknown], threshold=0.9))[0]) == ["a-cup", "what"]


def test_without_a_threshold_garments_and_unknown_kinds_need_a_higher_score(tmp_path: Path) -> None:
    """The cosine of 22 degrees is 0.927, of 15 degrees 0.966, of 30 degrees 0.866."""
    for kind, degrees, together in (
        ("food", 22, True), ("food", 30, False), ("apparel", 22, False), ("apparel", 15, True), (None, 22, False),
        (None, 15, True),
    ):  # fmt: skip
        category = [] if kind is None else [kind]
        items = [at(0, "one", category=["food"] if kind is None else category), at(degrees, "other", category=category)]
        products = found(tmp_path / f"{kind}-{degrees}", items)
        assert bool(products.products) == together
        assert "scores by kind" in products.words()


def test_new_items_are_compared_with_all(tmp_path: Path) -> None:
    with open_store(tmp_path / "shop", create=True) as store:
        store.upsert([at(0, "old"), at(50, "twin"), at(51, "twin-again")])
        since = max(item.added for item in store.items())
        store.upsert([at(4, "new")])
        (new,) = (item for item in store.items() if item.source == "new.jpg")
        assert new.added > since
        products = find_repeated_products(store, threshold=0.97, where=Filter(since=new.added))
    assert (products.asked, [sorted(each) for each in names(products)]) == (1, [["new", "old"]])


def test_a_product_of_many_photos_is_found_whole(tmp_path: Path) -> None:
    """More than are asked for at first."""
    items = [at(number / 100, f"{number:03}") for number in range(150)]
    (product,) = found(tmp_path, [*items, at(90, "other")], threshold=0.99).products
    assert sorted(item.source for item in product.items) == sorted(item.source for item in items)


def test_every_pair_from_the_threshold_on_is_found(tmp_path: Path) -> None:
    random = np.random.default_rng(4)
    centres = random.standard_normal((40, 16))
    vectors = np.repeat(centres, 3, axis=0) + random.standard_normal((120, 16)) * 0.3
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    items = [
        CatalogueItem(f"{number:03}.jpg", f"{number:064x}", f"{number:064x}", vector, MODEL)
        for number, vector in enumerate(vectors)
    ]
    cosines = vectors @ vectors.T
    pairs = {pair for pair in itertools.combinations(range(120), 2) if cosines[pair] >= 0.9}
    assert len(pairs) > 20
    products = [[int(name) for name in product] for product in names(found(tmp_path, items, threshold=0.9))]
    grouped = [number for product in products for number in product]
    assert len(grouped) == len(set(grouped))
    for first, *others in products:
        assert all(tuple(sorted((first, other))) in pairs for other in others)
    # What is in no group looks like nothing that is in none either.
    alone = set(range(120)) - set(grouped)
    assert not any({one, other} <= alone for one, other in pairs)


def test_the_same_product_in_new_photos_is_found_over_the_shards_of_runs(bucket: str) -> None:
    """Two runs, the second one of new photos; both lie in a bucket, as does the catalogue."""
    for run, photos in {"spring": {"cup": 0, "shoe": 40}, "autumn": {"mug": 5, "bag": 80}}.items():
        out, lines = open_folder(f"{bucket}/{run}"), []
        for name, degrees in photos.items():
            item = at(degrees, name)
            buffer = io.BytesIO()
            np.save(buffer, item.embedding, allow_pickle=False)
            out.write(f".packshot/embeddings/{name}.npy", buffer.getvalue())
            row = {
                "source": f"{bucket}/photos/{run}/{name}.jpg", "status": "ok", "sha256": item.sha256,
                "pixel_hash": item.sha256, "sku": f"{run}-{name}",
                "embedding": {"file": f".packshot/embeddings/{name}.npy", "model": MODEL},
            }  # fmt: skip
            lines.append(Record.model_validate(row).to_json())
        out.write("manifest.jsonl", "".join(f"{line}\n" for line in lines).encode())
        done = packshot("index", f"{bucket}/{run}", "-c", f"{bucket}/catalogue")
        assert done.code == 0, done.err
    done = packshot("catalogue", "repeated", "-c", f"{bucket}/catalogue", "--json")
    assert done.code == 0, done.err
    (row,) = [json.loads(line) for line in done.out.splitlines()]
    assert row["product"] == 1
    assert sorted(item["sku"] for item in row["items"]) == ["autumn-mug", "spring-cup"]
    assert min(item["score"] for item in row["items"]) == pytest.approx(math.cos(math.radians(5)), abs=1e-5)
    assert "4 items compared, 1 product there several times" in done.err
    done = packshot("catalogue", "repeated", "-c", f"{bucket}/catalogue", "--threshold", "0.999")
    assert (done.code, done.out) == (0, "")


def test_an_empty_catalogue_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is empty: index photos first"):
        found(tmp_path, [])
