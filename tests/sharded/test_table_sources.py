"""Tables of URIs as a run's sources: Parquet as other tools write it, and what is told of one that is no use."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from packshot_tests.command import run
from packshot_tests.photos import save, soft
from pyarrow import parquet

from packshot.catalogue import CatalogueItem
from packshot.catalogue.store import open_store
from packshot.errors import ObjectNotFound, UsageError
from packshot.sharded.sources import PassedOverKeys, photos_of
from packshot.storage.objects import open_folder

URIS = [f"s3://shop/{name}" for name in ("b.jpg", "a/ü #.jpg", "a.png")]


def written(folder: str, columns: dict[str, pa.Array], **options: object) -> bytes:
    """A Parquet file, also put into a folder as ``new.parquet``."""
    file = io.BytesIO()
    parquet.write_table(pa.table(columns), file, **options)
    open_folder(folder).write("new.parquet", file.getvalue())
    return file.getvalue()


def named_by(table: str) -> list[str]:
    return [entry.source for entry in photos_of([table], PassedOverKeys())]


@pytest.fixture(params=["bucket", "disk"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"file://{tmp_path}" if request.param == "disk" else str(request.getfixturevalue("bucket"))


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.binary(), pa.dictionary(pa.int32(), pa.string())])
def test_each_kind_of_text_is_read(folder: str, kind: pa.DataType) -> None:
    uris = (
        pa.array([*URIS, URIS[0]]).cast(kind)
        if not pa.types.is_dictionary(kind)
        else pa.array(URIS).dictionary_encode()
    )
    written(folder, {"sku": pa.array(range(len(uris))), "source": uris}, row_group_size=2)
    assert named_by(f"{folder}/new.parquet") == sorted(URIS)


def test_a_column_that_is_not_there_is_told_with_those_that_are(folder: str) -> None:
    written(folder, {"sku": pa.array([1]), "photo": pa.array(URIS[:1])})
    with pytest.raises(UsageError, match=r"new\.parquet has no column source, but sku, photo: name one"):
        named_by(f"{folder}/new.parquet")
    with pytest.raises(UsageError, match="has no column phto, but sku, photo"):
        named_by(f"{folder}/new.parquet:phto")
    assert named_by(f"{folder}/new.parquet:photo") == URIS[:1]


@pytest.mark.parametrize("codec", ["none", "snappy", "zstd"])
def test_a_damaged_file_is_told(tmp_path: Path, codec: str) -> None:
    whole = written(f"file://{tmp_path}", {"source": pa.array(URIS * 500)}, compression=codec)
    footer = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
    damaged = {
        "empty": b"",
        "text": b"source\ns3://shop/a.jpg\n",
        "cut": whole[: len(whole) // 2],
        "without a beginning": whole[len(whole) // 2 :],
        "footer": whole[:footer] + bytes(len(whole) - 8 - footer) + whole[-8:],
        "pages": bytes(footer) + whole[footer:],
    }
    for data in damaged.values():
        (tmp_path / "new.parquet").write_bytes(data)
        with pytest.raises(UsageError, match=r"new\.parquet: no Parquet, or damaged .*: write it anew"):
            named_by(f"file://{tmp_path}/new.parquet")


@pytest.mark.parametrize(("cell", "told"), [(None, "an empty cell"), ("a.jpg", "'a.jpg'")])
def test_a_cell_that_is_no_uri_is_told_with_its_row(tmp_path: Path, cell: str | None, told: str) -> None:
    written(f"file://{tmp_path}", {"source": pa.array([URIS[0], cell])})
    with pytest.raises(UsageError, match=rf"new\.parquet, row 2: {told} is no URI: write s3://BUCKET/KEY in source"):
        named_by(f"file://{tmp_path}/new.parquet")


def test_a_catalogue_and_a_query_of_it_name_their_photos(folder: str, tmp_path: Path) -> None:
    catalogue = f"{folder}/catalogue".removeprefix("file://")
    kinds = ("shoes", "hats", "shoes")
    with open_store(catalogue, create=True) as store:
        store.upsert(
            CatalogueItem(
                uri,
                f"{number:064}",
                f"{number:064}",
                np.eye(3, dtype=np.float32)[number],
                "m@1f2e3d4c",
                category=(kind,),
            )
            for number, (uri, kind) in enumerate(zip(URIS, kinds, strict=True))
        )
    assert named_by(f"{folder}/catalogue/items.lance") == sorted(URIS)
    assert named_by(f"{folder}/catalogue/items.lance/") == sorted(URIS)
    with pytest.raises(UsageError, match=r"items\.lance has no column photo, but .*source"):
        named_by(f"{folder}/catalogue/items.lance:photo")
    with pytest.raises(UsageError, match=r"other\.lance: no Lance table, or damaged"):
        named_by(f"{folder}/catalogue/other.lance")
    done = run("catalogue", "export", "-c", catalogue, "shoes.parquet", "--category", "shoes", cwd=tmp_path)
    assert done.code == 0, done.err
    assert named_by(f"file://{tmp_path}/shoes.parquet") == sorted([URIS[0], URIS[2]])


def test_a_table_on_a_disk_may_name_files_by_their_paths(tmp_path: Path) -> None:
    written(f"file://{tmp_path}", {"source": pa.array(["/photos/b.jpg", URIS[0]])})
    assert named_by(f"file://{tmp_path}/new.parquet") == ["file:///photos/b.jpg", URIS[0]]


def test_a_table_that_is_not_there_is_told(folder: str) -> None:
    with pytest.raises(ObjectNotFound, match=r"new\.parquet is not there"):
        named_by(f"{folder}/new.parquet")


def test_a_table_on_a_disk_is_run_as_it_is_typed(tmp_path: Path) -> None:
    paths = [save(tmp_path / "photos" / name, soft(number, (64, 48))) for number, name in enumerate(("b.jpg", "a.jpg"))]
    written(f"file://{tmp_path}", {"sku": pa.array([1, 2]), "photo": pa.array([f"file://{path}" for path in paths])})
    options = ("--profile", "amazon", "--jobs", 1, "--threads", 1)
    done = run("run", "new.parquet:photo", "-o", "out", *options, cwd=tmp_path)
    assert "2 photos:" in done.out, done.err
    rows = [json.loads(line) for line in (tmp_path / "out" / "manifest.jsonl").read_text().splitlines()]
    assert [row["source"] for row in rows] == sorted(f"file://{path}" for path in paths)
    missing = run("run", "new.parquet", "-o", "out2", *options, cwd=tmp_path)
    assert (missing.code, "has no column source, but sku, photo" in missing.err) == (2, True)
    assert not (tmp_path / "out2" / ".packshot").exists() or not list((tmp_path / "out2").rglob("*.jsonl"))
