"""What need not be done again: same content, same pipeline, results still there.

See ``docs/decisions/0005-resume.md``.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from packshot.batch.deciding import Corrections
from packshot.batch.journal import Entry, Made
from packshot.storage.hashing import sha256_of_file

__all__ = ["is_done", "is_made", "picture_key", "resume_key", "sha256_of_file"]

_LAYOUT = 4  # raise it when the same result would be written differently

# What the same bytes need not meet again: the machine or the moment was at fault, not the photo.
RETRIED = frozenset({"InternalError", "OutputError", "TimeLimitExceeded", "WorkerDied"})


def resume_key(sha256: str, fingerprint: str, *, corrected: str | None = None) -> str:
    """The name of a result by what it is made of.

    Args:
        sha256: of the input's bytes.
        fingerprint: of what the pipeline does once for a photo: models, revisions, settings that matter.
        corrected: key of what persons corrected (`packshot.decisions.Correction.key`).

    Returns:
        64 hexadecimal digits.
    """
    parts = f"{_LAYOUT}:{sha256}:{fingerprint}" + ("" if corrected is None else f":{corrected}")
    return hashlib.sha256(parts.encode()).hexdigest()


def picture_key(photo: str, cutout: str, fingerprint: str) -> str:
    """The name of a profile's picture by what it is made of.

    Args:
        photo: the photo's `resume_key`.
        cutout: SHA-256 of the file of the cut-out it is composed of: another one after a correction.
        fingerprint: of the pipeline for that profile: composition, rules, revisions.

    Returns:
        64 hexadecimal digits.
    """
    return hashlib.sha256(f"{_LAYOUT}:{photo}:{cutout}:{fingerprint}".encode()).hexdigest()


def is_made(made: Made | None, out: Path, *, key: str, target: str) -> bool:
    """Whether a profile's picture is made already, lies where it shall, and is still what was written.

    Args:
        made: what the journal holds for the profile.
        out: the output folder.
        key: of the picture now.
        target: where it shall lie: a path below `out` without suffix.
    """
    if made is None or made.key != key:
        return False
    if made.record.file is not None and made.record.file.rpartition(".")[0] != target:
        return False
    try:
        return all(sha256_of_file(out / name) == sha256 for name, sha256 in made.outputs.items())
    except OSError:
        return False


def is_done(entry: Entry | None, path: Path, out: Path, fingerprint: str, corrections: Corrections) -> bool:
    """Whether an earlier run already did exactly this, and what it wrote once for the photo is still that.

    A photo that failed is done too: the same bytes would fail again. Failures of the machine (no space, a
    worker that died, time ran out, a defect) are tried again.

    Args:
        entry: what the journal holds for the input's stem.
        path: the input now.
        out: the output folder.
        fingerprint: of the pipeline now, as in `resume_key`.
        corrections: what persons corrected until now.
    """
    if entry is None or entry.key is None or _code(entry) in RETRIED:
        return False
    try:
        # The size first: a changed photo is mostly told apart without reading it.
        if path.stat().st_size != entry.size:
            return False
        sha256 = sha256_of_file(path)
        if resume_key(sha256, fingerprint, corrected=corrections.of(sha256).key) != entry.key:
            return False
        return all(sha256_of_file(out / name) == sha256 for name, sha256 in entry.outputs.items())
    except OSError:
        return False


def _code(entry: Entry) -> str | None:
    return None if entry.record.error is None else entry.record.error.code
