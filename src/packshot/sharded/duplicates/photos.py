"""The photos of a run by number, in a file; and their fingerprints, each calculated when a pair asks for it."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packshot.batch.isolation import unforeseen
from packshot.duplicates import Fingerprint, Sketch, fingerprint_bytes, fingerprint_of, read_fingerprint
from packshot.engines import MemoryGate
from packshot.errors import InternalError, PackshotError, PhotoError, UnreadablePhoto
from packshot.limits import Limits
from packshot.photo import decode, memory_to_decode
from packshot.storage.objects import PhotoReader

__all__ = ["Fingerprints", "KeptPhoto", "PhotoFile"]

_IN_MEMORY = 64  # fingerprints, of 250 kB each
_SHARE_OF_DISK = 0.5  # of what is free


@dataclass(frozen=True, slots=True)
class KeptPhoto:
    """A photo of the run.

    Attributes:
        source: its URI.
        sku: of the product it shows; None where none is known.
        thumbnail: path of its small picture below the output folder; empty where there is none.
        sketch: of its pixels.
    """

    source: str
    sku: str | None
    thumbnail: str
    sketch: Sketch


class PhotoFile:
    """Photos by number, about 3 kB of disk each and no memory.

    Args:
        path: of the file; another one beside it says where each photo begins.
    """

    def __init__(self, path: Path) -> None:
        self._photos = path.open("w+b")
        self._starts = path.with_suffix(".starts").open("w+b")
        self._number = 0

    def __enter__(self) -> PhotoFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._photos.close()
        self._starts.close()

    def __len__(self) -> int:
        return self._number

    def add(self, photo: KeptPhoto) -> None:
        """The next photo; no more of them once one was read."""
        self._starts.write(self._photos.tell().to_bytes(8, "little"))
        row = [photo.source, photo.sku, photo.thumbnail, photo.sketch.text()]
        self._photos.write(json.dumps(row).encode("ascii") + b"\n")
        self._number += 1

    def __getitem__(self, number: int) -> KeptPhoto:
        self._photos.flush()
        self._starts.flush()
        places = os.pread(self._starts.fileno(), 16, 8 * number)
        start = int.from_bytes(places[:8], "little")
        end = int.from_bytes(places[8:], "little") if len(places) == 16 else os.fstat(self._photos.fileno()).st_size
        return _photo(os.pread(self._photos.fileno(), end - start, start))

    def __iter__(self) -> Iterator[KeptPhoto]:
        self._photos.flush()
        with Path(self._photos.name).open("rb") as file:
            yield from map(_photo, file)


def _photo(line: bytes) -> KeptPhoto:
    source, sku, thumbnail, text = json.loads(line)
    sketch = Sketch.read(text)
    assert sketch is not None  # noqa: S101  # written above
    return KeptPhoto(source, sku, thumbnail, sketch)


class Fingerprints:
    """Fingerprints of photos, each photo read at most once while the disk has room; for several threads.

    Args:
        folder: on this machine's disk; half of what is free there is used for fingerprints, of 220 kB each.
        limits: of the decoder.
        memory: bytes that photos may take while they are decoded; None: as many as they need.

    Attributes:
        failed: URIs of the photos that could not be read, and why.
    """

    def __init__(self, folder: Path, *, limits: Limits, memory: int | None) -> None:
        self._folder, self._limits = folder, limits
        self._photos = PhotoReader(max_bytes=limits.max_file_bytes)
        self._gate = MemoryGate(memory)
        self._left = int(shutil.disk_usage(folder).free * _SHARE_OF_DISK)
        self._recent: OrderedDict[str, Fingerprint] = OrderedDict()
        self._lock = threading.Lock()
        self.failed: dict[str, PackshotError] = {}

    def of(self, number: int, photo: KeptPhoto) -> Fingerprint | None:
        """The fingerprint of a photo of the run; None where it cannot be read, or is another photo now.

        Args:
            number: of the photo.
            photo: itself.

        Raises:
            StorageError: the bucket cannot be used.
        """
        source = photo.source
        if source in self.failed:
            return None
        with self._lock:
            if source in self._recent:
                self._recent.move_to_end(source)
                return self._recent[source]
        path = self._folder / f"{number}.npz"
        found = read_fingerprint(path)
        if found is None:
            found = self.fingerprint(source)
            if found is None:
                return None
            if found.pixels != photo.sketch.pixels:
                self.failed[source] = UnreadablePhoto(
                    f"{source} is another photo than the run saw", remedy="repeat the run, then this"
                )
                return None
            self._keep(path, found)
        with self._lock:
            self._recent[source] = found
            while len(self._recent) > _IN_MEMORY:
                self._recent.popitem(last=False)
        return found

    def fingerprint(self, source: str) -> Fingerprint | None:
        """Read a photo, and calculate its fingerprint; None where it cannot be read.

        Raises:
            StorageError: the bucket cannot be used.
        """
        try:
            return self._fingerprint(source)
        except (PhotoError, InternalError) as error:
            self.failed[source] = error
            return None

    def _fingerprint(self, source: str) -> Fingerprint:
        data, _ = self._photos.read(source)
        with tempfile.NamedTemporaryFile(dir=self._folder) as file:
            file.write(data)
            file.flush()
            try:
                with self._gate.reserve(memory_to_decode(file.name, limits=self._limits)):
                    return fingerprint_of(decode(data, name=source, limits=self._limits).rgb)
            except PackshotError:
                raise
            except Exception as error:  # one photo's surprise must not take the others along
                raise unforeseen(error) from error

    def _keep(self, path: Path, fingerprint: Fingerprint) -> None:
        data = fingerprint_bytes(fingerprint)
        with self._lock:
            self._left -= len(data)
            room = self._left >= 0
        if room:
            path.write_bytes(data)
