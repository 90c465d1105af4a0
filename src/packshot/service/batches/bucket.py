"""A batch's pictures into a bucket that whoever started the service named."""

from __future__ import annotations

from pathlib import Path

from packshot.service.batches.batch import Batch
from packshot.service.batches.results import manifest_of, result_files
from packshot.specs import MEDIA_TYPES
from packshot.storage.objects import ObjectFolder

__all__ = ["put_results"]

_LINES = "application/x-ndjson"


def put_results(batch: Batch, bucket: ObjectFolder) -> int:
    """Write what the ZIP holds, a file an object below the batch's id, and the manifest last: where it is, all is.

    Done once more it writes the same objects.

    Args:
        batch: that has run.
        bucket: or a folder of it.

    Returns:
        How many pictures were written.

    Raises:
        StorageError: the store refuses, or fails also when it is asked again.
    """
    count, rows = 0, []
    for row, files in result_files(batch, cutouts=True):
        rows.append(row)
        for name, path in files.items():
            try:
                content = path.read_bytes()
            except FileNotFoundError:  # deleted meanwhile; its row says that it was there
                continue
            suffix = Path(name).suffix.lower()
            bucket.write(f"{batch.record.id}/{name}", content, content_type=MEDIA_TYPES.get(suffix))
            count += 1
    bucket.write(f"{batch.record.id}/manifest.jsonl", manifest_of(rows), content_type=_LINES)
    return count
