"""The products of a page, told by schema.org's words in its JSON-LD or microdata.

Source: schema.org/Product and its subclasses, schema.org/itemOffered, version 28 (2024). What an offer says of price
and stock is ignored; what it offers is a product.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from packshot.addresses import join_address, split_address
from packshot.collecting.json_ld import Graph, Node, text_of

__all__ = ["Product", "products_on"]

_TYPES = frozenset(
    {"Product", "ProductGroup", "ProductModel", "IndividualProduct", "SomeProducts", "ProductCollection"}
)
_TYPES |= {"Vehicle", "Car", "Motorcycle", "MotorizedBicycle", "BusOrCoach", "DietarySupplement", "Drug"}
# Other products that are only mentioned, and what is said of a product that names further things.
_ASIDE = frozenset({"review", "reviews", "aggregateRating", "isRelatedTo", "isSimilarTo"})
_ASIDE |= {"isAccessoryOrSparePartFor", "isConsumableFor"}
_GTIN = ("gtin", "gtin13", "gtin14", "gtin12", "gtin8")
_STEP = re.compile(r"\s*[>›»]\s*")
_MAX_IMAGES = 100


@dataclass(frozen=True, slots=True)
class Product:
    """A product as its page describes it; what is not stated is empty.

    Attributes:
        page: address of the page.
        group: what its photos have in common: the product group's or product's id, else the page's address.
        category: as stated, or the page's breadcrumbs; steps are joined by `` > ``. Of a vehicle also its body type.
        images: absolute addresses of its photos, in the page's order, each once.
        label: for training, by a rule; the category stands in for it.
    """

    page: str
    group: str
    name: str = ""
    brand: str = ""
    sku: str = ""
    gtin: str = ""
    category: str = ""
    images: tuple[str, ...] = ()
    label: str = ""


def products_on(
    page: str, blocks: Iterable[str], *, items: Iterable[Node] = (), base: str | None = None
) -> tuple[list[Product], list[str]]:
    """Read a page's products.

    A product among several, or in a list, whose own address is another page is an entry of a listing: its page is to be
    read instead. Variants are united with their group.

    Args:
        page: its address.
        blocks: the text of each JSON-LD script.
        items: of the page's microdata.
        base: what relative addresses start from; the page by default.

    Returns:
        The products, and the addresses of the pages that a listing names.
    """
    graph, base = Graph(blocks, items), base or page
    found = []
    for stated, around in graph.walk(leave_out=_ASIDE, end_at=_TYPES):
        node = graph.resolved(stated)
        if isinstance(node, dict) and graph.types(node) & _TYPES and len(node.keys() - {"@id", "@type"}):
            found.append((node, "ItemList" in around))
        elif isinstance(node, dict) and "itemOffered" in node:
            offered = (each for each in graph.all_of(node["itemOffered"]) if isinstance(each, dict))
            found += [(each, "ItemList" in around) for each in offered if not graph.types(each) and each.get("image")]
    crumbs = _breadcrumbs(graph, page, base)
    entries: list[tuple[str, Product]] = []
    products: dict[str, Product] = {}
    for node, listed in found:
        product = _product(graph, node, page, base)
        if not product.category and crumbs:
            steps = crumbs[:-1] if crumbs[-1] == product.name else crumbs
            product = replace(product, category=" > ".join(steps))
        own = _joined(base, text_of(node.get("url"))) if node.get("url") else page
        if (listed or len(found) > 1) and not _same_page(own, page):
            entries.append((own, product))
        else:
            products[product.group] = _united(products.get(product.group), product)
    listing = []
    for address, product in entries:
        if product.group in products:  # a variant with an address of its own
            products[product.group] = _united(products[product.group], product)
        else:
            listing.append(address)
    return list(products.values()), list(dict.fromkeys(listing))


def _product(graph: Graph, node: Node, page: str, base: str) -> Product:
    variants = [v for v in graph.all_of(node.get("hasVariant")) if isinstance(v, dict)]
    parents = [v for v in graph.all_of(node.get("isVariantOf")) if isinstance(v, dict)]
    sku, gtin = text_of(node.get("sku")), next(filter(None, (text_of(node.get(key)) for key in _GTIN)), "")
    keys = [node.get("productGroupID"), node.get("inProductGroupWithID")]
    keys += [parent.get("productGroupID") for parent in parents]
    group = next(filter(None, (*map(text_of, keys), sku, gtin, text_of(node.get("productID")))), page)
    images = [image for each in (node, *variants) for image in _images(graph, each.get("image"), base)]
    return Product(
        page=page,
        group=group,
        name=text_of(node.get("name")) or text_of(graph.all_of(node.get("model"))),
        brand=text_of(graph.all_of(node.get("brand"))) or text_of(graph.all_of(node.get("manufacturer"))),
        sku=sku,
        gtin=gtin,
        category=_category(graph, node) or next(filter(None, (_category(graph, v) for v in variants)), ""),
        images=tuple(dict.fromkeys(images))[:_MAX_IMAGES],
    )


def _united(one: Product | None, other: Product) -> Product:
    if one is None:
        return other
    missing = {
        key: getattr(other, key) for key in ("name", "brand", "sku", "gtin", "category") if not getattr(one, key)
    }
    return replace(one, **missing, images=tuple(dict.fromkeys(one.images + other.images))[:_MAX_IMAGES])


def _images(graph: Graph, value: object, base: str, depth: int = 0) -> list[str]:
    found: list[str] = []
    for image in graph.all_of(value) if depth < 4 else ():
        if isinstance(image, str) and image.strip():
            found.append(_joined(base, image.strip()))
        elif isinstance(image, dict):
            found += _images(graph, image.get("contentUrl") or image.get("url"), base, depth + 1)
        elif isinstance(image, list):
            found += _images(graph, image, base, depth + 1)
    return found


def _joined(base: str, address: str) -> str:
    # What is no address is refused, with its reason, when it is asked for.
    joined = join_address(base, address) or address
    return joined if joined.startswith(("http://", "https://")) else joined[:100]


def _category(graph: Graph, node: Node) -> str:
    stated = (text_of(graph.all_of(node.get(key))) for key in ("category", "bodyType"))
    words = next(filter(None, stated), "")
    return "" if words.startswith(("http://", "https://")) else _STEP.sub(" > ", words)


def _breadcrumbs(graph: Graph, page: str, base: str) -> list[str]:
    """The longest trail of the page, without the shop's front page and the page itself."""
    trails = [_trail(graph, node, page, base) for node, _ in graph.walk() if "BreadcrumbList" in graph.types(node)]
    return max(trails, key=len, default=[])


def _trail(graph: Graph, node: Node, page: str, base: str) -> list[str]:
    steps = [step for step in graph.all_of(node.get("itemListElement")) if isinstance(step, dict)]
    steps.sort(key=lambda step: _place(step.get("position")))
    names = []
    for step in steps:
        item = graph.resolved(step.get("item"))
        where = (item.get("@id") or item.get("url")) if isinstance(item, dict) else item
        address = _joined(base, where) if isinstance(where, str) else ""
        name = text_of(step.get("name")) or (text_of(item) if isinstance(item, dict) else "")
        front = address and _path(address) == "/"
        if name and not front and not (address and _same_page(address, page)):
            names.append(name)
    return names


def _place(position: object) -> float:
    try:
        return float(str(position))
    except ValueError:
        return 0.0


def _path(address: str) -> str:
    parts = split_address(address)
    return "" if parts is None else parts.path.rstrip("/") or "/"


def _same_page(one: str, other: str) -> bool:
    parts = [split_address(address) for address in (one, other)]
    hosts = {None if each is None else each.netloc.lower().removeprefix("www.") for each in parts}
    return len(hosts) == 1 and None not in hosts and _path(one) == _path(other)
