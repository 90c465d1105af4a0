"""A network is refused for what it is not for, by its card and by the shape of its output."""

import numpy as np
import pytest
from onnx import helper
from packshot_tests.command import run

from packshot.cutout import segment, segmenter
from packshot.description import describer
from packshot.errors import ModelMismatch
from packshot.frame import frame_finder
from packshot.runtime import load
from packshot.runtime.task import fits_a_mask
from packshot.settings import Settings
from packshot.values import Photo

SETTINGS = Settings(threads=1)
PHOTO = Photo(rgb=np.full((32, 32, 3), 90, np.uint8), source="x.png", sha256="0" * 64, format="PNG")


@pytest.mark.parametrize(
    ("slot", "wrong", "task", "expected", "right"),
    [
        (segmenter, "describe", "description", "segmentation", "cutout"),
        (segmenter, "frame", "frame", "segmentation", "cutout"),
        (describer, "cutout", "segmentation", "description or classification", "describe"),
        (describer, "frame", "frame", "description or classification", "describe"),
        (frame_finder, "cutout", "segmentation", "frame", "frame"),
        (frame_finder, "describe", "description", "frame", "frame"),
    ],
)
def test_every_slot_names_what_the_network_is_and_which_are_right(slot, wrong, task, expected, right):
    with pytest.raises(ModelMismatch) as refused:
        slot(wrong, SETTINGS)
    assert refused.value.message == f"{wrong} is a network for {task}, expected one for {expected}"
    assert f"name one for {expected}: {right};" in refused.value.remedy


def test_networks_of_the_users_own_are_named_too_and_broken_cards_passed_over(tiny, tmp_path):
    tiny("mine")
    tiny("broken").with_suffix(".json").write_text("{")
    with pytest.raises(ModelMismatch, match="segmentation: cutout, mine;"):
        segmenter("describe", Settings(threads=1, model_store=tmp_path))


def test_a_loaded_network_of_another_task_cuts_nothing_out(tiny):
    with pytest.raises(ModelMismatch, match="is a network for classification, expected one for segmentation"):
        segment(PHOTO, load(tiny(task="classification"), SETTINGS))


@pytest.mark.parametrize(
    ("shape", "fits"),
    [
        (["n", 1, "h", "w"], True),
        ([1, 1, 320, 320], True),
        (["n", "c", None, None], True),
        (["n", 320, 320], True),
        ([1, 1000], False),
        (["n"], False),
        ([1, 21, 320, 320], False),
        ([1, 320, 320, 1], False),
        ([1, 1, 1, 1], False),
        ([1, 1, 1, 320, 320], False),
    ],
)
def test_which_shapes_can_be_a_mask(shape, fits):
    assert fits_a_mask(shape) is fits


def test_a_strange_network_with_an_output_that_is_no_mask_is_refused_when_it_is_loaded(tiny):
    pool = helper.make_node("GlobalAveragePool", ["image"], ["alpha"])
    path = tiny(model={"nodes": [pool], "result": ("n", 3, 1, 1)})
    with pytest.raises(ModelMismatch, match=r"expected a mask \(n, 1, h, w\), got output alpha \['n', 3, 1, 1\]"):
        load(path, SETTINGS)


def test_an_output_that_the_graph_leaves_open_is_refused_when_it_is_seen(tiny):
    path = tiny(model={"shape": ("n", "c", "h", "w"), "nodes": [helper.make_node("Identity", ["image"], ["alpha"])]})
    network = load(path, SETTINGS)
    with pytest.raises(
        ModelMismatch, match=r"expected finite probabilities \(1, 1, h, w\), got shape \(1, 3, 16, 24\)"
    ):
        segment(PHOTO, network)


@pytest.mark.parametrize("model", ["describe", "frame"])
def test_the_command_refuses_before_any_photo_with_exit_code_2(model, tmp_path):
    code, _, told = run("cutout", "no-photo.png", "-o", tmp_path, "--model", model)
    assert code == 2
    assert told.startswith(f"packshot: {model} is a network for ")
    assert "cutout" in told
