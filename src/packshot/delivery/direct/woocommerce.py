"""A WooCommerce shop: files go to WordPress's media library, and a product is told the list of those it shows.

WordPress takes a second file of the same name without a word. So before one is sent, and after each lost answer, the
library is searched for its name, which holds the hash of its content. Copies are deleted only where an upload of ours
whose answer was lost has made them: all else in the library is the merchant's. A product's list is set whole: setting
it twice does no harm.

Sources: https://woocommerce.github.io/woocommerce-rest-api-docs/ (v3, 2024-03) and
https://developer.wordpress.org/rest-api/reference/media/ (2026-10).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TypeVar

from pydantic import BaseModel, JsonValue, SecretStr, TypeAdapter, ValidationError

from packshot.addresses import split_address
from packshot.delivery.direct.asking import AnswerLost, Asker, Traffic
from packshot.delivery.direct.settings import DeliverySettings
from packshot.delivery.direct.shop import Found, Picture, Published, Shown
from packshot.errors import DeliveryError, ShopUnreachable
from packshot.storage.encodable import printable

__all__ = ["WooCommerceShop"]

Shape = TypeVar("Shape")

_SKUS_AT_ONCE, _IDS_AT_ONCE = 20, 100
_PRODUCTS, _MEDIA = "/wp-json/wc/v3/products", "/wp-json/wp/v2/media"


#: SKU to the products that have it, and which of their variations.
_BySku = dict[str, dict[str, tuple[str, ...]]]


class _Found(BaseModel):
    id: int
    sku: str = ""
    parent_id: int = 0


class _Image(BaseModel):
    id: int
    alt: str = ""


class _Product(BaseModel):
    images: list[_Image]


class _Variation(BaseModel):
    id: int
    image: _Image | None = None


class _Media(BaseModel):
    id: int
    source_url: str
    alt_text: str = ""


class _Refusal(BaseModel):
    code: str = ""
    message: str = ""


class WooCommerceShop:
    """A WooCommerce shop.

    Args:
        base: its address.
        user: of WordPress, who may edit products and upload files.
        password: an application password of that user, which both interfaces take.
        settings: how patiently it is asked.
        traffic: is counted.
    """

    def __init__(
        self,
        base: str,
        user: SecretStr,
        password: SecretStr,
        settings: DeliverySettings,
        *,
        traffic: Traffic | None = None,
    ) -> None:
        auth = (user.get_secret_value(), password.get_secret_value())
        self._asker = Asker(settings, base=base, auth=auth, traffic=traffic)
        self._settings = settings

    def close(self) -> None:
        """Close its connections."""
        self._asker.close()

    def find(self, skus: Sequence[str]) -> Mapping[str, tuple[Found, ...]]:
        """The products that have some SKUs; of a variation the one it belongs to."""
        found: _BySku = {}
        plain = [sku for sku in skus if "," not in sku]
        for start in range(0, len(plain), _SKUS_AT_ONCE):
            self._search(plain[start : start + _SKUS_AT_ONCE], found)
        # Several at once are taken by WooCommerce, but not described: who was not found is asked for alone.
        for sku in skus:
            if sku not in found:
                self._search([sku], found)
        return {sku: tuple(Found(*each) for each in products.items()) for sku, products in found.items()}

    def shown(self, product: str) -> tuple[Shown, ...]:
        """What a product shows, the main picture first."""
        found = self._get(f"{_PRODUCTS}/{product}", _Product, {"_fields": "id,images"})
        return tuple(Shown(str(each.id), each.alt) for each in found.images)

    def upload(self, picture: Picture, *, begin: Callable[[], object], begun: bool = False) -> Published:
        """Bring a picture to the media library, unless it is there.

        Where an answer was lost, now or before (`begun`), the library had no file of that name when the first of these
        requests was sent: those beyond the first are copies that the requests made, and are deleted.
        """
        attempt = 0
        while not (there := self._there(picture.name)):
            attempt += 1
            if not begun:
                begin()
                begun = True
            try:
                return self._sent(picture)
            except AnswerLost:
                self._asker.wait(attempt)
        for copy in there[1:] if begun else ():
            self._asker.ask("DELETE", f"{_MEDIA}/{copy.id}", params={"force": "true"})
        return there[0]

    def show(self, product: str, wanted: Sequence[Shown]) -> None:
        """Let a product show just these."""
        images: list[JsonValue] = [{"id": int(each.id), "alt": each.alt} for each in wanted]
        answer = self._asker.ask("PUT", f"{_PRODUCTS}/{product}", json={"images": images})
        _read(answer.status_code, answer.content, _Product)

    def shown_by_variants(self, product: str, variants: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """The picture that each of some variations has of its own; without one, it shows its product's."""
        found: dict[str, tuple[str, ...]] = {}
        for start in range(0, len(variants), _IDS_AT_ONCE):
            some = variants[start : start + _IDS_AT_ONCE]
            # For viewing, a variation without a picture has its product's; for editing, it has none.
            params = {"include": ",".join(some), "per_page": "100", "context": "edit", "_fields": "id,image"}
            for each in self._get(f"{_PRODUCTS}/{product}/variations", list[_Variation], params):
                found[str(each.id)] = () if each.image is None else (str(each.image.id),)
        return found

    def show_by_variants(self, product: str, wanted: Mapping[str, Sequence[str]]) -> None:
        """Let variations have just these pictures, of which each may have one."""
        there = self.shown_by_variants(product, [*wanted])
        for variation, pictures in wanted.items():
            if there.get(variation) not in {None, tuple(pictures)}:
                image: JsonValue = {"id": int(pictures[0]) if pictures else 0}  # 0 takes it away
                path = f"{_PRODUCTS}/{product}/variations/{variation}"
                answer = self._asker.ask("PUT", path, json={"image": image})
                _read(answer.status_code, answer.content, _Variation)

    def known(self, pictures: Sequence[str]) -> tuple[Shown, ...]:
        """Those of some pictures that the media library has."""
        found: list[Shown] = []
        for start in range(0, len(pictures), _IDS_AT_ONCE):
            some = ",".join(pictures[start : start + _IDS_AT_ONCE])
            params = {"include": some, "per_page": "100", "_fields": "id,source_url,alt_text"}
            found += [Shown(str(each.id), each.alt_text) for each in self._get(_MEDIA, list[_Media], params)]
        return tuple(found)

    def read(self, url: str) -> bytes:
        """A published picture."""
        return self._asker.read(url)

    def _search(self, skus: Sequence[str], found: _BySku) -> None:
        params = {"sku": ",".join(skus), "per_page": "100", "_fields": "id,sku,parent_id"}
        for each in self._get(_PRODUCTS, list[_Found], params):
            if each.sku in skus:
                products, product = found.setdefault(each.sku, {}), str(each.parent_id or each.id)
                variations = dict.fromkeys(products.get(product, ()))
                products[product] = tuple(variations | ({str(each.id): None} if each.parent_id else {}))

    def _there(self, name: str) -> list[Published]:
        """The files of a name in the library, the oldest first; the search gives all whose names hold it."""
        stem = PurePosixPath(name).stem
        params = {"search": stem, "per_page": "100", "orderby": "id", "order": "asc", "_fields": "id,source_url"}
        return [
            Published(str(each.id), each.source_url)
            for each in self._get(_MEDIA, list[_Media], params)
            if _is_file(each.source_url, stem)
        ]

    def _sent(self, picture: Picture) -> Published:
        headers = {
            "Content-Type": picture.mime,
            "Content-Disposition": f'attachment; filename="{picture.name}"',
        }
        answer = self._asker.ask("POST", _MEDIA, content=picture.content, headers=headers, again=False)
        made = _read(answer.status_code, answer.content, _Media)
        return Published(str(made.id), made.source_url)

    def _get(self, path: str, shape: type[Shape], params: Mapping[str, str]) -> Shape:
        answer = self._asker.ask("GET", path, params=params)
        return _read(answer.status_code, answer.content, shape)


def _is_file(url: str, stem: str) -> bool:
    """Whether a file was uploaded under a name.

    WordPress counts names that are taken (`wp_unique_filename`) and marks files that it made smaller or turned:
    ``NAME-1-scaled.png``.

    Example:
        >>> _is_file("https://shop.example/2026/11/a1-0f-1.png", "a1-0f")
        True
        >>> _is_file("https://shop.example/2026/11/banner-a1-0f.png", "a1-0f")
        False
    """
    parts = split_address(url)
    name = "" if parts is None else PurePosixPath(parts.path).name
    return re.fullmatch(rf"{re.escape(stem)}(-\d+)?(-scaled|-rotated)?\.\w+", name) is not None


def _read(status: int, content: bytes, shape: type[Shape]) -> Shape:
    if status >= 300:
        try:
            said = _Refusal.model_validate_json(content)
        except ValidationError:
            said = _Refusal()
        if said.code == "rest_no_route" or (status < 400 or not said.code):
            raise ShopUnreachable(
                f"no WooCommerce interface answers there (status {status})",
                remedy="check --to: woocommerce://HOST, with the path below which the shop lies",
            )
        raise DeliveryError(f"the shop says: {printable(said.message)}", remedy="mend it there, then deliver again")
    try:
        return TypeAdapter(shape).validate_json(content)
    except ValidationError:
        raise ShopUnreachable("the shop's answer is none of its interface", remedy="check --to") from None
