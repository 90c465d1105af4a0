"""What the cut-out network is shown: targets with weights, random views, scenes, teacher's tables."""

from __future__ import annotations

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage import data as skimage_data

from packshot.datasets import KINDS_KEPT_OUT, Item, MaskKind, Split, render_items, taught_items
from packshot.errors import UsageError
from packshot.training.cutout.geometry import random_map, warp
from packshot.training.cutout.scene import Scenes
from packshot.training.cutout.shapes import shape_of, shapes_for
from packshot.training.cutout.target import ONCE, Target, read_target, sure_layer
from packshot.training.data.backgrounds import Backgrounds

pytestmark = pytest.mark.train


def write(path: Path, pixels: np.ndarray) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), pixels)
    return path


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return write(tmp_path / "cup" / "image_0003.jpg", np.full((60, 80, 3), 120, np.uint8))


def test_a_teachers_doubt_and_its_outline_teach_nothing(photo: Path, tmp_path: Path) -> None:
    grey = np.zeros((60, 80), np.uint8)
    grey[:, 20:60] = 255
    grey[10:20, 30:40] = 128  # undecided
    mask = write(tmp_path / "mask.png", grey)
    item = Item("objects", Split.TRAIN, photo, mask, MaskKind.TEACHER, label="cup", published=True)
    target = read_target(item, item.rgb())
    assert set(np.unique(target.values[..., 0])) == {0, 255}
    assert target.weights[15, 35, 0] == 0
    assert target.weights[40, 40, 0] == target.weights[40, 5, 0] == ONCE
    assert not target.weights[40, 18:22, 0].any()  # two pixels on each side of the line between 19 and 20
    # The cup is no person; of what is behind it nothing is known.
    assert target.weights[40, 40, 1] == ONCE
    assert target.values[40, 40, 1] == 0
    assert target.weights[40, 5, 1] == 0


def test_an_outline_drawn_by_hand_teaches_the_background_too_but_not_along_the_line(
    photo: Path, tmp_path: Path
) -> None:
    mask = np.zeros((60, 80), np.uint8)
    mask[:, 20:60] = 255
    path = write(tmp_path / "mask.png", mask)
    item = Item("outlined", Split.TRAIN, photo, path, MaskKind.OUTLINED, label="furniture/bed", published=True)
    target = read_target(item, item.rgb())
    assert target.weights[40, 40, 0] == target.weights[40, 5, 0] == ONCE
    assert not target.weights[40, 18:22, 0].any()
    assert (target.values[40, 40, 0], target.values[40, 5, 0]) == (255, 0)
    assert (target.weights[40, 40, 1], target.values[40, 40, 1]) == (ONCE, 0)  # a bed is no person
    assert target.weights[40, 5, 1] == 0


def test_street_labels_give_person_garment_and_skin(tmp_path: Path) -> None:
    names = ["null", "bag", "dress", "hair", "skin", "ring"]
    labels = np.zeros((10, 60), np.uint8)
    for number in range(6):
        labels[:, 10 * number : 10 * number + 10] = number
    (tmp_path / "classes.txt").write_text("\n".join(names))
    mask = write(tmp_path / "labels" / "0003.png", labels)
    photo = write(tmp_path / "photos" / "0003.jpg", np.full((10, 60, 3), 90, np.uint8))
    item = Item("ccp", Split.TRAIN, photo, mask, MaskKind.LABELS, published=True)
    values = read_target(item, item.rgb()).values[5, 5::10] // 255
    #                                        null bag dress hair skin ring
    assert values[:, 0].tolist() == [0, 1, 1, 1, 1, 1]  # subject
    assert values[:, 1].tolist() == [0, 0, 1, 1, 1, 1]  # person
    assert values[:, 2].tolist() == [0, 0, 1, 0, 0, 0]  # garment
    assert values[:, 3].tolist() == [0, 0, 0, 1, 1, 0]  # skin and hair


def test_a_cut_out_brings_nothing_of_its_old_background(photo: Path, tmp_path: Path) -> None:
    grey = np.zeros((60, 80), np.uint8)
    grey[10:50, 20:60] = 255
    item = Item("objects", Split.TRAIN, photo, write(tmp_path / "mask.png", grey), MaskKind.TEACHER)
    layer = sure_layer(item, item.alpha())
    assert not layer[grey == 0].any()
    assert layer[30, 40] == 1


@pytest.mark.parametrize("seed", range(20))
def test_picture_and_target_move_together(seed: int) -> None:
    """A photo that is its own mask must stay its own mask in every view."""
    rng = np.random.default_rng(seed)
    alpha = np.zeros((90, 120), np.uint8)
    cv2.ellipse(alpha, (60, 45), (40, 25), 30, 0, 360, 255, -1)
    target = Target(np.repeat(alpha[..., None], 4, axis=2), np.full((90, 120, 4), ONCE, np.uint8))
    rgb = np.repeat(alpha[..., None], 3, axis=2)
    moved, there = warp(rgb, target, random_map(rng, (90, 120), (64, 96)), (64, 96))
    assert moved.shape == (64, 96, 3)
    assert np.abs(moved[..., 0].astype(int) - there.values[..., 0]).max() <= 1
    assert set(np.unique(there.weights)) <= {0, ONCE}


@pytest.mark.parametrize("seed", range(30))
def test_a_scene_is_what_its_alpha_says(seed: int, tmp_path: Path) -> None:
    """Of a pure red product: where alpha is 1 nothing else shows, where it is 0 nothing of it does."""
    rgba = np.zeros((80, 60, 4), np.uint8)
    cv2.circle(rgba, (30, 40), 25, (0, 0, 255, 255), -1)
    file = write(tmp_path / "red.png", rgba)
    item = Item("renders", Split.TRAIN, file, file, MaskKind.ALPHA, label="red", published=True)
    scenes = Scenes([item], Backgrounds(rooms=[], streets=[], scenes=[]))
    rng = np.random.default_rng(seed)
    rgb, target = scenes.draw(rng, (96, 128))
    assert rgb.shape == (96, 128, 3)
    assert target.values.shape == target.weights.shape == (96, 128, 4)
    assert target.alpha.max() > 0
    assert not target.values[..., 1:].any()  # neither person nor garment nor skin
    assert target.weights[..., 0].min() == ONCE
    assert target.weights[..., 0].max() > 200  # along the edge


def test_shapes_keep_the_area() -> None:
    for size in (192, 256, 352):
        for height, width in shapes_for(size):
            assert height % 32 == width % 32 == 0
            assert height * width == pytest.approx(size * size, rel=0.07)
    assert [shape_of(s) for s in ((300, 300, 3), (300, 400, 3), (400, 300, 3))] == ["square", "landscape", "portrait"]


# --- teacher's tables ------------------------------------------------------------------------------------------------


def table(folder: Path, rows: list[tuple[str, float, float, float]]) -> Path:
    for image, *_ in rows:
        write(folder / image, np.zeros((8, 8, 3), np.uint8))
    with (folder / "masks.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["image", "mask", "area", "agreement", "undecided"])
        writer.writerows([image, f"masks/{number}.png", *figures] for number, (image, *figures) in enumerate(rows))
    return folder / "masks.csv"


def test_only_trusted_masks_teach_and_some_kinds_never_do(tmp_path: Path) -> None:
    kept_out = sorted(KINDS_KEPT_OUT)[0]
    rows = [
        ("cup/image_0001.jpg", 0.3, 0.95, 0.1),
        ("cup/image_0002.jpg", 0.3, 0.90, 0.1),  # the two looks disagree
        ("cup/image_0003.jpg", 0.3, 0.95, 0.3),  # undecided
        ("cup/image_0010.jpg", 0.3, 0.95, 0.1),  # every tenth validates
        (f"{kept_out}/image_0001.jpg", 0.3, 0.95, 0.1),
        ("clothing/images/abc.jpg", 0.3, 0.95, 0.1),
    ]
    items = taught_items(table(tmp_path, rows))
    found = [(item.source, item.photo.stem, str(item.split)) for item in items]
    assert found == [
        ("objects", "image_0001", "train"),
        ("objects", "image_0010", "validation"),
        ("objects", "image_0001", "validation"),
        ("clothing", "abc", "train"),
    ]


def test_what_a_mask_must_reach_is_the_recipes_to_say_and_photos_may_lie_elsewhere(tmp_path: Path) -> None:
    rows = [("cup/image_0001.jpg", 0.3, 0.85, 0.3), ("cup/image_0002.jpg", 0.3, 0.75, 0.3)]
    made = table(tmp_path / "photos", rows)
    moved = made.rename(tmp_path / "masks.csv")
    items = taught_items(moved, [tmp_path / "none", tmp_path / "photos"], agreement=0.8, undecided=0.4)
    assert [item.photo for item in items] == [tmp_path / "photos" / "cup" / "image_0001.jpg"]


def test_at_most_sixty_of_a_kind(tmp_path: Path) -> None:
    rows = [(f"cup/image_{number:04}.jpg", 0.3, 0.95, 0.1) for number in range(1, 81)]
    items = taught_items(table(tmp_path, rows))
    assert sum(item.split is Split.TRAIN for item in items) == 60


def test_a_table_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "masks.csv").write_text("a,b\n1,2\n")
    with pytest.raises(UsageError, match=r"teach\.py"):
        taught_items(tmp_path / "masks.csv")
    with pytest.raises(UsageError, match=r"render\.py"):
        render_items(tmp_path / "masks.csv")


def test_backgrounds_have_the_shape_asked_for() -> None:
    coffee = skimage_data.coffee()
    backgrounds = Backgrounds(rooms=[], streets=[], scenes=[])
    rng = np.random.default_rng(3)
    for _ in range(20):
        background = backgrounds.draw(rng, (64, 96))
        assert background.rgb.shape == (64, 96, 3)
        assert background.person is None
    assert coffee.ndim == 3
