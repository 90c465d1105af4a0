"""One embedding of several views of one product."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from packshot.catalogue.record import Embedding, check_embeddings

__all__ = ["average"]


def average(embeddings: Sequence[Embedding]) -> Embedding:
    """The mean of several views, of length 1: its cosine with an item ranks as the mean of the views' cosines does.

    Args:
        embeddings: each float32 (d,), of length 1; at least one.

    Raises:
        ValueError: none were given, one is not of length 1, or they cancel each other out.

    Example:
        >>> [round(float(part), 4) for part in average([np.float32([1, 0]), np.float32([0, 1])])]
        [0.7071, 0.7071]
    """
    if not embeddings:
        raise ValueError("average: expected at least one embedding, got none")
    views = np.stack(embeddings)
    check_embeddings(views)
    mean = views.mean(axis=0)
    length = float(np.linalg.norm(mean))
    if length < 1e-6:
        raise ValueError("average: expected views that agree in something, got vectors that cancel out")
    return np.asarray(mean / length, np.float32)
