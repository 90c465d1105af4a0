"""What the fuzzer found stays mended; every seed keeps every promise; and each target is fuzzed for a moment."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

FUZZ = Path(__file__).parents[2] / "fuzz"


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"fuzz_{name}", FUZZ / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


TARGETS = _load("targets").TARGETS
SEEDS = _load("seeds").seeds()
_OLD = {"source": "a.jpg", "sha256": "0", "status": "ok"}
FOUND = [
    # 2026-11-28: a list of rules that is none, or holds something else, was an error of Python's.
    ("manifest", json.dumps(_OLD | {"rules": 1}).encode() + b"\n"),
    ("manifest", json.dumps(_OLD | {"rules": [3]}).encode() + b"\n"),
    ("manifest", json.dumps(_OLD | {"rules": [{"id": "fill"}]}).encode() + b"\n"),
    # Python reads NaN, and no record with it could be written again.
    ("manifest", b'{"schema_version": 2, "source": "a.jpg", "sha256": "0", "status": "ok", "own": NaN}\n'),
    ("manifest", b"[" * 100_000 + b"\n"),
]


def test_there_are_seeds_for_every_target() -> None:
    assert SEEDS.keys() == TARGETS.keys()
    assert all(SEEDS.values())


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_seeds_keep_the_promises(target: str) -> None:
    for data in SEEDS[target].values():
        TARGETS[target](data)


@pytest.mark.parametrize(("target", "data"), FOUND)
def test_what_was_found_stays_mended(target: str, data: bytes) -> None:
    TARGETS[target](data)


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris has no wheel for this system")
def test_a_moment_of_fuzzing_finds_nothing(tmp_path: Path) -> None:
    """A fixed seed of chance and a second for each of six targets; `make fuzz` goes on for longer."""
    command = [sys.executable, str(FUZZ / "run.py"), "all", "--seconds", "1", "--seed", "1", "--folder", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    assert done.stderr.count("Done ") == len(TARGETS)
