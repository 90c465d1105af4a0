"""Writers that die, writers that meet, readers beside them."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import lancedb
import pytest

from packshot.catalogue.store import open_store
from packshot.catalogue.store.lance.writer import Writer
from packshot.errors import CatalogueLocked, UsageError

STUB = Path(__file__).with_name("kill_stub.py")


def test_killed_at_any_moment_a_writer_loses_at_most_what_it_was_writing(tmp_path):
    folder = tmp_path / "catalogue"
    moments = random.Random(6)
    acknowledged = 0
    for _ in range(4):
        with subprocess.Popen([sys.executable, str(STUB), str(folder)], stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n"
            # By what it wrote and not by the clock: a slow machine shall not make the test pass without a write.
            for _ in range(moments.randrange(1, 8)):
                acknowledged = int(writer.stdout.readline()) + 1
            time.sleep(moments.random() * 0.03)
            writer.kill()
            acknowledged = max([acknowledged, *(int(line) + 1 for line in writer.stdout.read().split())])
        with open_store(folder) as store:
            there = {item.id for item in store.items()}
            assert {f"{number:064x}" for number in range(50 * acknowledged)} <= there
            assert len(there) in {50 * acknowledged, 50 * (acknowledged + 1)}
            assert store.verify() == []


def test_a_second_writer_is_told_who_holds_the_catalogue(tmp_path, make_items):
    with open_store(tmp_path, create=True) as one, open_store(tmp_path, create=True, wait_s=0.1) as two:
        one.upsert(make_items(1))
        with Writer(tmp_path, wait_s=0).locked():
            outcome: list[BaseException | None] = []

            def write() -> None:
                try:
                    two.upsert(make_items(1, first=1))
                except CatalogueLocked as error:
                    outcome.append(error)

            thread = threading.Thread(target=write)
            thread.start()
            thread.join()
            (error,) = outcome
            assert "is being written by process " in str(error)
            assert "0.1 s were not enough" in str(error)
            # Readers are not held up.
            assert two.count() == 1
        two.upsert(make_items(1, first=1))
        assert one.count() in {1, 2}  # what a reader sees may be a second old


def test_a_second_writer_waits(tmp_path, make_items):
    with open_store(tmp_path, create=True, wait_s=30) as store:
        held, order = threading.Event(), []

        def locked() -> None:
            with Writer(tmp_path, wait_s=0).locked():
                held.set()
                time.sleep(0.3)
                order.append("let go")

        thread = threading.Thread(target=locked)
        thread.start()
        held.wait()
        store.upsert(make_items(1))
        order.append("written")
        thread.join()
        assert order == ["let go", "written"]
        assert store.count() == 1


def test_writers_in_several_threads_lose_nothing(tmp_path, make_items):
    def write(first: int) -> None:
        with open_store(tmp_path / "catalogue", create=True, wait_s=60) as store:
            for number in range(5):
                store.upsert(make_items(10, first=first + 10 * number))

    threads = [threading.Thread(target=write, args=(1000 * number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_store(tmp_path / "catalogue") as store:
        assert store.count() == 150
        assert store.verify() == []


def test_a_catalogue_that_is_made_while_another_opens_it_is_not_damaged(tmp_path, make_items, monkeypatch):
    with open_store(tmp_path / "catalogue", create=True) as store:
        store.upsert(make_items(3))
    connect = lancedb.connect

    def connect_too_early(*args, **kwargs):
        database = connect(*args, **kwargs)
        opened, looks = database.open_table, iter([ValueError("Table 'items' was not found")])

        def open_table(name):
            for error in looks:
                raise error
            return opened(name)

        monkeypatch.setattr(database, "open_table", open_table)
        return database

    monkeypatch.setattr(lancedb, "connect", connect_too_early)
    with open_store(tmp_path / "catalogue") as store:
        assert store.count() == 3


def test_a_reader_sees_what_others_write(tmp_path, make_items):
    with open_store(tmp_path, create=True) as writer, open_store(tmp_path, create=True) as reader:
        assert reader.count() == 0
        writer.upsert(make_items(5))
        assert reader.count() == 5
        reading = reader.items()
        next(reading)
        writer.delete([f"{number:064x}" for number in range(5)])
        # What it began to read stays as it was.
        assert len(list(reading)) == 4
        time.sleep(1.1)
        assert reader.count() == 0


def test_going_back_and_forth(tmp_path, make_items):
    with open_store(tmp_path, create=True) as store:
        store.upsert(make_items(5))
        store.upsert(make_items(5, first=5))
        both = store.snapshots()[-1]
        store.delete([f"{number:064x}" for number in range(10)])
        assert store.count() == 0
        store.restore(both.version)
        assert (store.count(), store.snapshots()[-1].items) == (10, 10)
        store.restore(both.version - 1)
        assert {item.source for item in store.items()} == {f"photos/{number}.jpg" for number in range(5)}
        store.restore(both.version)
        assert store.count() == 10
        with pytest.raises(UsageError, match=r"no snapshot 99 \(there are 1 to \d\)"):
            store.restore(99)
