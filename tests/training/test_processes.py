"""What the processes of a training tell each other."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from packshot.training.processes import of_all_processes

pytestmark = pytest.mark.train


def _one_of_two(rank: int, folder: str) -> None:
    torch.distributed.init_process_group("gloo", init_method=f"file://{folder}/meet", rank=rank, world_size=2)
    mine = ({"streets": [0.5, 0.25], "rooms": [1.0]}, {"streets": [0.75]})[rank]
    (Path(folder) / str(rank)).write_text(repr(of_all_processes(mine)))
    torch.distributed.destroy_process_group()


def test_each_process_knows_the_values_of_all(tmp_path: Path) -> None:
    torch.multiprocessing.spawn(_one_of_two, args=(str(tmp_path),), nprocs=2)
    expected = repr({"streets": [0.5, 0.25, 0.75], "rooms": [1.0]})
    assert [(tmp_path / rank).read_text() for rank in "01"] == [expected, expected]


def test_alone_there_are_only_its_own() -> None:
    assert of_all_processes({"rooms": [1.0]}) == {"rooms": [1.0]}
