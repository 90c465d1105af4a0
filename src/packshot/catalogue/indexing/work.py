"""What a worker does with one photo for the catalogue: embed it, or read what a run found."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from packshot.batch.isolation import unforeseen
from packshot.catalogue import CatalogueItem
from packshot.catalogue.indexing.embedding import Background, describer_of, embed, identity, item_of
from packshot.catalogue.indexing.network_check import check_identity
from packshot.catalogue.indexing.run_results import kept_embedding, with_record
from packshot.duplicates import pixel_hash
from packshot.errors import PackshotError, UsageError
from packshot.photo import decode
from packshot.pipeline import Pipeline
from packshot.records import Record
from packshot.storage.hashing import sha256_of_file

__all__ = ["IndexTask", "IndexWork", "Indexed"]

Indexed = CatalogueItem | PackshotError
"""The item, or why there is none."""


@dataclass(frozen=True, slots=True)
class IndexTask:
    """One photo.

    Attributes:
        source: as it was named.
        stem: tells it from every other.
        record: what a run found; None for a photo that no run has seen.
        out: the run's folder.
        root: where the run was typed.
    """

    source: str
    stem: str
    record: Record | None = None
    out: str = ""
    root: str = "."


class IndexWork:
    """Makes items with one pipeline.

    Args:
        make_pipeline: called once, in the process that does the work.
        background: what products stand on.
        model: identity of the catalogue's embeddings; None while it is empty.
        uri: of the catalogue, for the message.
        network: name and hash of the pipeline's describing network, if that is known: the pipeline is then made only
            for a photo whose run kept no embedding.

    Raises:
        CatalogueMismatch: the catalogue's embeddings are not of this network and background.
        UsageError: the pipeline describes nothing.
    """

    def __init__(
        self,
        make_pipeline: Callable[[], Pipeline],
        background: Background,
        model: str | None,
        uri: str,
        *,
        network: str | None = None,
    ) -> None:
        self._make_pipeline = make_pipeline
        self._background = background
        self._network = network or describer_of(self._pipeline).network.id
        check_identity(model, identity(self._network, background), uri=uri)

    @functools.cached_property
    def _pipeline(self) -> Pipeline:
        return self._make_pipeline()

    def __call__(self, task: IndexTask) -> Indexed:
        """Make one item; what is wrong with a photo is returned, not raised."""
        try:
            if task.record is None:
                return item_of(embed(self._pipeline, task.source, background=self._background), task.source)
            return self._of_run(task, task.record)
        except PackshotError as error:
            return error
        except Exception as error:  # one photo's surprise must not take the batch along
            return unforeseen(error)

    def _of_run(self, task: IndexTask, record: Record) -> CatalogueItem:
        path = Path(task.root) / task.source
        if path.is_file() and sha256_of_file(path) != record.sha256:
            raise UsageError(f"{task.source} was changed since the run", remedy="repeat the run, then index again")
        kept = (
            kept_embedding(record, Path(task.out), network=self._network)
            if self._background is Background.PHOTO
            else None
        )
        if kept is None:
            item = item_of(embed(self._pipeline, path, background=self._background, name=task.source), str(path))
        else:
            item = CatalogueItem(
                source=str(path),
                sha256=record.sha256 or "",
                pixel_hash=record.pixel_hash or self._pixel_hash(task, path),
                embedding=kept,
                model=identity(self._network, self._background),
            )
        return with_record(item, record)

    def _pixel_hash(self, task: IndexTask, path: Path) -> str:
        # A run of an earlier version kept none.
        return pixel_hash(decode(path, name=task.source, limits=self._pipeline.settings.limits).rgb)
