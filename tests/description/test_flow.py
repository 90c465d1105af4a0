"""Description within the flow: what it gives the manifest, heatmaps and embeddings, and what asks for review."""

import functools
import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from packshot.batch import PhotoProcessing, read_manifest, run_batch
from packshot.batch.heatmaps import heatmaps_on_disk
from packshot.description import Describer
from packshot.errors import OutputError
from packshot.pipeline import Pipeline
from packshot.settings import Settings
from packshot.values import Box, Frame, Mask

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)
SHOE = {(1, 1): RED}
#: Of a red cell in the second row and column of a photo of 640 x 480: test_describer.py says why.
SHOE_BOX = (88, 88, 392, 392)  # heat falls from the middle of a cell of 160 pixels to the next one's: 5 % at 152


def within(photo):
    """A mask of all but 20 pixels at each side, and sure."""
    alpha = np.zeros((photo.height, photo.width), np.float32)
    alpha[20:-20, 20:-20] = 1
    return Mask(alpha=alpha, uncertainty=0.0, model="by-hand")


def pipeline_of(model, **settings):
    made = Pipeline(settings=Settings(threads=1, describe_model=model, frame_model="none", **settings))
    made.cutout.segment = within
    return made


@pytest.fixture
def photos(tmp_path, cells):
    """A shoe, a shoe and a hat, and nothing."""
    folder = tmp_path / "photos"
    (folder / "new").mkdir(parents=True)
    for name, colours in {"both": {(0, 0): RED, (2, 3): GREEN}, "new/shoe": SHOE, "nothing": {}}.items():
        Image.fromarray(cells(colours)).save(folder / f"{name}.png")
    return folder


@pytest.fixture
def run(photos, tmp_path):
    """A function: run the photos with a network; the lines of the manifest by the photo's name."""

    def run(model, out="out", **settings):
        make = functools.partial(pipeline_of, model, **settings)
        summary = run_batch([photos], tmp_path / out, PhotoProcessing(make))
        rows = {Path(row.source).stem: json.loads(row.to_json()) for row in read_manifest(summary.manifest)}
        return summary, rows

    return run


def files(out, *folders):
    return sorted(path.relative_to(out).as_posix() for name in folders for path in (out / name).rglob("*.*"))


def test_a_photo_is_described_after_its_cutout(network, cells):
    pipeline = pipeline_of(network())
    names = [stage.name for stage in pipeline.stages]
    assert names[2:7] == ["cutout", "overlay", "inspection", "description", "composition"]
    result = pipeline.run(cells(SHOE))
    assert result.raise_for_status().status == "ok"
    said = Describer(network(), Settings(threads=1))(result.picture.rgb, result.mask)
    assert result.description.answers == said.answers
    assert result.description.products == said.products
    assert list(result.timings_ms) == names


def test_the_manifest_says_what_the_contract_names(run, network, tmp_path):
    _, rows = run(network())
    shoe = rows["shoe"]
    sure = 1 / (1 + np.exp(-4))
    assert [node["id"] for node in shoe["category"]["path"]] == ["apparel", "shoes"]
    assert [node["name"] for node in shoe["category"]["path"]] == ["Apparel", "Shoes"]
    assert [node["score"] for node in shoe["category"]["path"]] == pytest.approx([sure, sure**2], abs=1e-5)
    assert (shoe["category"]["score"], shoe["category"]["sure"]) == (pytest.approx(sure**2, abs=1e-5), True)
    assert shoe["attributes"] == {
        "kids": {"value": "no", "score": pytest.approx(sure, abs=1e-5), "sure": True},
        "tags": [{"value": "shoe", "score": pytest.approx(sure, abs=1e-5)}],
    }
    (product,) = shoe["products"]
    assert (product["label"], product["name"]) == ("shoes", "Shoes")
    assert np.abs(np.subtract(product["box"], SHOE_BOX)).max() <= 4
    assert shoe["heatmaps"] == [product["heatmap"]] == ["heatmaps/new/shoe.shoes.jpg"]
    assert shoe["size"] == [640, 480]
    vector = np.load(tmp_path / "out" / shoe["embedding"]["file"])
    # Mean red, green and blue, and the 1 that the network adds: red is 1/12.
    assert vector == pytest.approx(np.array([1 / 12, 0, 0, 1]) / np.hypot(1 / 12, 1), abs=1e-4)
    assert (vector.dtype, shoe["embedding"]["model"][:5]) == (np.float32, "tiny@")
    both = rows["both"]["category"]
    assert ([node["id"] for node in both["path"]], both["sure"]) == (["apparel"], False)


def test_it_agrees_with_classify(run, network, photos, packshot, monkeypatch):
    """The same network on the same photo and mask: `packshot classify` has the same answers."""
    monkeypatch.setattr("packshot.photo.given_mask", within)
    _, rows = run(network())
    _, lines, _ = packshot("classify", photos, "--model", network(), "--json")
    for said in map(json.loads, lines):
        row = rows[Path(said["source"]).stem]
        category = row["category"]
        assert [node["id"] for node in category["path"]] == said["path"]
        assert [node["name"] for node in category["path"]] == said["names"]
        assert {key: category[key] for key in ("score", "sure", "uncertainty", "top")} == {
            key: said[key] for key in ("score", "sure", "uncertainty", "top")
        }
        assert [{**product, "heatmap": None} for product in row["products"]] == [
            {**product, "heatmap": None} for product in said["products"]
        ]
        assert (row["embedding"] or {}).get("model") == said["model"]


def test_where_nothing_is_recognised_that_is_said(run, network, tmp_path):
    _, rows = run(network())
    nothing = rows["nothing"]
    assert nothing["status"] == "ok"
    category = nothing["category"]
    assert (category["path"], category["score"], category["sure"]) == ([], 0, False)
    assert category["uncertainty"] == pytest.approx(1 / (1 + np.exp(4)), abs=1e-5)
    assert (nothing["products"], nothing["heatmaps"]) == ([], [])
    assert nothing["attributes"] == {}, "nobody knows whether what it is has any"
    assert (tmp_path / "out" / nothing["embedding"]["file"]).is_file()
    assert "None of the categories packshot knows" in (tmp_path / "out/report.html").read_text()


def test_switched_off_there_is_no_description(run, tmp_path):
    _, rows = run("none")
    for row in rows.values():
        assert (row["category"], row["embedding"]) == (None, None)
        assert (row["attributes"], row["products"], row["heatmaps"]) == ({}, [], [])
    assert not (tmp_path / "out/heatmaps").exists()
    assert not (tmp_path / "out/.packshot/embeddings").exists()
    assert pipeline_of("none").run(np.zeros((48, 64, 3), np.uint8)).description is None


def test_boxes_are_in_the_photos_pixels_also_where_a_frame_was_cut_off(network, cells, tmp_path):
    framed = np.full((600, 720, 3), 128, np.uint8)
    inside = Box(30, 70, 670, 550)
    framed[inside.slices] = cells(SHOE)
    Image.fromarray(framed).save(tmp_path / "framed.png")

    def make():
        made = pipeline_of(network())
        made.frame.find = lambda _: Frame(framed=True, score=1.0, inner_box=inside)
        return made

    result = make().run(framed)
    assert (result.frame_removed, result.offset) == (True, (30, 70))
    assert np.abs(np.subtract(result.description.products[0].box.as_tuple(), SHOE_BOX)).max() <= 4
    run_batch([tmp_path / "framed.png"], tmp_path / "out", PhotoProcessing(make))
    (row,) = read_manifest(tmp_path / "out/manifest.jsonl")
    (product,) = row.products
    assert np.abs(np.subtract(product.box, np.add(SHOE_BOX, (30, 70, 30, 70)))).max() <= 4
    assert row.size == (720, 600)
    with Image.open(tmp_path / "out" / row.heatmaps[0]) as picture:
        assert picture.size == (640, 480), "as the mask: the picture without its frame"


def test_a_doubtful_category_asks_for_review_only_on_request(run, network):
    _, rows = run(network())
    assert {row["status"] for row in rows.values()} == {"ok"}
    _, rows = run(network(), review_category=True)
    assert {name: (row["status"], row["review"]) for name, row in rows.items()} == {
        "both": ("review", ["category"]),
        "nothing": ("review", ["category"]),
        "shoe": ("ok", []),
    }


def test_another_network_card_or_precision_is_another_pipeline(network):
    path = network()
    prints = {
        pipeline_of(path, **changes).fingerprint for changes in ({}, {"precision": 0.9}, {"review_category": True})
    }
    prints |= {pipeline_of(model).fingerprint for model in ("none", network("other", rows=network.rows * 2))}
    heads = (network.heads[0].model_copy(update={"temperature": 2.0}), *network.heads[1:])
    prints.add(pipeline_of(network("warm", heads=heads)).fingerprint)
    assert len(prints) == 6
    assert pipeline_of(path).fingerprint in prints


def test_a_run_with_another_network_is_done_again_and_leaves_nothing_of_the_first(run, network, tmp_path):
    out = tmp_path / "out"
    assert run(network())[0].resumed == 0
    assert files(out, "heatmaps") == [
        "heatmaps/both.apparel.jpg",
        "heatmaps/both.shoe.jpg",
        "heatmaps/new/shoe.shoes.jpg",
    ]
    assert run(network())[0].resumed == 3
    labels = ("nothing", "garment", "boots", "caps")
    heads = (network.heads[0].model_copy(update={"labels": labels, "names": ()}), *network.heads[1:])
    summary, rows = run(network("renamed", heads=heads))
    assert summary.resumed == 0
    assert rows["shoe"]["category"]["path"][-1]["id"] == "boots"
    assert "heatmaps/new/shoe.boots.jpg" in files(out, "heatmaps")
    assert not [name for name in files(out, "heatmaps") if "shoes" in name or "apparel" in name]
    run("none")
    assert files(out, "heatmaps", ".packshot/embeddings") == []


def test_what_a_killed_run_left_is_known_by_the_photos_name(run, network, photos, tmp_path, cells):
    """Labels of a network that is not asked any more, and no journal that names them."""
    Image.fromarray(cells(SHOE)).save(photos / "both.sole.png")
    heat = tmp_path / "out/heatmaps"
    run(network())
    for name in ("both.old.jpg", "both.sole.old.jpg", "other.old.jpg", "both.jpg", "both.old.png"):
        (heat / name).write_bytes(b"of another run")
    run(network(), precision=0.9)
    left = files(tmp_path / "out", "heatmaps")
    assert "heatmaps/both.sole.shoes.jpg" in left
    assert [name for name in left if (tmp_path / "out" / name).read_bytes() == b"of another run"] == [
        "heatmaps/both.jpg",
        "heatmaps/both.old.png",
        "heatmaps/other.old.jpg",
    ]
    assert heatmaps_on_disk(tmp_path / "out")["both.sole"] == ["heatmaps/both.sole.shoes.jpg"]


def test_a_deleted_or_damaged_heatmap_is_drawn_again(run, network, tmp_path):
    run(network())
    path = tmp_path / "out/heatmaps/new/shoe.shoes.jpg"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    assert run(network())[0].resumed == 2
    assert path.read_bytes() == whole
    path.unlink()
    (tmp_path / "out/.packshot/embeddings/nothing.npy").unlink()
    assert run(network())[0].resumed == 1
    assert path.read_bytes() == whole


@pytest.mark.parametrize("writes", [1, 3, 5, 6])
def test_a_heatmap_is_whole_or_not_there(run, network, tmp_path, monkeypatch, writes):
    """The disk fills up after some files of the first photo: what is there opens, and a repeated run is whole."""
    run(network(), out="undisturbed")
    real, count = os.fsync, 0

    def full(handle):
        nonlocal count
        count += 1
        if count > writes:
            raise OSError(28, os.strerror(28))
        real(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError):
        run(network())
    monkeypatch.setattr(os, "fsync", real)
    assert not list((tmp_path / "out").rglob("*.packshot-tmp"))
    for path in (tmp_path / "out/heatmaps").rglob("*"):
        with Image.open(path) as picture:
            picture.load()
    run(network())
    names = files(tmp_path / "undisturbed", "heatmaps", ".packshot/embeddings")
    assert files(tmp_path / "out", "heatmaps", ".packshot/embeddings") == names
    for name in names:
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "undisturbed" / name).read_bytes()


def test_the_command_as_typed(network, cells, packshot, tmp_path):
    alpha = np.zeros((480, 640, 1), np.uint8)  # it came cut out: no network is asked for a mask
    alpha[100:400, 100:400] = 255
    Image.fromarray(np.concatenate([cells(SHOE), alpha], axis=2)).save(tmp_path / "shoe.png")
    common = ("run", tmp_path / "shoe.png", "-o", tmp_path / "out", "--threads", "1", "--json")
    code, (line,), _ = packshot(*common, "--describe-model", network(), "--precision", "0.99")
    row = json.loads(line)
    assert (code, [node["id"] for node in row["category"]["path"]]) == (0, ["apparel"]), "shoes have 0.982"
    assert (tmp_path / "out" / row["heatmaps"][0]).is_file()
    code, (line,), _ = packshot(*common, "--describe-model", "none")
    assert (code, json.loads(line)["category"]) == (0, None)


def test_wrong_options_are_named(network, photos, packshot, tmp_path):
    common = ("run", photos, "-o", tmp_path / "out", "--jobs", "1")
    code, _, err = packshot(*common, "--describe-model", "dscribe")
    assert (code, "no model is called 'dscribe'" in err) == (2, True)
    for wrong in ("0", "95"):
        code, _, err = packshot(*common, "--describe-model", network(), "--precision", wrong)
        assert (code, "--precision" in err) == (2, True)
    head = network.heads[0].model_copy(update={"thresholds": {"0.9": (0.5, 0.5)}})
    code, _, err = packshot(*common, "--describe-model", network("strict", heads=(head, *network.heads[1:])))
    assert (code, "no thresholds for a precision of 0.95" in err) == (2, True)


def test_by_default_a_run_works_whether_or_not_it_describes(cells):
    settings = Settings(threads=1)
    made = Pipeline(settings=settings)
    made.cutout.segment = within
    result = made.run(cells(SHOE)).raise_for_status()
    assert (result.description is None) == (settings.describe_model == "none")
