"""From which score on a hit is a match: fitted on queries whose answer is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from packshot.batch.isolation import unforeseen
from packshot.catalogue.indexing.embedding import (
    Background,
    background_of,
    describer_of,
    embed,
    identity,
    query_background,
)
from packshot.catalogue.search import CATEGORY_SHARE, search, write_match_rule
from packshot.catalogue.store import Store
from packshot.counting import counted
from packshot.errors import PackshotError, UsageError
from packshot.evaluation import MatchFit, fit_match
from packshot.pipeline import Pipeline
from packshot.runtime import MatchRule
from packshot.storage.table import read_table

__all__ = ["Calibration", "LabelledQuery", "calibrate", "read_queries"]

_COLUMNS = ("photo", "item")


@dataclass(frozen=True, slots=True)
class LabelledQuery:
    """A query whose answer is known.

    Attributes:
        photo: the file.
        items: ids or sources of the items that show its product; none if none does.
    """

    photo: Path
    items: frozenset[str]


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was fitted, and kept with the catalogue.

    Attributes:
        rule: the threshold and what it was measured at.
        fit: precision, coverage and recall with their intervals.
        failed: queries that could not be asked.
    """

    rule: MatchRule
    fit: MatchFit
    failed: int

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        return {**self.rule.model_dump(), "recall": None if self.fit.recall is None else self.fit.recall.value}

    def words(self) -> str:
        """For a person: the threshold, and how often its matches are right."""
        rule, right, found = self.rule, self.fit.precision, self.fit.recall
        interval = "" if right is None else f" ({right.low:.3f} to {right.high:.3f})"
        recall = "" if found is None else f", {found.value:.0%} of the products that are there"
        return (
            f"a match from {rule.threshold:.4f} on: precision {rule.precision:.3f}{interval}\n"
            f"found: {rule.coverage:.0%} of {counted(rule.queries, 'query', 'queries')}{recall}"
        )


def read_queries(table: Path) -> list[LabelledQuery]:
    """Labelled queries from a CSV file.

    Args:
        table: UTF-8, with the columns ``photo``, relative to the table, and ``item``, several with ``|`` between them.

    Raises:
        UsageError: it cannot be read, or lacks a column.
    """
    columns, rows = read_table(table)
    if not set(_COLUMNS) <= set(columns):
        raise UsageError(f"{table}: expected the columns {', '.join(_COLUMNS)}", remedy="see --help")
    return [
        LabelledQuery(table.parent / row["photo"], frozenset(filter(None, row.get("item", "").split("|"))))
        for _, row in rows
        if row.get("photo")
    ]


def calibrate(
    store: Store,
    pipeline: Pipeline,
    queries: Sequence[LabelledQuery],
    *,
    background: Background | None = None,
    precision: float = 0.95,
    progress: Callable[[PackshotError | None], None] = lambda _: None,
) -> Calibration:
    """Fit the score from which a hit is a match, and keep it with the catalogue.

    Args:
        store: the catalogue, open.
        pipeline: embeds the queries.
        queries: at least two that can be asked.
        background: what the queries stand on; by default as in `PhotoSearch`.
        precision: wanted of the matches, above 0 and at most 1.
        progress: called after each query, with the reason if it could not be asked.

    Raises:
        UsageError: the catalogue is empty or not a folder, there are too few queries, or no threshold reaches the
            precision.
        OutputError: the rule could not be written.
    """
    model = store.model
    if model is None:
        raise UsageError(f"{store.uri} is empty", remedy="index photos first")
    asked = background or query_background(model)
    card = describer_of(pipeline).network.card.match
    scores: list[float] = []
    right: list[bool] = []
    there: list[bool] = []
    failed = 0
    for query in queries:
        try:
            photo = embed(pipeline, query.photo, background=asked)
        except Exception as error:  # one photo's surprise must not take the others along
            failed += 1
            progress(error if isinstance(error, PackshotError) else unforeseen(error))
            continue
        asked_as = identity(photo.network, background_of(model))
        share = CATEGORY_SHARE if card is None else card.share_for(photo.chances, otherwise=CATEGORY_SHARE)
        usual = None if card is None else card.usual_for(photo.chances)
        (found,) = search(
            store, photo.embedding, model=asked_as, k=1, chances=[photo.chances], share=share, usual=usual
        )
        first = found.hits[0]
        scores.append(first.score if found.match_score is None else found.match_score)
        right.append(bool(query.items & {first.id, first.source}))
        there.append(bool(query.items))
        progress(None)
    if len(scores) < 2:
        raise UsageError("expected at least two photos that can be searched for", remedy="label more")
    fit = fit_match(scores, right, there=there, precision=precision)
    if fit.threshold is not None and fit.precision is None:
        raise UsageError(
            f"{counted(fit.queries, 'query is', 'queries are')} too few: a threshold from one half of them "
            "finds no match in the other",
            remedy="label more; some tens say something",
        )
    if fit.threshold is None or fit.precision is None:
        raise UsageError(
            f"no score is high enough for a precision of {precision:g} on "
            f"{'this' if fit.queries == 1 else 'these'} {counted(fit.queries, 'query', 'queries')}",
            remedy="ask for less with --precision, label more queries, or train the network on such photos",
        )
    rule = MatchRule(
        threshold=fit.threshold,
        precision=fit.precision.value,
        coverage=fit.coverage.value,
        queries=fit.queries,
        ground=str(asked),
        shares={} if card is None else card.shares,
        usual={} if card is None else card.usual,
    )
    write_match_rule(store.uri, rule, model=model)
    return Calibration(rule, fit, failed)
