"""Which network answers a question, and the same network when it has forgotten what it learnt."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from packshot.runtime import StoredModel, resolve
from packshot.settings import Settings

__all__ = [
    "CUTOUT",
    "FRAME",
    "READY",
    "answering_network",
    "forgetful_network",
    "forgetful_settings",
    "network_setting",
]

#: Names of questions that are no head of the describing network.
FRAME, CUTOUT, READY = "frame", "cutout", "ready"


def network_setting(head: str) -> str:
    """The field of `packshot.settings.Settings` that names the network that answers.

    Example:
        >>> network_setting("frame"), network_setting("category")
        ('frame_model', 'describe_model')
    """
    return {FRAME: "frame_model", CUTOUT: "model", READY: "model"}.get(head, "describe_model")


def forgetful_settings(settings: Settings, head: str, folder: Path, write: Callable[[Path, Path], object]) -> Settings:
    """Settings in which the network that answers has shuffled weights.

    Args:
        settings: of the networks.
        head: which answer is explained.
        folder: the shuffled network is written there.
        write: from the network's file makes the shuffled one's, see `packshot.training.explanation`.

    Raises:
        ModelError: the network cannot be used.
    """
    found = answering_network(settings, head)
    path = folder / "forgetful.onnx"
    write(found.path, path)
    path.with_suffix(".json").write_text(found.card.model_copy(update={"sha256": None}).model_dump_json())
    return settings.model_copy(update={network_setting(head): str(path)})


@contextlib.contextmanager
def forgetful_network(
    settings: Settings, head: str, write: Callable[[Path, Path], object] | None
) -> Iterator[Settings | None]:
    """`forgetful_settings` whose network is there while the context lasts; None where nothing can shuffle weights.

    Raises:
        ModelError: the network cannot be used.
    """
    if write is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="packshot-") as folder:
        yield forgetful_settings(settings, head, Path(folder), write)


def answering_network(settings: Settings, head: str) -> StoredModel:
    """The network that gives an answer, and its card.

    Args:
        settings: of the networks.
        head: which answer.

    Raises:
        ModelNotFound: there is none of that name.
    """
    return resolve(str(getattr(settings, network_setting(head))), settings)
