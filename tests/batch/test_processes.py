import functools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from batch_stub import StubPipeline

from packshot.batch import PhotoProcessing, Workers, read_manifest, run_batch
from packshot.errors import ModelNotFound, WorkerDied

Tree = Callable[[Path], dict[str, bytes]]


def broken_factory() -> StubPipeline:
    raise ModelNotFound("no model x", remedy="name another")


def exiting_factory() -> StubPipeline:
    os._exit(3)


def test_several_processes_give_the_bytes_of_one(photos: Path, tmp_path: Path, tree: Tree) -> None:
    assert run_batch([photos], tmp_path / "one", PhotoProcessing(StubPipeline)).ok == 6
    assert run_batch([photos], tmp_path / "two", PhotoProcessing(StubPipeline), workers=Workers(jobs=2)).ok == 6
    assert tree(tmp_path / "two") == tree(tmp_path / "one")


def test_a_photo_that_kills_or_hangs_its_worker_is_named_and_the_rest_goes_on(
    photos: Path, tmp_path: Path, save: Callable[..., Path]
) -> None:
    for name in ("crash.jpg", "hang.jpg", "once.jpg"):
        save(photos / name)
    calls = tmp_path / "calls"
    make = functools.partial(StubPipeline, calls=str(calls))
    summary = run_batch([photos], tmp_path / "out", PhotoProcessing(make), workers=Workers(jobs=2, time_limit_s=10))
    assert (summary.ok, summary.failed) == (7, 2), (tmp_path / "out/manifest.jsonl").read_text()
    errors = {
        Path(record.source).name: record.error
        for record in read_manifest(tmp_path / "out/manifest.jsonl")
        if record.error
    }
    assert errors["crash.jpg"].code == "WorkerDied"
    assert "exit code 7" in errors["crash.jpg"].message
    assert errors["hang.jpg"].code == "TimeLimitExceeded"
    assert "10 s" in errors["hang.jpg"].message
    names = calls.read_text().split()
    assert names.count("crash.jpg") == 2, "tried twice"
    assert names.count("once.jpg") == 2, "the second worker finished it"
    assert names.count("hang.jpg") == 1
    again = run_batch(
        [photos], tmp_path / "out", PhotoProcessing(StubPipeline), workers=Workers(jobs=2, time_limit_s=10)
    )
    assert (again.resumed, again.failed) == (7, 2)


def test_workers_that_cannot_start_end_the_run_with_their_reason(photos: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="name another"):
        run_batch([photos], tmp_path / "out", PhotoProcessing(broken_factory), workers=Workers(jobs=2))
    with pytest.raises(WorkerDied, match="while they start"):
        run_batch([photos], tmp_path / "out", PhotoProcessing(exiting_factory), workers=Workers(jobs=2))


PROGRAM = """
import functools, sys
sys.path.insert(0, {here!r})
from batch_stub import StubPipeline
from packshot.batch import PhotoProcessing, Workers, run_batch
if __name__ == "__main__":
    summary = run_batch([sys.argv[1]], sys.argv[2],
                        PhotoProcessing(functools.partial(StubPipeline, sleep_s=float(sys.argv[4]))),
                        workers=Workers(jobs=int(sys.argv[3])), progress=lambda p: print(p.done, flush=True))
    sys.exit(summary.exit_code)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals as on POSIX")
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_run_cleanly_and_the_same_command_finishes_it(
    photos: Path, tmp_path: Path, tree: Tree, jobs: int, number: int
) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM.format(here=str(Path(__file__).parent)))
    out = tmp_path / "out"
    command = [sys.executable, str(program), str(photos), str(out), str(jobs), "0.4"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    os.killpg(process.pid, number)  # as a terminal does: the workers hear it too
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 128 + number
    assert errors == "", "no traceback, not from a worker either"
    done = list(read_manifest(out / "manifest.jsonl"))
    assert 0 < len(done) < 6
    assert "Repeat the same command" in (out / "report.html").read_text(encoding="utf-8")
    summary = run_batch([photos], out, PhotoProcessing(StubPipeline))
    assert summary.resumed == len(done)
    run_batch([photos], tmp_path / "undisturbed", PhotoProcessing(StubPipeline))
    assert tree(out) == tree(tmp_path / "undisturbed")


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
def test_workers_do_not_outlive_a_killed_parent(photos: Path, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM.format(here=str(Path(__file__).parent)))
    command = [sys.executable, str(program), str(photos), str(tmp_path / "out"), "2", "20"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)

    def alive() -> int:
        count = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            count += int(fields[3]) == process.pid and fields[0] != "Z"
        return count

    deadline = time.monotonic() + 20
    while alive() < 4 and time.monotonic() < deadline:  # parent, resource tracker, two workers
        time.sleep(0.1)
    time.sleep(1)
    process.kill()
    process.communicate()
    while alive() and time.monotonic() < deadline + 5:
        time.sleep(0.05)
    assert alive() == 0
