"""What an earlier run found, read back from its output folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from packshot.errors import UsageError
from packshot.records import MANIFEST, Record, read_manifest
from packshot.storage import STATE_FOLDER

__all__ = ["is_run_folder", "kept_embedding", "run_records"]


def is_run_folder(path: Path) -> bool:
    """Whether a run wrote its results there."""
    return (path / STATE_FOLDER).is_dir() and (path / MANIFEST).is_file()


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
        embedding = np.load(out / kept.file, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    fits = isinstance(embedding, np.ndarray) and embedding.dtype == np.float32 and embedding.ndim == 1
    return embedding if fits and np.isclose(np.linalg.norm(embedding), 1, atol=1e-3) else None
