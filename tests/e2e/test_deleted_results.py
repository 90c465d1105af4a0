"""Results that somebody deletes while a command runs are missed before it says that all went well."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from packshot_tests.command import line, run
from packshot_tests.photos import save, soft


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    for number in range(4):
        picture = soft(number, (160, 160))
        picture[40:120, 40:120] = (200, 30, 30)
        save(tmp_path / "photos" / f"{number}.png", picture)
    return tmp_path / "photos"


def disturbed(
    *args: object, after_first: Callable[[dict[str, object]], None]
) -> tuple[int, list[dict[str, object]], str]:
    """Run a command with ``--json``, and do something once its first row has come."""
    with subprocess.Popen(
        line(*args, "--json"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1
    ) as process:
        assert process.stdout is not None
        rows = [json.loads(process.stdout.readline())]
        after_first(rows[0])
        out, err = process.communicate(timeout=240)
    return process.returncode, rows + [json.loads(each) for each in out.splitlines()], err


QUICK = ("--model", "grabcut", "--describe-model", "none")


def test_a_run_whose_picture_was_deleted_names_it_and_makes_it_anew(photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, rows, err = disturbed(
        "run", photos, "-o", out, *QUICK, after_first=lambda row: (out / str(row["packshot"])).unlink()
    )
    assert code == 3
    lost = str(rows[0]["source"])
    assert f"{lost}: " in err
    assert "was deleted while the run lasted" in err
    manifest = [json.loads(each) for each in (out / "manifest.jsonl").read_text().splitlines()]
    assert [row["status"] == "failed" for row in manifest].count(True) == 1
    assert run("run", photos, "-o", out, *QUICK).code == 0
    assert len(list((out / "packshots").glob("*"))) == 4


def test_a_run_whose_folder_was_deleted_says_so(photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, _, err = disturbed("run", photos, "-o", out, *QUICK, after_first=lambda _: shutil.rmtree(out))
    assert code == 1
    assert "was deleted or changed while the run lasted" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "command", [("cutout", "--model", "grabcut"), ("frame", "--model", "classical", "--crop")], ids=["cutout", "frame"]
)
def test_a_command_whose_picture_was_deleted_names_it(photos: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    name, *options = command
    code, rows, err = disturbed(
        name, photos, *options, "-o", tmp_path / "cut", after_first=lambda row: Path(str(row["output"])).unlink()
    )
    assert code == 3
    assert f"{rows[0]['output']} was deleted while the command ran" in err
