"""From `packshot run` through review to the check of what can be trained on, with the real network."""

from __future__ import annotations

import json
from pathlib import Path

from packshot_tests.command import run
from PIL import Image
from skimage import data


def packshot(folder: Path, *args: str) -> tuple[int, list[dict]]:
    done = run(*args, cwd=folder)
    return done.code, [json.loads(line) for line in done.out.splitlines() if line.startswith("{")]


def test_a_run_is_reviewed_repeated_and_exported(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    for name in ("astronaut", "coffee", "chelsea"):
        picture = Image.fromarray(getattr(data, name)())
        picture.thumbnail((320, 320))
        picture.save(tmp_path / "photos" / f"{name}.jpg", quality=90)
    run = ("run", "photos", "-o", "out", "--jobs", "1", "--threads", "1")
    assert packshot(tmp_path, *run)[0] == 0
    _, waiting = packshot(tmp_path, "review", "list", "out", "--json")
    assert len(waiting) == 3
    assert [row["value"] for row in waiting] == sorted((row["value"] for row in waiting), reverse=True)
    assert packshot(tmp_path, "review", "approve", "out", "coffee.jpg", "chelsea.jpg")[0] == 0

    assert packshot(tmp_path, *run)[0] == 0
    _, waiting = packshot(tmp_path, "review", "list", "out", "--json")
    assert [(row["source"], row["state"]) for row in waiting] == [("photos/astronaut.jpg", "new")]
    assert packshot(tmp_path, *run, "--profile", "amazon")[0] == 0
    _, waiting = packshot(tmp_path, "review", "list", "out", "--json")
    assert {row["source"]: row["state"] for row in waiting} == {
        "photos/astronaut.jpg": "new",
        "photos/chelsea.jpg": "stale",
        "photos/coffee.jpg": "stale",
    }, "another profile gives other pictures"

    code, (row,) = packshot(tmp_path, "review", "export", "out", "-o", "corrections", "--json")
    assert (code, row["masks"], row["frames"]) == (0, 2, 2)
    code, checked = packshot(tmp_path, "data", "corrections/masks.csv", "--json")
    assert checked
    assert not any(finding["code"] == "broken-file" for row in checked for finding in row.get("findings", []))
    # What a review wrote is no photo to process.
    assert packshot(tmp_path, "run", ".", "-o", "out2", "--jobs", "1", "--threads", "1")[0] == 0
    lines = (tmp_path / "out2" / "manifest.jsonl").read_text().splitlines()
    sources = [json.loads(line)["source"] for line in lines]
    assert not [source for source in sources if source.startswith("out/")]
