"""What the pages take for granted: photos under the names they use, tables, profiles, a shop's tree."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copy

import numpy as np
from PIL import Image, ImageDraw

__all__ = ["PAGES", "Page"]

ROOT = Path(__file__).parents[1]
PHOTOS = ROOT / "src" / "packshot" / "demo" / "photos"
MODELS = ROOT / "src" / "packshot" / "models"
WEB = "wants a site on the web"
PERSON = "waits for a person in a browser"


@dataclass(frozen=True)
class Page:
    """How a page is walked.

    Attributes:
        lay: puts what the page takes for granted into a folder; takes the folder and the page's text.
        first: commands that the page takes for typed.
        never: start of a command -> why it is not typed.
        ends: start of a command -> the exit code to expect where it is not 0.
        added: start of a command -> what is typed behind it to make hours seconds.
    """

    lay: Callable[[Path, str], None] = lambda folder, text: None
    first: tuple[str, ...] = ()
    never: dict[str, str] = field(default_factory=dict)
    ends: dict[str, int] = field(default_factory=dict)
    added: dict[str, str] = field(default_factory=dict)


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
    ground = Image.fromarray(random.integers(150, 200, (120, 160, 3), np.uint8))
    colour = (200, 30, 40) if shape == "ellipse" else (30, 60, 180)
    return Image.composite(Image.new("RGB", mask.size, colour), ground, mask), mask


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


def frames_page(folder: Path, text: str) -> None:
    photos(folder / "photos", shoe="sneakers", cap="cap", dress="dress", jacket="jacket")
    photos(folder / "pictures", front="pitcher_on_white")
    (folder / "framed").mkdir()
    rows = []
    for path in sorted((folder / "photos").glob("*.jpg")):
        photo = Image.open(path)
        rows.append((str(path), "unframed", ""))
        rows.append((str(folder / "framed" / path.name), "framed", f"20 20 {photo.width - 20} {photo.height - 20}"))
        ImageDraw.Draw(photo).rectangle((0, 0, photo.width - 1, photo.height - 1), outline="black", width=20)
        photo.save(folder / "framed" / path.name)
    table(folder / "labels.csv", ("path", "label", "inner_box"), *rows)


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
    classes(folder / "examples" / "Fashion", names=("Shoes", "Hats"))
    table(
        folder / "examples.csv",
        ("path", "label"),
        *[
            (f"examples/Fashion/{name}/{n:02}.jpg", f"Fashion > {name}")
            for name in ("Shoes", "Hats")
            for n in range(20)
        ],
    )


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


def explaining_page(folder: Path, text: str) -> None:
    photos(folder, shirt="shirt_in_a_frame", flowers="dress")
    photos(folder / "photos", shirt="t_shirt", shoe="shoes")
    photos(folder / "shop", **{f"{n:02}": "t_shirt" if n % 2 else "jeans" for n in range(12)})
    rows = [(f"{n:02}.jpg", "t-shirt" if n % 2 else "pants") for n in range(12)]
    table(folder / "shop" / "list.csv", ("path", "label"), *rows)
    (folder / "study.toml").write_text(block(text, "toml"), encoding="utf-8")
    for end in ("onnx", "json"):
        copy(MODELS / f"describe.{end}", folder / f"other.{end}")


FEW = " --set epochs=1 --set batch=4 --set samples_per_epoch=8 --set workers=0"

FEW_FRAMES = FEW + " --set validation_samples=8 --set calibration_samples=8"

#: Page -> how it is walked; one that holds commands and is not here is walked as it stands.
PAGES = {
    "README.md": Page(first=("python -m packshot.demo photos",)),
    "docs/tutorial/first-hour.md": Page(),
    "docs/how-to/catalogue.md": Page(
        catalogue_page,
        ends={"packshot catalogue calibrate": 2},  # three queries are too few, and the command says so
    ),
    "docs/how-to/check.md": Page(
        check_page, first=("packshot run photos -o out --profile amazon,google -c shop.catalogue",)
    ),
    "docs/how-to/collecting.md": Page(never={"packshot collect": WEB, "packshot data": "reads what was collected"}),
    "docs/how-to/cutting-out.md": Page(lambda folder, text: photos(folder / "photos", shoe="sneakers")),
    "docs/how-to/data.md": Page(data_page),
    "docs/how-to/delivery.md": Page(
        lambda folder, text: photos(folder / "photos" / "shoe", front="sneakers"),
        never={"packshot deliver out/ --to folder:shop/ --certificate": "wants a certificate of your own"},
    ),
    "docs/how-to/shops.md": Page(
        lambda folder, text: photos(folder / "photos" / "shoe", front="sneakers"),
        never={"packshot deliver": "asks a shop on the web"},
    ),
    "docs/how-to/describing.md": Page(lambda folder, text: photos(folder / "photos", dress="dress")),
    "docs/how-to/duplicates.md": Page(catalogue_page, first=("packshot index photos -c catalogue/",)),
    "docs/how-to/explaining.md": Page(explaining_page),
    "docs/how-to/evaluation.md": Page(
        evaluation_page, never={"packshot leaderboard": "walked on the page of training"}
    ),
    "docs/how-to/frames.md": Page(
        frames_page,
        never={"packshot label": PERSON},
        ends={"packshot check pictures/": 3},  # they are no pictures for Amazon
        added={"packshot train": FEW_FRAMES},
    ),
    "docs/how-to/labelling.md": Page(
        frames_page, never={"packshot label": PERSON}, added={"packshot train": FEW_FRAMES}
    ),
    "docs/how-to/masks-by-hand.md": Page(strokes_page),
    "docs/how-to/packshots.md": Page(packshots_page),
    "docs/how-to/print.md": Page(lambda folder, text: photos(folder / "photos", shoe="sneakers")),
    "docs/how-to/profile.md": Page(profile_page),
    "docs/how-to/review.md": Page(review_page),
    "docs/how-to/serving.md": Page(never={"packshot serve": "stays until it is ended", "curl": "asks that service"}),
    "docs/how-to/taxonomy.md": Page(taxonomy_page),
    "docs/how-to/texts.md": Page(texts_page),
    "docs/how-to/watching.md": Page(never={"packshot watch": "stays until it is ended"}),
    "docs/how-to/training.md": Page(training_page, added={"packshot train": FEW}),
}
