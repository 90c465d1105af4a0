"""Whether the folders a service is started with are there, or can come to be, told before it listens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from packshot.catalogue.store import is_there
from packshot.errors import UsageError
from packshot.records import MANIFEST
from packshot.service.named import named_places
from packshot.service.settings import ServiceSettings
from packshot.storage.places import require_folder

__all__ = ["check_places"]


def check_places(serving: ServiceSettings, log: Any) -> None:
    """Refuse places that can never be used, and warn of runs and catalogues that are not there yet.

    A service may be started before its first run, and a catalogue is made by its first item: neither is an error.

    Args:
        serving: names the places.
        log: of the service, where it warns: a line for each.

    Raises:
        OutputError: ``--state`` or ``--tagged`` cannot be made or written to.
        UsageError: a run is in a bucket, is a file or cannot be read; of a catalogue something else lies there, or the
            library behind it is not installed.
    """
    for option, folder in (("--state", serving.state), ("--tagged", serving.tagged)):
        if folder is not None:
            require_folder(folder, option=option)
    for name, text in named_places(serving.runs).items():
        if "://" in text:
            raise UsageError(f"{text}: a run is shown from a folder", remedy="copy it here, or mount it: --run FOLDER")
        _require_no_file(Path(text), option="--run")
        if not (Path(text) / MANIFEST).is_file():
            log.warning("no_run_yet", run=name, folder=text, remedy=f"packshot run PHOTOS -o {text}")
    for name, text in named_places(serving.catalogues).items():
        if "://" not in text:
            _require_no_file(Path(text), option="--catalogue")
        if not is_there(text):  # a server is not asked: while it is away, the service can start
            log.warning("no_catalogue_yet", catalogue=name, folder=text, remedy=f"packshot index PHOTOS -c {text}")


def _require_no_file(place: Path, *, option: str) -> None:
    try:
        is_file = place.is_file()
        (place / MANIFEST).is_file()  # a folder that may not be entered is told by what lies in it
    except OSError as error:
        raise UsageError(f"{place} cannot be read ({error.strerror})", remedy=f"name another with {option}") from error
    if is_file:
        raise UsageError(f"{place} is a file, expected a folder", remedy=f"name another with {option}")
