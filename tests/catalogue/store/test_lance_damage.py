"""What is wrong is said in words, nothing is lost by it, and what can be opened opens."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import lancedb
import pyarrow as pa
import pytest

from packshot.catalogue.store import open_store, set_aside_damaged
from packshot.catalogue.store.lance.failures import meaning_of
from packshot.catalogue.store.layout import schema_for
from packshot.errors import (
    CatalogueDamaged,
    CatalogueError,
    CatalogueLocked,
    CatalogueMismatch,
    OutputError,
    UsageError,
)

MODEL = "describe@1f2e3d4c"


@pytest.fixture
def catalogue(tmp_path, make_items) -> Path:
    folder = tmp_path / "catalogue"
    with open_store(folder, create=True) as store:
        store.upsert(make_items(200))
        store.upsert(make_items(100, first=200))
    return folder


def newest_manifest(folder: Path) -> Path:
    return min((folder / "items.lance" / "_versions").glob("*.manifest"))


@pytest.mark.parametrize("content", [b"garbage" * 40, b"", None], ids=["garbage", "empty", "half"])
def test_a_damaged_newest_state_is_named_and_set_aside(catalogue, content):
    manifest = newest_manifest(catalogue)
    before = manifest.read_bytes()
    damaged = before[: len(before) // 2] if content is None else content
    manifest.write_bytes(damaged)
    with pytest.raises(CatalogueDamaged, match=rf"{manifest.name}, cannot be read: .*restore"):
        open_store(catalogue)
    aside = set_aside_damaged(catalogue)
    assert [path.name for path in aside] == [manifest.name + ".damaged"]
    assert aside[0].read_bytes() == damaged
    with open_store(catalogue) as store:
        assert store.count() == 200
        assert store.verify() == []
    assert set_aside_damaged(catalogue) == []
    # Nothing was lost: the file put back is the catalogue as it was.
    aside[0].unlink()
    manifest.write_bytes(before)
    with open_store(catalogue) as store:
        assert store.count() == 300


def test_where_no_state_can_be_read_everything_stays_as_it_was(catalogue):
    manifests = sorted((catalogue / "items.lance" / "_versions").glob("*.manifest"))
    for manifest in manifests:
        manifest.write_bytes(b"garbage")
    with pytest.raises(CatalogueDamaged):
        set_aside_damaged(catalogue)
    assert sorted((catalogue / "items.lance" / "_versions").glob("*.manifest*")) == manifests


@pytest.mark.parametrize("harm", ["truncated", "gone", "garbage"])
def test_a_damaged_data_file_is_found_and_gone_back_from(catalogue, make_items, harm):
    with open_store(catalogue) as store:
        intact = store.snapshots()[-2]
    newest = max((catalogue / "items.lance" / "data").iterdir(), key=lambda path: path.stat().st_mtime_ns)
    if harm == "gone":
        newest.unlink()
    else:
        content = newest.read_bytes()
        newest.write_bytes(content[: len(content) // 2] if harm == "truncated" else b"x" * len(content))
    with open_store(catalogue) as store:
        assert store.count() == 300
        problems = store.verify()
        assert len(problems) == 1
        assert "is damaged" in problems[0].message
        assert "restore" in problems[0].remedy
        with pytest.raises(CatalogueDamaged, match="is damaged"):
            list(store.items())
        with pytest.raises(CatalogueDamaged, match="is damaged"):
            store.search(make_items(1)[0].embedding, model=MODEL, exact=True)
        store.restore(intact.version)
        assert store.verify() == []
        assert len(list(store.items())) == 200


def test_a_flipped_bit_is_found_though_lancedb_reads_on(catalogue, make_items):
    """LanceDB keeps no checksums: it hands on what the disk gave it."""
    vector = make_items(200)[17].embedding.tobytes()
    (file,) = (path for path in (catalogue / "items.lance" / "data").iterdir() if vector in path.read_bytes())
    content = bytearray(file.read_bytes())
    content[content.index(vector) + 2] ^= 1
    file.write_bytes(content)
    with open_store(catalogue) as store:
        (problem,) = store.verify()
        assert problem.message == f"item {17:064x} is not what was written"
        assert len(list(store.items())) == 300


def test_a_row_that_makes_no_item_is_named(catalogue, make_items):
    vector = make_items(200)[17].embedding.tobytes()
    (file,) = (path for path in (catalogue / "items.lance" / "data").iterdir() if vector in path.read_bytes())
    file.write_bytes(file.read_bytes().replace(vector, b"\xff" * len(vector)))
    with open_store(catalogue) as store:
        (problem,) = store.verify()
        assert f"item {17:064x} is damaged (embedding: expected finite numbers" in problem.message


def test_a_catalogue_of_a_newer_packshot_is_refused(tmp_path):
    schema = schema_for(model=MODEL, dimension=4)
    schema = schema.with_metadata({**schema.metadata, b"packshot.schema_version": b"2"})
    lancedb.connect(tmp_path).create_table("items", schema=schema)
    with pytest.raises(CatalogueMismatch, match=r"newer packshot \(layout 2, this one knows 1\): upgrade packshot"):
        open_store(tmp_path)


def test_a_table_of_somebody_else_is_no_catalogue(tmp_path):
    lancedb.connect(tmp_path).create_table("items", schema=pa.schema([pa.field("id", pa.int64())]))
    with pytest.raises(UsageError, match="no catalogue of packshot"):
        open_store(tmp_path)


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path):
    (tmp_path / "holiday.jpg").write_bytes(b"x")
    for create in (False, True):
        with pytest.raises(UsageError, match="no catalogue"):
            open_store(tmp_path, create=create)
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]
    with pytest.raises(UsageError, match="is a file: a catalogue is a folder"):
        open_store(tmp_path / "holiday.jpg", create=True)


def test_an_empty_folder_becomes_a_catalogue_only_on_purpose(tmp_path, make_items):
    with pytest.raises(UsageError, match=r"there is no catalogue in .*: make one: packshot index"):
        open_store(tmp_path)
    assert list(tmp_path.iterdir()) == []
    with open_store(tmp_path, create=True) as store:
        store.upsert(make_items(1))
    with open_store(tmp_path) as store:
        assert store.count() == 1


_FULL = """
import resource, signal, sys
sys.path.insert(0, sys.argv[2])
import kill_stub
from packshot.catalogue.store import open_store
from packshot.errors import OutputError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = open_store(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, resource.RLIM_INFINITY))
try:
    store.upsert(kill_stub.batch(100))
except OutputError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a process's files")
def test_a_full_disk_is_said_and_loses_nothing(catalogue, make_items):
    """A limit on the size of files stands in for the disk: the same error, one number apart."""
    run = subprocess.run(
        [sys.executable, "-c", _FULL, str(catalogue), str(Path(__file__).parent)],
        capture_output=True, text=True, check=True, timeout=200,
    )  # fmt: skip
    assert "could not be written: the disk is full" in run.stdout
    assert "what was in the catalogue before is still there" in run.stdout
    with open_store(catalogue) as store:
        assert store.count() == 300
        assert store.verify() == []
        assert store.upsert(make_items(10, first=300)).added == 10


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_catalogue_that_may_not_be_written_can_be_read(catalogue, make_items):
    for path in [catalogue, *catalogue.rglob("*")]:
        path.chmod(path.stat().st_mode & ~0o222)
    with open_store(catalogue) as store:
        assert store.count() == 300
        with pytest.raises(OutputError, match="could not be written"):
            store.upsert(make_items(1, first=900))
    for path in [catalogue, *catalogue.rglob("*")]:
        path.chmod(path.stat().st_mode | 0o200)


def test_an_export_that_cannot_be_written_leaves_nothing(catalogue, tmp_path):
    (tmp_path / "taken").mkdir()
    with open_store(catalogue) as store, pytest.raises(OutputError, match="could not be written"):
        store.export(tmp_path / "taken")
    assert list((tmp_path / "taken").iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["catalogue", "taken"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("lance error: LanceError(IO): No space left on device (os error 28), /x/src/local.rs:1:2", OutputError),
        ("LanceError(IO): Permission denied (os error 13)", OutputError),
        ("lance error: Too many concurrent writers. Attempted 1 times, but failed", CatalogueLocked),
        ("Failed to connect to namespace: RetryError(uri: http://127.0.0.1/shop)" + "x" * 999, CatalogueError),
        ("RetryError(RetryErrorImpl { method: GET, retries: 10, retry_timeout: 180s, inner: Http })", CatalogueError),
        ("lance error: LanceError(IO): file size is too small, /x/src/utils.rs:172:20", CatalogueDamaged),
    ],
)  # fmt: skip
def test_what_lancedb_says_is_told_in_words(text, kind):
    """Texts as LanceDB 0.40 gave them, on a full disk, without permission, from two writers and without a network."""
    error = meaning_of(RuntimeError(text), uri="s3://shop/catalogue")
    assert type(error) is kind
    assert "s3://shop/catalogue" in error.message
    assert ".rs:" not in error.message
    assert len(error.message) < 500
