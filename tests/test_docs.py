"""What the documents say is true: examples run, commands work, links lead somewhere."""

from __future__ import annotations

import doctest
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from skimage import data

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "recipes").rglob("*.md")])


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "docs/how-to/catalogue.md",
        "docs/reference/conventions.md",
        "docs/how-to/describing.md",
        "docs/how-to/duplicates.md",
        "docs/how-to/evaluation.md",
        "docs/how-to/python.md",
        "docs/how-to/taxonomy.md",
    ],
)
def test_python_examples_run(name: str) -> None:
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL
    found = doctest.testfile(str(ROOT / name), module_relative=False, optionflags=flags)
    assert found.attempted > 0
    assert found.failed == 0


def test_the_readmes_commands_work(tmp_path: Path) -> None:
    blocks = re.findall(r"```bash\n(.*?)```", (ROOT / "README.md").read_text(), flags=re.DOTALL)
    commands = [line for block in blocks for line in block.splitlines() if line.strip()]
    assert len(commands) >= 8
    (tmp_path / "photos").mkdir()
    Image.fromarray(data.astronaut()).save(tmp_path / "photos" / "suit.jpg")
    home = Path(sys.executable).parent
    for command in commands:
        name, *args = shlex.split(command)
        assert name == "packshot"
        program = shutil.which("packshot", path=str(home)) or "packshot"
        done = subprocess.run([program, *args], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if not target.startswith("http"):
            assert (path.parent / target).exists(), target


def test_no_document_is_left_with_a_gap() -> None:
    for path in DOCUMENTS:
        assert "@@" not in path.read_text(), path
