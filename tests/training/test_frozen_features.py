"""Features of a network that does not learn are computed once, and change nothing."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from packshot_tests.command import run
from PIL import Image
from torch import Tensor

from packshot.datasets import Split, open_items
from packshot.errors import UsageError
from packshot.training.classification.data import ClassifiedPictures
from packshot.training.classification.heatmaps import watched_photos
from packshot.training.classification.kept_features import KeptFeatures, Shelf
from packshot.training.classification.recipe import ClassificationRecipe
from packshot.training.loop import train
from packshot.training.networks.alexnet_frozen import AlexNetFrozen
from packshot.training.networks.frozen import FrozenParts
from packshot.training.networks.lite_classifier import LiteClassifier
from packshot.training.recipe import Recipe

pytestmark = pytest.mark.train
Recipes = Callable[..., Recipe]


class Counting(AlexNetFrozen):
    """Counts the pictures it is asked about."""

    asked = 0

    def frozen_features(self, image: Tensor) -> Tensor:
        self.asked += len(image)
        return super().frozen_features(image)


@pytest.fixture
def recipe(tiny_classes: Recipes) -> ClassificationRecipe:
    found = tiny_classes(network="alexnet-frozen", size=67, width=4)
    assert isinstance(found, ClassificationRecipe)
    return found


def test_each_picture_and_its_mirror_image_is_asked_once(classes: Path, recipe: ClassificationRecipe) -> None:
    items = open_items(classes, task="classification")[:5]
    network = Counting(classes=2, size=67, width=4)
    network.eval()
    shelf = Shelf(network)
    for epoch in [*range(8), None]:
        pictures = ClassifiedPictures(items, recipe, labels=("green", "red"), multiple=1, epoch=epoch)
        kept = KeptFeatures(pictures, shelf)
        for index in range(len(kept)):
            image, number = pictures[index]
            features, same = kept[index]
            assert number == same
            with torch.no_grad():
                expected = AlexNetFrozen.frozen_features(network, image[None])[0]
            assert torch.allclose(features, expected, atol=1e-6), "the features of this very picture, mirrored or not"
    assert network.asked == 2 * len(items)


def test_only_what_never_changes_is_kept(tiny_classes: Recipes) -> None:
    for changes, kept in (
        ({"network": "alexnet-frozen", "size": 67, "width": 4}, True),
        ({"network": "alexnet-frozen", "size": 67, "width": 4, "augmentation": "strong"}, False),
        ({"network": "efficientnet-lite0", "frozen": True}, True),
        ({"network": "efficientnet-lite0"}, False),
        ({"network": "tiny"}, False),
    ):
        found = tiny_classes(**changes)
        assert isinstance(found, ClassificationRecipe)
        assert found.keeps_features is kept
    with pytest.raises(UsageError, match="frozen: efficientnet-lite0 alone"):
        tiny_classes(network="tiny", frozen=True)


def test_a_lite_network_has_its_published_size_and_frozen_it_moves_in_its_last_layer_alone() -> None:
    whole, frozen = LiteClassifier(classes=2), LiteClassifier(classes=2, frozen=True)
    # EfficientNet-Lite0 has 4,652,008 parameters (its authors' table), 1,281,000 of them in its 1000 classes.
    assert sum(p.numel() for p in whole.parameters()) == 4_652_008 - 1_281_000 + 1280 * 2 + 2
    assert sum(p.numel() for p in frozen.parameters() if p.requires_grad) == 2562
    before = {name: value.clone() for name, value in frozen.features.state_dict().items()}
    frozen.train()
    frozen(torch.rand(2, 3, 32, 32)).sum().backward()
    assert all(torch.equal(value, before[name]) for name, value in frozen.features.state_dict().items())


def test_a_frozen_part_behaves_as_in_serving_from_the_start() -> None:
    class Net(FrozenParts):
        def __init__(self) -> None:
            super().__init__()
            self.body = torch.nn.Sequential(torch.nn.BatchNorm2d(3), torch.nn.Dropout())
            self.head = torch.nn.Dropout()

    net = Net()
    net.freeze_parts(net.body)
    picture = torch.rand(1, 3, 8, 8) + 5
    for _ in range(2):
        # A batch norm that never learnt is the identity but for its epsilon; dropout would have set half to zero.
        assert torch.allclose(net.body(picture), picture, rtol=1e-4)
        assert net.head.training
        net.train()
    assert torch.equal(net.body[0].running_mean, torch.zeros(3))


@pytest.mark.parametrize("augmentation", ["flip", "strong"])  # features kept; features computed each time
def test_a_fit_leaves_frozen_features_as_they_were(
    augmentation: str, classes: Path, tmp_path: Path, tiny_classes: Recipes
) -> None:
    recipe = tiny_classes(network="efficientnet-lite0", frozen=True, weights="none", augmentation=augmentation)
    train(recipe, data=classes, run=tmp_path / "run", threads=1)
    weights = torch.load(tmp_path / "run" / "last.ckpt", weights_only=False)["state_dict"]
    means = [value for name, value in weights.items() if "features" in name and name.endswith("running_mean")]
    assert len(means) == 49, "the batch norms of EfficientNet-Lite0"
    assert all(torch.equal(value, torch.zeros_like(value)) for value in means), "as a batch norm begins"


def test_a_run_leaves_roc_answers_and_shares(classes: Path, tmp_path: Path, recipe: ClassificationRecipe) -> None:
    record = train(recipe, data=classes, run=tmp_path / "run", threads=1)
    assert record.status == "finished"
    assert {"roc_auc", "roc_auc_low", "roc_auc_high"} <= set(record.metrics["validation"])
    assert (tmp_path / "run" / "roc.png").is_file()
    with (tmp_path / "run" / "answers.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert {(row["positive"], row["true"]) for row in rows} == {("red", "0"), ("red", "1")}
    assert all(("red" in Path(row["photo"]).parts) == (row["true"] == "1") for row in rows)


def test_named_photos_are_followed(classes: Path, tmp_path: Path, tiny_classes: Recipes) -> None:
    items = [i for i in open_items(classes, task="classification") if i.split is Split.VALIDATION]
    name = items[-1].photo.name
    assert watched_photos(items, [name], 0) == [i for i in items if i.photo.name == name]
    assert watched_photos(items, [items[-1].photo.stem], 2)[0].photo.name == name
    train(tiny_classes(heatmap_names=(name,)), data=classes, run=tmp_path / "run", threads=1)
    drawn = sorted(each.name for each in (tmp_path / "run" / "heatmaps").glob("*.png"))
    alike = [i for i in items if i.photo.name == name]  # both classes have a photo of this name
    assert drawn == [f"{place:02}-{name}" for place in range(1, len(alike) + 1)]
    done = run("train", "efficientnet-lite0", "--data", classes, "-o", tmp_path / "no", "--set", "weights=none",
               "--set", 'heatmap_names=["gone.png"]', "--set", "workers=0")  # fmt: skip
    assert done.code == 2
    assert "no validation photo is called gone.png" in done.err


def test_maps_are_scored_where_masks_are_known(tmp_path: Path, tiny_classes: Recipes) -> None:
    """A network whose features are the picture's red and green: its map of "red" is the red square, its mask."""
    from packshot.datasets import Item, MaskKind
    from packshot.training.classification.localised import Localised
    from packshot.training.networks.pooled import PooledClassifier
    from packshot.training.prediction import Predictor

    head = torch.nn.Linear(3, 2, bias=False)
    head.weight.data = torch.tensor([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    network = PooledClassifier(features=torch.nn.AvgPool2d(4), head=head, multiple=4)
    module = torch.nn.Module()
    module.network = network
    evaluator = Localised(Predictor(module, tiny_classes(size=32), multiple=4))  # type: ignore[arg-type]
    rgb, mask = np.zeros((32, 32, 3), np.uint8), np.zeros((32, 32), np.uint8)
    rgb[8:24, 4:20, 0], mask[8:24, 4:20] = 255, 255
    Image.fromarray(rgb).save(tmp_path / "photo.png")
    Image.fromarray(mask).save(tmp_path / "mask.png")
    with_mask = Item("s", Split.HOLDOUT, tmp_path / "photo.png", tmp_path / "mask.png", MaskKind.ALPHA, "red")
    evaluator.add(with_mask, rgb, 1)
    evaluator.add(Item("s", Split.HOLDOUT, tmp_path / "photo.png", label="red"), rgb, 1)  # without a mask
    found = evaluator.metrics()
    assert found["localised_photos"] == 1
    assert found["max_box_acc_v2"] == 1.0
    assert found["px_ap"] > 0.97  # but for the blur of the enlarged map
    assert found["px_ap"] > found["centre_px_ap"]
    assert Localised(Predictor(module, tiny_classes(size=32), multiple=4)).metrics() == {}  # type: ignore[arg-type]
