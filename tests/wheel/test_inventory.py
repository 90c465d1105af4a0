"""NOTICE and the bill of materials: current, valid, and honest about what ships."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SBOM = json.loads((ROOT / "licences" / "sbom.cdx.json").read_text())


def components(kind: str) -> list[dict[str, Any]]:
    return [each for each in SBOM["components"] if each["type"] == kind]


@pytest.mark.train
def test_both_files_are_current() -> None:
    pytest.importorskip("cyclonedx", reason="the inventory is made where the extra `check` is installed")
    script = str(ROOT / "licences" / "inventory.py")
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"run `make inventory`\n{done.stdout}{done.stderr}"


@pytest.mark.skipif(importlib.util.find_spec("cyclonedx") is None, reason="the validator comes with the extra `check`")
def test_the_bill_is_valid_cyclonedx() -> None:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(SBOM)) is None


def test_every_network_is_listed_with_its_hash() -> None:
    shipped = {path.name: path for path in (ROOT / "src/packshot/models").glob("*.onnx")}
    listed = {each["name"]: each["hashes"][0]["content"] for each in components("machine-learning-model")}
    assert listed == {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in shipped.items()}


def test_the_core_and_only_the_core_is_required() -> None:
    required = {each["name"] for each in components("library") if each["scope"] == "required"}
    assert {"numpy", "onnxruntime", "pillow", "click"} <= required
    assert not required & {"torch", "lancedb", "scrapy", "pymatting"}


def test_a_minified_script_of_others_is_in_the_notice() -> None:
    notice = (ROOT / "NOTICE").read_text()
    assert all(path.name in notice for path in (ROOT / "src").rglob("*.min.*"))
