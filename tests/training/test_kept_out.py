"""Products kept out of training, to measure an embedding on what it has never seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from packshot.datasets import Described
from packshot.errors import UsageError
from packshot.training.recipe import Recipe
from packshot.training.recipe_files import parse_recipe
from packshot.training.registry import items_for


def kept_out(part: str) -> Recipe:
    return parse_recipe({"name": "embed", "task": "describe", "keep_out": part}, name="test")


def test_kept_out_products_are_nowhere(tmp_path: Path) -> None:
    lines = ["path,label,product"]
    for number in range(10):
        for index in range(4):
            path = tmp_path / f"{number}-{index}.png"
            Image.new("RGB", (8, 8)).save(path)
            lines.append(f"{path.name},thing,{number}")
    (tmp_path / "table.csv").write_text("\n".join(lines))
    for part, there in (("1/2", "13579"), ("2/2", "02468"), ("3/5", "01345689")):
        items = items_for(kept_out(part), tmp_path / "table.csv")
        assert {each.product for each in items if isinstance(each, Described)} == set(there)


@pytest.mark.parametrize("part", ["3/2", "0/5", "20", "1/0", "half"])
def test_what_is_kept_out_is_a_part_of_all(part: str) -> None:
    with pytest.raises(UsageError, match="keep_out"):
        kept_out(part)
