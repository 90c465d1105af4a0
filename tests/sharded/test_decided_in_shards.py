"""What persons decided is obeyed by a run in shards as by one on a machine: the same bytes, and no photo too many."""

from __future__ import annotations

import functools
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from batch_stub import StubPipeline
from packshot_tests import command
from packshot_tests.photos import save, soft
from PIL import Image

from packshot.batch import PhotoProcessing
from packshot.decisions import ChosenSubject, DecisionFolder, DecisionLog, Kind, Seen
from packshot.engines import Engine, InProcessEngine, ProcessEngine
from packshot.settings import Subject
from packshot.sharded import ShardedSummary, run_sharded
from packshot.storage.objects import open_folder

OPTIONS = ("--model", "grabcut", "--describe-model", "none")
NAMES = ["a.jpg", "b.jpg", "c.jpg", "d.jpg", "sub/copy of a.jpg"]


def draw(path: Path, *, seed: int) -> None:
    """A red block on grey, and beside it a smaller one of the same colour."""
    rgb = np.random.default_rng(seed).normal(150, 4, (150, 200, 3)).clip(0, 255).astype(np.uint8)
    rgb[40:110, 40:110] = (190, 40, 30)
    rgb[60:90, 140:165] = (190, 40, 30)
    save(path, rgb)


def upload(local: Path, uri: str) -> None:
    """Put all files of a folder into another one."""
    for path in local.rglob("*"):
        if path.is_file():
            open_folder(uri).write(path.relative_to(local).as_posix(), path.read_bytes())


def download(out: str, local: Path) -> None:
    """Bring all that a person is shown."""
    for each in open_folder(out).list():
        if not each.path.startswith(".packshot/"):
            path = local / each.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(open_folder(out).read(each.path)[0])


def pictures(out: str) -> dict[str, bytes]:
    """Every picture and mask of a run by its path."""
    folder = open_folder(out)
    found = [each.path for each in folder.list() if each.path.split("/")[0] in ("packshots", "cutouts", "masks")]
    return {path: folder.read(path)[0] for path in found}


def manifest(out: str) -> dict[str, dict[str, Any]]:
    rows = map(json.loads, open_folder(out).read("manifest.jsonl")[0].splitlines())
    return {row["packshots"]["plain"]["file"]: {**row, "source": "", "timings_ms": ""} for row in rows}


def typed(*args: object) -> str:
    done = command.run(*args)
    assert done.code == 0, done.err
    return done.out


def test_the_same_bytes_as_on_one_machine_and_no_photo_is_done_that_nobody_decided_on(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for stage in ("FRAME", "OVERLAY"):
        monkeypatch.setenv(f"PACKSHOT_{stage}_MODEL", "none")
    for seed, name in enumerate(NAMES[:-1]):
        draw(Path("photos") / name, seed=seed)
    Path("photos/sub").mkdir()
    Path("photos/sub/copy of a.jpg").write_bytes(Path("photos/a.jpg").read_bytes())
    upload(Path("photos"), f"{bucket}/photos")
    local, out = f"file://{tmp_path}/out", f"{bucket}/out"
    on_one = ("run", "photos", "-o", "out", *OPTIONS, "--jobs", 1)
    in_shards = ("run", f"{bucket}/photos", "-o", out, *OPTIONS, "--jobs", 1)
    typed(*on_one)
    assert "5 done now" in typed(*in_shards)
    first, found = pictures(out), manifest(out)
    assert first == pictures(local)

    erase = {"kind": "erase", "radius": 6, "points": [[145, 66], [160, 84]]}
    Path("s.json").write_text(json.dumps({"version": 1, "photo": {"width": 200, "height": 150}, "strokes": [erase]}))
    drawn = np.zeros((150, 200), np.uint8)
    drawn[50:100, 50:170] = 255
    Image.fromarray(drawn).save("drawn.png")
    download(out, Path("copy"))
    typed("review", "mask", "copy", "photos/a.jpg", "--strokes", "s.json", "--by", "anna")
    typed("review", "reject", "copy", "b.jpg", "--reason", "blurred", "--by", "anna")
    typed("review", "mask", "copy", "c.jpg", "--file", "drawn.png", "--by", "ben")
    upload(Path("copy/review"), f"{out}/review")
    upload(Path("copy/review"), f"{local}/review")
    typed(*on_one)
    said = typed(*in_shards)
    assert "3 done now" in said, "a, its copy and c"
    assert "1 rejected" in said
    assert pictures(out) == pictures(local) != first
    assert manifest(out) == manifest(local) != found
    assert "0 done now" in typed(*in_shards)

    typed("review", "undo", "copy", "c.jpg", "--by", "ben")
    upload(Path("copy/review"), f"{out}/review")
    upload(Path("copy/review"), f"{local}/review")
    typed(*on_one)
    assert "1 done now" in typed(*in_shards)
    assert manifest(out) == manifest(local)
    again = pictures(out)
    of_c = [name for name in first if "/c." in name]
    assert [again[name] for name in of_c] == [first[name] for name in of_c]


def put(shop: str, tmp_path: Path, names: list[str]) -> dict[str, str]:
    """Put photos there; the SHA-256 of each."""
    found = {}
    for number, name in enumerate(names):
        data = save(tmp_path / "local" / name, soft(number)).read_bytes()
        open_folder(f"{shop}/photos").write(name, data)
        found[name] = hashlib.sha256(data).hexdigest()
    return found


def run(shop: str, calls: Path, *, engine: Engine | None = None, **options: Any) -> ShardedSummary:
    processing = PhotoProcessing(functools.partial(StubPipeline, calls=str(calls)))
    return run_sharded([f"{shop}/photos"], f"{shop}/out", processing, engine=engine or InProcessEngine(), **options)


def choose(shop: str, tmp_path: Path, sha256: str) -> None:
    """Decide that another part of a photo is the product."""
    log = DecisionLog(DecisionFolder(tmp_path / "decided").journal)
    log.decide(Kind.SUBJECT, "photo", by="anna", seen=Seen(photo=sha256), subject=ChosenSubject(subject=Subject.PERSON))
    open_folder(f"{shop}/out").write("review/journal.jsonl", log.path.read_bytes())


def test_what_was_decided_before_a_stopped_run_goes_on_is_obeyed_by_it(tmp_path: Path) -> None:
    shop, calls = f"file://{tmp_path}/shop", tmp_path / "calls"
    hashes = put(shop, tmp_path, ["a.jpg", "b.jpg", "c.jpg", "d.jpg"])

    def stop(step: object) -> None:
        if len(calls.read_text().splitlines()) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(shop, calls, progress=stop)
    choose(shop, tmp_path, hashes["a.jpg"])
    run(shop, calls)
    assert calls.read_text().split() == ["a.jpg", "b.jpg", "a.jpg", "c.jpg", "d.jpg"]
    assert run(shop, calls).made == 0


def test_a_photo_that_ends_its_worker_is_set_aside_whatever_was_decided_of_it(tmp_path: Path) -> None:
    shop, calls = f"file://{tmp_path}/shop", tmp_path / "calls"
    hashes = put(shop, tmp_path, ["a.jpg", "crash.jpg"])
    engine = ProcessEngine(1, time_limit_s=60)
    run(shop, calls, engine=engine)
    choose(shop, tmp_path, hashes["crash.jpg"])
    while run(shop, calls, engine=engine).made:
        assert calls.read_text().split().count("crash.jpg") <= 6
    assert calls.read_text().split().count("a.jpg") == 1


def test_a_damaged_log_is_told_before_anything_is_done(tmp_path: Path) -> None:
    shop, calls = f"file://{tmp_path}/shop", tmp_path / "calls"
    put(shop, tmp_path, ["a.jpg"])
    run(shop, calls)
    open_folder(f"{shop}/out").write("review/journal.jsonl", b"no journal\n")
    done = command.run("run", f"{shop}/photos", "-o", f"{shop}/out", *OPTIONS)
    assert done.code == 2
    assert "journal.jsonl" in done.err
