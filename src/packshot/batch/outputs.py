"""Writing what the pipeline made of one photo, each file whole or not at all: what is made once, then each picture."""

from __future__ import annotations

import contextlib
import hashlib
import io
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from packshot.batch.heatmaps import draw_heatmaps
from packshot.batch.profile_folders import PACKSHOTS
from packshot.batch.thumbnails import thumbnail
from packshot.specs import FileFormat
from packshot.storage.atomic import output_error, write_atomic
from packshot.storage.lock import STATE_FOLDER

if TYPE_CHECKING:
    from packshot.batch.journal import Entry
    from packshot.result import Result
    from packshot.values import Packshot

__all__ = [
    "Target",
    "Written",
    "discard_outputs",
    "discard_pictures",
    "kept_targets",
    "shadow_path",
    "target_of",
    "thumbnail_path",
    "write_outputs",
    "write_picture",
]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a profile's picture of one photo goes.

    Attributes:
        picture: path below the output folder without suffix, which is the format's.
        thumbnail: path below the output folder.
    """

    picture: str
    thumbnail: str


@dataclass(frozen=True, slots=True)
class Written:
    """What was written once for a photo; all paths are below the output folder.

    Attributes:
        files: ``mask``, ``found``, ``cutout``, ``shadow``, ``embedding``, ``fingerprint`` to paths, of those there are.
        heatmaps: label to path, the category first.
        hashes: every path written to its SHA-256.
    """

    files: dict[str, str]
    heatmaps: dict[str, str]
    hashes: dict[str, str]


def write_outputs(result: Result, stem: str, out: Path, *, fingerprint: bytes | None = None) -> Written:
    """Write what is made once for a photo: mask, cut-out, embedding, heatmaps, the small picture of the photo.

    A failed photo gets that small picture alone.

    Args:
        result: what the pipeline made.
        stem: relative path without suffix.
        out: the output folder.
        fingerprint: of the photo, as `packshot.duplicates.fingerprint_bytes` gives it; None to write none.

    Raises:
        OutputError: a file could not be written.
    """
    files: dict[str, str] = {}
    drawn: dict[str, tuple[str, bytes]] = {}
    contents: dict[str, bytes] = {}
    if str(result.status) != "failed":
        from packshot.photo import encode, grey_of, xmp_packet  # noqa: PLC0415  # heavy, and only workers need it

        if result.mask is not None:
            files["mask"] = f"masks/{stem}.png"
            contents[files["mask"]] = encode(grey_of(result.mask.alpha), format="PNG").data
        if result.found is not None:
            files["found"] = _found_path(stem)
            contents[files["found"]] = encode(grey_of(result.found), format="PNG").data
        if result.cutout is not None:
            files["cutout"] = f"cutouts/{stem}.png"
            xmp = xmp_packet(source_type=result.cutout.source_type, creator=None, credit=None)
            contents[files["cutout"]] = encode(result.cutout.rgba, format="PNG", xmp=xmp).data
            if result.cutout.mask.shadow is not None:
                files["shadow"] = shadow_path(stem)
                contents[files["shadow"]] = encode(grey_of(result.cutout.mask.shadow), format="PNG").data
        if result.description is not None and result.description.embedding is not None:
            files["embedding"] = _embedding_path(stem)
            buffer = io.BytesIO()
            np.save(buffer, result.description.embedding, allow_pickle=False)
            contents[files["embedding"]] = buffer.getvalue()
        if fingerprint is not None:
            files["fingerprint"] = _fingerprint_path(stem)
            contents[files["fingerprint"]] = fingerprint
        drawn = draw_heatmaps(result, stem)
        contents |= dict(drawn.values())
    if result.photo is not None:
        framed = result.frame is not None and result.frame.framed
        box = result.frame.inner_box if framed and result.frame else None
        contents[thumbnail_path(stem, "before")] = thumbnail(result.photo.rgb, box=box, overlays=result.overlay_boxes)
    return Written(
        files=files,
        heatmaps={label: path for label, (path, _) in drawn.items()},
        hashes=_write(contents, out),
    )


def write_picture(picture: Packshot, target: Target, out: Path) -> tuple[str, dict[str, str]]:
    """Write a profile's picture and its thumbnail.

    Returns:
        The picture's path below `out`, and every path written to its SHA-256.

    Raises:
        OutputError: a file could not be written.
    """
    file = f"{target.picture}.{FileFormat(picture.format).suffix}"
    return file, _write({file: picture.data, target.thumbnail: thumbnail(picture.pixels)}, out)


def discard_outputs(
    stem: str, out: Path, *, targets: Iterable[Target] = (), others: Iterable[str] = (), keep: Container[str] = ()
) -> None:
    """Remove every file a run could have written for a photo.

    Args:
        stem: relative path without suffix.
        out: the output folder.
        targets: where its pictures go.
        others: further files of it, below `out`: those the journal knows, and its heatmaps, which
            `packshot.batch.heatmaps.heatmaps_on_disk` finds.
        keep: paths below `out` that stay.

    Raises:
        OutputError: a file is there and cannot be removed.
    """
    _remove((*_possible(stem), *_pictures(targets), *others), out, keep=keep)


def discard_pictures(out: Path, targets: Iterable[Target], *, others: Iterable[str], keep: Container[str]) -> None:
    """Remove what lies where a profile's pictures go, and is none of those to `keep`; see `discard_outputs`."""
    _remove((*_pictures(targets), *others), out, keep=keep)


def _remove(names: Iterable[str], out: Path, *, keep: Container[str]) -> None:
    for name in names:
        if name not in keep:
            try:
                (out / name).unlink()
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError as error:
                # A name too long to exist, or a folder in its place, holds nothing of ours.
                with contextlib.suppress(OSError):
                    if (out / name).is_file():
                        raise output_error(out / name, error) from error


def target_of(stem: str, folder: str, name: str | None = None) -> Target:
    """Where the picture of a photo goes for the profile that has `folder`.

    Args:
        stem: of the photo.
        folder: of the profile, below the output folder; see `packshot.batch.profile_folders`.
        name: of the picture without suffix, below `folder`; the stem by default.
    """
    return Target(f"{folder}/{name or stem}", thumbnail_path(stem, folder))


def kept_targets(entry: Entry, folders: Mapping[str, str]) -> dict[str, Target]:
    """Where the pictures of a photo lie that were made before, by their profiles; those without one are missing.

    Args:
        entry: of the photo.
        folders: name of each profile to the folder of its pictures.
    """
    files = {name: made.record.file for name, made in entry.packshots.items() if name in folders}
    return {
        name: Target(file.rpartition(".")[0], thumbnail_path(entry.stem, folders[name]))
        for name, file in files.items()
        if file is not None
    }


def thumbnail_path(stem: str, which: str) -> str:
    """Where a thumbnail lies below the output folder; `which` is ``before``, or the folder of a profile's pictures."""
    if which in ("before", PACKSHOTS):
        return f"{STATE_FOLDER}/thumbnails/{stem}.{'before' if which == 'before' else 'after'}.webp"
    return f"{STATE_FOLDER}/{which}/{stem}.webp"


def _write(contents: Mapping[str, bytes], out: Path) -> dict[str, str]:
    for name, data in contents.items():
        write_atomic(out / name, data)
    return {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()}


def _embedding_path(stem: str) -> str:
    return f"{STATE_FOLDER}/embeddings/{stem}.npy"


def _fingerprint_path(stem: str) -> str:
    return f"{STATE_FOLDER}/fingerprints/{stem}.npz"


def shadow_path(stem: str) -> str:
    """Where the photographed shadow of a cut-out lies below the output folder: 8-bit grey, 255 black."""
    return f"{STATE_FOLDER}/shadows/{stem}.png"


def _found_path(stem: str) -> str:
    return f"{STATE_FOLDER}/found/{stem}.png"


def _possible(stem: str) -> Iterator[str]:
    yield f"masks/{stem}.png"
    yield f"cutouts/{stem}.png"
    yield _found_path(stem)
    yield shadow_path(stem)
    yield _embedding_path(stem)
    yield _fingerprint_path(stem)
    yield thumbnail_path(stem, "before")


def _pictures(targets: Iterable[Target]) -> Iterator[str]:
    for target in targets:
        yield target.thumbnail
        for file_format in FileFormat:
            yield f"{target.picture}.{file_format.suffix}"
