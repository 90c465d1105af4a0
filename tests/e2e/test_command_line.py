"""The command line as a user types it, on real photographs, with the network that ships."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pytest
from packshot_tests.command import run, run_alone
from PIL import Image
from skimage import data

from packshot.marketplace import profile_names

MANIFEST_KEYS = {
    "source",
    "sha256",
    "status",
    "error",
    "findings",
    "frame",
    "mask",
    "cutout",
    "packshot",
    "category",
    "attributes",
    "products",
    "uncertainty",
    "timings_ms",
}


def opened(path: Path) -> Image.Image:
    """A picture, read whole, its file closed again."""
    with Image.open(path) as picture:
        picture.load()
        copy = picture.copy()
        copy.format = picture.format
        copy.info = picture.info
        return copy


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A seller's folder: two `front.jpg`, a picture that is none, and an empty file."""
    for folder in ("a", "b"):
        (tmp_path / "photos" / folder).mkdir(parents=True)
        Image.fromarray(data.astronaut()).save(tmp_path / "photos" / folder / "front.jpg", quality=92)
    (tmp_path / "photos" / "notes.jpg").write_text("not a picture")
    (tmp_path / "photos" / "empty.png").touch()
    return tmp_path / "photos"


def test_run_makes_pictures_and_names_what_failed(shelf: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run_alone("run", shelf, "-o", out, "--profile", "amazon", "--json")
    assert result.code == 3
    rows = {Path(str(row["source"])).relative_to(shelf).as_posix(): row for row in result.lines}
    assert set(rows) == {"a/front.jpg", "b/front.jpg", "notes.jpg", "empty.png"}
    for row in rows.values():
        assert set(row) >= MANIFEST_KEYS
    for name in ("notes.jpg", "empty.png"):
        assert rows[name]["status"] == "failed"
        assert name in rows[name]["error"]["message"]
        assert rows[name]["error"]["remedy"]
        assert name in result.err
    for name in ("a/front", "b/front"):
        row = rows[f"{name}.jpg"]
        assert row["status"] in {"ok", "review"}
        assert 0 <= row["uncertainty"] <= 1
        picture = opened(out / str(row["packshot"]))
        assert picture.format == "JPEG"
        assert max(picture.size) >= 1000
        assert picture.convert("RGB").getpixel((0, 0)) == (255, 255, 255)
        assert opened(out / str(row["cutout"])).mode == "RGBA"
        assert opened(out / str(row["mask"])).size == (512, 512)
        assert (out / "packshots" / f"{name}.jpg").is_file()
    assert [json.loads(line)["source"] for line in (out / "manifest.jsonl").read_text().splitlines()]
    assert (out / "report.html").is_file()


def test_run_twice_does_nothing_twice(shelf: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("run", shelf, "-o", out)
    stamps = {path: path.stat().st_mtime_ns for path in (out / "packshots").rglob("*.*")}
    assert len(stamps) == 2
    again = run("run", shelf, "-o", out)
    assert "4 already done" in again.out
    assert stamps == {path: path.stat().st_mtime_ns for path in (out / "packshots").rglob("*.*")}
    other = run("run", shelf, "-o", out, "--profile", "ebay")
    assert "2 already done" in other.out, "what cannot be opened cannot be for any profile"


def test_check_agrees_with_the_profile_the_picture_was_made_for(shelf: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("run", shelf / "a", "-o", out, "--profile", "amazon")
    good = run("check", out / "packshots", "--profile", "amazon", "--json")
    (row,) = good.lines
    assert {"source", "ok", "rules"} <= set(row)
    assert all({"id", "ok", "measured", "required"} <= set(rule) for rule in row["rules"])
    assert row["ok"], [rule for rule in row["rules"] if not rule["ok"]]
    assert good.code == 0
    bad = run("check", shelf / "a" / "front.jpg", "--profile", "amazon")
    assert bad.code == 3
    assert "FAIL" in bad.out


@pytest.mark.parametrize("kind", ["RGBA", "L"])
def test_cutout_keeps_relative_paths(shelf: Path, tmp_path: Path, kind: str) -> None:
    flags = ["--mask"] if kind == "L" else []
    result = run("cutout", shelf, "-o", tmp_path / "cut", "--json", *flags)
    assert result.code == 3
    made = [row for row in result.lines if row["output"]]
    assert len(made) == 2
    assert all({"source", "output", "uncertainty"} <= set(row) for row in made)
    for folder in ("a", "b"):
        picture = opened(tmp_path / "cut" / folder / "front.png")
        assert picture.mode == kind
        assert picture.size == (512, 512)


def test_cutout_never_replaces_a_photo(tmp_path: Path) -> None:
    Image.fromarray(data.astronaut()).save(tmp_path / "front.png")
    before = (tmp_path / "front.png").read_bytes()
    result = run("cutout", tmp_path, "-o", tmp_path)
    assert result.code == 3
    assert (tmp_path / "front.png").read_bytes() == before


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["run", "{empty}", "-o", "{out}"], "no photos found"),
        (["run", "{photo}", "-o", "{out}", "--profile", "amazn"], "amazon"),
        (["run", "{photo}", "-o", "{out}", "--profile", "amazon,ebay,Amazon"], "'amazon' was given twice"),
        (["run", "{photo}", "-o", "{out}", "--profile", "ebay", "--profile", "ebay"], "'ebay' was given twice"),
        (["run", "{photo}", "-o", "{out}", "--profile", "amazon,"], "no profile ''"),
        (["run", "{photo}", "-o", "{out}", "--name", "gs1"], "cat.jpg: it has no gtin"),
        (["run", "{photo}", "-o", "{out}", "--name", "gs1", "--sku", "re:(c).*"], "'c' is no GTIN"),
        (["run", "{photo}", "-o", "{out}", "--name", "ebay={{sku}}", "--sku", "name"], "none of the profiles"),
        (
            ["run", "{photo}", "-o", "{out}", "--name", "{{sku}}", "--name", "{{name}}"],
            "two patterns for every profile",
        ),
        (["run", "{photo}", "-o", "{out}", "--sku", "list.csv:sku"], "list.csv cannot be read"),
        (["check", "{photo}", "--profile", "amazon", "--on", "soon"], "--on"),
        (["run", "{photo}", "-o", "{out}", "--model", "no-such"], "no-such"),
        (["run", "{photo}", "-o", "{out}", "--size", "big"], "--size"),
        (["run", "{photo}", "-o", "{out}", "--background", "beach.jpg"], "beach.jpg"),
        (["run", "{photo}"], "-o"),
        (["check", "{photo}"], "--profile"),
        (["cutout", "{photo}", "-o", "{out}", "--provider", "coreml"], "coreml"),
        (["nonsense"], "nonsense"),
    ],
)
def test_wrong_usage_is_exit_code_two_and_names_the_fault(tmp_path: Path, args: list[str], says: str) -> None:
    (tmp_path / "empty").mkdir()
    Image.fromarray(data.chelsea()).save(tmp_path / "cat.jpg")
    names = {"empty": tmp_path / "empty", "photo": tmp_path / "cat.jpg", "out": tmp_path / "out"}
    result = run(*[text.format(**names) for text in args], cwd=tmp_path)
    assert result.code == 2, result.err
    assert says in result.err
    assert "Traceback" not in result.err


def test_a_missing_file_fails_alone(shelf: Path, tmp_path: Path) -> None:
    result = run("run", shelf / "a" / "front.jpg", shelf / "gone.jpg", "-o", tmp_path / "out", "--json")
    assert result.code == 3
    assert sorted(row["status"] == "failed" for row in result.lines) == [False, True]


def test_options_change_the_picture(shelf: Path, tmp_path: Path) -> None:
    run(
        "run", shelf / "a", "-o", tmp_path / "out", "--size", "600x400", "--background", "#204060", "--format", "webp",
        "--max-kb", "40",
    )  # fmt: skip
    (made,) = (tmp_path / "out" / "packshots").rglob("*.webp")
    picture = np.asarray(opened(made).convert("RGB")).astype(int)
    assert picture.shape == (400, 600, 3)
    assert np.abs(picture[5, 5] - [0x20, 0x40, 0x60]).max() <= 4
    assert made.stat().st_size <= 40_000


def test_transparent_background_is_a_png_with_alpha(shelf: Path, tmp_path: Path) -> None:
    run("run", shelf / "a", "-o", tmp_path / "out", "--background", "transparent")
    (made,) = (tmp_path / "out" / "packshots").rglob("*.png")
    assert opened(made).mode == "RGBA"
    assert opened(made).getpixel((0, 0))[3] == 0


def test_every_command_helps_with_examples() -> None:
    top = run("--help")
    assert top.code == 0
    for command in ("run", "cutout", "check", "models", "profiles", "doctor", "train", "export"):
        assert command in top.out
        told = run(command, "--help")
        assert told.code == 0
        if command != "doctor":
            assert f"packshot {command}" in told.out.split("Options:")[0].split("\n", 1)[1]


def test_help_is_quick() -> None:
    times = []
    for _ in range(3):
        started = time.perf_counter()
        run_alone("--help")
        times.append(time.perf_counter() - started)
    # The figure itself (0.5 s) is benchmarked; here only that nothing heavy is imported on a busy machine.
    assert min(times) < 2.0


def test_models_show_licence_and_figures() -> None:
    (card,) = [row for row in run("models", "--json").lines if row["name"] == "cutout"]
    assert card["licence"] == "Apache-2.0"
    assert card["commercial_use"] is True
    assert len(card["sha256"]) == 64
    assert card["provenance"]


def test_profiles_name_their_sources() -> None:
    rules = run("profiles", "amazon", "--json").lines[0]["rules"]
    assert rules
    assert all(rule["source"] and (rule["dated"] or rule["evidence"] != "page") for rule in rules)


def test_profiles_never_print_what_is_not_there() -> None:
    for name in profile_names():
        assert "None" not in run("profiles", name).out


def test_doctor_finds_the_shipped_network() -> None:
    result = run("doctor", "--json")
    assert result.code == 0, result.err
    assert result.lines[0]["model cutout"].startswith("loads")


def test_a_strange_onnx_file_with_its_card_is_used(tmp_path: Path) -> None:
    """A network that finds whatever is red, exported here, stands for any segmentation model."""
    from onnx import TensorProto, helper, save

    node = [
        helper.make_node("Split", ["image"], ["r", "g", "b"], axis=1, num_outputs=3),
        helper.make_node("Sub", ["r", "g"], ["more"]),
        helper.make_node("Mul", ["more", "gain"], ["logit"]),
        helper.make_node("Sub", ["logit", "half"], ["out"]),
    ]
    shape = [1, 3, 64, 64]
    graph = helper.make_graph(
        node,
        "red",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, [1, 1, 64, 64])],
        [
            helper.make_tensor("gain", TensorProto.FLOAT, [], [60.0]),
            helper.make_tensor("half", TensorProto.FLOAT, [], [30.0]),
        ],
    )
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10), tmp_path / "red.onnx")
    card = {
        "name": "red",
        "task": "segmentation",
        "input": {"size": [64, 64], "mean": [0, 0, 0], "std": [1, 1, 1]},
        "output": {"name": "out", "activation": "sigmoid"},
        "licence": "CC-BY-NC-4.0",
        "commercial_use": False,
    }
    (tmp_path / "red.json").write_text(json.dumps(card))
    photo = np.full((240, 320, 3), 200, np.uint8)
    photo[60:180, 80:240] = [250, 10, 10]
    Image.fromarray(photo).save(tmp_path / "ball.png")
    command = ("cutout", tmp_path / "ball.png", "-o", tmp_path / "out", "--mask", "--model", tmp_path / "red.onnx")
    refused = run(*command)
    assert refused.code == 2
    assert "NC" in refused.err
    done = run(*command, "--allow-non-commercial")
    assert done.code == 0, done.err
    mask = np.asarray(opened(tmp_path / "out" / "ball.png")) > 127
    true = np.zeros((240, 320), bool)
    true[60:180, 80:240] = True
    assert (mask & true).sum() / (mask | true).sum() > 0.97


def test_metadata_of_the_photo_stays_at_home(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    Image.fromarray(data.astronaut()).save(tmp_path / "gps.jpg", exif=exif)
    run("run", tmp_path / "gps.jpg", "-o", tmp_path / "out")
    made = [path for path in (tmp_path / "out").rglob("*") if path.suffix in {".jpg", ".png", ".html", ".jsonl"}]
    assert len(made) >= 5
    for path in made:
        assert b"SecretCamera" not in path.read_bytes()
        assert path.suffix not in {".jpg", ".png"} or not opened(path).getexif()


def test_a_picture_enlarged_beyond_what_the_photo_holds_is_for_a_person_to_look_at(tmp_path):
    small = tmp_path / "small.png"
    Image.fromarray(data.astronaut()).resize((150, 150)).save(small)
    run("run", small, "-o", tmp_path / "out", "--profile", "amazon,plain")
    (row,) = [json.loads(line) for line in (tmp_path / "out" / "manifest.jsonl").read_text().splitlines()]
    assert row["status"] == "review"
    assert "enlarged" in row["review"]
    assert row["packshots"]["amazon"]["enlarged"]
    assert row["packshots"]["amazon"]["upscale"] > 2, "more than the profile's max_upscale"
    assert row["packshots"]["plain"]["upscale"] <= 2
    assert row["packshots"]["amazon"]["status"] == "review"
    assert not row["packshots"]["plain"]["enlarged"], "this profile asks for no least size"
    assert "take a larger photo" in (tmp_path / "out" / "report.html").read_text()
    listed = run("review", "approve", tmp_path / "out", "--why", "enlarged", "--yes")
    assert listed.code == 0, listed.err
