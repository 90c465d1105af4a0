"""Cards: what is accepted, and what is refused by the field's name."""

import json

import pytest
from pydantic import ValidationError

from packshot.errors import ModelMismatch
from packshot.runtime import KNOWN_EXPORTS, FrameRule, InputSpec, ModelCard, read_card

MINIMAL = {
    "name": "a",
    "task": "segmentation",
    "input": {"size": [320, 240]},
    "licence": "MIT",
    "commercial_use": True,
}


def test_a_card_survives_its_file(tmp_path):
    card = ModelCard.model_validate(
        {
            **MINIMAL,
            "sha256": "0" * 64,
            "metrics": {"iou": 0.9},
            "provenance": [{"name": "d", "licence": "CC0-1.0"}],
        }
    )
    (tmp_path / "a.json").write_text(card.to_json())
    assert read_card(tmp_path / "a.json") == card


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"input": {"size": [320]}}, "input.size"),
        ({"input": {"size": [0, 240]}}, "8..8192"),
        ({"input": {"size": [320, 240], "std": [0, 1, 1]}}, "above 0"),
        ({"input": {"size": [320, 240], "channels": "cmyk"}}, "input.channels"),
        ({"output": {"activation": "relu"}}, "output.activation"),
        ({"sha256": "abc"}, "sha256"),
        ({"licence": "CC-BY-NC-4.0"}, "commercial_use"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_field_is_named(tmp_path, change, named):
    path = tmp_path / "a.json"
    path.write_text(json.dumps({**MINIMAL, **change}))
    with pytest.raises(ModelMismatch, match=named):
        read_card(path)


def test_a_file_that_is_no_json_is_refused(tmp_path):
    (tmp_path / "a.json").write_bytes(b"\xff\x00")
    with pytest.raises(ModelMismatch, match="not a valid model card"):
        read_card(tmp_path / "a.json")
    with pytest.raises(ModelMismatch, match="cannot be read"):
        read_card(tmp_path / "none.json")


def test_cards_are_frozen():
    card = ModelCard.model_validate(MINIMAL)
    with pytest.raises(ValidationError):
        card.name = "b"


def test_the_known_exports_are_filed_under_their_own_names():
    assert all(name == card.name for name, card in KNOWN_EXPORTS.items())
    # IS-Net's own Inference.py: normalize(image, [0.5, 0.5, 0.5], [1.0, 1.0, 1.0]) at 1024 px.
    assert KNOWN_EXPORTS["isnet-general-use"].input.mean == (0.5, 0.5, 0.5)
    assert KNOWN_EXPORTS["isnet-general-use"].input.size == (1024, 1024)
    assert not KNOWN_EXPORTS["bria-rmbg"].commercial_use


def test_what_photos_of_their_own_size_need_stands_in_no_other_card() -> None:
    """An older packshot refuses a field that it does not know, and a changed card makes a run begin anew."""
    fixed = InputSpec(size=(64, 64))
    free = InputSpec(size=(64, 64), longest=64)
    assert "longest" not in fixed.model_dump_json()
    assert InputSpec.model_validate_json(fixed.model_dump_json()) == fixed
    assert InputSpec.model_validate_json(free.model_dump_json()) == free
    assert (fixed.size_for((30, 100, 3)), free.size_for((30, 100, 3))) == ((64, 64), (64, 19))


def test_a_rule_for_frames_stands_on_no_other_card(tmp_path) -> None:
    """As above: cards without it read as they did."""
    rule = FrameRule(score=0.5, bands=1, evenness=4, bias=-3, photos=10)
    plain = ModelCard.model_validate(MINIMAL)
    ruled = plain.model_copy(update={"frame": rule})
    assert "frame" not in json.loads(plain.to_json())
    for name, card in (("plain", plain), ("ruled", ruled)):
        (tmp_path / f"{name}.json").write_text(card.to_json())
        assert read_card(tmp_path / f"{name}.json") == card


@pytest.mark.parametrize(
    ("score", "bands", "evenness", "chance"),
    [
        (0.5, 2, 0, 0.268941),  # the odds of 0.5 are 1, their logarithm 0: -3 + 2
        (0.9, 1, 0.25, 0.524979),  # -3 + 0.5 * ln 9 + 1 + 1 = 0.5 * ln 9 - 1
        (0.9, 1, 1, 0.9),  # 0.5 * ln 9 + 2 is more than the network's own ln 9
        (0.0, 4, 1, 0.0),
        (1.0, 0, 0, 0.980296),  # -3 + 0.5 * ln 1e6
    ],
)
def test_chance_of_a_frame_by_hand(score: float, bands: float, evenness: float, chance: float) -> None:
    rule = FrameRule(score=0.5, bands=1, evenness=4, bias=-3, photos=10)
    assert rule.chance(score=score, bands=bands, evenness=evenness) == pytest.approx(chance, rel=1e-3)
