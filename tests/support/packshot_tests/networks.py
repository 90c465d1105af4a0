"""Networks whose answers can be calculated by hand.

An embedding of the mean colours of 3 x 4 cells and a one, of length 1; a classifier of red and blue; a mask of red; a
network that gives the same answers whatever it sees.
"""

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save

from packshot.heads import Head
from packshot.runtime import InputSpec, ModelCard

#: Weights for the mean red, green and blue of a photo, and the bias.
ROWS = np.float32([(0, 0, 0, 4), (24, -24, -24, 0), (-24, -24, 24, 0)])
CATEGORY = Head(
    name="category",
    kind="tree",
    labels=("apparel", "shoes", "hats"),
    names=("Apparel", "Shoes", "Hats"),
    parents=(-1, 0, 0),
)
KIDS = Head(name="kids", kind="choice", labels=("no", "yes"))


def write_network(path, *, brightness=1.0, unit=True, match=None, known=None):
    """Write the ONNX file and its card; `brightness` makes another network of it, `unit` gives vectors of length 1."""
    rows = np.concatenate([ROWS, ROWS[1:]])
    nodes = [
        helper.make_node("AveragePool", ["image"], ["features"], kernel_shape=[16, 16], strides=[16, 16]),
        helper.make_node("GlobalAveragePool", ["features"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["flat"]),
        helper.make_node("Gemm", ["flat", "weights", "bias"], ["logits"], transB=1),
        helper.make_node("Flatten", ["features"], ["cells"]),
        helper.make_node("Concat", ["cells", "one"], ["long"], axis=1),
        helper.make_node(
            "LpNormalization" if unit else "Identity", ["long"], ["embedding"], **({"p": 2} if unit else {})
        ),
    ]
    shapes = {"logits": ["n", 5], "embedding": ["n", 37], "features": ["n", 3, 3, 4], "weights": [5, 3]}
    graph = helper.make_graph(
        nodes,
        "embed",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, 48, 64])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()],
        initializer=[
            numpy_helper.from_array(np.ascontiguousarray(rows[:, :3]), "weights"),
            numpy_helper.from_array(np.ascontiguousarray(rows[:, 3]), "bias"),
            numpy_helper.from_array(np.float32([[brightness]]), "one"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    checker.check_model(model)
    save(model, path)
    card = ModelCard(
        name=path.stem,
        task="description",
        input=InputSpec(size=(64, 48), mean=(0, 0, 0), std=(1, 1, 1)),
        heads=(CATEGORY, KIDS),
        match=match,
        known=known,
        licence="Apache-2.0",
        commercial_use=True,
    )
    path.with_suffix(".json").write_text(card.to_json())
    return path


def write_classifier(path):
    """Probabilities by the mean red and blue of a photo: softmax of 8 times each."""
    weights = np.float32([[8, 0, 0], [0, 0, 8]])
    nodes = [
        helper.make_node("GlobalAveragePool", ["image"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["flat"]),
        helper.make_node("Gemm", ["flat", "weights"], ["logits"], transB=1),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
    ]
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, 64, 64])
    output = helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [1, 2])
    graph = helper.make_graph(
        nodes, "colours", [image], [output], initializer=[numpy_helper.from_array(weights, "weights")]
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    checker.check_model(model)
    save(model, path)
    card = ModelCard(
        name="colours",
        task="classification",
        input=InputSpec(size=(64, 64), mean=(0, 0, 0), std=(1, 1, 1)),
        labels=("red", "blue"),
        licence="Apache-2.0",
        commercial_use=True,
    )
    path.with_suffix(".json").write_text(card.to_json())
    return path


def write_red_network(path):
    """A mask: the clipped excess of red over green, at 96 x 96."""
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


def write_constant_network(path, answers, card):
    """Write a network that always gives these answers (name to float32 array), for pictures of its card's size."""
    width, height = card.input.size
    nodes, constants = [], [numpy_helper.from_array(np.float32(0), "zero")]
    nodes += [helper.make_node("ReduceMax", ["image"], ["seen"], keepdims=0)]
    nodes += [helper.make_node("Mul", ["seen", "zero"], ["nothing"])]
    for output, answer in answers.items():
        constants.append(numpy_helper.from_array(answer, f"{output}.answer"))
        nodes.append(helper.make_node("Add", ["nothing", f"{output}.answer"], [output]))
    graph = helper.make_graph(
        nodes,
        card.name,
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, height, width])],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, list(a.shape)) for n, a in answers.items()],
        initializer=constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    checker.check_model(model)
    save(model, path)
    path.with_suffix(".json").write_text(card.to_json())
    return path


def write_mask_network(path, alpha):
    """Write a segmentation network that gives this mask, float32 (h, w), whatever it sees."""
    height, width = alpha.shape
    card = ModelCard(
        name=path.stem,
        task="segmentation",
        input=InputSpec(size=(width, height), mean=(0, 0, 0), std=(1, 1, 1)),
        licence="Apache-2.0",
        commercial_use=True,
    )
    return write_constant_network(path, {"alpha": alpha[None, None]}, card)
