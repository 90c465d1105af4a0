"""Where the catalogue is kept: LanceDB in a folder or on object storage, Milvus as a serving cluster."""

from packshot.catalogue.store.interface import Filter, Hit, Problem, Snapshot, Store, StoreStats, Upserted
from packshot.catalogue.store.opening import is_there, open_movable, open_store, set_aside_damaged, table_column

__all__ = [
    "Filter",
    "Hit",
    "Problem",
    "Snapshot",
    "Store",
    "StoreStats",
    "Upserted",
    "is_there",
    "open_movable",
    "open_store",
    "set_aside_damaged",
    "table_column",
]
