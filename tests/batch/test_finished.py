"""Which pictures `packshot check` measures, and by whose rules."""

import functools
import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from batch_stub import StubPipeline
from packshot_tests.command import run as command
from PIL import Image

from packshot.batch import PhotoProcessing, run_batch
from packshot.batch.finished import finished_pictures
from packshot.errors import UsageError


@pytest.fixture
def out(photos: Path, tmp_path: Path) -> Path:
    names = ("amazon", "google", "never")
    run_batch([photos], tmp_path / "out", PhotoProcessing(functools.partial(StubPipeline, profiles=names), names))
    return tmp_path / "out"


def test_a_run_knows_what_its_pictures_were_made_for(out: Path) -> None:
    found = [(each.profile.name, each.source.path) for each in finished_pictures([str(out)], None)]
    assert len(found) == 12
    assert {name for name, path in found if "/packshots/" in path} == {"amazon"}
    assert {name for name, path in found if "/channels/google/" in path} == {"google"}
    assert all(Path(path).is_file() for _, path in found)
    only = finished_pictures([str(out)], "google", among={"packshots/b.jpg"})
    assert [(each.profile.name, each.source.relative) for each in only] == [("google", "channels/google/b.jpg")]


def test_what_cannot_be_known_is_asked_for(out: Path, tmp_path: Path, photos: Path) -> None:
    with pytest.raises(UsageError, match="by which marketplace") as caught:
        finished_pictures([str(photos)], None)
    assert "--profile" in caught.value.remedy
    with pytest.raises(UsageError, match="no pictures for ebay, only for amazon, google"):
        finished_pictures([str(out)], "ebay")
    names = ("my-shop",)
    run_batch([photos], tmp_path / "own", PhotoProcessing(functools.partial(StubPipeline, profiles=names), names))
    with pytest.raises(UsageError, match="a file of yours") as caught:
        finished_pictures([str(tmp_path / "own")], None)
    assert "my-shop.toml" in caught.value.remedy
    assert len(finished_pictures([str(photos)], "amazon")) == 6


def test_a_profile_of_ones_own_is_found_where_the_run_found_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = tmp_path / "typed"
    typed.mkdir()
    rgb = np.full((300, 300, 3), 250, np.uint8)
    rgb[60:240, 100:200] = (170, 30, 40)
    Image.fromarray(rgb).save(typed / "box.png")
    (typed / "my-shop.toml").write_text(
        'title = "Shop"\n[composition]\nformat = "JPEG"\n[[rules]]\nid = "format"\nkind = "format"\n'
        'parameters = { one_of = ["JPEG"] }\nwording = "JPEG"\nsource = "own"\nevidence = "own"\n'
    )
    words = ("-o", tmp_path / "own", "--model", "grabcut-box", "--describe-model", "none", "--jobs", 1)
    with monkeypatch.context() as patch:
        patch.chdir(typed)
        assert command("run", "box.png", "--profile", "my-shop.toml, plain", *words).code == 0
    found = finished_pictures([str(tmp_path / "own")], None)
    assert {each.profile.name for each in found} == {"my-shop", "plain"}
    (typed / "my-shop.toml").unlink()
    with pytest.raises(UsageError, match="a file of yours"):
        finished_pictures([str(tmp_path / "own")], None)


def test_the_command_says_what_fails_on_a_day(out: Path) -> None:
    """The stub's pictures have 64 x 48 pixels: too few for Google on any day, and for another reason from 2027 on."""
    today = command("check", out, "--profile", "google", "--on", "2026-12-01", "--json")
    then = command("check", out, "--profile", "google", "--on", "2027-01-31", "--json")
    assert (today.code, then.code, len(today.lines), len(then.lines)) == (3, 3, 6, 6)
    for row, later in zip(today.lines, then.lines, strict=True):
        (upcoming,) = row["upcoming"]
        assert (upcoming["id"], upcoming["ok"], upcoming["since"]) == ("size-2027", False, "2027-01-31")
        assert "size-2027" not in {rule["id"] for rule in row["rules"]}
        assert "size-2027" in {rule["id"] for rule in later["rules"]}
        assert (later["upcoming"], later["on"], later["profile"]) == ([], "2027-01-31", "google")
    words = command("check", out, "--on", "2026-12-01").out
    assert "hint  from 2027-01-31, size-2027: [64, 48]" in words
    assert "(amazon)" in words


def test_a_manifest_says_what_holds_later_and_the_report_counts_it(out: Path, photos: Path) -> None:
    from packshot.batch.report import write_report
    from packshot.records import read_manifest

    rows = [record.row() for record in read_manifest(out / "manifest.jsonl")]
    rule = {"id": "size-2027", "ok": False, "measured": [64, 48], "required": ">= 500", "since": date(2027, 1, 31)}
    rows[0]["packshots"]["google"]["upcoming"] = [rule]
    from packshot.records import read_record

    records = [read_record(json.loads(json.dumps(row, default=str))) for row in rows]
    assert records[0].packshots["google"].upcoming[0].since == date(2027, 1, 31)
    folders = {"amazon": "packshots", "google": "channels/google"}
    write_report(out / "report.html", [("a", each) for each in records], total=6, profiles=folders)
    page = (out / "report.html").read_text()
    assert "google: accepted until 2027-01-31" in page
    assert "1 from 2027-01-31" in page
    assert "From 2027-01-31 (google): The picture is too small, 64 × 48" in page


def test_of_a_catalogue_only_its_pictures_are_measured(out: Path, tmp_path: Path) -> None:
    from packshot.catalogue import CatalogueItem
    from packshot.catalogue.store import open_store

    vector = np.zeros(8, np.float32)
    vector[0] = 1
    with open_store(str(tmp_path / "shop.catalogue"), create=True) as store:
        store.upsert(
            CatalogueItem(
                source=f"{file}",
                sha256=f"{number:064x}",
                pixel_hash=f"{number:064x}",
                embedding=vector,
                model="describe@1f2e3d4c",
                files={"packshot": file},
            )
            for number, file in enumerate(["packshots/a.jpg", "packshots/b.jpg", "packshots/elsewhere.jpg"])
        )
    every = command("check", out, "-c", tmp_path / "shop.catalogue", "--on", "2027-01-31", "--json")
    google = command("check", out, "-c", tmp_path / "shop.catalogue", "--profile", "google", "--json")
    assert (every.code, google.code) == (3, 3)
    measured = [
        sorted(Path(row["source"]).relative_to(out).as_posix() for row in each.lines) for each in (every, google)
    ]
    channel = ["channels/google/a.jpg", "channels/google/b.jpg"]
    assert measured == [[*channel, "packshots/a.jpg", "packshots/b.jpg"], channel]


def test_the_last_line_counts_the_pictures_that_pass(out: Path, photos: Path) -> None:
    done = command("check", out)
    rows = command("check", out, "--json").lines
    passed = sum(row["ok"] for row in rows)
    assert done.err.splitlines()[-1] == f"12 pictures: {passed} pass, {12 - passed} miss a rule that must hold"
    (photos / "broken.jpg").write_bytes(b"\xff\xd8\xff broken")
    done = command("check", photos, "--profile", "google")
    assert done.code == 3
    assert done.err.splitlines()[-1].endswith(", 1 cannot be read")
    assert "pass" not in command("check", photos / "a.png", "--profile", "google").err
