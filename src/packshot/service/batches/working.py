"""What a batch does in its thread: its photos, and its results into a bucket."""

from __future__ import annotations

from collections.abc import Callable

from packshot.batch import Progress, Workers, run_batch
from packshot.batch.pipeline import photo_processing
from packshot.service.batches import bucket
from packshot.service.batches.batch import Batch
from packshot.service.batches.engine import ServiceEngine
from packshot.settings import Settings
from packshot.storage.objects import ObjectUri, open_folder

__all__ = ["do_photos", "put_results"]


def do_photos(batch: Batch, settings: Settings, engine: ServiceEngine, tell: Callable[[Progress], None]) -> None:
    """Make the pictures of a batch; what an earlier process made is not made again.

    Args:
        batch: whose photos are done.
        settings: how.
        engine: hands them to the service's workers.
        tell: told of each photo, in this thread.
    """
    run_batch(
        batch.folder.sources(len(batch.record.names)),
        batch.folder.out,
        photo_processing(settings, batch.record.profiles),
        workers=Workers(engine=engine),
        progress=tell,
    )


def put_results(batch: Batch) -> None:
    """Write a batch's results where its record says."""
    folder, _ = ObjectUri.parse(str(batch.record.results)).split()
    bucket.put_results(batch, open_folder(folder))
