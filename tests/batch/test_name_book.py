"""Names stay: adding a sibling, moving a folder or losing a photo renames nobody."""

from collections.abc import Sequence
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from packshot.batch.name_book import Name, name_photos, read_names, write_names
from packshot.batch.naming import fold, output_stems
from packshot.batch.sources import Source


def sources(*relatives: str, root: str = "/in") -> list[Source]:
    return [Source(relative, f"{root}/{relative}", Path(root).name) for relative in relatives]


def stems(named: Sequence[Name]) -> list[str]:
    return [name.stem for name in named]


def test_a_sibling_that_comes_later_takes_another_name() -> None:
    first = name_photos(sources("a.jpg"), [])
    second = name_photos(sources("a.jpg", "a.png"), first)
    assert stems(second) == ["a", "a_png"]
    assert stems(name_photos(sources("a.png"), second)) == ["a_png"], "also when the first one is gone"
    assert stems(name_photos(sources("a.jpg", "a.png"), [])) == ["a_jpg", "a_png"], "both at once: both told apart"


def test_a_folder_that_was_moved_keeps_its_names() -> None:
    first = name_photos(sources("a.jpg", "sub/a.jpg"), [])
    first += name_photos(sources("a.png"), first)
    moved = name_photos(sources("a.jpg", "a.png", "sub/a.jpg", root="/elsewhere"), first)
    assert stems(moved) == ["a", "a_png", "sub/a"]
    assert [name.path for name in moved] == [f"/elsewhere/{name}" for name in ("a.jpg", "a.png", "sub/a.jpg")]


def test_a_photo_keeps_its_name_from_whichever_folder_it_is_reached() -> None:
    first = name_photos(sources("sub/a.jpg", "b.jpg"), [])
    below = name_photos(sources("a.jpg", root="/in/sub"), first)
    assert stems(below) == ["sub/a"]
    again = name_photos(sources("a.jpg", "sub/a.jpg", "b.jpg"), [*below, first[1]])
    assert stems(again) == ["a", "sub/a", "b"], "another photo of that name has its own"
    above = name_photos([Source(f"in/{name}", f"/in/{name}", "") for name in ("sub/a.jpg", "b.jpg")], first)
    assert stems(above) == ["sub/a", "b"]


def test_a_file_and_a_folder_never_need_the_same_name() -> None:
    first = name_photos(sources("a.png/b.jpg"), [])
    second = name_photos(sources("a.png/b.jpg", "a.tif"), first)
    assert second[1].stem != "a", "cutouts/a.png is a folder"
    third = name_photos(sources("a.jpg"), [])
    fourth = name_photos(sources("a.jpg", "a.png/b.jpg"), third)
    assert not fourth[1].stem.startswith("a.png/")


def test_views_are_numbered_in_order_and_keep_their_number() -> None:
    first = name_photos(sources("1.jpg", "3.jpg", "x.jpg"), [], skus=["A", "A", None])
    assert [name.view for name in first] == [1, 2, None]
    second = name_photos(sources("1.jpg", "2.jpg", "3.jpg", "x.jpg"), first, skus=["A", "A", "A", "A"])
    assert [name.view for name in second] == [1, 3, 2, 4]
    other = name_photos(sources("1.jpg", "2.jpg"), second, skus=["A", "B"])
    assert [name.view for name in other] == [1, 1], "of another product it is the first"


names = st.text(st.sampled_from("aAbé._j"), min_size=1, max_size=4).filter(lambda name: name.strip(". "))
photos = st.builds(
    "{}{}{}".format, st.sampled_from(["", "s/", "a.jpg/"]), names, st.sampled_from([".jpg", ".png", ".JPG"])
)


@settings(deadline=None)
@given(st.lists(photos, unique=True, max_size=12), st.data())
def test_whatever_comes_and_goes_nobody_is_renamed_and_no_two_share_a_name(
    every: list[str], data: st.DataObject
) -> None:
    known: dict[str, Name] = {}
    for _ in range(3):
        some = sorted(data.draw(st.sets(st.sampled_from(every)))) if every else []
        named = name_photos(sources(*some), known.values())
        for name in named:
            before = [each.stem for each in known.values() if each.relative == name.relative]
            assert before in ([], [name.stem])
        known |= {name.stem: name for name in named}
    assert len({fold(stem) for stem in known}) == len(known)


@settings(deadline=None)
@given(st.lists(photos, unique=True, max_size=12))
def test_in_a_new_folder_names_are_those_of_the_set_alone(every: list[str]) -> None:
    assert stems(name_photos(sources(*every), [])) == output_stems(sources(*every))


def test_names_are_read_as_they_were_written_and_rubbish_is_none(tmp_path: Path) -> None:
    found = name_photos(sources("a.jpg", "odd \udcff\n.jpg"), [], skus=["A", None])
    write_names(tmp_path, found)
    assert read_names(tmp_path) == {name.stem: name for name in found}
    file = tmp_path / ".packshot/names.json"
    time = file.stat().st_mtime_ns
    write_names(tmp_path, reversed(found))
    assert file.stat().st_mtime_ns == time, "the same is not written again"
    for rubbish in (b"", b"[]", b'{"a": 3}', b'{"a": {"path": "/in/a.jpg", "colour": 1}}', b"\x00"):
        file.write_bytes(rubbish)
        assert read_names(tmp_path) is None
    assert read_names(tmp_path / "nowhere") is None
