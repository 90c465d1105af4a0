"""The way of a photo through packshot: `Pipeline.run` calls one stage after another, each named as its room.

``photo -> frame -> cutout -> overlay -> inspection -> description -> composition -> marketplace``, and ``scene`` after
the description where settings ask for it. All up to the
description is done once for a photo; the last two make and measure a picture for each marketplace profile, also from a
cut-out that an earlier run kept (`Pipeline.compose`). A new stage is made in `Pipeline.__init__`, called in
`Pipeline.run`, and has a field in `packshot.result.Result`; fingerprint, timings and report find it by themselves.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from packshot.composition import Composition, Placement
from packshot.composition.stage import CompositionStage
from packshot.cutout import MaskRequest
from packshot.cutout.stage import CutoutStage
from packshot.description.scene_stage import SceneStage
from packshot.description.stage import DescriptionStage
from packshot.errors import PackshotError, UsageError
from packshot.frame.stage import FrameStage, KnownFrame
from packshot.inspection.stage import InspectionStage
from packshot.marketplace import Profile, load_profiles
from packshot.marketplace.stage import MarketplaceStage
from packshot.overlay import covers_product
from packshot.overlay.stage import OverlayStage
from packshot.photo import decode
from packshot.photo.stage import PhotoStage
from packshot.result import Result, Status
from packshot.settings import Settings
from packshot.stage import LastStageReached, Stage, StageClock
from packshot.values import AnyArray, Cutout, Mask, Photo, ProfileResult, ReviewReason, Rgb

__all__ = ["Pipeline", "Result", "Source", "Status", "process"]

Source = str | os.PathLike[str] | bytes | AnyArray

_REVIEW_REVISION = 3  # of what sends a photo to review; as `Stage.revision`


class Pipeline:
    """Turns photos into packshots; made once, used for many.

    Args:
        profile: marketplace profile, by name, file or value; or several, each of which gets its own picture.
        settings: how to run; default: from the environment.
        composition: instead of the profiles' own.
        backdrop: a photo, or uint8 (h, w, 3), for compositions with ``background="picture"``.
        on: the day whose marketplace rules hold; today by default.

    Attributes:
        profiles: name to profile, in the order they were given.
        photo, frame, cutout, overlay, inspection, description, composition, marketplace: the stages, in the order of
            the way.
        scene: the stage after the description; None unless settings ask for it.

    Raises:
        UsageError: no such profile, or two of one name.
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
        profile: str | Path | Profile | Sequence[str | Path | Profile] = "plain",
        settings: Settings | None = None,
        composition: Composition | None = None,
        backdrop: Rgb | Photo | None = None,
        on: date | None = None,
    ) -> None:
        self.settings = settings or Settings()
        given = [profile] if isinstance(profile, str | Path | Profile) else profile
        self.profiles = {each.name: each for each in load_profiles(given)}
        self.photo = PhotoStage(self.settings.limits)
        self.frame = FrameStage(self.settings)
        self.cutout = CutoutStage(self.settings)
        self.overlay = OverlayStage(self.settings)
        self.inspection = InspectionStage()
        self.description = DescriptionStage(self.settings)
        self.scene = SceneStage(self.settings) if self.settings.scene else None
        self.composition = CompositionStage(
            {name: composition or each.composition for name, each in self.profiles.items()},
            backdrop if backdrop is None or isinstance(backdrop, Photo) else decode(backdrop, name="backdrop"),
            threads=self.settings.threads,
        )
        today = date.today()  # a marketplace's day, wherever it is read
        self.marketplace = MarketplaceStage(
            self.profiles.values(),
            on=on or today,
            threads=self.settings.threads,
            overlay=self.overlay,
            frame=self.frame,
        )

    @property
    def stages(self) -> tuple[Stage, ...]:
        """All stages, in the order they were made in."""
        return tuple(stage for stage in vars(self).values() if isinstance(stage, Stage))

    @functools.cached_property
    def fingerprint(self) -> str:
        """Changes whenever the same photo could come out differently: 64 hexadecimal digits."""
        return _digest({"cutout": self.cutout_fingerprint, "packshots": self._profile_fingerprints})

    @functools.cached_property
    def cutout_fingerprint(self) -> str:
        """Changes whenever what is done once for a photo could: its mask, cut-out, findings and description."""
        of_profiles = (self.composition, self.marketplace)
        parts: dict[str, object] = {stage.name: stage.fingerprint for stage in self.stages if stage not in of_profiles}
        parts["review"] = {
            "revision": _REVIEW_REVISION,
            "above": self.settings.review_above,
            ReviewReason.CATEGORY: self.settings.review_category,
        }
        return _digest(parts)

    def fingerprint_of(self, profile: str) -> str:
        """Changes whenever the same cut-out could give that profile another picture or other measurements."""
        return self._profile_fingerprints[profile]

    @functools.cached_property
    def _profile_fingerprints(self) -> dict[str, str]:
        stages = (self.composition, self.marketplace)
        return {
            name: _digest({stage.name: [stage.revision, stage.settings_of(name)] for stage in stages})
            for name in self.profiles
        }

    def run(
        self,
        source: Source,
        *,
        name: str | None = None,
        until: str | None = None,
        mask_request: MaskRequest | None = None,
        known_frame: KnownFrame | None = None,
    ) -> Result:
        """One photo through all stages. A bad photo gives a result with status ``failed``, never an exception.

        Args:
            source: a path, the file's bytes, or pixels (uint8 (h, w, 3), RGB).
            name: shown in messages instead of the path.
            until: name of the last stage to call, for what needs no finished picture; what follows it stays None.
            mask_request: what a person asked of the mask, instead of what is found.
            known_frame: what a person said of the frame, instead of what is found.

        Raises:
            ValueError: there is no such stage.
        """
        names = [stage.name for stage in self.stages]
        if until is not None and until not in names:
            raise ValueError(f"until: expected one of {', '.join(names)}, got {until!r}")
        shown = name or (str(source) if isinstance(source, str | os.PathLike) else "<photo>")
        result = Result(source=shown)
        clock = StageClock(until)
        try:
            with clock.at(self.photo):
                photo = self.photo(source, name=shown)
                result = replace(result, photo=photo, sha256=photo.sha256)
            with clock.at(self.frame):
                frame, picture = self.frame(photo) if known_frame is None else self.frame.known(photo, known_frame)
                result = replace(result, frame=frame, picture=picture)
            with clock.at(self.cutout):
                if mask_request is None:
                    mask, cutout = self.cutout(picture)
                else:
                    box = frame.inner_box if result.frame_removed else None
                    corrected, cutout = self.cutout.corrected(photo, picture, box, mask_request)
                    mask = corrected.mask
                    result = replace(result, found=corrected.found, corrected=corrected.sha256)
                result = replace(result, mask=mask, cutout=cutout)
            with clock.at(self.overlay):
                result = replace(result, overlays=self.overlay(picture, mask))
            with clock.at(self.inspection):
                result = replace(result, findings=self.inspection(picture, mask))
            with clock.at(self.description):
                result = replace(result, description=self.description(picture, mask))
            if self.scene is not None:
                with clock.at(self.scene):
                    maps = self.cutout.scene_maps(picture)
                    result = replace(result, scene=self.scene(picture, maps.garment, maps.mask, maps.person))
            with clock.at(self.composition):
                packshots = _any_made(self.composition(cutout))
                result = replace(result, packshots=packshots)
            with clock.at(self.marketplace):
                result = replace(result, packshots=self.marketplace(packshots))
                review = self._reasons(result, mask)
                result = replace(result, review=review, status=Status.REVIEW if review else Status.OK)
        except LastStageReached:
            pass
        except PackshotError as error:
            result = replace(result, status=Status.FAILED, error=error, failed_at=clock.stage)
        return replace(result, timings_ms=clock.timings_ms)

    def compose(
        self, cutout: Cutout, profiles: Iterable[str] | None = None, *, placement: Placement | None = None
    ) -> dict[str, ProfileResult]:
        """The last two stages alone: pictures from a cut-out that was kept, or whose mask a person corrected.

        Args:
            cutout: as an earlier run wrote it, or `packshot.cutout.cut_out` gives it.
            profiles: names of those of `profiles` to make pictures for; all by default.
            placement: size, base line and light among the pictures of a group; alone by default.

        Raises:
            NothingToCutOut: the cut-out is empty.
        """
        return self.marketplace(self.composition(cutout, profiles, placement=placement))

    def _reasons(self, result: Result, mask: Mask) -> tuple[str, ...]:
        """Why a person should look; see `Result.review`."""
        category = None if result.description is None else result.description.category
        uncertain = mask.ready is None and mask.uncertainty > self.settings.review_above
        reasons = {
            ReviewReason.DAMAGE: result.photo is not None and result.photo.damage is not None,
            # Where a rule was fitted to the network, it gave the doubts.
            ReviewReason.MASK: bool(mask.doubts) or uncertain,
            ReviewReason.FRAME: result.frame is not None and result.frame.framed and not result.frame_removed,
            ReviewReason.OVERLAY: result.overlays is not None and covers_product(result.overlays),
            ReviewReason.RULES: any(each.broken for each in result.packshots.values()),
            ReviewReason.ENLARGED: any(each.packshot and each.packshot.enlarged for each in result.packshots.values()),
            ReviewReason.PICTURE: any(each.status is Status.FAILED for each in result.packshots.values()),
            ReviewReason.CATEGORY: self.settings.review_category and category is not None and not category.sure,
        }
        return tuple(str(reason) for reason, holds in reasons.items() if holds)


def _any_made(packshots: dict[str, ProfileResult]) -> dict[str, ProfileResult]:
    """The pictures, unless there is not one: then the first one's error is the photo's."""
    errors = [each.error for each in packshots.values() if each.error is not None]
    if len(errors) == len(packshots):
        raise errors[0]
    return packshots


def _digest(parts: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@functools.lru_cache(maxsize=4)
def _shared(profile: str | Path, settings: Settings) -> Pipeline:
    return Pipeline(profile=profile, settings=settings)


def process(
    source: Source, *, profile: str | Path = "plain", settings: Settings | None = None, name: str | None = None
) -> Result:
    """Turn one photo into a packshot.

    Args:
        source: a path, the file's bytes, or pixels (uint8 (h, w, 3), RGB).
        profile: marketplace profile: ``plain``, ``amazon``, ..., or a file of your own.
        settings: how to run; default: from the environment.
        name: shown in messages instead of the path.

    Returns:
        The result, with status ``ok`` or ``review``.

    Raises:
        PackshotError: the photo is refused, or there is nothing to cut out.
        UsageError: no such profile, or it is neither a name nor a path.

    Example:
        >>> import packshot
        >>> from skimage.data import astronaut
        >>> result = packshot.process(astronaut(), profile="plain")
        >>> result.cutout.rgba.shape
        (512, 512, 4)
    """
    if not isinstance(profile, str | Path):
        raise UsageError(
            f"process takes one profile, by name or file, got {type(profile).__name__}",
            remedy="for several, or one of your own making: packshot.Pipeline(profile=...).run(photo)",
        )
    return _shared(profile, settings or Settings()).run(source, name=name).raise_for_status()
