"""A decision in words."""

from __future__ import annotations

from packshot.decisions.decision import Decision, Kind
from packshot.settings import Several

__all__ = ["answer_words", "decision_words"]


def decision_words(decision: Decision) -> str:
    """What was decided, by whom and when."""
    return f"{answer_words(decision)}, by {decision.by}, {decision.at:%Y-%m-%d %H:%M} UTC"


def answer_words(decision: Decision) -> str:
    """What was decided."""
    if decision.category is not None:
        what = "category " + " > ".join(node.name for node in decision.category)
    elif decision.frame is not None:
        box = decision.frame.box
        what = "no frame" if box is None else f"frame around {' '.join(map(str, box))}"
    elif decision.attribute is not None:
        what = f"{decision.attribute.name} {decision.attribute.value}"
    elif decision.reason is not None:
        what = f"rejected: {decision.reason}"
    elif decision.subject is not None:
        what = f"subject {decision.subject.subject.value}"
        what += f", {decision.subject.several.value}" if decision.subject.several is Several.LARGEST else ""
    elif decision.kind is Kind.MASK:
        what = "mask replaced" if decision.strokes is None else "mask corrected"
    else:
        what = "approved"
    return what
