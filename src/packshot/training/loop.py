"""Train a recipe: one run folder, resumable, watched as pictures, scored at the end."""

from __future__ import annotations

import contextlib
import logging
import platform
import sys
import time
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypedDict

import cv2
import lightning
import torch
from lightning.fabric.utilities.exceptions import MisconfigurationException
from lightning.pytorch.callbacks import EarlyStopping, LearningRateMonitor, ModelCheckpoint
from lightning.pytorch.loggers import TensorBoardLogger
from lightning.pytorch.utilities.exceptions import SIGTERMException

from packshot.counting import counted
from packshot.datasets import Item, Split
from packshot.errors import OutputError, UsageError
from packshot.evaluation.binary import ANSWERS, answers_text
from packshot.signals import stop_on_signals
from packshot.storage.atomic import write_atomic
from packshot.training.callbacks.bar import OneLineBar, scoring_bar
from packshot.training.callbacks.history import History
from packshot.training.callbacks.progress import Progress
from packshot.training.callbacks.reproducible import SeededSteps
from packshot.training.callbacks.stopping import StopOnRequest, Stopped
from packshot.training.figures.balance import draw_balance
from packshot.training.figures.grid import draw_grid
from packshot.training.figures.roc import draw_roc
from packshot.training.figures.samples import draw_samples
from packshot.training.networks.depthwise import quicken_depthwise
from packshot.training.plan import Plan
from packshot.training.prediction import Predictor
from packshot.training.recipe import Precision, Recipe
from packshot.training.registry import items_for, load_module, plan_for
from packshot.training.run_folder import Data, RunRecord, fingerprint, read_recipe, read_record, refuse_another
from packshot.training.run_lock import is_further_process, run_lock
from packshot.version import __version__

__all__ = ["TrainOptions", "train"]


class TrainOptions(TypedDict, total=False):
    """What `train` takes beside recipe, data and run: how, and on what, it is computed."""

    devices: Literal["auto"] | int
    precision: Precision | None
    threads: int


def train(
    recipe: Recipe,
    *,
    data: Path,
    run: Path,
    devices: Literal["auto"] | int = "auto",
    precision: Precision | None = None,
    threads: int = 2,
    items: Sequence[Item] | None = None,
) -> RunRecord:
    """Train, or go on with a run that was interrupted, or do nothing where it is finished.

    Args:
        recipe: the settings.
        data: folder with the pictures.
        run: folder for checkpoints, logs, figures and ``run.json``.
        devices: GPUs, or processes on a CPU; ``auto`` takes all GPUs there are.
        precision: overrides the recipe's.
        threads: of the computation on a CPU.
        items: the pictures, where they are not simply those of `data`: a fold.

    Returns:
        The record, also written to ``run.json``; its status is ``interrupted`` after SIGINT or SIGTERM.

    Raises:
        UsageError: the pictures do not fit the recipe, or the folder holds another run.
        OutputError: another process holds the folder, or it cannot be written.
    """
    torch.set_num_threads(threads)
    # The cores belong to the network; threads of every loader would wait for each other. Set before the loaders fork:
    # a fork has no threads of OpenCV's pool, and waits for them for ever when it is told to use fewer.
    cv2.setNumThreads(1)
    with contextlib.nullcontext() if is_further_process() else run_lock(run).hold():
        chosen = items_for(recipe, data) if items is None else list(items)
        recipe = recipe.model_copy(update={"precision": precision or recipe.precision})
        return _train(recipe, chosen, data=data, run=run, devices=devices)


def _train(recipe: Recipe, items: list[Item], *, data: Path, run: Path, devices: Literal["auto"] | int) -> RunRecord:
    counts = {str(split): sum(item.split is split for item in items) for split in Split}
    source = Data(root=str(data), sha256=fingerprint(items, data), **counts)
    refuse_another(run, recipe, source)
    before = read_record(run)
    if before and before.status == "finished" and read_recipe(run).total_epochs >= recipe.total_epochs:
        return before
    lightning.seed_everything(recipe.seed, workers=True, verbose=False)
    plan = plan_for(recipe, items, root=data)
    with stop_on_signals() as request, warnings.catch_warnings():
        stop = StopOnRequest(request)
        # Advice on workers, folders and logging intervals, for people who write loops; and what Lightning and torch
        # announce to each other.
        warnings.filterwarnings("ignore", category=UserWarning, module="lightning")
        warnings.simplefilter("ignore", FutureWarning)
        logging.getLogger("lightning.pytorch").setLevel(logging.WARNING)
        trainer = _trainer(recipe, plan, run=run, devices=devices, stop=stop)
        record = _begun(before, recipe, plan, data=source, devices=trainer.num_devices)
        first = trainer.is_global_zero
        start = time.monotonic()
        try:
            if first:
                write_atomic(run / "recipe.json", recipe.model_dump_json(indent=2).encode())
                record.write(run)
                if before is None:
                    draw_balance(items, run / "balance.png")
                    if counts["train"]:
                        draw_samples(
                            plan.samples(),
                            run / "samples.png",
                            cells_of=plan.evaluator.sample,
                            originals=None if plan.originals is None else plan.originals(),
                        )
            if recipe.total_epochs:
                _fit(trainer, plan, recipe, run / "last.ckpt")
            if first:
                done = {"epochs_done": trainer.current_epoch, "seconds": record.seconds + time.monotonic() - start}
                record = _scored(record.model_copy(update=done), recipe, plan, run, stop)
        except (SIGTERMException, Exception) as error:
            # Lightning answers SIGTERM itself, and a loader whose worker was ended with everybody else raises.
            stopped = isinstance(error, Stopped | SIGTERMException) or (
                isinstance(error, RuntimeError) and request.signal_number is not None
            )
            update = {"seconds": record.seconds + time.monotonic() - start, "epochs_done": trainer.current_epoch}
            record = record.model_copy(update={**update, "status": "interrupted" if stopped else "failed"})
            if not stopped:
                if first:
                    with contextlib.suppress(OutputError, OSError):  # the error itself is what must be told
                        record.write(run)
                raise
        if first:
            record.write(run)
    return record


def _fit(trainer: lightning.Trainer, plan: Plan, recipe: Recipe, last: Path) -> None:
    if last.exists():
        load_module(last, recipe)  # a damaged or foreign file is named here, where Lightning would only stumble over it
    if recipe.precision == "bf16-mixed" and not torch.cuda.is_available():
        quicken_depthwise(plan.module)
    plan.module.to(memory_format=torch.channels_last)
    with contextlib.redirect_stdout(sys.stderr):  # stdout is for results
        trainer.fit(plan.module, plan.data, ckpt_path=last if last.exists() else None, weights_only=True)


def _trainer(
    recipe: Recipe,
    plan: Plan,
    *,
    run: Path,
    devices: Literal["auto"] | int,
    stop: StopOnRequest,
) -> lightning.Trainer:
    headline = plan.module.headline
    known, predict = (
        plan.evaluator.watched(Predictor(plan.module, recipe, multiple=plan.module.multiple))
        if recipe.total_epochs
        else ([], list)
    )
    callbacks: list[lightning.Callback] = [
        stop,
        OneLineBar(),
        SeededSteps(recipe.seed),
        Progress(run, known=known, predict=predict, columns=plan.evaluator.progress_columns),
        *plan.callbacks,
        History(run, headline=headline, title=f"{recipe.name}: {recipe.network_name}"),
        LearningRateMonitor("epoch"),
        # Two of them: `save_last` of one alone would leave the epochs out that are not better than the best.
        _checkpoint(run, "best", best_by=f"validation/{headline}"),
        _checkpoint(run, "last"),
    ]
    if recipe.patience:
        callbacks.append(EarlyStopping(f"validation/{headline}", mode="max", patience=recipe.patience))
    try:
        return lightning.Trainer(
            accelerator="auto",
            devices=devices,
            precision=recipe.precision,
            max_epochs=recipe.total_epochs,
            callbacks=callbacks,
            logger=TensorBoardLogger(run, "tensorboard", version=""),
            default_root_dir=run,
            reload_dataloaders_every_n_epochs=1,
            gradient_clip_val=plan.gradient_clip or None,
            num_sanity_val_steps=0,
            enable_model_summary=False,
        )
    except (MisconfigurationException, ValueError) as error:
        remedy = "check --devices and --precision against what `packshot doctor` shows"
        raise UsageError(f"devices {devices}, precision {recipe.precision}: {error}", remedy=remedy) from error


def _checkpoint(run: Path, name: str, *, best_by: str | None = None) -> ModelCheckpoint:
    """Writes `name` after each epoch, or after those with a higher score than ever."""
    return ModelCheckpoint(
        run,
        name,
        monitor=best_by,
        mode="max" if best_by else "min",  # part of the name its state has in a checkpoint
        save_on_train_epoch_end=True,
        enable_version_counter=False,
    )


def _begun(before: RunRecord | None, recipe: Recipe, plan: Plan, *, data: Data, devices: int) -> RunRecord:
    parameters = list(plan.module.network.parameters())
    return RunRecord(
        name=recipe.name,
        task=recipe.task,
        network=recipe.network_name,
        packshot_version=__version__,
        started=before.started if before else _now(),
        seconds=before.seconds if before else 0.0,
        epochs_done=before.epochs_done if before else 0,
        parameters=sum(p.numel() for p in parameters),
        trainable=sum(p.numel() for p in parameters if p.requires_grad),
        start=recipe.start,
        input_size=recipe.fixed_size,
        hardware=_hardware(),
        devices=devices,
        precision=recipe.precision,
        data=data,
        headline=plan.module.headline,
        labels=plan.labels,
    )


def _scored(record: RunRecord, recipe: Recipe, plan: Plan, run: Path, stop: StopOnRequest) -> RunRecord:
    """The finished record: the best weights' scores, and the pictures they fail on."""
    best = run / "best.ckpt"
    module = load_module(best, recipe) if best.exists() else plan.module.eval()
    module.to("cuda" if torch.cuda.is_available() else "cpu")
    with scoring_bar() as scored:

        def between() -> None:
            stop.check()
            scored()

        scores = plan.evaluator.score(Predictor(module, recipe, multiple=module.multiple), between=between)
    if scores.worst:
        title = "validation photos, worst first"
        draw_grid(scores.worst, run / "predictions.png", title=title, columns=plan.evaluator.prediction_columns)
    if scores.binary:
        write_atomic(run / ANSWERS, answers_text(scores.binary).encode())
        draw_roc(scores.binary, run / "roc.png")
    return record.model_copy(
        update={
            "status": "finished",
            "finished": _now(),
            "scores": scores.scores,
            "intervals": scores.intervals,
            "metrics": scores.metrics,
            "baselines": scores.baselines,
            "ms_per_photo": scores.ms_per_photo,
        }
    )


def _hardware() -> str:
    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    names = [line.split(":", 1)[1].strip() for line in _cpu_lines() if line.startswith("model name")]
    name = names[0] if names else platform.processor() or platform.machine()
    return f"{name}, {counted(torch.get_num_threads(), 'thread')}"


def _cpu_lines() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
