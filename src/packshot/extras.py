"""How an extra, or another library, is added to this very installation."""

from __future__ import annotations

import importlib.metadata
import shlex
import sys

__all__ = ["installing", "pip"]


def pip() -> str:
    """The pip of this Python, as it is typed in a shell."""
    return f"{shlex.quote(sys.executable or 'python3')} -m pip"


def installing(extra: str) -> str:
    """The command that adds an extra, for the remedy of an error.

    It names this Python: a ``pip`` of another environment would not find packshot installed, and fetch from PyPI what
    carries the name there, which is not this.

    Args:
        extra: as `pyproject.toml` calls it.

    Example:
        >>> "-m pip install" in installing("train")
        True
    """
    try:
        importlib.metadata.version("packshot")
    except importlib.metadata.PackageNotFoundError:  # a checkout that was not installed
        return f"{pip()} install '.[{extra}]' in the folder of packshot's pyproject.toml"
    return f"{pip()} install 'packshot[{extra}]'"
