"""The application for another server than our own: ``hypercorn packshot.service.asgi:app``.

A host without containers may insist on its own ASGI server. Everything is then set by the environment
(``PACKSHOT_SERVE_*``, ``PACKSHOT_*``). Who can reach it is not known here, so keys are always asked for, and the limits
of heads and connections that ``packshot serve`` sets are the server's business. One process: the workers are its own.
"""

from __future__ import annotations

from fastapi import FastAPI

from packshot.errors import UsageError
from packshot.machine import keep_blas_to_one_thread
from packshot.service.app import create_app
from packshot.service.keys import read_keys
from packshot.service.own_model import with_own_models
from packshot.service.settings import ServiceSettings
from packshot.service.tracing import traces_from_environment
from packshot.settings import Settings
from packshot.validation import read_settings

__all__ = ["application"]


def application() -> FastAPI:
    """The application as the environment sets it, for servers that call a factory.

    Raises:
        UsageError: no keys, or a setting is wrong.
    """
    keep_blas_to_one_thread()
    serving = read_settings(ServiceSettings, {})
    if serving.keys is None:
        raise UsageError(
            "another server may let anybody in, and no key is asked for",
            remedy="make one with `packshot serve --new-key NAME`, and name its file in PACKSHOT_SERVE_KEYS",
        )
    keys = read_keys(serving.keys)
    # Where it listens is the server's choice: names and keys are checked as if everybody could reach it.
    open_to_all = serving.model_copy(update={"host": "0.0.0.0"})  # noqa: S104 - nothing listens there
    settings, serving = with_own_models(read_settings(Settings, {}), open_to_all)
    return create_app(settings.shared_between(serving.workers), serving, keys=keys, traces=traces_from_environment())


def __getattr__(name: str) -> object:
    if name == "app":  # made when a server asks for it, not when the module is read
        return application()
    raise AttributeError(f"module {__name__} has no attribute {name}")
