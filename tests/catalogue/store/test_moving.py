"""A catalogue moves to other embeddings, on a disk and in a bucket: killed, by two at once, with writers beside it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from packshot.catalogue import CatalogueItem
from packshot.catalogue.store import open_movable, open_store, table_column
from packshot.catalogue.store.lance.moving import mover_lease, while_current
from packshot.catalogue.store.pointer import Pointer
from packshot.errors import CatalogueLocked, CatalogueMismatch, OutputError
from packshot.storage.objects import ObjectUri, open_folder

pytest.importorskip("lancedb")
OTHER = "other@00112233"
WEEK = timedelta(days=7)

KILLED = """
import os, signal, sys
from packshot.catalogue.store import open_movable
with open_movable(sys.argv[1]) as store, store.moving(sys.argv[2]), store.writing():
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(params=["disk", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a catalogue is to lie."""
    return str(tmp_path / "shop") if request.param == "disk" else f"{request.getfixturevalue('bucket')}/shop"


@pytest.fixture
def shop(place: str, make_items: Callable[..., list[CatalogueItem]]) -> str:
    """A catalogue of five items."""
    with open_store(place, create=True) as store:
        store.upsert(make_items(5))
    return place


def other(item: CatalogueItem) -> CatalogueItem:
    """The item with an embedding of the other network, of another length."""
    return replace(item, embedding=np.eye(8, dtype=np.float32)[0], model=OTHER)


def move(uri: str) -> None:
    with open_movable(uri) as old, old.moving(OTHER) as new:
        new.upsert(map(other, old.items()))
        with old.writing():
            old.move_to(new)


def model_of(uri: str) -> tuple[str | None, int]:
    with open_store(uri) as store:
        return store.model, store.count()


def tables(uri: str) -> set[str]:
    place = uri if "://" in uri else f"file://{uri}"
    return {info.path.split("/")[0] for info in open_folder(place).list() if ".lance/" in info.path}


def state(uri: str, name: str) -> Any:
    place = uri if "://" in uri else f"file://{uri}"
    return json.loads(open_folder(place).read(name)[0])


@contextmanager
def mover(uri: str) -> Iterator[None]:
    """Another process that lives and is moving the catalogue, as others see it."""
    with mover_lease(uri):
        yield


def test_who_opens_it_then_gets_the_other_embeddings_and_who_has_it_open_reads_on(shop, make_items):
    with open_store(shop) as reader:
        before = reader.model
        move(shop)
        assert (reader.model, reader.count()) == (before, 5)
        (item,) = make_items(1)
        assert reader.search(item.embedding, model=item.model, k=1)[0][0].id == item.id
        with pytest.raises(CatalogueMismatch, match="moved to another embedding while it was open"):
            reader.upsert(make_items(1, first=9))
    assert model_of(shop) == (OTHER, 5)


def test_compacting_deletes_the_former_table_and_not_before_its_time(shop):
    move(shop)
    assert len(tables(shop)) == 2
    with open_store(shop) as store:
        store.compact(keep=WEEK)
        assert len(tables(shop)) == 2
        store.compact(keep=timedelta(0))
        assert len(tables(shop)) == 1
    assert model_of(shop) == (OTHER, 5)


def test_a_pointer_that_does_not_say_when_it_moved_is_one_of_an_earlier_packshot(shop):
    move(shop)
    place = shop if "://" in shop else f"file://{shop}"
    open_folder(place).write("table.json", json.dumps({"table": state(shop, "table.json")["table"]}).encode())
    assert model_of(shop) == (OTHER, 5)
    with open_store(shop) as store:
        store.compact(keep=WEEK)
    assert len(tables(shop)) == 2


def test_killed_right_before_the_switch_it_is_the_old_one_that_writers_may_write_to(shop, make_items):
    before = model_of(shop)
    killed = subprocess.run([sys.executable, "-c", KILLED, shop, OTHER], check=False)
    assert killed.returncode == -9
    assert state(shop, "table.json")["closed"]
    assert model_of(shop) == before
    with open_store(shop) as store:
        assert store.upsert(make_items(1, first=9)).added == 1
    assert "closed" not in state(shop, "table.json")
    move(shop)
    assert model_of(shop) == (OTHER, 6)


def test_killed_right_before_the_switch_the_next_one_ends_it(shop):
    subprocess.run([sys.executable, "-c", KILLED, shop, OTHER], check=False)
    move(shop)
    assert model_of(shop) == (OTHER, 5)


def test_a_second_one_is_refused_while_the_first_lives(shop):
    with open_movable(shop) as old, mover(shop):
        with pytest.raises(OutputError, match=r"another reindex is writing to .*shop \(") as refused:
            old.moving(OTHER).__enter__()
        assert "wait until it is done" in refused.value.remedy
    move(shop)
    assert model_of(shop) == (OTHER, 5)


def test_one_that_was_held_up_until_another_let_writers_in_does_not_switch(shop, make_items):
    with open_movable(shop) as old, old.moving(OTHER) as new:
        new.upsert(map(other, old.items()))
        with old.writing():
            pointer = Pointer(shop)
            pointer.reopen(pointer.read())
            with pytest.raises(CatalogueLocked, match="is being moved by another process"):
                old.move_to(new)
    assert model_of(shop)[0] != OTHER
    with open_store(shop) as store:
        store.upsert(make_items(1, first=9))


def test_what_fails_before_the_switch_lets_writers_in_again(shop, make_items):
    with pytest.raises(ZeroDivisionError), open_movable(shop) as old, old.moving(OTHER), old.writing():
        raise ZeroDivisionError
    with open_store(shop, wait_s=0) as store:
        assert store.upsert(make_items(1, first=9)).added == 1


def test_a_writer_whose_write_meets_the_end_of_a_move_is_told(shop):
    pointer = Pointer(shop)
    with (
        mover(shop),
        pytest.raises(CatalogueLocked, match=r"about to move .* what was just written may be missing"),
        while_current(pointer, "items", uri=shop, wait_s=0),
    ):
        pointer.close()
    with (
        pytest.raises(CatalogueMismatch, match="what was just written may be missing"),
        while_current(pointer, "items", uri=shop, wait_s=0),
    ):
        pointer.move(pointer.read(), "items-other")


def test_a_writer_waits_for_a_move_that_does_not_happen(shop):
    pointer = Pointer(shop)
    with while_current(pointer, "items", uri=shop, wait_s=30):
        pointer.close()  # by nobody who lives
    assert not pointer.read().closed


def test_the_table_of_a_catalogue_as_a_source_is_the_one_that_searches_ask(shop):
    move(shop)
    with open_store(shop) as store:
        store.delete([next(store.items()).id])
        store.compact(keep=timedelta(0))
        expected = sorted(item.source for item in store.items())
    place = shop if "://" in shop else str(ObjectUri.of_path(Path(shop)))
    assert sorted(table_column(f"{place}/items.lance", "source")[1] or []) == expected
