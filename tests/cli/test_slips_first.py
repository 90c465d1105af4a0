"""A slip in a recipe, in ``--set`` or in a run's name is told before torch is loaded and pictures are looked at."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

# One process for all: typed one after the other, and torch must not be there at the end of any.
TYPING = """
import contextlib, io, json, sys
from packshot.cli.main import main
for typed in json.load(sys.stdin):
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.suppress(SystemExit):
        main(typed.split())
    print(json.dumps([typed, said.getvalue(), sorted({"torch", "lightning", "timm"} & set(sys.modules))]))
"""

TYPED = {
    "train no-such --data no/data -o out": "no recipe there",
    "train unet --data no/data -o out --set size=big": "size: ",
    "train unet --data no/data -o out --set sise=32": "known keys: ",
    "train unet --data no/data -o out --set size": "expected KEY=VALUE",
    "train mine --data no/data -o out": "mine/recipe.toml: learning_rate: ",
    "train unet --data no/data -o out --grid grid.toml": "epochs: ",
    "train unet --data no/data -o out --fractions some": "expected numbers",
    "train unet --data no/data -o out --seeds x": "expected a number from 1 up",
    "train unet --data no/data -o out --folds 3 --seeds 2": "cannot be had with",
    "train unet --data no/data -o out --devices none": "expected a number from 1 up, or auto",
    "train unet --data no/data -o out": "no/data",
    "export no/run -o mine.onnx --data no/data": "no readable recipe.json",
    "export begun -o mine.onnx --data no/data": "begun/recipe.json: batch: ",
    "export begun -o mine.pt --data no/data": "expected a name ending in .onnx",
}


def test_a_slip_is_told_without_torch(tmp_path: Path) -> None:
    for name in ("mine", "begun"):
        (tmp_path / name).mkdir()
    (tmp_path / "mine" / "recipe.toml").write_text('name = "mine"\ntask = "segmentation"\nlearning_rate = -1\n')
    (tmp_path / "grid.toml").write_text("[long]\nepochs = 9\n[wrong]\nepochs = -9\n")
    (tmp_path / "begun" / "recipe.json").write_text(json.dumps({"name": "mine", "task": "segmentation", "batch": 0}))
    words, typed_in = [sys.executable, "-c", TYPING], json.dumps(list(TYPED))
    done = subprocess.run(words, cwd=tmp_path, input=typed_in, capture_output=True, text=True, check=True)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [typed for typed, _, _ in told] == list(TYPED)
    for typed, said, loaded in told:
        assert TYPED[typed] in said, typed
        assert loaded == [], typed
    assert not (tmp_path / "out").exists()
