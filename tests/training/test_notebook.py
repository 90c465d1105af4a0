"""The notebook runs from its first cell to its last, and shows what its words promise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

nbclient = pytest.importorskip("nbclient", reason="the extra `docs` is not installed")
nbformat = pytest.importorskip("nbformat", reason="the extra `docs` is not installed")


NOTEBOOK = Path(__file__).parents[2] / "docs" / "tutorial" / "own-recipe.ipynb"
pytestmark = [pytest.mark.train, pytest.mark.filterwarnings("default")]


def test_it_goes_from_photos_to_a_trained_recipe_and_its_figures(tmp_path: Path) -> None:
    notebook = nbformat.read(NOTEBOOK, 4)
    folder = {"metadata": {"path": str(tmp_path)}}
    done = nbclient.NotebookClient(notebook, timeout=240, kernel_name="python3", resources=folder).execute()
    said = "".join(output.get("text", "") for cell in done.cells if cell.cell_type == "code" for output in cell.outputs)
    assert "exit code" not in said
    assert "parity" in said
    assert {path.name for path in (tmp_path / "out" / "packshots").iterdir()} == {"dress.jpg", "jacket.jpg"}
    scores = json.loads((tmp_path / "runs" / "mugs" / "run.json").read_text())["scores"]
    assert scores["validation"] > 0.5, "it went on from a network that can"
    assert (tmp_path / "quality" / "report.html").is_file()


def test_its_links_lead_somewhere() -> None:
    text = "".join(cell.source for cell in nbformat.read(NOTEBOOK, 4).cells if cell.cell_type == "markdown")
    targets = [part.split(")")[0] for part in text.split("](")[1:]]
    assert targets
    assert [target for target in targets if not (NOTEBOOK.parent / target).exists()] == []
