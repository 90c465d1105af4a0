"""A shop's own tree, mapped or learnt, with a network whose weights were made by hand."""

from __future__ import annotations

import json
import math
import zipfile

import numpy as np
import pytest
from PIL import Image

from packshot.description import describer
from packshot.description.finder import describer_fingerprint
from packshot.description.own_tree import cross_validated, learn_tree, read_learnt, unit_length, write_learnt
from packshot.description.taxonomy import taxonomy_of_paths
from packshot.errors import ModelMismatch, UsageError
from packshot.settings import Settings

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)
EVERYWHERE = [(row, column) for row in range(3) for column in range(4)]


def said(network, rgb, **settings):
    return describer(network, Settings(describe_model=network, **settings))(rgb)


@pytest.fixture
def tree(tmp_path):
    def write(text, name="mine.tree"):
        (tmp_path / name).write_text(text)
        return tmp_path / name

    return write


def test_a_mapped_answer_keeps_its_chance(network, cells, tree):
    # All red: apparel's logit is 96 - 4, and of its children shoes have 48 to hats' 0.
    mine = tree("Clothing > Women > Footwear\nClothing > Women > Belts\n")
    mapping = tree("category,node\nApparel,Clothing\nShoes,Footwear\n", "m.csv")
    found = said(network(), cells(dict.fromkeys(EVERYWHERE, RED)), taxonomy=mine, mapping=mapping)
    assert [choice.name for choice in found.category.path] == ["Clothing", "Women", "Footwear"]
    assert found.category.sure
    assert found.category.seen.label == "shoes"
    assert {(each.name, each.value, each.sure) for each in found.attributes} >= {
        ("sex", "women", True), ("fit", "not known", False),
    }  # fmt: skip


def test_what_the_photo_does_not_tell_stops_above(network, cells, tree):
    mine = tree("Clothing > Women > Shoes\nClothing > Men > Shoes\n")
    found = said(network(), cells(dict.fromkeys(EVERYWHERE, RED)), taxonomy=mine)
    assert [choice.name for choice in found.category.path] == ["Clothing"]
    assert not found.category.sure
    assert [round(choice.score, 2) for choice in found.category.top[:2]] == [0.5, 0.5]
    assert {(each.name, each.value) for each in found.attributes} >= {("sex", "not known"), ("fit", "not known")}


def test_what_the_shop_does_not_have_is_no_category(network, cells, tree):
    mine = tree("Hats\n")
    found = said(network(), cells(dict.fromkeys(EVERYWHERE, RED)), taxonomy=mine)
    assert found.category.path == ()
    assert found.category.seen.label == "shoes"
    assert found.category.chances[next(iter(found.category.chances))] < 0.01


def test_the_share_of_a_node_is_the_sum_of_its_leaves(network, cells, tree):
    # One green cell: apparel is 96/12 - 4 = 4 against nothing's 0; hats 48/12 = 4 against shoes' 0.
    mine = tree("Things\n")
    mapping = tree("category,node\nShoes,Things\nHats,Things\n", "m.csv")
    found = said(network(), cells({(0, 0): GREEN}), taxonomy=mine, mapping=mapping)
    (things,) = found.category.path
    assert things.score == pytest.approx(1 / (1 + math.exp(-4)), abs=1e-3)


def test_the_fingerprint_follows_tree_and_table(network, tree):
    model, mine = network(), tree("Shoes\n")
    plain = describer_fingerprint(model, Settings())
    first = describer_fingerprint(model, Settings(taxonomy=mine))
    mine.write_text("Shoes\nHats\n")
    assert len({plain, first, describer_fingerprint(model, Settings(taxonomy=mine))}) == 3


def test_a_table_without_a_tree_is_refused(network, tree):
    with pytest.raises(UsageError, match="a mapping without a tree"):
        describer(network(), Settings(mapping=tree("category,node\n", "m.csv")))


# Learnt


def clouds(seed=0, each=5, spread=0.1):
    """Three kinds of vectors around axes of their own: features, mirrored ones, and labels."""
    rng = np.random.default_rng(seed)
    axes = np.repeat(np.eye(3, 8), each, axis=0)
    draw = lambda: np.abs(axes + spread * rng.standard_normal(axes.shape)).astype(np.float32)  # noqa: E731
    return draw(), draw(), np.repeat(["Boots", "Hats", "Milk"], each).tolist()


@pytest.fixture
def shop():
    return taxonomy_of_paths(["Wear > Boots", "Wear > Hats", "Milk"], name="shop")


def ids(tree, names):
    return [tree.lookup(name).id for name in names]


def test_kinds_that_lie_apart_are_learnt(shop):
    features, mirrored, names = clouds()
    learnt, validation = learn_tree(features, ids(shop, names), shop, model="tiny@12345678", mirrored=mirrored)
    assert validation.accuracy == learnt.accuracy == 1.0
    assert (learnt.photos, learnt.folds) == (15, 5)
    found = learnt.rule.scores(unit_length(np.eye(3, 8, dtype=np.float32))).argmax(axis=1)
    assert [shop[learnt.leaves[place]].name for place in found] == ["Boots", "Hats", "Milk"]


def test_each_photo_is_answered_without_itself():
    # Two photos of each kind, the second of them of the other's kind: whoever sees itself is right, nobody else is.
    features = unit_length(np.float32([[1, 0], [0, 1], [0, 1], [1, 0]]))
    assert cross_validated(features, [0, 0, 1, 1], views={}).accuracy == 0.0


def test_a_mirrored_photo_does_not_tell_on_its_original():
    features = unit_length(np.float32([[1, 0], [0, 1], [0, 1], [1, 0]]))
    both = np.concatenate([features, features])
    assert cross_validated(both, [0, 0, 1, 1], views={4: 0, 5: 1, 6: 2, 7: 3}).accuracy == 0.0


def test_a_learnt_tree_is_the_same_file_and_tree_again(shop, tmp_path):
    features, mirrored, names = clouds()
    learnt, _ = learn_tree(features, ids(shop, names), shop, model="tiny@12345678", mirrored=mirrored)
    write_learnt(tmp_path / "a.learnt", learnt)
    write_learnt(tmp_path / "b.learnt", read_learnt(tmp_path / "a.learnt"))
    assert (tmp_path / "a.learnt").read_bytes() == (tmp_path / "b.learnt").read_bytes()
    assert read_learnt(tmp_path / "a.learnt").tree == shop


@pytest.mark.parametrize("damage", ["cut", "text", "array", "pickle"])
def test_a_damaged_file_is_refused(shop, tmp_path, damage):
    features, _, names = clouds()
    file = tmp_path / "a.learnt"
    write_learnt(file, learn_tree(features, ids(shop, names), shop, model="tiny@12345678")[0])
    parts = {}
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    if damage == "cut":
        file.write_bytes(file.read_bytes()[:-200])
    else:
        with (tmp_path / "x.npy").open("wb") as array:
            np.save(array, np.array([{"a": 1}], dtype=object), allow_pickle=True)
        parts |= {
            "text": {"card.json": b"{}"},
            "array": {"bias.npy": parts["means.npy"]},
            "pickle": {"bias.npy": (tmp_path / "x.npy").read_bytes()},
        }[damage]
        with zipfile.ZipFile(file, "w") as archive:
            for name, data in parts.items():
                archive.writestr(name, data)
    with pytest.raises(UsageError, match="no learnt tree") as caught:
        read_learnt(file)
    assert str(file) in str(caught.value)


@pytest.fixture
def examples(tmp_path, cells):
    """Photos of red boots, green hats and blue milk, in folders."""

    def write(kinds=(("Wear/Boots", RED), ("Wear/Hats", GREEN), ("Milk", BLUE)), each=3):
        for folder, colour in kinds:
            (tmp_path / "examples" / folder).mkdir(parents=True, exist_ok=True)
            for number in range(each):
                rgb = cells(dict.fromkeys(EVERYWHERE[: 12 - number], colour))
                Image.fromarray(rgb).save(tmp_path / "examples" / folder / f"{number}.png")
        return tmp_path / "examples"

    return write


def test_learnt_from_folders_and_used(packshot, network, examples, tmp_path):
    model, out = network(), tmp_path / "mine.learnt"
    code, lines, err = packshot("taxonomy", "learn", examples(), "-o", out, "--model", model, "--json")
    assert code == 0, err
    row = json.loads(lines[0])
    assert (row["photos"], row["leaves"], row["accuracy"], row["wrong"]) == (9, 3, 1.0, [])
    code, lines, _ = packshot(
        "classify", examples() / "Wear/Boots", examples() / "Milk", "--model", model, "--taxonomy", out,
        "--precision", "0.5", "--json",
    )  # fmt: skip
    assert code == 0
    assert {tuple(json.loads(line)["names"]) for line in lines} == {("Wear", "Boots"), ("Milk",)}
    code, lines, _ = packshot("taxonomy", "show", out)
    assert code == 0
    assert "Boots" in "".join(lines)


def test_a_network_it_was_not_learnt_with_is_refused(network, shop, tmp_path):
    features, _, names = clouds()
    write_learnt(tmp_path / "a.learnt", learn_tree(features, ids(shop, names), shop, model="tiny@12345678")[0])
    with pytest.raises(ModelMismatch, match="was learnt with tiny@12345678"):
        describer(network(), Settings(taxonomy=tmp_path / "a.learnt"))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        ("no photos", "no photos of 'Milk'"),
        ("one photo", "only one photo of"),
        ("strange", "no category 'Wear > Gloves'"),
        ("inner", "photos of 'Wear', which has categories below it"),
        ("loose", "1 photo lies in no category's folder"),
        ("circle", "the parents go in a circle"),
    ],
)
def test_examples_that_teach_nothing_are_refused(packshot, network, examples, tmp_path, cells, make, words):
    tree, folder = tmp_path / "mine.tree", examples()
    tree.write_text("Wear > Boots\nWear > Hats\nMilk\n")
    picture = (folder / "Milk" / "0.png").read_bytes()
    if make == "no photos":
        for photo in (folder / "Milk").iterdir():
            photo.unlink()
    elif make == "one photo":
        (folder / "Milk" / "1.png").unlink()
        (folder / "Milk" / "2.png").unlink()
    elif make == "strange":
        (folder / "Wear" / "Gloves").mkdir()
        (folder / "Wear" / "Gloves" / "1.png").write_bytes(picture)
    elif make == "inner":
        (folder / "Wear" / "1.png").write_bytes(picture)
    elif make == "loose":
        (folder / "1.png").write_bytes(picture)
    else:
        tree.write_text(
            'name = "s"\nversion = "1"\ncategories = [\n{ id = "a", parent_id = "b", name = "A" },\n'
            '{ id = "b", parent_id = "a", name = "B" },\n]\n'
        )
    out = tmp_path / "mine.learnt"
    code, _, err = packshot("taxonomy", "learn", folder, "-o", out, "--taxonomy", tree, "--model", network())
    assert code == 2
    assert words in err
    assert not out.exists()


def test_an_empty_folder_is_a_category_without_photos(packshot, network, examples, tmp_path):
    folder = examples()
    (folder / "Wear" / "Scarves").mkdir()
    words = ("taxonomy", "learn", folder, "-o", tmp_path / "mine.learnt", "--model", network())
    code, _, err = packshot(*words)
    assert (code, "no photos of 'Wear > Scarves'" in err) == (2, True)
    code, _, err = packshot(*words, "--allow-missing")
    assert code == 0, err
    assert "Scarves" not in " ".join(read_learnt(tmp_path / "mine.learnt").leaves)


def test_categories_without_photos_can_be_left_out(packshot, network, examples, tmp_path):
    tree = tmp_path / "mine.tree"
    tree.write_text("Wear > Boots\nWear > Hats\nMilk\nJuice\n")
    out = tmp_path / "mine.learnt"
    code, _, err = packshot(
        "taxonomy", "learn", examples(), "-o", out, "--taxonomy", tree, "--model", network(), "--allow-missing"
    )
    assert code == 0, err
    assert len(read_learnt(out).leaves) == 3


def test_the_mapping_is_shown_and_written(packshot, network, tmp_path):
    tree, table = tmp_path / "mine.tree", tmp_path / "mapping.csv"
    tree.write_text("Clothing > Footwear\nClothing > Gloves\n")
    table.write_text("category,node\nShoes,Footwear\n")
    out = tmp_path / "written.csv"
    code, lines, err = packshot("taxonomy", "map", tree, "--mapping", table, "--model", network(), "-o", out)
    assert code == 0
    assert "Apparel > Shoes\tClothing > Footwear\ttable" in lines
    assert "no category of the network leads to Clothing > Gloves" in err
    assert out.read_text().splitlines()[0] == "category,node,how,instead"
    code, _, err = packshot("taxonomy", "map", tree, "--model", network(), "-o", out)
    assert code == 2
    assert "is not overwritten" in err
