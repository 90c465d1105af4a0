"""A run whose pictures are made alike: the same pictures after a kill, alone again without the option."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from packshot_tests.command import run
from PIL import Image

from packshot.batch import Grouping, Naming, PhotoProcessing, RunOptions, run_batch
from packshot.batch.journal import Journal
from packshot.marketplace import Profile
from packshot.pipeline import Pipeline
from packshot.records import read_manifest
from packshot.settings import Settings
from packshot.specs import Composition

SETTINGS = Settings(model="grabcut-box", describe_model="none", frame_model="none", threads=1)
SHOP = Profile(name="shop", title="Shop", composition=Composition(size=(400, 400), fill=0.8, max_upscale=10), rules=[])
MAKE = functools.partial(Pipeline, profile=SHOP, settings=SETTINGS)


def draw(path: Path, width: int, height: int, *, at: tuple[int, int] = (60, 60)) -> None:
    rgb = np.full((300, 300, 3), 250, np.uint8)
    rgb[at[1] : at[1] + height, at[0] : at[0] + width] = (170, 30, 40)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(rgb).save(path)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """One product seen from two sides and as a detail; another product."""
    folder = tmp_path / "photos"
    draw(folder / "0815" / "front.png", 90, 180)
    draw(folder / "0815" / "side.png", 120, 160)
    draw(folder / "0815" / "edge.png", 12, 180)
    draw(folder / "4711" / "front.png", 100, 100)
    return folder


def boxes(out: Path) -> dict[str, tuple[int, int, int, int]]:
    """Where the products stand in the pictures, (x0, y0, x1, y1)."""
    found = {}
    for path in sorted((out / "packshots").rglob("*.jpg")):
        ink = (np.asarray(Image.open(path)).astype(int)[..., 1] < 140).astype(np.uint8)
        x, y, w, h = cv2.boundingRect(ink)
        found[path.relative_to(out / "packshots").as_posix()] = (x, y, x + w, y + h)
    return found


def started(photos: Path, out: Path, consistent: Grouping | None = None):
    options = RunOptions(naming=Naming("folder"), consistent=consistent)
    return run_batch([photos], out, PhotoProcessing(MAKE, ["shop"]), options=options)


def test_pictures_of_a_product_are_made_alike_and_alone_again(photos, tmp_path):
    out = tmp_path / "out"
    started(photos, out)
    alone = {path: path.read_bytes() for path in (out / "packshots").rglob("*.jpg")}
    before = boxes(out)
    assert before["0815/front.jpg"][3] - before["0815/front.jpg"][1] == pytest.approx(320, abs=4)
    summary = started(photos, out, Grouping.SKU)
    assert (summary.resumed, summary.alike.groups, summary.alike.alike) == (4, 1, 2)
    (outlier,) = summary.alike.outliers
    assert outlier[0].endswith("edge.png")
    assert "times as large as the others" in outlier[2]
    after = boxes(out)
    areas = [(x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in (after["0815/front.jpg"], after["0815/side.jpg"])]
    assert areas[0] == pytest.approx(areas[1], rel=0.03)
    assert after["0815/front.jpg"][3] == pytest.approx(after["0815/side.jpg"][3], abs=2)  # one base line
    assert after["0815/edge.jpg"] == before["0815/edge.jpg"]
    assert after["4711/front.jpg"] == before["4711/front.jpg"]
    records = {
        Path(record.source).stem: record for record in read_manifest(out / "manifest.jsonl") if record.sku == "0815"
    }
    assert any("not like the others of its group" in words for words in records["edge"].advice)
    assert "not like the others" in (out / "report.html").read_text().lower()

    # Again: nothing is made.
    times = {path: path.stat().st_mtime_ns for path in (out / "packshots").rglob("*.jpg")}
    assert started(photos, out, Grouping.SKU).alike.alike == 2
    assert {path: path.stat().st_mtime_ns for path in (out / "packshots").rglob("*.jpg")} == times

    # Without the option the pictures stand alone again, as at first.
    assert started(photos, out).alike is None
    assert {path: path.read_bytes() for path in (out / "packshots").rglob("*.jpg")} == alone
    assert not any(record.advice for record in read_manifest(out / "manifest.jsonl"))


def test_a_run_killed_between_two_pictures_is_finished_by_the_next(photos, tmp_path, monkeypatch):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    started(photos, whole, Grouping.SKU)
    append, calls = Journal.append, []

    def once_too_often(journal, entry):
        calls.append(entry.stem)
        if len(calls) == 6:  # four photos, then the second picture that is made alike
            raise KeyboardInterrupt
        append(journal, entry)

    monkeypatch.setattr(Journal, "append", once_too_often)
    with pytest.raises(KeyboardInterrupt):
        started(photos, killed, Grouping.SKU)
    monkeypatch.undo()
    started(photos, killed, Grouping.SKU)
    assert {path.relative_to(whole): path.read_bytes() for path in (whole / "packshots").rglob("*.jpg")} == {
        path.relative_to(killed): path.read_bytes() for path in (killed / "packshots").rglob("*.jpg")
    }
    assert boxes(whole) == boxes(killed)


def test_what_would_break_a_rule_stays_alone(photos, tmp_path):
    strict = SHOP.model_copy(update={"rules": Profile.model_validate({**SHOP.model_dump(), "rules": [RULE]}).rules})
    out = tmp_path / "out"
    make = functools.partial(Pipeline, profile=strict, settings=SETTINGS)
    options = RunOptions(naming=Naming("folder"), consistent=Grouping.SKU)
    summary = run_batch([photos], out, PhotoProcessing(make, ["shop"]), options=options)
    assert any("it would break a rule (fill)" in why for _, _, why in summary.alike.outliers)
    assert all(rule.ok for record in read_manifest(out / "manifest.jsonl") for rule in record.rules)


RULE = {
    "id": "fill",
    "kind": "fill",
    "parameters": {"of": "side", "at_least": 0.79},
    "wording": "fills 79 %",
    "source": "https://example.com",
    "evidence": "secondary",
}


def test_products_must_be_told_apart(photos, tmp_path):
    code, _, err = run("run", photos, "-o", tmp_path / "out", "--consistent", "sku")
    assert code == 2
    assert "give a rule with --sku" in err


def test_the_command_names_what_does_not_fit(photos, tmp_path, monkeypatch):
    monkeypatch.setenv("PACKSHOT_FRAME_MODEL", "none")
    shop = tmp_path / "shop.toml"
    shop.write_text('name = "shop"\ntitle = "Shop"\n[composition]\nsize = [400, 400]\nfill = 0.8\nmax_upscale = 10\n')
    code, out, err = run(
        "run", photos, "-o", tmp_path / "out", "--profile", shop, "--sku", "folder", "--consistent", "sku", "--model",
        "grabcut-box", "--describe-model", "none", "--jobs", "1", "--json",
    )  # fmt: skip
    assert code == 0, err
    assert "2 pictures in 1 group were made alike, 1 does not fit" in err
    assert "edge.png (shop): it can be made only" in err
    assert len([json.loads(line) for line in out.splitlines()]) == 4


def test_a_category_that_a_person_gave_decides_what_is_made_alike_and_what_is_said(photos, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("shop.toml").write_text(
        'title = "Shop"\n[composition]\nsize = [400, 400]\nfill = 0.8\nmax_upscale = 10\nshadow = 0\n'
    )
    words = ["--model", "grabcut-box", "--describe-model", "none", "--jobs", 1]
    words += ["--consistent", "category", "--language", "en,de,pl", "--sku", "folder"]
    assert run("run", "photos", "-o", "out", "--profile", "shop.toml", *words).code == 0
    out = Path("out")
    before, alone = boxes(out), {path: path.read_bytes() for path in out.rglob("packshots/**/*.jpg")}
    assert all(record.texts == {} for record in read_manifest(out / "manifest.jsonl"))
    decide = ("review", "category", "out", "0815/front.png", "0815/side.png", "--by", "anna")
    assert run(*decide, "--to", "T-Shirt").code == 0
    done = run("review", "apply", "out")
    assert (done.code, "2 pictures in 1 group were made alike" in done.err) == (0, True)
    after = boxes(out)
    areas = [(x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in (after["0815/front.jpg"], after["0815/side.jpg"])]
    assert areas[0] == pytest.approx(areas[1], rel=0.03)
    assert (after["0815/edge.jpg"], after["4711/front.jpg"]) == (before["0815/edge.jpg"], before["4711/front.jpg"])
    records = {record.source: record for record in read_manifest(out / "manifest.jsonl")}
    texts = {code: text.title for code, text in records["photos/0815/front.png"].texts.items()}
    assert (texts["en"], texts["de"], texts["pl"]) == ("T-shirt, red", "T-Shirt, rot", "Koszulka w kolorze czerwonym")
    assert records["photos/0815/front.png"].texts["en"].evidence[0].says == ("t-shirt",)
    page = (out / "report.html").read_text()
    assert "T-Shirt, rot" in page
    # Pictures that were made to stand among others are not shown again to whoever said what category they are.
    assert {record.status for record in records.values() if record.decisions} == {"ok"}

    # One of the two is none, after all: both stand alone again; so they do where one is rejected.
    assert run("review", "category", "out", "0815/side.png", "--to", "Hat", "--by", "ben").code == 0
    assert run("review", "apply", "out").code == 0
    assert {path: path.read_bytes() for path in alone} == alone
    records = {record.source: record for record in read_manifest(out / "manifest.jsonl")}
    assert records["photos/0815/side.png"].texts["de"].title == "Kopfbedeckung, rot"
    run("review", "undo", "out")
    run("review", "apply", "out")
    assert {path: path.read_bytes() for path in alone} != alone
    run("review", "reject", "out", "0815/side.png", "--reason", "wrong product")
    run("review", "apply", "out")
    assert {path: path.read_bytes() for path in alone} == alone
