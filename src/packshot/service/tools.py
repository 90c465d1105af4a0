"""What a worker process keeps between jobs: pipelines, segmenters, detectors, each made once."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from packshot.cutout import segmenter
from packshot.description import Describer, describer
from packshot.frame import frame_finder
from packshot.overlay.stage import OverlayStage
from packshot.photo import decode
from packshot.pipeline import Pipeline
from packshot.service.categories import shop_tree
from packshot.settings import Matte, Settings, Several, Subject
from packshot.values import Frame, Mask, Photo
from packshot.wording import SHIPPED, Wording, load_languages

__all__ = ["Tools"]

Kept = TypeVar("Kept")

_PARTS = {"photo": "decode", "cutout": "mask", "description": "describe", "composition": "compose"}
"""Stages of the pipeline that jobs do by themselves too, to what both are called in metrics."""

_PIPELINES = 64  # kept at once; networks are shared between them
_FEW = 8  # of what comes and goes, such as the work of jobs that run at a time


class Tools:
    """The stages, ready to be called.

    Args:
        settings: how photos are worked on.

    Attributes:
        timings_ms: milliseconds of each part of the job in hand.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.timings_ms: dict[str, float] = {}
        self._segmenters: dict[tuple[str, Subject, Several, Matte], Callable[[Photo], Mask]] = {}
        self._pipelines: dict[tuple[str, ...], Pipeline] = {}
        self._kept: dict[Hashable, object] = {}
        self._few: dict[str, OrderedDict[str, object]] = {}

    def spent(self, timings_ms: Mapping[str, float]) -> None:
        """Count what a pipeline measured as parts of the job in hand.

        Args:
            timings_ms: stage to milliseconds; a composition's include its encoding.
        """
        self.timings_ms.update({_PARTS.get(name, name): spent for name, spent in timings_ms.items()})

    def keep(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """What an earlier job made, such as a catalogue that is open; keys come from the settings, never from requests.

        Args:
            key: names it, and its type.
            make: makes it the first time.
        """
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]  # type: ignore[return-value]

    def keep_few(self, slot: str, key: str, make: Callable[[], Kept]) -> Kept:
        """The same where keys come and go: of each slot stays what was asked for last."""
        kept = self._few.setdefault(slot, OrderedDict())
        if key not in kept:
            kept[key] = make()
            if len(kept) > _FEW:
                kept.popitem(last=False)
        kept.move_to_end(key)
        return kept[key]  # type: ignore[return-value]

    @contextmanager
    def at(self, part: str) -> Iterator[None]:
        """Measure a part of the job in hand."""
        started = time.perf_counter()
        try:
            yield
        finally:
            spent = (time.perf_counter() - started) * 1000
            self.timings_ms[part] = round(self.timings_ms.get(part, 0.0) + spent, 2)

    def decode(self, data: bytes, name: str = "the photo") -> Photo:
        """Open a photo; `name` is what messages call it.

        Raises:
            PhotoError: see `packshot.photo.decode`.
        """
        with self.at("decode"):
            return decode(data, name=name, limits=self.settings.limits)

    def segment(
        self,
        photo: Photo,
        *,
        model: str,
        subject: Subject = Subject.AUTO,
        several: Several = Several.ALL,
        matte: Matte = Matte.FAST,
    ) -> Mask:
        """Where the product is; see `packshot.cutout.segmenter`."""
        key = (model, subject, several, matte)
        with self.at("mask"):
            if key not in self._segmenters:
                changes = {"model": model, "subject": subject, "several": several, "matte": matte}
                self._segmenters[key] = segmenter(model, self.settings.model_copy(update=changes))
            return self._segmenters[key](photo)

    def pipeline(self, profiles: tuple[str, ...]) -> Pipeline:
        """A pipeline for some profiles."""
        if profiles not in self._pipelines:
            if len(self._pipelines) >= _PIPELINES:
                self._pipelines.pop(next(iter(self._pipelines)))
            self._pipelines[profiles] = Pipeline(profile=profiles, settings=self.settings)
        return self._pipelines[profiles]

    @cached_property
    def find_frame(self) -> Callable[[Photo], Frame]:
        """Frame detection."""
        return frame_finder(self.settings.frame_model, self.settings)

    @cached_property
    def overlay(self) -> OverlayStage:
        """Overlay detection."""
        return OverlayStage(self.settings)

    @cached_property
    def wording(self) -> Wording:
        """What writes titles and alt texts in the languages that ship, of the shop's tree."""
        return Wording(load_languages(SHIPPED), shop_tree(self.settings))

    def classifier(self, model: Path) -> Describer:
        """A classifier of one's own, whatever the service describes with and into whose tree.

        Args:
            model: its ONNX file, from the settings.
        """
        own = self.settings.model_copy(update={"taxonomy": None, "mapping": None})
        found: Describer = self.keep(("classifier", str(model)), lambda: Describer(str(model), own))
        return found

    @cached_property
    def describe(self) -> Describer | None:
        """What says what is in a photo; None where that is switched off."""
        return describer(self.settings.describe_model, self.settings)
