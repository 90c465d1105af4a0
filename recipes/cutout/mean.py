"""The mean of two networks' weights: what a training on other photos gained, and what it forgot, each by a share.

    python recipes/cutout/mean.py before.onnx after.onnx -o mean.onnx --share 0.5

Both are files of `packshot export` for one architecture, the second trained on from the first. Weights are averaged in
double precision; see docs/decisions/0069-other-photos.md for what it is worth. With --bits 8 each is stored as a whole
number and a factor for its channel, which halves the file once more: docs/decisions/0075-open-what-was-filled.md.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

from packshot.training.networks.packed_weights import pack_weights, unpack_weights


def mean(before: onnx.ModelProto, after: onnx.ModelProto, share: float) -> onnx.ModelProto:
    """The network whose weights are `share` of the second and the rest of the first, which it replaces.

    Raises:
        ValueError: they are not of one architecture.
    """
    second = {weights.name: numpy_helper.to_array(weights) for weights in unpack_weights(after).graph.initializer}
    out = unpack_weights(before)
    for weights in out.graph.initializer:
        one, other = numpy_helper.to_array(weights), second.pop(weights.name, None)
        if other is None or one.shape != other.shape or one.dtype != other.dtype:
            raise ValueError(f"{weights.name}: not in both networks, or of another shape")
        if np.issubdtype(one.dtype, np.floating):
            both = (1 - share) * one.astype(np.float64) + share * other.astype(np.float64)
            weights.CopyFrom(numpy_helper.from_array(both.astype(one.dtype), weights.name))
    if second:
        raise ValueError(f"{next(iter(second))}: not in both networks")
    return out


def main() -> None:
    """Read the command line, write the mean."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--share", type=float, default=0.5, help="of the second, 0..1 [0.5]")
    parser.add_argument("--bits", type=int, choices=(8, 16), default=16, help="of a stored weight [16]")
    options = parser.parse_args()
    try:
        made = mean(onnx.load(options.before), onnx.load(options.after), options.share)
    except ValueError as error:
        raise SystemExit(f"{options.before} and {options.after} cannot be averaged: {error}") from error
    options.output.write_bytes(pack_weights(made.SerializeToString(), bits=options.bits))


if __name__ == "__main__":
    main()
