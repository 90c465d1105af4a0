import random
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from packshot.batch.naming import output_stems
from packshot.batch.sources import Source


def stems(*pairs: tuple[str, str]) -> list[str]:
    return output_stems([Source(relative, f"{root}/{relative}", root) for root, relative in pairs])


def test_the_relative_path_is_kept() -> None:
    assert stems(("in", "a.jpg"), ("in", "sub/a.jpg"), ("in", "x.y.png")) == ["a", "sub/a", "x.y"]


def test_collisions_are_told_apart_by_suffix_then_folder_then_hash() -> None:
    assert stems(("in", "a.jpg"), ("in", "a.png")) == ["a_jpg", "a_png"]
    assert stems(("x", "a.jpg"), ("y", "a.jpg"), ("y", "b.jpg")) == ["x/a", "y/a", "b"]
    same_folder_name = output_stems([Source("a.jpg", "1/x/a.jpg", "x"), Source("a.jpg", "2/x/a.jpg", "x")])
    assert len(set(same_folder_name)) == 2
    assert all(stem.startswith("a~") for stem in same_folder_name)


def test_names_that_differ_in_case_or_composition_collide() -> None:
    composed, apart = "é.jpg", unicodedata.normalize("NFD", "é.jpg")
    assert len({stem.casefold() for stem in stems(("in", "Front.jpg"), ("in", "front.jpg"))}) == 2
    assert len({unicodedata.normalize("NFC", stem) for stem in stems(("in", composed), ("in", apart))}) == 2


def test_a_name_made_longer_may_meet_another() -> None:
    result = stems(("in", "a.jpg"), ("in", "a.png"), ("in", "a_jpg.jpg"))
    assert len(set(result)) == 3


def test_a_folder_named_like_a_result_does_not_stand_in_its_way() -> None:
    first, second = stems(("in", "a.jpg"), ("in", "a.png/b.jpg"))
    assert second == "a.png/b"
    assert first != "a"


def test_odd_names_become_storable_everywhere() -> None:
    odd = [
        'we"ird<>:|?*.jpg',
        "con.jpg",
        "nul",
        "trailing. .jpg",
        "\udcff.jpg",
        "new\nline.jpg",
        "..jpg",
        "x" * 250 + ".jpg",
    ]
    for stem in stems(*[("in", name) for name in odd]):
        assert not set('<>:"|?*\\\n') & set(stem)
        assert 0 < len(stem.encode()) <= 190
        assert stem.lower() not in ("con", "nul")
        assert not stem.endswith((".", " "))
        assert not stem.startswith(".")


names = st.text(st.sampled_from("aAbBéE._ ~jpgn"), min_size=1, max_size=6).filter(lambda name: name.strip(". "))
relatives = st.builds(
    lambda folder, name, suffix: f"{folder}{name}{suffix}",
    st.sampled_from(["", "s/", "S/", "a.jpg/"]),
    names,
    st.sampled_from([".jpg", ".png", ".JPG", ""]),
)


@given(st.lists(st.tuples(st.sampled_from(["x", "y", "z/x"]), relatives), unique=True, max_size=25), st.randoms())
def test_no_two_inputs_share_a_name_and_order_does_not_matter(
    pairs: list[tuple[str, str]], random_: random.Random
) -> None:
    sources = [Source(relative, f"{root}/{relative}", root) for root, relative in pairs]
    named = dict(zip(sources, output_stems(sources), strict=True))
    folded = {unicodedata.normalize("NFC", stem).casefold() for stem in named.values()}
    assert len(folded) == len(sources)
    random_.shuffle(sources)
    assert dict(zip(sources, output_stems(sources), strict=True)) == named
