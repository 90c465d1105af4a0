"""A stage whose results change must raise its revision, or finished photos would not be made again.

``stage_outputs.json`` holds, for each stage, its revision and what it made of drawn photos: a digest of every byte, and
a few rough numbers. On the machine that recorded it bytes must agree; elsewhere, where a processor may round otherwise,
the rough numbers must. After a change on purpose raise the revision in the stage and record anew:
``python tests/test_revisions.py``.
"""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import asdict, is_dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from packshot.pipeline import Pipeline
from packshot.settings import Settings

KEPT = Path(__file__).parent / "stage_outputs.json"
TOLERANCE = 0.02  # of the rough numbers, each about 0..1


def photos() -> list[bytes]:
    """A product on a soft background; another one on white, within a frame."""
    y, x = np.mgrid[:240, :200].astype(np.float32)
    made = []
    for number in range(2):
        rgb = (
            np.stack([170 + 60 * x / 200, 180 + 40 * y / 240, 200 + 0 * x], axis=2)
            if number == 0
            else np.full((240, 200, 3), 255.0)
        )
        product = ((x - 100) / 55) ** 2 + ((y - 125) / 70) ** 2 < 1
        rgb[product] = np.stack([90 + 40 * np.sin(y / 4), 40 + 0 * y, 60 + 30 * x / 200], axis=2)[product]
        if number == 1:
            rgb[:14], rgb[-14:], rgb[:, :14], rgb[:, -14:] = ((30, 90, 200),) * 4
        data = cv2.imencode(".png", rgb.clip(0, 255).astype(np.uint8)[..., ::-1])[1]
        made.append(data.tobytes())
    return made


def outputs() -> dict[str, dict[str, Any]]:
    """What each stage makes of the photos, and its revision."""
    pipeline = Pipeline(profile="amazon", settings=Settings(threads=1, _env_file=None))
    results = [pipeline.run(data, name="drawn").raise_for_status() for data in photos()]
    made = {
        "photo": [result.photo for result in results],
        "frame": [(result.frame, result.picture.rgb) for result in results],
        "cutout": [(result.mask, result.cutout.rgba) for result in results],
        "overlay": [result.overlays for result in results],
        "inspection": [result.findings for result in results],
        "description": [result.description for result in results],
        "composition": [result.packshot for result in results],
        "marketplace": [result.rules for result in results],
    }
    return {
        stage.name: {
            "revision": stage.revision,
            "digest": digest(made[stage.name]),
            "rough": [round(float(number), 4) for number in rough(made[stage.name])],
        }
        for stage in pipeline.stages
    }


def digest(value: Any) -> str:
    """Of every byte and number in a value."""
    found = hashlib.sha256()
    for part in parts(value):
        found.update(part.tobytes() if isinstance(part, np.ndarray) else repr(part).encode())
    return found.hexdigest()


def rough(value: Any) -> list[float]:
    """Means of pictures in 3 x 3 cells as fractions; other numbers that are fractions as they are."""
    found: list[float] = []
    for part in parts(value):
        if isinstance(part, np.ndarray) and part.ndim >= 2 and min(part.shape[:2]) >= 3:
            grey = part.astype(np.float32) / (255 if part.dtype == np.uint8 else 1)
            cells = cv2.resize(grey if grey.ndim == 2 else grey.mean(axis=2), (3, 3), interpolation=cv2.INTER_AREA)
            found += cells.ravel().tolist()
        elif isinstance(part, float) and 0 <= part <= 1:
            found.append(part)
    return found


def parts(value: Any) -> list[Any]:
    """A value's arrays, numbers and texts in a fixed order; a network's name and hash left out."""
    if is_dataclass(value) and not isinstance(value, type):
        value = {name: getattr(value, name) for name in asdict(value) if name not in {"model", "sha256"}}
    if isinstance(value, dict):
        return [part for key in sorted(value, key=str) for part in parts(value[key])]
    if isinstance(value, list | tuple):
        return [part for each in value for part in parts(each)]
    return [value.item() if isinstance(value, np.generic) else value]


def environment() -> dict[str, str]:
    """What bytes depend on beside the code."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").is_file() else []
    said = {line.partition(":")[0].strip(): line.partition(":")[2].strip() for line in lines}
    # A provider may call different processors by one name; what they can do tells them apart.
    can = hashlib.sha256(said.get("flags", "").encode()).hexdigest()[:16]
    libraries = ("numpy", "onnxruntime", "opencv-python-headless", "pillow")
    return {
        "cpu": said.get("model name", platform.processor()),
        "instructions": can,
        **{name: version(name) for name in libraries},
    }


def record() -> None:
    """Keep what the stages make now."""
    KEPT.write_text(json.dumps({"environment": environment(), "stages": outputs()}, indent=1) + "\n")


@pytest.fixture(scope="module")
def now() -> dict[str, dict[str, Any]]:
    return outputs()


STAGES = json.loads(KEPT.read_text())["stages"] if KEPT.exists() else {}


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_that_gives_other_results_has_another_revision(stage: str, now: dict[str, dict[str, Any]]) -> None:
    kept, found = STAGES[stage], now[stage]
    assert found["revision"] == kept["revision"], "the revision was raised: python tests/test_revisions.py"
    same_machine = json.loads(KEPT.read_text())["environment"] == environment()
    hint = f"results of {stage} changed: raise its revision, then python tests/test_revisions.py"
    assert len(found["rough"]) == len(kept["rough"]), hint
    assert found["rough"] == pytest.approx(kept["rough"], abs=TOLERANCE), hint
    if same_machine:
        assert found["digest"] == kept["digest"], hint


def test_every_stage_is_kept(now: dict[str, dict[str, Any]]) -> None:
    assert list(STAGES) == list(now)


def test_a_revision_is_part_of_the_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    def fingerprint() -> str:
        return Pipeline(settings=Settings(threads=1)).fingerprint

    pipeline, before = Pipeline(settings=Settings(threads=1)), fingerprint()
    assert before == fingerprint(), "the same for the same"
    for stage in pipeline.stages:
        with monkeypatch.context() as patch:
            patch.setattr(type(stage), "revision", stage.revision + 1)
            assert fingerprint() != before, stage.name


#: Settings that say where or how quickly something is calculated, and not what.
WITHOUT_EFFECT = {
    "memory_megabytes",
    "provider",
    "threads",
    "model_store",
    "model_mirror",
    "allow_non_commercial",
    "data_copies",
}
CHANGED = {
    "model": "grabcut",
    "frame_model": "classical",
    "overlay_model": "none",
    "describe_model": "none",
    "precision": 0.9,
    "scene": True,
    "plain_ground": False,
    "matte": "closed-form",
    "subject": "product",
    "several": "largest",
    "review_category": True,
    "review_above": 0.5,
    "limits": {"max_megapixels": 3},
}


def test_every_setting_is_part_of_the_fingerprint_or_has_no_effect(tmp_path: Path) -> None:
    """A setting that is forgotten in its stage would replay results made without it."""
    tree, table = tmp_path / "shop.tree", tmp_path / "mapping.csv"
    tree.write_text("Shoes\n")
    table.write_text("category,node\nShoes,Shoes\n")
    changed = {name: {name: value} for name, value in CHANGED.items()}
    changed |= {"taxonomy": {"taxonomy": tree}, "mapping": {"taxonomy": tree, "mapping": table}}
    assert set(changed) | WITHOUT_EFFECT == set(Settings.model_fields), "sort the new setting in here"
    seen = {Pipeline(settings=Settings(threads=1)).fingerprint}
    for name, values in changed.items():
        fingerprint = Pipeline(settings=Settings(threads=1, **values)).fingerprint
        assert fingerprint not in seen, name
        seen.add(fingerprint)


if __name__ == "__main__":
    record()
