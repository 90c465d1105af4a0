"""Groups hang together by their best copy, never by a chain; the best copy is chosen as documented."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from packshot.duplicates import (
    CopyKind,
    Fingerprint,
    KnownDuplicate,
    KnownPictures,
    PairMatch,
    find_duplicates,
    fingerprint_of,
    group_duplicates,
    match_fingerprints,
)

YES, NO = PairMatch(0.9, CopyKind.RE_ENCODED), PairMatch(0.1, CopyKind.NEAR_COPY)


@pytest.fixture(scope="module")
def blank() -> Fingerprint:
    return fingerprint_of(np.full((8, 8, 3), 128, np.uint8))


def fingerprints(blank: Fingerprint, *qualities: tuple[float, float]) -> list[Fingerprint]:
    """Prints with these details and roughnesses."""
    return [replace(blank, detail=detail, roughness=roughness) for detail, roughness in qualities]


def test_a_chain_of_small_steps_joins_only_what_the_best_copy_has(blank: Fingerprint) -> None:
    # 0-1-2-3-4 in a row, neighbours alike; 1 has most detail.
    asked = []

    def match(one: Fingerprint, other: Fingerprint) -> PairMatch:
        asked.append((one, other))
        return NO

    fingerprint = fingerprints(blank, (5, 0), (10, 0), (5, 0), (5, 0), (5, 0))
    pairs = {(place, place + 1): YES for place in range(4)}
    found = group_duplicates(fingerprint, pairs, match=match)
    assert [sorted(member.place for member in group.members) for group in found] == [[0, 1, 2], [3, 4]]
    assert [group.best for group in found] == [1, 3]
    assert len(asked) <= 6  # of ten pairs, four are known: none is asked for twice


def test_what_the_candidates_missed_is_verified_with_the_best_copy(blank: Fingerprint) -> None:
    fingerprint = fingerprints(blank, (5, 0), (5, 0), (10, 0))
    found = group_duplicates(
        fingerprint, {(0, 1): YES, (1, 2): YES}, match=lambda one, other: PairMatch(0.7, CopyKind.CROPPED)
    )
    (group,) = found
    assert group.score == 0.7
    assert [(member.place, member.kind) for member in group.members] == [
        (2, None),
        (1, CopyKind.RE_ENCODED),
        (0, CopyKind.CROPPED),
    ]


PLAIN, CROPPED = PairMatch(0.9, CopyKind.RE_ENCODED), PairMatch(0.9, CopyKind.CROPPED)
MARKED, MIRRORED = PairMatch(0.9, CopyKind.NEAR_COPY, same=0.97), PairMatch(0.9, CopyKind.MIRRORED)


@pytest.mark.parametrize(
    ("qualities", "matches", "best"),
    [
        (((50, 0), (100, 0.9), (65, 0)), (PLAIN, PLAIN, PLAIN), 1),  # most detail
        (((90, 0.1), (100, 0.9), (65, 0)), (PLAIN, PLAIN, PLAIN), 0),  # about as much, and cleaner
        (((100, 0), (100, 0), (100, 0)), (CROPPED, CROPPED, PLAIN), 1),  # the first one is the crop
        (((100, 0), (100, 0), (100, 0)), (MARKED, MARKED, PLAIN), 1),  # the first one has something laid over it
        (((100, 0), (100, 0), (100, 0)), (MIRRORED, MIRRORED, PLAIN), 1),  # the first one is the wrong way round
        (((100, 0.2), (100, 0.1), (100, 0.2)), (PLAIN, PLAIN, PLAIN), 1),  # the cleanest of equals
        (((100, 0), (100, 0), (100, 0)), (PLAIN, PLAIN, PLAIN), 0),  # the first
    ],
)
def test_the_best_copy_is_large_clean_whole_and_unmarked(blank: Fingerprint, qualities, matches, best: int) -> None:
    pairs = dict(zip([(0, 1), (0, 2), (1, 2)], matches, strict=True))
    (group,) = group_duplicates(fingerprints(blank, *qualities), pairs, match=match_fingerprints)
    assert group.best == best


def test_no_pairs_no_groups(blank: Fingerprint) -> None:
    assert group_duplicates(fingerprints(blank, (1, 0), (1, 0)), {(0, 1): NO}, match=match_fingerprints) == []
    assert find_duplicates([]) == []


def test_photographs_and_their_copies_are_grouped(coffee, chelsea, astronaut, encoded) -> None:
    pictures = [
        cv2.resize(coffee, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA),
        chelsea,
        encoded(coffee[:, ::-1], quality=50),
        astronaut,
        coffee,
        encoded(coffee[50:350, 100:500], "WEBP", 60),
        encoded(chelsea, quality=30),
        coffee.copy(),
    ]
    found = find_duplicates(fingerprint_of(np.ascontiguousarray(rgb)) for rgb in pictures)
    assert [sorted(member.place for member in group.members) for group in found] == [[0, 2, 4, 5, 7], [1, 6]]
    assert [group.best for group in found] == [4, 1]
    kinds = {member.place: member.kind for member in found[0].members}
    assert kinds == {0: CopyKind.RESIZED, 2: CopyKind.MIRRORED, 4: None, 5: CopyKind.CROPPED, 7: CopyKind.EXACT}


def test_a_known_picture_is_found_before_it_is_added(coffee, chelsea, astronaut, encoded) -> None:
    known = KnownPictures()
    assert known.find(coffee) is None
    known.add(coffee, "cup")
    known.add(chelsea, "cat")
    assert len(known) == 2
    assert known.find(chelsea) == KnownDuplicate("cat", 1.0, CopyKind.EXACT)
    found = known.find(encoded(coffee[20:, :-40], quality=50))
    assert found is not None
    assert (found.id, found.kind) == ("cup", CopyKind.CROPPED)
    assert known.find(astronaut) is None


def test_an_embedding_brings_candidates_that_nothing_else_does(coffee, chelsea, monkeypatch) -> None:
    """With features and hashes switched off, only the neighbour by embedding is looked at."""
    monkeypatch.setattr("packshot.duplicates.known_pictures.BY_FEATURES", 1)
    monkeypatch.setattr("packshot.duplicates.known_pictures.LEAST_SHARED", 1e9)
    monkeypatch.setattr("packshot.duplicates.known_pictures.NEAR_HASH", -1)
    crop = coffee[40:, 40:]

    def embed(rgb):
        return np.array([1, 0] if rgb.shape[1] > 500 else [0, 1], np.float32)

    for known, expected in ((KnownPictures(), None), (KnownPictures(embed=embed), "cup")):
        known.add(coffee, "cup")
        known.add(chelsea, "cat")
        found = known.find(crop)
        assert (found.id if found else None) == expected


def test_embeddings_come_for_all_pictures_or_for_none(blank: Fingerprint) -> None:
    known = KnownPictures()
    known.add_fingerprint(blank, "a")
    with pytest.raises(ValueError, match="every picture or of none"):
        known.add_fingerprint(blank, "b", embedding=np.ones(1, np.float32))
