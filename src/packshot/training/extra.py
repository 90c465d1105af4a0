"""Whether the training extra is installed; imports nothing of it."""

from __future__ import annotations

from importlib.util import find_spec

from packshot.errors import UsageError
from packshot.extras import installing

__all__ = ["require_training"]


def require_training() -> None:
    """See that what trains is installed.

    Raises:
        UsageError: it is not; names what is missing.
    """
    missing = [name for name in ("torch", "torchvision", "timm", "lightning") if find_spec(name) is None]
    if missing:
        raise UsageError(f"training needs {', '.join(missing)}", remedy=installing("train"))
