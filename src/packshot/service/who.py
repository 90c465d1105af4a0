"""Who is asking: a reviewer's name, as far as the service can know it."""

from __future__ import annotations

import getpass
import ipaddress
from collections.abc import Iterable

from starlette.requests import Request

from packshot.service.asking_key import asking_key
from packshot.service.refusal import Refusal
from packshot.service.service import service_of

__all__ = ["asking"]

_LONGEST = 100  # characters
_NAMED_BY_ITSELF = "x-reviewer"


def asking(request: Request) -> str:
    """The name under which decisions are kept.

    The header that a trusted proxy fills (`ServiceSettings.identity_header`, `trusted_proxies`), else the key's name.
    Where no key is asked for, only this computer can ask: a client may then name the person in ``X-Reviewer``, else it
    is whoever started the service.

    Raises:
        Refusal: 400, the name is no plain text.
    """
    service = service_of(request)
    header = service.serving.identity_header
    key = asking_key(request)
    name = request.headers.get(header, "") if header and _comes_from(request, service.serving.trusted_proxies) else ""
    if not name and key is not None:
        name = key.name
    elif not name:
        name = request.headers.get(_NAMED_BY_ITSELF, "") or _started_by()
    name = name.strip()
    if not name or len(name) > _LONGEST or not name.isprintable():
        raise Refusal(400, "invalid_name", "who decides is no plain text", f"a name of up to {_LONGEST} characters")
    return name


def _comes_from(request: Request, networks: Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    """Whether the connection itself was made from one of these addresses."""
    try:
        address = ipaddress.ip_address(request.client.host if request.client is not None else "")
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return any((mapped or address) in network for network in networks)


def _started_by() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "somebody"
