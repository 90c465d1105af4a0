"""`find_run_duplicates`: the same photo in several places of a finished run, over all its shards."""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from packshot.batch.memory import memory_budget
from packshot.batch.outputs import thumbnail_path
from packshot.counting import counted
from packshot.duplicates import CopyKind, PairMatch, Sketch, group_row
from packshot.duplicates.on_disk import ROWS_IN_MEMORY, CopyGroup, DiskCandidates, DiskSort, GroupingOnDisk, Verdict
from packshot.errors import PackshotError, UsageError
from packshot.limits import Limits
from packshot.machine import usable_cores
from packshot.sharded.duplicates.photos import Fingerprints, KeptPhoto, PhotoFile
from packshot.sharded.duplicates.results import SHOWN, FoundGroup, GroupFiles
from packshot.sharded.duplicates.verdicts import VerdictLog
from packshot.sharded.duplicates.verifying import Verifier
from packshot.sharded.entries import Row
from packshot.sharded.layout import LEASE
from packshot.sharded.manifest import manifest_records
from packshot.sharded.plan import Plan
from packshot.signals import stop_on_signals
from packshot.storage.objects import Lease, ObjectFolder, open_folder

__all__ = ["DuplicatesSummary", "FoundGroup", "find_run_duplicates"]

_PREFIX = 16  # hexadecimal digits of a pixel hash by which equal ones are brought together


@dataclass(frozen=True, slots=True)
class DuplicatesSummary:
    """What a search found.

    Attributes:
        photos: that were compared.
        groups: of duplicates.
        copies: photos beside the best of each group.
        verified: pairs that this command verified.
        known: pairs that an earlier one had verified.
        unverified: pairs of which a photo cannot be read.
        failed: URIs of these photos, and why.
        stopped_by: number of the signal that stopped the search early; then nothing was written but verdicts.
    """

    photos: int
    groups: int
    copies: int
    verified: int
    known: int
    unverified: int
    failed: dict[str, PackshotError]
    stopped_by: int | None = None

    def words(self) -> str:
        """For a person: how much was found."""
        pairs = f"{counted(self.verified, 'pair')} verified now, {self.known} before"
        if self.stopped_by is not None:
            return f"stopped ({pairs}): repeat the command to go on"
        found = (
            f"{counted(self.photos, 'photo')}, {counted(self.groups, 'group')}, "
            f"{counted(self.copies, 'copy', 'copies')} beside the best ({pairs})"
        )
        left = f"; {counted(self.unverified, 'pair')} could not be verified, as the photos cannot be read"
        return found + left * (self.unverified > 0)

    @property
    def exit_code(self) -> int:
        """0 when all went well, 3 when photos cannot be read, 128 + signal when it was stopped."""
        return 128 + self.stopped_by if self.stopped_by is not None else 3 * bool(self.failed)


def find_run_duplicates(
    out: str,
    *,
    limits: Limits | None = None,
    memory: int | None = None,
    in_memory: int = ROWS_IN_MEMORY,
    found: Callable[[FoundGroup], None] = lambda _: None,
    progress: Callable[[], None] = lambda: None,
    tell: Callable[[str], None] = lambda _: None,
) -> DuplicatesSummary:
    """Find all duplicates of a finished run, and write ``duplicates.jsonl``, ``duplicates.parquet`` and pages.

    The run's rows say what finds candidates; only photos of pairs that are to be verified are read. Photos with the
    same pixels are duplicates without that. Verdicts are kept in the output folder: a repeated call goes on, and after
    another run verifies what is new. See ``docs/decisions/0062-duplicates-in-shards.md``.

    Memory holds a fixed number of features (see `DiskSort`), 64 fingerprints and one connected set of duplicates; 4
    bytes a photo lie in a file that the system maps into memory. About 25 kB of the disk for temporary files are needed
    a photo, and up to half of what is free is used for fingerprints.

    Args:
        out: URI of the output folder.
        limits: of the decoder.
        memory: bytes that photos may take while they are read; by default most of what is free.
        in_memory: pairs of numbers in memory, 16 bytes each.
        found: called with each group, in the order of their first photos.
        progress: called after each pair.
        tell: called with lines for a person.

    Raises:
        UsageError: there is no finished run.
        OutputError: a run holds the output folder, or the table cannot be written.
        StorageError: a bucket cannot be used. Verdicts are kept.
    """
    folder = open_folder(out)
    Plan.of_run(folder)  # before anything is written there
    with (
        Lease(folder, LEASE, tell=tell) as lease,
        stop_on_signals() as stop_requested,
        tempfile.TemporaryDirectory(prefix="packshot-") as name,
        PhotoFile(Path(name) / "photos") as photos,
    ):
        scratch = Path(name)
        fingerprints = Fingerprints(scratch, limits=limits or Limits(), memory=memory or memory_budget())
        for photo in _photos(_with_skus(Plan.of_run(folder).rows(), folder), fingerprints):
            photos.add(photo)
        log = VerdictLog(folder, lease.check)
        verifier = Verifier(photos, fingerprints, log, threads=usable_cores())
        grouping = GroupingOnDisk(scratch, len(photos), in_memory=in_memory)
        candidates = DiskCandidates(scratch, in_memory=in_memory)
        grouping.add(_same_pixels(photos, scratch, in_memory, candidates))
        grouping.add(_counted(verifier.verdicts(candidates.pairs(), stop_requested=stop_requested), progress))
        groups = copies = 0
        if not stop_requested():
            with GroupFiles(folder, scratch) as files:
                for group in grouping.groups(lambda number: photos[number].sketch, verifier.match):
                    groups, copies = groups + 1, copies + len(group.pictures) - 1
                    row = _row(groups, group, photos)
                    files.add(row, [photos[number] for number in group.pictures[:SHOWN]])
                    found(row)
                lease.check()
                files.finish(photos=len(photos), groups=groups, copies=copies)
        return DuplicatesSummary(
            photos=len(photos),
            groups=groups,
            copies=copies,
            verified=verifier.verified,
            known=verifier.known,
            unverified=verifier.unverified,
            failed=fingerprints.failed,
            stopped_by=stop_requested.signal_number,
        )


def _with_skus(rows: Iterator[Row], folder: ObjectFolder) -> Iterator[tuple[Row, str | None]]:
    """The rows with the SKUs that the manifest has for their photos; both are in the order of the URIs."""
    for row, record in zip_longest(rows, manifest_records(folder)):
        if row is None or record is None or record.source != row.source:
            raise UsageError(
                f"the manifest of {folder.uri} is not that of its rows", remedy="repeat the run, then this"
            )
        yield row, record.sku


def _photos(rows: Iterable[tuple[Row, str | None]], fingerprints: Fingerprints) -> Iterator[KeptPhoto]:
    """The photos of a run that could be read; those whose row has no sketch are read again."""
    waiting: deque[tuple[Row, str | None, Future[Sketch | None]]] = deque()
    with ThreadPoolExecutor(usable_cores()) as pool:
        for row, sku in rows:
            if row.record is not None and row.record.pixel_hash is not None:
                waiting.append((row, sku, pool.submit(_sketch, row, fingerprints)))
            if len(waiting) > 4 * usable_cores():
                yield from _kept(*waiting.popleft())
        while waiting:
            yield from _kept(*waiting.popleft())


def _sketch(row: Row, fingerprints: Fingerprints) -> Sketch | None:
    kept = None if row.sketch is None else Sketch.read(row.sketch)
    if kept is not None:
        return kept
    found = fingerprints.fingerprint(row.source)
    return None if found is None else Sketch.of(found)


def _kept(row: Row, sku: str | None, asked: Future[Sketch | None]) -> Iterator[KeptPhoto]:
    sketch = asked.result()
    if sketch is not None:
        small = thumbnail_path(row.stem, "before")
        yield KeptPhoto(row.source, sku, small if small in row.outputs else "", sketch)


def _same_pixels(photos: PhotoFile, scratch: Path, in_memory: int, candidates: DiskCandidates) -> Iterator[Verdict]:
    """Verdicts on the photos with the pixels of an earlier one; the others go to the candidates."""
    pixels = DiskSort(scratch, "pixels", in_memory=in_memory)
    for number, photo in enumerate(photos):
        pixels.add([int(photo.sketch.pixels[:_PREFIX], 16)], [number])
    copies = DiskSort(scratch, "copies", in_memory=in_memory)
    last, first = -1, -1
    for block in pixels.blocks():
        for prefix, number in block.tolist():
            if prefix == last and photos[number].sketch.pixels == photos[first].sketch.pixels:
                copies.add([number], [first])
            else:
                last, first = prefix, number
    same = (row for block in copies.blocks() for row in block.tolist())
    copy = next(same, None)
    for number, photo in enumerate(photos):
        if copy is not None and copy[0] == number:
            yield Verdict(number, copy[1], PairMatch(1.0, CopyKind.EXACT))
            copy = next(same, None)
        else:
            candidates.add(number, photo.sketch)


def _counted(verdicts: Iterator[Verdict], progress: Callable[[], None]) -> Iterator[Verdict]:
    for verdict in verdicts:
        progress()
        yield verdict


def _row(number: int, group: CopyGroup, photos: PhotoFile) -> FoundGroup:
    shown = [photos[picture] for picture in group.pictures]
    row = group_row([photo.source for photo in shown], group.kinds, group.scores)
    return {"group": number, **row, "skus": [photo.sku for photo in shown]}
