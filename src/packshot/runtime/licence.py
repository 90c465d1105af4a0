"""A network that may not be used commercially runs only where that was asked for."""

from __future__ import annotations

from packshot.errors import LicenceRefused
from packshot.runtime.card import ModelCard
from packshot.settings import Settings

__all__ = ["require_licence"]


def require_licence(card: ModelCard, settings: Settings, *, source: str) -> None:
    """Refuse a network whose licence, or whose training data, forbid commercial use.

    Args:
        card: of the network.
        settings: say whether a non-commercial network is acceptable.
        source: named in the error: the network's name or file.

    Raises:
        LicenceRefused: it is not.
    """
    if card.commercial_use or settings.allow_non_commercial:
        return
    reason = f"its licence {card.licence} forbids commercial use"
    if card.forbidding:
        names = ", ".join(data.name for data in card.forbidding)
        reason = f"it was trained on {names}, whose terms forbid commercial use, whatever its licence ({card.licence})"
    raise LicenceRefused(
        f"{source}: {reason}",
        remedy="if your use is non-commercial, set PACKSHOT_ALLOW_NON_COMMERCIAL=1, or pass --allow-non-commercial to "
        "`run`, `cutout`, `evaluate cutout` or `models fetch`",
    )
