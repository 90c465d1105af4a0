"""From URIs to a stream of photos in the order of their URIs; nothing is held but a page."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from packshot.batch.object_sources import is_hidden
from packshot.counting import counted
from packshot.errors import ObjectNotFound, UsageError
from packshot.sharded.entries import PhotoEntry
from packshot.sharded.stems import stem_of
from packshot.sharded.tables import is_table, table_sources
from packshot.storage.objects import ObjectInfo, ObjectUri, is_object_uri, open_folder

__all__ = ["PassedOverKeys", "as_uri", "in_shards", "photos_of"]


def as_uri(source: str | Path) -> str:
    """A source as a URI; paths are those of this machine's disks."""
    text = str(source)
    return text if is_object_uri(text) else str(ObjectUri.of_path(Path(text)))


def in_shards(sources: Sequence[str], out: str) -> bool:
    """Whether a run is one in shards: something of it is a URI, or a table of URIs.

    Example:
        >>> in_shards(["photos"], "out"), in_shards(["photos"], "s3://shop/out"), in_shards(["new.csv"], "out")
        (False, True, True)
    """
    return any(map(is_object_uri, (*sources, out))) or any(is_table(as_uri(source)) for source in sources)


class PassedOverKeys:
    """Counts of objects that are no photos by their names, by suffix."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def lines(self) -> list[str]:
        """In words."""
        return [
            f"passed over {counted(count, 'object whose name ends', 'objects whose names end')} in {suffix}"
            for suffix, count in self.counts.most_common(5)
        ]


def photos_of(sources: Sequence[str], passed_over: PassedOverKeys) -> Iterator[PhotoEntry]:
    """Every photo below some URIs, or that a table names, each once.

    An object counts if its name has a photo's suffix, or none. Hidden ones (a part begins with a dot) do not.

    Args:
        sources: URIs of folders, photos or tables (``.csv``, ``.parquet``, ``.lance``, with ``:COLUMN``).
        passed_over: gets what does not count.

    Raises:
        UsageError: a table has no such column, or names something that is no URI.
        StorageError: a bucket cannot be used.
    """
    several = len(sources) > 1
    streams = [_photos(source, passed_over, several=several) for source in sources]
    before = ""
    for entry in heapq.merge(*streams, key=lambda entry: entry.source):
        if entry.source < before:
            raise UsageError(
                f"{entry.source}: the store does not list in the order of the keys",
                remedy="use a general-purpose bucket, or name the photos in a table",
            )
        if entry.source != before:
            yield entry
        before = entry.source


def _photos(source: str, passed_over: PassedOverKeys, *, several: bool) -> Iterator[PhotoEntry]:
    if is_table(source):
        for found in table_sources(source):
            place = ObjectUri.parse(found)
            yield PhotoEntry(found, stem_of(place.path.lstrip("/")))
        return
    root = ObjectUri.parse(source)
    # Of several sources, each one's results have a folder of their own.
    above = f"{root.bucket}/{root.path}".strip("/") + "/" if several else ""
    empty = True
    for info in open_folder(root).list():
        empty = False
        if _is_photo(info, passed_over):
            yield PhotoEntry(str(root.child(info.path)), stem_of(above + info.path), info.size, info.etag)
    if empty:
        yield from _one_object(root, above)


def _one_object(root: ObjectUri, above: str) -> Iterator[PhotoEntry]:
    folder, name = root.split()
    if name:
        try:
            info = open_folder(folder).head(name)
        except ObjectNotFound:
            return
        yield PhotoEntry(str(root), stem_of(above.rpartition(name)[0] + name), info.size, info.etag)


def _is_photo(info: ObjectInfo, passed_over: PassedOverKeys) -> bool:
    from packshot.photo import SUFFIXES  # noqa: PLC0415  # brings Pillow

    if is_hidden(info.path):
        return False
    suffix = PurePosixPath(info.path).suffix.lower()
    if suffix in SUFFIXES:
        return True
    if not suffix:
        return info.size > 0  # an empty one marks a folder
    passed_over.counts[suffix] += 1
    return False
