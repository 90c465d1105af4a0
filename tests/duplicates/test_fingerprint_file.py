"""A fingerprint that was kept compares like the one it was made of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from skimage import data

from packshot.duplicates import fingerprint_bytes, fingerprint_of, match_fingerprints, read_fingerprint


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kept") / "astronaut.npz"
    path.write_bytes(fingerprint_bytes(fingerprint_of(data.astronaut())))
    return path


def test_what_is_read_is_what_was_written(kept: Path) -> None:
    made, read = fingerprint_of(data.astronaut()), read_fingerprint(kept)
    assert read is not None
    for name in ("pixels", "size", "hash", "fine", "detail", "roughness"):
        assert getattr(read, name) == getattr(made, name)
    for name in ("codes", "thumbnail", "background"):
        np.testing.assert_array_equal(getattr(read, name), getattr(made, name))
    for name in ("points", "sizes", "angles", "descriptors"):
        np.testing.assert_array_equal(getattr(read.features, name), getattr(made.features, name))
    assert kept.read_bytes() == fingerprint_bytes(made), "the same bytes each time: a resumed run compares them"
    assert kept.stat().st_size < 250_000


def test_it_knows_a_mirrored_copy(kept: Path) -> None:
    read = read_fingerprint(kept)
    mirrored = fingerprint_of(np.ascontiguousarray(data.astronaut()[:, ::-1]))
    assert read is not None
    match, expected = match_fingerprints(read, mirrored), match_fingerprints(fingerprint_of(data.astronaut()), mirrored)
    assert match is not None
    assert expected is not None
    assert (match.duplicate, match.kind, match.score) == (True, expected.kind, expected.score)


def test_of_a_plain_picture_there_are_no_features(tmp_path: Path) -> None:
    (tmp_path / "a.npz").write_bytes(fingerprint_bytes(fingerprint_of(np.full((40, 60, 3), 200, np.uint8))))
    read = read_fingerprint(tmp_path / "a.npz")
    assert read is not None
    assert len(read.features) == 0


@pytest.mark.parametrize("length", [0, 1, 4, 100, 5000, -30, -1])
def test_a_damaged_one_is_none(kept: Path, tmp_path: Path, length: int) -> None:
    (tmp_path / "a.npz").write_bytes(kept.read_bytes()[:length])
    assert read_fingerprint(tmp_path / "a.npz") is None


def test_what_is_something_else_is_none(tmp_path: Path) -> None:
    assert read_fingerprint(tmp_path / "gone.npz") is None
    assert read_fingerprint(tmp_path) is None
    np.save(tmp_path / "a.npy", np.zeros(3))
    assert read_fingerprint(tmp_path / "a.npy") is None
    np.savez(tmp_path / "b.npz", version=np.int64(99))
    assert read_fingerprint(tmp_path / "b.npz") is None
    np.savez(tmp_path / "c.npz", a=np.zeros(3))
    assert read_fingerprint(tmp_path / "c.npz") is None
