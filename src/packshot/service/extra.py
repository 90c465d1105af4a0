"""Whether the extra ``service`` is installed."""

from __future__ import annotations

from importlib.util import find_spec

from packshot.errors import UsageError
from packshot.extras import installing

__all__ = ["require_service"]

_PARTS = ("fastapi", "uvicorn", "python_multipart", "prometheus_client", "structlog")


def require_service() -> None:
    """Refuse politely when the extra is not installed.

    Raises:
        UsageError: a part of it is missing; names it.
    """
    missing = [name for name in _PARTS if find_spec(name) is None]
    if missing:
        raise UsageError(f"serving needs {', '.join(missing)}", remedy=installing("service"))
