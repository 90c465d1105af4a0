"""Export a run: trace, compare, quantise if asked, write the file with its card."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from packshot.counting import counted
from packshot.datasets import Item, Split
from packshot.errors import ModelMismatch, UsageError
from packshot.evaluation import iou
from packshot.runtime import InputSpec, ModelCard, Network, OutputSpec, load
from packshot.runtime.preprocessing import resize
from packshot.runtime.quantisation import quantise
from packshot.storage.atomic import write_atomic
from packshot.training.data.pictures import spread
from packshot.training.export.any_size import AnySize
from packshot.training.export.onnx_file import to_onnx
from packshot.training.export.parity import Parity, compare, torch_answer
from packshot.training.networks.packed_weights import pack_weights
from packshot.training.provenance import provenance
from packshot.training.recipe import Recipe
from packshot.training.registry import task_of
from packshot.training.run_folder import read_recipe, read_record

__all__ = ["Exported", "export_run"]

_COMPARED, _CALIBRATED, _SCORED = 16, 48, 64  # pictures
_TRACED = 5  # multiples of the network's: side of the picture that a network of any size is traced with


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes:
        parity: of the float file with the checkpoint.
        card: as written beside the file.
        bytes: size of the file.
        loss: metric -> (float file, int8 file) on validation pictures; empty without int8.
    """

    parity: Parity
    card: ModelCard
    bytes: int
    loss: dict[str, tuple[float, float]]

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        return {"sha256": self.card.sha256, "bytes": self.bytes, "metrics": self.card.metrics}

    def words(self, name: str) -> str:
        """For a person: the file called `name`, and how it differs from the checkpoint."""
        parity, metrics = self.parity, self.card.metrics
        longest = self.card.input.longest
        size = f"{self.card.input.size[0]} px" if longest is None else f"each photo's own size, up to {longest} px"
        lines = [
            f"{name}: {self.bytes / 1e6:.1f} MB, input {size}",
            f"parity: differs from the checkpoint by at most {parity.maximum:.2e} on {counted(parity.photos, 'photo')}"
            f" (mean {parity.mean:.2e})",
        ]
        if "int8/max" in metrics:
            most, mean = metrics["int8/max"], metrics["int8/mean"]
            lines.append(f"int8: differs from the whole network by at most {most:.2e} (mean {mean:.2e})")
        return "\n".join(lines)


def export_run(
    run: Path,
    target: Path,
    *,
    items: Sequence[Item],
    size: int | None = None,
    int8: bool = False,
    licence: str = "Apache-2.0",
    tolerance: float = 0.02,
) -> Exported:
    """Write ``target`` (.onnx) and its card (.json), after comparing the file with the checkpoint on real photos.

    Args:
        run: folder that ``packshot train`` wrote; its best weights are taken, else the last.
        target: where the ONNX file goes.
        items: the run's pictures; training ones calibrate int8, validation ones compare.
        size: side of the input in pixels; by default the recipe's. Where each photo kept its own size in training, it
            does so in the exported network.
        int8: quantise; the card then states what it cost on up to 64 validation pictures.
        licence: SPDX identifier of the weights.
        tolerance: largest mean absolute difference of probabilities that passes.

    Raises:
        UsageError: no run there, an architecture that cannot be exported, no photos.
        ModelMismatch: the exported network answers differently from the checkpoint.
    """
    recipe = read_recipe(run)
    task = task_of(recipe)
    task.refuse_export(recipe)
    checkpoint = next((run / name for name in ("best.ckpt", "last.ckpt") if (run / name).is_file()), None)
    if checkpoint is None:
        raise UsageError(f"{run}: no best.ckpt and no last.ckpt there", remedy="train it first, or name another run")
    validation = [item for item in items if item.split is Split.VALIDATION and item.source != "studio"]
    learnt = [item for item in items if item.split is Split.TRAIN]
    train = [item for item in learnt if item.source != "studio"]
    if not validation:
        raise UsageError("no validation photo to compare the networks on", remedy="name the run's data with --data")

    module = task.load(checkpoint, recipe)
    shape = _shape(recipe, size, multiple=module.multiple)
    own_size = size is None and recipe.fixed_size is None
    network, outputs = task.exported(module, learnt, side=shape[0])
    if own_size:
        network = AnySize(network, multiple=module.multiple)
    traced = (_TRACED * module.multiple,) * 2 if own_size else shape
    data = to_onnx(network, size=traced, outputs=outputs, any_size=own_size or task.any_size)
    record = read_record(run)
    mean, std = recipe.normalisation
    start, teachers = task.origins(recipe)
    sources = provenance({item.source for item in learnt}, start=start, teachers=teachers)
    card = ModelCard(
        name=target.stem,
        task=task.card_task,
        version="1",
        input=InputSpec(
            size=shape,
            shapes=task.input_shapes(recipe, shape),
            longest=shape[0] if own_size else None,
            view=recipe.view,
            mean=mean,
            std=std,
        ),
        output=OutputSpec(name=module.outputs[0]),
        labels=record.labels if record else (),
        licence=licence,
        commercial_use=all(source.commercial_use is not False for source in sources),
        provenance=sources,
        start=recipe.start,
        metrics=_scores(run),
        created=datetime.now(UTC).date().isoformat(),
        heads=task.heads(module, validation, side=shape[0]),
    )
    with TemporaryDirectory() as folder:
        exact = _saved(Path(folder), "exact", pack_weights(data), card)
        parity = compare(exact, torch_answer(network, outputs), (item.rgb() for item in spread(validation, _COMPARED)))
        if not parity.mean <= tolerance:  # not a number neither
            raise ModelMismatch(
                f"{target.name}: mean difference from the checkpoint is {parity.mean:.4f}, expected <= {tolerance}",
                remedy="export again with another opset, or report the operator that differs",
            )
        figures = {"parity/max": parity.maximum, "parity/mean": parity.mean}
        shipped, loss = pack_weights(data), {}
        if int8:
            photos = [exact.prepare(item.rgb()) for item in spread(train or validation, _CALIBRATED)]
            shipped = quantise(data, batches=photos)
            small = _saved(Path(folder), "small", shipped, card)
            if card.task == "segmentation":
                loss = {"iou": _ious(exact, small, spread(validation, _SCORED))}
            rounding = compare(small, exact.outputs, (item.rgb() for item in spread(validation, _COMPARED)))
            figures |= {"int8/max": rounding.maximum, "int8/mean": rounding.mean}
            figures |= {f"int8/{name}_before": before for name, (before, _) in loss.items()}
            figures |= {f"int8/{name}_after": after for name, (_, after) in loss.items()}
    digest = hashlib.sha256(shipped).hexdigest()
    card = card.model_copy(update={"sha256": digest, "metrics": {**card.metrics, **figures}})
    write_atomic(target, shipped)
    write_atomic(target.with_suffix(".json"), card.to_json().encode())
    return Exported(parity=parity, card=card, bytes=len(shipped), loss=loss)


def _shape(recipe: Recipe, wanted: int | None, *, multiple: int) -> tuple[int, int]:
    """(width, height) of the input; the largest there is, where photos keep their own size."""
    fixed = recipe.fixed_size
    if wanted is None:
        return fixed or (recipe.longest_side, recipe.longest_side)
    if recipe.one_size and (wanted, wanted) != fixed:
        raise UsageError(f"size {wanted}: {recipe.network_name} has one size only", remedy="leave --size out")
    if wanted % multiple:
        raise UsageError(f"size {wanted}: {recipe.network_name} takes multiples of {multiple}", remedy="change --size")
    return wanted, wanted


def _scores(run: Path) -> dict[str, float]:
    record = read_record(run)
    if record is None:
        return {}
    headlines = {f"{split}/{record.headline}": score for split, score in record.scores.items() if score is not None}
    # What is of one set or one kind of picture alone stays in run.json.
    whole = {f"{split}/{n}": v for split, found in record.metrics.items() for n, v in found.items() if "/" not in n}
    return {**headlines, **whole}


def _saved(folder: Path, name: str, data: bytes, card: ModelCard) -> Network:
    file = folder / f"{name}.onnx"
    file.write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    file.with_suffix(".json").write_text(card.model_copy(update={"sha256": digest}).to_json(), encoding="utf-8")
    return load(file)


def _ious(exact: Network, small: Network, items: Sequence[Item]) -> tuple[float, float]:
    """Mean IoU of both networks' own small masks, enlarged plainly: the difference is what counts."""
    pairs = []
    for item in items:
        rgb, true = item.pair()
        size = (rgb.shape[1], rgb.shape[0])
        batch = exact.prepare(rgb)
        pairs.append([iou(resize(network.run(batch)[0, 0], size=size), true) for network in (exact, small)])
    before, after = np.mean(pairs, axis=0)
    return float(before), float(after)
