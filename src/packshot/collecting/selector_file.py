"""A file that says where a site's pages show what, and how products are labelled: ``collect --selectors FILE``."""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from packshot.addresses import join_address
from packshot.collecting.json_ld import text_of
from packshot.collecting.products import Product
from packshot.errors import UsageError

__all__ = ["LabelRule", "Places", "Selectors", "read_selectors", "selected_products"]

_EXAMPLE = "give it a table [product] or [label]; docs/how-to/collecting.md has an example"
_MAX_BYTES = 1_000_000
_MAX_PRODUCTS, _MAX_IMAGES = 1000, 100
# Where an element says what is asked of it, if the selector names no attribute.
_IMAGE_IN = ("src", "data-src", "data-lazy-src", "href", "content")
_ATTRIBUTE = re.compile(r"(.*?)\s*@([\w:.-]+)")
Stated = Literal["brand", "category", "name", "sku", "gtin"]


class Places(BaseModel):
    """Where a page shows a product: CSS selectors, each with ``@attribute`` behind it where not the text is meant.

    Example:
        >>> Places(name="h2", sku="@data-id", image="img@data-src").each is None
        True
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    each: str | None = Field(default=None, description="what encloses one product; the page is one product without")
    name: str | None = None
    brand: str | None = None
    category: str | None = None
    sku: str | None = None
    gtin: str | None = None
    image: str = Field(description="its photos, all that match; src, data-src or href unless an attribute is named")


class LabelRule(BaseModel):
    """What a product is labelled with for training, by what is stated of it.

    Example:
        >>> rule = LabelRule(by="brand", values={"premium": ("BMW", "Audi"), "basic": ("Dacia",)})
        >>> rule.label(Product(page="", group="", brand="bmw")), rule.label(Product(page="", group="", brand="Fiat"))
        ('premium', '')
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: Stated = Field(description="brand, category, name, sku or gtin")
    values: dict[str, tuple[str, ...]] = Field(min_length=1, description="label -> what is stated, in any case")
    contains: bool = Field(default=False, description="whether it is enough that a value stands within what is stated")
    other: str = Field(default="", description="the label of all else; none by default, which training passes over")

    @model_validator(mode="after")
    def _check(self) -> Self:
        seen: dict[str, str] = {}
        for label, values in self.values.items():
            for value in values:
                if seen.setdefault(_folded(value), label) != label:
                    raise ValueError(f"{value!r} is given two labels, {seen[_folded(value)]!r} and {label!r}")
        return self

    def label(self, product: Product) -> str:
        """The label; of several values that are contained the longest decides."""
        stated = _folded(getattr(product, self.by))
        fitting = [
            (len(value), label)
            for label, values in self.values.items()
            for value in map(_folded, values)
            if value and (value in stated if self.contains else value == stated)
        ]
        return max(fitting)[1] if fitting else self.other


class Selectors(BaseModel):
    """The file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    product: Places | None = Field(default=None, description="where pages show a product; by their data without")
    label: LabelRule | None = Field(default=None, description="what a product is labelled with; its category without")

    def labelled(self, product: Product) -> Product:
        """The product with the rule's label."""
        return product if self.label is None else replace(product, label=self.label.label(product))


def read_selectors(path: Path) -> Selectors:
    """Read the file.

    Raises:
        UsageError: it cannot be read, or says what cannot be done; names the key.
    """
    try:
        data = path.read_bytes()
        if len(data) > _MAX_BYTES:
            raise UsageError(f"{path} is {len(data)} bytes, expected at most {_MAX_BYTES}", remedy=_EXAMPLE)
        found = Selectors.model_validate(tomllib.loads(data.decode("utf-8")))
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror})", remedy="name a TOML file") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{path}: {where or 'the file'}: {first['msg']}", remedy=_EXAMPLE) from error
    except ValueError as error:
        raise UsageError(f"{path} is no TOML ({error})", remedy=_EXAMPLE) from error
    if found.product is None and found.label is None:
        raise UsageError(f"{path} says nothing", remedy=_EXAMPLE)
    for key, selector in ({} if found.product is None else found.product.model_dump()).items():
        _check_css(path, key, selector)
    return found


def selected_products(page: str, root: Any, places: Places, *, base: str | None = None) -> list[Product]:
    """Read a page's products by selectors; an enclosing element without a photo shows none.

    Args:
        page: its address.
        root: the page, a `parsel.Selector` or Scrapy's response.
        places: where what stands.
        base: what relative addresses start from; the page by default.
    """
    found = dict[str, Product]()
    for block in [root] if places.each is None else root.css(places.each)[:_MAX_PRODUCTS]:
        named = _all(block, places.image, _IMAGE_IN)
        # One that is no address is refused, with its reason, when it is asked for.
        images = [join_address(base or page, image) or image for image in named]
        if not images:
            continue
        stated = {key: _first(block, getattr(places, key)) for key in ("name", "brand", "category", "sku", "gtin")}
        group = stated["sku"] or stated["gtin"] or (page if places.each is None else _group_of(page, stated, images))
        product = Product(page=page, group=group, **stated, images=tuple(dict.fromkeys(images))[:_MAX_IMAGES])
        before = found.get(group)
        if before is not None:
            product = replace(before, images=tuple(dict.fromkeys(before.images + product.images))[:_MAX_IMAGES])
        found[group] = product
    return list(found.values())


def _group_of(page: str, stated: dict[str, str], images: list[str]) -> str:
    """Of a product without a number: by its name; a name that it shares with others of the page is one product."""
    text = "\n".join((page, stated["name"] or images[0]))
    return f"{page}#{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:12]}"


def _split(selector: str) -> tuple[str, str | None]:
    found = _ATTRIBUTE.fullmatch(selector.strip())
    return (found[1], found[2]) if found else (selector.strip(), None)


def _all(block: Any, selector: str | None, attributes: tuple[str, ...] = ()) -> list[str]:
    if selector is None:
        return []
    css, attribute = _split(selector)
    values = list[str]()
    for element in block.css(css) if css else [block]:
        if isinstance(element.root, str):  # of a selector that ends in ::text or ::attr(...)
            values.append(element.root)
        elif attribute is not None or attributes:
            known = element.root.attrib
            stated = (known.get(name, "").strip() for name in ((attribute,) if attribute else attributes))
            values.append(next(filter(None, stated), ""))
        else:
            values.append(element.xpath("string(.)").get() or "")
    return [value for value in values if value.strip() and not value.startswith("data:")]


def _first(block: Any, selector: str | None) -> str:
    return next(filter(None, map(text_of, _all(block, selector))), "")


def _check_css(path: Path, key: str, selector: str | None) -> None:
    if selector is None:
        return
    from cssselect import SelectorError  # noqa: PLC0415 - Scrapy brings it, and this file is read without Scrapy
    from parsel.csstranslator import HTMLTranslator  # noqa: PLC0415

    css, attribute = (selector, None) if key == "each" else _split(selector)
    try:
        if css:
            HTMLTranslator().css_to_xpath(css)
        elif attribute is None:
            raise UsageError(f"{path}: product.{key} is empty", remedy="leave it out")
    except SelectorError as error:
        raise UsageError(
            f"{path}: product.{key} = {selector!r} is no CSS selector ({error})", remedy=_EXAMPLE
        ) from error


def _folded(words: str) -> str:
    return " ".join(words.casefold().split())
