"""Where a photo's results lie, told from its own key alone: ten million keys are never held at once."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath

from packshot.batch.naming import clean_part

__all__ = ["stem_of"]

_USUAL = ".jpg"
_MAX_BYTES = 700  # of the 1,024 a key may have, with room for the folders before and the suffix after


def stem_of(path: str) -> str:
    """The path of a photo's results without suffix; another one for each path.

    A ``.jpg`` loses its suffix, any other one stays as a word: ``a/front.png`` is ``a/front~png``. Names that a file
    system could not keep, and those with a ``~``, get a hash of the whole path.

    Args:
        path: of the photo below its source, with ``/``.

    Example:
        >>> stem_of("a/front.jpg"), stem_of("a/front.png"), stem_of("a/front")
        ('a/front', 'a/front~png', 'a/front~')
    """
    pure = PurePosixPath(path)
    suffix = pure.suffix
    name = pure.stem if suffix == _USUAL else f"{pure.stem}~{suffix.removeprefix('.')}"
    cleaned = "/".join(clean_part(part) for part in (*pure.parts[:-1], name))
    plain = cleaned == "/".join((*pure.parts[:-1], name)) and "~" not in path and path == str(pure)
    if plain and len(cleaned.encode()) <= _MAX_BYTES:
        return cleaned
    digest = hashlib.sha256(path.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return f"{cleaned.encode()[:_MAX_BYTES].decode('utf-8', 'ignore')}~{digest}"
