"""A profile that keeps the photographed shadow: composed of what is stored, also when it comes later."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from packshot_tests import command
from PIL import Image

SOFT = 'title = "Our shop"\n[composition]\naspect = 1\nfill = 0.7\nformat = "PNG"\nshadow = "photo"\n'


def draw(path: Path) -> None:
    """A blue box on light grey, with a soft shadow on its right."""
    cast = np.zeros((400, 400), np.float32)
    cast[270:335, 240:345] = 0.5
    cast = cv2.GaussianBlur(cast, (0, 0), 12)[..., None]
    rgb = np.repeat(230 * (1 - cast), 3, axis=2)
    rgb[80:340, 120:280] = (60, 90, 150)
    rgb += np.random.default_rng(3).normal(0, 1, rgb.shape)
    path.parent.mkdir(parents=True)
    Image.fromarray(np.clip(np.rint(rgb), 0, 255).astype(np.uint8)).save(path, quality=92)


def pictures(out: str) -> dict[str, bytes]:
    kept = (path for path in Path(out).rglob("*") if path.suffix in {".png", ".jpg", ".webp"})
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in kept if "review" not in path.parts}


def run(out: str, *profiles: str) -> None:
    done = command.run("run", "photos", "-o", out, "--profile", ",".join(profiles), "--jobs", 1)
    assert done.code == 0, done.err


def times(out: str) -> list[float]:
    """What decoding and cutting out took: measured anew whenever they are done anew."""
    row = json.loads(Path(out, "manifest.jsonl").read_text())
    return [row["timings_ms"][stage] for stage in ("photo", "frame", "cutout", "inspection")]


def test_a_shadow_is_kept_for_profiles_that_come_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    draw(Path("photos/a.jpg"))
    Path("soft.toml").write_text(SOFT)
    run("fresh", "plain", "soft.toml")
    run("out", "plain")
    before = times("out")
    run("out", "plain", "soft.toml")
    assert times("out") == before, "composed of what was kept"
    assert pictures("out") == pictures("fresh")
    with Image.open("out/channels/soft/a.png") as picture:
        beside = np.asarray(picture.convert("L"))
    assert beside.min(initial=255) < 120, "the product"
    assert ((beside > 140) & (beside < 235)).sum() > 500, "and its shadow"

    # A mask that a person draws keeps the shadow that was found, and it is not looked for again.
    drawn = np.zeros((400, 400), np.uint8)
    drawn[80:340, 120:280] = 255
    drawn[80:120, 120:280] = 0
    Image.fromarray(drawn).save("drawn.png")
    for out in ("out", "fresh"):
        assert command.run("review", "mask", out, "a.jpg", "--file", "drawn.png").code == 0
    assert command.run("review", "apply", "out").code == 0
    run("fresh", "plain", "soft.toml")
    assert pictures("out") == pictures("fresh")
    with Image.open("out/channels/soft/a.png") as picture:
        beside = np.asarray(picture.convert("L"))
    assert ((beside > 140) & (beside < 235)).sum() > 500
    command.run("review", "undo", "out")
    assert command.run("review", "apply", "out").code == 0
    command.run("review", "undo", "fresh")
    run("fresh", "plain", "soft.toml")
    assert pictures("out") == pictures("fresh")
