"""The way of a photo through packshot, as one list of named steps.

``photo -> frame -> mask -> inspection -> cutout -> description -> composition -> check``; a step is added to `STEPS`
and nowhere else.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from numpy.typing import NDArray

from packshot.composition import Composition, compose
from packshot.cutout import cut_out, model_fingerprint, segmenter
from packshot.description import describer, describer_fingerprint
from packshot.errors import PackshotError
from packshot.frame import frame_finder, frame_fingerprint, remove_frame
from packshot.inspection import inspect
from packshot.marketplace import Profile, check, load_profile
from packshot.photo import decode
from packshot.result import Result, Status
from packshot.settings import Settings
from packshot.values import Mask, Rgb
from packshot.version import __version__

__all__ = ["STEPS", "Pipeline", "Result", "Source", "Status", "Step", "process"]

Source = str | os.PathLike[str] | bytes | NDArray[Any]


class Pipeline:
    """Turns photos into packshots; made once, used for many.

    Args:
        profile: marketplace profile, by name, file or value.
        settings: how to run; default: from the environment.
        composition: instead of the profile's own.
        backdrop: uint8 (h, w, 3), for a composition with ``background="picture"``.

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
        self.composition = composition or self.profile.composition
        self.backdrop = backdrop
        self.segment = segmenter(self.settings.model, self.settings)
        self.find_frame = frame_finder(self.settings.frame_model, self.settings)
        self.describe = describer(self.settings.describe_model, self.settings)

    @functools.cached_property
    def fingerprint(self) -> str:
        """Changes whenever the same photo could come out differently: version, models, matte, profile, composition."""
        parts = {
            "version": __version__,
            "model": model_fingerprint(self.settings.model, self.settings),
            "frame": frame_fingerprint(self.settings.frame_model, self.settings),
            "describe": describer_fingerprint(self.settings.describe_model, self.settings),
            "matte": self.settings.matte,
            "subject": self.settings.subject,
            "several": self.settings.several,
            "plain_ground": self.settings.plain_ground,
            "profile": self.profile.model_dump(mode="json"),
            "composition": self.composition.model_dump(mode="json"),
            "backdrop": None if self.backdrop is None else hashlib.sha256(self.backdrop.tobytes()).hexdigest(),
            "limits": self.settings.limits.model_dump(mode="json"),
            "review_above": self.settings.review_above,
            "review_category": self.settings.review_category,
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def run(self, source: Source, *, name: str | None = None, until: str | None = None) -> Result:
        """One photo through all steps. A bad photo gives a result with status ``failed``, never an exception.

        Args:
            source: a path, the file's bytes, or pixels (uint8 (h, w, 3), RGB).
            name: shown in messages instead of the path.
            until: name of the last step to do, for what needs no finished picture; what follows it stays None.

        Raises:
            ValueError: there is no such step.
        """
        names = [step.name for step in STEPS]
        if until is not None and until not in names:
            raise ValueError(f"until: expected one of {', '.join(names)}, got {until!r}")
        result = Result(source=name or (str(source) if isinstance(source, str | os.PathLike) else "<photo>"))
        timings: dict[str, float] = {}
        for step in STEPS:
            started = time.perf_counter()
            try:
                result = step.do(self, source, result)
            except PackshotError as error:
                result = replace(result, status=Status.FAILED, error=error)
            timings[step.name] = round((time.perf_counter() - started) * 1000, 2)
            if result.error is not None or step.name == until:
                break
        return replace(result, timings_ms=timings)


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the way.

    Attributes:
        name: as in timings and report.
        do: takes the pipeline, the source and the result so far; gives the result with its own part filled in.
    """

    name: str
    do: Callable[[Pipeline, Source, Result], Result]


def _photo(pipeline: Pipeline, source: Source, result: Result) -> Result:
    photo = decode(source, name=result.source, limits=pipeline.settings.limits)
    return replace(result, photo=photo, sha256=photo.sha256)


def _frame(pipeline: Pipeline, _: Source, result: Result) -> Result:
    assert result.photo is not None  # noqa: S101 - the step before made it, or the run ended there
    frame = pipeline.find_frame(result.photo)
    return replace(result, frame=frame, picture=remove_frame(result.photo, frame))


def _mask(pipeline: Pipeline, _: Source, result: Result) -> Result:
    assert result.picture is not None  # noqa: S101
    return replace(result, mask=pipeline.segment(result.picture))


def _findings(_: Pipeline, __: Source, result: Result) -> Result:
    assert result.picture is not None  # noqa: S101
    return replace(result, findings=inspect(result.picture.rgb, result.mask))


def _cutout(_: Pipeline, __: Source, result: Result) -> Result:
    assert result.picture is not None  # noqa: S101
    assert result.mask is not None  # noqa: S101
    return replace(result, cutout=cut_out(result.picture, result.mask))


def _description(pipeline: Pipeline, _: Source, result: Result) -> Result:
    assert result.picture is not None  # noqa: S101
    if pipeline.describe is None:
        return result
    return replace(result, description=pipeline.describe(result.picture.rgb, result.mask))


def _packshot(pipeline: Pipeline, _: Source, result: Result) -> Result:
    assert result.cutout is not None  # noqa: S101
    return replace(result, packshot=compose(result.cutout, pipeline.composition, backdrop=pipeline.backdrop))


def _check(pipeline: Pipeline, _: Source, result: Result) -> Result:
    assert result.packshot is not None  # noqa: S101
    assert result.mask is not None  # noqa: S101
    rules = check(result.packshot.data, pipeline.profile, mask=result.packshot.alpha)
    category = None if result.description is None else result.description.category
    reasons = {
        "damage": result.photo is not None and result.photo.damage is not None,
        "mask": _doubtful(result.mask, pipeline.settings),
        "frame": result.frame is not None and result.frame.framed and not result.frame_removed,
        "rules": any(not rule.ok and rule.severity == "must" for rule in rules),
        "category": pipeline.settings.review_category and category is not None and not category.sure,
    }
    review = tuple(name for name, holds in reasons.items() if holds)
    return replace(result, rules=rules, review=review, status=Status.REVIEW if review else Status.OK)


def _doubtful(mask: Mask, settings: Settings) -> bool:
    """Whether a person should look at the mask: by the fitted rule of its network, else by its uncertainty."""
    if mask.ready is None:
        return bool(mask.doubts) or mask.uncertainty > settings.review_above
    return bool(mask.doubts)


STEPS: tuple[Step, ...] = (
    Step("photo", _photo),
    Step("frame", _frame),
    Step("mask", _mask),
    Step("inspection", _findings),
    Step("cutout", _cutout),
    Step("description", _description),
    Step("composition", _packshot),
    Step("check", _check),
)


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
