"""The catalogue in LanceDB: a folder without a server, or object storage."""

from packshot.catalogue.store.lance.movable import MovableStore
from packshot.catalogue.store.lance.store import LanceStore

__all__ = ["LanceStore", "MovableStore"]
