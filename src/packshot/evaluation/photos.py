"""Which photos are scored, under which names, and which could not be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from packshot.datasets import Item
from packshot.errors import PackshotError, UsageError

__all__ = ["Progress", "Unreadable", "choose_photos", "photo_name", "readable"]

AnyItem = TypeVar("AnyItem", bound=Item)
Pixels = TypeVar("Pixels")

#: Called after each photo, with its error where it could not be read.
Progress = Callable[[PackshotError | None], None]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A photo that could not be scored.

    Attributes:
        name: path below the data's folder.
        error: why.
    """

    name: str
    error: PackshotError

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        error = self.error
        return {"name": self.name, "error": {"code": error.code, "message": error.message, "remedy": error.remedy}}


def choose_photos(every: Sequence[AnyItem], *, data: Path, split: str, limit: int | None) -> list[AnyItem]:
    """The pictures of a split, spread evenly if only some are wanted.

    Args:
        every: of all splits.
        data: where they are from, for messages.
        split: its name, or ``all``.
        limit: how many; None for all.

    Raises:
        UsageError: there are none; names the splits that have some.
    """
    found = [item for item in every if split in {item.split, "all"}]
    if not found:
        there = ", ".join(f"{split} {count}" for split, count in Counter(item.split for item in every).items())
        raise UsageError(
            f"{data}: no photos in the split {split} (there are: {there or 'none'})",
            remedy="name another --split, or --split all if nothing was trained on these pictures",
        )
    count = min(limit or len(found), len(found))
    return [found[index * len(found) // count] for index in range(count)]


def photo_name(photo: Path, data: Path) -> str:
    """A photo's path below the data's folder, or as it is."""
    root = data.parent if data.is_file() else data
    return str(photo.relative_to(root) if photo.is_relative_to(root) else photo)


def readable(
    items: Iterable[AnyItem],
    read: Callable[[AnyItem], Pixels],
    *,
    data: Path,
    unreadable: list[Unreadable],
    progress: Progress | None,
) -> Iterator[tuple[AnyItem, Pixels]]:
    """Read one item after another; what cannot be read is noted and left out.

    Args:
        items: the photos.
        read: reads one.
        data: where they are from.
        unreadable: gets what could not be read.
        progress: told of each photo that could not be read, at once.
    """
    for item in items:
        try:
            pixels = read(item)
        except PackshotError as error:
            unreadable.append(Unreadable(photo_name(item.photo, data), error))
            if progress is not None:
                progress(error)
            continue
        yield item, pixels
