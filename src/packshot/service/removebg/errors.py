"""remove.bg's errors: ``{"errors": [{"title", "code", "detail"}]}``, with its own codes and status."""

from __future__ import annotations

from packshot.service.refusal import Refusal

__all__ = ["removebg_error"]

# Code of a refusal -> status and code as remove.bg has them; what is not here keeps its own.
_CODES = {
    "unauthorised": (403, "auth_failed"),
    "too_many_requests": (429, "rate_limit_exceeded"),
    "file_too_large": (400, "file_too_large"),
    "NothingToCutOut": (400, "unknown_foreground"),
    "LimitExceeded": (400, "resolution_too_high"),
    "UnsupportedFormat": (400, "invalid_file_type"),
    "MislabelledPhoto": (400, "invalid_file_type"),
    "DamagedPhoto": (400, "failed_to_read_image"),
    "EmptyFile": (400, "failed_to_read_image"),
    "CompositionError": (400, "invalid_dimensions"),
}


def removebg_error(refusal: Refusal) -> tuple[int, dict[str, object]]:
    """A refusal in remove.bg's form.

    Returns:
        The status and the body.
    """
    status, code = _CODES.get(refusal.code, (refusal.status, refusal.code))
    title = refusal.message[:1].upper() + refusal.message[1:]
    error = {"title": title, "code": code}
    if refusal.remedy:
        error["detail"] = refusal.remedy
    return status, {"errors": [error]}
