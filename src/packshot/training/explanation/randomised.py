"""A network that knows nothing: the same architecture, its weights shuffled.

Adebayo, Gilmer, Muelly, Goodfellow, Hardt and Kim 2018 (Sanity checks for saliency maps): a map that looks the same for
such a network says nothing of what the network has learnt.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

from packshot.errors import ModelMismatch
from packshot.training.networks.packed_weights import unpack_weights

__all__ = ["write_randomised"]


def write_randomised(source: Path, target: Path, *, seed: int = 0) -> int:
    """Write a copy of a network in which the numbers of every weight tensor change places.

    Their distribution stays, so that activations keep their size; biases stay.

    Args:
        source: the ONNX file.
        target: written; a card is not.
        seed: of the shuffle.

    Returns:
        How many tensors were shuffled.

    Raises:
        ModelMismatch: no ONNX network, or none with weights that could be shuffled.
    """
    try:
        model = unpack_weights(onnx.load(source))
    except Exception as error:  # protobuf fails in many ways
        raise ModelMismatch(f"{source}: no ONNX network ({error})", remedy="name an .onnx file") from error
    rng = np.random.default_rng(seed)
    shuffled = 0
    for weight in model.graph.initializer:
        values = numpy_helper.to_array(weight)
        if values.ndim < 2 or values.dtype.kind != "f":
            continue
        weight.CopyFrom(numpy_helper.from_array(rng.permutation(values.ravel()).reshape(values.shape), weight.name))
        shuffled += 1
    if not shuffled:  # the copy would answer as before, and every method would fail
        raise ModelMismatch(
            f"{source}: no weights to shuffle", remedy="export the network with its weights as initializers"
        )
    onnx.save(model, target)
    return shuffled
