"""What a service says instead of a result.

.. code-block:: text

    PackshotError
    └── ServiceError              status, code, request_id, retry_after_s
        ├── ServiceUnreachable    no answer: another address, a network that is down, a service that ended
        ├── ServiceBusy           429 or 503, after all attempts
        ├── ServiceRefused        another 4xx: the request or its photo is wrong
        └── ServiceFailed         another 5xx, or an answer that is none of a packshot service
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from packshot.errors import PackshotError

__all__ = ["ServiceBusy", "ServiceError", "ServiceFailed", "ServiceRefused", "ServiceUnreachable", "error_of"]


class ServiceError(PackshotError):
    """Base of all of them.

    Args:
        message: what was expected and what came.
        remedy: the way out.
        status: of the answer; 0 without one.
        code: what is wrong, stable across versions.
        request_id: under which the service's log has it; empty without an answer.
        retry_after_s: seconds after which the service wants to be asked again; None where it says nothing.
    """

    def __init__(
        self,
        message: str,
        *,
        remedy: str,
        status: int = 0,
        code: str = "",
        request_id: str = "",
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.status, self.service_code = status, code
        self.request_id, self.retry_after_s = request_id, retry_after_s


class ServiceUnreachable(ServiceError):
    """There was no answer."""


class ServiceBusy(ServiceError):
    """It has no room for this request now, or the key has used up its share: 503 or 429."""


class ServiceRefused(ServiceError):
    """The request or its photo is wrong: another 4xx. `service_code` says what."""


class ServiceFailed(ServiceError):
    """The service could not do it (another 5xx), or what answered is no packshot service."""


def error_of(status: int, headers: Mapping[str, str], body: bytes) -> ServiceError:
    """The error that an answer means.

    Args:
        status: of the answer, 400 or more.
        headers: with names in lower case.
        body: of the answer.
    """
    try:
        said = json.loads(body)["error"]
        message, remedy, code = str(said["message"]), str(said["remedy"]), str(said["code"])
    except (ValueError, KeyError, TypeError):
        return ServiceFailed(
            f"{status}, and no answer of a packshot service", remedy="check the address", status=status
        )
    kinds: dict[int, type[ServiceError]] = {429: ServiceBusy, 503: ServiceBusy}
    kind = kinds.get(status, ServiceRefused if status < 500 else ServiceFailed)
    wait = headers.get("retry-after", "")
    return kind(
        message,
        remedy=remedy,
        status=status,
        code=code,
        request_id=headers.get("x-request-id", ""),
        retry_after_s=float(wait) if wait.isascii() and wait.isdigit() else None,
    )
