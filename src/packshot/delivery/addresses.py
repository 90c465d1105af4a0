"""Addresses under which pictures are found, once their folder is on the web."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from packshot.addresses import split_address
from packshot.delivery.item import Item
from packshot.errors import UsageError

__all__ = ["Addresses"]


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where pictures are found: below `base`, as a delivery to a folder lays them out.

    Attributes:
        base: the address of that folder; None: they have no address.
        link: of a product's page, with ``{sku}``.

    Raises:
        UsageError: one of them is no address.
    """

    base: str | None = None
    link: str | None = None

    def __post_init__(self) -> None:
        for option, given in (("--base-url", self.base), ("--link", self.link)):
            if given is not None and not _is_address(given):
                raise UsageError(f"{option} {given}: no address", remedy="begin with https://")
        if self.link is not None and "{sku}" not in self.link:
            raise UsageError(f"--link {self.link}: all products would have one page", remedy="put {sku} into it")

    def require(self) -> None:
        """Refuse a feed of pictures without addresses.

        Raises:
            UsageError: they have none.
        """
        if self.base is None:
            raise UsageError(
                "a feed names pictures by their addresses, and they have none",
                remedy="say with --base-url where the folder that `--to folder:PATH` fills is on the web",
            )

    def of(self, item: Item) -> str | None:
        """The address of a picture."""
        if self.base is None:
            return None
        return f"{self.base.rstrip('/')}/{quote(item.place, safe='/', errors='surrogateescape')}"


def _is_address(text: str) -> bool:
    parts = split_address(text)
    if parts is None:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and not any(sign.isspace() for sign in text)
