"""The stage that measures a finished picture against a marketplace's rules."""

from __future__ import annotations

from collections.abc import Mapping

from packshot.marketplace.check import check
from packshot.marketplace.profiles import Profile
from packshot.stage import Stage
from packshot.values import Packshot, RuleResult

__all__ = ["MarketplaceStage"]


class MarketplaceStage(Stage):
    """Checks the rules of one profile; see `packshot.marketplace.check`.

    Args:
        profile: whose rules.
    """

    name = "marketplace"
    revision = 1

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    def __call__(self, packshot: Packshot) -> tuple[RuleResult, ...]:
        """Each rule, measured."""
        return check(packshot.data, self._profile, mask=packshot.alpha)

    def settings(self) -> Mapping[str, object]:
        """The profile."""
        return {"profile": self._profile.model_dump(mode="json")}
