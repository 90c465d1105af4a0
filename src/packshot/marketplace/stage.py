"""The stage that measures finished pictures against their marketplaces' rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from packshot.marketplace.check import check
from packshot.marketplace.profiles import Profile
from packshot.stage import Stage
from packshot.values import ProfileResult

__all__ = ["MarketplaceStage"]


class MarketplaceStage(Stage):
    """Checks each picture by the rules of its profile; see `packshot.marketplace.check`.

    Args:
        profiles: whose rules.
    """

    name = "marketplace"
    revision = 1

    def __init__(self, profiles: Iterable[Profile]) -> None:
        self._profiles = {profile.name: profile for profile in profiles}

    def __call__(self, pictures: Mapping[str, ProfileResult]) -> dict[str, ProfileResult]:
        """The same pictures with each rule measured.

        Args:
            pictures: by the names of their profiles.
        """
        return {name: self._check(picture, self._profiles[name]) for name, picture in pictures.items()}

    def _check(self, picture: ProfileResult, profile: Profile) -> ProfileResult:
        if picture.packshot is None:
            return picture
        return replace(picture, rules=check(picture.packshot.data, profile, mask=picture.packshot.alpha))

    def settings(self) -> Mapping[str, object]:
        """The profiles."""
        return {name: self.settings_of(name) for name in self._profiles}

    def settings_of(self, profile: str) -> Mapping[str, object]:
        """What one profile's rules depend on."""
        return {"profile": self._profiles[profile].model_dump(mode="json")}
