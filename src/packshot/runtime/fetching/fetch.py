"""A published network, brought into the store: whole, checked and with its card, or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from packshot.errors import FetchFailed, ModelMismatch, ModelNotFound, OutputError, UsageError
from packshot.runtime.fetching.download import download
from packshot.runtime.fetching.part import PartFile, store_error
from packshot.runtime.licence import require_licence
from packshot.runtime.published import PUBLISHED, PublishedModel
from packshot.settings import Settings
from packshot.storage.atomic import write_atomic
from packshot.storage.hashing import sha256_of_file
from packshot.storage.lock import Lock

__all__ = ["Fetched", "address_of", "fetch", "published_model"]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A network of the store.

    Attributes:
        model: as published.
        path: of its ONNX file; the card lies beside it.
        new: whether it was brought now; False if it was there already.
    """

    model: PublishedModel
    path: Path
    new: bool

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        about = self.model.row()
        return {"name": self.model.name, "file": str(self.path), "fetched": self.new, "error": None, **about}

    def words(self) -> str:
        """For a person, on one line."""
        return f"{self.model.name}\t{self.path}{'' if self.new else '  (was there already)'}"


def published_model(name: str) -> PublishedModel:
    """What is published under a name.

    Raises:
        ModelNotFound: nothing.
    """
    if name not in PUBLISHED:
        raise ModelNotFound(f"no network called {name!r} is published", remedy=f"fetch one of {', '.join(PUBLISHED)}")
    return PUBLISHED[name]


def address_of(model: PublishedModel, settings: Settings) -> str:
    """Where the file is asked for: at its publisher's, or in the mirror under the publisher's file name."""
    if settings.model_mirror is None:
        return model.url
    return f"{settings.model_mirror.rstrip('/')}/{model.url.rpartition('/')[2]}"


def fetch(name: str, settings: Settings, *, tell: Callable[[int], None] | None = None) -> Fetched:
    """Bring a published network into the store, from where an earlier try ended.

    A file that is there already is checked, and nothing is asked of the network.

    Args:
        name: of `packshot.runtime.published.PUBLISHED`.
        settings: the store, the mirror, and the licence policy.
        tell: told how many bytes have come.

    Raises:
        ModelNotFound: nothing is published under that name.
        LicenceRefused: it may not be used commercially, and `settings` do not allow that.
        FetchFailed: it could not be had; what came is kept for the next try.
        ModelMismatch: another file came; it is deleted.
        OutputError: the store cannot be written, another process fetches the same, or another file is in the way.
        UsageError: there is no store.
    """
    model = published_model(name)
    require_licence(model.card, settings, source=name)
    url, target = address_of(model, settings), _store(settings) / f"{name}.onnx"
    busy = OutputError(f"another process is fetching {name} into {target.parent}", remedy="wait until it is done")
    try:
        with Lock(target.with_suffix(".lock"), busy=lambda: busy).hold():
            return Fetched(model=model, path=target, new=_complete(url, model, target, tell or _nobody))
    except OSError as error:
        raise store_error(target, error) from error


def _complete(url: str, model: PublishedModel, target: Path, tell: Callable[[int], None]) -> bool:
    """See that file and card are there; whether the file was not."""
    card, text = target.with_suffix(".json"), model.card.to_json().encode()
    part = None
    if not target.exists():
        if card.exists() and card.read_bytes() != text:
            raise _in_the_way(card)
        part = _brought(url, model, target, tell)
    elif sha256_of_file(target) != model.sha256:
        raise _in_the_way(target)
    # The card first: a file without one, left by a kill in between, would run unchecked.
    if not card.exists():
        write_atomic(card, text)
    if part is not None:
        part.become(target)
    return part is not None


def _in_the_way(path: Path) -> OutputError:
    return OutputError(f"{path} is there, and is not the published one", remedy="move it away or delete it")


def _brought(url: str, model: PublishedModel, target: Path, tell: Callable[[int], None]) -> PartFile:
    """The whole file, checked, not yet in its place."""
    # The hash in its name: a part of one file is never taken for a part of another.
    part = PartFile(target.with_name(f"{model.name}.{model.sha256[:8]}.part"))
    missing, free = model.size - part.length, shutil.disk_usage(target.parent).free
    if missing > free:
        raise OutputError(
            f"{target.parent}: {missing / 1e6:.1f} MB are needed, {free / 1e6:.1f} MB are free",
            remedy="free space there, or name another folder in PACKSHOT_MODEL_STORE",
        )
    try:
        download(url, part, size=model.size, tell=tell)
    except FetchFailed as error:
        remedy = f"{error.remedy}; or save {url} as {target}"
        raise FetchFailed(f"{model.name}: {error.message}", remedy=remedy) from error
    got = part.sha256()
    if got != model.sha256:
        part.discard()
        raise ModelMismatch(
            f"{model.name}: expected SHA-256 {model.sha256}, got {got} from {url}; the file is deleted",
            remedy="repeat the command; if it comes again, the published file was changed: do not use it",
        )
    return part


def _store(settings: Settings) -> Path:
    if settings.model_store is None:
        raise UsageError("this user has no folder for data", remedy="name a folder in PACKSHOT_MODEL_STORE")
    store = settings.model_store.absolute()
    try:
        store.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise store_error(store, error) from error
    if not os.access(store, os.W_OK):
        raise store_error(store, PermissionError("Permission denied"))
    return store


def _nobody(_: int) -> None:
    pass
