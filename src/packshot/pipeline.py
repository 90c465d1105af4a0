"""The way of a photo through packshot: `Pipeline.run` calls one stage after another, each named as its room.

``photo -> frame -> cutout -> inspection -> description -> composition -> marketplace``. A new stage is made in
`Pipeline.__init__`, called in `Pipeline.run`, and has a field in `packshot.result.Result`; fingerprint, timings and
report find it by themselves.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from numpy.typing import NDArray

from packshot.composition import Composition
from packshot.composition.stage import CompositionStage
from packshot.cutout.stage import CutoutStage
from packshot.description.stage import DescriptionStage
from packshot.errors import PackshotError
from packshot.frame.stage import FrameStage
from packshot.inspection.stage import InspectionStage
from packshot.marketplace import Profile, load_profile
from packshot.marketplace.stage import MarketplaceStage
from packshot.photo.stage import PhotoStage
from packshot.result import Result, Status
from packshot.settings import Settings
from packshot.stage import Stage
from packshot.values import Mask, Rgb

__all__ = ["Pipeline", "Result", "Source", "Status", "process"]

Source = str | os.PathLike[str] | bytes | NDArray[Any]

_REVIEW_REVISION = 1  # of what sends a photo to review; as `Stage.revision`


class Pipeline:
    """Turns photos into packshots; made once, used for many.

    Args:
        profile: marketplace profile, by name, file or value.
        settings: how to run; default: from the environment.
        composition: instead of the profile's own.
        backdrop: uint8 (h, w, 3), for a composition with ``background="picture"``.

    Attributes:
        photo, frame, cutout, inspection, description, composition, marketplace: the stages, in the order of the way.

    Raises:
        UsageError: no such profile.
        ModelError: the network cannot be used.

    Example:
        >>> import numpy as np
        >>> from skimage.data import astronaut
        >>> result = Pipeline(profile="amazon").run(astronaut())
        >>> result.packshot.pixels[0, 0].tolist()
        [255, 255, 255]
    """

    def __init__(
        self,
        *,
        profile: str | Profile = "plain",
        settings: Settings | None = None,
        composition: Composition | None = None,
        backdrop: Rgb | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self.profile = profile if isinstance(profile, Profile) else load_profile(profile)
        self.photo = PhotoStage(self.settings.limits)
        self.frame = FrameStage(self.settings)
        self.cutout = CutoutStage(self.settings)
        self.inspection = InspectionStage()
        self.description = DescriptionStage(self.settings)
        self.composition = CompositionStage(composition or self.profile.composition, backdrop)
        self.marketplace = MarketplaceStage(self.profile)

    @property
    def stages(self) -> tuple[Stage, ...]:
        """All stages, in the order they were made in."""
        return tuple(stage for stage in vars(self).values() if isinstance(stage, Stage))

    @functools.cached_property
    def fingerprint(self) -> str:
        """Changes whenever the same photo could come out differently: 64 hexadecimal digits."""
        parts: dict[str, object] = {stage.name: stage.fingerprint for stage in self.stages}
        parts["review"] = {
            "revision": _REVIEW_REVISION,
            "above": self.settings.review_above,
            "category": self.settings.review_category,
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def run(self, source: Source, *, name: str | None = None, until: str | None = None) -> Result:
        """One photo through all stages. A bad photo gives a result with status ``failed``, never an exception.

        Args:
            source: a path, the file's bytes, or pixels (uint8 (h, w, 3), RGB).
            name: shown in messages instead of the path.
            until: name of the last stage to call, for what needs no finished picture; what follows it stays None.

        Raises:
            ValueError: there is no such stage.
        """
        names = [stage.name for stage in self.stages]
        if until is not None and until not in names:
            raise ValueError(f"until: expected one of {', '.join(names)}, got {until!r}")
        shown = name or (str(source) if isinstance(source, str | os.PathLike) else "<photo>")
        result = Result(source=shown, profile=self.profile.name)
        clock = _Clock(until)
        try:
            with clock.at(self.photo):
                photo = self.photo(source, name=shown)
                result = replace(result, photo=photo, sha256=photo.sha256)
            with clock.at(self.frame):
                frame, picture = self.frame(photo)
                result = replace(result, frame=frame, picture=picture)
            with clock.at(self.cutout):
                mask, cutout = self.cutout(picture)
                result = replace(result, mask=mask, cutout=cutout)
            with clock.at(self.inspection):
                result = replace(result, findings=self.inspection(picture, mask))
            with clock.at(self.description):
                result = replace(result, description=self.description(picture, mask))
            with clock.at(self.composition):
                packshot = self.composition(cutout)
                result = replace(result, packshot=packshot)
            with clock.at(self.marketplace):
                result = replace(result, rules=self.marketplace(packshot))
                review = self._reasons(result, mask)
                result = replace(result, review=review, status=Status.REVIEW if review else Status.OK)
        except _Reached:
            pass
        except PackshotError as error:
            result = replace(result, status=Status.FAILED, error=error)
        return replace(result, timings_ms=clock.timings_ms)

    def _reasons(self, result: Result, mask: Mask) -> tuple[str, ...]:
        """Why a person should look; see `Result.review`."""
        category = None if result.description is None else result.description.category
        uncertain = mask.ready is None and mask.uncertainty > self.settings.review_above
        reasons = {
            "damage": result.photo is not None and result.photo.damage is not None,
            # Where a rule was fitted to the network, it gave the doubts.
            "mask": bool(mask.doubts) or uncertain,
            "frame": result.frame is not None and result.frame.framed and not result.frame_removed,
            "rules": any(not rule.ok and rule.severity == "must" for rule in result.rules),
            "category": self.settings.review_category and category is not None and not category.sure,
        }
        return tuple(name for name, holds in reasons.items() if holds)


class _Reached(Exception):
    pass


class _Clock:
    """Measures the stages, and ends after the one that was asked for last."""

    def __init__(self, until: str | None) -> None:
        self.timings_ms: dict[str, float] = {}
        self._until = until

    @contextmanager
    def at(self, stage: Stage) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self.timings_ms[stage.name] = round((time.perf_counter() - started) * 1000, 2)
        if stage.name == self._until:
            raise _Reached


@functools.lru_cache(maxsize=4)
def _shared(profile: str, settings: Settings) -> Pipeline:
    return Pipeline(profile=profile, settings=settings)


def process(
    source: Source, *, profile: str = "plain", settings: Settings | None = None, name: str | None = None
) -> Result:
    """Turn one photo into a packshot.

    Args:
        source: a path, the file's bytes, or pixels (uint8 (h, w, 3), RGB).
        profile: marketplace profile: ``plain``, ``amazon``, ...
        settings: how to run; default: from the environment.
        name: shown in messages instead of the path.

    Returns:
        The result, with status ``ok`` or ``review``.

    Raises:
        PackshotError: the photo is refused, or there is nothing to cut out.

    Example:
        >>> import packshot
        >>> from skimage.data import astronaut
        >>> result = packshot.process(astronaut(), profile="plain")
        >>> result.cutout.rgba.shape
        (512, 512, 4)
    """
    return _shared(profile, settings or Settings()).run(source, name=name).raise_for_status()
