"""Where each profile's pictures lie in an output folder: one rule, and the folder remembers what it gave.

The first profile an output folder was used for has ``packshots/``, every other one ``channels/PROFILE/``. A profile
keeps its place for good: adding one moves and replaces nothing, and a source folder may be called like a profile. See
``docs/decisions/0029-channels.md``.
"""

from __future__ import annotations

import contextlib
import json
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from packshot.batch.naming import clean_part
from packshot.errors import UsageError
from packshot.records import MANIFEST, read_manifest
from packshot.storage.atomic import write_atomic
from packshot.storage.lock import STATE_FOLDER

__all__ = ["CHANNELS", "PACKSHOTS", "claim_profile_folders", "forget_profiles", "profile_folders"]

PACKSHOTS = "packshots"
CHANNELS = "channels"
_FILE = f"{STATE_FOLDER}/profiles.json"


def claim_profile_folders(out: Path, profiles: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Give each profile its folder, and remember it before anything is written there.

    Args:
        out: the output folder, which the caller holds locked.
        profiles: names, as they were asked for.

    Returns:
        Profile to folder below `out`, that of ``packshots/`` first, then as they were asked for; and the same of
        profiles that the folder has and nobody asks for now.

    Raises:
        UsageError: two profiles would share a folder.
        OutputError: the folder's memory cannot be written.
    """
    known = profile_folders(out)
    claimed = dict(known)
    for name in profiles:
        if name not in claimed:
            claimed[name] = f"{CHANNELS}/{clean_part(name)}" if PACKSHOTS in claimed.values() else PACKSHOTS
    _refuse_shared(claimed)
    if claimed != known or not (out / _FILE).is_file():
        _write(out, claimed)
    asked = sorted(profiles, key=lambda name: claimed[name] != PACKSHOTS)
    return {name: claimed[name] for name in asked}, {n: f for n, f in claimed.items() if n not in profiles}


def forget_profiles(out: Path, profiles: Collection[str]) -> None:
    """Give up the folders of profiles whose pictures were moved away.

    Raises:
        OutputError: the folder's memory cannot be written.
    """
    if profiles:
        _write(out, {name: folder for name, folder in profile_folders(out).items() if name not in profiles})


def _write(out: Path, folders: Mapping[str, str]) -> None:
    write_atomic(out / _FILE, (json.dumps(folders, indent=1, sort_keys=True) + "\n").encode())


def profile_folders(out: Path) -> dict[str, str]:
    """Profile to folder, as the output folder remembers it; empty for one that no run wrote to."""
    with contextlib.suppress(OSError, ValueError):
        kept = json.loads((out / _FILE).read_text("utf-8"))
        if isinstance(kept, Mapping) and all(isinstance(each, str) for each in kept.values()):
            return {str(name): folder for name, folder in kept.items()}
    # An earlier version kept no such file: all its pictures are of one profile.
    with contextlib.suppress(OSError, ValueError):
        for record in read_manifest(out / MANIFEST):
            for name, picture in record.packshots.items():
                if name and picture.file is not None:
                    return {name: PACKSHOTS}
    return {}


def _refuse_shared(folders: Mapping[str, str]) -> None:
    seen: dict[str, str] = {}
    for name, folder in folders.items():
        other = seen.setdefault(unicodedata.normalize("NFC", folder.casefold()), name)
        if other != name:
            raise UsageError(
                f"profiles {other} and {name} would share the folder {folder}",
                remedy="rename the file of one of them: a profile is named as its file is",
            )
