"""A network that describes photos, its weights made by hand.

It sees a photo as 3 x 4 cells; the features of a cell are its mean red, green and blue, 0..1. On a black photo with one
red cell the mean red is 1 / 12, so that a weight of 48 gives a logit of 4, and sigmoid(4) = 0.982.
"""

import cv2
import numpy as np
import pytest
from onnx import TensorProto, checker, helper, numpy_helper, save
from packshot_tests.command import run

from packshot.heads import Head
from packshot.runtime import InputSpec, ModelCard

#: label: weights for red, green and blue, and the bias
CATEGORY = {
    "nothing": (0, 0, 0, 0),
    "apparel": (96, 96, 0, -4),
    "shoes": (48, 0, 0, 0),
    "hats": (0, 48, 0, 0),
}
KIDS = {"no": (0, 0, 0, 0), "yes": (0, 0, 96, -4)}
TAGS = {"shoe": (96, 0, 0, -4), "belt": (0, 0, 96, -4), "skin": (96, 96, 96, 4)}

HEADS = (
    Head(
        name="category",
        kind="tree",
        labels=tuple(CATEGORY),
        names=("Nothing", "Apparel", "Shoes", "Hats"),
        parents=(-1, -1, 1, 1),
        nothing="nothing",
    ),
    Head(name="kids", kind="choice", labels=tuple(KIDS)),
    Head(name="tags", kind="tags", labels=tuple(TAGS), ignored=("skin",)),
)
ROWS = np.float32([*CATEGORY.values(), *KIDS.values(), *TAGS.values()])

ALL = ("logits", "embedding", "features", "weights")

#: Of the tags, by colour: what speaks for each at a place; and the last of 12 numbers says "at the lower end".
PLACES = np.float32([(8, 0, 0), (0, 0, 8), (0, 8, 0)])


def write_network(path, *, heads=HEADS, rows=ROWS, task="description", outputs=ALL, positions=None, **card):
    """Write the ONNX file and its card; `outputs` may leave some out. `positions` (tags, 12) adds a head for places."""
    nodes = [
        helper.make_node("AveragePool", ["image"], ["features"], kernel_shape=[16, 16], strides=[16, 16]),
        helper.make_node("GlobalAveragePool", ["features"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["flat"]),
        helper.make_node("Gemm", ["flat", "weights", "bias"], ["logits"], transB=1),
        helper.make_node("Concat", ["flat", "one"], ["long"], axis=1),
        helper.make_node("LpNormalization", ["long"], ["embedding"], axis=1, p=2),
    ]
    shapes = {
        "logits": ["n", len(rows)],
        "embedding": ["n", 4],
        "features": ["n", 3, 3, 4],
        "weights": [len(rows), 3],
    }
    placing = []
    if positions is not None:
        nodes.append(helper.make_node("Conv", ["features", "place_weights"], ["places"]))
        shapes |= {"places": ["n", 3, 3, 4], "positions": list(positions.shape)}
        outputs = (*outputs, "places", "positions")
        placing = [
            numpy_helper.from_array(PLACES[:, :, None, None], "place_weights"),
            numpy_helper.from_array(np.float32(positions), "positions"),
        ]
    graph = helper.make_graph(
        nodes,
        "describe",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, 48, 64])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shapes[name]) for name in outputs],
        initializer=[
            numpy_helper.from_array(np.ascontiguousarray(rows[:, :3]), "weights"),
            numpy_helper.from_array(np.ascontiguousarray(rows[:, 3]), "bias"),
            numpy_helper.from_array(np.float32([[1]]), "one"),
            *placing,
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    checker.check_model(model)
    save(model, path)
    values = ModelCard(
        name=path.stem,
        task=task,
        input=InputSpec(size=(64, 48), mean=(0, 0, 0), std=(1, 1, 1)),
        heads=heads,
        licence="Apache-2.0",
        commercial_use=True,
        **card,
    )
    path.with_suffix(".json").write_text(values.to_json())
    return path


@pytest.fixture
def network(tmp_path):
    """A function: writes the network under a name, with the given changes, and gives its path as text.

    Its heads and weights are attributes of it, to be changed.
    """

    def write(name="tiny", **changes):
        return str(write_network(tmp_path / f"{name}.onnx", **changes))

    write.heads, write.rows = HEADS, ROWS
    return write


@pytest.fixture
def cells():
    """A function: a black photo of 640 x 480 whose cells (row, column) have the given colours."""

    def paint(colours, size=(640, 480)):
        small = np.zeros((3, 4, 3), np.uint8)
        for place, colour in colours.items():
            small[place] = colour
        return cv2.resize(small, size, interpolation=cv2.INTER_NEAREST)

    return paint


@pytest.fixture
def packshot():
    """A function: run a command; its exit code, what it said on stdout, line by line, and on stderr."""

    def typed(*args):
        done = run(*args)
        return done.code, done.out.splitlines(), done.err

    return typed
