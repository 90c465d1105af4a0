"""A shop's folder of drawn photos, run folders, and a network that sees red."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from packshot_tests.networks import write_red_network
from packshot_tests.photos import discs


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Twelve red discs on dim noise with their masks: two of them holdout, two validation, eight train."""
    return discs(tmp_path / "shop")


@pytest.fixture
def red_model(tmp_path: Path) -> Path:
    """An ONNX file with its card whose alpha is the clipped excess of red over green, computed at 96 x 96."""
    return write_red_network(tmp_path / "red.onnx")


@pytest.fixture
def run_folder(tmp_path: Path) -> Callable[..., Path]:
    """A function: a run folder below ``runs/`` whose run.json has the given values in place of the defaults."""

    def write(place: str, **changes: object) -> Path:
        folder = tmp_path / "runs" / place
        folder.mkdir(parents=True)
        document = {
            "name": folder.name,
            "task": "segmentation",
            "network": "unet",
            "started": "2026-11-20T10:00:00+00:00",
            "finished": "2026-11-20T11:00:00+00:00",
            "status": "finished",
            "epochs_done": 12,
            "parameters": 1_234_567,
            "data": {"sha256": "ab"},
            "headline": "iou",
            "scores": {"train": 0.97, "validation": 0.9, "holdout": 0.88},
            "intervals": {"holdout": [0.86, 0.9]},
            "ms_per_photo": 41.6,
            **changes,
        }
        (folder / "run.json").write_text(json.dumps(document))
        return folder

    return write
