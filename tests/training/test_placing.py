"""Learning where tags are, on features whose places are known."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from packshot.datasets import Described, Split
from packshot.datasets.items import MaskKind
from packshot.explanation import POSITIONS, place_maps, position_basis
from packshot.heads import Head
from packshot.training.describe.places import PlaceSamples, _Basis, fit_places, place_samples
from packshot.training.networks.describe_net import DescribeNet
from packshot.training.networks.places_head import PlacedNet

pytestmark = pytest.mark.train

CHANNELS, FINER, SIDE = 6, 4, 8
GREY = np.full((64, 64, 3), 128, np.uint8)


def drawn(count: int = 300, *, seed: int = 0) -> tuple[PlaceSamples, np.ndarray]:
    """Photos of one to three things, in quarters, and skin in one; what is where is kept from the fit."""
    rng = np.random.default_rng(seed)
    half = SIDE // 2
    truth = np.zeros((count, SIDE, SIDE), int)  # 0 is skin, which is in every photo
    for photo in range(count):
        quarters = rng.permutation([0, *rng.integers(1, 4, 3)]).reshape(2, 2)
        truth[photo] = np.kron(quarters, np.ones((half, half), int))
    tags = np.stack([(truth == tag).any((1, 2)) for tag in range(4)], 1)
    finer = np.eye(FINER)[truth].transpose(0, 3, 1, 2) + 0.3 * rng.standard_normal((count, FINER, SIDE, SIDE))
    alpha = np.ones((SIDE, SIDE), np.float32)
    positions = torch.from_numpy(position_basis(alpha, size=(SIDE, SIDE))).expand(count, -1, -1, -1)
    samples = PlaceSamples(
        features=torch.from_numpy(rng.standard_normal((count, CHANNELS, SIDE // 2, SIDE // 2))).half(),
        finer=torch.from_numpy(finer).half(),
        inside=torch.ones(count, SIDE, SIDE, dtype=torch.bool),
        positions=positions,
        tags=torch.from_numpy(tags),
    )
    return samples, truth


def test_tags_alone_teach_where_things_are() -> None:
    samples, truth = drawn()
    head = fit_places(samples, ignored=[0])
    with torch.inference_mode():
        places = head(samples.features.float(), samples.finer.float()).numpy()
    right = []
    for photo in range(100):
        among = np.flatnonzero(samples.tags[photo].numpy()).tolist()
        shown = [tag for tag in among if tag]
        maps = place_maps(places[photo], head.positions.detach().numpy(), shown=shown, among=among, rgb=GREY)
        right += [
            truth[photo][tuple(np.array(np.unravel_index(heat.argmax(), heat.shape)) * SIDE // 32)] == tag
            for tag, heat in zip(shown, maps, strict=True)
        ]
    assert np.mean(right) > 0.9  # chance: one of four quarters, sometimes two or three


def test_the_same_photos_give_the_same_head() -> None:
    samples, _ = drawn(60)
    one, other = (fit_places(samples, ignored=[0], seed=3).state_dict() for _ in range(2))
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_the_head_says_of_plain_features_what_was_fitted_to_scaled_ones() -> None:
    samples, _ = drawn(40)
    basis = _Basis(samples)
    weights, bias = torch.randn(4, basis.width + POSITIONS), torch.randn(4)
    fitted = torch.einsum("tc,nchw->nthw", weights, basis.of(samples, torch.arange(40))) + bias[:, None, None]
    head = basis.head(weights, bias)
    with torch.inference_mode():
        plain = head(samples.features.float(), samples.finer.float())
        plain += torch.einsum("tp,nphw->nthw", head.positions, samples.positions)
    torch.testing.assert_close(plain, fitted, atol=1e-3, rtol=1e-3)


def test_one_pass_gives_the_old_answers_and_the_new(tmp_path) -> None:
    network = DescribeNet(labels=3, embedding=4, encoder="efficientnet_lite0").eval()
    head = Head(name="tags", kind="tags", labels=("bag", "shoe", "skin"), ignored=("skin",))
    items = []
    for number in range(4):
        photo, mask = tmp_path / f"{number}.png", tmp_path / f"{number}.mask.png"
        Image.fromarray(np.random.default_rng(number).integers(0, 255, (40, 30, 3), np.uint8)).save(photo)
        Image.fromarray(np.full((40, 30), 255, np.uint8)).save(mask)
        items.append(
            Described("shop", Split.TRAIN, photo, mask=mask, kind=MaskKind.ALPHA, tags=frozenset({"bag", "skin"}))
        )
    samples = place_samples(network, items, head, prepare=lambda rgb: torch.rand(3, 64, 64))
    assert samples.tags.tolist() == [[True, False, True]] * 4
    assert samples.inside.all()
    assert samples.finer.shape[2:] == (4, 4)
    placed = PlacedNet(network, fit_places(samples, ignored=[2])).eval()
    image = torch.rand(2, 3, 64, 64)
    with torch.inference_mode():
        logits, embedding, features, weights, places, positions = placed(image)
        expected = network(image)
    for one, other in zip((logits, embedding, features), expected, strict=True):
        torch.testing.assert_close(one, other)
    assert weights.shape == (3, 1280)
    assert (places.shape, positions.shape) == ((2, 3, 4, 4), (3, POSITIONS))
