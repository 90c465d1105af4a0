"""A quick, deterministic pipeline, importable by worker processes. File names tell it how to misbehave."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from packshot.errors import ByteLimitUnreachable, DamagedPhoto, PackshotError
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
    ProfileResult,
    RuleResult,
)


class StubPipeline:
    def __init__(
        self,
        fingerprint: str = "f1",
        sleep_s: float = 0.0,
        calls: str | None = None,
        profiles: tuple[str, ...] = ("plain",),
    ) -> None:
        self.cutout_fingerprint = fingerprint
        self.fingerprint = f"{fingerprint} {sorted(profiles)}"
        self.profiles = profiles
        self._sleep_s = sleep_s
        self._calls = calls

    def run(self, source: Any, *, name: str | None = None, **_: Any) -> Result:
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
        cutout = Cutout(rgba, mask)
        packshots = self.compose(cutout, named=stem)
        broken = "broken" in stem
        missing = [each.error for each in packshots.values() if each.error is not None]
        if len(missing) == len(packshots):
            return Result(
                source=shown, sha256=photo.sha256, status=Status.FAILED, error=missing[0], photo=photo, cutout=cutout
            )
        return Result(
            source=shown,
            sha256=photo.sha256,
            picture=photo,
            description=_described(photo.rgb) if "seen" in stem else None,
            status=Status.REVIEW if "unsure" in stem or broken or missing else Status.OK,
            review=tuple(
                reason
                for reason, holds in (("mask", "unsure" in stem), ("rules", broken), ("picture", missing))
                if holds
            ),
            photo=photo,
            mask=mask,
            cutout=cutout,
            packshots=packshots,
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
            timings_ms={"photo": 1.0, "mask": 20.0 + photo.width, "composition": 5.0},
        )

    def fingerprint_of(self, profile: str) -> str:
        return f"as {profile}"

    def compose(
        self, cutout: Cutout, profiles: Iterable[str] | None = None, *, named: str = ""
    ) -> dict[str, ProfileResult]:
        """The product on a background whose shade is the length of the profile's name; none for ``never``."""
        made = {}
        for name in profiles or self.profiles:
            if self._calls is not None and not named:
                with Path(self._calls).open("a") as file:
                    file.write(f"composed-{name}\n")
            if name == "never":
                made[name] = ProfileResult(error=ByteLimitUnreachable("never fits", remedy="raise the limit"))
                continue
            rgba = cutout.rgba
            background = 240 + len(name)
            pixels = np.where(rgba[..., 3:] > 0, rgba[..., :3], background).astype(np.uint8)
            box = Box(2, 2, rgba.shape[1] - 2, rgba.shape[0] - 2)
            advice = ("there is no shadow to keep",) if "shadow" in named else ()
            broken = "broken" in named
            rules = (
                RuleResult("background-white", not broken, 0.31 if broken else 1.0, ">= 0.99 white"),
                RuleResult("zoom", False, 64, ">= 1000 pixels", "should"),
            )
            data = encode(pixels, format="JPEG").data
            made[name] = ProfileResult(Packshot(pixels, box, data, "JPEG", 92, advice=advice), rules)
        return made


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
