"""What Milvus cannot do, in words."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from pymilvus import MilvusException

from packshot.errors import CatalogueError, OutputError

__all__ = ["failures"]


@contextlib.contextmanager
def failures(uri: str) -> Iterator[None]:
    """Turn errors of Milvus into those of a catalogue while the context lasts.

    Args:
        uri: of the catalogue, for the message.

    Raises:
        OutputError: the disk is full.
        CatalogueError: anything else.
    """
    try:
        yield
    except MilvusException as error:
        if "no space" in str(error).lower():
            raise OutputError(f"{uri}: the disk is full ({error.message})", remedy="free some space") from error
        raise CatalogueError(
            f"Milvus at {uri} did not do it ({error.message})",
            remedy="see that the server runs, and the address and MILVUS_TOKEN are right",
        ) from error
