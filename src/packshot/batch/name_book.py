"""The names an output folder gave to its photos, kept: adding a sibling renames nobody.

``OUT/.packshot/names.json`` maps each name to the photo that has it, and to the photo's place among the views of its
product. It is written before anything is made, so that a killed run has promised nothing it does not remember.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from packshot.batch.naming import output_stems
from packshot.batch.sources import Source
from packshot.storage.atomic import write_atomic
from packshot.storage.lock import STATE_FOLDER

__all__ = ["Name", "name_photos", "read_names", "write_names"]

_FILE = f"{STATE_FOLDER}/names.json"


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a photo in an output folder.

    Attributes:
        stem: where its results lie: a relative path without suffix.
        path: of the photo, absolute.
        relative: where it lies below the folder that was named; None where an earlier version did not write it down.
        sku: of the product it shows; None where none is known.
        view: its number among the photos of that product, from 1; None without a SKU.
    """

    stem: str
    path: str
    relative: str | None = None
    sku: str | None = None
    view: int | None = None


def name_photos(sources: Sequence[Source], known: Iterable[Name], *, skus: Sequence[str | None] = ()) -> list[Name]:
    """One name per photo, in the order of `sources`: the one it has, else a new one that nobody has.

    A photo keeps its name while its path is the same, from whichever folder above it was named, or, in a folder that
    was moved, the path below it. A photo of a product keeps its number among the views; a further one gets the next.

    Args:
        sources: the photos.
        known: names that were given, also to photos that are not among these.
        skus: of each photo; none by default.
    """
    before = list(known)
    kept = _kept(sources, before)
    new = [number for number, stem in enumerate(kept) if stem is None]
    stems = output_stems([sources[number] for number in new], taken=[name.stem for name in before])
    for number, given in zip(new, stems, strict=True):
        kept[number] = given
    by_stem = {name.stem: name for name in before}
    named = []
    for source, stem, sku in zip(sources, kept, skus or [None] * len(sources), strict=True):
        assert stem is not None  # noqa: S101  # all of them were named above
        old = by_stem.get(stem)
        view = old.view if old is not None and old.sku == sku else None
        named.append(Name(stem, str(Path(source.path).absolute()), source.relative, sku, view))
    return _with_views(named, before)


def _kept(sources: Sequence[Source], before: Sequence[Name]) -> list[str | None]:
    exact = {(name.path, name.relative): name.stem for name in before}
    times = Counter(name.path for name in before)
    by_path = {name.path: name.stem for name in before if times[name.path] == 1}
    found: list[str | None] = []
    for source in sources:
        path = str(Path(source.path).absolute())
        found.append(exact.get((path, source.relative)) or exact.get((path, None)) or by_path.get(path))
    # A folder that was moved: the same path below it, where that says it alone.
    given = set(found)
    left = [name for name in before if name.stem not in given and name.relative is not None]
    counts = Counter(name.relative for name in left)
    asked = Counter(source.relative for source, stem in zip(sources, found, strict=True) if stem is None)
    once = {name.relative: name.stem for name in left if counts[name.relative] == asked[name.relative or ""] == 1}
    return [stem or once.get(source.relative) for source, stem in zip(sources, found, strict=True)]


def _with_views(named: Sequence[Name], before: Sequence[Name]) -> list[Name]:
    last: dict[str, int] = {}
    for name in (*before, *named):
        if name.sku is not None and name.view is not None:
            last[name.sku] = max(last.get(name.sku, 0), name.view)
    numbered = []
    for name in named:
        if name.sku is not None and name.view is None:
            last[name.sku] = last.get(name.sku, 0) + 1
            name = replace(name, view=last[name.sku])  # noqa: PLW2901  # the same name, numbered
        numbered.append(name)
    return numbered


def read_names(out: Path) -> dict[str, Name] | None:
    """The names an output folder gave, by stem; None where an earlier version kept none, or the file is damaged."""
    try:
        rows: Mapping[str, Mapping[str, Any]] = json.loads((out / _FILE).read_bytes())
        return {stem: Name(stem=stem, **row) for stem, row in rows.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def write_names(out: Path, names: Iterable[Name]) -> None:
    """Keep the names, if they are others than those kept.

    Raises:
        OutputError: they cannot be written.
    """
    found = {name.stem: name for name in sorted(names, key=lambda name: name.stem)}
    if found != read_names(out):
        rows = {stem: {k: v for k, v in asdict(name).items() if k != "stem"} for stem, name in found.items()}
        write_atomic(out / _FILE, json.dumps(rows, indent=0).encode("ascii") + b"\n")
