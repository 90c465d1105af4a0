"""A classifier of one's own, from training to serving: what the commands say is what the trained network says."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from packshot_tests.command import run
from packshot_tests.service import client
from PIL import Image

from packshot.catalogue.indexing import describing_network
from packshot.datasets import Item, Split
from packshot.description import Describer
from packshot.errors import UsageError
from packshot.heads import answered_places, with_thresholds
from packshot.runtime import read_card
from packshot.service import ServiceSettings
from packshot.settings import Settings
from packshot.training.classification.exported import calibrated_head
from packshot.training.classification.module import ClassificationModule
from packshot.training.networks.pooled import PooledClassifier
from packshot.training.prediction import Predictor
from packshot.training.registry import load_module
from packshot.training.run_folder import read_recipe
from packshot.values import Rgb

pytestmark = pytest.mark.train
#: The published ones as small as they go; the first has class-activation maps.
NETWORKS = {
    "vgg16-cam": {"width": 4, "size": 32, "epochs": 3},
    "cnn3": {"width": 8, "size": 30, "epochs": 3},
    "vgg16-finetune": {"width": 4, "size": 32, "epochs": 1},
    "alexnet-frozen": {"width": 4, "size": 67, "epochs": 1},
}


@dataclass(frozen=True)
class Trained:
    """A trained network's run folder, exported file, data, and its answer to a photo as torch gives it."""

    run: Path
    model: Path
    data: Path

    @cached_property
    def module(self) -> ClassificationModule:
        module = load_module(self.run / "best.ckpt", read_recipe(self.run))
        assert isinstance(module, ClassificationModule)
        return module

    def answer(self, rgb: Rgb) -> NDArray[np.float32]:
        module = self.module
        return Predictor(module, module.recipe, multiple=module.multiple).answers(rgb)[0]


def square(channel: int, seed: int) -> Rgb:
    """A red, green or blue square somewhere on noise."""
    random = np.random.default_rng(1000 * channel + seed)
    photo = random.integers(0, 120, (48, 48, 3)).astype(np.uint8)
    x, y = random.integers(0, 24, 2)
    photo[y : y + 24, x : x + 24, channel] = 230
    return photo


def table(data: Path) -> str:
    """All photos, of which the label says nothing, the column colour all."""
    rows = [(photo, "validation" if at % 6 == 0 else "train") for at, photo in enumerate(sorted(data.rglob("*.png")))]
    return "\n".join(["path,label,colour,split", *(f"{p},shape,{p.parent.name},{split}" for p, split in rows)])


def trained(root: Path, network: str) -> Trained:
    for channel, name in enumerate(("red", "green")):
        (root / "data" / name).mkdir(parents=True)
        for index in range(24):
            Image.fromarray(square(channel, index)).save(root / "data" / name / f"{index:02}.png")
    (root / "list.csv").write_text(table(root / "data"))
    values = {"name": network, "task": "classification", "network": network, "batch": 8, "workers": 0}
    values |= {"learning_rate": 0.003, "attribute": "colour", **NETWORKS[network]}
    (root / "recipe.toml").write_text("\n".join(f"{key} = {json.dumps(value)}" for key, value in values.items()))
    torch.set_num_threads(1)
    assert run("train", root / "recipe.toml", "--data", root / "list.csv", "-o", root / "run").code == 0
    assert run("export", root / "run", "-o", root / "mine.onnx", "--data", root / "list.csv").code == 0
    return Trained(root / "run", root / "mine.onnx", root / "data")


@pytest.fixture(scope="module")
def pooled(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return trained(tmp_path_factory.mktemp("pooled"), "vgg16-cam")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return trained(tmp_path_factory.mktemp("plain"), "cnn3")


@pytest.fixture(params=["pooled", "plain"])
def either(request: pytest.FixtureRequest) -> Trained:
    found: Trained = request.getfixturevalue(request.param)
    return found


def test_classify_says_what_the_checkpoint_says(either: Trained) -> None:
    photos = [either.data / "red" / "03.png", either.data / "green" / "05.png"]
    done = run("classify", *photos, "--model", either.model, "--json")
    assert done.code == 0, done.err
    for photo, row in zip(photos, done.lines, strict=True):
        expected = dict(zip(either.module.labels, either.answer(np.asarray(Image.open(photo))), strict=True))
        assert row["head"] == "colour"
        assert {each["label"]: each["score"] for each in row["top"]} == pytest.approx(expected, abs=0.01)
        assert row["top"][0]["label"] == max(expected, key=lambda label: expected[label])


@pytest.mark.parametrize("network", ["vgg16-finetune", "alexnet-frozen"])
def test_the_other_published_ones_are_served_too(network: str, tmp_path: Path) -> None:
    test_classify_says_what_the_checkpoint_says(trained(tmp_path, network))


def test_classes_that_are_categories_are_scored_as_such(pooled: Trained, tmp_path: Path) -> None:
    (tmp_path / "mine.onnx").write_bytes(pooled.model.read_bytes())
    card = json.loads(pooled.model.with_suffix(".json").read_text())
    card["heads"][0]["name"] = "category"  # as with --set attribute=category
    (tmp_path / "mine.json").write_text(json.dumps(card))
    options = ("--data", pooled.data, "--split", "train", "--model", tmp_path / "mine.onnx")
    done = run("evaluate", "category", *options, "--json")
    assert done.code == 0, done.err
    assert done.lines[0]["photos"] > 0
    (pooled.data / "red").rename(pooled.data / "mauve")
    refused = run("evaluate", "category", *options)
    (pooled.data / "mauve").rename(pooled.data / "red")
    assert refused.code == 2
    assert "not in the tree of mine@" in refused.err
    assert "'mauve'" in refused.err


def test_the_page_says_what_the_command_says(pooled: Trained) -> None:
    photo = pooled.data / "green" / "05.png"
    row = run("classify", photo, "--model", pooled.model, "--json").lines[0]
    with client(ServiceSettings(classifier=pooled.model)) as api:
        kept = api.post("/v1/photos", files={"file": photo.read_bytes()}).json()["id"]
        said = api.get(f"/v1/photos/{kept}/answer").json()["answers"]
        assert [(each["label"], each["probability"]) for each in said] == [
            (each["label"], pytest.approx(each["score"], abs=1e-4)) for each in row["top"]
        ]
        assert api.get(f"/v1/photos/{kept}/heatmap", params={"label": "green"}).status_code == 200


def test_evaluate_counts_what_the_checkpoint_gets_right(either: Trained, tmp_path: Path) -> None:
    rows = table(either.data).replace(",train", ",validation")
    (tmp_path / "list.csv").write_text(rows)
    options = ("--data", tmp_path / "list.csv", "--split", "validation", "--model", either.model)
    done = run("evaluate", "attribute", *options, "-o", tmp_path / "out", "--json")
    assert done.code == 0, done.err
    photos = [(p, np.asarray(Image.open(p))) for p in sorted(either.data.rglob("*.png"))]
    right = [either.module.labels[int(either.answer(rgb).argmax())] == p.parent.name for p, rgb in photos]
    assert done.lines[0]["accuracy"]["value"] == pytest.approx(np.mean(right))
    (tmp_path / "list.csv").write_text(rows.replace("red,valid", "green,valid"))  # so that some are wrong
    assert run("evaluate", "attribute", *options, "-o", tmp_path / "wrong").code == 0
    page = (tmp_path / "wrong" / "report.html").read_text()
    assert "The worst mistakes" in page
    assert (">Heatmap<" in page) == isinstance(either.module.network, PooledClassifier)
    refused = run("evaluate", "category", *options)
    assert refused.code == 2
    assert "has no head 'category'; its heads: colour" in refused.err
    (tmp_path / "list.csv").write_text(rows.replace(",shape,red,", ",shape,mauve,"))
    refused = run("evaluate", "attribute", *options)
    assert refused.code == 2
    assert "does not know: 'mauve'; it knows green, red" in refused.err.replace(": it knows", "; it knows")


def test_run_keeps_the_answer_as_an_attribute(either: Trained, tmp_path: Path) -> None:
    photo = either.data / "red" / "03.png"
    done = run("run", photo, "--describe-model", either.model, "-o", tmp_path / "out")
    assert done.code == 0, done.err
    (row,) = map(json.loads, (tmp_path / "out" / "manifest.jsonl").read_text().splitlines())
    assert list(row["attributes"]) == ["colour"]
    assert (row["embedding"] is not None) == isinstance(either.module.network, PooledClassifier)


def test_a_pooled_classifier_shows_where_and_its_map_is_the_logit(pooled: Trained, tmp_path: Path) -> None:
    photo = pooled.data / "red" / "03.png"
    done = run("explain", photo, "--model", pooled.model, "--method", "cam", "--quick", "-o", tmp_path, "--json")
    assert done.code == 0, done.err
    assert done.lines[0]["head"] == "colour"
    assert (tmp_path / "03.cam.png").is_file()
    # Zhou et al. 2016: the mean of a class's map and its bias are its logit.
    network = Describer(str(pooled.model)).network
    outputs = network.outputs(network.prepare(np.asarray(Image.open(photo))))
    mean = np.einsum("lc,chw->l", outputs["weights"], outputs["features"][0]) / outputs["features"][0, 0].size
    bias = pooled.module.network.head.bias
    assert isinstance(bias, torch.Tensor)
    assert outputs["logits"][0] - mean == pytest.approx(bias.detach().numpy(), abs=0.01)
    assert np.linalg.norm(Describer(str(pooled.model)).embed(square(0, 99))) == pytest.approx(1, abs=1e-4)


def test_what_needs_maps_or_an_embedding_refuses_a_classifier_without(plain: Trained, tmp_path: Path) -> None:
    photo = plain.data / "red" / "03.png"
    refused = run("explain", photo, "--model", plain.model, "--method", "cam", "-o", tmp_path / "why")
    assert refused.code == 2
    assert "gives no class-activation map of colour: take a method that needs none" in refused.err
    done = run("explain", photo, "--model", plain.model, "--method", "occlusion", "--quick", "-o", tmp_path / "why")
    assert done.code == 0, done.err
    with pytest.raises(UsageError, match="probabilities alone, no embedding"):
        describing_network(Settings(describe_model=str(plain.model)))
    said = run("classify", photo, "--model", plain.model, "--heatmaps", tmp_path / "seen", "--precision", 0.5)
    assert "no heatmap: mine@" in said.out


def test_an_older_card_without_a_head_is_read_by_its_labels(plain: Trained, tmp_path: Path) -> None:
    (tmp_path / "old.onnx").write_bytes(plain.model.read_bytes())
    card = json.loads(plain.model.with_suffix(".json").read_text())
    del card["heads"]
    (tmp_path / "old.json").write_text(json.dumps(card))
    photo = plain.data / "red" / "03.png"
    row = run("classify", photo, "--model", tmp_path / "old.onnx", "--json").lines[0]
    assert row["head"] == "label"
    assert row["top"] == run("classify", photo, "--model", plain.model, "--json").lines[0]["top"]
    (tmp_path / "old.json").write_text(json.dumps(card | {"labels": ["red", "green", "blue"]}))
    refused = run("classify", photo, "--model", tmp_path / "old.onnx")
    assert refused.code != 0
    assert "a probability for each of the 3 labels in its card, got (1, 2)" in refused.err
    (tmp_path / "old.json").write_text(json.dumps(card | {"opset": 99}))
    refused = run("classify", photo, "--model", tmp_path / "old.onnx")
    assert refused.code != 0
    assert "not a valid model card (opset: " in refused.err
    (tmp_path / "old.json").write_text(json.dumps(card | {"output": {"name": "logits"}}))
    assert "expected probabilities that add up to 1" in run("classify", photo, "--model", tmp_path / "old.onnx").err


def test_with_enough_photos_answers_are_as_often_right_as_was_asked(plain: Trained, tmp_path: Path) -> None:
    items, seen = [], []
    for index in range(60):
        label, photo = ("red", "green")[index % 2], tmp_path / f"{index}.png"
        shown = index % 2 if index % 6 else 1 - index % 2  # every sixth is labelled wrong: 5 in 6 are right
        seen.append(square(shown, 500 + index))
        Image.fromarray(seen[-1]).save(photo)
        items.append(Item("own", Split.VALIDATION, photo, label=label))
    head = calibrated_head(plain.module, items, side=30)
    assert not calibrated_head(plain.module, items[:49], side=30).thresholds, "too few to calibrate on"
    assert read_card(plain.model.with_suffix(".json")).heads[0].temperature == 1
    held = []
    for item, rgb in zip(items, seen, strict=True):
        chances = plain.answer(rgb) ** (1 / head.temperature)
        places = answered_places(with_thresholds(head, precision=0.8), chances / chances.sum(), precision=0.8)
        held += [head.labels[place] == item.label for place in places]
    assert len(held) >= 50
    assert np.mean(held) >= 0.8
