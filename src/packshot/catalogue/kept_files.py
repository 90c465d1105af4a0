"""Which files of runs a catalogue knows: for a command that is to look at those pictures alone."""

from __future__ import annotations

from pathlib import Path

from packshot.catalogue.store import open_store

__all__ = ["kept_files"]


def kept_files(uri: str) -> frozenset[str]:
    """Paths of the masks, cut-outs and pictures of all items, with ``/``, below the folders of the runs that made them.

    Args:
        uri: of the catalogue.

    Raises:
        UsageError: there is no catalogue.
        CatalogueError: it cannot be read.
    """
    with open_store(uri) as store:
        files = (file for item in store.items() for file in item.files.values())
        return frozenset(Path(file).as_posix() for file in files)
