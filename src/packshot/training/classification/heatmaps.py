"""Where a classifier sees its classes, epoch by epoch: a picture for each of a few validation photos."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

import lightning
import numpy as np
import torch
from torch import Tensor

from packshot.datasets import Item
from packshot.errors import UsageError
from packshot.explanation import above_average, activation_maps, draw_heatmap, positive
from packshot.training.classification.data import ClassifiedPictures
from packshot.training.data.pictures import spread
from packshot.training.figures.grid import Cell, draw_grid, thumbnail
from packshot.training.networks.pooled import PooledClassifier
from packshot.values import Rgb

__all__ = ["Heatmaps", "watched_photos"]

_ACROSS, _MOST = 8, 40  # epochs side by side, and in all; of more, some evenly spread


class _Answer(TypedDict):
    """A network's answer to a photo after an epoch: small enough to keep each, plain enough for a checkpoint.

    Attributes:
        true: map of the true class, float16 (h', w').
        said: map of the class it named, likewise.
        number: of that class.
        scores: probability of the true class, and of the one it said.
    """

    true: Tensor
    said: Tensor
    number: int
    scores: tuple[float, float]


class Heatmaps(lightning.Callback):
    """Writes ``heatmaps/NN-NAME.png`` after every validation, epoch beside epoch: localisation can be watched.

    Above lies the map of the true class with its probability, below that of the class it said.

    Args:
        pictures: the photos as the network sees them; of a square size, so that a map covers its whole photo.
        labels: the classes in the order of their numbers.
    """

    def __init__(self, pictures: ClassifiedPictures, labels: Sequence[str]) -> None:
        self.pictures, self.labels = pictures, list(labels)
        self.seen: dict[int, list[_Answer]] = {}

    def on_validation_epoch_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Ask for this epoch's answers, and draw."""
        if not trainer.is_global_zero:
            return
        network = pl_module.network
        assert isinstance(network, PooledClassifier)  # noqa: S101 - the recipe refuses others
        samples = [self.pictures[place] for place in range(len(self.pictures))]
        epoch = trainer.current_epoch + 1
        self.seen[epoch] = [_ask(network, image.to(pl_module.device), number) for image, number in samples]
        folder = Path(trainer.default_root_dir) / "heatmaps"
        for place, item in enumerate(self.pictures.items):
            self._draw(place, item, folder / f"{place + 1:02}-{item.photo.stem}.png")

    def state_dict(self) -> dict[str, dict[int, list[_Answer]]]:
        """The maps, as tensors and plain values: a checkpoint is read without pickle."""
        return {"seen": self.seen}

    def load_state_dict(self, state_dict: dict[str, dict[int, list[_Answer]]]) -> None:
        """Go on from a checkpoint's maps."""
        self.seen = dict(state_dict["seen"])

    def _draw(self, place: int, item: Item, path: Path) -> None:
        rgb = thumbnail(item.rgb())
        true = self.labels[self.pictures[place][1]]
        answers = [(epoch, self.seen[epoch][place]) for epoch in _thinned(sorted(self.seen))]
        rows: list[list[Cell]] = []
        for start in range(0, len(answers), _ACROSS):
            part = answers[start : start + _ACROSS]
            over = [Cell(_over(rgb, answer["true"]), f"epoch {e}: {answer['scores'][0]:.2f}") for e, answer in part]
            rows.append([Cell(rgb, f"is {_short(true)}"), *over])
            rows.append([Cell(rgb, "said"), *(self._said(rgb, answer, true) for _, answer in part)])
        draw_grid(rows, path, title="above its class, below the answer")

    def _said(self, rgb: Rgb, answer: _Answer, true: str) -> Cell:
        said = self.labels[answer["number"]]
        return Cell(_over(rgb, answer["said"]), f"{_short(said)} {answer['scores'][1]:.2f}", said == true)


def watched_photos(items: Sequence[Item], names: Sequence[str], count: int) -> list[Item]:
    """The validation photos whose maps are watched: those that are named, then others, evenly spread.

    Args:
        items: of the validation split.
        names: of files, with or without their ending.
        count: how many in all; all that are named are taken.

    Raises:
        UsageError: no validation photo has a name.
    """
    wanted = set(names)
    missing = sorted(wanted - {item.photo.name for item in items} - {item.photo.stem for item in items})
    if missing:
        there = ", ".join(item.photo.name for item in items[:3])
        raise UsageError(
            f"heatmap_names: no validation photo is called {missing[0]}", remedy=f"name some of {there}, ..."
        )
    named = [item for item in items if {item.photo.name, item.photo.stem} & wanted]
    others = [item for item in items if item not in named]
    return named + (spread(others, count - len(named)) if count > len(named) else [])


def _ask(network: PooledClassifier, image: Tensor, number: int) -> _Answer:
    with torch.inference_mode():
        features = network.features(image[None])
        logits = network.head(features.mean(dim=(2, 3)))
    probabilities = logits[0].float().softmax(dim=0)
    said = int(probabilities.argmax())
    scores = float(probabilities[number]), float(probabilities[said])
    weights = above_average(network.head.weight.detach().float().cpu().numpy(), [number, said])
    true_map, said_map = torch.from_numpy(activation_maps(weights, features[0].float().cpu().numpy())).half()
    return _Answer(true=true_map.clone(), said=said_map.clone(), number=said, scores=scores)


def _over(rgb: Rgb, heat: Tensor) -> Rgb:
    return draw_heatmap(rgb, positive(heat.float().numpy()))


def _thinned(epochs: list[int]) -> list[int]:
    """The first, the last, and evenly between them."""
    if len(epochs) <= _MOST:
        return epochs
    return [epochs[int(place)] for place in np.linspace(0, len(epochs) - 1, _MOST).round()]


def _short(words: str) -> str:
    return words if len(words) <= 18 else words[:17] + "…"
