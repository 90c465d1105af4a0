"""Photos as they are and on white, embedded: what the benchmarks of search compare."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from packshot.catalogue.indexing.embedding import on_white
from packshot.description import Describer
from packshot.errors import PackshotError
from packshot.pipeline import Pipeline
from packshot.runtime.preprocessing import LITE_MEAN, LITE_STD, prepare, resize
from packshot.training.networks.describe_net import DescribeNet
from packshot.training.networks.imagenet import load_imagenet
from packshot.values import Rgb

Vectors = NDArray[np.float32]
Embed = Callable[[Rgb], Vectors]

_SIDE = 320  # pixels of the views that are kept


@dataclass(frozen=True)
class Views:
    """Pictures as they are and on white, each uint8 (n, 320, 320, 3); `lost` of them could not be cut out."""

    photo: NDArray[np.uint8]
    white: NDArray[np.uint8]
    lost: int


def views_of(pipeline: Pipeline, sources: Iterator[str] | Sequence[Rgb]) -> Views:
    """Photos, and their products on white; a photo whose product cannot be cut out stands in both."""
    photo, white, lost = [], [], 0
    for source in sources:
        result = pipeline.run(source, until="cutout")
        if result.picture is None:
            raise result.error or AssertionError(source)
        photo.append(small(result.picture.rgb))
        try:
            result.raise_for_status()
            assert result.cutout is not None
            white.append(on_white(result.cutout, side=_SIDE))
        except PackshotError:
            lost += 1
            white.append(photo[-1])
    return Views(np.stack(photo), np.stack(white), lost)


def backgrounds(embed: Embed, views: Views) -> Iterator[tuple[str, Vectors]]:
    """The embeddings (n, d) of the photos, of the products on white, and their averages."""
    photo, white = embedded(embed, views.photo), embedded(embed, views.white)
    yield "photo", photo
    yield "white", white
    yield "both", unit(photo + white)


def embedded(embed: Embed, pictures: NDArray[np.uint8]) -> Vectors:
    return np.stack([embed(picture) for picture in pictures])


def unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), np.float32)


def small(rgb: Rgb) -> Rgb:
    return resize(rgb, size=(_SIDE, _SIDE))


def pooled(describer: Describer) -> Embed:
    """The mean of a network's last features, without metric learning."""
    network = describer.network
    return lambda rgb: unit(network.outputs(network.prepare(rgb), names=["features"])["features"][0].mean(axis=(1, 2)))


def imagenet() -> Embed:
    """The pooled features of EfficientNet-Lite0 at 224 pixels, as published."""
    network = DescribeNet(labels=0, embedding=0, encoder="efficientnet_lite0").eval()
    load_imagenet(network.encoder, "efficientnet_lite0", top=True)

    def embed(rgb: Rgb) -> Vectors:
        picture = prepare(rgb, size=(224, 224), mean=LITE_MEAN, std=LITE_STD)
        with torch.inference_mode():
            return np.asarray(network(torch.from_numpy(picture)[None])[1][0].numpy())

    return embed


def ranks(scores: Vectors, truth: NDArray[np.bool_]) -> NDArray[np.intp]:
    """From scores (queries, items): the best right item's place among the wrong ones, from 1; ties go against it."""
    best = np.where(truth, scores, -np.inf).max(axis=1)
    return np.asarray(1 + (np.where(truth, -np.inf, scores) >= best[:, None]).sum(axis=1))
