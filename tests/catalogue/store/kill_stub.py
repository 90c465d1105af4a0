"""A writer to be killed: `python kill_stub.py FOLDER` upserts batches of 50, saying each number once it returned."""

from __future__ import annotations

import sys

import numpy as np

from packshot.catalogue import CatalogueItem
from packshot.catalogue.store import open_store


def batch(number: int) -> list[CatalogueItem]:
    vectors = np.random.default_rng(number).standard_normal((50, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return [
        CatalogueItem(
            source=f"{number}/{row}.jpg", sha256=f"{50 * number + row:064x}", pixel_hash=f"{row:064x}",
            embedding=vector, model="describe@1f2e3d4c",
        )
        for row, vector in enumerate(vectors)
    ]  # fmt: skip


def main() -> None:
    with open_store(sys.argv[1], create=True) as store:
        print("ready", flush=True)
        number = store.count() // 50
        while True:
            store.upsert(batch(number))
            print(number, flush=True)
            number += 1


if __name__ == "__main__":
    main()
