"""Hashes and features follow the picture when it is turned and mirrored; sizes that are only blown up do not count."""

from __future__ import annotations

import hashlib
import io

import cv2
import numpy as np
import pytest
from PIL import Image
from scipy.fft import dctn

from packshot.duplicates import fingerprint_of, pixel_hash
from packshot.duplicates.candidate_index import CandidateIndex, codes
from packshot.duplicates.detail import detail, roughness
from packshot.duplicates.features import local_features
from packshot.duplicates.perceptual_hash import hamming, perceptual_hash, symmetries
from packshot.duplicates.white_background import white_background
from packshot.photo import decode


def test_pixel_hash_is_sha256_of_size_and_pixels() -> None:
    rgb = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    assert pixel_hash(rgb) == hashlib.sha256(b"4x2" + bytes(range(24))).hexdigest()
    assert pixel_hash(rgb) != pixel_hash(rgb.reshape(4, 2, 3))


def test_every_lossless_file_of_a_picture_has_one_pixel_hash(coffee) -> None:
    hashes = set()
    turned = Image.Exif()
    turned[0x0112] = 6  # shown turned by 90 degrees to the right
    for kind, pixels, exif in (("PNG", coffee, None), ("BMP", coffee, None), ("PNG", np.rot90(coffee), turned)):
        buffer = io.BytesIO()
        Image.fromarray(np.ascontiguousarray(pixels)).save(buffer, kind, **({"exif": exif} if exif else {}))
        hashes.add(pixel_hash(decode(buffer.getvalue()).rgb))
    assert len(hashes) == 1


def test_hash_is_the_signs_of_scipys_cosine_transform(coffee) -> None:
    grey = cv2.resize(cv2.cvtColor(coffee, cv2.COLOR_RGB2GRAY), (32, 32), interpolation=cv2.INTER_AREA)
    signs = (dctn(grey.astype(float))[:8, :8] > 0).ravel()
    signs[0] = False
    assert perceptual_hash(coffee) == sum(1 << place for place, bit in enumerate(signs.tolist()) if bit)


def test_symmetries_are_the_hashes_of_the_eight_positions(astronaut) -> None:
    found = symmetries(perceptual_hash(astronaut))
    views = [np.rot90(view, turns) for view in (astronaut, astronaut[:, ::-1]) for turns in range(4)]
    hashes = np.array([perceptual_hash(np.ascontiguousarray(view)) for view in views], np.uint64)
    assert hamming(found, np.array(perceptual_hash(astronaut), np.uint64))[0] == 0
    # Equal, but for coefficients so near to zero that reducing the picture the other way round changes their sign.
    assert hamming(hashes[:, None], found[None]).min(axis=1).max() <= 1


@pytest.mark.parametrize("width", [300, 301])
def test_mirrored_features_are_those_of_the_mirrored_picture(astronaut, width: int) -> None:
    grey = cv2.cvtColor(cv2.resize(astronaut, (width, 260), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
    seen = local_features(np.ascontiguousarray(grey[:, ::-1]))
    told = local_features(grey).mirrored(width)
    miss = np.linalg.norm(seen.points[:, None] - told.points[None], axis=-1)
    turn = np.abs(np.angle(np.exp(1j * (seen.angles[:, None] - told.angles[None]))))
    near = miss + 5 * turn
    found = near.min(axis=1) < 0.5
    assert found.mean() > 0.8
    mine, yours = seen.descriptors[found].astype(float), told.descriptors[near.argmin(axis=1)[found]].astype(float)
    cosine = (mine * yours).sum(axis=1) / np.linalg.norm(mine, axis=1) / np.linalg.norm(yours, axis=1)
    assert np.median(cosine) > 0.99


def test_codes_of_mirrored_features_are_the_opposite_bits(astronaut) -> None:
    features = local_features(cv2.cvtColor(astronaut, cv2.COLOR_RGB2GRAY))
    assert np.array_equal(codes(features.mirrored(512)), ~codes(features))


def test_the_picture_that_shares_the_features_scores_most(astronaut, coffee, chelsea) -> None:
    index = CandidateIndex()
    assert index.count(fingerprint_of(coffee).codes).size == 0
    for rgb in (astronaut, coffee, chelsea):
        index.add(fingerprint_of(rgb).codes)
    asked = fingerprint_of(coffee[40:360, 100:520])
    counted = index.count(asked.codes)
    assert counted.argmax() == 1
    assert counted[1] > 5 * max(counted[0], counted[2])
    assert index.count(asked.codes[:0]).tolist() == [0, 0, 0]


def test_detail_does_not_grow_when_a_picture_is_enlarged_or_blurred(coffee) -> None:
    pixels = detail(coffee)
    double = cv2.resize(coffee, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    assert detail(double) <= 1.5 * pixels < 0.5 * double.shape[0] * double.shape[1]
    assert detail(cv2.GaussianBlur(coffee, (0, 0), 4)) < 0.3 * pixels
    half = cv2.resize(coffee, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    assert detail(half) < 0.5 * pixels


def test_roughness_rises_as_quality_falls(coffee, encoded) -> None:
    values = [roughness(encoded(coffee, quality=quality)) for quality in (95, 40, 10)]
    assert values == sorted(values)
    assert values[-1] > 0.3
    assert roughness(np.zeros((4, 4, 3), np.uint8)) == 0


def test_white_background_is_white_that_reaches_the_rim(shirt) -> None:
    studio = shirt((180, 30, 40), background="white")
    background = white_background(studio)
    assert 0.5 < background.mean() < 0.8
    assert not background[200, 120:200].any()
    assert not white_background(shirt((180, 30, 40))).any()
    # A white shirt on planks has white in it, and no white background.
    assert not white_background(shirt((250, 250, 250))).any()


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (300, 2), (16, 16)])
def test_tiny_and_flat_pictures_have_a_print(shape: tuple[int, int]) -> None:
    fingerprint = fingerprint_of(np.full((*shape, 3), 200, np.uint8))
    assert fingerprint.size == shape[::-1]
    assert len(fingerprint.features) == len(fingerprint.codes) == 0
