"""What a shop can be asked for, whichever it is."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Protocol

from packshot.specs import MEDIA_TYPES

__all__ = ["Found", "Picture", "Published", "Shop", "Shown", "file_name"]


@dataclass(frozen=True, slots=True)
class Found:
    """A product that has a SKU.

    Attributes:
        product: the shop's id.
        variants: ids of those of its variants that have it; none where the product comes in one alone.
    """

    product: str
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that a product shows.

    Attributes:
        id: the shop's.
        alt: its alt text.
    """

    id: str
    alt: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to be uploaded.

    Attributes:
        name: of the file, which holds the hash of its content: the same name is the same picture.
        content: of the file.
        alt: its alt text.
    """

    name: str
    content: bytes
    alt: str

    @property
    def mime(self) -> str:
        """Its media type, by the name's ending."""
        return MEDIA_TYPES.get(PurePosixPath(self.name).suffix, "application/octet-stream")


@dataclass(frozen=True, slots=True)
class Published:
    """A picture that the shop has, and that no product need show.

    Attributes:
        id: the shop's.
        url: where it is published.
    """

    id: str
    url: str


class Shop(Protocol):
    """A shop that is spoken to. Each call may be made again, also by another process: nothing is done twice by it.

    All of them raise ShopRefused (the key), ShopUnreachable (no answer) and DeliveryError (the shop says no).
    """

    def find(self, skus: Sequence[str]) -> Mapping[str, tuple[Found, ...]]:
        """The products that have some SKUs; a SKU that none has is not in it."""
        ...

    def shown(self, product: str) -> tuple[Shown, ...]:
        """What a product shows, in this order, with what others put there."""
        ...

    def upload(self, picture: Picture, *, begin: Callable[[], object], begun: bool = False) -> Published:
        """Bring a picture to the shop, where no product shows it yet; one of that name that is there is taken.

        Args:
            picture: to be uploaded.
            begin: is called before it is sent, once the shop was seen not to have it.
            begun: whether `begin` was called for it before, and nobody knows what the shop made of it.
        """
        ...

    def show(self, product: str, wanted: Sequence[Shown]) -> None:
        """Let a product show just these, in this order; what it shows no longer stays in the shop's library."""
        ...

    def shown_by_variants(self, product: str, variants: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """The pictures that each of some variants has of its own; a variant that is gone is not in it."""
        ...

    def show_by_variants(self, product: str, wanted: Mapping[str, Sequence[str]]) -> None:
        """Let variants have just these pictures of their own, which their product shows."""
        ...

    def known(self, pictures: Sequence[str]) -> tuple[Shown, ...]:
        """Those of some pictures that the shop has, whether a product shows them or not, in no order."""
        ...

    def read(self, url: str) -> bytes:
        """A published picture as anybody gets it."""
        ...

    def close(self) -> None:
        """Close its connections."""
        ...


def file_name(sku: str, sha256: str, file: str) -> str:
    """Name of a picture's file at a shop: a word of the SKU, for search engines, and half the content's hash.

    A SKU that is not its word in capitals adds eight digits of its own hash: two products that have the same picture
    have a file each, with an alt text of its own.

    Example:
        >>> file_name("AB-42", "0123456789abcdef" * 4, "in/front.PNG")
        'ab-42-0123456789abcdef0123456789abcdef.png'
        >>> file_name("Café 42", "0123456789abcdef" * 4, "in/front.PNG")
        'cafe-42-bcd5aa05-0123456789abcdef0123456789abcdef.png'
    """
    plain = unicodedata.normalize("NFKD", sku).encode("ascii", "ignore").decode().lower()
    word = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "picture"
    if word.upper() != sku:
        composed = unicodedata.normalize("NFC", sku).encode("utf-8", "surrogateescape")
        word = f"{word}-{hashlib.sha256(composed).hexdigest()[:8]}"
    return f"{word}-{sha256[:32]}{PurePosixPath(file).suffix.lower()}"
