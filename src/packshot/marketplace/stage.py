"""The stage that measures finished pictures against their marketplaces' rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from packshot.frame.stage import FrameStage
from packshot.marketplace.check import OF_OVERLAYS, check_on
from packshot.marketplace.profiles import Profile
from packshot.overlay.stage import OverlayStage
from packshot.stage import Stage, in_threads
from packshot.values import ProfileResult

__all__ = ["MarketplaceStage"]


class MarketplaceStage(Stage):
    """Checks each picture by the rules of its profile; see `packshot.marketplace.check`.

    Args:
        profiles: whose rules.
        on: the day on which the pictures are handed in; rules that hold later are measured apart.
        threads: pictures measured at once.
        overlay: what finds overlays on finished pictures; without it rules about overlays are not measured.
        frame: what finds frames; asked where the photo cuts the product off, for a picture of all that a photo shows
            looks framed by its margin. A product that is a rectangle by itself does not.
    """

    name = "marketplace"
    revision = 4

    def __init__(
        self,
        profiles: Iterable[Profile],
        *,
        on: date,
        threads: int = 1,
        overlay: OverlayStage | None = None,
        frame: FrameStage | None = None,
    ) -> None:
        self._each = in_threads(threads)
        self._profiles = {profile.name: profile for profile in profiles}
        self._on = on
        self._overlay, self._frame = overlay, frame

    def __call__(self, pictures: Mapping[str, ProfileResult]) -> dict[str, ProfileResult]:
        """The same pictures with each rule measured.

        Args:
            pictures: by the names of their profiles.
        """
        return dict(zip(pictures, self._each(lambda name: self._check(pictures[name], name), pictures), strict=True))

    def _check(self, picture: ProfileResult, name: str) -> ProfileResult:
        profile = self._profiles[name]
        if picture.packshot is None:
            return picture
        made, find_overlays = picture.packshot, None if self._overlay is None else self._overlay.find
        found = check_on(
            self._on,
            made.data,
            profile,
            mask=made.alpha,
            find_frame=self._frame.find if self._frame is not None and made.cut_off else None,
            find_overlays=find_overlays,
            cut_off=made.cut_off,
        )
        return replace(picture, rules=found.rules, upcoming=found.upcoming)

    def settings(self) -> Mapping[str, object]:
        """The profiles."""
        return {name: self.settings_of(name) for name in self._profiles}

    def settings_of(self, profile: str) -> Mapping[str, object]:
        """What one profile's rules depend on: the day only as far as it decides which rules hold."""
        chosen = self._profiles[profile]
        upcoming = [rule.id for rule in chosen.rules if not rule.holds(self._on)]
        # The language of listings, and when a source was read, change no picture and no measurement.
        named = chosen.model_dump(mode="json", exclude={"language": True, "rules": {"__all__": {"read"}}})
        settings: dict[str, object] = {
            "profile": named,
            "upcoming": upcoming,
        }
        if self._overlay is not None and any(rule.kind in OF_OVERLAYS for rule in chosen.rules):
            settings["overlay"] = self._overlay.fingerprint
        if self._frame is not None and any(rule.kind == "no-border" for rule in chosen.rules):
            settings["frame"] = self._frame.fingerprint
        return settings
