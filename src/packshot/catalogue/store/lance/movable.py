"""A catalogue whose embedding is exchanged: a second table beside the one that answers, then a switch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from packshot.catalogue.store.lance.moving import Beside, mover_lease
from packshot.catalogue.store.lance.store import LanceStore
from packshot.catalogue.store.pointer import Pointing, table_for
from packshot.errors import CatalogueError, CatalogueMismatch
from packshot.storage.objects import Lease

__all__ = ["MovableStore"]


class MovableStore(LanceStore):
    """A `LanceStore` whose items get embeddings of another model, all at once."""

    _closed: Pointing | None = None
    _lease: Lease | None = None

    @contextmanager
    def moving(self, model: str, *, tell: Callable[[str], None] = lambda _: None) -> Iterator[LanceStore]:
        """A second table of this catalogue, for embeddings of another model: no search asks it before `move_to`.

        One process at a time moves a catalogue; one that was killed is followed by the next, which finds what it left.

        Args:
            model: identity of the network of its embeddings.
            tell: called with a line for a person while it waits.

        Raises:
            OutputError: another process moves the catalogue.
            CatalogueDamaged: the table of a move that was begun cannot be read.
        """
        with mover_lease(self._uri, tell=tell) as self._lease:
            self._require_current()
            self._pointer.fill(table_for(model))
            beside = Beside(self._writer, table_for(model), self._lease.check)
            with LanceStore(self._uri, create=True, plan=self._plan, beside=beside) as other:
                yield other

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep other writers out, for several calls together that see what they left; raises as `upsert` does."""
        assert self._lease is not None  # noqa: S101 - in `moving`
        with self._writer.locked():
            self._require_current()
            self._lease.check()
            self._closed = self._pointer.close()
            try:
                self._newest()
                yield
            finally:
                if self._closed is not None:
                    # Where it cannot be told now, the next writer finds that nobody moves it any more.
                    with suppress(CatalogueError):
                        self._pointer.reopen(self._closed)
                    self._closed = None

    def move_to(self, other: LanceStore) -> None:
        """Make the table of `moving` the catalogue, at once for all who open it from now on; to be called in `writing`.

        Who has it open goes on with the former table, which stays until `compact` lets go of it.

        Raises:
            CatalogueLocked: this process was silent for so long that another one let writers in again.
        """
        assert self._closed is not None  # noqa: S101 - in `writing`
        self._pointer.move(self._closed, other.name)
        self._closed = None

    def _require_current(self) -> None:
        if self._pointer.read().table != self._name:
            raise CatalogueMismatch(
                f"the catalogue {self._uri} was moved to another embedding by another process",
                remedy="repeat the command",
            )
