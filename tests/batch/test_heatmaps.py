"""Which heatmaps are drawn, how their files are called, and what lies in them."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from packshot.batch.heatmaps import draw_heatmaps, heatmaps_on_disk
from packshot.result import Result
from packshot.values import Answer, Attribute, Box, Description, Heatmap, Photo, Product

WHOLE = Box(0, 0, 1600, 1000)


def heat(label: str, *, head: str = "tags", cold: bool = False) -> Heatmap:
    levels = np.zeros((120, 192), np.float32)
    levels[30:60, 20:50] = 0 if cold else 1
    return Heatmap(head=head, label=label, name=label, score=0.9, heat=levels)


def result_of(heatmaps: list[Heatmap], products: list[str], size: tuple[int, int] = (1600, 1000)) -> Result:
    rgb = np.full((size[1], size[0], 3), 200, np.uint8)
    photo = Photo(rgb=rgb, source="x", sha256="0" * 64, format="ARRAY")
    box = Box(0, 0, *size)
    description = Description(
        answers=(Answer(head="category", path=(), top=(), precision=0.95, sure=False, uncertainty=0.5),),
        attributes=tuple(
            Attribute(each.head, each.label, 0.9, tag=each.head == "tags")
            for each in heatmaps
            if each.head != "category"
        ),
        products=tuple(Product(label, label, 0.9, box) for label in products),
        heatmaps=tuple(heatmaps),
        embedding=np.ones(1, np.float32),
        model="by-hand@0",
    )
    return Result(source="x", photo=photo, picture=photo, description=description)


def test_of_the_category_and_of_products_the_first_three() -> None:
    maps = [heat("yes", head="kids"), heat("e"), heat("d"), heat("c"), heat("unseen"), heat("top", head="category")]
    drawn = draw_heatmaps(result_of(maps, ["top", "c", "c", "d", "e"]), "in/a")
    assert {label: path for label, (path, _) in drawn.items()} == {
        "top": "heatmaps/in/a.top.jpg",
        "c": "heatmaps/in/a.c.jpg",
        "d": "heatmaps/in/a.d.jpg",
    }
    assert draw_heatmaps(result_of([heat("top", head="category", cold=True)], []), "a") == {}
    assert draw_heatmaps(Result(source="x"), "a") == {}


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (["../../etc"], ["etc"]),
        (["a.b"], ["a-b"]),
        (["Shoe", "shoe", "shoe?"], ["Shoe", "shoe-2", "shoe-3"]),
        (["靴", "con\0"], ["label", "con"]),
        (["x" * 300], ["x" * 40]),
    ],
)
def test_labels_become_names_that_any_disk_can_hold(labels: list[str], names: list[str], tmp_path: Path) -> None:
    drawn = draw_heatmaps(result_of([heat(label) for label in labels], labels), "sub/a.b")
    assert [path for path, _ in drawn.values()] == [f"heatmaps/sub/a.b.{name}.jpg" for name in names]
    for path, data in drawn.values():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    found = heatmaps_on_disk(tmp_path)
    assert list(found) == ["sub/a.b"], "no other photo's, not even that of sub/a"
    assert sorted(found["sub/a.b"]) == sorted(path for path, _ in drawn.values())


def test_a_picture_is_small_without_metadata_and_hot_where_the_heat_is() -> None:
    (_, data) = draw_heatmaps(result_of([heat("shoe")], ["shoe"]), "a")["shoe"]
    with Image.open(io.BytesIO(data)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (800, 500))
        assert not picture.getexif()
        assert not {"exif", "comment", "xmp"} & set(picture.info)
        pixels = np.asarray(picture).astype(int)
    hot, cold = pixels[45 * 500 // 120, 35 * 800 // 192], pixels[400, 600]
    assert hot[0] > hot[2] + 60
    assert np.abs(cold - 200).max() <= 3


@pytest.mark.parametrize("size", [(1, 1), (1, 4000), (5000, 2), (64, 48)])
def test_photos_of_any_shape_are_drawn(size: tuple[int, int]) -> None:
    (_, data) = draw_heatmaps(result_of([heat("shoe")], ["shoe"], size), "a")["shoe"]
    with Image.open(io.BytesIO(data)) as picture:
        assert max(picture.size) == min(800, max(size))


def test_where_nothing_was_written_nothing_is_found(tmp_path: Path) -> None:
    assert heatmaps_on_disk(tmp_path) == {}
