"""``kill -9`` at any moment, then the same command again: the same bytes as one undisturbed run."""

import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from packshot_tests.killing import kill_amid_work

PROGRAM = """
import functools, sys
sys.path.insert(0, {here!r})
from batch_stub import StubPipeline
from packshot.batch import PhotoProcessing, Workers, run_batch
if __name__ == "__main__":
    make = functools.partial(StubPipeline, sleep_s=0.03, profiles=("amazon", "ebay"))
    processing = PhotoProcessing(make, ("amazon", "ebay"))
    run_batch([sys.argv[1]], sys.argv[2], processing, workers=Workers(jobs=int(sys.argv[3])))
"""


Tree = Callable[[Path], dict[str, bytes]]


@pytest.mark.skipif(os.name != "posix", reason="kills a process group")
@pytest.mark.parametrize("jobs", [1, 2])
def test_killed_runs_repeated_give_the_bytes_of_an_undisturbed_one(
    tmp_path: Path, save: Callable[..., Path], tree: Tree, jobs: int
) -> None:
    photos = tmp_path / "photos"
    for index in range(40):
        save(photos / f"{index % 4}/seen{index}.jpg", index)
    (photos / "empty.jpg").touch()
    save(photos / "unsure.jpg", 1)
    program = tmp_path / "program.py"
    program.write_text(PROGRAM.format(here=str(Path(__file__).parent)))

    def start(out: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, str(program), str(photos), str(tmp_path / out), str(jobs)]
        return subprocess.Popen(command, start_new_session=True, stderr=subprocess.PIPE)

    undisturbed = start("undisturbed")
    undisturbed.communicate()
    assert undisturbed.returncode == 0

    chance = random.Random(jobs)
    journal = tmp_path / "killed/.packshot/journal.jsonl"
    killed = 0

    def written() -> int:
        return journal.stat().st_size if journal.exists() else 0

    for _ in range(6):
        killed += kill_amid_work(start("killed"), written, chance, within_s=0.35)
    assert killed >= 3
    last = start("killed")
    assert last.communicate()[1] == b""
    assert last.returncode == 0
    assert len(list((tmp_path / "killed/heatmaps").rglob("*.jpg"))) == 80
    assert tree(tmp_path / "killed") == tree(tmp_path / "undisturbed")
