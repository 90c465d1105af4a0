"""A watched folder: what arrives is taken once it is whole, once, and a stop is clean."""

from __future__ import annotations

import functools
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from batch_stub import StubPipeline
from packshot_tests.photos import save, soft

from packshot.batch import PhotoProcessing, RunOptions, Summary, read_manifest, run_batch
from packshot.batch.incoming import IncomingPhotos
from packshot.batch.watched import WatchFile, WatchState, read_watch
from packshot.batch.watching import watch
from packshot.errors import OutputError, UsageError

CONTAINERS = ["jpg", "png", "webp", "avif", "heic"]


def save_photo(path: Path, seed: int = 0, size: tuple[int, int] = (64, 48)) -> Path:
    return save(path, soft(seed, size))


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def incoming(folder: Path, tmp_path: Path, clock: Clock) -> IncomingPhotos:
    return IncomingPhotos([folder], tmp_path / "out", settle_s=2, patience_s=60, clock=clock)


@pytest.fixture
def scan(incoming: IncomingPhotos, clock: Clock) -> Callable[[float], set[str]]:
    def scan(at: float) -> set[str]:
        clock.now = at
        incoming.scan()
        return {Path(path).name for path in incoming.new}

    return scan


def encoded(tmp_path: Path, suffix: str) -> bytes:
    if suffix == "heic":
        pytest.importorskip("pillow_heif").register_heif_opener()
    return save_photo(tmp_path / "elsewhere" / f"photo.{suffix}", 3, (200, 160)).read_bytes()


@pytest.mark.parametrize("suffix", CONTAINERS)
def test_a_copy_that_pauses_is_waited_for(
    suffix: str, folder: Path, tmp_path: Path, scan: Callable[[float], set[str]]
) -> None:
    data, path = encoded(tmp_path, suffix), folder / f"a.{suffix}"
    path.write_bytes(data[: len(data) * 2 // 3])
    assert scan(0) == scan(3) == scan(50) == set(), "it stands still, and its end is not there"
    path.write_bytes(data)
    assert scan(51) == set(), "it has just changed"
    assert scan(54) == {path.name}


def test_an_end_that_never_comes_is_given_up_after_a_while(folder: Path, scan: Callable[[float], set[str]]) -> None:
    path = save_photo(folder / "a.jpg")
    path.write_bytes(path.read_bytes()[:-200])
    assert scan(0) == scan(59) == set()
    assert scan(61) == {"a.jpg"}


def test_space_that_was_reserved_is_no_photo(folder: Path, tmp_path: Path, scan: Callable[[float], set[str]]) -> None:
    data = encoded(tmp_path, "png")
    (folder / "a.png").write_bytes(data[:100] + bytes(8192))
    assert scan(0) == scan(10) == set()


def test_a_file_that_is_renamed_into_place_is_whole(folder: Path, scan: Callable[[float], set[str]]) -> None:
    hidden = save_photo(folder / ".a.Xy12.jpg")
    assert scan(0) == scan(3) == set()
    hidden.rename(folder / "a.jpg")
    assert (scan(4), scan(7)) == (set(), {"a.jpg"})


def test_what_is_done_comes_back_only_when_it_changes(
    folder: Path, incoming: IncomingPhotos, scan: Callable[[float], set[str]]
) -> None:
    save_photo(folder / "a.jpg", 1)
    scan(0)
    assert scan(3) == {"a.jpg"}
    save_photo(folder / "b.jpg", 2)
    incoming.mark_done()
    assert scan(4) == set()
    assert scan(7) == {"b.jpg"}
    save_photo(folder / "a.jpg", 9)
    os.utime(folder / "a.jpg", ns=(1, 1))
    assert (scan(8), scan(11)) == ({"b.jpg"}, {"a.jpg", "b.jpg"})


def test_only_folders_can_be_watched(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no folder to watch"):
        IncomingPhotos([save_photo(tmp_path / "a.jpg")], tmp_path / "out")


class Studio:
    """A watched folder whose batches run with the stub, in a thread of this process."""

    def __init__(self, folder: Path, out: Path) -> None:
        self.folder, self.out = folder, out
        self.calls, self.told = folder.parent / "calls", list[str]()
        self.summaries: list[Summary] = []
        self.fail_once: Exception | None = None
        self.state = WatchFile(out, (str(folder),))

    def run_once(self, incoming: IncomingPhotos) -> int:
        if self.fail_once is not None:
            error, self.fail_once = self.fail_once, None
            raise error
        make = functools.partial(StubPipeline, calls=str(self.calls))
        self.summaries.append(
            run_batch([self.folder], self.out, PhotoProcessing(make), options=RunOptions(incoming=incoming))
        )
        return self.summaries[-1].exit_code

    def watch_until(self, done: Callable[[], bool]) -> int:
        """Watch here, in the main thread, and stop by a signal once `done`, or after half a minute."""

        def stop() -> None:
            until = time.monotonic() + 30
            while not done() and time.monotonic() < until:
                time.sleep(0.02)
            os.kill(os.getpid(), signal.SIGTERM)

        waiting = threading.Thread(target=stop)
        incoming = IncomingPhotos([self.folder], self.out, settle_s=0.1, patience_s=2)
        waiting.start()
        try:
            return watch(incoming, self.run_once, every_s=0.05, tell=self.told.append, state=self.state)
        finally:
            waiting.join()

    def sources(self) -> list[str]:
        manifest = self.out / "manifest.jsonl"
        return [Path(record.source).name for record in read_manifest(manifest)] if manifest.exists() else []

    def processed(self) -> list[str]:
        return self.calls.read_text().split() if self.calls.exists() else []


@pytest.fixture
def studio(folder: Path, tmp_path: Path) -> Studio:
    return Studio(folder, tmp_path / "out")


def test_each_photo_is_done_once_and_the_manifest_grows(studio: Studio) -> None:
    save_photo(studio.folder / "sub" / "a.jpg", 1)

    def more() -> bool:
        if studio.sources() == ["a.jpg"] and not (studio.folder / "b.jpg").exists():
            save_photo(studio.folder / "b.jpg", 2)
        return len(studio.sources()) == 2

    assert studio.watch_until(more) == 0
    assert sorted(studio.sources()) == ["a.jpg", "b.jpg"]
    assert studio.processed() == ["a.jpg", "b.jpg"], "and a.jpg was not even opened again"
    assert (studio.out / "packshots" / "sub" / "a.jpg").is_file()
    # A restart goes on: nothing is done again, and what came meanwhile is.
    save_photo(studio.folder / "c.jpg", 3)
    assert studio.watch_until(lambda: len(studio.sources()) == 3) == 0
    assert studio.processed() == ["a.jpg", "b.jpg", "c.jpg"]


def test_a_finished_picture_that_somebody_took_away_is_no_failure(studio: Studio) -> None:
    save_photo(studio.folder / "a.jpg", 1)

    def more() -> bool:
        if studio.sources() == ["a.jpg"] and not (studio.folder / "b.jpg").exists():
            (studio.out / "packshots" / "a.jpg").unlink()
            save_photo(studio.folder / "b.jpg", 2)
        return len(studio.sources()) == 2

    assert studio.watch_until(more) == 0
    assert studio.summaries[-1].failed == 0


def test_bad_photos_are_told_of_and_do_not_end_it(studio: Studio) -> None:
    save_photo(studio.folder / "a.jpg", 1)
    (studio.folder / "text.jpg").write_bytes(b"no photo at all")
    assert studio.watch_until(lambda: len(studio.sources()) == 2) == 3
    assert studio.summaries[-1].failed == 1


def test_a_folder_that_another_command_holds_is_tried_again(studio: Studio) -> None:
    save_photo(studio.folder / "a.jpg", 1)
    studio.fail_once = OutputError("out is in use by another run", remedy="wait")
    assert studio.watch_until(lambda: studio.sources() == ["a.jpg"]) == 0
    assert studio.told == ["out is in use by another run: wait"]


def test_a_stop_during_a_batch_ends_the_watch_too(studio: Studio) -> None:
    for number in range(40):
        save_photo(studio.folder / f"{number:02}.jpg", number)
    studio.watch_until(lambda: len(studio.processed()) >= 3)
    assert 3 <= len(studio.processed()) <= 40
    assert studio.watch_until(lambda: len(studio.sources()) == 40) == 0
    assert sorted(studio.processed()) == [f"{number:02}.jpg" for number in range(40)], "none twice, none lost"


def test_what_goes_on_can_be_read_from_outside(studio: Studio) -> None:
    save_photo(studio.folder / "a.jpg", 1)
    (studio.folder / "list.txt").write_text("shoes")
    whole = save_photo(studio.folder.parent / "b.jpg", 2).read_bytes()
    seen: list[WatchState] = []

    def done() -> bool:
        found = read_watch(studio.out)
        if found is not None and studio.sources() == ["a.jpg"]:
            state, alive = found
            (studio.folder / "half.jpg").write_bytes(whole[:-100] + bytes([len(seen) % 256]))  # it grows and grows
            if alive and state.coming and not state.working:
                seen.append(state)
        return bool(seen)

    studio.watch_until(done)
    assert seen[-1].folders == ("in",)
    assert (seen[-1].coming, seen[-1].coming_count, seen[-1].trouble) == (("half.jpg",), 1, "")
    assert (seen[-1].left_out_count, seen[-1].left_out[0].name) == (1, "list.txt")
    ended, alive = read_watch(studio.out) or (None, True)
    assert ended is not None
    assert ended.ended is not None
    assert not alive


def test_a_killed_watch_is_not_taken_for_a_living_one(studio: Studio) -> None:
    save_photo(studio.folder / "a.jpg", 1)
    with studio.state.alive():
        studio.run_once(IncomingPhotos([studio.folder], studio.out, settle_s=0))
        studio.state.tell(IncomingPhotos([studio.folder], studio.out), trouble="OutputError")
        kept = studio.out / ".packshot" / "watch.json"
        before = kept.read_bytes()
        assert read_watch(studio.out) == (WatchState.model_validate_json(before), True)
    kept.write_bytes(before)  # nobody said that it ended
    os.utime(kept, (time.time() - 3600,) * 2)
    state, alive = read_watch(studio.out) or (None, True)
    assert (state and state.trouble, alive) == ("OutputError", False)
    kept.write_bytes(b"{")
    assert read_watch(studio.out) is None
