"""`--sku` for photos in buckets: the SKUs that the same photos have in a folder."""

from __future__ import annotations

import functools
import io
import json
from pathlib import Path

import pytest
from batch_stub import StubPipeline
from packshot_tests.command import exit_code as packshot
from packshot_tests.photos import save, soft
from pyarrow import parquet

from packshot.batch import PhotoProcessing, find_sources
from packshot.batch.skus import products_of
from packshot.engines import InProcessEngine
from packshot.errors import UsageError
from packshot.records import Record
from packshot.sharded import run_sharded
from packshot.sharded.skus import finishing, sku_rule
from packshot.storage.objects import open_folder

NAMES = ["hats/0815_1.jpg", "hats/0815_2.jpg", "shoes/4711_1.jpg", "shoes/none.jpg"]
TABLE = "photo,gtin\n0815_1.jpg,40001\nhats/0815_2.jpg,40001\n4711_1,40002\n"


@pytest.fixture(params=["disk", "bucket"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    place = f"file://{tmp_path}/shop" if request.param == "disk" else str(request.getfixturevalue("bucket"))
    for number, name in enumerate(NAMES):
        path = save(tmp_path / "local" / name, soft(number))
        open_folder(f"{place}/photos").write(name, path.read_bytes())
    open_folder(place).write("products.csv", TABLE.encode())
    return place


def run(shop: str, rule: str | None, sources: list[str] | None = None) -> list[str | None]:
    uris = sources or [f"{shop}/photos"]
    finish = None if rule is None else sku_rule(rule, uris)
    calls = functools.partial(StubPipeline, fingerprint="f1")
    run_sharded(uris, f"{shop}/out", PhotoProcessing(calls), engine=InProcessEngine(), shard_size=3, finish=finish)
    lines = open_folder(f"{shop}/out").read("manifest.jsonl")[0].splitlines()
    return [json.loads(line).get("sku") for line in lines]


@pytest.mark.parametrize("rule", ["name", "folder", r"re:(\d+)_\d", "{table}:gtin"])
def test_the_skus_are_those_of_the_folder(shop: str, tmp_path: Path, rule: str) -> None:
    table = tmp_path / "products.csv"
    table.write_text(TABLE)
    sources = find_sources([str(tmp_path / "local")])
    expected = [product.sku for product in products_of(sources, rule.format(table=table))]
    assert any(expected)
    assert run(shop, rule.format(table=table)) == expected
    assert run(shop, rule.format(table=f"{shop}/products.csv")) == expected


def test_the_tables_have_them_and_another_rule_makes_no_photo_anew(shop: str) -> None:
    assert run(shop, None) == [None] * 4
    assert run(shop, f"{shop}/products.csv:gtin") == ["40001", "40001", "40002", None]
    out = open_folder(f"{shop}/out")
    rows = parquet.read_table(io.BytesIO(out.read("manifest.parquet")[0])).to_pylist()
    assert [row["sku"] for row in rows] == ["40001", "40001", "40002", None]
    assert len(list(out.list(".packshot/rows"))) == 2  # four photos in shards of three, once


def test_texts_are_written_by_the_sku_that_was_given(tmp_path: Path) -> None:
    record = Record(source=f"file://{tmp_path}/photos/0815.jpg", status="ok")
    roots, named = [f"file://{tmp_path}/photos"], list[str | None]()

    def write_texts(each: Record) -> Record:
        named.append(each.sku)
        return each

    both, alone = finishing("name", roots, write_texts), finishing("name", roots, None)
    assert both is not None
    assert alone is not None
    assert (both(record).sku, named) == ("0815", ["0815"])
    assert alone(record).sku == "0815"
    assert finishing(None, roots, write_texts) is write_texts
    assert finishing(None, roots, None) is None


def test_duplicates_name_the_skus_of_their_members(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    photos = open_folder(f"{shop}/photos")
    photos.write("shoes/4711_1.jpg", photos.read("hats/0815_1.jpg")[0])
    run(shop, f"{shop}/products.csv:gtin")
    assert packshot("duplicates", f"{shop}/out", "--json") == 0
    (row,) = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (row["kinds"], row["skus"]) == ([None, "exact"], ["40001", "40002"])


def test_photos_that_a_table_names_have_their_folders(shop: str) -> None:
    lines = "\n".join(f"{shop}/photos/{name}" for name in NAMES)
    open_folder(shop).write("new.csv", f"source\n{lines}\n".encode())
    assert run(shop, "folder", [f"{shop}/new.csv"]) == ["hats", "hats", "shoes", "shoes"]


@pytest.mark.parametrize(
    ("text", "rule", "says"),
    [
        ("photo,gtin\n", "{shop}/other.csv:gtin", "other.csv has no lines"),
        ("photo,gtin\na,1\n", "{shop}/other.csv:ean", "other.csv has no column 'ean'"),
        ("photo,gtin\na,1\n", "{shop}/gone.csv:gtin", "gone.csv is not there"),
        ("photo,gtin\na,1\n", "sku", "no rule for SKUs: 'sku'"),
    ],
)
def test_a_table_that_does_not_say_is_refused_before_a_photo_is_made(
    shop: str, capsys: pytest.CaptureFixture[str], text: str, rule: str, says: str
) -> None:
    open_folder(shop).write("other.csv", text.encode())
    assert packshot("run", f"{shop}/photos", "-o", f"{shop}/out", "--sku", rule.format(shop=shop)) == 2
    assert says in capsys.readouterr().err
    assert list(open_folder(f"{shop}/out").list()) == []


def test_a_name_of_two_photos_is_refused_and_nothing_is_lost(shop: str) -> None:
    open_folder(f"{shop}/photos").write("shoes/0815_1.jpg", b"another")
    with pytest.raises(UsageError, match=r"0815_1.jpg is the name of 2 photos, hats/0815_1.jpg and shoes/0815_1.jpg"):
        run(shop, f"{shop}/products.csv:gtin")
    assert len(run(shop, "folder")) == 5
