"""What is known of pictures' content: the public sets, a shop's own folders and tables, masks by path."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from packshot.datasets import MaskKind, Split, described_items, tag_names, with_cutouts
from packshot.errors import UsageError


def picture(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (8, 8), "red").save(path)
    return path


@pytest.fixture
def public(tmp_path: Path) -> Path:
    """The public sets in small, as their authors lay them out."""
    root = tmp_path / "data"
    for folder in ("clothing", "grocery", "ccp"):
        (root / folder).mkdir(parents=True)
    (root / "clothing" / "labels.csv").write_text(
        "image,label,kids,sender_id,split,top10_subset\na,T-Shirt,True,1,train,1\nb,Outwear,False,2,validation,0\n"
    )
    (root / "grocery" / "labels.csv").write_text(
        "image,class,class_id,coarse_id,split\ntrain/Kiwi/Kiwi_001.jpg,Kiwi,3,1,train\nval/Kiwi/Kiwi_001.jpg,Kiwi,3,1,val\n"
    )
    (root / "grocery" / "classes.csv").write_text(
        "class,class_id,coarse,coarse_id,path,description\nKiwi,3,Kiwi,1,Fruit/Kiwi,Round\n"
    )
    (root / "ccp" / "tags.csv").write_text(
        "photo,annotation,tags\n0008,pixel,dress|skin\n0017,pixel,hat\n0009,image,|hat\n"
    )
    return root


def test_the_public_sets_say_all_they_know(public: Path) -> None:
    items = {item.photo.relative_to(public).as_posix(): item for item in described_items(public, attributes=["kids"])}
    shirt = items["clothing/images/a.jpg"]
    assert (shirt.category, dict(shirt.attributes), shirt.tags) == ("T-Shirt", {"kids": "yes"}, frozenset({"t-shirt"}))
    assert items["clothing/images/b.jpg"].tags is None, "nobody knows which tag an Outwear is"
    kiwi, studio = items["grocery/val/Kiwi/Kiwi_001.jpg"], items["grocery/iconic/Kiwi.jpg"]
    assert (kiwi.split, kiwi.product, kiwi.tags) == (Split.VALIDATION, "Kiwi", frozenset())
    assert (studio.source, studio.split, studio.kind) == ("studio", Split.TRAIN, MaskKind.WHITE_BACKGROUND)
    assert items["ccp/photos/0008.jpg"].split is Split.HOLDOUT
    assert items["ccp/photos/0017.jpg"].split is Split.VALIDATION
    assert items["ccp/photos/0009.jpg"].split is Split.TRAIN, "without pixel labels nothing can be evaluated on it"
    assert items["ccp/photos/0008.jpg"].category == "Apparel"
    assert tag_names(list(items.values())) == ("dress", "hat", "skin", "t-shirt")


def test_class_folders_and_columns_of_a_shop(tmp_path: Path) -> None:
    for name in ("new", "used"):
        for index in range(3):
            picture(tmp_path / "shop" / name / f"{index}.png")
    items = described_items(tmp_path / "shop", attributes=["label"])
    assert {(item.photo.parent.name, item.attributes["label"]) for item in items} == {("new", "new"), ("used", "used")}

    table = tmp_path / "table.csv"
    table.write_text("path,label,colour,product\nshop/new/0.png,Shirt,red,7\nshop/new/1.png,Shirt,,7\n")
    first, second = described_items(table, attributes=["colour"])
    assert (first.category, dict(first.attributes), first.product) == ("Shirt", {"colour": "red"}, "7")
    assert dict(second.attributes) == {}, "an empty cell is not known"


def test_an_attribute_nobody_has(public: Path) -> None:
    with pytest.raises(UsageError, match="no picture has the attribute 'sleeves'"):
        described_items(public, attributes=["kids", "sleeves"])


def test_masks_are_found_by_the_end_of_the_path(public: Path, tmp_path: Path) -> None:
    masks = tmp_path / "masks"
    train = picture(masks / "grocery" / "train" / "Kiwi" / "Kiwi_001.png")
    val = picture(masks / "grocery" / "val" / "Kiwi" / "Kiwi_001.png")
    found = {item.photo.relative_to(public).as_posix(): item for item in with_cutouts(described_items(public), masks)}
    assert found["grocery/train/Kiwi/Kiwi_001.jpg"].mask == train
    assert found["grocery/val/Kiwi/Kiwi_001.jpg"].mask == val
    assert found["grocery/iconic/Kiwi.jpg"].kind is MaskKind.WHITE_BACKGROUND, "its own white background is better"
    assert found["clothing/images/a.jpg"].kind is None


def test_masks_that_fit_no_photo_or_several(public: Path, tmp_path: Path) -> None:
    picture(tmp_path / "other" / "zebra.png")
    with pytest.raises(UsageError, match="no mask there has the name of a photo"):
        with_cutouts(described_items(public), tmp_path / "other")
    picture(tmp_path / "double" / "x" / "Kiwi_001.png")
    picture(tmp_path / "double" / "y" / "Kiwi_001.png")
    with pytest.raises(UsageError, match="may be its mask"):
        with_cutouts(described_items(public), tmp_path / "double")
