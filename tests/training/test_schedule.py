"""How the learning rate goes over a run."""

from __future__ import annotations

import pytest
import torch

from packshot.training.schedule import constant_then_decay

pytestmark = pytest.mark.train


def test_the_rate_rises_stays_and_falls_to_nothing() -> None:
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=2.0)
    schedule = constant_then_decay(optimizer, total=10, warmup=2, decay=4)
    rates = []
    for _ in range(11):
        rates.append(schedule.get_last_lr()[0])
        optimizer.step()
        schedule.step()
    assert rates == [1.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 1.5, 1.0, 0.5, 0.0]
