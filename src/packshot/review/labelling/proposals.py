"""Run the detector over photos: what it saw before and did not change is not seen again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from packshot.batch.sources import Source
from packshot.datasets.manifest import name_in
from packshot.errors import PackshotError, UnreadablePhoto
from packshot.limits import Limits
from packshot.machine import usable_cores
from packshot.photo import decode
from packshot.review.labelling.proposal import Detector, Proposal, Skipped
from packshot.review.labelling.proposal_cache import ProposalCache

__all__ = ["by_uncertainty", "propose"]


def propose(
    sources: Sequence[Source],
    *,
    cache: ProposalCache,
    folder: Path,
    detect: Detector,
    model: str,
    limits: Limits,
    stop: Callable[[], bool],
    progress: Callable[[], None],
) -> tuple[list[Proposal], list[Skipped]]:
    """Ask the detector about every photo, on up to four cores.

    Args:
        sources: the photos; two that lead to the same file are one.
        cache: keeps the proposals; those of the same model and an unchanged file are taken from it.
        folder: of the manifest, resolved; photos are named from there.
        detect: the detector; called from several threads.
        model: its name; a proposal of another one is made anew.
        limits: of the decoder.
        stop: asked after each photo; True ends early, with what was found so far.
        progress: called after each photo.

    Returns:
        Proposals and the photos that have none, both in the order of the sources.

    Raises:
        OutputError: the cache could not be written.
    """
    known = dict(cache.proposals)
    paths = list({Path(source.path).resolve(): Path(source.path) for source in sources}.values())

    def propose(path: Path) -> Proposal | Skipped:
        try:
            return _proposal(path, known=known, folder=folder, detect=detect, model=model, limits=limits)
        except PackshotError as error:
            return Skipped(str(path), error)

    proposals: list[Proposal] = []
    skipped: list[Skipped] = []
    for found in _side_by_side(propose, paths):
        if isinstance(found, Skipped):
            skipped.append(found)
        else:
            if found is not known.get(found.photo):
                cache.add(found)
            proposals.append(found)
        progress()
        if stop():
            break
    return proposals, skipped


def by_uncertainty(proposals: Iterable[Proposal]) -> list[Proposal]:
    """The least certain first; of two that are equal, by name."""
    return sorted(proposals, key=lambda one: (-one.uncertainty, one.photo))


def _side_by_side(propose: Callable[[Path], Proposal | Skipped], paths: Sequence[Path]) -> Iterator[Proposal | Skipped]:
    pool = ThreadPoolExecutor(min(4, usable_cores()))
    try:
        yield from pool.map(propose, paths)
    finally:
        pool.shutdown(cancel_futures=True)


def _proposal(
    path: Path, *, known: dict[str, Proposal], folder: Path, detect: Detector, model: str, limits: Limits
) -> Proposal:
    name = name_in(folder, path)
    _require_plain(name)
    before = known.get(name)
    try:
        status = path.stat()
        stamp = status.st_size, status.st_mtime_ns
    except OSError:
        stamp = 0, 0  # decoding says what is wrong with it
    if before and before.stamp == stamp and before.model == model and stamp[0]:
        return before
    photo = decode(path, limits=limits)
    frame = detect(photo.rgb)
    size = photo.width, photo.height
    return Proposal(name, stamp, photo.sha256, size, model, frame.framed, frame.score, frame.inner_box)


def _require_plain(name: str) -> None:
    # What a table cannot hold, or its reader would strip away.
    control = any(ord(sign) < 32 or ord(sign) == 127 for sign in name)
    broken = any(0xD800 <= ord(sign) <= 0xDFFF for sign in name)
    if control or broken or name != name.strip():
        raise UnreadablePhoto(
            f"{name!r} cannot be named in a table (control signs, spaces at an end, or bytes that are no text)",
            remedy="rename the photo",
        )
