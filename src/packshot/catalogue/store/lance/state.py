"""What a LanceDB table says of its own state: items, snapshots, pieces, bytes."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Any

from packshot.catalogue.store.interface import Snapshot, StoreStats
from packshot.catalogue.store.lance.search_index import indexed
from packshot.catalogue.store.layout import SCHEMA_VERSION, stored_model

__all__ = ["fragments_of", "snapshots_of", "stats_of"]


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


def stats_of(table: Any, *, uri: str, folder: Path | None) -> StoreStats:
    """The state of a table, of which None was never written.

    Args:
        table: of LanceDB.
        uri: of the catalogue.
        folder: of the catalogue; None where it lies on object storage.
    """
    stored = _stored_bytes(folder)
    if table is None:
        return StoreStats(uri, 0, None, None, SCHEMA_VERSION, 0, 0, stored, None, 0)
    kind, covered = indexed(table)
    model, dimension = stored_model(table.schema)
    return StoreStats(
        uri=uri,
        items=table.count_rows(),
        model=model,
        dimension=dimension,
        schema_version=SCHEMA_VERSION,
        fragments=fragments_of(table),
        snapshots=len(table.list_versions()),
        stored_bytes=stored,
        index=kind,
        indexed=covered,
    )


def _stored_bytes(folder: Path | None) -> int | None:
    if folder is None:
        return None
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
