"""Finding the table of a catalogue, or saying why there is none."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import lancedb

from packshot.catalogue.store.folder import check_folder
from packshot.catalogue.store.lance.failures import failures, meaning_of
from packshot.catalogue.store.layout import check_schema
from packshot.catalogue.store.places import folder_of
from packshot.catalogue.store.pointer import Pointer
from packshot.errors import CatalogueDamaged, UsageError
from packshot.storage.objects.credentials import aws_profile

__all__ = ["connect", "open_table", "set_aside_damaged"]

# How old what a reader sees may be: LanceDB looks for a newer state when its last look is longer ago than this.
_STALENESS = timedelta(seconds=1)
_ASIDE = ".damaged"


def connect(uri: str) -> Any:
    """LanceDB's connection; S3's credentials, region and endpoint are those of runs in buckets."""
    options = _s3_options() if uri.startswith("s3://") else None
    with failures(uri):
        return lancedb.connect(uri, read_consistency_interval=_STALENESS, storage_options=options)


def _s3_options() -> dict[str, str]:
    profile = aws_profile()
    return {key: str(value) for key, value in profile.config().items()} | {
        "allow_http": str(profile.plain_http).lower()
    }


def open_table(database: Any, *, uri: str, name: str) -> Any:
    """The table, checked; None if no item was ever written.

    Args:
        database: as `connect` gives it.
        uri: of the catalogue.
        name: of the table.

    Raises:
        CatalogueDamaged: it cannot be opened.
        CatalogueMismatch: it was written by a newer packshot.
        UsageError: it is not a catalogue's.
    """
    folder = folder_of(uri)
    try:
        try:
            table = database.open_table(name)
        except (RuntimeError, ValueError, OSError):
            if folder is None or not _manifests(folder, name):
                raise
            table = database.open_table(name)  # another writer may have made it since the first look
    except (RuntimeError, ValueError, OSError) as error:
        # A table whose newest manifest is gone is "not found" as well.
        manifests = [] if folder is None else _manifests(folder, name)
        if "was not found" in str(error) and not manifests:
            return None
        failure = meaning_of(error, uri=uri)
        if isinstance(failure, CatalogueDamaged) and manifests:
            newest = manifests[0]
            raise CatalogueDamaged(
                f"the catalogue {uri} is damaged: its newest state, {newest.name}, cannot be read",
                remedy="go back to the state before: packshot catalogue restore",
            ) from error
        raise failure from error
    check_schema(table.schema, uri=uri)
    return table


def set_aside_damaged(uri: str) -> list[Path]:
    """Rename manifests that cannot be read, newest first, until the catalogue opens.

    Nothing is deleted: each keeps its name with ``.damaged`` behind it.

    Returns:
        What was renamed; empty for a catalogue that opens.

    Raises:
        CatalogueDamaged: no state of the catalogue can be read.
        UsageError: there is no catalogue, or it is not in a folder.
    """
    folder = folder_of(uri)
    if folder is None:
        raise UsageError(
            f"{uri} is not a folder: only there can a damaged state be set aside",
            remedy="use the versions of the bucket, or index the photos again",
        )
    check_folder(folder, create=False)
    aside: list[Path] = []
    name = Pointer(uri).read().table
    while True:
        try:
            open_table(connect(uri), uri=uri, name=name)
            return aside
        except CatalogueDamaged:
            manifests = _manifests(folder, name)
            if len(manifests) <= 1:
                for path in reversed(aside):
                    path.rename(path.with_name(path.name.removesuffix(_ASIDE)))
                raise
            newest = manifests[0]
            aside.append(newest.rename(newest.with_name(newest.name + _ASIDE)))


def _manifests(folder: Path, name: str) -> list[Path]:
    """Newest first: LanceDB names them by 2**64 - 1 - version, in twenty digits."""
    return sorted((folder / f"{name}.lance" / "_versions").glob("*.manifest"))
