"""Where models live: a name or a path becomes an ONNX file, its card and its hash."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.resources
import os
from dataclasses import dataclass
from pathlib import Path

from packshot.errors import ModelError, ModelMismatch, ModelNotFound
from packshot.runtime.card import InputSpec, ModelCard, read_card
from packshot.runtime.known import ALSO_CALLED, KNOWN_EXPORTS
from packshot.runtime.licence import require_licence
from packshot.runtime.published import PUBLISHED
from packshot.runtime.task import wrong_task
from packshot.settings import Settings

__all__ = ["StoredModel", "available", "card_of", "model_id", "resolve", "shipped_folder", "tasks"]

_MINIMAL = ModelCard(
    name="my-model",
    task="segmentation",
    input=InputSpec(size=(320, 320)),
    licence="Apache-2.0",
    commercial_use=True,
).model_dump_json(include={"name", "task", "input", "licence", "commercial_use"})


@dataclass(frozen=True, slots=True)
class StoredModel:
    """An ONNX file that was found, with its card.

    Attributes:
        path: of the ONNX file.
        card: beside it, or a template for a well-known export.
        shipped: whether it came with the package; then the card must hold a hash.
    """

    path: Path
    card: ModelCard
    shipped: bool

    @property
    def id(self) -> str:
        """What `Network.id` is once it is loaded; the file is read and checked as by `read`."""
        return model_id(self.card, self.read()[1])

    def read(self) -> tuple[bytes, str]:
        """Read the file and check it: the bytes that were hashed are the bytes that run.

        Returns:
            The file's bytes and their SHA-256 (64 hexadecimal digits).

        Raises:
            ModelNotFound: the file is gone or unreadable.
            ModelMismatch: its hash is not the card's, or a shipped card has none.
        """
        try:
            data = self.path.read_bytes()
        except OSError as error:
            raise ModelNotFound(f"{self.path}: cannot be read ({error})", remedy="check the path") from error
        digest = hashlib.sha256(data).hexdigest()
        if self.card.sha256 is None and self.shipped:
            raise ModelMismatch(f"{self.path}: its card holds no sha256", remedy="reinstall packshot")
        if self.card.sha256 not in (None, digest):
            raise ModelMismatch(
                f"{self.path}: expected SHA-256 {self.card.sha256}, got {digest}",
                remedy="the file was changed or cut short: fetch it again, or correct its card",
            )
        return data, digest


def model_id(card: ModelCard, sha256: str) -> str:
    """Name and the first eight digits of the hash, as masks and catalogues carry it.

    Args:
        card: of the model.
        sha256: of its ONNX file, 64 hexadecimal digits.
    """
    return f"{card.name}@{sha256[:8]}"


def shipped_folder() -> Path:
    """The folder of the models that come with the package."""
    return Path(str(importlib.resources.files("packshot"))) / "models"


def available(settings: Settings) -> dict[str, Path]:
    """Every model that can be asked for by name, sorted: name to ONNX file.

    The user's store goes before the shipped models, so that a retrained ``cutout`` replaces the shipped one;
    each mask names the hash of the network that made it. A store that cannot be read counts as none, so that the
    shipped models run for a user without rights in HOME; `resolve` says so where a name is not found.
    """
    found: dict[str, Path] = {}
    for folder in (shipped_folder(), settings.model_store):
        if folder is not None and _readable(folder):
            found.update({path.stem: path for path in folder.glob("*.onnx")})
    return dict(sorted(found.items()))


def tasks(settings: Settings) -> dict[str, str]:
    """What every model that can be asked for by name is for; one without a valid card is left out."""
    found = {}
    for name, path in available(settings).items():
        with contextlib.suppress(ModelError):
            found[name] = card_of(path).task
    return found


def resolve(ref: str | Path, settings: Settings, *, task: str | tuple[str, ...] | None = None) -> StoredModel:
    """Find a model.

    Args:
        ref: a name of `available`, or the path of an ``.onnx`` file.
        settings: names the store, and says whether a non-commercial licence is acceptable.
        task: what the model must be for, as its card says; None takes any.

    Raises:
        ModelNotFound: no such name or file, the store cannot be read, or the file has no card.
        ModelMismatch: the card is not valid, or for another task.
        LicenceRefused: the licence or the training data forbid commercial use, and `settings` do not allow that.
    """
    text = str(ref)
    if text.endswith(".onnx") or "/" in text or "\\" in text:
        path = Path(ref)
        if not _is_file(path):
            raise ModelNotFound(f"{text}: no such model file", remedy="check the path")
    else:
        names = available(settings)
        text = text if text in names else ALSO_CALLED.get(text, text)
        if text not in names:
            _require_readable(settings.model_store, text)
        if text not in names and text in PUBLISHED:
            allow = "" if PUBLISHED[text].card.commercial_use else " --allow-non-commercial"
            raise ModelNotFound(f"{text} is not on this machine", remedy=f"packshot models fetch {text}{allow}")
        if text not in names:
            known = ", ".join(names) or "none"
            raise ModelNotFound(
                f"no model is called {text!r}; known: {known}",
                remedy=f"give one of these, the path of an .onnx file, or fetch one: {', '.join(PUBLISHED)}",
            )
        path = names[text]
    card = card_of(path)
    require_licence(card, settings, source=str(path))
    wanted = (task,) if isinstance(task, str) else task
    if wanted is not None and card.task not in wanted:
        raise wrong_task(card, wanted, ref=ref, others=tasks(settings))
    return StoredModel(path=path, card=card, shipped=path.parent == shipped_folder())


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except PermissionError:  # a folder above may not be entered; from Python 3.14 on, that is False anyway
        return False


def _readable(folder: Path) -> bool:
    """Whether it is there and its files may be read."""
    try:
        return folder.is_dir() and os.access(folder, os.R_OK | os.X_OK)
    except PermissionError:
        return False


def _require_readable(store: Path | None, name: str) -> None:
    """Refuse to call a model unknown where it may lie in a store that cannot be read."""
    try:
        barred = store is not None and store.is_dir() and not _readable(store)
    except PermissionError:
        barred = True
    if barred:
        raise ModelNotFound(
            f"{name}: the model store {store} cannot be read (permission denied)",
            remedy="name a folder that this user may read in PACKSHOT_MODEL_STORE",
        )


def card_of(path: Path) -> ModelCard:
    """What is known of an ONNX file: the card beside it, or the template for a well-known export.

    Raises:
        ModelNotFound: there is neither.
        ModelMismatch: the card is not valid.
    """
    beside = path.with_suffix(".json")
    if beside.is_file():
        return read_card(beside)
    name = ALSO_CALLED.get(path.stem, path.stem)
    if name in KNOWN_EXPORTS:
        return KNOWN_EXPORTS[name]
    raise ModelNotFound(
        f"{path} has no model card",
        remedy=f"write {beside} with its own values in place of these: {_MINIMAL}",
    )
