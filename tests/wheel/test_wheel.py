"""What a stranger installs: the wheel, alone, in an empty environment, far from the sources."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LARGEST_BYTES = 40_000_000
PHOTO = ROOT / "src" / "packshot" / "demo" / "photos" / "sneakers.jpg"

pytestmark = [pytest.mark.wheel, pytest.mark.timeout(600)]


def run(*command: str | Path, cwd: Path) -> str:
    """Run a program that must succeed, far from this environment's Python; give its stdout."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL", "PACKSHOT"))
    }
    words = [str(part) for part in command]
    done = subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def uv() -> Path:
    found = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if found is None:
        pytest.skip("uv is not installed here; `make test` installs it")
    return Path(found)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(uv(), "build", "--wheel", "--quiet", "--out-dir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("packshot-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of an environment that holds the wheel and what it asks for, nothing else."""
    home = tmp_path_factory.mktemp("empty")
    run(uv(), "venv", "--quiet", "--python", sys.executable, home / "venv", cwd=home)
    python = home / "venv" / "bin" / "python"
    run(
        uv(), "pip", "install", "--quiet", "--python", python, "--constraint", ROOT / "constraints.txt", wheel, cwd=home
    )
    return home / "venv" / "bin" / "packshot"


def test_it_is_light_and_carries_what_it_must(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert wheel.stat().st_size <= LARGEST_BYTES
    assert {f"packshot/models/{name}.onnx" for name in ("cutout", "describe", "frame")} <= set(names)
    assert any(name.endswith("licenses/NOTICE") for name in names)
    assert any(name.endswith("sboms/sbom.cdx.json") for name in names)
    assert not any(name.startswith(("tests/", "docs/", "benchmarks/")) for name in names)


def test_it_does_the_main_job_without_the_sources(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    shutil.copy(PHOTO, tmp_path / "photos")
    run(installed, "run", "photos", "-o", "out", "--profile", "amazon", cwd=tmp_path)
    (line,) = (tmp_path / "out" / "manifest.jsonl").read_text().splitlines()
    record = json.loads(line)
    assert record["error"] is None
    assert (tmp_path / "out" / record["packshot"]).stat().st_size > 10_000
    assert "sneakers" in (tmp_path / "out" / "report.html").read_text()
    rules = run(installed, "check", "out/packshots", "--profile", "amazon", "--json", cwd=tmp_path)
    assert json.loads(rules)["ok"]


def test_what_is_installed_is_the_wheel(installed: Path, tmp_path: Path) -> None:
    where = run(installed.parent / "python", "-c", "import packshot; print(packshot.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(installed.parents[1])
    run(installed, "doctor", cwd=tmp_path)
