"""What an earlier run found, read back from its output folder."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from packshot.catalogue import CatalogueItem
from packshot.catalogue.search import SKU
from packshot.errors import UsageError
from packshot.records import MANIFEST, Record, read_manifest, sure_attributes

__all__ = ["kept_embedding", "read_embedding", "run_records", "with_record"]


def run_records(out: Path) -> Iterator[Record]:
    """The manifest's lines.

    Raises:
        UsageError: the manifest is damaged.
    """
    try:
        yield from read_manifest(out / MANIFEST)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{out / MANIFEST} is damaged ({error})", remedy="repeat the `packshot run` that wrote it"
        ) from error


def kept_embedding(record: Record, out: Path, *, network: str) -> NDArray[np.float32] | None:
    """A photo's embedding as the run kept it.

    Returns:
        float32 (d,); None where it is of another network, gone or damaged: it is made again then.
    """
    kept = record.embedding
    if kept is None or kept.model != network:
        return None
    try:
        return read_embedding((out / kept.file).read_bytes())
    except OSError:
        return None


def read_embedding(data: bytes) -> NDArray[np.float32] | None:
    """An embedding as a run keeps it.

    Returns:
        float32 (d,); None where it is damaged.
    """
    try:
        embedding = np.load(io.BytesIO(data), allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    fits = isinstance(embedding, np.ndarray) and embedding.dtype == np.float32 and embedding.ndim == 1
    return embedding if fits and np.isclose(np.linalg.norm(embedding), 1, atol=1e-3) else None


def with_record(item: CatalogueItem, record: Record) -> CatalogueItem:
    """An item with what a run found of its photo."""
    path_down = record.category.path if record.category is not None else ()
    files = {"mask": record.mask, "cutout": record.cutout, "packshot": record.packshot}
    return replace(
        item,
        files={name: file for name, file in files.items() if file},
        category=tuple(choice.id for choice in path_down),
        category_score=path_down[-1].score if path_down else None,
        attributes=sure_attributes(record.attributes) | ({SKU: record.sku} if record.sku else {}),
        findings={} if record.findings is None else record.findings.model_dump(mode="json", exclude_unset=True),
    )
