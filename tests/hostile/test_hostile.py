"""Every bad file is processed or refused with a reason, quickly, and nothing else ever happens."""

import importlib.util
import sys
import time
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from packshot.errors import PhotoError
from packshot.limits import Limits
from packshot.photo import decode
from packshot.values import Photo

SECONDS = 2.0


def load_generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hostile_generator", Path(__file__).with_name("generator.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


generator = load_generator()
# The least number of files per kind, and the least share that has to be refused, or told to be damaged or cut short;
# the rest may be repaired or fine.
EXPECTED = {
    "truncated": (120, 0.9),
    "flipped bytes": (120, 0.1),
    "spliced": (36, 0.5),
    "mislabelled": (24, 1.0),
    "foreign": (28, 1.0),
    "tiny": (24, 1.0),
    "huge declared": (20, 0.8),
    "bombs": (12, 0.3),
    "many scans": (7, 0.8),
    "colour profiles": (30, 0.0),
    "metadata": (20, 0.0),
    "no-file": (8, 0.8),
}


def decode_timed(path: Path | bytes, *, limits: Limits = Limits()) -> tuple[bool, float]:  # noqa: B008
    """Whether a file was refused or told to be damaged, and the seconds of processor time it took.

    Waits are caught by the timeout.
    """
    started = time.process_time()
    photo: Photo | None = None
    refusal: PhotoError | None = None
    try:
        photo = decode(path, limits=limits)
    except PhotoError as error:
        refusal = error
    taken = time.process_time() - started
    if photo is None:
        assert refusal is not None
        assert refusal.remedy
        assert str(refusal).isprintable()
        assert not isinstance(path, Path) or path.suffix in str(refusal)
        return True, taken
    assert photo.rgb.dtype == np.uint8
    assert max(photo.width, photo.height) <= Limits().max_side
    return photo.damage is not None or any("missing" in note for note in photo.notes), taken


@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", EXPECTED)
def test_refused_or_processed_within_two_seconds(kind: str, tmp_path: Path) -> None:
    refused = total = 0
    for file in generator.generate(tmp_path, kinds=(kind,)):
        no, taken = decode_timed(file.path, limits=Limits(refuse_mislabelled=kind == "mislabelled"))
        assert taken < SECONDS, f"{file.path.name} took {taken:.1f} s"
        refused += no
        total += 1
    least, share = EXPECTED[kind]
    assert total >= least
    assert refused >= share * total, f"{refused} of {total} refused"


def test_there_are_enough_of_them() -> None:
    assert set(EXPECTED) == {*generator.KINDS, "no-file"}
    assert sum(least for least, _ in EXPECTED.values()) >= 200


def test_equal_seeds_give_equal_files(tmp_path: Path) -> None:
    contents = []
    for turn, seed in enumerate((7, 7, 8)):
        files = generator.generate(tmp_path / str(turn), seed=seed, kinds=("flipped bytes",))
        contents.append([file.path.read_bytes() for file in files])
    assert contents[0] == contents[1] != contents[2]


GOOD = generator.good_files()


@settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(
    key=st.sampled_from(sorted(GOOD)),
    cut=st.floats(0.05, 1),
    changes=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=6),
)
def test_any_damage_to_a_good_file(key: str, cut: float, changes: list[tuple[float, int]]) -> None:
    data = bytearray(GOOD[key][: max(1, int(len(GOOD[key]) * cut))])
    for place, value in changes:
        data[int(place * len(data))] = value
    _, taken = decode_timed(bytes(data))
    assert taken < SECONDS


@settings(max_examples=200, deadline=None, derandomize=True)
@given(key=st.sampled_from(sorted(GOOD)), tail=st.binary(max_size=300))
def test_any_bytes_behind_a_signature(key: str, tail: bytes) -> None:
    _, taken = decode_timed(GOOD[key][:16] + tail)
    assert taken < SECONDS


def test_good_files_are_good() -> None:
    expected = generator.picture()
    for key, data in GOOD.items():
        photo = decode(data, name=f"good.{key.split('-')[0]}")
        assert photo.rgb.shape == (72, 96, 3)
        assert np.abs(photo.rgb.astype(int) - np.asarray(expected)).mean() < 25, key
