"""A shop's folder of drawn photos, run folders, and a network that sees red."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from onnx import TensorProto, helper, save
from packshot_tests.photos import discs

from packshot.runtime import InputSpec, ModelCard


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Twelve red discs on dim noise with their masks: two of them holdout, two validation, eight train."""
    return discs(tmp_path / "shop")


@pytest.fixture
def red_model(tmp_path: Path) -> Path:
    """An ONNX file with its card whose alpha is the clipped excess of red over green, computed at 96 x 96."""
    kernel = helper.make_tensor("kernel", TensorProto.FLOAT, [1, 3, 1, 1], [2.0, -2.0, 0.0])
    ends = [helper.make_tensor(name, TensorProto.FLOAT, [], [value]) for name, value in (("zero", 0.0), ("one", 1.0))]
    nodes = [
        helper.make_node("Conv", ["image", "kernel"], ["excess"]),
        helper.make_node("Clip", ["excess", "zero", "one"], ["alpha"]),
    ]
    sides = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", channels, 96, 96])
        for name, channels in (("image", 3), ("alpha", 1))
    ]
    graph = helper.make_graph(nodes, "red", sides[:1], sides[1:], initializer=[kernel, *ends])
    path = tmp_path / "red.onnx"
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9), path)
    card = ModelCard(
        name="red",
        task="segmentation",
        input=InputSpec(size=(96, 96), mean=(0, 0, 0), std=(1, 1, 1)),
        licence="Apache-2.0",
        commercial_use=True,
    )
    path.with_suffix(".json").write_text(card.to_json())
    return path


@pytest.fixture
def run_folder(tmp_path: Path) -> Callable[..., Path]:
    """A function: a run folder below ``runs/`` whose run.json has the given values in place of the defaults."""

    def write(place: str, **changes: object) -> Path:
        folder = tmp_path / "runs" / place
        folder.mkdir(parents=True)
        document = {
            "name": folder.name,
            "task": "segmentation",
            "network": "unet",
            "started": "2026-11-20T10:00:00+00:00",
            "finished": "2026-11-20T11:00:00+00:00",
            "status": "finished",
            "epochs_done": 12,
            "parameters": 1_234_567,
            "data": {"sha256": "ab"},
            "headline": "iou",
            "scores": {"train": 0.97, "validation": 0.9, "holdout": 0.88},
            "intervals": {"holdout": [0.86, 0.9]},
            "ms_per_photo": 41.6,
            **changes,
        }
        (folder / "run.json").write_text(json.dumps(document))
        return folder

    return write
