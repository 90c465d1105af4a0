"""All duplicates among photos of folders and of a catalogue."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from packshot.batch import find_sources
from packshot.batch.isolation import unforeseen
from packshot.batch.memory import memory_budget
from packshot.batch.thumbnails import thumbnail
from packshot.catalogue.record import Embedding
from packshot.catalogue.store import Store
from packshot.counting import counted
from packshot.duplicates import (
    Fingerprint,
    Group,
    GroupRow,
    find_duplicates,
    fingerprint_of,
    group_row,
    group_words,
)
from packshot.engines import MemoryGate
from packshot.errors import PackshotError, UsageError
from packshot.limits import Limits
from packshot.machine import usable_cores
from packshot.photo import decode, memory_to_decode
from packshot.storage.encodable import printable

__all__ = [
    "DuplicateScan",
    "PhotoToScan",
    "ScannedPhoto",
    "photos_to_scan",
    "scan_for_duplicates",
]


@dataclass(frozen=True, slots=True)
class PhotoToScan:
    """A photo to compare with all others.

    Attributes:
        source: its path, or its address in a catalogue.
        embedding: float32 (d,), of length 1, if a catalogue has it.
    """

    source: str
    embedding: Embedding | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ScannedPhoto:
    """A photo that was compared.

    Attributes:
        source: its path.
        fingerprint: what it is recognised by.
        preview: a small WebP file, if previews were asked for.
    """

    source: str
    fingerprint: Fingerprint
    preview: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class DuplicateScan:
    """What a scan found.

    Attributes:
        photos: every photo that could be read.
        groups: duplicates among them; positions are those in `photos`.
        failed: how many photos could not be read.
    """

    photos: tuple[ScannedPhoto, ...]
    groups: tuple[Group, ...]
    failed: int

    @property
    def copies(self) -> int:
        """How many photos duplicate a better one."""
        return sum(len(group.members) - 1 for group in self.groups)

    def row(self, group: Group) -> GroupRow:
        """A group as JSON has it."""
        return group_row(
            [self.photos[member.place].source for member in group.members],
            [member.kind for member in group.members],
            [member.score for member in group.members],
        )

    def group_words(self, group: Group) -> str:
        """A group for a person: the best copy, and how each other one differs from it."""
        return group_words(self.row(group), printable)

    def words(self) -> str:
        """For a person: how much was found."""
        photos, groups, copies = len(self.photos), len(self.groups), self.copies
        return (
            f"{counted(photos, 'photo')}, {counted(groups, 'group')}, "
            f"{counted(copies, 'copy', 'copies')} beside the best"
        )


def photos_to_scan(
    sources: Sequence[str], store: Store | None = None
) -> tuple[list[PhotoToScan], list[tuple[str, PackshotError]]]:
    """The photos of files, folders and globs, and of a catalogue; one that is in both is taken from the catalogue.

    Args:
        sources: files, folders or globs.
        store: the catalogue, open.

    Returns:
        The photos, and the sources that hold none, each with the reason.

    Raises:
        UsageError: none of the sources holds a photo.
    """
    useful, empty = list[str](), list[tuple[str, PackshotError]]()
    for source in sources:
        try:
            find_sources([source])
            useful.append(source)
        except UsageError as error:
            empty.append((source, error))
    if empty and not useful:
        raise empty[0][1]
    kept = [] if store is None else [PhotoToScan(item.source, item.embedding) for item in store.items()]
    kept.sort(key=lambda photo: photo.source)
    listed = {os.path.abspath(photo.source) for photo in kept}  # noqa: PTH100  # a catalogue's source may be an address
    named = [PhotoToScan(source.path) for source in find_sources(useful)] if useful else []
    new = [photo for photo in named if os.path.abspath(photo.source) not in listed]  # noqa: PTH100
    return new + kept, empty


def scan_for_duplicates(
    photos: Sequence[PhotoToScan],
    *,
    limits: Limits | None = None,
    previews: bool = False,
    memory: int | None = None,
    progress: Callable[[str, PackshotError | None], None] = lambda *_: None,
) -> DuplicateScan:
    """Compare photos with each other, on all cores.

    Args:
        photos: what to compare.
        limits: of the decoder.
        previews: whether to make small pictures of them.
        memory: bytes that photos may take while they are looked at; by default most of what is free.
        progress: called after each photo, with the reason if it could not be read.
    """
    limits = limits or Limits()
    gate = MemoryGate(memory or memory_budget())

    def scan_photo(photo: PhotoToScan) -> ScannedPhoto | PackshotError:
        try:
            with gate.reserve(memory_to_decode(photo.source, limits=limits)):
                rgb = decode(photo.source, limits=limits).rgb
                return ScannedPhoto(photo.source, fingerprint_of(rgb), thumbnail(rgb) if previews else None)
        except PackshotError as error:
            return error
        except Exception as error:  # one photo's surprise must not take the others along
            return unforeseen(error)

    scanned, embeddings, failed = list[ScannedPhoto](), list[Embedding | None](), 0
    with ThreadPoolExecutor(usable_cores()) as threads:
        for photo, found in zip(photos, threads.map(scan_photo, photos), strict=True):
            if isinstance(found, PackshotError):
                failed += 1
                progress(photo.source, found)
            else:
                scanned.append(found)
                embeddings.append(photo.embedding)
                progress(photo.source, None)
    # Beside a catalogue's photos new ones have no embedding, and candidates are found without.
    known = [each for each in embeddings if each is not None]
    groups = find_duplicates(
        [photo.fingerprint for photo in scanned], embeddings=known if known and len(known) == len(scanned) else None
    )
    return DuplicateScan(tuple(scanned), tuple(groups), failed)
