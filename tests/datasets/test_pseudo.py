"""Masks of an earlier network: taken for what is unlabelled and certain, and asked about noisy labels."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from packshot.datasets import Split, disagreeing, open_items, pseudo_items
from packshot.errors import UsageError


@pytest.fixture
def masks(shop: Path, tmp_path: Path) -> Path:
    """A network's masks of the shop's photos, and of four more in photos/: 20 clear, 21 clear, 22 hazy, 23 empty."""
    shutil.copytree(shop / "masks", tmp_path / "made")
    shutil.copytree(shop / "images", tmp_path / "photos")
    box = np.zeros((48, 40), np.uint8)
    box[10:40, 10:30] = 255
    for number, mask in ((20, box), (21, box), (22, box // 2), (23, box * 0)):
        shutil.copy(shop / "images" / "00.png", tmp_path / "photos" / f"{number}.png")
        Image.fromarray(mask).save(tmp_path / "made" / f"{number}.png")
    return tmp_path / "made"


def log(path: Path, **uncertainty: float) -> Path:
    rows = [
        {"source": f"x/{n[1:]}.png", "output": f"made/{n[1:]}.png", "uncertainty": u} for n, u in uncertainty.items()
    ]
    rows.append({"source": "x/30.png", "output": None, "uncertainty": None, "error": {"code": "DamagedPhoto"}})
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_certain_masks_of_unlabelled_photos_become_training_items(masks: Path, tmp_path: Path) -> None:
    items = pseudo_items(tmp_path / "photos", masks, labelled=open_items_of(tmp_path))
    assert [item.photo.stem for item in items] == ["20", "21"]
    assert {item.split for item in items} == {Split.TRAIN}
    assert items[0].alpha().mean() == pytest.approx(600 / 1920)


def open_items_of(tmp_path: Path) -> list[Any]:
    """The labelled items, as if their photos lay among the photos."""
    folder = tmp_path / "labelled"
    folder.mkdir()
    (folder / "images").mkdir()
    shutil.copytree(tmp_path / "shop" / "masks", folder / "masks")
    for photo in (tmp_path / "shop" / "images").iterdir():
        (folder / "images" / photo.name).symlink_to(tmp_path / "photos" / photo.name)
    return open_items(folder, task="segmentation")


def test_the_log_says_which_are_certain(masks: Path, tmp_path: Path) -> None:
    labelled = open_items_of(tmp_path)

    def stems(**options: Any) -> list[str]:
        return [i.photo.stem for i in pseudo_items(tmp_path / "photos", masks, labelled=labelled, **options)]

    told = log(tmp_path / "masks.jsonl", _20=0.02, _21=0.2, _22=0.2)
    assert stems(log=told) == ["20"]
    assert stems(log=told, max_uncertainty=0.3) == ["20", "21"]
    assert stems(log=told, max_uncertainty=0.3, max_uncertain=1.0) == ["20", "21", "22"]
    with pytest.raises(UsageError, match="none of 4 masks is certain enough"):
        stems(log=told, max_uncertainty=0.01)


def test_no_mask_of_an_unlabelled_photo(shop: Path, tmp_path: Path) -> None:
    labelled = open_items(shop, task="segmentation")
    with pytest.raises(UsageError, match="no mask of an unlabelled photo"):
        pseudo_items(shop / "images", shop / "masks", labelled=labelled)
    with pytest.raises(UsageError, match="no mask of an unlabelled photo"):
        pseudo_items(tmp_path / "nowhere", tmp_path / "nothing", labelled=[])


@pytest.mark.parametrize("content", ["{", "[]\n", '{"output": "a.png"}\n', '{"output": "a.png", "uncertainty": "?"}\n'])
def test_a_log_of_something_else(shop: Path, tmp_path: Path, content: str) -> None:
    (tmp_path / "masks.jsonl").write_text(content)
    with pytest.raises(UsageError, match=r"masks\.jsonl: not what"):
        pseudo_items(shop / "images", shop / "masks", labelled=[], log=tmp_path / "masks.jsonl")


def test_labels_that_a_network_contradicts_are_listed(shop: Path, tmp_path: Path) -> None:
    """04: the label's box is 26 x 25 pixels; its right half alone is an IoU of 12 / 25."""
    shutil.copytree(shop / "masks", tmp_path / "made")
    for name in ("01", "04"):  # 01 is validation: never left out by a network's opinion
        opinion = np.asarray(Image.open(shop / "masks" / f"{name}.png")).copy()
        opinion[:, :18] = 0
        Image.fromarray(opinion).save(tmp_path / "made" / f"{name}.png")
    items = open_items(shop, task="segmentation")
    assert disagreeing(items, tmp_path / "made", below=0.5) == {"04"}
    assert disagreeing(items, tmp_path / "made", below=0.45) == set()
    Image.fromarray(np.zeros((5, 5), np.uint8)).save(tmp_path / "made" / "04.png")
    with pytest.raises(UsageError, match=r"04\.png: 5 x 5 pixels, its photo .* has 40 x 48"):
        disagreeing(items, tmp_path / "made", below=0.5)
