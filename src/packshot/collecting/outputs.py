"""From the journal to the two files that are read: manifest.csv for training, products.jsonl for all else."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict

from packshot.collecting.journal import Journal
from packshot.storage.atomic import write_atomic
from packshot.storage.encodable import encodable
from packshot.storage.table import guarded

__all__ = ["ImageRow", "ProductRow", "product_rows", "read_products", "write_outputs"]


class ImageRow(TypedDict):
    """One photo of a product: its address, its path below the folder, or the reason why it is not there."""

    url: str
    path: str | None
    error: str | None


class ProductRow(TypedDict):
    """A line of products.jsonl: `packshot.collecting.products.Product`, its photos, and when its page was read."""

    page: str
    group: str
    name: str
    brand: str
    sku: str
    gtin: str
    category: str
    label: str
    images: list[ImageRow]
    collected: str


def product_rows(journal: Journal) -> list[ProductRow]:
    """One row a product and page, in the order of addresses."""
    rows: list[ProductRow] = []
    reasons = {**journal.missing, **journal.refused}
    for page in sorted(journal.pages.values(), key=lambda page: page.url):
        for product in page.products:
            images = [_image(url, journal.kept.get(url), reasons) for url in product.images]
            rows.append(
                {
                    "page": product.page,
                    "group": product.group,
                    "name": product.name,
                    "brand": product.brand,
                    "sku": product.sku,
                    "gtin": product.gtin,
                    "category": product.category,
                    "label": product.label,
                    "images": images,
                    "collected": page.read,
                }
            )
    return rows


def _image(url: str, path: str | None, reasons: Mapping[str, str]) -> ImageRow:
    error = None if path else reasons.get(url, "not collected yet")
    return {"url": url, "path": path, "error": error}


def write_outputs(journal: Journal, out: Path) -> tuple[int, int]:
    """Write both files, each whole or not at all.

    A photo that several products show stands in the manifest once, with the first one's group; it has no label where
    theirs differ.

    Returns:
        How many products and photos they list.

    Raises:
        OutputError: they could not be written.
    """
    rows = product_rows(journal)
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    # Half of a surrogate pair, which a page may state, becomes the escape that JSON has for it.
    write_atomic(out / "products.jsonl", lines.encode("utf-8", "backslashreplace"))
    photos: dict[str, tuple[str, str]] = {}
    for row in rows:
        for image in row["images"]:
            if image["path"]:
                own = row["label"] or row["category"]
                label, group = photos.get(image["path"], (own, row["group"]))
                photos[image["path"]] = (label if label == own else "", group)
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("path", "label", "group"))
    table.writerows((path, *map(guarded, photos[path])) for path in sorted(photos))  # a stranger's page wrote them
    write_atomic(out / "manifest.csv", encodable(text.getvalue()).encode())
    return len(rows), len(photos)


def read_products(out: Path) -> list[ProductRow]:
    """The rows of products.jsonl; none where there is no such file."""
    path = out / "products.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []
