"""Networks that whoever starts the service trained: named by their files, once, and never by a request."""

from __future__ import annotations

from pathlib import Path

from packshot.errors import UsageError
from packshot.runtime import resolve
from packshot.service.settings import ServiceSettings
from packshot.settings import Settings

__all__ = ["with_own_models"]

_FILE = ".onnx"


def with_own_models(settings: Settings, serving: ServiceSettings) -> tuple[Settings, ServiceSettings]:
    """Take files out of the list of models, each for what its card says it does.

    A classifier answers on the page, a describing network takes the place of the one that ships.

    Args:
        settings: how photos are worked on.
        serving: whose `models` may be ``.onnx`` files.

    Raises:
        UsageError: a file is for something else, or there are two of a kind.
        ModelError: it, or its card, cannot be read.
    """
    files = [name for name in serving.models if name.endswith(_FILE)]
    names = tuple(name for name in serving.models if name not in files)
    taken: dict[str, str] = {}
    for file in files:
        task = resolve(file, settings).card.task
        if task not in {"classification", "description"}:
            raise UsageError(
                f"{file} is for {task}", remedy="put it into the model store and name it (`packshot models`)"
            )
        if task in taken:
            raise UsageError(f"{taken[task]} and {file} are both for {task}", remedy="name one of them")
        taken[task] = file
    if "description" in taken:
        settings = settings.model_copy(update={"describe_model": taken["description"]})
    changes: dict[str, object] = {"models": names or ServiceSettings.model_fields["models"].default}
    if "classification" in taken:
        changes["classifier"] = Path(taken["classification"]).resolve()
    return settings, serving.model_copy(update=changes)
