"""What the tests of the catalogue's commands share: a network made by hand, and drawn pictures."""

import json

import cv2
import numpy as np
import pytest
from packshot_tests.command import run
from packshot_tests.networks import write_network
from PIL import Image

from packshot.pipeline import Pipeline
from packshot.settings import Settings


@pytest.fixture
def network(tmp_path):
    """Path of the network."""
    return write_network(tmp_path / "tiny.onnx")


@pytest.fixture
def pipeline(network):
    return Pipeline(settings=Settings(describe_model=str(network), frame_model="none", threads=1))


@pytest.fixture
def expected_embedding():
    """A function: the embedding of pixels as numpy has it."""

    def calculate(rgb):
        small = cv2.resize(rgb, (64, 48), interpolation=cv2.INTER_AREA).astype(np.float64) / 255
        cells = small.reshape(3, 16, 4, 16, 3).mean(axis=(1, 3)).transpose(2, 0, 1).ravel()
        vector = np.append(cells, 1.0)
        return vector / np.linalg.norm(vector)

    return calculate


@pytest.fixture
def draw():
    """A function: a picture of 160 x 120 whose 3 x 4 cells have colours at random; `seed` names it."""

    def paint(seed, *, tint=(1.0, 1.0, 1.0)):
        cells = np.random.default_rng(seed).integers(0, 256, (3, 4, 3)) * np.asarray(tint)
        return cv2.resize(cells.astype(np.uint8), (160, 120), interpolation=cv2.INTER_NEAREST)

    return paint


@pytest.fixture
def photos(tmp_path, draw):
    """Six pictures, two of them in a folder of their own; numbers 0..5."""
    folder = tmp_path / "photos"
    (folder / "new").mkdir(parents=True)
    for number in range(6):
        name = f"new/{number}.png" if number > 3 else f"{number}.png"
        Image.fromarray(draw(number)).save(folder / name)
    return folder


@pytest.fixture
def packshot(monkeypatch):
    """A function: run a command line; its exit code, its rows on stdout and what it said on stderr."""
    monkeypatch.setenv("PACKSHOT_FRAME_MODEL", "none")
    monkeypatch.setenv("PACKSHOT_THREADS", "1")

    def typed(*args):
        code, out, err = run(*args)
        rows = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
        return code, rows or out.splitlines(), err

    return typed
