"""A picture for a marketplace from a kept photo and one of its masks: its rules, and what helps where one is broken."""

from __future__ import annotations

import base64
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from packshot.composition import override_composition
from packshot.composition.stage import CompositionStage
from packshot.cutout import cut_out
from packshot.marketplace import Profile, load_profile
from packshot.marketplace.stage import MarketplaceStage
from packshot.service.job import Answer
from packshot.service.kept.files import KeptFiles
from packshot.service.tools import Tools
from packshot.values import RuleResult

__all__ = ["PackshotJob"]

_ENLARGE = 8.0  # times, where a person asks for it; a profile says 2
_SIZES = ("longest-side", "size", "megapixels")
#: Kind of a rule to what would keep it; of all others a better photo would.
_FIXES = {
    **dict.fromkeys(_SIZES, "enlarge"),
    "background-white": "white",
    "background-light": "white",
    "format": "white",  # a profile's own format; it was left for transparency
    "no-border": "brush",
    "no-overlay": "brush",
    "subject-visible": "brush",
    "fill": "brush",
}


@dataclass(frozen=True, slots=True)
class PackshotJob:
    """One picture.

    Attributes:
        folder: of the kept photo.
        mask: names the mask.
        profile: a shipped one.
        background: ``#rrggbb``, ``transparent`` or ``picture``; None for the profile's own.
        backdrop: the file of that picture.
        enlarge: whether a product that is too small may be enlarged as far as the profile's size asks.
    """

    folder: Path
    mask: str
    profile: str
    background: str | None = None
    backdrop: bytes | None = None
    enlarge: bool = False

    def do(self, tools: Tools) -> Answer:
        """See `packshot.service.job.Job.do`."""
        files, profile = KeptFiles(self.folder), self._profile()
        backdrop = None if self.backdrop is None else tools.decode(self.backdrop, "the background")
        with tools.at("compose"):
            cutout = cut_out(files.photo(), files.mask(self.mask))
            threads = tools.settings.threads
            made = CompositionStage({profile.name: profile.composition}, backdrop, threads=threads)(cutout)
        with tools.at("check"):
            today = date.today()  # a marketplace's day, wherever it is read
            measured = MarketplaceStage([profile], on=today, threads=threads, overlay=tools.overlay)
            result = measured(made)[profile.name]
        if result.error is not None:
            raise result.error
        packshot = result.packshot
        assert packshot is not None  # noqa: S101 - a result has an error or a picture
        return Answer(
            data={
                "profile": profile.name,
                "status": str(result.status),
                "width": packshot.width,
                "height": packshot.height,
                "media_type": f"image/{packshot.format.lower()}",
                "picture_b64": base64.b64encode(packshot.data).decode("ascii"),
                "enlarged": packshot.enlarged,
                "upscale": round(packshot.upscale, 2),
                "advice": list(packshot.advice),
                "rules": [_rule(rule, profile) for rule in result.rules],
                "upcoming": [_rule(rule, profile) for rule in result.upcoming],
            }
        )

    def _profile(self) -> Profile:
        profile = load_profile(self.profile)
        changes: dict[str, object] = {"background": self.background, "max_upscale": _ENLARGE if self.enlarge else None}
        return profile.model_copy(update={"composition": override_composition(profile.composition, **changes)})


def _rule(rule: RuleResult, profile: Profile) -> dict[str, object]:
    known = next(each for each in profile.rules if each.id == rule.id)
    return {
        **asdict(rule),
        "since": None if rule.since is None else rule.since.isoformat(),
        "wording": known.wording,
        "fix": None if rule.ok else _FIXES.get(known.kind),
    }
