"""What goes wrong with classifiers of one's own: each is told in words, and names the way out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from packshot_tests.command import Done, run
from PIL import Image

from packshot.training.loop import train
from packshot.training.networks.vgg16 import Vgg16Cam
from packshot.training.recipe import Recipe

pytestmark = pytest.mark.train


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with photos of two classes, run/ and mine.onnx with its card."""
    root = tmp_path_factory.mktemp("exported")
    for channel, name in enumerate(("red", "green")):
        (root / "data" / name).mkdir(parents=True)
        for index in range(12):
            photo = Image.new("RGB", (40, 40), (0, 0, 40 + index))
            photo.paste(tuple(220 if at == channel else 20 for at in range(3)), (8, 8, 32, 32))
            photo.save(root / "data" / name / f"{index:02}.png")
    done = run("train", "efficientnet-lite0", "--data", root / "data", "-o", root / "run", *small())
    assert done.code == 0, done.err
    assert run("export", root / "run", "-o", root / "mine.onnx", "--data", root / "data").code == 0
    return root


def small(**changes: object) -> list[str]:
    values = {"network": "tiny", "weights": "none", "size": 32, "width": 4, "epochs": 1, "workers": 0, "batch": 8}
    values |= {"heatmap_photos": 0, **changes}
    return [part for key, value in values.items() for part in ("--set", f"{key}={json.dumps(value)}")]


def says(done: Done, code: int, *words: str) -> None:
    assert done.code == code, done.err
    assert all(word in done.err for word in words), done.err
    assert "Traceback" not in done.err


def with_card(exported: Path, to: Path, **changes: object) -> Path:
    """The exported network with other fields in its card."""
    (to / "other.onnx").write_bytes((exported / "mine.onnx").read_bytes())
    card = json.loads((exported / "mine.json").read_text())
    (to / "other.json").write_text(json.dumps({**card, **changes}))
    return to / "other.onnx"


def test_a_card_of_a_newer_version_says_upgrade(exported: Path, tmp_path: Path) -> None:
    model = with_card(exported, tmp_path, invented_later=1)
    done = run("classify", exported / "data" / "red" / "00.png", "--model", model)
    says(done, 2, "invented_later", "upgrade packshot")


def test_a_classifier_of_an_older_version_without_a_head_still_answers(exported: Path, tmp_path: Path) -> None:
    model = with_card(exported, tmp_path, heads=[])
    done = run("classify", exported / "data" / "red" / "00.png", "--model", model, "--json")
    assert done.code == 0, done.err
    assert done.lines[0]["top"][0]["label"] in {"red", "green"}


def test_a_card_of_another_file_is_refused(exported: Path, tmp_path: Path) -> None:
    model = with_card(exported, tmp_path, sha256="0" * 64)
    says(run("classify", exported / "data" / "red" / "00.png", "--model", model), 2, "other.onnx")


def test_labels_that_the_network_does_not_know_are_named(exported: Path, tmp_path: Path) -> None:
    table = tmp_path / "list.csv"
    photo = exported / "data" / "red" / "00.png"
    table.write_text(f"path,label,split\n{photo},purple,holdout\n")
    done = run("evaluate", "attribute", "--data", table, "--model", exported / "mine.onnx")
    says(done, 2, "purple", "it knows green, red")


def test_labels_that_the_tree_does_not_know_are_named(exported: Path, tmp_path: Path) -> None:
    table = tmp_path / "list.csv"
    table.write_text(f"path,label,split\n{exported / 'data' / 'red' / '00.png'},flying carpet,holdout\n")
    says(run("evaluate", "category", "--data", table), 2, "flying carpet")


def test_weights_of_another_architecture_are_refused_and_the_first_missing_tensor_is_named(
    exported: Path, tmp_path: Path
) -> None:
    torch.save(Vgg16Cam(classes=2, width=4).state_dict(), tmp_path / "vgg.pth")
    options = small(network="efficientnet-lite0", weights=str(tmp_path / "vgg.pth"), width=32)
    done = run("train", "efficientnet-lite0", "--data", exported / "data", "-o", tmp_path / "run", *options)
    says(done, 2, "tensors are missing", "features.")


def test_another_architecture_in_a_run_folder_is_refused(exported: Path) -> None:
    done = run("train", "efficientnet-lite0", "--data", exported / "data", "-o", exported / "run", *small(width=8))
    says(done, 2, "another architecture", "width 4 there, 8 asked for", "choose another folder")


def test_a_run_cut_short_goes_on_and_a_checkpoint_cut_short_is_named(
    classes: Path, tmp_path: Path, tiny_classes: Callable[..., Recipe]
) -> None:
    train(tiny_classes(epochs=1), data=classes, run=tmp_path / "run", threads=1)
    record = json.loads((tmp_path / "run" / "run.json").read_text())
    (tmp_path / "run" / "run.json").write_text(json.dumps({**record, "status": "running", "finished": None}))
    went_on = train(tiny_classes(epochs=2), data=classes, run=tmp_path / "run", threads=1)
    assert (went_on.status, went_on.epochs_done) == ("finished", 2)
    whole = (tmp_path / "run" / "best.ckpt").read_bytes()
    (tmp_path / "run" / "best.ckpt").write_bytes(whole[: len(whole) // 2])
    done = run("export", tmp_path / "run", "-o", tmp_path / "m.onnx", "--data", classes)
    says(done, 2, "best.ckpt: not a checkpoint of tiny, or damaged")
    assert not (tmp_path / "m.onnx").exists()


def test_an_onnx_file_cut_short_is_named(exported: Path, tmp_path: Path) -> None:
    model = with_card(exported, tmp_path, sha256=None)
    model.write_bytes(model.read_bytes()[:1000])
    says(run("classify", exported / "data" / "red" / "00.png", "--model", model), 2, "other.onnx")
