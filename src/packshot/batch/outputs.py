"""Writing what the pipeline made of one photo, each file whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from packshot.batch.sources import STATE_FOLDER
from packshot.batch.thumbnails import thumbnail
from packshot.durable.atomic import output_error, write_atomic

if TYPE_CHECKING:
    from packshot.result import Result

__all__ = ["discard_outputs", "thumbnail_path", "write_outputs"]

_SUFFIXES = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "AVIF": "avif"}


def write_outputs(result: Result, stem: str, out: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Write a result's mask, cut-out, packshot and thumbnails, and remove what an earlier result left there.

    A failed photo gets no mask, no cut-out and no packshot.

    Args:
        result: what the pipeline made.
        stem: relative path without suffix.
        out: the output folder.

    Returns:
        ``(files, hashes)``: ``mask``, ``cutout``, ``packshot`` to paths below `out`, for those written; and
        every path written to its SHA-256.

    Raises:
        OutputError: a file could not be written.
    """
    files: dict[str, str] = {}
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
            files["packshot"] = f"packshots/{stem}.{_SUFFIXES[result.packshot.format]}"
            contents[files["packshot"]] = result.packshot.data
    contents |= _thumbnails(result, stem)
    for name, data in contents.items():
        write_atomic(out / name, data)
    discard_outputs(stem, out, keep=set(contents))
    return files, {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()}


def discard_outputs(stem: str, out: Path, *, keep: set[str] | None = None) -> None:
    """Remove every file a run could have written for `stem`, but those in `keep` (paths below `out`).

    Raises:
        OutputError: a file is there and cannot be removed.
    """
    for name in _possible(stem):
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


def _possible(stem: str) -> Iterator[str]:
    yield f"masks/{stem}.png"
    yield f"cutouts/{stem}.png"
    for suffix in _SUFFIXES.values():
        yield f"packshots/{stem}.{suffix}"
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
