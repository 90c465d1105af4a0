"""The catalogues of a service, each open once in its own process for what needs no photo."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from packshot.catalogue.store import Store, open_store
from packshot.service.named import named_places
from packshot.service.refusal import Refusal

__all__ = ["Catalogues"]


class Catalogues:
    """Catalogues by the names that requests use.

    Args:
        texts: each ``CATALOGUE`` or ``NAME=CATALOGUE``; the first is the default.

    Raises:
        UsageError: a name is none, or stands twice.
    """

    def __init__(self, texts: tuple[str, ...]) -> None:
        self._uris = named_places(texts)
        self._open: dict[str, Store] = {}
        self._lock = threading.Lock()

    @property
    def uris(self) -> Mapping[str, str]:
        """Name to address."""
        return self._uris

    def uri(self, name: str | None) -> str:
        """Address of a catalogue; of the first where none is named.

        Raises:
            Refusal: 404, there is none.
        """
        if name is None and self._uris:
            return next(iter(self._uris.values()))
        if name is None or name not in self._uris:
            raise Refusal(404, "unknown_catalogue", "there is no such catalogue here", "see /v1/catalogues")
        return self._uris[name]

    def store(self, name: str) -> Store:
        """A catalogue, open; blocks.

        Raises:
            Refusal: 404, there is none.
            PackshotError: it cannot be opened.
        """
        uri = self.uri(name)
        with self._lock:
            if uri not in self._open:
                self._open[uri] = open_store(uri, create=True)
            return self._open[uri]

    def close(self) -> None:
        """Let go of all of them."""
        with self._lock:
            while self._open:
                self._open.popitem()[1].close()
