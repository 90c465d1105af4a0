"""A catalogue compares embeddings of one model only."""

from __future__ import annotations

from collections.abc import Sequence

from packshot.catalogue.record import CatalogueItem, Embedding, check_embeddings
from packshot.counting import counted
from packshot.errors import CatalogueMismatch

__all__ = ["check_items", "check_queries"]


def check_items(items: Sequence[CatalogueItem], *, model: str | None, dimension: int | None, uri: str) -> None:
    """Refuse items that do not belong beside those of the catalogue, or beside each other.

    Args:
        items: to be written; at least one.
        model: of the catalogue; None while it is empty.
        dimension: of the catalogue; None while it is empty.
        uri: of the catalogue, for the message.

    Raises:
        CatalogueMismatch: an embedding of another model or dimension.
    """
    model = model or items[0].model
    dimension = dimension or len(items[0].embedding)
    for item in items:
        _check(item.model, len(item.embedding), model, dimension, what=f"item {item.source}", uri=uri)


def check_queries(
    vectors: Embedding, *, of_model: str, model: str | None, dimension: int | None, uri: str
) -> Embedding:
    """Queries as float32 (n, d).

    Raises:
        CatalogueMismatch: they are of another model or dimension than the catalogue.
        ValueError: they are not vectors of length 1.
    """
    queries = vectors[None] if vectors.ndim == 1 else vectors
    check_embeddings(queries)
    if model is not None and dimension is not None:
        _check(of_model, queries.shape[1], model, dimension, what="the query", uri=uri)
    return queries


def _check(came: str, came_dimension: int, model: str, dimension: int, *, what: str, uri: str) -> None:
    if came != model or came_dimension != dimension:
        raise CatalogueMismatch(
            f"{what}: the catalogue {uri} holds embeddings of {model} with {counted(dimension, 'number')}, "
            f"this one is of {came} with {came_dimension}",
            remedy=f"use that model, or move the catalogue to the new one: packshot catalogue reindex -c {uri}",
        )
