"""Several products in a scene, by a network whose answers can be calculated by hand."""

from __future__ import annotations

import numpy as np
import pytest
from packshot_tests.command import run

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
    from PIL import Image

    Image.fromarray(scene()[0]).save(tmp_path / "street.png")
    done = run("classify", tmp_path / "street.png", "--model", network(), "--scene", "--json")
    assert done.code == 0, done.err
    assert all({"path", "names", "score", "box"} == set(thing) for thing in done.lines[0]["things"])
    assert "things" not in run("classify", tmp_path / "street.png", "--model", network(), "--json").lines[0]
