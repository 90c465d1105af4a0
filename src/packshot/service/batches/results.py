"""What came of a batch: rows under the names of who sent the photos, files, and all of it as a ZIP."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from packshot.records import Record
from packshot.service.batches.batch import Batch
from packshot.service.batches.folder import safe_name

__all__ = ["file_of", "manifest_of", "photo_rows", "result_files", "zipped"]

_CHUNK = 262_144
_FILES = ("cutout", "mask")


def photo_rows(
    batch: Batch, *, after: int = 0, count: int | None = None
) -> Iterator[tuple[int, Record, dict[str, object]]]:
    """Number of each photo that was tried, its line, and that line under the sender's name, without names of files.

    Args:
        batch: that tried them.
        after: number of the last photo that is not wanted.
        count: of photos at most; None for all.
    """
    try:
        records = batch.places.records(after=after, count=count)
    except OSError:  # none is finished yet
        return
    for number, record in records:
        row = record.model_dump(mode="json", exclude={"mask", "cutout", "heatmaps", "fingerprint", "embedding"})
        row |= {"photo": number, "source": batch.record.names[number - 1]}
        row["error"] = None if record.error is None else {"code": record.error.code, "remedy": record.error.remedy}
        row["packshots"] = {name: _without_file(made) for name, made in row["packshots"].items()}
        row.pop("packshot", None)
        yield number, record, row


def file_of(batch: Batch, number: int, kind: str, profile: str | None) -> Path | None:
    """A result; None where there is none.

    Args:
        batch: that made it.
        number: of the photo, from 1.
        kind: ``packshot``, ``cutout`` or ``mask``.
        profile: of a packshot; the first by default.
    """
    try:
        record = batch.places.record(number)
    except OSError:  # none is finished yet
        return None
    if record is None:
        return None
    if kind != "packshot":
        name = record.cutout if kind == "cutout" else record.mask
    elif profile is None:
        name = record.packshot
    else:
        name = record.packshots[profile].file if profile in record.packshots else None
    return None if name is None else batch.folder.out / name


def zipped(batch: Batch, *, cutouts: bool) -> Iterator[bytes]:
    """A ZIP of all pictures and ``manifest.jsonl``, piece by piece: never whole in memory or on disk.

    Args:
        batch: that made them.
        cutouts: whether cut-outs and masks come along.
    """
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:  # pictures are compressed already
        rows = []
        for row, files in result_files(batch, cutouts=cutouts):
            rows.append(row)
            for name, path in files.items():
                yield from _entry(archive, sink, name, path)
        archive.writestr("manifest.jsonl", manifest_of(rows))
        yield sink.taken()
    yield sink.taken()


def result_files(batch: Batch, *, cutouts: bool) -> Iterator[tuple[dict[str, object], dict[str, Path]]]:
    """For each photo that was tried its row, and the files that are handed out: a safe name to the file.

    Args:
        batch: that made them.
        cutouts: whether cut-outs and masks are among them.
    """
    for number, record, row in photo_rows(batch):
        stem = f"{number:06}-{Path(safe_name(batch.record.names[number - 1])).stem}"
        files = {f"packshots/{profile}/{stem}": made.file for profile, made in record.packshots.items()}
        if cutouts:
            files |= {f"{kind}s/{stem}": getattr(record, kind) for kind in _FILES}
        found = {f"{name}{Path(file).suffix}": batch.folder.out / file for name, file in files.items() if file}
        yield {**row, "file": stem}, found


def manifest_of(rows: Iterable[Mapping[str, object]]) -> bytes:
    """``manifest.jsonl``."""
    return "".join(f"{json.dumps(row)}\n" for row in rows).encode()


def _entry(archive: zipfile.ZipFile, sink: _Sink, name: str, path: Path) -> Iterator[bytes]:
    try:
        file = path.open("rb")
    except OSError:  # deleted meanwhile; its row says that it was there
        return
    with file, archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as entry:
        while chunk := file.read(_CHUNK):
            entry.write(chunk)
            yield sink.taken()


def _without_file(made: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in made.items() if key != "file"}


class _Sink(io.RawIOBase):
    """What was written and not yet taken; it cannot be gone back in, as an answer cannot."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._chunks.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """All of it, once."""
        chunks, self._chunks = self._chunks, []
        return b"".join(chunks)
