from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from packshot.catalogue import CatalogueItem

MakeItems = Callable[..., list[CatalogueItem]]


@pytest.fixture
def make_items() -> MakeItems:
    """`count` items with embeddings at random; `first` numbers them, fields may be given."""

    def make(count: int, *, first: int = 0, seed: int = 0, dimension: int = 16, **fields: Any) -> list[CatalogueItem]:
        vectors = np.random.default_rng([seed, first]).standard_normal((count, dimension))
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return [
            CatalogueItem(
                **{
                    "source": f"photos/{number}.jpg",
                    "sha256": f"{number:064x}",
                    "pixel_hash": f"{number:064x}",
                    "model": "describe@1f2e3d4c",
                    "embedding": vector.astype(np.float32),
                    **fields,
                }
            )
            for number, vector in enumerate(vectors, start=first)
        ]

    return make
