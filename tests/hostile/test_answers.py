"""Every file whose right answer is known comes out right, or is refused or told rightly."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from packshot.errors import PhotoError
from packshot.photo import decode


def _answers() -> list:
    spec = importlib.util.spec_from_file_location("hostile_answers", Path(__file__).with_name("answers.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return list(module.answers())


@pytest.mark.parametrize("answer", _answers(), ids=lambda one: f"{one.kind}: {one.name}")
def test_the_answer_is_right(answer) -> None:
    try:
        photo = decode(answer.data, name=answer.name)
    except PhotoError:
        assert answer.rgb is None
        return
    if answer.rgb is None:
        assert photo.damage is not None
        return
    assert photo.rgb.shape == answer.rgb.shape
    assert np.abs(photo.rgb.astype(float) - answer.rgb).mean() <= answer.tolerance
    assert photo.damage is None
