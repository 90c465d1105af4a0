"""The closed-form matte: against drawn truth and pymatting's own function, at any size, and where it is missing."""

import json
import os
import subprocess
import sys

import cv2
import numpy as np
import pytest
from packshot_tests.command import run

from packshot.cutout import closed_form, segmenter, trimap
from packshot.errors import UsageError
from packshot.pipeline import Pipeline
from packshot.settings import Settings

MODULE = sys.modules["packshot.cutout.closed_form"]
CLOSED = Settings(threads=1, matte="closed-form")


def fur(side, seed=0):
    """A ball with hair, its alpha drawn at twice the size."""
    rng = np.random.default_rng(seed)
    big = np.zeros((2 * side, 2 * side), np.uint8)
    cv2.circle(big, (side, side), int(0.5 * side), 255, -1, cv2.LINE_AA)
    for angle in rng.uniform(0, 2 * np.pi, 250):
        outer = side * rng.uniform(0.55, 0.68)
        start, stop = ((int(side + r * np.cos(angle)), int(side + r * np.sin(angle))) for r in (0.45 * side, outer))
        cv2.line(big, start, stop, int(rng.integers(120, 256)), 2, cv2.LINE_AA)
    return cv2.resize(big, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32) / 255


def painted(alpha, front=(200, 60, 40), back=(50, 110, 190), noise=3.0):
    rgb = np.array(front) * alpha[..., None] + np.array(back) * (1 - alpha[..., None])
    rgb += np.random.default_rng(1).normal(0, noise, rgb.shape) if noise else 0
    return np.clip(np.rint(rgb), 0, 255).astype(np.uint8)


def blurred(alpha, sigma=4.0):
    return np.asarray(cv2.GaussianBlur(alpha, (0, 0), sigma), np.float32)


@pytest.mark.parametrize("noise", [0.0, 3.0])
def test_hair_comes_back(noise):
    true = fur(200)
    start = blurred(true)
    matte = closed_form(start, painted(true, noise=noise), uncertainty=0.1)
    assert np.abs(matte - true).mean() < 0.25 * np.abs(start - true).mean()
    known = trimap(start, uncertainty=0.1) != 128
    np.testing.assert_array_equal(matte[known], start[known])


def test_it_is_pymattings_own_matte_where_the_prior_is_weak(tmp_path):
    true = fur(60)
    start, rgb = blurred(true, 2), painted(true)
    marked = trimap(start, uncertainty=0.1)
    np.savez(tmp_path / "asked.npz", rgb=rgb / 255, marked=marked / 255)
    code = """
import numpy as np
from pymatting import estimate_alpha_cf
asked = np.load("asked.npz")
np.save("matte.npy", estimate_alpha_cf(asked["rgb"], asked["marked"], laplacian_kwargs={"epsilon": 1e-6}))
"""
    # As Python: the package compiles for a minute what it needs for longer.
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    words = [sys.executable, "-W", "ignore", "-c", code]
    subprocess.run(words, cwd=tmp_path, env=environment, check=True, capture_output=True)
    expected, band = np.load(tmp_path / "matte.npy"), marked == 128
    assert np.abs(closed_form(start, rgb, uncertainty=0.1) - expected)[band].mean() < 0.04


def test_a_crisp_mask_is_returned_as_it_is(disc):
    alpha = disc(100)
    assert closed_form(alpha, painted(alpha), uncertainty=0.5) is alpha


def test_a_large_picture_is_solved_small_and_enlarged_along_edges(monkeypatch):
    monkeypatch.setattr(MODULE, "_SIDE", 150)  # instead of 768: the test is quick
    true = fur(400)
    start = blurred(true, 6)
    matte = closed_form(start, painted(true), uncertainty=0.05)
    assert matte.shape == true.shape
    assert np.abs(matte - true).mean() < 0.5 * np.abs(start - true).mean()


@pytest.mark.parametrize("shape", [(1, 1), (2, 9), (5, 5), (40, 3)])
@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_tiny_and_edgeless(shape, value):
    matte = closed_form(np.full(shape, value, np.float32), np.full((*shape, 3), 120, np.uint8), uncertainty=1.0)
    assert matte.dtype == np.float32
    np.testing.assert_allclose(matte, value, atol=0.01)


def test_the_same_bytes_every_time():
    true = fur(100)
    start, rgb = blurred(true), painted(true)
    once, again = (closed_form(start, rgb, uncertainty=0.1).tobytes() for _ in range(2))
    assert once == again


def test_a_setting_turns_it_on_and_a_given_alpha_is_left_alone(disc, photo_of):
    photo = photo_of(painted(disc(400, blur=15)))
    fast, slow = (segmenter("grabcut", settings)(photo) for settings in (Settings(threads=1), CLOSED))
    assert slow.uncertainty == fast.uncertainty
    assert not np.array_equal(slow.alpha, fast.alpha)
    soft = disc(100, blur=8)
    assert segmenter("grabcut", CLOSED)(photo_of(np.full((100, 100, 3), 9, np.uint8), soft)).alpha is soft


def test_a_run_with_another_matte_is_not_resumed():
    prints = {Pipeline(settings=Settings(threads=1, matte=matte)).fingerprint for matte in ("fast", "closed-form")}
    models = {Pipeline(settings=Settings(threads=1, model=name)).fingerprint for name in ("grabcut", "grabcut-box")}
    assert len(prints | models) == 4


def test_the_environment_sets_it_and_a_wrong_name_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("PACKSHOT_MATTE", "closed-form")
    assert Settings().matte == "closed-form"
    for environment, option in (("hairy", []), ("fast", ["--matte", "hairy"])):
        monkeypatch.setenv("PACKSHOT_MATTE", environment)
        done = run("cutout", "x.jpg", "-o", tmp_path / "out", *option)
        assert done.code == 2
        assert "closed-form" in done.err


def test_without_the_extra_it_is_refused_before_any_photo(monkeypatch, disc):
    monkeypatch.setattr(MODULE, "find_spec", lambda name: None)
    for attempt in (
        lambda: segmenter("grabcut", CLOSED),
        lambda: closed_form(disc(9), painted(disc(9)), uncertainty=0),
    ):
        with pytest.raises(UsageError, match=r"packshot\[matting\]"):
            attempt()


def test_warnings_of_its_compiler_are_no_errors_and_no_more_is_loaded_than_needed():
    code = """
import sys, json, numpy as np, packshot.cutout as c
light = "numba" not in sys.modules
alpha = np.tile(np.linspace(0, 1, 30, dtype=np.float32), (20, 1))
c.closed_form(alpha, np.repeat(np.uint8(255 * alpha)[..., None], 3, 2), uncertainty=0.1)
print(json.dumps([light, "numba" in sys.modules, "pymatting" in sys.modules]))
"""
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [True, True, False], "only the modules that are needed are compiled"
