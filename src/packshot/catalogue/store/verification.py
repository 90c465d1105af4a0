"""Whether a catalogue still holds what was written: LanceDB's files carry no checksums, our rows do."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from packshot.catalogue.record import Embedding
from packshot.catalogue.store.interface import Problem, Store
from packshot.catalogue.store.layout import items_of
from packshot.errors import PackshotError

__all__ = ["find_problems", "recall_at_10"]

_ENOUGH_RECALL = 0.9
_SAMPLE = 30
_SHOWN = 20
_AGAIN = "index its photo again, or go back with `packshot catalogue restore`"


def find_problems(store: Store, batches: Iterator[pa.RecordBatch]) -> list[Problem]:
    """Read every row and hold it against its own content hash; then measure the index."""
    problems: list[Problem] = []
    model = store.model or ""
    seen: set[int] = set()
    try:
        for rows in batches:
            for row in range(len(rows)):
                _check_row(rows.slice(row, 1), seen, problems, model=model)
        recall = store.stats(recall_sample=_SAMPLE).recall_at_10
    except PackshotError as error:
        problems.append(Problem(error.message, error.remedy))
    else:
        if recall is not None and recall < _ENOUGH_RECALL:
            problems.append(
                Problem(f"the index finds {recall:.2f} of the ten nearest", "build it anew: packshot catalogue compact")
            )
    if len(problems) > _SHOWN:
        more = f"and {len(problems) - _SHOWN} more"
        problems = [*problems[:_SHOWN], Problem(more, _AGAIN)]
    return problems


def _check_row(row: pa.RecordBatch, seen: set[int], problems: list[Problem], *, model: str) -> None:
    key = row.column("id")[0].as_py()
    # Python's own hash: eight bytes an item in place of a hundred.
    if hash(key) in seen:
        problems.append(Problem(f"item {key} is there twice", "delete it and index its photo again"))
    seen.add(hash(key))
    try:
        (item,) = items_of(row, model=model)
    except (ValueError, TypeError) as error:
        problems.append(Problem(f"item {key} is damaged ({error})", _AGAIN))
        return
    if item.content_hash != row.column("content_hash")[0].as_py():
        problems.append(Problem(f"item {key} is not what was written", _AGAIN))


def recall_at_10(store: Store, *, sample: int) -> float:
    """Share of the exact ten nearest that the index finds, for items spread over the catalogue.

    An item as near as the tenth counts as found: which of several equals is tenth is nobody's fault.
    """
    queries = _spread(store, sample)
    exact = store.search(queries, model=store.model or "", k=10, exact=True)
    found = store.search(queries, model=store.model or "", k=10, exact=False)
    shares = []
    for truth, answer in zip(exact, found, strict=True):
        least = truth[-1].score - 1e-6
        shares.append(sum(hit.score >= least for hit in answer) / len(truth))
    return float(np.mean(shares))


def _spread(store: Store, sample: int) -> Embedding:
    step = max(1, store.count() // sample)
    chosen, passed = [], 0
    for _, vectors in store.embeddings():
        first = -passed % step
        chosen.append(vectors[first::step])
        passed += len(vectors)
    return np.concatenate(chosen)[:sample]
