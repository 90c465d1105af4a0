"""Whether a mask is ready: the chance that a person would publish it, and, if not, why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

from packshot.cutout.signals import Signals
from packshot.errors import ModelMismatch
from packshot.runtime import ReadyRule
from packshot.values import Doubt

__all__ = ["check_rule", "readiness", "reasons"]

# From which a figure is named as a reason; whether the mask is ready is the fitted rule's to say.
_LIMITS: dict[Doubt, tuple[str, float]] = {
    Doubt.AREA: ("worst_blob", 0.01),
    Doubt.SMOKE: ("smoke", 0.02),
    Doubt.PIECES: ("pieces", 0.02),
    Doubt.CUT_OFF: ("cut_off", 0.05),
}


def check_rule(rule: ReadyRule | None) -> None:
    """See that every figure of a rule is measured; once for a network, not for each photo.

    Args:
        rule: of the network's card; None where it has none.

    Raises:
        ModelMismatch: the rule names a figure that this version does not measure.
    """
    measured = {field.name for field in fields(Signals)}
    unknown = [] if rule is None else [name for name in rule.features if name not in measured]
    if unknown:
        raise ModelMismatch(
            f"ready: expected features among {', '.join(sorted(measured))}, got {', '.join(unknown)}",
            remedy="update packshot, or fit the rule again with this version: benchmarks/readiness.py",
        )


def readiness(signals: Signals, rule: ReadyRule, look_again: Callable[[], float]) -> float:
    """The chance that a person would publish the mask, 0..1.

    The second look costs as much as the first. It is taken only where its outcome decides whether the mask is ready;
    elsewhere the chance is that of the best outcome (not ready all the same) or of the worst (ready all the same).

    Args:
        signals: of the first look.
        rule: of the network.
        look_again: gives `Signals.mirrored`.
    """

    def chance(mirrored: float) -> float:
        return rule.chance(replace(signals, mirrored=mirrored).as_dict())

    best, worst = sorted((chance(0.0), chance(1.0)), reverse=True)
    if best < rule.threshold:
        return best
    return worst if worst >= rule.threshold else chance(look_again())


def reasons(signals: Signals) -> tuple[Doubt, ...]:
    """What is wrong with a mask that is not ready: those figures above their limits, else the outline as a whole."""
    figures = signals.as_dict()
    found = tuple(doubt for doubt, (name, limit) in _LIMITS.items() if figures[name] > limit)
    return found or (Doubt.OUTLINE,)
