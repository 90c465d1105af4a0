"""Losses compute where their logits lie. The device ``meta`` refuses what lies elsewhere, as a GPU does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from packshot.training.describe.losses import supervised_contrastive_loss
from packshot.training.describe.module import family_loss, tag_loss
from packshot.training.frame.module import side_targets
from packshot.training.losses import segmentation_loss, weighted_mask_loss
from packshot.training.overlay.module import cell_loss

AWAY = torch.device("meta")


def of(*shape: int) -> Tensor:
    return torch.zeros(*shape, device=AWAY)


LOSSES: dict[str, Callable[[], Tensor]] = {
    # Places of labels are no part of the network: they come from the processor.
    "families": lambda: family_loss(of(2, 4), of(2, 4), torch.tensor([[0, 1], [2, 3]]), smoothing=0.1),
    "tags": lambda: tag_loss(of(2, 4), of(2, 4)),
    "contrast": lambda: supervised_contrastive_loss(of(4, 8), of(4).long(), temperature=0.1),
    "sides": lambda: side_targets(of(2, 4)),
    "cells": lambda: cell_loss(of(2, 8, 8), of(2, 8, 8)),
    "masks": lambda: segmentation_loss(of(2, 1, 8, 8), [of(2, 1, 4, 4)], of(2, 1, 8, 8)),
    "weighted masks": lambda: weighted_mask_loss(of(2, 1, 8, 8), of(2, 1, 8, 8), of(2, 1, 8, 8)),
}


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_stays_on_its_device(name: str) -> None:
    assert LOSSES[name]().device == AWAY
