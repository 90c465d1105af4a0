"""A quick, deterministic pipeline, importable by worker processes. File names tell it how to misbehave."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import numpy as np

from packshot.errors import DamagedPhoto, PackshotError
from packshot.photo import decode, encode
from packshot.result import Result, Status
from packshot.values import (
    Answer,
    Attribute,
    Box,
    Choice,
    Cutout,
    Description,
    Findings,
    Heatmap,
    Mask,
    Packshot,
    Product,
    RuleResult,
)


class StubPipeline:
    def __init__(self, fingerprint: str = "f1", sleep_s: float = 0.0, calls: str | None = None) -> None:
        self.fingerprint = fingerprint
        self._sleep_s = sleep_s
        self._calls = calls

    def run(self, source: Any, *, name: str | None = None) -> Result:
        path = Path(source)
        if self._calls is not None:
            with Path(self._calls).open("a") as file:
                file.write(f"{path.name}\n")
        time.sleep(self._sleep_s)
        stem = path.stem
        if "crash" in stem:
            os._exit(7)
        if "once" in stem and self._calls and Path(self._calls).read_text().split().count(path.name) == 1:
            os._exit(7)
        if "hang" in stem:
            time.sleep(600)
        if "defect" in stem:
            raise ZeroDivisionError("nobody foresaw this")
        shown = name or str(source)
        try:
            photo = decode(source, name=name)
            if "damaged" in stem:
                raise DamagedPhoto(f"{shown} is damaged", remedy="upload it again")
        except PackshotError as error:
            return Result(source=shown, status=Status.FAILED, error=error, timings_ms={"photo": 1.0})
        alpha = np.zeros(photo.rgb.shape[:2], np.float32)
        alpha[2:-2, 2:-2] = 1.0
        uncertainty = 0.4 if "unsure" in stem else 0.05
        mask = Mask(alpha, uncertainty, "stub@0")
        rgba = np.dstack([photo.rgb, (alpha * 255).astype(np.uint8)])
        pixels = np.where(alpha[..., None] > 0, photo.rgb, 255).astype(np.uint8)
        data = encode(pixels, format="JPEG").data
        broken = "broken" in stem
        return Result(
            source=shown,
            sha256=photo.sha256,
            picture=photo,
            description=_described(photo.rgb) if "seen" in stem else None,
            status=Status.REVIEW if "unsure" in stem or broken else Status.OK,
            photo=photo,
            mask=mask,
            cutout=Cutout(rgba, mask),
            packshot=Packshot(
                pixels,
                Box(2, 2, photo.width - 2, photo.height - 2),
                data,
                "JPEG",
                92,
                advice=("there is no shadow to keep",) if "shadow" in stem else (),
            ),
            findings=Findings(
                photo.width,
                photo.height,
                0.5,
                0.5,
                0.0,
                0.0,
                0.0,
                0.5,
                0.9,
                0.8,
                0.7,
                0.0,
                advice=("the product is dark: use more light",) if "dark" in stem else (),
            ),
            rules=(
                RuleResult("background-white", not broken, 0.31 if broken else 1.0, ">= 0.99 white"),
                RuleResult("zoom", False, 64, ">= 1000 pixels", "should"),
            ),
            timings_ms={"photo": 1.0, "mask": 20.0 + photo.width, "composition": 5.0},
        )


def _described(rgb: np.ndarray) -> Description:
    """Two labels, which depend on the pixels."""
    labels = f"light{rgb.mean():.0f}", f"red{rgb[..., 0].mean():.0f}"
    heat = np.ascontiguousarray(rgb[..., 0], np.float32) / np.float32(255)
    path = (Choice(labels[0], labels[0].title(), 0.9),)
    return Description(
        answers=(Answer(head="category", path=path, top=path, precision=0.9, sure=True, uncertainty=0.1),),
        attributes=(Attribute("tags", labels[1], 0.8, tag=True),),
        products=tuple(Product(label, label, 0.8, Box(4, 4, 40, 40)) for label in labels),
        heatmaps=tuple(
            Heatmap(head, label, label, 0.8, heat) for head, label in zip(("category", "tags"), labels, strict=True)
        ),
        embedding=np.array([0.6, 0.8], np.float32),
        model="stub@0",
    )
