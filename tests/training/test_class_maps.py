"""Class-activation maps of a training: the matrix product, and a figure that grows with the run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from packshot_tests.recipes import ClassRecipes
from PIL import Image
from torch import nn

from packshot.datasets import Split
from packshot.explanation import activation_maps
from packshot.training.classification.data import ClassifiedPictures
from packshot.training.loop import train
from packshot.training.networks.pooled import PooledClassifier
from packshot.training.registry import items_for, load_module

pytestmark = pytest.mark.train


def test_a_class_activation_map_is_the_matrix_product() -> None:
    """By hand: two channels of 2 x 2, three classes."""
    network = PooledClassifier(features=nn.Identity(), head=nn.Linear(2, 3), multiple=1)
    weights = np.array([[1.0, 0.0], [2.0, -1.0], [0.5, 0.5]])
    with torch.no_grad():
        network.head.weight.copy_(torch.tensor(weights))
        network.head.bias.copy_(torch.tensor([0.0, 1.0, -1.0]))
    features = np.array([[1.0, 2.0, 3.0, 4.0], [0.0, 4.0, 8.0, 0.0]])  # a row each channel
    maps = activation_maps(weights.astype(np.float32), features.astype(np.float32).reshape(2, 2, 2))
    assert maps.reshape(3, 4).tolist() == (weights @ features).tolist()
    assert maps[1].tolist() == [[2, 0], [-2, 8]]
    logits = network(torch.tensor(features, dtype=torch.float32).reshape(1, 2, 2, 2))
    assert logits[0].tolist() == [2.5, 2 * 2.5 - 3 + 1, 0.5 * 2.5 + 0.5 * 3 - 1]


def test_heatmaps_appear_each_epoch_and_survive_a_resume(
    classes: Path, tmp_path: Path, tiny_classes: ClassRecipes
) -> None:
    settings = {"heatmap_photos": 2, "augmentation": "none"}
    train(tiny_classes(epochs=2, **settings), data=classes, run=tmp_path / "whole", threads=1)
    run = tmp_path / "run"
    train(tiny_classes(epochs=1, **settings), data=classes, run=run, threads=1)
    first = {path.name: path.read_bytes() for path in (run / "heatmaps").glob("*.png")}
    train(tiny_classes(epochs=2, **settings), data=classes, run=run, threads=1)
    pictures = sorted((run / "heatmaps").glob("*.png"))
    assert len(pictures) == 2
    assert {path.name for path in pictures} == set(first)
    for path in pictures:
        assert path.read_bytes() == (tmp_path / "whole" / "heatmaps" / path.name).read_bytes()
        with Image.open(path) as now:
            assert now.width > 300
            assert np.asarray(now.convert("L")).std() > 5
        assert path.read_bytes() != first[path.name]

    checkpoint = torch.load(run / "last.ckpt", weights_only=True)
    (seen,) = [state["seen"] for name, state in checkpoint["callbacks"].items() if name.startswith("Heatmaps")]
    assert sorted(seen) == [1, 2]
    recipe = tiny_classes(epochs=2, **settings)
    network = load_module(run / "last.ckpt", recipe).network
    assert isinstance(network, PooledClassifier)
    validation = [i for i in items_for(recipe, classes) if i.split is Split.VALIDATION]
    image, number = ClassifiedPictures(validation, recipe, labels=("green", "red"), multiple=1)[0]
    with torch.inference_mode():
        features, logits = network.features(image[None]), network(image[None])
    weights = network.head.weight.detach().numpy()
    maps = activation_maps(weights - weights.mean(axis=0), features[0].numpy())  # more than for the average class
    look = seen[2][0]
    assert torch.allclose(look["true"].float(), torch.from_numpy(maps[number]), atol=0.01)
    assert look["number"] == int(logits.argmax())
    assert look["scores"][0] == pytest.approx(float(logits.softmax(dim=1)[0, number]), abs=1e-5)
