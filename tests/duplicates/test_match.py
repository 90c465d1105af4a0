"""Which pairs are one picture and how they differ; which are not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from packshot.duplicates import CopyKind, fingerprint_of, match_fingerprints
from packshot.duplicates.alignment import align
from packshot.duplicates.features import local_features
from packshot.duplicates.verification import lay_over
from packshot.values import Rgb


def matched(one: Rgb, other: Rgb):
    return match_fingerprints(fingerprint_of(np.ascontiguousarray(one)), fingerprint_of(np.ascontiguousarray(other)))


def test_alignment_finds_the_similarity_a_picture_was_warped_by(astronaut) -> None:
    angle, scale = np.deg2rad(17), 0.7
    linear = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = np.column_stack([linear, [130.0, 15.0]])
    grey = cv2.cvtColor(astronaut, cv2.COLOR_RGB2GRAY)
    warped = cv2.warpAffine(grey, matrix, (512, 512), flags=cv2.INTER_AREA)
    way = align(local_features(grey), local_features(warped), side=512, other_side=512)
    assert way is not None
    corners = np.array([[0, 0, 1], [511, 0, 1], [0, 511, 1], [511, 511, 1]]).T
    assert np.abs(way.matrix @ corners - matrix @ corners).max() < 1
    assert way.degrees == pytest.approx(17, abs=0.2)
    assert way.scale == pytest.approx(scale, rel=0.01)
    assert not way.mirrored


def test_nothing_aligns_a_picture_with_another_or_with_none(astronaut, coffee) -> None:
    first, second = (local_features(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)) for rgb in (astronaut, coffee))
    way = align(first, second, side=512, other_side=600)
    assert way is None or way.matches < 10
    nothing = local_features(np.zeros((64, 64), np.uint8))
    assert align(nothing, second, side=64, other_side=600) is None


def copies(rgb: Rgb, encoded, relit) -> dict[CopyKind, Rgb]:
    height, width = rgb.shape[:2]
    return {
        CopyKind.EXACT: rgb.copy(),
        CopyKind.RE_ENCODED: encoded(rgb, quality=40),
        CopyKind.RESIZED: encoded(cv2.resize(rgb, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA)),
        CopyKind.CROPPED: encoded(rgb[height // 8 : height * 7 // 8, width // 5 :]),
        CopyKind.MIRRORED: encoded(rgb[:, ::-1]),
        CopyKind.TURNED: encoded(np.rot90(rgb)),
        CopyKind.NEAR_COPY: encoded(relit(rgb, 0.75)),
    }


@pytest.mark.parametrize("name", ["coffee", "chelsea", "shirt"])
def test_copies_are_found_and_called_by_name(name: str, request: pytest.FixtureRequest, encoded, relit) -> None:
    value = request.getfixturevalue(name)
    rgb = value((180, 40, 40)) if name == "shirt" else value
    for kind, copy in copies(rgb, encoded, relit).items():
        for match in (matched(rgb, copy), matched(copy, rgb)):
            assert match is not None
            assert match.duplicate, (kind, match)
            assert match.kind is kind


def test_a_studio_version_of_a_photo_is_the_same_picture(shirt, encoded) -> None:
    photo, studio = shirt((60, 90, 150)), encoded(shirt((60, 90, 150), background="white")[40:360, 10:])
    match = matched(photo, studio)
    assert match is not None
    assert match.duplicate
    assert match.kind is CopyKind.OTHER_BACKGROUND


def cut_out_softly(rgb: Rgb, softness: float) -> Rgb:
    """On white, under a mask that fades over many pixels, as masks of photos without a clear product do."""
    height, width = rgb.shape[:2]
    mask = cv2.circle(np.zeros((height, width), np.float32), (width // 2, height // 2), height // 3, 1.0, -1)
    alpha = cv2.GaussianBlur(mask, (0, 0), softness)[..., None]
    return np.rint(rgb * alpha + 255 * (1 - alpha)).astype(np.uint8)


@pytest.mark.parametrize("softness", [2, 25])
@pytest.mark.parametrize("name", ["astronaut", "coffee", "chelsea"])
def test_a_copy_cut_out_by_a_soft_mask_is_the_same_picture(
    name: str, softness: float, request: pytest.FixtureRequest, encoded
) -> None:
    photo = request.getfixturevalue(name)
    studio = cv2.resize(cut_out_softly(photo, softness), None, fx=0.8, fy=0.8, interpolation=cv2.INTER_AREA)
    match = matched(photo, encoded(studio))
    assert match is not None
    assert match.duplicate
    assert match.kind is CopyKind.OTHER_BACKGROUND


@pytest.mark.parametrize("softness", [2, 25])
def test_another_colour_cut_out_by_a_soft_mask_is_another_product(chelsea, encoded, softness: float) -> None:
    dyed = np.ascontiguousarray(chelsea[..., [2, 0, 1]])
    match = matched(chelsea, encoded(cut_out_softly(dyed, softness)))
    assert match is None or not match.duplicate


@pytest.mark.parametrize("background", ["planks", "white"])
def test_another_colour_is_another_product(shirt, encoded, background: str) -> None:
    red = fingerprint_of(shirt((170, 50, 50), background=background))
    for colour in ((50, 80, 170), (60, 140, 60), (150, 140, 40), (110, 110, 110)):
        match = match_fingerprints(red, fingerprint_of(encoded(shirt(colour, background=background))))
        assert match is None or not match.duplicate, (colour, match)


@pytest.mark.parametrize("name", ["coffee", "chelsea"])
def test_a_dyed_seventh_of_an_otherwise_equal_picture_is_another_product(
    name: str, request: pytest.FixtureRequest
) -> None:
    photo = request.getfixturevalue(name)
    height, width = photo.shape[:2]
    axes = round(0.22 * width), round(0.22 * height)
    place = cv2.ellipse(np.zeros((height, width), np.uint8), (width // 2, height // 2), axes, 0, 0, 360, 255, -1) > 0
    dyed = photo.copy()
    dyed[place] = photo[place][:, [2, 0, 1]]
    match = matched(photo, dyed)
    assert match is not None
    assert not match.duplicate


def test_black_is_not_grey_where_the_background_says_so(shirt, encoded, relit) -> None:
    grey, black = shirt((150, 150, 150)), shirt((45, 45, 45))
    match = matched(grey, encoded(black))
    assert match is None or not match.duplicate
    darker = matched(grey, encoded(relit(grey, 0.7)))
    assert darker is not None
    assert darker.duplicate


def test_a_small_patch_of_another_colour_is_a_variant_and_a_badge_is_none(coffee) -> None:
    height, width = coffee.shape[:2]
    place = cv2.ellipse(np.zeros((height, width), np.uint8), (300, 200), (75, 60), 0, 0, 360, 255, -1) > 0
    lab = cv2.cvtColor(coffee, cv2.COLOR_RGB2LAB)
    lab[..., 1:][place] = 255 - lab[..., 1:][place]
    lab[..., 1][place] = np.clip(lab[..., 1][place].astype(int) - 40, 0, 255)
    recoloured = cv2.cvtColor(lab, cv2.COLOR_LAB2RGB)
    badge = coffee.copy()
    cv2.rectangle(badge, (20, 20), (170, 75), (230, 30, 60), -1)
    cv2.putText(badge, "SALE", (30, 62), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (255, 255, 255), 3)
    _, with_patch = lay_over(fingerprint_of(coffee), fingerprint_of(recoloured))
    _, with_badge = lay_over(fingerprint_of(coffee), fingerprint_of(badge))
    assert with_patch.recoloured > 3 * with_badge.recoloured
    match = matched(coffee, badge)
    assert match is not None
    assert match.duplicate
    assert match.kind is CopyKind.NEAR_COPY


def test_other_pictures_are_no_duplicates(astronaut, coffee, chelsea, shirt) -> None:
    fingerprints = [fingerprint_of(rgb) for rgb in (astronaut, coffee, chelsea, shirt((90, 90, 160)))]
    for i, one in enumerate(fingerprints):
        for other in fingerprints[:i]:
            match = match_fingerprints(one, other)
            assert match is None or match.score < 0.1


def test_pictures_almost_without_features_are_compared_as_a_whole(coffee) -> None:
    soft = cv2.GaussianBlur(coffee, (0, 0), 40)
    assert len(fingerprint_of(soft).features) < 20
    small = cv2.resize(soft, (300, 200), interpolation=cv2.INTER_AREA)
    for copy, kind in (
        (small, CopyKind.RESIZED),
        (soft[:, ::-1], CopyKind.MIRRORED),
        (np.rot90(soft, 3), CopyKind.TURNED),
    ):
        match = matched(soft, copy)
        assert match is not None
        assert match.duplicate
        assert match.kind is kind


def test_flat_and_tiny_pictures_do_no_harm(coffee) -> None:
    white = np.full((40, 40, 3), 255, np.uint8)
    dot = np.full((1, 1, 3), 9, np.uint8)
    for one, other in ((white, coffee), (dot, coffee), (dot, white), (white, white[:30])):
        match = matched(one, other)
        assert match is None or 0 <= match.score <= 1
