"""Whether a mask is ready: the chance that a person would publish it, and, if not, why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

from packshot.cutout.signals import Signals
from packshot.errors import ModelMismatch
from packshot.runtime import ReadyRule
from packshot.values import Doubt

__all__ = ["check_rule", "readiness", "reasons"]

# From which a figure is named as a reason; whether the mask is ready is the fitted rule's to say, which may have limits
# of its own.
_LIMITS: dict[str, tuple[Doubt, float]] = {
    "near_person": (Doubt.HELD, 0.01),
    "alike": (Doubt.ALIKE, 0.5),
    "worst_blob": (Doubt.AREA, 0.01),
    "hook": (Doubt.THIN, 0.06),
    "knobs": (Doubt.THIN, 0.0016),
    "smoke": (Doubt.SMOKE, 0.02),
    "pieces": (Doubt.PIECES, 0.02),
    "cut_off": (Doubt.CUT_OFF, 0.005),
    "fringe": (Doubt.FRINGE, 0.038),
    "overruled": (Doubt.GROUND, 0.006),
}
_MOST_MIRRORED = 10.0  # pixels for each of the outline: the mirror image shows another product


def check_rule(rule: ReadyRule | None) -> None:
    """See that every figure of a rule is measured; once for a network, not for each photo.

    Args:
        rule: of the network's card; None where it has none.

    Raises:
        ModelMismatch: the rule names a figure that this version does not measure.
    """
    measured = {field.name for field in fields(Signals)}
    named = () if rule is None else (*rule.features, *rule.limits)
    unknown = [name for name in named if name not in measured]
    if unknown:
        raise ModelMismatch(
            f"ready: expected figures among {', '.join(sorted(measured))}, got {', '.join(unknown)}",
            remedy="update packshot, or fit the rule again with this version: benchmarks/readiness.py",
        )


def readiness(
    signals: Signals, rule: ReadyRule, *, look_at_edge: Callable[[], float], look_again: Callable[[], float]
) -> tuple[float, Signals]:
    """The chance that a person would publish the mask, 0..1, and what was measured for it.

    The second look costs as much as the first, the one at the edge a third of it. Each is taken only where its outcome
    decides whether the mask is ready; elsewhere the chance is that of the best outcome (not ready all the same) or of
    the worst (ready all the same).

    Args:
        signals: of the first look.
        rule: of the network.
        look_at_edge: gives `Signals.fringe`.
        look_again: gives `Signals.mirrored`.
    """

    def chance(mirrored: float) -> float:
        return rule.chance(replace(signals, mirrored=mirrored).as_dict())

    best = max(chance(0.0), chance(_MOST_MIRRORED))
    if best < rule.threshold:
        return best, signals
    if signals.fringe is None and "fringe" in rule.limits:
        signals = replace(signals, fringe=look_at_edge())
    worst, best = sorted((chance(0.0), chance(_MOST_MIRRORED)))
    if best < rule.threshold:
        return best, signals
    if worst >= rule.threshold:
        return worst, signals
    signals = replace(signals, mirrored=look_again())
    return rule.chance(signals.as_dict()), signals


def reasons(signals: Signals, rule: ReadyRule | None = None) -> tuple[Doubt, ...]:
    """What is wrong with a mask that is not ready: the figures above their limits, else the outline as a whole.

    Args:
        signals: of the mask.
        rule: whose limits count before those of this module.
    """
    figures = signals.as_dict()
    limits = {name: limit for name, (_, limit) in _LIMITS.items()} | ({} if rule is None else rule.limits)
    found = dict.fromkeys(doubt for name, (doubt, _) in _LIMITS.items() if figures.get(name, 0.0) > limits[name])
    return tuple(found) or (Doubt.OUTLINE,)
