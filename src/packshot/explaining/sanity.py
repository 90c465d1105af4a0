"""The sanity check of each method, kept on the card of the network whose answers were explained."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from packshot.counting import counted
from packshot.errors import UsageError
from packshot.explaining.methods import CONTROLS
from packshot.explaining.trust import MethodFigures
from packshot.extras import installing
from packshot.runtime import SanityCheck, read_card
from packshot.storage import write_atomic

__all__ = ["keep_checks", "sanity_checks", "sanity_words"]


def sanity_checks(figures: Sequence[MethodFigures], *, head: str) -> dict[str, SanityCheck]:
    """What was measured, as a card has it; nothing of methods whose maps were not compared with a shuffled network's.

    Args:
        figures: of `packshot.explaining.trust.measure_trust`.
        head: whose answers were explained.
    """
    return {
        row.method: SanityCheck(
            head=head,
            likeness=round(row.likeness.value, 4),
            low=round(row.likeness.interval[0], 4),
            high=round(row.likeness.interval[1], 4),
            photos=row.compared,
        )
        for row in figures
        if row.likeness is not None
    }


def keep_checks(network: Path, checks: dict[str, SanityCheck]) -> Path:
    """Write checks onto the card beside an ONNX file; those of other methods and other questions stay.

    Returns:
        The card.

    Raises:
        UsageError: there is no card beside it, or nothing was measured.
        ModelMismatch: the card is not valid.
        OutputError: it cannot be written.
    """
    path = network.with_suffix(".json")
    if not checks:
        raise UsageError(
            "there is no likeness to keep",
            remedy=f"{installing('train')}, or take a method whose maps are not silent",
        )
    if not path.is_file():
        raise UsageError(f"{network} has no card beside it", remedy="write one: docs/models/other-networks.md")
    card = read_card(path)
    write_atomic(path, card.with_checks(checks).to_json().encode())
    return path


def sanity_words(method: str, check: SanityCheck | None, *, head: str) -> str:
    """What a person has to know of a method's maps; empty where it passed.

    Args:
        method: its name.
        check: of its maps of this answer; None where nobody measured it.
        head: which answer.

    Example:
        >>> sanity_words("edges", SanityCheck(head="category", likeness=1, low=1, high=1, photos=30), head="category")
        'edges fails the sanity check: its maps stay alike when the network forgets (1.00, 1.00 to 1.00, of 30 photos)'
        >>> sanity_words("cam", None, head="kids")
        'cam: no sanity check was measured for kids'
        >>> sanity_words("edges", None, head="kids")
        'edges looks at no network: its map says nothing of kids'
    """
    if check is None and method in CONTROLS:
        return f"{method} looks at no network: its map says nothing of {head}"
    if check is None:
        return f"{method}: no sanity check was measured for {head}"
    if check.passed:
        return ""
    figures = f"{check.likeness:.2f}, {check.low:.2f} to {check.high:.2f}, of {counted(check.photos, 'photo')}"
    return f"{method} fails the sanity check: its maps stay alike when the network forgets ({figures})"
