"""Product tables that shops import: Shopify's and WooCommerce's.

Sources: https://help.shopify.com/en/manual/products/import-export/using-csv (2026; its columns were Handle, Image
Src, Image Position and Image Alt Text before) and https://woocommerce.com/document/product-csv-importer-exporter/.
WooCommerce takes the apostrophe before what a spreadsheet would run off again when it imports; Shopify shows it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from packshot.delivery.product import Product
from packshot.errors import PackshotError, UsageError
from packshot.storage.table import csv_table

__all__ = ["SHOPIFY_BYTES", "shopify_refusals", "shopify_table", "woocommerce_refusals", "woocommerce_table"]

#: Bytes that a product table may have. Source: https://www.importcsv.com/blog/shopify-csv-import (secondary), 2026-02.
SHOPIFY_BYTES = 15_000_000
_MOST_ALT = 512  # characters


def shopify_refusals(products: Sequence[Product]) -> dict[str, PackshotError]:
    """SKUs that cannot be in Shopify's table: no handle, the same as another one, no title, or a long alt text."""
    refused: dict[str, PackshotError] = {}
    for product in products:
        if not product.title.strip():
            refused[product.sku] = UsageError(
                f"{product.sku}: no title, and Shopify's table needs one",
                remedy="let the run write titles (packshot run --language), or deliver to shopify://NAME.myshopify.com",
            )
        elif any(len(alt) > _MOST_ALT for _, alt in product.pictures):
            refused[product.sku] = UsageError(
                f"{product.sku}: an alt text has more than {_MOST_ALT} characters", remedy="shorten it in --texts"
            )
    return refused | _same_handles(products)


def _same_handles(products: Sequence[Product]) -> dict[str, PackshotError]:
    by_handle = defaultdict(list)
    for product in products:
        by_handle[_handle(product.sku)].append(product.sku)
    remedy = "give them SKUs that differ in letters or digits"
    return {
        sku: UsageError(f"{' and '.join(same)} have the same Shopify handle {handle!r}", remedy=remedy)
        for handle, same in by_handle.items()
        if len(same) > 1 or not handle
        for sku in same
    }


def shopify_table(products: Sequence[Product]) -> bytes:
    """A line for each picture; the title stands in the first one of its product."""
    return csv_table(
        ("URL handle", "Title", "Product image URL", "Image position", "Image alt text"),
        [
            (_handle(product.sku), product.title if place == 1 else "", url, str(place), alt)
            for product in products
            for place, (url, alt) in enumerate(product.pictures, start=1)
        ],
    )


def woocommerce_refusals(products: Sequence[Product]) -> dict[str, PackshotError]:
    """SKUs that cannot be in WooCommerce's table: the importer parts addresses at commas."""
    return {
        product.sku: UsageError(f"{url[:80]}: a comma parts two addresses", remedy="write it as %2C in --base-url")
        for product in products
        for url, _ in product.pictures
        if "," in url
    }


def woocommerce_table(products: Sequence[Product]) -> bytes:
    """A line for each product; the first of its images is the main one."""
    rows = [(product.sku, product.title, ", ".join(url for url, _ in product.pictures)) for product in products]
    return csv_table(("SKU", "Name", "Images"), rows)


def _handle(sku: str) -> str:
    """As Shopify makes it: small letters and digits with hyphens between.

    Example:
        >>> _handle("Café_42 Rot")
        'cafe-42-rot'
    """
    plain = unicodedata.normalize("NFKD", sku).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
