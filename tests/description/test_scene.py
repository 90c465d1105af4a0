"""Several products in a scene, by a network whose answers can be calculated by hand."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from packshot_tests.command import run
from packshot_tests.photos import save

from packshot.description import Describer
from packshot.description.scene import things_in_scene
from packshot.values import Mask

RED = (255, 0, 0)


def scene(height: int = 240, width: int = 320) -> tuple[np.ndarray, np.ndarray]:
    """A red cloth beside a grey one, on white: what is red is a shoe to the network of these tests."""
    rgb = np.full((height, width, 3), 255, np.uint8)
    rgb[60:180, 20:120], rgb[60:180, 200:300] = RED, (90, 90, 90)
    garment = np.zeros((height, width), np.float32)
    garment[60:180, 20:120] = garment[60:180, 200:300] = 1
    return rgb, garment


def test_each_part_is_told_on_its_own_crop_and_has_its_place_in_the_tree(network) -> None:
    rgb, garment = scene()
    (shoe,) = things_in_scene(Describer(network()), rgb, garment)
    assert [choice.label for choice in shoe.path] == ["apparel", "shoes"]
    assert shoe.score >= 0.95
    assert shoe.box.as_tuple() == pytest.approx((20, 60, 120, 180), abs=3)


def test_a_garment_that_nobody_wears_is_one_thing(network) -> None:
    """Its upper and lower half differ in shade, and were two shoes; on a person they may be two garments."""
    rgb = np.full((240, 320, 3), 255, np.uint8)
    rgb[40:120, 80:240], rgb[120:200, 80:240] = RED, (150, 0, 0)
    garment = np.zeros((240, 320), np.float32)
    garment[40:200, 80:240] = 1
    mask = Mask(alpha=garment, uncertainty=0.0, model="drawn")
    (whole,) = things_in_scene(Describer(network()), rgb, garment, mask, garment * 0)
    assert whole.box.as_tuple() == (80, 40, 240, 200)
    worn = things_in_scene(Describer(network()), rgb, garment, mask, garment)
    assert (80, 40, 240, 200) not in [thing.box.as_tuple() for thing in worn]


def test_where_nothing_is_worn_and_no_tag_is_likely_there_is_nothing(network) -> None:
    rgb, garment = scene()
    assert things_in_scene(Describer(network()), np.full_like(rgb, 90), np.zeros_like(garment)) == ()
    assert things_in_scene(Describer(network()), np.full_like(rgb, 90), None) == ()


def test_the_command_lists_them(network, tmp_path) -> None:
    save(tmp_path / "street.png", scene()[0])
    done = run("classify", tmp_path / "street.png", "--model", network(), "--scene", "--json")
    assert done.code == 0, done.err
    assert all({"path", "names", "score", "box"} == set(thing) for thing in done.lines[0]["things"])
    assert "things" not in run("classify", tmp_path / "street.png", "--model", network(), "--json").lines[0]


def line_of(out: Path) -> dict[str, object]:
    (line,) = (out / "manifest.jsonl").read_text().splitlines()
    return json.loads(line)


@pytest.fixture
def street(tmp_path: Path) -> Path:
    return save(tmp_path / "photos" / "street.png", scene()[0])


def test_a_run_writes_them_as_the_command_lists_them(network, street: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run("run", street, "-o", out, "--describe-model", network(), "--scene")
    assert done.code == 0, done.err
    listed = run("classify", street, "--model", network(), "--scene", "--json").lines[0]["things"]
    assert listed, "the red cloth"
    assert line_of(out)["scene"] == [
        {
            "path": [
                {"id": label, "name": name, "score": pytest.approx(step["score"], abs=1e-4)}
                for label, name, step in zip(thing["path"], thing["names"], written["path"], strict=True)
            ],
            "score": pytest.approx(thing["score"], abs=1e-4),
            "box": thing["box"],
        }
        for thing, written in zip(listed, line_of(out)["scene"], strict=True)
    ]
    report = (out / "report.html").read_text()
    assert 'aria-label="In the scene"' in report
    assert report.count("told on its own crop") == 1


def test_a_scene_of_nothing_is_no_scene_that_nobody_looked_at(network, street: Path, tmp_path: Path) -> None:
    save(street, cv2.circle(np.full((240, 320, 3), 255, np.uint8), (160, 120), 70, (90, 90, 90), -1))
    looked, not_looked = tmp_path / "looked", tmp_path / "not"
    assert run("run", street, "-o", looked, "--describe-model", network(), "--scene").code == 0
    assert run("run", street, "-o", not_looked, "--describe-model", network()).code == 0
    assert line_of(looked)["scene"] == []
    assert line_of(not_looked)["scene"] is None
    assert "scene" in line_of(looked)["timings_ms"]
    assert "scene" not in line_of(not_looked)["timings_ms"]
    assert "No product in the scene is told surely" in (looked / "report.html").read_text()
    assert "in the scene" not in (not_looked / "report.html").read_text().lower()


def test_boxes_of_a_scene_are_in_pixels_of_the_photo_with_its_frame(network, tmp_path: Path) -> None:
    from packshot.batch import PhotoProcessing, run_batch
    from packshot.pipeline import Pipeline
    from packshot.settings import Settings
    from packshot.values import Box, Frame

    inside = Box(30, 70, 350, 310)
    framed = np.full((380, 400, 3), 128, np.uint8)
    framed[inside.slices] = scene()[0]
    photo = save(tmp_path / "framed.png", framed)

    def make() -> Pipeline:
        made = Pipeline(settings=Settings(threads=1, describe_model=network(), scene=True))
        made.frame.find = lambda _: Frame(framed=True, score=1.0, inner_box=inside)
        return made

    result = make().run(framed)
    assert result.frame_removed
    run_batch([photo], tmp_path / "out", PhotoProcessing(make))
    boxes = [thing.box.moved(right=30, down=70).as_tuple() for thing in result.scene]
    assert boxes
    assert [tuple(thing["box"]) for thing in line_of(tmp_path / "out")["scene"]] == boxes


def test_adding_the_scene_does_photos_anew_and_leaving_it_out_asks_as_before(network) -> None:
    from packshot.pipeline import Pipeline
    from packshot.settings import Settings

    plain, scened = (
        Pipeline(settings=Settings(threads=1, describe_model=network(), scene=asked)) for asked in (False, True)
    )
    assert plain.cutout_fingerprint != scened.cutout_fingerprint
    assert plain.scene is None
    names = [stage.name for stage in scened.stages]
    assert names[names.index("description") + 1] == "scene"


def test_a_scene_is_told_by_a_network_that_describes(street: Path, tmp_path: Path) -> None:
    done = run("run", street, "-o", tmp_path / "out", "--describe-model", "none", "--scene")
    assert done.code == 2
    assert "describes nothing" in done.err
