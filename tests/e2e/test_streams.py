"""stdin, stdout and stderr as shells set them: closed, full, without a reader, or one of them a photo."""

from __future__ import annotations

import io
import json
import shlex
import subprocess
from pathlib import Path

import numpy as np
import pytest
from packshot_tests.command import line, run
from packshot_tests.photos import save, soft
from PIL import Image


def shell(command: str, *, cwd: Path, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run a line of bash in which ``packshot`` is the command under test."""
    start = f'set -o pipefail; packshot() {{ {shlex.join(line())} "$@"; }}; {command}'
    return subprocess.run(["bash", "-c", start], cwd=cwd, input=data, capture_output=True, check=False, timeout=240)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """photos/: a red disc on grey, three times."""
    rows, columns = np.mgrid[:120, :120]
    disc = (rows - 60) ** 2 + (columns - 60) ** 2 < 36**2
    for index in range(3):
        photo = np.where(disc[..., None], (200, 40, 40), 120 + soft(index, (120, 120)) // 16).astype(np.uint8)
        save(tmp_path / "photos" / f"{index}.png", photo)
    return tmp_path


FRAME = "packshot frame photos --model classical"


@pytest.mark.parametrize("closed", ["2>&-", "2>/dev/full", "<&- 2>&-"])
def test_a_command_needs_no_stderr(shop: Path, closed: str) -> None:
    good = shell(f"{FRAME} --json {closed}", cwd=shop)
    assert good.returncode == 0
    assert [json.loads(each)["framed"] for each in good.stdout.splitlines()] == [False] * 3
    bad = shell(f"{FRAME} photos/none.png {closed}", cwd=shop)
    assert bad.returncode == 3
    assert len(bad.stdout.splitlines()) == 3


def test_a_run_with_worker_processes_needs_no_stream_at_all(shop: Path) -> None:
    done = shell("packshot run photos -o out --jobs 2 --describe-model none <&- >&- 2>&-", cwd=shop)
    assert done.returncode == 0
    assert len((shop / "out/manifest.jsonl").read_text().splitlines()) == 3


@pytest.mark.parametrize("command", [FRAME, f"{FRAME} --json", "packshot --help", "packshot profiles"])
def test_a_full_disk_behind_stdout_is_told_in_one_line(shop: Path, command: str) -> None:
    done = shell(f"{command} > /dev/full", cwd=shop)
    assert done.returncode == 1
    assert b"results could not be printed to stdout (No space left on device)" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "command", [f"{FRAME} | head -n 1", f"{FRAME} --json | head -n 1", "packshot profiles | true", "packshot | true"]
)
def test_a_reader_that_has_seen_enough_is_no_error(shop: Path, command: str) -> None:
    done = shell(command.replace("packshot |", "packshot --help |"), cwd=shop)
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    assert b"Exception" not in done.stderr


@pytest.mark.parametrize(("sink", "code"), [("| true", 0), ("> /dev/full", 1)])
def test_pictures_are_made_also_if_nobody_can_read_what_is_printed(shop: Path, sink: str, code: int) -> None:
    done = shell(f"packshot cutout photos -o cut --model grabcut --json {sink}", cwd=shop)
    assert done.returncode == code
    assert sorted(path.name for path in (shop / "cut").glob("*.png")) == ["0.png", "1.png", "2.png"]


def test_names_that_stdout_cannot_write_are_printed_as_escapes(shop: Path) -> None:
    save(shop / "photos" / "zażółć\n.png", soft())
    done = shell(f"PYTHONIOENCODING=latin-1:strict {FRAME}", cwd=shop)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 4, "a line break in a name begins no line"
    assert rb"za\u017c" in done.stdout


def picture(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as opened:
        assert opened.format == "PNG"
        return np.asarray(opened)


def test_a_photo_comes_in_on_stdin_and_its_cutout_goes_out_on_stdout(shop: Path) -> None:
    done = shell("cat photos/0.png | packshot cutout - -o - --model grabcut", cwd=shop)
    assert done.returncode == 0, done.stderr
    rgba = picture(done.stdout)
    assert rgba.shape == (120, 120, 4)
    assert rgba[60, 60, 3] == 255
    assert rgba[2, 2, 3] == 0
    assert not list(shop.rglob("*cut*"))
    shell("packshot cutout photos/0.png -o folder --model grabcut", cwd=shop)
    assert (shop / "folder/0.png").read_bytes() == done.stdout
    mask = shell("packshot cutout --mask - -o - --model grabcut < photos/0.png | cat", cwd=shop)
    assert picture(mask.stdout).shape == (120, 120)


def test_one_photo_is_written_to_the_file_that_was_named(shop: Path) -> None:
    quick = ("--model", "grabcut")
    done = run("cutout", "photos/0.png", "-o", "made/a.png", "--overlay", "--json", *quick, cwd=shop)
    assert done.code == 0, done.err
    (row,) = done.lines
    assert (row["output"], row["overlay"]) == ("made/a.png", "made/a.overlay.png")
    assert picture((shop / "made/a.png").read_bytes()).shape == (120, 120, 4)
    assert (shop / "made/a.overlay.png").is_file()
    (shop / "dir.png").mkdir()
    run("cutout", "-", "-o", "dir.png", *quick, cwd=shop, stdin=(shop / "photos/0.png").read_bytes())
    assert (shop / "dir.png/stdin.png").is_file(), "a folder of that name is a folder"


@pytest.mark.parametrize(
    ("command", "key", "value"),
    [
        ("frame - --model classical --json", "framed", False),
        ("check - --profile amazon --json", "ok", False),
        ("classify - --json", "head", "category"),
    ],
)
def test_commands_that_answer_read_stdin_too(shop: Path, command: str, key: str, value: object) -> None:
    (row,) = run(*command.split(), cwd=shop, stdin=(shop / "photos/0.png").read_bytes()).lines
    assert (row["source"], row["error"], row[key]) == ("-", None, value)


def test_a_frame_is_cut_off_between_two_pipes(shop: Path) -> None:
    done = shell("packshot frame - --crop -o - --model classical < photos/0.png", cwd=shop)
    assert done.returncode == 0, done.stderr
    assert picture(done.stdout).shape == (120, 120, 3)


@pytest.mark.parametrize(
    ("command", "code", "says"),
    [
        ("packshot cutout - -o - < /dev/null", 3, "stdin is empty"),
        ("echo no photo | packshot cutout - -o out", 3, "stdin holds text"),
        ("packshot cutout photos/0.png -o - >&-", 2, "which is closed"),
        ("packshot cutout photos/0.png -o - --model grabcut > /dev/full", 1, "could not be printed"),
    ],
)
def test_a_stream_that_cannot_serve_is_told_in_one_line(shop: Path, command: str, code: int, says: str) -> None:
    done = shell(command, cwd=shop)
    assert done.returncode == code, done.stderr
    assert says in done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert not list(shop.glob("*.png"))


@pytest.mark.parametrize(
    ("command", "code", "says"),
    [
        ("cutout photos -o a.png", 2, "names one picture, and there are 3 photos"),
        ("cutout photos -o -", 2, "there are 3 photos"),
        ("cutout photos/0.png -o a.jpg", 2, "written as PNG"),
        ("cutout photos/0.png -o - --json", 2, "both write to stdout"),
        ("cutout photos/0.png -o - --overlay", 3, "takes one picture"),
        ("cutout photos/0.png -o photos/0.png", 3, "is one of the photos"),
        ("run - -o out", 2, "reads files only"),
        ("duplicates - photos", 3, "reads files only"),
        ("index - -c shop.catalogue", 2, "reads files only"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_line(shop: Path, command: str, code: int, says: str) -> None:
    before = (shop / "photos/0.png").read_bytes()
    done = run(*command.split(), cwd=shop)
    assert done.code == code, done.err
    assert says in done.err
    assert "Traceback" not in done.err
    assert (shop / "photos/0.png").read_bytes() == before
    assert not list(shop.glob("*.png"))


@pytest.mark.parametrize("command", ["cutout {} --model grabcut -o {}/cutouts", "frame {} --crop -o {}/cutouts"])
def test_a_command_never_takes_its_own_results_for_photos(shop: Path, command: str) -> None:
    words = command.format("photos", "photos").split()
    for _ in range(2):
        done = run(*words, "--json", cwd=shop)
        assert done.code == 0, done.err
        assert len(done.lines) == 3
        assert "passed over" not in done.err
    assert sorted(
        path.relative_to(shop / "photos/cutouts").as_posix() for path in (shop / "photos").rglob("*/*.png")
    ) == [
        "0.png",
        "1.png",
        "2.png",
    ]
    other = run("frame", "photos", "--model", "classical", "--json", cwd=shop)
    assert len(other.lines) == 3
    assert "passed over 3 files, made by packshot" in other.err
    asked = run("frame", "photos/cutouts", "--model", "classical", "--json", cwd=shop)
    assert len(asked.lines) == 3


def test_finished_pictures_in_folders_are_checked(shop: Path) -> None:
    (shop / "photos/sub").mkdir()
    (shop / "photos/0.png").rename(shop / "photos/sub/0.png")
    run("run", "photos", "-o", "out", "--describe-model", "none", cwd=shop)
    done = run("check", "out/packshots", "--profile", "plain", "--json", cwd=shop)
    assert done.code in {0, 3}
    names = [Path(row["source"]).relative_to("out/packshots").as_posix() for row in done.lines]
    assert sorted(names) == ["1.jpg", "2.jpg", "sub/0.jpg"]
