"""Drawn photos, and a detector whose answer is known: it reads the score from the photo's first pixel."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from packshot.batch.sources import find_sources
from packshot.decisions.log import DecisionLog
from packshot.limits import Limits
from packshot.review.labelling import Proposal, Skipped
from packshot.review.labelling.proposal_cache import ProposalCache
from packshot.review.labelling.proposals import propose
from packshot.review.labelling.session import Session
from packshot.values import Box, Frame, Rgb

#: Name and score of the four photos; by uncertainty: c, b, d, a.
SCORES = {"a.png": 0.0, "b.png": 0.6, "c.png": 0.5, "d.png": 0.8}


def detect(rgb: Rgb) -> Frame:
    score = round(float(rgb[0, 0, 0]) / 200, 3)
    height, width = rgb.shape[:2]
    box = Box(4, 3, width - 4, height - 3) if score >= 0.5 else Box(0, 0, width, height)
    return Frame(score >= 0.5, score, box)


def draw(path: Path, score: float, *, size: tuple[int, int] = (60, 40)) -> Path:
    """A photo of (width, height) that `detect` gives that score."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.full((size[1], size[0], 3), 90, np.uint8)
    pixels[0, 0] = round(200 * score)
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture(autouse=True)
def _no_power_cuts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for the disk is tested where it matters."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    for name, score in SCORES.items():
        draw(tmp_path / "shop" / "photos" / name, score)
    return tmp_path / "shop" / "photos"


@pytest.fixture
def table(photos: Path) -> Path:
    return photos.parent / "labels.csv"


Proposed = tuple[list[Proposal], list[Skipped]]


def proposed(cache: ProposalCache, sources: Sequence[Path], table: Path, **options: Any) -> Proposed:
    given: dict[str, Any] = {
        "cache": cache,
        "folder": table.resolve().parent,
        "detect": detect,
        "model": "pixel 1",
        "limits": Limits(),
        "stop": lambda: False,
        "progress": lambda: None,
    }
    return propose(find_sources(sources), **given | options)


@pytest.fixture
def sitting(photos: Path, table: Path) -> Any:
    """Opens a session on the photos as the command does, as often as it is called; closes what is open before."""
    opened: list[ProposalCache] = []

    def open_(*sources: Path, **options: Any) -> Session:
        for cache in opened:
            cache.__exit__(None, None, None)
        opened.append(ProposalCache(table.with_name("labels.csv.proposals")))
        proposals, skipped = proposed(opened[-1], sources or [photos], table)
        log = DecisionLog(table.with_name("labels.csv.journal"))
        given = {"log": log, "by": "anna", "proposals": proposals, "skipped": skipped, "limits": Limits()}
        return Session(table, **given | options)

    yield open_
    for cache in opened:
        cache.__exit__(None, None, None)


Sitting = Callable[..., Session]
