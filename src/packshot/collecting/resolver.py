"""Names become addresses here, and only here: what leads into a private network is dropped before it is connected to.

Every connection of a crawl asks this resolver, after redirects and for photos too, and connects to nothing but what it
answers, so that a name cannot change its address between check and use.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Self

from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer

from packshot.addresses import is_public

__all__ = ["REFUSED", "PublicResolver"]

REFUSED: dict[str, str] = {}
"""Host to the private address that was refused."""


@implementer(IHostnameResolver)
class PublicResolver:
    """Twisted's own resolver without private addresses.

    Args:
        original: the resolver to ask.
        may_be_private: whether a host may have a private address.
    """

    def __init__(self, original: Any, may_be_private: Callable[[str], bool], reactor: Any = None) -> None:
        self._original = original
        self._may_be_private = may_be_private
        self._reactor = reactor

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> Self:
        """Made by Scrapy."""
        job = crawler.settings["PACKSHOT_JOB"]
        return cls(reactor.nameResolver, lambda host: job.allow_private and job.may_read(host), reactor)

    def install_on_reactor(self) -> None:
        """Answer all questions of this process from now on."""
        self._reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802 - Twisted's name
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[Any] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        """Resolve a host; see `twisted.internet.interfaces.IHostnameResolver`."""
        receiver = resolutionReceiver
        if not self._may_be_private(hostName.lower().rstrip(".")):
            receiver = _Filter(resolutionReceiver, hostName)
        return self._original.resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)


@implementer(IResolutionReceiver)
class _Filter:
    def __init__(self, receiver: Any, host: str) -> None:
        self._receiver = receiver
        self._host = host.lower().rstrip(".")

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if is_public(address.host):
            self._receiver.addressResolved(address)
        else:
            REFUSED[self._host] = address.host

    def resolutionComplete(self) -> None:  # noqa: N802
        self._receiver.resolutionComplete()
