"""From the journal to the two files that are read: manifest.csv for training, products.jsonl for all else."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from packshot.collecting.journal import Journal
from packshot.storage.atomic import write_atomic

__all__ = ["product_rows", "read_products", "write_outputs"]


def product_rows(journal: Journal) -> list[dict[str, Any]]:
    """One row a product and page, in the order of addresses.

    Returns:
        `Product`'s fields and ``collected``; its ``images`` are ``url``, ``path`` below the folder and ``error``, of
        which one is None.
    """
    rows = []
    reasons = {**journal.missing, **journal.refused}
    for page in sorted(journal.pages.values(), key=lambda page: page.url):
        for product in page.products:
            images = [
                {"url": url, "path": journal.kept.get(url), "error": reasons.get(url, "not collected yet")}
                for url in product.images
            ]
            for image in images:
                image["error"] = None if image["path"] else image["error"]
            rows.append({**asdict(product), "images": images, "collected": page.read})
    return rows


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
    write_atomic(out / "products.jsonl", "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode())
    photos: dict[str, tuple[str, str]] = {}
    for row in rows:
        for image in row["images"]:
            if image["path"]:
                label, group = photos.get(image["path"], (row["category"], row["group"]))
                photos[image["path"]] = (label if label == row["category"] else "", group)
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("path", "label", "group"))
    table.writerows((path, *photos[path]) for path in sorted(photos))
    write_atomic(out / "manifest.csv", text.getvalue().encode())
    return len(rows), len(photos)


def read_products(out: Path) -> list[dict[str, Any]]:
    """The rows of products.jsonl; none where there is no such file."""
    path = out / "products.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []
