"""A network that finds frames: from a photo to a decision, a calibrated score and the inner box."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from packshot.errors import ModelMismatch
from packshot.frame.bands import band_evenness
from packshot.frame.classical import classical_frame
from packshot.frame.refine import refine_box
from packshot.runtime import View, load
from packshot.runtime.side_strips import DEPTH, band_widths, inner_box
from packshot.settings import Settings
from packshot.values import Box, Frame, Rgb
from packshot.version import __version__

__all__ = ["CLASSICAL", "FrameDetector", "detect_frame", "frame_detector", "named_detector"]

#: The model name that asks for edges and rules instead of a network.
CLASSICAL = "classical"

_SMALLEST = 16  # pixels of a side: in less there is no picture to frame
_FRAMED = 0.5  # of the score: it is a probability
_BAND = 0.5  # probability of a band, from which a side has one
_REACH = 0.012  # of the shorter side: what a row of the strips leaves unsure, on a side twice as long


class FrameDetector:
    """Asks one network of task ``frame``; may be called from several threads at once.

    The network runs on one thread: it takes less time than waking a second one.

    Args:
        model: a name of `packshot.runtime.available`, or the path of an ``.onnx`` file.
        settings: provider, store and licence policy; default: from the environment.

    Raises:
        ModelError: the network cannot be used; see `packshot.runtime.load`.
        ModelMismatch: it is a network for something else.
    """

    def __init__(self, model: str, settings: Settings | None = None) -> None:
        self.network = load(model, (settings or Settings()).model_copy(update={"threads": 1}), task="frame")
        self._names = ["framed", "sides"] if self.network.card.input.view is View.SIDE_STRIPS else ["framed"]

    def __call__(self, rgb: Rgb) -> Frame:
        """Look at one photo.

        Args:
            rgb: uint8 (h, w, 3).

        Returns:
            The decision; its inner box is refined to the pixel, and the whole photo where there is no frame, or where
            the network gives no sides. A photo with a side below 16 pixels has none. The score is the network's;
            where its card has a rule, what that and the bands' pixels leave of it.

        Raises:
            ModelMismatch: the network's answer is no answer.
        """
        height, width = rgb.shape[:2]
        if min(height, width) < _SMALLEST:
            return Frame(framed=False, score=0.0, inner_box=Box(0, 0, width, height))
        answer = self.network.outputs(self.network.prepare(rgb), names=self._names)
        shapes = {"framed": (1,), "sides": (1, 4, 1 + DEPTH)}
        if any(a.shape != shapes[name] or not np.isfinite(a).all() for name, a in answer.items()):
            got = ", ".join(f"{name} {a.shape}" for name, a in answer.items())
            raise ModelMismatch(
                f"{self.network.id}: expected finite framed (1,) and sides (1, 4, {1 + DEPTH}), got {got}",
                remedy="export it with `packshot export`",
            )
        score = float(np.clip(answer["framed"][0], 0, 1))
        whole = Box(0, 0, width, height)
        if score < _FRAMED or "sides" not in answer:
            return Frame(framed=score >= _FRAMED, score=score, inner_box=whole)
        sides, rule = answer["sides"][0], self.network.card.frame
        if rule is None:
            return Frame(framed=True, score=score, inner_box=find_inner_box(rgb, sides))
        bands = 1 - sides[:, 0]
        # Where no side is likely to have a band, the likeliest is looked at.
        box = find_inner_box(rgb, sides, threshold=min(_BAND, float(bands.max())))
        score = rule.chance(score=score, bands=float(bands.sum()), evenness=band_evenness(rgb, box))
        framed = score >= _FRAMED
        return Frame(framed=framed, score=score, inner_box=box if framed else whole)


def find_inner_box(rgb: Rgb, sides: NDArray[np.float32], *, threshold: float = _BAND) -> Box:
    """The picture inside the bands that a network sees, to the pixel.

    Args:
        rgb: uint8 (h, w, 3).
        sides: float32 (4, 65), its probabilities; see `packshot.runtime.side_strips.band_widths`.
        threshold: the probability of a band from which a side has one.
    """
    rough = inner_box(band_widths(sides, threshold=threshold), size=(rgb.shape[1], rgb.shape[0]))
    return refine_box(rgb, rough, reach=_REACH)


def frame_detector(model: str, settings: Settings | None = None) -> Callable[[Rgb], Frame]:
    """What finds frames: a network by name or file, or ``classical``.

    Raises:
        ModelError: the network cannot be used; see `packshot.runtime.load`.
    """
    return classical_frame if model == CLASSICAL else FrameDetector(model, settings)


def named_detector(model: str, settings: Settings) -> tuple[Callable[[Rgb], Frame], str]:
    """What finds frames, and a name that changes with what it answers; see `frame_detector`."""
    detect = frame_detector(model, settings)
    return detect, detect.network.id if isinstance(detect, FrameDetector) else f"{model} {__version__}"


def detect_frame(rgb: Rgb, model: str = "frame", *, settings: Settings | None = None) -> Frame:
    """Whether a frame, bar or banner surrounds a picture, and what is inside.

    Args:
        rgb: uint8 (h, w, 3).
        model: a name of `packshot.runtime.available`, the path of an ``.onnx`` file, or ``classical``; loaded once.
        settings: provider, store and licence policy; default: from the environment.

    Raises:
        ModelError: the network cannot be used; see `packshot.runtime.load`.
    """
    return _shared(model, settings or Settings())(rgb)


@lru_cache(maxsize=4)
def _shared(model: str, settings: Settings) -> Callable[[Rgb], Frame]:
    return frame_detector(model, settings)
