"""Runs docs/tutorial/own-recipe.ipynb in an empty folder and keeps what it shows.

python docs/notebook.py
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parent / "tutorial" / "own-recipe.ipynb"


def executed(folder: Path) -> nbformat.NotebookNode:
    """The notebook, run from its first cell to its last.

    Args:
        folder: where it runs, and leaves its files.

    Raises:
        nbclient.exceptions.CellExecutionError: a cell ended with an error.
    """
    notebook = nbformat.read(NOTEBOOK, 4)
    place = {"metadata": {"path": str(folder)}}
    done: nbformat.NotebookNode = NotebookClient(
        notebook, timeout=600, kernel_name="python3", resources=place
    ).execute()
    return done


def lean(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Without the times of its cells, with one form of each picture, and its text joined."""
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        joined: list[nbformat.NotebookNode] = []
        for output in cell.get("outputs", []):
            if "image/jpeg" in output.get("data", {}):
                output.data.pop("image/png", None)
            if joined and output.output_type == "stream" == joined[-1].output_type and output.name == joined[-1].name:
                joined[-1].text += output.text
            else:
                joined.append(output)
        if "outputs" in cell:
            cell.outputs = joined
    return notebook


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        nbformat.write(lean(executed(Path(folder))), NOTEBOOK)
