"""packshot: from the photo a seller took to a catalogue-ready picture.

>>> import packshot
>>> "process" in packshot.__all__
True

Importing the package is quick: each name below is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from packshot.composition import Composition, compose
    from packshot.cutout import cut_out, segment
    from packshot.errors import PackshotError
    from packshot.inspection import inspect
    from packshot.limits import Limits
    from packshot.marketplace import check
    from packshot.photo import decode, encode
    from packshot.pipeline import Pipeline, process
    from packshot.result import Result, Status
    from packshot.runtime import load as load_model
    from packshot.settings import Settings
    from packshot.version import __version__

__all__ = [
    "Composition",
    "Limits",
    "PackshotError",
    "Pipeline",
    "Result",
    "Settings",
    "Status",
    "__version__",
    "check",
    "compose",
    "cut_out",
    "decode",
    "encode",
    "inspect",
    "load_model",
    "process",
    "segment",
]

_HOMES = {
    "Composition": "packshot.composition",
    "Limits": "packshot.limits",
    "PackshotError": "packshot.errors",
    "Pipeline": "packshot.pipeline",
    "Result": "packshot.result",
    "Settings": "packshot.settings",
    "Status": "packshot.result",
    "__version__": "packshot.version",
    "check": "packshot.marketplace",
    "compose": "packshot.composition",
    "cut_out": "packshot.cutout",
    "decode": "packshot.photo",
    "encode": "packshot.photo",
    "inspect": "packshot.inspection",
    "load_model": "packshot.runtime",
    "process": "packshot.pipeline",
    "segment": "packshot.cutout",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'packshot' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), "load" if name == "load_model" else name)


def __dir__() -> list[str]:
    return __all__
