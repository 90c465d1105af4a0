"""How often `packshot catalogue repeated` is right: products photographed several times, among garments that are not.

    PACKSHOT_DATA=../shared/data python benchmarks/repeated_products.py [--garments 382 1382]

One catalogue of the validation photos of the groceries (phone photos in a shop; two of one product are one product
photographed anew) and of garments (each taken once: what is listed of them is wrong, but for garments that a person
cannot tell apart either). Garments are those of the validation split first, then of the training split, which the
network has seen. Listed: items beside the first one of a product. Found: of the grocery photos whose product has
others, those that are listed or are the first one. `--sheet` writes the listed garments side by side, to look at.
"""

from __future__ import annotations

import argparse
import csv
import os
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from packshot.catalogue import CatalogueItem
from packshot.catalogue.indexing import embed, item_of
from packshot.catalogue.repeated_products import RepeatedProduct, find_repeated_products
from packshot.catalogue.store import open_store
from packshot.errors import PackshotError
from packshot.pipeline import Pipeline
from packshot.settings import Settings

THRESHOLDS = (0.8, 0.85, 0.9, 0.93, 0.95, None)  # None: as the command does


def garments(root: Path) -> list[Path]:
    """Validation first, then training."""
    with (root / "clothing/labels.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] in {"validation", "val", "train"}]
    rows.sort(key=lambda row: row["split"] == "train")
    files = {path.stem: path for path in (root / "clothing/images").iterdir()}
    return [files[row["image"]] for row in rows if row["image"] in files]


def items_of(photos: Sequence[Path]) -> list[CatalogueItem]:
    pipeline = Pipeline(settings=Settings(threads=1))
    items = []
    for photo in photos:
        try:
            items.append(item_of(embed(pipeline, photo), source=str(photo)))
        except PackshotError as error:
            print(f"{photo.name}: {error}")
    return items


def sheet(products: Sequence[RepeatedProduct], path: Path) -> None:
    """A row for each product, its first five photos."""
    page = Image.new("RGB", (5 * 160, max(1, len(products)) * 160), "white")
    for row, product in enumerate(products):
        for column, item in enumerate(product.items[:5]):
            with Image.open(item.source) as photo:
                photo.thumbnail((156, 156))
                page.paste(photo.convert("RGB"), (160 * column, 160 * row))
    page.save(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--garments", type=int, nargs="+", default=[382, 1382])
    parser.add_argument("--sheet", type=Path, metavar="FILE.png")
    asked = parser.parse_args()
    root = Path(os.environ["PACKSHOT_DATA"])
    groceries = items_of(sorted((root / "grocery/val").rglob("*.jpg")))
    others = items_of(garments(root)[: max(asked.garments)])
    product = {item.source: Path(item.source).parent.name for item in groceries}
    several = sum(number for number in Counter(product.values()).values() if number > 1)
    print(f"{len(groceries)} groceries of {len(set(product.values()))} products, {several} of them with others")
    print(
        "| garments | scores from | groceries listed | of these right | found | garments listed |\n"
        "|---|---|---|---|---|---|"
    )
    for count in asked.garments:
        with tempfile.TemporaryDirectory() as folder, open_store(f"{folder}/shop", create=True) as store:
            store.upsert([*groceries, *others[:count]])
            for threshold in THRESHOLDS:
                listed = right = wrong = 0
                found: set[str] = set()
                shown: list[RepeatedProduct] = []
                for each in find_repeated_products(store, threshold=threshold).products:
                    first, *more = (item.source for item in each.items)
                    of_one = [source for source in more if product.get(first) == product.get(source) is not None]
                    food = [source for source in more if source in product]
                    listed, right = listed + len(food), right + len(of_one)
                    found |= {first, *of_one} if of_one else set()
                    wrong += len(more) - len(food)
                    shown += [each] if len(more) > len(food) else []
                share = f"{right / listed:.3f}" if listed else ""
                cells = [f"{count:,}", f"{threshold or 'by kind'}", f"{listed}", share]
                print(f"| {' | '.join(cells)} | {len(found) / several:.3f} | {wrong} |", flush=True)
                if asked.sheet and threshold == 0.9 and count == asked.garments[-1]:
                    sheet(shown, asked.sheet)


if __name__ == "__main__":
    main()
