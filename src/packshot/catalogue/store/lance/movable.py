"""A catalogue in a folder whose embedding is exchanged: a second table beside the one that answers, then a switch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from packshot.catalogue.store.current import begin_move, finish_move, table_for
from packshot.catalogue.store.lance.store import LanceStore
from packshot.errors import UsageError

__all__ = ["MovableStore"]


class MovableStore(LanceStore):
    """A `LanceStore` whose items get embeddings of another model, all at once."""

    def beside(self, model: str) -> LanceStore:
        """A second table of this catalogue, for embeddings of another model: no search asks it before `move_to`.

        Args:
            model: identity of the network of its embeddings.

        Raises:
            UsageError: the catalogue is not in a folder.
            CatalogueDamaged: the table of a move that was begun cannot be read.
        """
        if self._folder is None:
            raise UsageError(
                f"{self._uri} is not a folder: its embedding cannot be exchanged in place",
                remedy="index the photos into a new catalogue, then name that one in searches",
            )
        begin_move(self._folder, table_for(model))
        return LanceStore(self._uri, create=True, plan=self._plan, beside=(self, table_for(model)))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep other writers out, for several calls together that see what they left; raises as `upsert` does."""
        with self._writer.locked():
            self._newest()
            yield

    def move_to(self, other: LanceStore) -> None:
        """Make the table of `beside` the catalogue, at once for all who open it from now on.

        Who has it open goes on with the former table, which stays until `compact` lets go of it.
        """
        assert self._folder is not None  # noqa: S101 - `beside` refused others
        with self._writer.locked():
            finish_move(self._folder, other.name)
