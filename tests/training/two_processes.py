"""A training by two processes, started as a script: what each of them saw and ended with, one JSON file a process.

python two_processes.py DATA RUN
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import lightning
import torch

from packshot.training.loop import train
from packshot.training.recipe_files import parse_recipe


def digest(tensor: torch.Tensor) -> str:
    return hashlib.sha256(tensor.detach().cpu().contiguous().numpy().tobytes()).hexdigest()


class Told(lightning.Callback):
    """Writes down the samples of each step, and the weights at the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.steps: list[list[str]] = []

    def on_train_batch_start(self, trainer: lightning.Trainer, module: Any, batch: Any, number: int) -> None:
        self.steps.append([digest(sample) for sample in batch[0]])

    def on_train_end(self, trainer: lightning.Trainer, module: Any) -> None:
        row = {
            "processes": trainer.world_size,
            "backend": torch.distributed.get_backend(),
            "steps": self.steps,
            "weights": {name: digest(weight) for name, weight in module.state_dict().items()},
        }
        (self.folder / f"process-{trainer.global_rank}.json").write_text(json.dumps(row))


def main() -> None:
    data, run = Path(sys.argv[1]), Path(sys.argv[2])
    made = lightning.Trainer.__init__

    def watched(self: lightning.Trainer, *args: Any, **options: Any) -> None:
        made(self, *args, **options)
        self.callbacks.append(Told(data.parent))

    lightning.Trainer.__init__ = watched
    values = {"task": "segmentation", "network": "unet", "width": 4, "size": 32, "batch": 2, "epochs": 1, "workers": 0}
    values |= {"name": "tiny", "learning_rate": 0.01, "dropout": 0.2}
    train(parse_recipe({**values, "samples_per_epoch": 8}, name="tiny"), data=data, run=run, devices=2, threads=1)


if __name__ == "__main__":
    main()
