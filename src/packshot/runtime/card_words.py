"""What a person is told of a network, before using it and when looking for one."""

from __future__ import annotations

from pathlib import Path

from packshot.runtime.card import ModelCard
from packshot.runtime.published import PublishedModel

__all__ = ["card_lines", "file_lines", "offer_line"]


def card_lines(name: str, card: ModelCard, *, size: int) -> list[str]:
    """Name, task, size and rights: what the authors say of their licence, and what the data's terms say.

    Args:
        name: to ask for it.
        card: of the network.
        size: of its file in bytes.
    """
    width, height = card.input.size
    lines = [
        f"{name}  {card.task}  {width}x{height}  {size / 1e6:.1f} MB",
        f"  licence  {card.licence}, {_use(card)}",
    ]
    if card.licence_note:
        lines.append(f"           {card.licence_note}")
    for data in card.provenance:
        forbids = ", FORBIDS COMMERCIAL USE" if data.commercial_use is False else ""
        lines.append(f"  from     {data.name} ({data.licence}{forbids})")
        if data.note:
            lines.append(f"           {data.note}")
    return lines


def file_lines(name: str, card: ModelCard, file: Path) -> list[str]:
    """The same of a network at hand, with its file and its measured figures."""
    lines = [*card_lines(name, card, size=file.stat().st_size), f"  file     {file}", f"  sha256   {card.sha256}"]
    return lines + [f"  {metric}  {value:.4g}" for metric, value in card.metrics.items()]


def offer_line(model: PublishedModel) -> str:
    """A network that can be fetched, in a line."""
    return f"  {model.name}  {model.size / 1e6:.1f} MB  {model.card.licence}, {_use(model.card)}"


def _use(card: ModelCard) -> str:
    return "commercial use allowed" if card.commercial_use else "NON-COMMERCIAL"
