"""A catalogue moves to another embedding: the old one answers until the new one is whole, whatever happens."""

import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from packshot_tests.networks import write_network
from PIL import Image

from packshot.catalogue.indexing import describing_network, embed, item_of, reindex
from packshot.catalogue.store import open_store
from packshot.errors import CatalogueDamaged, CatalogueMismatch, UsageError
from packshot.pipeline import Pipeline
from packshot.settings import Settings
from packshot.storage.objects import open_folder

pytest.importorskip("lancedb")


@pytest.fixture
def other(tmp_path):
    """Another network: its embeddings are not those of the first."""
    return write_network(tmp_path / "other.onnx", brightness=3.0)


@pytest.fixture
def shop(packshot, photos, network, tmp_path):
    """A catalogue of the six pictures by the first network."""
    folder = tmp_path / "shop"
    assert packshot("index", photos, "-c", folder, "--describe-model", network, "--jobs", 1)[0] == 0
    return folder


@pytest.fixture
def move(shop, other):
    """A function: move the catalogue to the other network, in this process."""

    def run(**options):
        settings = Settings(describe_model=str(other), frame_model="none", threads=1)
        make = functools.partial(Pipeline, settings=settings)
        return reindex(str(shop), make, network=describing_network(settings), jobs=1, **options)

    return run


@pytest.fixture
def nearest(packshot, shop):
    """A function: exit code, and the source found for each photo, by a network."""

    def run(photos, model):
        code, rows, err = packshot(
            "search", photos, "-c", shop, "--ground", "photo", "--describe-model", model, "--json", "--top", 1
        )
        return code, {row["query"]: row["hits"][0]["source"] for row in rows if row.get("hits")}, err

    return run


def test_the_command_moves_it_and_each_photo_finds_itself(packshot, shop, photos, network, other, nearest):
    with open_store(shop) as store:
        before = {item.id: item for item in store.items()}
    assert nearest(photos, network)[0] == 0
    code, rows, _ = packshot("catalogue", "reindex", "-c", shop, "--describe-model", other, "--jobs", 1)
    assert code == 0
    assert "6 embedded, 0 kept, 0 failed" in rows[0]
    assert "moved from tiny@" in rows[1]
    code, found, _ = nearest(photos, other)
    assert code == 0
    assert len(found) == 6
    assert all(query == source for query, source in found.items())
    code, _, err = nearest(photos, network)
    assert code != 0
    assert f"packshot catalogue reindex -c {shop}" in err
    pipeline = Pipeline(settings=Settings(describe_model=str(other), frame_model="none", threads=1))
    with open_store(shop) as store:
        for item in store.items():
            expected = embed(pipeline, item.source)
            assert np.allclose(item.embedding, expected.embedding, atol=1e-6)
            old = before[item.id]
            assert (item.source, item.category, item.attributes, item.added) == (
                old.source, old.category, old.attributes, old.added
            )  # fmt: skip


def test_twice_says_that_it_is_there_already(packshot, shop, other):
    assert packshot("catalogue", "reindex", "-c", shop, "--describe-model", other, "--jobs", 1)[0] == 0
    code, rows, _ = packshot("catalogue", "reindex", "-c", shop, "--describe-model", other, "--jobs", 1)
    assert code == 0
    assert "already" in rows[0]


def test_while_it_goes_on_searches_get_the_old_answers(move, photos, network, nearest):
    seen = []
    assert move(progress=lambda step: seen.append(nearest(photos, network)[:2])).moved
    assert len(seen) == 6
    assert all(code == 0 and all(q == s for q, s in found.items()) for code, found in seen)


def test_a_stopped_one_goes_on_where_it_was(move, photos, network, nearest):
    told = []

    def stop_after_two(step):
        told.append(step)
        if len(told) == 2:
            os.kill(os.getpid(), signal.SIGINT)

    first = move(progress=stop_after_two)
    assert (first.moved, first.exit_code) == (False, 130)
    assert nearest(photos, network)[0] == 0, "the old embeddings answer"
    second = move()
    assert second.moved
    assert second.kept == first.embedded >= 2
    assert second.kept + second.embedded == 6


def test_killed_at_any_moment_the_old_one_answers_and_the_next_call_ends_it(shop, photos, network, other, nearest):
    command = [sys.executable, "-m", "packshot", "catalogue", "reindex", "-c", str(shop)]
    command += ["--describe-model", str(other), "--jobs", "1"]
    killed = subprocess.Popen(command, env={**os.environ, "PACKSHOT_FRAME_MODEL": "none"}, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not (shop / "reindex.json").exists() and killed.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    killed.kill()
    killed.wait()
    code, found, _ = nearest(photos, network)
    if code != 0:  # it was quicker than the kill: then the new one answers, whole
        code, found, _ = nearest(photos, other)
    assert code == 0
    assert len(found) == 6
    done = subprocess.run(command, env={**os.environ, "PACKSHOT_FRAME_MODEL": "none"}, check=False)
    assert done.returncode == 0
    assert nearest(photos, other)[0] == 0


def test_what_others_write_meanwhile_comes_along(move, shop, photos, pipeline, draw, other, nearest):
    Image.fromarray(draw(99)).save(photos / "late.png")
    gone = str(photos / "0.png")

    def write(step):
        if not (photos / "told").exists():
            (photos / "told").mkdir()
            with open_store(shop) as store:
                store.upsert([item_of(embed(pipeline, str(photos / "late.png")), str(photos / "late.png"))])
                store.delete([item.id for item in store.items() if item.source == gone])

    done = move(progress=write)
    assert (done.moved, done.items) == (True, 6)
    with open_store(shop) as store:
        sources = {item.source for item in store.items()}
    assert str(photos / "late.png") in sources
    assert gone not in sources


def test_a_photo_that_is_gone_is_named_and_nothing_moves_unless_it_may_be_left_out(
    packshot, shop, photos, network, other, nearest
):
    (photos / "2.png").rename(photos / "hidden.txt")
    code, _, err = packshot("catalogue", "reindex", "-c", shop, "--describe-model", other, "--jobs", 1)
    assert code == 3
    assert "2.png: the photo of this item is gone" in err
    assert nearest(photos, network)[0] == 0
    code, rows, _ = packshot(
        "catalogue", "reindex", "-c", shop, "--describe-model", other, "--jobs", 1, "--leave-out", "--json"
    )
    assert code == 3
    assert (rows[-1]["moved"], rows[-1]["items"], rows[-1]["kept"], rows[-1]["failed"]) == (True, 5, 5, 1)


def test_photos_in_a_bucket_are_read_where_they_are(move, shop, photos, other, bucket):
    with open_store(shop) as store:
        items = list(store.items())
        for item in items:
            name = item.source.removeprefix(f"{photos}/")
            open_folder(f"{bucket}/photos").write(name, (photos / name).read_bytes())
        store.upsert(replace(item, source=item.source.replace(str(photos), f"{bucket}/photos")) for item in items)
    shutil.rmtree(photos / "new")
    open_folder(f"{bucket}/photos").delete(["1.png"])
    open_folder(f"{bucket}/photos").write("2.png", b"another photo")
    told = {}
    done = move(progress=lambda step: told.update({step.source: step.error}), leave_out=True)
    assert (done.moved, done.embedded, done.failed) == (True, 4, 2)
    assert "the photo of this item is gone" in str(told[f"{bucket}/photos/1.png"])
    assert "was changed since it was indexed" in str(told[f"{bucket}/photos/2.png"])
    pipeline = Pipeline(settings=Settings(describe_model=str(other), frame_model="none", threads=1))
    with open_store(shop) as store:
        for item in store.items():
            assert np.allclose(item.embedding, embed(pipeline, item.source).embedding, atol=1e-6)


def test_a_photo_that_was_changed_is_no_longer_that_item(packshot, shop, photos, draw, other):
    Image.fromarray(draw(50)).save(photos / "1.png")
    code, _, err = packshot("catalogue", "reindex", "-c", shop, "--describe-model", other, "--jobs", 1)
    assert code == 3
    assert "was changed since it was indexed" in err


def test_who_has_it_open_reads_on_and_may_not_write_to_what_is_past(move, shop, pipeline, photos):
    with open_store(shop) as reader:
        assert move().moved
        assert reader.count() == 6
        item = next(reader.items())
        assert reader.search(item.embedding, model=item.model, k=1)[0][0].id == item.id
        with pytest.raises(CatalogueMismatch, match="moved to another embedding while it was open"):
            reader.delete([item.id])


def test_compacting_lets_go_of_the_former_embeddings(move, shop):
    assert move().moved
    assert len(list(shop.glob("items*.lance"))) == 2
    with open_store(shop) as store:
        store.compact(keep=timedelta(days=7))
        assert len(list(shop.glob("items*.lance"))) == 2
        store.compact(keep=timedelta(0))
        assert len(list(shop.glob("items*.lance"))) == 1
        assert store.count() == 6


def test_compacting_leaves_what_is_being_filled(move, shop, other):
    assert move().moved
    shutil.copytree(shop / "items.lance", shop / "items-next.lance")
    (shop / "reindex.json").write_text(json.dumps({"table": "items-next"}))
    with open_store(shop) as store:
        store.compact(keep=timedelta(0))
    assert (shop / "items-next.lance").is_dir()
    assert not (shop / "items.lance").exists()


@pytest.mark.parametrize("text", ["", "{", '{"table": "../elsewhere"}', '{"table": 3}', "[]"])
def test_a_damaged_pointer_is_named_with_the_way_out(move, shop, text):
    assert move().moved
    (shop / "table.json").write_text(text)
    with pytest.raises(CatalogueDamaged, match=r"table\.json is damaged"):
        open_store(shop)


def test_the_same_network_may_move_to_another_background(packshot, shop, network):
    command = ("catalogue", "reindex", "-c", shop, "--describe-model", network, "--jobs", 1, "--ground", "white")
    code, rows, _ = packshot(*command, "--json")
    assert code in {0, 3}, "a drawn picture may have nothing to cut out"
    assert rows[-1]["after"].startswith("tiny+white@")


def test_an_empty_catalogue_and_one_that_is_no_folder_are_refused(packshot, tmp_path, other):
    with open_store(tmp_path / "empty", create=True):
        pass
    code, _, err = packshot("catalogue", "reindex", "-c", tmp_path / "empty", "--describe-model", other)
    assert code == 2
    assert "there is no catalogue" in err or "is empty" in err
    pytest.importorskip("pymilvus")
    with pytest.raises(UsageError, match=r"no catalogue|keeps its embedding"):
        reindex(f"milvus+{tmp_path / 'lite.db'}", Pipeline, network="tiny@1f2e3d4c")
