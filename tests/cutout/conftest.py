"""Photos with a known product."""

import numpy as np
import pytest
from packshot_tests.networks import write_red_network

from packshot.runtime import load
from packshot.settings import Settings
from packshot.values import Photo


def _photo_of(rgb, alpha=None):
    return Photo(rgb=rgb, source="test.jpg", sha256="0" * 64, format="ARRAY", alpha=alpha)


def _disc(side=400, radius=0.3, blur=0.0):
    """float32 (side, side): a disc, its edge `blur` pixels soft on each side."""
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    distance = np.hypot(x, y) - radius * side
    if not blur:
        return (distance < 0).astype(np.float32)
    return np.clip(0.5 - distance / (2 * blur), 0, 1).astype(np.float32)


@pytest.fixture
def photo_of():
    """A function: a `Photo` of an array."""
    return _photo_of


@pytest.fixture
def disc():
    """A function: the alpha of a disc."""
    return _disc


@pytest.fixture
def scene():
    """A function: a noisy photo of a red product on green, with the given true alpha."""

    def paint(true, front=(220, 30, 30), back=(30, 120, 60), seed=0):
        noise = np.random.default_rng(seed).normal(0, 6, (*true.shape, 3))
        rgb = np.where(true[..., None] > 0.5, np.array(front), np.array(back)) + noise
        return _photo_of(np.clip(rgb, 0, 255).astype(np.uint8))

    return paint


@pytest.fixture
def red_network(tmp_path):
    """A network whose alpha is the clipped excess of red over green."""
    return load(write_red_network(tmp_path / "red.onnx"), Settings(threads=1))
