"""``packshot evaluate`` as typed: figures, files, and what it says of bad input."""

import json
from pathlib import Path

import numpy as np
import pytest
from packshot_tests.command import Done, run, run_alone
from PIL import Image


def evaluate(shop: Path, *args: object) -> Done:
    return run("evaluate", "cutout", "--data", shop, *args)


def test_the_table_shows_packshot_beside_its_baselines_without_torch(shop: Path, red_model: Path) -> None:
    done = run_alone("evaluate", "cutout", "--data", shop, "--model", red_model, blocked=("torch", "timm", "lightning"))
    assert done.code == 0, done.err
    header, *rows = [line.split() for line in done.out.splitlines()]
    assert header[:4] == ["set", "method", "photos", "IoU"]
    ours, box, empty = rows
    assert ours[:3] == ["shop", "red", "2"]
    assert float(ours[3]) > 0.9, "a disc of the very colour the network looks for"
    assert box[:4] == ["shop", "centre", "box", "2"]
    assert empty[:4] == ["shop", "all", "background", "2"]
    assert float(empty[4]) == 0


def test_the_network_that_ships_is_scored_by_default(shop: Path) -> None:
    done = evaluate(shop, "--limit", 1, "--threads", 1, "--json")
    assert done.code == 0, done.err
    first = json.loads(done.out.splitlines()[0])
    assert (first["method"], first["photos"]) == ("packshot", 1)
    assert first["iou"]["value"] > 0.5


def test_files_hold_every_photo_and_the_means(shop: Path, red_model: Path, tmp_path: Path) -> None:
    out = tmp_path / "quality"
    done = evaluate(shop, "--model", red_model, "--split", "all", "-o", out)
    assert done.code == 0, done.err
    scores = [json.loads(line) for line in (out / "scores.jsonl").read_text().splitlines()]
    assert len(scores) == 12 * 3
    assert scores[0]["name"] == str(Path("images", "00.png"))
    summary = json.loads((out / "summary.json").read_text())
    assert (summary["task"], summary["split"], summary["unreadable"]) == ("cutout", "all", [])
    assert summary["model"].startswith("red@")
    ours = [score["iou"] for score in scores if score["method"] == "red"]
    row = summary["summary"][0]
    assert (row["method"], row["photos"]) == ("red", 12)
    assert row["iou"]["value"] == pytest.approx(sum(ours) / 12)
    assert row["iou"]["low"] <= row["iou"]["value"] <= row["iou"]["high"]
    assert (out / "report.html").read_text().startswith("<!doctype html>")
    assert sorted(path.name for path in out.iterdir()) == ["report.html", "scores.jsonl", "summary.json"]
    again = evaluate(shop, "--model", red_model, "-o", out)
    assert again.code == 0, again.err
    assert len((out / "scores.jsonl").read_text().splitlines()) == 2 * 3, "the same kind of files is replaced"


def test_a_limit_is_spread_over_the_split(shop: Path, red_model: Path, tmp_path: Path) -> None:
    evaluate(shop, "--model", red_model, "--split", "all", "--limit", 3, "-o", tmp_path / "out")
    lines = (tmp_path / "out" / "scores.jsonl").read_text().splitlines()
    names = dict.fromkeys(json.loads(line)["name"] for line in lines)
    assert [Path(name).stem for name in names] == ["00", "04", "08"]


def test_a_manifest_is_named_instead_of_its_folder(shop: Path, red_model: Path, tmp_path: Path) -> None:
    (shop / "list.csv").write_text("path,mask,split\nimages/04.png,masks/04.png,holdout\n")
    done = evaluate(shop / "list.csv", "--model", red_model, "-o", tmp_path / "out")
    assert done.code == 0, done.err
    first = json.loads((tmp_path / "out" / "scores.jsonl").read_text().splitlines()[0])
    assert first["name"] == str(Path("images", "04.png"))


def test_nothing_found_counts_as_an_empty_mask(shop: Path, red_model: Path, tmp_path: Path) -> None:
    for photo in (shop / "images").iterdir():
        Image.fromarray(np.full((96, 80, 3), 90, np.uint8)).save(photo)
    done = evaluate(shop, "--model", red_model, "--json")
    assert done.code == 0, "the photo is well; that nothing was found is the result"
    row = json.loads(done.out.splitlines()[0])
    assert row["iou"]["value"] == 0


def test_unreadable_photos_and_masks_are_named_and_the_others_scored(
    shop: Path, red_model: Path, tmp_path: Path
) -> None:
    (shop / "images" / "00.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    Image.fromarray(np.zeros((10, 10), np.uint8)).save(shop / "masks" / "05.png")
    done = evaluate(shop, "--model", red_model, "--split", "all", "--json", "-o", tmp_path / "out")
    assert done.code == 3
    assert "00.png" in done.err
    assert "10 x 10" in done.err
    assert "Traceback" not in done.err
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert lines[0]["photos"] == 10
    assert [Path(line["name"]).name for line in lines if line["error"]] == ["00.png", "05.png"]
    assert len(json.loads((tmp_path / "out" / "summary.json").read_text())["unreadable"]) == 2
    assert "2 photos could not be scored" in (tmp_path / "out" / "report.html").read_text()


def test_when_nothing_can_be_scored_it_says_so(shop: Path, red_model: Path, tmp_path: Path) -> None:
    for mask in (shop / "masks").iterdir():
        mask.write_bytes(b"")
    done = evaluate(shop, "--model", red_model, "-o", tmp_path / "out")
    assert done.code == 3
    assert "none of 2 photos could be scored" in done.err
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--data", "no/such"], "no/such"),
        (["--model", "no-such-network"], "no-such-network"),
        (["--model", "a.onnx", "--model", "b.onnx"], "--model: expected one, got a.onnx and b.onnx"),
        (["--split", "test"], "'test' is not one of"),
        (["--limit", "0"], "0 is not in the range"),
    ],
)
def test_wrong_usage_is_told_in_a_line(shop: Path, args: list[str], said: str) -> None:
    done = evaluate(shop, *args)
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err


def test_a_split_without_photos_names_those_that_have_some(shop: Path, red_model: Path) -> None:
    for index in range(8):
        for folder in ("images", "masks"):
            (shop / folder / f"{index:02}.png").unlink()
    done = evaluate(shop, "--model", red_model, "--split", "holdout")
    assert done.code == 2
    assert "no photos in the split holdout (there are: train 3, validation 1)" in done.err


def test_a_folder_that_cannot_be_made_is_refused_before_the_work(shop: Path, red_model: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    done = evaluate(shop, "--model", red_model, "-o", tmp_path / "taken")
    assert done.code == 1
    assert "taken could not be written" in done.err
    assert (tmp_path / "taken").read_text() == "a file"
    assert done.out == ""
