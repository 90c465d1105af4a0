"""Shops as they are typed: ``shopify://my-shop.myshopify.com``, ``woocommerce://shop.example``."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from packshot.addresses import split_address
from packshot.errors import UsageError

__all__ = ["ShopKind", "ShopTarget", "is_loopback"]

_HOW = "type shopify://NAME.myshopify.com or woocommerce://HOST"


class ShopKind(StrEnum):
    """Shops that are spoken to."""

    #: Shopify's GraphQL Admin API.
    SHOPIFY = "shopify"
    #: WooCommerce's REST API and WordPress's media library.
    WOOCOMMERCE = "woocommerce"


@dataclass(frozen=True, slots=True)
class ShopTarget:
    """A shop.

    Attributes:
        kind: of the shop.
        host: with its port where one was typed, in small letters.
        path: below which it lies, without a slash at its end; empty at the top.
    """

    kind: ShopKind
    host: str
    path: str = ""

    @classmethod
    def typed(cls, text: str) -> Self:
        """A shop as a person types it.

        Raises:
            UsageError: there is no such kind, or no host; or a key stands in it.

        Example:
            >>> ShopTarget.typed("woocommerce://shop.example/de").base
            'https://shop.example/de'
        """
        parts = split_address(text)
        if parts is None:
            raise UsageError(f"--to {text}: no address", remedy=_HOW)
        host = parts.hostname or ""
        if "@" in parts.netloc:
            raise UsageError(
                f"--to {parts.scheme}://...@{host}: a key does not belong into a command, where others may read it",
                remedy="leave it out, and set it in the environment (packshot deliver --help)",
            )
        if parts.scheme not in set(ShopKind) or not host or parts.query or parts.fragment:
            raise UsageError(f"--to {text}: no such shop", remedy=_HOW)
        kind = ShopKind(parts.scheme)
        if kind is ShopKind.SHOPIFY and not (host.endswith(".myshopify.com") or is_loopback(host)):
            raise UsageError(
                f"--to {text}: Shopify's interface answers at the shop's own name",
                remedy="type shopify://NAME.myshopify.com (Settings > Domains says NAME)",
            )
        path = "" if kind is ShopKind.SHOPIFY else parts.path.rstrip("/")
        return cls(kind, parts.netloc.lower(), path)

    @property
    def name(self) -> str:
        """What logs call it."""
        return f"{self.kind}://{self.host}{self.path}"

    @property
    def base(self) -> str:
        """Its address: encrypted, unless it is on this machine."""
        scheme = "http" if is_loopback(_name_of(self.host)) else "https"
        return f"{scheme}://{self.host}{self.path}"


def _name_of(host: str) -> str:
    """A host's name or number without its port."""
    parts = split_address(f"//{host}")
    return "" if parts is None else parts.hostname or ""


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
