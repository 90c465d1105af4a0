"""What the pages take for granted: photos under the names they use, tables, profiles, a shop's tree."""

# ruff: noqa: D103 - a function lays what the page of its name takes for granted
from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from shutil import copy

import numpy as np
from PIL import Image, ImageDraw

__all__ = [
    "catalogue_page",
    "check_page",
    "collecting_page",
    "data_page",
    "evaluation_page",
    "explaining_page",
    "frames_page",
    "measured_page",
    "networks_page",
    "own_network_page",
    "packshots_page",
    "photos",
    "profile_page",
    "review_page",
    "serving_page",
    "strokes_page",
    "taxonomy_page",
    "texts_page",
    "training_page",
    "watching_page",
]

ROOT = Path(__file__).parents[1]
PHOTOS = ROOT / "src" / "packshot" / "demo" / "photos"
MODELS = ROOT / "src" / "packshot" / "models"


def photos(folder: Path, **names: str) -> None:
    """Photos of the demo under the names that a page uses: `shoe="sneakers"` is shoe.jpg."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, of in names.items():
        copy(PHOTOS / f"{of}.jpg", folder / f"{name}.jpg")


def block(text: str, language: str, number: int = 0) -> str:
    """The text of a page's block with a file in it."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)[number]


def table(path: Path, *rows: tuple[str, ...]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


def drawn(shape: str, number: int) -> tuple[Image.Image, Image.Image]:
    """A picture of an ellipse or a rectangle on noise, and its mask; another one for each number."""
    random = np.random.default_rng(number)
    mask = Image.new("L", (160, 120), 0)
    x, y = (int(n) for n in random.integers(15, 50, 2))
    draw = ImageDraw.Draw(mask)
    (draw.ellipse if shape == "ellipse" else draw.rectangle)((x, y, x + 80, y + 55), fill=255)
    background = Image.fromarray(random.integers(150, 200, (120, 160, 3), np.uint8))
    colour = (200, 30, 40) if shape == "ellipse" else (30, 60, 180)
    return Image.composite(Image.new("RGB", mask.size, colour), background, mask), mask


def segmentation(folder: Path) -> None:
    for kind in ("images", "masks"):
        (folder / kind).mkdir(parents=True)
    for number in range(20):
        picture, mask = drawn(("ellipse", "rectangle")[number % 2], number)
        picture.save(folder / "images" / f"{number:02}.jpg", quality=95)
        mask.save(folder / "masks" / f"{number:02}.png")


def classes(folder: Path, *, names: tuple[str, str]) -> None:
    for shape, name in zip(("ellipse", "rectangle"), names, strict=True):
        (folder / name).mkdir(parents=True)
        for number in range(20):
            drawn(shape, number + 100 * len(shape))[0].save(folder / name / f"{number:02}.jpg", quality=95)


def strokes(path: Path, photo: Path) -> None:
    width, height = Image.open(photo).size
    path.parent.mkdir(parents=True, exist_ok=True)
    line = [[width // 2, height // 2], [width // 2 + 20, height // 2]]
    path.write_text(
        f'{{"version": 1, "photo": {{"width": {width}, "height": {height}}},'
        f' "strokes": [{{"kind": "keep", "radius": 8, "points": {line}}}]}}',
        encoding="utf-8",
    )


def packshots_page(folder: Path, text: str) -> None:
    profile = (ROOT / "docs" / "how-to" / "profile.md").read_text(encoding="utf-8")
    (folder / "shop.toml").write_text(block(profile, "toml"), encoding="utf-8")
    for sku, of in {"1001": "sneakers", "1002": "cap"}.items():
        photos(folder / "photos" / sku, **{f"{sku}_front": of})
    table(
        folder / "products.csv",
        ("file", "gtin"),
        ("1001_front.jpg", "4006381333931"),
        ("1002_front.jpg", "5901234123457"),
    )


def profile_page(folder: Path, text: str) -> None:
    photos(folder / "photos", shoe="sneakers")
    (folder / "shop.toml").write_text(block(text, "toml"), encoding="utf-8")


def check_page(folder: Path, text: str) -> None:
    photos(folder / "photos", shoe="sneakers")
    photos(folder / "agency", front="pitcher_on_white")


def catalogue_page(folder: Path, text: str) -> None:
    photos(folder / "photos", shirt="jacket", shoe="sneakers")
    photos(folder / "arrivals", new="jeans", other="dress")
    photos(folder, arrival="sneakers", shoe="sneakers", absent="coffee_can")
    table(
        folder / "queries.csv",
        ("photo", "item"),
        ("photos/shoe.jpg", "photos/shoe.jpg"),
        *[(f"photos/{name}.jpg", f"photos/{name}.jpg") for name in ("shirt",)],
        ("absent.jpg", ""),
    )


def data_page(folder: Path, text: str) -> None:
    segmentation(folder / "shop")
    classes(folder / "garments", names=("hat", "shirt"))


def evaluation_page(folder: Path, text: str) -> None:
    segmentation(folder / "shop")
    classes(folder / "garments", names=("Hat", "Shirt"))
    table(
        folder / "garments" / "list.csv",
        ("path", "label", "kids"),
        *[(f"{name}/{n:02}.jpg", name, ("yes", "no")[n % 2]) for name in ("Hat", "Shirt") for n in range(20)],
    )
    for suffix in ("onnx", "json"):
        copy(MODELS / f"cutout.{suffix}", folder / f"mine.{suffix}")


def measured_page(folder: Path, text: str) -> None:
    evaluation_page(folder, text)
    frames_page(folder, text)
    found = sorted((folder / "photos").glob("*.jpg"))
    rows = [(f"photos/{path.name}", "framed" if path.name.startswith("framed-") else "unframed") for path in found]
    table(folder / "labels.csv", ("path", "label"), *rows)


def frames_page(folder: Path, text: str) -> None:
    photos(folder / "photos", shoe="sneakers", cap="cap", dress="dress", jacket="jacket")
    photos(folder / "pictures", front="pitcher_on_white")
    for path in sorted((folder / "photos").glob("*.jpg")):
        photo = Image.open(path)
        ImageDraw.Draw(photo).rectangle((0, 0, photo.width - 1, photo.height - 1), outline="black", width=20)
        photo.save(path.with_name(f"framed-{path.name}"))


def review_page(folder: Path, text: str) -> None:
    names = {"shirt": "jacket", "shoe": "sneakers", "hat": "cap", "bag": "jeans", "cup": "pitcher_on_white"}
    photos(folder / "photos", **names, dress="dress", blurred="sneakers")
    # A decision holds for every copy of a photo: this one is none.
    Image.open(folder / "photos" / "blurred.jpg").resize((200, 150)).save(folder / "photos" / "blurred.jpg")
    photos(folder / "photos" / "shirts", a="jacket", b="shirt_in_a_frame")
    photos(folder / "photos" / "hats", a="coffee_can")  # of no kind the network knows
    strokes(folder / "bag.json", folder / "photos" / "bag.jpg")
    size = Image.open(folder / "photos" / "cup.jpg").size
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).ellipse((size[0] // 4, size[1] // 4, size[0] * 3 // 4, size[1] * 3 // 4), fill=255)
    mask.save(folder / "cup.png")


def taxonomy_page(folder: Path, text: str) -> None:
    photos(folder / "photos", shoe="sneakers")
    (folder / "taxonomy-with-ids.en-US.txt").write_text(
        "# Google_Product_Taxonomy_Version: 2021-09-21\n166 - Apparel & Accessories\n"
        "1604 - Apparel & Accessories > Clothing\n187 - Apparel & Accessories > Shoes\n",
        encoding="utf-8",
    )
    (folder / "shop.tree").write_text("Fashion > Shoes\nFashion > Shirts & Tops\nFashion > Hats\n", encoding="utf-8")
    examples = folder / "examples" / "Fashion"
    classes(examples, names=("Shoes", "Hats"))
    (examples / "Shirts & Tops").mkdir()
    shirt = Image.open(PHOTOS / "t_shirt.jpg").resize((180, 180))
    for n in range(5):
        shirt.crop((4 * n, 4 * n, 164, 164)).save(examples / "Shirts & Tops" / f"{n:02}.jpg", quality=95)
    rows = [(f"examples/Fashion/{path.parent.name}/{path.name}", path.parent.name) for path in examples.rglob("*.jpg")]
    table(folder / "examples.csv", ("path", "label"), *[(path, f"Fashion > {name}") for path, name in sorted(rows)])


def texts_page(folder: Path, text: str) -> None:
    photos(folder / "photos", shirt="jacket")
    (folder / "mine.toml").write_text(block(text, "toml"), encoding="utf-8")


def training_page(folder: Path, text: str) -> None:
    segmentation(folder / "shop")
    photos(folder / "photos", shoe="sneakers")
    strokes(folder / "strokes" / "shoe.json", folder / "photos" / "shoe.jpg")


def strokes_page(folder: Path, text: str) -> None:
    photos(folder / "photos", shirt="jacket")
    Image.open(folder / "photos" / "shirt.jpg").resize((225, 400)).save(folder / "photos" / "shirt.jpg")
    (folder / "strokes").mkdir()
    (folder / "strokes" / "shirt.json").write_text(block(text, "json"), encoding="utf-8")


def collecting_page(folder: Path, text: str) -> None:
    (folder / "cars.toml").write_text(block(text, "toml"), encoding="utf-8")


def serving_page(folder: Path, text: str) -> None:
    photos(folder, shoe="sneakers")
    photos(folder / "photos", shirt="t_shirt", shoe="sneakers")


def own_network_page(folder: Path, text: str) -> None:
    photos(folder / "photos", shirt="t_shirt", shoe="sneakers")
    for name in ("cars", "mine"):
        for end in ("onnx", "json"):
            copy(MODELS / f"describe.{end}", folder / f"{name}.{end}")


def watching_page(folder: Path, text: str) -> None:
    photos(folder / "in", shoe="sneakers")
    photos(folder / "returns", cap="cap")


def networks_page(folder: Path, text: str) -> None:
    photos(folder, photo="sneakers")


def explaining_page(folder: Path, text: str) -> None:
    photos(folder, shirt="shirt_in_a_frame", flowers="dress")
    photos(folder / "photos", shirt="t_shirt", shoe="shoes")
    photos(folder / "shop", **{f"{n:02}": "t_shirt" if n % 2 else "jeans" for n in range(12)})
    rows = [(f"{n:02}.jpg", "t-shirt" if n % 2 else "pants") for n in range(12)]
    table(folder / "shop" / "list.csv", ("path", "label"), *rows)
    (folder / "study.toml").write_text(block(text, "toml"), encoding="utf-8")
    drawn = [(f"shop/{n:02}.jpg", "90", "120", "130", "150") for n in range(12)]
    table(folder / "logos.csv", ("path", "left", "top", "right", "bottom"), *drawn)
    for end in ("onnx", "json"):
        copy(MODELS / f"describe.{end}", folder / f"other.{end}")
