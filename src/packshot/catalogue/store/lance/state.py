"""What a LanceDB table says of its own state: snapshots, pieces, bytes."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Any

from packshot.catalogue.store.interface import Snapshot

__all__ = ["fragments_of", "snapshots_of", "stored_bytes"]


def snapshots_of(table: Any) -> list[Snapshot]:
    """States that can be gone back to, oldest first."""
    return [
        Snapshot(
            version=entry["version"],
            written=entry["timestamp"].astimezone(UTC),  # LanceDB tells local time without its zone
            items=int(entry["metadata"]["total_rows"]),
        )
        for entry in table.list_versions()
    ]


def fragments_of(table: Any) -> int:
    """Pieces the newest state is stored in."""
    return int(table.stats()["fragment_stats"]["num_fragments"])


def stored_bytes(folder: Path | None) -> int | None:
    """Of everything in a catalogue's folder; None where it lies on object storage."""
    if folder is None:
        return None
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
