"""A catalogue in a bucket moves to another embedding where it is."""

import functools
import os
import subprocess
import sys
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from packshot_tests.networks import write_network

from packshot.catalogue.indexing import describing_network, embed, reindex
from packshot.catalogue.store import open_store
from packshot.errors import CatalogueError
from packshot.pipeline import Pipeline
from packshot.settings import Settings
from packshot.storage.objects import open_folder

pytest.importorskip("lancedb")


@pytest.fixture
def other(tmp_path):
    """Another network: its embeddings are not those of the first."""
    return write_network(tmp_path / "other.onnx", brightness=3.0)


@pytest.fixture
def shop(packshot, photos, network, bucket):
    """A catalogue of the six pictures by the first network, in a bucket."""
    uri = f"{bucket}/shop"
    assert packshot("index", photos, "-c", uri, "--describe-model", network, "--jobs", 1)[0] == 0
    return uri


def test_the_command_moves_it_and_each_photo_finds_itself(packshot, shop, photos, other):
    code, rows, _ = packshot("catalogue", "reindex", "-c", shop, "--describe-model", other, "--jobs", 1)
    assert code == 0
    assert "6 embedded, 0 kept, 0 failed" in rows[0]
    code, rows, _ = packshot(
        "search", photos, "-c", shop, "--ground", "photo", "--describe-model", other, "--json", "--top", 1
    )
    assert code == 0
    assert len(rows) == 6
    assert all(row["query"] == row["hits"][0]["source"] for row in rows)
    code, rows, _ = packshot("catalogue", "reindex", "-c", shop, "--describe-model", other, "--jobs", 1)
    assert code == 0
    assert "already" in rows[0]


def test_killed_while_it_embeds_the_old_one_answers_and_the_next_call_ends_it(shop, other):
    environment = {**os.environ, "PACKSHOT_FRAME_MODEL": "none", "PACKSHOT_THREADS": "1"}
    command = [sys.executable, "-m", "packshot", "catalogue", "reindex", "-c", shop, "--describe-model", str(other)]
    with open_store(shop) as store:
        before = store.model
    killed = subprocess.Popen([*command, "--jobs", "1"], env=environment, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 300
    while killed.poll() is None and time.monotonic() < deadline:
        if any(info.path == "reindex.json" for info in open_folder(shop).list()):
            break
        time.sleep(0.05)
    killed.kill()
    assert killed.wait() == -9
    with open_store(shop) as store:
        assert (store.model, store.count()) == (before, 6)
    done = subprocess.run([*command, "--jobs", "1"], env=environment, check=False)
    assert done.returncode == 0
    with open_store(shop) as store:
        assert store.model != before
        assert store.count() == 6


def test_no_write_that_others_were_told_is_done_gets_lost(shop, photos, network, other):
    settings = Settings(describe_model=str(other), frame_model="none", threads=1)
    make = functools.partial(Pipeline, settings=settings)
    with open_store(shop) as store:
        first = next(store.items())
    written, begun, ended = [], threading.Event(), threading.Event()

    def write():
        with open_store(shop) as store:
            while not ended.is_set():
                late = replace(first, id=f"late-{len(written)}")
                try:
                    store.upsert([late])
                except CatalogueError:
                    return
                written.append(late.id)
                begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    assert begun.wait(120)
    try:
        done = reindex(shop, make, network=describing_network(settings), jobs=1)
    finally:
        ended.set()
        writer.join()
    assert done.moved
    expected = embed(make(), first.source).embedding
    with open_store(shop) as store:
        there = store.get(written)
        assert there.keys() == set(written)
        assert all(np.allclose(item.embedding, expected, atol=1e-6) for item in there.values())
