"""Candidates and groups by files on disk: what the search in memory finds, in memory that does not grow."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom

from packshot.duplicates import CopyKind, PairMatch
from packshot.duplicates.candidate_index import CandidateIndex
from packshot.duplicates.on_disk import CopyGroup, DiskCandidates, DiskSort, GroupingOnDisk, Verdict
from packshot.duplicates.on_disk.shared_features import near_bits
from packshot.duplicates.perceptual_hash import hamming, symmetries
from packshot.duplicates.sketch import Sketch

FEATURES = 40


def drawn(number: int, *, seed: int = 3) -> list[Sketch]:
    """Sketches of which every third is like an earlier one: features shared or mirrored, or its hash turned."""
    random = np.random.default_rng(seed)
    found: list[Sketch] = []
    for place in range(number):
        codes = random.integers(0, 2**64, FEATURES, np.uint64)
        bits = int(random.integers(0, 2**63)) << 1
        if place % 3 == 2:
            like = found[int(random.integers(max(0, place - 200), place))]
            shared = int(random.integers(0, FEATURES))
            wrong = (random.random((shared, 64)) < 0.1).astype(np.uint8)
            codes[:shared] = like.codes[:shared] ^ np.packbits(wrong, axis=1).view(np.uint64).ravel()
            codes = ~codes if random.random() < 0.3 else codes
            bits = int(random.choice(symmetries(like.hash))) ^ sum(
                1 << int(bit) for bit in random.choice(np.arange(1, 64), int(random.integers(0, 14)), replace=False)
            )
        found.append(Sketch(f"{place:064x}", (100, 100), bits, codes, 1.0, 0.0))
    return found


def found_in_memory(sketches: list[Sketch]) -> set[tuple[int, int]]:
    """What `KnownPictures` says of its candidates: eight that share most features, four with the nearest hashes."""
    index, pairs = CandidateIndex(), set[tuple[int, int]]()
    for place, sketch in enumerate(sketches):
        scores = np.maximum(index.count(sketch.codes), index.count(~sketch.codes))
        enough = [other for other in range(place) if scores[other] >= max(3.0, 0.1 * scores.max())]
        chosen = sorted(enough, key=lambda other: (-scores[other], other))[:8]
        apart = [int(hamming(symmetries(sketch.hash), np.uint64(other.hash)).min()) for other in sketches[:place]]
        near = [other for other in range(place) if apart[other] <= 10]
        chosen += sorted(near, key=lambda other: (apart[other], other))[:4]
        pairs |= {(place, other) for other in chosen}
        index.add(sketch.codes)
    return pairs


def on_disk(sketches: list[Sketch], folder: Path, *, in_memory: int) -> list[tuple[int, int]]:
    folder.mkdir()
    candidates = DiskCandidates(folder, in_memory=in_memory)
    for place, sketch in enumerate(sketches):
        candidates.add(place, sketch)
    return list(candidates.pairs())


@pytest.mark.parametrize("in_memory", [500, 1_000_000])
def test_the_candidates_are_those_of_the_search_in_memory(tmp_path: Path, in_memory: int) -> None:
    sketches = drawn(150)
    expected = found_in_memory(sketches)
    assert len(expected) > 40
    assert on_disk(sketches, tmp_path / "index", in_memory=in_memory) == sorted(expected)


def test_a_crowd_of_features_costs_no_candidates(tmp_path: Path) -> None:
    """5,000 features with the same 16 bits, which a search by words alone passes over: longer words tell them apart."""
    random = np.random.default_rng(8)
    sketches = []
    for place in range(125):
        codes = random.integers(0, 2**64, FEATURES, np.uint64) >> np.uint64(16) << np.uint64(16)
        if place >= 120:
            codes = sketches[place - 120].codes ^ np.uint64(1 << 20)
        sketches.append(Sketch(f"{place:064x}", (100, 100), int(random.integers(0, 2**63)) << 1, codes, 1.0, 0.0))
    assert set(on_disk(sketches, tmp_path / "index", in_memory=10_000)) >= {
        (place, place - 120) for place in range(120, 125)
    }


def test_memory_does_not_grow_with_the_pictures(tmp_path: Path) -> None:
    """At most 100 bytes for each of the pairs that are held, and 10 MB that do not depend on them."""
    in_memory = 5_000
    peaks = []
    for number in (150, 450):
        sketches = drawn(number)
        tracemalloc.start()
        on_disk(sketches, tmp_path / str(number), in_memory=in_memory)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert max(peaks) < 100 * in_memory + 10_000_000
    assert peaks[1] < 1.2 * peaks[0]


def test_features_are_as_near_as_chance_allows() -> None:
    for features in (10_000, 10_000_000, 2_560_000_000):
        bits = near_bits(features)
        assert bits == 14 or features * binom.cdf(bits + 1, 64, 0.5) > 8
        assert features * binom.cdf(bits, 64, 0.5) <= 8


def test_pairs_of_numbers_are_sorted_whatever_memory_holds(tmp_path: Path) -> None:
    rows = np.random.default_rng(0).integers(0, 50, (5000, 2)).astype(np.uint64)
    numbers = DiskSort(tmp_path, "numbers", in_memory=300)
    for part in np.array_split(rows, 17):
        numbers.add(part[:, 0], part[:, 1])
    found = [tuple(row) for block in numbers.blocks() for row in block.tolist()]
    assert found == sorted(map(tuple, rows.tolist()))


def test_copies_with_the_same_pixels_stand_where_the_first_of_them_does(tmp_path: Path) -> None:
    # 0 and 3 have the same pixels; 2 is a smaller copy of 1; 4 is like 0, but not like its best copy 5.
    smaller, cropped = PairMatch(0.9, CopyKind.RESIZED), PairMatch(0.8, CopyKind.CROPPED)
    exact = PairMatch(1.0, CopyKind.EXACT)
    grouping = GroupingOnDisk(tmp_path, 7)
    grouping.add([Verdict(3, 0, exact)])
    grouping.add([Verdict(2, 1, smaller), Verdict(4, 0, cropped), Verdict(5, 0, cropped), Verdict(6, 0, None)])
    details = {5: 100.0, 1: 50.0}
    asked = []

    def facts(picture: int) -> Sketch:
        return Sketch("0" * 64, (10, 10), 0, np.zeros(0, np.uint64), details.get(picture, 10.0), 0.0)

    def verify(earlier: int, later: int) -> PairMatch | None:
        asked.append((earlier, later))
        return None

    assert list(grouping.groups(facts, verify)) == [
        CopyGroup((5, 0, 3), (None, CopyKind.CROPPED, CopyKind.CROPPED), (1.0, 0.8, 0.8)),
        CopyGroup((1, 2), (None, CopyKind.RESIZED), (1.0, 0.9)),
    ]
    assert set(asked) == {(4, 5)}


def test_a_sketch_comes_back_from_its_text_as_it_was() -> None:
    (sketch,) = drawn(1)
    again = Sketch.read(sketch.text())
    assert again is not None
    assert (again.pixels, again.size, again.hash, again.detail) == (sketch.pixels, sketch.size, sketch.hash, 1.0)
    assert again.codes.tolist() == sketch.codes.tolist()
    assert [Sketch.read(text) for text in ("", "AAAA", "no base64!", sketch.text()[:40])] == [None] * 4
