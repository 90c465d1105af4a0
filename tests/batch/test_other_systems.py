"""What other systems do otherwise, as far as this one can show it: names, case, long paths, how processes start."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from packshot_tests.command import run
from packshot_tests.photos import save, soft

from packshot.batch import Source, output_stems
from packshot.batch.naming import clean_part

# https://learn.microsoft.com/windows/win32/fileio/naming-a-file, 2024
RESERVED = ["CON", "prn", "Aux", "NUL", "COM1", "com9", "LPT3", "COM¹", "lpt³", "CONIN$", "conout$"]


@pytest.mark.parametrize("name", RESERVED)
@pytest.mark.parametrize("ending", ["", ".tar", " .front", ". "])
def test_no_result_has_a_name_that_windows_keeps_for_a_device(name: str, ending: str) -> None:
    cleaned = clean_part(name + ending)
    assert cleaned.partition(".")[0].rstrip().casefold() != name.casefold()
    (stem,) = output_stems([Source(f"{name}{ending}/{name}{ending}.jpg", "x", "in")])
    assert all(part.partition(".")[0].rstrip().casefold() != name.casefold() for part in stem.split("/"))


def test_a_name_that_only_begins_like_a_device_is_kept() -> None:
    assert [clean_part(name) for name in ("console", "com10", "auxiliary", "nully")] == [
        "console",
        "com10",
        "auxiliary",
        "nully",
    ]


def photo_of_a_square(path: Path, seed: int) -> Path:
    picture = soft(seed, (120, 120))
    picture[30:90, 30:90] = (200, 30, 30)
    return save(path, picture)


QUICK = ("--model", "grabcut", "--describe-model", "none")


def test_a_second_run_writes_over_nothing_where_case_is_ignored(tmp_path: Path) -> None:
    """Its results get another name, also on a file system that tells the two apart."""
    first = photo_of_a_square(tmp_path / "x" / "Front.png", 1)
    second = photo_of_a_square(tmp_path / "y" / "front.png", 2)
    out = tmp_path / "out"
    run("run", first, "-o", out, *QUICK)
    before = (out / "masks" / "Front.png").read_bytes()
    run("run", second, "-o", out, *QUICK)
    assert (out / "masks" / "Front.png").read_bytes() == before
    assert len({path.name.casefold() for path in (out / "masks").iterdir()}) == 2


def test_a_photo_is_not_written_over_under_another_spelling(tmp_path: Path) -> None:
    photo = photo_of_a_square(tmp_path / "photos" / "Front.PNG", 1)
    (tmp_path / "cut").mkdir()
    (tmp_path / "cut" / "Front.png").hardlink_to(photo)
    before = photo.read_bytes()
    done = run("cutout", photo, "-o", tmp_path / "cut", "--model", "grabcut")
    assert done.code == 3
    assert "is one of the photos" in done.err
    assert photo.read_bytes() == before


def test_a_photo_whose_results_would_lie_too_deep_fails_alone(tmp_path: Path) -> None:
    deep = tmp_path / "photos"
    deep.mkdir()
    photo_of_a_square(deep / "near.png", 1)
    here = os.open(deep, os.O_RDONLY)
    try:  # longer than a path may be, made step by step
        for _ in range(45):
            os.mkdir("d" * 100, dir_fd=here)
            below = os.open("d" * 100, os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = below
    finally:
        os.close(here)
    done = run("run", deep, "-o", tmp_path / "out", *QUICK)
    assert "near.png" in (tmp_path / "out/manifest.jsonl").read_text()
    assert done.code in {0, 3}
    assert "Traceback" not in done.err
    long = photo_of_a_square(tmp_path / "long" / f"{'n' * 250}.png", 2)
    assert run("run", long, "-o", tmp_path / "out2", *QUICK).code == 0


SCRIPT = """
import multiprocessing, sys
from packshot.batch import PhotoProcessing, Workers, run_batch
from packshot.pipeline import Pipeline
from packshot.settings import Settings

def make():
    return Pipeline(settings=Settings(model="grabcut", describe_model="none", frame_model="none", threads=1))

def one(path):
    return str(make().run(path).status)

if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    folder, out = sys.argv[2:]
    print(run_batch([folder], out, PhotoProcessing(make), workers=Workers(jobs=2)).failed)
    with multiprocessing.Pool(2) as pool:
        print(pool.map(one, [f"{folder}/0.png", f"{folder}/1.png"]))
"""


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_photos_are_done_however_processes_start(tmp_path: Path, method: str) -> None:
    for number in range(2):
        photo_of_a_square(tmp_path / "photos" / f"{number}.png", number)
    (tmp_path / "mine.py").write_text(textwrap.dedent(SCRIPT))
    done = subprocess.run(
        [sys.executable, tmp_path / "mine.py", method, tmp_path / "photos", tmp_path / "out"],
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert done.returncode == 0, done.stderr
    failed, statuses = done.stdout.splitlines()
    assert failed == "0"
    assert "failed" not in statuses
