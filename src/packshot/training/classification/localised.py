"""Whether a classifier's maps show where its class is, on the pictures whose masks are known."""

from __future__ import annotations

import numpy as np
import torch

from packshot.datasets import Item
from packshot.evaluation import HEATMAP_BASELINES, Localisation
from packshot.explanation import activation_maps
from packshot.runtime.preprocessing import normalise, resize
from packshot.training.networks.pooled import PooledClassifier
from packshot.training.prediction import Predictor
from packshot.values import Rgb

__all__ = ["Localised"]

_CENTRE = "centre gaussian"


class Localised:
    """Gathers the maps of one split, and a centre blob beside them.

    The protocol is that of weakly supervised localisation (Choe et al. 2020): MaxBoxAccV2 and PxAP, see
    `packshot.evaluation.Localisation`. Masks measure it; nothing was learnt from them.

    Args:
        predictor: of the network; one without class-activation maps gathers nothing.
    """

    def __init__(self, predictor: Predictor) -> None:
        network = getattr(predictor.module, "network", None)
        self._network = network if isinstance(network, PooledClassifier) else None
        self._predictor = predictor
        self._mine, self._centre, self._count = Localisation(), Localisation(), 0

    def add(self, item: Item, rgb: Rgb, number: int) -> None:
        """Evaluate the map of a picture's true class, if its mask is known.

        Args:
            item: the picture.
            rgb: its pixels, uint8 (h, w, 3).
            number: of its class.
        """
        if self._network is None or item.kind is None:
            return
        mask = item.pair()[1] >= 0.5
        if not mask.any():
            return
        recipe = self._predictor.recipe
        mean, std = recipe.normalisation
        image = torch.from_numpy(normalise(resize(rgb, size=recipe.input_size(rgb.shape)), mean=mean, std=std))
        with torch.inference_mode():
            features = self._network.features(image[None].to(self._network.head.weight.device))[0]
            weights = self._network.head.weight[[number]]
        heat = activation_maps(weights.float().cpu().numpy(), features.float().cpu().numpy())[0]
        name = item.photo.as_posix()
        self._mine.add(np.asarray(heat, np.float32), mask, photo=name)
        self._centre.add(HEATMAP_BASELINES[_CENTRE](rgb), mask, photo=name)
        self._count += 1

    def metrics(self) -> dict[str, float]:
        """The figures with their intervals, and those of the centre blob; empty where no mask was known."""
        if not self._count:
            return {}
        found: dict[str, float] = {"localised_photos": float(self._count)}
        for prefix, score in (("", self._mine.score()), ("centre_", self._centre.score())):
            for name, figure in (("max_box_acc_v2", score.max_box_accuracy), ("px_ap", score.pixel_ap)):
                found[f"{prefix}{name}"] = figure.value
                if not prefix:
                    found |= {f"{name}_low": figure.low, f"{name}_high": figure.high}
        return found
