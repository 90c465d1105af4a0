"""The mirror image is looked at where the first look leaves doubt, and both looks count."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from packshot_tests.networks import write_mask_network
from skimage.data import astronaut

from packshot.cutout.second_look import look
from packshot.runtime import Network, load
from packshot.settings import Settings
from packshot.values import Alpha

SIDE = 64
PHOTO = np.full((SIDE, SIDE, 3), 120, np.uint8)


def network_that_says(folder: Path, alpha: Alpha) -> Network:
    """Of every photo the same, so that of a mirror image it says the mirrored."""
    return load(str(write_mask_network(folder / "constant.onnx", alpha)), Settings())


def test_what_both_looks_say_counts_for_more_than_either(tmp_path: Path) -> None:
    """By hand: odds of 9 and 4 make 36, and 36 ** 0.7 to 1 is 0.9247; odds of 9 and 1/4 make 2.25 ** 0.7, 0.6382."""
    alpha = np.full((SIDE, SIDE), 0.02, np.float32)
    alpha[16:32, 8:24], alpha[16:32, 40:56] = 0.9, 0.8
    alpha[40:56, 8:24], alpha[40:56, 40:56] = 0.9, 0.2
    looks = look(PHOTO, network_that_says(tmp_path, alpha), openings=False)
    assert looks.maps.alpha[24, 16] == pytest.approx(0.9247, abs=1e-4)
    assert looks.maps.alpha[24, 48] == pytest.approx(0.9247, abs=1e-4)
    assert looks.maps.alpha[48, 16] == looks.maps.alpha[48, 48] == pytest.approx(0.6382, abs=1e-4)
    assert (looks.first == alpha).all()
    assert (looks.again() == alpha[:, ::-1]).all()


def test_where_the_first_look_is_sure_it_counts_alone(tmp_path: Path) -> None:
    alpha = np.full((SIDE, SIDE), 0.001, np.float32)
    alpha[10:50, 10:40] = 0.995
    looks = look(PHOTO, network_that_says(tmp_path, alpha), openings=False)
    assert (looks.maps.alpha == alpha).all()
    assert looks.uncertainty < 0.02


def test_looks_that_contradict_each_other_leave_more_doubt(tmp_path: Path) -> None:
    alpha = np.full((SIDE, SIDE), 0.01, np.float32)
    alpha[16:48, 12:52] = 0.95
    agreed = look(PHOTO, network_that_says(tmp_path, alpha), openings=False)
    alpha[16:48, 52:62] = 0.95
    (tmp_path / "other").mkdir()
    contradicted = look(PHOTO, network_that_says(tmp_path / "other", alpha), openings=False)
    assert contradicted.uncertainty > agreed.uncertainty + 0.1


def test_a_mirror_image_gets_nearly_the_mirrored_mask() -> None:
    """What is seen of a photo must not hang on the side from which it is looked at."""
    rgb, network = astronaut(), load("cutout", Settings(threads=1))
    one = look(rgb, network, openings=False).maps.alpha
    other = look(np.ascontiguousarray(rgb[:, ::-1]), network, openings=False).maps.alpha[:, ::-1]
    first = look(rgb, network, openings=False)
    apart = np.abs(one - other).mean()
    assert apart < 0.25 * np.abs(first.first - first.again()).mean()
