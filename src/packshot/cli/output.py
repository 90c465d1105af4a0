"""What every command prints in the same form."""

from __future__ import annotations

from packshot.errors import PackshotError

__all__ = ["error_row"]


def error_row(error: PackshotError) -> dict[str, str]:
    """An error as ``--json`` has it: ``code, message, remedy``."""
    return {"code": error.code, "message": error.message, "remedy": error.remedy}
