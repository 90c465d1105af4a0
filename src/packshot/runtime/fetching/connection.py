"""One request: encrypted, through the environment's proxy, with every way it can fail told in words."""

from __future__ import annotations

import ipaddress
import ssl
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import IO
from urllib.error import HTTPError

from packshot.addresses import split_address
from packshot.errors import FetchFailed
from packshot.version import __version__

__all__ = ["RangeRefused", "open_url", "require_safe"]

_LATER = "try again later; what has come is kept"


class RangeRefused(Exception):
    """The server has no such part of the file (status 416)."""


def require_safe(url: str, *, before: str | None = None) -> None:
    """Refuse an address that is not encrypted; this machine's own may be plain.

    Args:
        url: to be asked.
        before: the address that sent us there; an encrypted one never leads to a plain one.

    Raises:
        FetchFailed: it is refused.
    """
    led = "" if before is None else f"{_host(before)} leads to "
    parts, source = split_address(url), split_address(before or url)
    safe = False
    if parts is not None and source is not None:
        plain = parts.scheme == "http" and _is_loopback(parts.hostname) and source.scheme == "http"
        safe = plain or (parts.scheme == "https" and bool(parts.hostname))
    if not safe:
        raise FetchFailed(f"{led}{url}: expected an https address", remedy="name one that begins with https://")


def open_url(url: str, headers: Mapping[str, str], *, timeout_s: float) -> HTTPResponse:
    """Ask for a file.

    The proxy is that of the environment (``HTTPS_PROXY``, ``NO_PROXY``) or the system; certificates are checked against
    the system's, or the file in ``SSL_CERT_FILE``.

    Args:
        url: https, or http on this machine.
        headers: of the request, besides packshot's own.
        timeout_s: seconds to wait for a connection, and for each answer.

    Returns:
        The open answer, status 200 or 206.

    Raises:
        RangeRefused: the server has no such part of the file.
        FetchFailed: anything else; says what, and the way out.
    """
    require_safe(url)
    own = {"User-Agent": f"packshot/{__version__}", "Accept": "*/*", "Accept-Encoding": "identity"}
    try:
        answer = _opener().open(urllib.request.Request(url, headers={**own, **headers}), timeout=timeout_s)  # noqa: S310
    except HTTPError as error:
        error.close()
        if error.code == 416:
            raise RangeRefused from error
        busy = error.code == 429 or error.code >= 500
        remedy = _LATER if busy else "look in a browser whether the file is still there"
        raise FetchFailed(f"{_host(url)} answers {error.code} {error.reason}", remedy=remedy) from error
    except (OSError, HTTPException, ValueError) as error:
        raise _unreachable(url, error) from error
    if not isinstance(answer, HTTPResponse) or answer.status not in {200, 206}:
        answer.close()
        raise FetchFailed(f"{_host(url)} gives no file", remedy="look in a browser whether it is still there")
    return answer


class _SafeRedirects(urllib.request.HTTPRedirectHandler):
    """Follows a redirect where the address it leads to would be asked, too."""

    def redirect_request(  # noqa: PLR0917 - the signature is the standard library's
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        require_safe(newurl, before=req.full_url)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> urllib.request.OpenerDirector:
    # Not build_opener: that one would follow to ftp:, file: and data: as well.
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=ssl.create_default_context()),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
        _SafeRedirects(),
    ):
        opener.add_handler(handler)
    return opener


def _unreachable(url: str, error: Exception) -> FetchFailed:
    reason = getattr(error, "reason", error)
    if isinstance(reason, ssl.SSLCertVerificationError):
        return FetchFailed(
            f"{_host(url)}: its certificate is not trusted ({reason.verify_message})",
            remedy="name the file with your network's root certificate in SSL_CERT_FILE",
        )
    words = "no answer in time" if isinstance(reason, TimeoutError) else str(reason) or type(reason).__name__
    return FetchFailed(
        f"{_host(url)} cannot be reached ({words})",
        remedy="check the network; behind a proxy set HTTPS_PROXY",
    )


def _host(url: str) -> str:
    parts = split_address(url)
    return url if parts is None else parts.hostname or url


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False
