"""What lies before a reviewer of a photo, from its line of the manifest and the hashes of its files."""

from __future__ import annotations

from collections.abc import Mapping

from packshot.decisions.decision import FrameShown, Node, Seen
from packshot.records import Record

__all__ = ["seen_of"]


def seen_of(record: Record, hashes: Mapping[str, str]) -> Seen:
    """What a reviewer is shown of a photo.

    Args:
        record: its line of the manifest.
        hashes: path below the output folder to SHA-256, of the files that are there; one that was deleted is not seen.
    """
    frame = record.frame
    path = tuple(Node(node.id, node.name) for node in (record.category.path if record.category is not None else ()))
    return Seen(
        photo=record.sha256 or "",
        mask=None if record.mask is None else hashes.get(record.mask),
        packshot=None if record.packshot is None else hashes.get(record.packshot),
        category=path or None,
        frame=None
        if frame is None
        else FrameShown(framed=frame.framed, box=frame.inner_box if frame.framed else None, removed=frame.removed),
        corrected=None if record.corrected is None else record.corrected.mask,
    )
