"""Every file whose right answer is known comes out right, or is refused or told rightly."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from packshot.errors import PhotoError
from packshot.photo import decode


def _drawn() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hostile_answers", Path(__file__).with_name("answers.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


KINDS = _drawn().kinds()


def _wrong(answer) -> str | None:
    try:
        photo = decode(answer.data, name=answer.name)
    except PhotoError as error:
        return None if answer.rgb is None else f"refused: {error}"
    if answer.rgb is None:
        return None if photo.damage is not None else "passed as whole"
    if photo.rgb.shape != answer.rgb.shape:
        return f"{photo.rgb.shape}, expected {answer.rgb.shape}"
    difference = np.abs(photo.rgb.astype(float) - answer.rgb).mean()
    if difference > answer.tolerance:
        return f"differs by {difference:.1f} of 255, expected at most {answer.tolerance}"
    return None if photo.damage is None else f"called damaged: {photo.damage}"


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_answers_are_right(kind: str) -> None:
    files = list(KINDS[kind]())
    assert len(files) >= 5
    assert {answer.name: wrong for answer in files if (wrong := _wrong(answer)) is not None} == {}
