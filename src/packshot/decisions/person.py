"""Who decides, where nobody was named."""

from __future__ import annotations

import getpass

from packshot.errors import UsageError

__all__ = ["person"]


def person(by: str | None) -> str:
    """Who decides: `by`, or whom the system knows.

    Raises:
        UsageError: nobody was named, and the system does not know either.

    Example:
        >>> person("anna")
        'anna'
    """
    try:
        return by if by is not None else getpass.getuser()
    except (OSError, KeyError, ImportError) as error:
        raise UsageError("nobody knows who you are", remedy="say who decides with --by NAME") from error
