"""Photos with a known product."""

import numpy as np
import pytest
from onnx import TensorProto, helper, save

from packshot.runtime import InputSpec, ModelCard, load
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
    minus_green = helper.make_tensor("kernel", TensorProto.FLOAT, [1, 3, 1, 1], [2.0, -2.0, 0.0])
    graph = helper.make_graph(
        [
            helper.make_node("Conv", ["image", "kernel"], ["excess"]),
            helper.make_node("Clip", ["excess", "zero", "one"], ["alpha"]),
        ],
        "red",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, 96, 96])],
        [helper.make_tensor_value_info("alpha", TensorProto.FLOAT, ["n", 1, 96, 96])],
        initializer=[
            minus_green,
            helper.make_tensor("zero", TensorProto.FLOAT, [], [0.0]),
            helper.make_tensor("one", TensorProto.FLOAT, [], [1.0]),
        ],
    )
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
    return load(path, Settings(threads=1))
