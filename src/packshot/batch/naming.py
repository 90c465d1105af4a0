"""Where each input's results lie: the source's relative path, and never the same path twice.

The name of an input depends on the set of inputs, not on their order, and is compared the way the most
forgetful file system would: without case and with composed accents. A name that was given stays: see
`packshot.batch.name_book`.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from packshot.batch.sources import Source
from packshot.specs import FileFormat

__all__ = ["clean_part", "fold", "output_stems"]

_SUFFIXES = tuple(file_format.suffix for file_format in FileFormat)
_MAX_NAME_BYTES = 180  # of 255: room for the suffix, and for the temporary name while it is written
_FORBIDDEN = re.compile(r'[<>:"\\|?*\x00-\x1f\x7f\ud800-\udfff]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³]|conin\$|conout\$) *(\..*)?", re.IGNORECASE)
_LAST_STEP = 5


def output_stems(sources: Sequence[Source], *, taken: Iterable[str] = ()) -> list[str]:
    """One output path without suffix per source, all different, also on a file system that ignores case.

    All sources that would share a name step, together, to the next longer one: ``front``, ``front_jpg``,
    ``studio/front``, ``studio/front_jpg``, ``front~1f2e3d4c`` (of the path).

    Args:
        sources: inputs with different paths.
        taken: names of others, which none of these gets.

    Returns:
        Relative paths with ``/``, in the order of `sources`.

    Example:
        >>> output_stems([Source("a.jpg", "in/a.jpg", "in"), Source("a.png", "in/a.png", "in")])
        ['a_jpg', 'a_png']
        >>> output_stems([Source("a.jpg", "x/a.jpg", "x"), Source("a.jpg", "y/a.jpg", "y")])
        ['x/a', 'y/a']
        >>> output_stems([Source("a.png", "in/a.png", "in")], taken=["a"])
        ['a_png']
    """
    others = {fold(stem) for stem in taken}
    # A result is a file: none may have the name of a folder that others' results need, nor the other way round.
    folders_of_others = {str(parent) for stem in others for parent in PurePosixPath(stem).parents}
    files_of_others = {f"{stem}.{suffix}" for stem in others for suffix in _SUFFIXES}
    steps = [0] * len(sources)
    while True:
        stems = [_stem(source, step) for source, step in zip(sources, steps, strict=True)]
        folded = [fold(stem) for stem in stems]
        counts = Counter(folded)
        folders = {str(parent) for stem in folded for parent in PurePosixPath(stem).parents} | folders_of_others
        clashing = [
            index
            for index, stem in enumerate(folded)
            if steps[index] < _LAST_STEP
            and (
                counts[stem] > 1
                or stem in others
                or any(f"{stem}.{suffix}" in folders for suffix in _SUFFIXES)
                or any(str(parent) in files_of_others for parent in PurePosixPath(stem).parents)
            )
        ]
        if not clashing:
            return stems
        for index in clashing:
            steps[index] += 1


def _stem(source: Source, step: int) -> str:
    relative = PurePosixPath(source.relative)
    # A folder that cannot be read is an input too; "." is the folder that was named itself.
    name = relative.stem or "folder"
    suffix = relative.suffix.lstrip(".").lower()
    digest = hashlib.sha256(source.path.encode("utf-8", "surrogateescape")).hexdigest()
    if step in (1, 3) and suffix:
        name = f"{name}_{suffix}"
    if step >= 4:
        name = f"{name}~{digest[:8] if step == 4 else digest}"
    parts = [part for part in relative.parent.parts if part not in ("/", "..")]
    if step in (2, 3) and source.root:
        parts.insert(0, PurePosixPath(source.root).name or source.root)
    return "/".join([clean_part(part) for part in parts] + [clean_part(name)])


def clean_part(part: str) -> str:
    """One folder's or file's name as every common file system can store it; the same for the same `part`.

    Example:
        >>> clean_part("red: 42"), clean_part("con")
        ('red_ 42', '_con')
    """
    cleaned = _FORBIDDEN.sub("_", part).rstrip(". ") or "_"
    if _RESERVED.fullmatch(cleaned):
        cleaned = f"_{cleaned}"
    if cleaned.startswith("."):
        cleaned = f"_{cleaned}"  # a result must not be hidden
    encoded = cleaned.encode()
    if len(encoded) > _MAX_NAME_BYTES:
        digest = hashlib.sha256(part.encode("utf-8", "surrogateescape")).hexdigest()[:8]
        cleaned = f"{encoded[: _MAX_NAME_BYTES - 9].decode('utf-8', 'ignore')}~{digest}"
    return cleaned


def fold(stem: str) -> str:
    """A name as the most forgetful file system compares it: without case, with composed accents."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", stem).casefold())
