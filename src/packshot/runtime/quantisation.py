"""Eight-bit networks: static quantisation of an ONNX file, calibrated on real photos."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from packshot.errors import UsageError

__all__ = ["quantise"]

Batch = NDArray[np.float32]

#: What is computed in eight bits; everything else stays float32.
_OPERATORS = ["Conv", "Add", "Concat"]


def quantise(data: bytes, *, batches: Sequence[Batch], keep_last: int = 6) -> bytes:
    """Quantise to QDQ form: weights int8 of seven bits per channel, activations uint8 with ranges seen on `batches`.

    Ranges are the 99.999th percentile of each activation, which lost less than the extremes (docs/models/cutout.md).
    Measure the result on the task: a smaller file that errs is no gain.

    Args:
        data: a float32 ONNX file with one input.
        batches: prepared photos, float32 (1, 3, height, width) each; 30 or more that look like those to come.
        keep_last: nodes at the end of the graph that stay float32: the logits decide, and cost little.

    Returns:
        The quantised ONNX file.

    Raises:
        UsageError: no photo to calibrate on.
    """
    if not batches:
        raise UsageError("int8: no photo to calibrate on", remedy="name a folder with photos like those to come")
    import onnx  # noqa: PLC0415 - part of the extra `train`
    from onnxruntime.quantization import (  # noqa: PLC0415 - slow to import, and seldom wanted
        CalibrationMethod,
        QuantFormat,
        QuantType,
        quantize_static,
    )
    from onnxruntime.quantization.shape_inference import quant_pre_process  # noqa: PLC0415

    # The calibrator prints its progress; standard output belongs to the command's results.
    with TemporaryDirectory() as folder, redirect_stdout(StringIO()):
        source, prepared, target = (Path(folder) / name for name in ("in.onnx", "prepared.onnx", "int8.onnx"))
        source.write_bytes(data)
        # ONNX's own shape inference is enough here; the symbolic one would want sympy.
        quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
        graph = onnx.load(prepared).graph
        quantize_static(
            str(prepared),
            str(target),
            _Calibration(graph.input[0].name, batches),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            # Seven bits of eight: a processor without dot products of bytes (VNNI) adds pairs in 16, which overflow.
            reduce_range=True,
            calibrate_method=CalibrationMethod.Percentile,
            op_types_to_quantize=_OPERATORS,
            nodes_to_exclude=[node.name for node in graph.node[-keep_last:]] if keep_last else [],
        )
        return target.read_bytes()


class _Calibration:
    """onnxruntime's calibration protocol: the next feed, or None at the end."""

    def __init__(self, name: str, batches: Sequence[Batch]) -> None:
        self.name = name
        self._feeds: Iterator[Batch] = iter(batches)

    def get_next(self) -> dict[str, Batch] | None:
        batch = next(self._feeds, None)
        return None if batch is None else {self.name: batch}
