"""Writing what the pipeline made of one photo, each file whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from packshot.batch.heatmaps import draw_heatmaps
from packshot.batch.sources import STATE_FOLDER
from packshot.batch.thumbnails import thumbnail
from packshot.specs import FileFormat
from packshot.storage.atomic import output_error, write_atomic

if TYPE_CHECKING:
    from packshot.result import Result

__all__ = ["Written", "discard_outputs", "thumbnail_path", "write_outputs"]


@dataclass(frozen=True, slots=True)
class Written:
    """What was written of one photo; all paths are below the output folder.

    Attributes:
        files: ``mask``, ``cutout``, ``packshot``, ``embedding``, ``fingerprint`` to paths, of those there are.
        heatmaps: label to path, the category first.
        hashes: every path written to its SHA-256.
    """

    files: dict[str, str]
    heatmaps: dict[str, str]
    hashes: dict[str, str]


def write_outputs(
    result: Result, stem: str, out: Path, *, heatmaps: Iterable[str] = (), fingerprint: bytes | None = None
) -> Written:
    """Write a result's pictures, embedding and thumbnails, and remove what an earlier result left there.

    A failed photo gets thumbnails alone.

    Args:
        result: what the pipeline made.
        stem: relative path without suffix.
        out: the output folder.
        heatmaps: of that stem, which lie there already (paths below `out`).
        fingerprint: of the photo, as `packshot.duplicates.fingerprint_bytes` gives it; None to write none.

    Raises:
        OutputError: a file could not be written.
    """
    files: dict[str, str] = {}
    drawn: dict[str, tuple[str, bytes]] = {}
    contents: dict[str, bytes] = {}
    if str(result.status) != "failed":
        from packshot.photo import encode  # noqa: PLC0415  # heavy, and only workers need it

        if result.mask is not None:
            files["mask"] = f"masks/{stem}.png"
            grey = np.rint(result.mask.alpha * np.float32(255)).astype(np.uint8)
            contents[files["mask"]] = encode(grey, format="PNG").data
        if result.cutout is not None:
            files["cutout"] = f"cutouts/{stem}.png"
            contents[files["cutout"]] = encode(result.cutout.rgba, format="PNG").data
        if result.packshot is not None:
            files["packshot"] = f"packshots/{stem}.{FileFormat(result.packshot.format).suffix}"
            contents[files["packshot"]] = result.packshot.data
        if result.description is not None:
            files["embedding"] = _embedding_path(stem)
            buffer = io.BytesIO()
            np.save(buffer, result.description.embedding, allow_pickle=False)
            contents[files["embedding"]] = buffer.getvalue()
        if fingerprint is not None:
            files["fingerprint"] = _fingerprint_path(stem)
            contents[files["fingerprint"]] = fingerprint
        drawn = draw_heatmaps(result, stem)
        contents |= dict(drawn.values())
    contents |= _thumbnails(result, stem)
    for name, data in contents.items():
        write_atomic(out / name, data)
    discard_outputs(stem, out, heatmaps=heatmaps, keep=set(contents))
    return Written(
        files=files,
        heatmaps={label: path for label, (path, _) in drawn.items()},
        hashes={name: hashlib.sha256(data).hexdigest() for name, data in contents.items()},
    )


def discard_outputs(stem: str, out: Path, *, heatmaps: Iterable[str] = (), keep: set[str] | None = None) -> None:
    """Remove every file a run could have written for `stem`.

    Args:
        stem: relative path without suffix.
        out: the output folder.
        heatmaps: of that stem, which lie there: `packshot.batch.heatmaps.heatmaps_on_disk` finds them.
        keep: paths below `out` that stay.

    Raises:
        OutputError: a file is there and cannot be removed.
    """
    for name in (*_possible(stem), *heatmaps):
        if name not in (keep or ()):
            try:
                (out / name).unlink()
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError as error:
                # A name too long to exist, or a folder in its place, holds nothing of ours.
                with contextlib.suppress(OSError):
                    if (out / name).is_file():
                        raise output_error(out / name, error) from error


def thumbnail_path(stem: str, which: str) -> str:
    """Where a thumbnail lies below the output folder; `which` is ``before`` or ``after``."""
    return f"{STATE_FOLDER}/thumbnails/{stem}.{which}.webp"


def _embedding_path(stem: str) -> str:
    return f"{STATE_FOLDER}/embeddings/{stem}.npy"


def _fingerprint_path(stem: str) -> str:
    return f"{STATE_FOLDER}/fingerprints/{stem}.npz"


def _possible(stem: str) -> Iterator[str]:
    yield f"masks/{stem}.png"
    yield f"cutouts/{stem}.png"
    for file_format in FileFormat:
        yield f"packshots/{stem}.{file_format.suffix}"
    yield _embedding_path(stem)
    yield _fingerprint_path(stem)
    for which in ("before", "after"):
        yield thumbnail_path(stem, which)


def _thumbnails(result: Result, stem: str) -> dict[str, bytes]:
    pictures = {}
    if result.photo is not None:
        framed = result.frame is not None and result.frame.framed
        box = result.frame.inner_box if framed and result.frame else None
        pictures[thumbnail_path(stem, "before")] = thumbnail(result.photo.rgb, box=box)
    if str(result.status) != "failed":
        if result.packshot is not None:
            pictures[thumbnail_path(stem, "after")] = thumbnail(result.packshot.pixels)
        elif result.cutout is not None:
            pictures[thumbnail_path(stem, "after")] = thumbnail(result.cutout.rgba)
    return pictures
