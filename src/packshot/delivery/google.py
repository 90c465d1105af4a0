"""A Google Merchant feed of pictures: RSS 2.0 with Google's names, or tab-separated.

It holds what packshot knows (id, title, pictures), and is meant as a supplemental feed beside the shop's own, which has
price and availability. Source: Product data specification, https://support.google.com/merchants/answer/7052112, and
https://support.google.com/merchants/answer/14991445 for the size of a file, both as of 2026-11.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from urllib.parse import quote

from packshot.delivery.product import Product
from packshot.errors import PackshotError, UsageError
from packshot.storage.table import is_formula, tsv_table

__all__ = ["GOOGLE_BYTES", "google_refusal", "google_tsv", "google_xml"]

_SPACE = "http://base.google.com/ns/1.0"
#: Bytes that a feed may have.
GOOGLE_BYTES = 4_000_000_000
_MOST_CHARACTERS = 50  # of an id
_MOST_TITLE = 150  # characters
_MOST_ADDRESS = 2000  # characters
_MOST_FURTHER = 10  # additional_image_link
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def google_refusal(product: Product, *, tabs: bool, link: str | None = None) -> PackshotError | None:
    """Why a product cannot be in the feed.

    Args:
        product: the product.
        link: as of `google_xml`.
        tabs: whether the feed is tab-separated.
    """
    if (why := _sku_refusal(product.sku, tabs=tabs)) is not None:
        return why
    if len(product.title) > _MOST_TITLE:
        return UsageError(
            f"the title has {len(product.title)} characters, Google takes {_MOST_TITLE}",
            remedy="shorten it in the words of the texts (packshot run --texts)",
        )
    addresses = [url for url, _ in product.pictures] + ([_page(link, product)] if link is not None else [])
    for address in addresses:
        if len(address) > _MOST_ADDRESS or not address.isascii():
            return UsageError(
                f"{address[:80]}: Google takes addresses of {_MOST_ADDRESS} characters, ASCII alone",
                remedy="shorten or encode --base-url or --link",
            )
        if tabs and "," in address:
            return UsageError(
                f"{address[:80]}: a comma parts two addresses", remedy="write it as %2C, or deliver google:FILE.xml"
            )
    if tabs and (is_formula(product.sku) or is_formula(product.title)):
        return UsageError(
            f"{product.sku}: a spreadsheet would run the cell as a formula", remedy="deliver google:FILE.xml instead"
        )
    return None


def google_xml(products: Sequence[Product], *, link: str | None = None) -> bytes:
    """The feed as XML.

    Args:
        products: what is in it.
        link: address of a product's page, with ``{sku}``; None: the shop's own feed has it.
    """
    ET.register_namespace("g", _SPACE)
    rss = ET.Element("rss", version="2.0")
    channel = ET.SubElement(rss, "channel")
    ET.SubElement(channel, "title").text = "packshot"
    for product in products:
        item = ET.SubElement(channel, "item")
        further = [("additional_image_link", url) for url, _ in product.pictures[1 : 1 + _MOST_FURTHER]]
        main = ("image_link", product.pictures[0][0])
        for name, text in (
            ("id", product.sku),
            ("title", product.title),
            ("link", _page(link, product)),
            main,
            *further,
        ):
            if text:
                ET.SubElement(item, f"{{{_SPACE}}}{name}").text = _NOT_IN_XML.sub("", text)
    ET.indent(rss)
    written: bytes = ET.tostring(rss, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def google_tsv(products: Sequence[Product], *, link: str | None = None) -> bytes:
    """The feed with tabs; further views with commas between them.

    Args:
        products: what is in it.
        link: as of `google_xml`; without it there is no such column.
    """
    names = ["id", "title", *(["link"] if link is not None else []), "image_link", "additional_image_link"]
    rows = [
        [
            product.sku,
            product.title,
            *([_page(link, product)] if link is not None else []),
            product.pictures[0][0],
            ",".join(url for url, _ in product.pictures[1 : 1 + _MOST_FURTHER]),
        ]
        for product in products
    ]
    return tsv_table(names, rows)


def _sku_refusal(sku: str, *, tabs: bool) -> PackshotError | None:
    # A reader of XML gets no control signs, and one kind of end of line; `tsv_table` brings blanks together.
    if _NOT_IN_XML.search(sku) is not None or "\r" in sku or (tabs and sku != " ".join(sku.split())):
        return UsageError(
            f"the SKU {sku!a} holds signs that the feed does not carry, so its id would be another",
            remedy="use letters, digits and signs that are printed",
        )
    if len(sku) > _MOST_CHARACTERS:
        return UsageError(
            f"the SKU has {len(sku)} characters, Google takes {_MOST_CHARACTERS}", remedy="use a shorter one"
        )
    return None


def _page(link: str | None, product: Product) -> str:
    return "" if link is None else link.replace("{sku}", quote(product.sku, safe="", errors="surrogateescape"))
