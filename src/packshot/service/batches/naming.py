"""What photos of batches are called: on the disk by a number, in every answer as who sent them calls them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

__all__ = ["called_by_senders"]

_PHOTO = r"[/\\]([0-9a-f]{32})[/\\]photos[/\\]([0-9]{6})"


def called_by_senders(text: str, root: Path, names: Callable[[str], Sequence[str]]) -> str:
    """The same with each kept photo called as its sender called it, and no other path of the kept files.

    Args:
        text: a path, or words with paths in them, such as an error's.
        root: the folder of all batches.
        names: from a batch's id to what its photos are called, in their order; empty where it is not known any more.

    Example:
        >>> id_ = "0f8c5d0e8a0b4c0f9d6f4d5b3b0c1a2e"
        >>> path = Path("/srv/jobs") / id_ / "photos" / "000002"
        >>> called_by_senders(f"{path} has no mask", Path("/srv/jobs"), lambda _: ("shoe.jpg", "bag.jpg"))
        'bag.jpg has no mask'
    """

    def name(photo: re.Match[str]) -> str:
        known, number = names(photo[1]), int(photo[2])
        return known[number - 1] if 0 < number <= len(known) else photo[2]

    return re.sub(re.escape(str(root)) + _PHOTO, name, text).replace(f"{root}{os.sep}", "")
