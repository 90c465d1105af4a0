"""The sanity check is of the network that answers, and belongs to one question and one method."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from packshot_tests.command import run
from packshot_tests.networks import write_classifier, write_red_network
from packshot_tests.photos import save, soft

from packshot.errors import ModelMismatch, UsageError
from packshot.explaining import Questions, explain
from packshot.explaining.answering import answering_network, forgetful_network, forgetful_settings
from packshot.explaining.fitting import chosen_methods
from packshot.explaining.sanity import keep_checks, sanity_words
from packshot.runtime import ModelCard, SanityCheck, card_of, read_card
from packshot.settings import Settings
from packshot.values import Rgb


def check(head: str, likeness: float = 0.1) -> SanityCheck:
    return SanityCheck(head=head, likeness=likeness, low=likeness, high=likeness, photos=12)


@pytest.fixture
def framed() -> Rgb:
    """Soft colours in a dark frame."""
    picture = soft(1, (96, 80))
    picture[:8], picture[-8:], picture[:, :8], picture[:, -8:] = 30, 30, 30, 30
    return picture


def test_checks_of_one_question_leave_those_of_another(tmp_path: Path) -> None:
    model = write_classifier(tmp_path / "mine.onnx")
    keep_checks(model, {"cam": check("category"), "edges": check("category", 1)})
    keep_checks(model, {"cam": check("kids", 0.3)})
    card = card_of(model)
    assert card.checks_of("category") == {"cam": check("category"), "edges": check("category", 1)}
    assert card.checks_of("kids") == {"cam": check("kids", 0.3)}
    keep_checks(model, {"cam": check("kids", 0.2)})
    assert card_of(model).checks_of("kids") == {"cam": check("kids", 0.2)}


def test_cards_of_an_older_packshot_are_read(tmp_path: Path) -> None:
    """They had one check a method, whatever the question."""
    model = write_classifier(tmp_path / "mine.onnx")
    card = card_of(model)
    old = card.model_dump(mode="json") | {"sanity": {"cam": check("category").model_dump(mode="json")}}
    read = ModelCard.model_validate(old)
    assert read.checks_of("category") == {"cam": check("category")}
    path = tmp_path / "card.json"
    path.write_text(read.to_json())
    assert read_card(path) == read, "and written, it stays as it is"


@pytest.mark.parametrize("name", ["describe", "cutout", "frame", "overlay"])
def test_cards_that_ship_name_the_question_of_each_check(name: str) -> None:
    card = card_of(answering_network(Settings(describe_model=name), "category").path)
    assert all(key.startswith(f"{each.head}/") for key, each in card.sanity.items())


@pytest.mark.train
@pytest.mark.parametrize(
    ("head", "field"),
    [("frame", "frame_model"), ("cutout", "model"), ("ready", "model"), ("category", "describe_model")],
)
def test_the_network_that_answers_forgets(head: str, field: str, framed: Rgb, tmp_path: Path) -> None:
    from packshot.training.explanation import write_randomised

    known = Settings()
    forgetful = forgetful_settings(known, head, tmp_path, write_randomised)
    changed = {name for name in Settings.model_fields if getattr(known, name) != getattr(forgetful, name)}
    assert changed == {field}
    assert answering_network(forgetful, head).path == tmp_path / "forgetful.onnx"
    if head == "frame":
        answers = [Questions(settings).ask(framed, head).score(framed) for settings in (known, forgetful)]
        assert abs(answers[0] - answers[1]) > 0.01


def test_a_network_that_forgot_is_gone_when_nobody_asks_it_any_more(tmp_path: Path) -> None:
    model = write_classifier(tmp_path / "mine.onnx")
    with forgetful_network(Settings(describe_model=str(model)), "category", shutil.copy) as forgetful:
        assert forgetful is not None
        written = answering_network(forgetful, "category").path
        assert written.read_bytes() == model.read_bytes()
    assert not written.exists()
    with forgetful_network(Settings(), "category", None) as nothing_shuffles:
        assert nothing_shuffles is None


def test_methods_that_were_not_named_are_those_the_question_can_have() -> None:
    questions, usual = Questions(Settings()), ("cam", "occlusion", "centre")
    assert chosen_methods(questions, (), "category", otherwise=usual) == usual
    assert chosen_methods(questions, (), "frame", otherwise=usual) == ("occlusion", "centre"), "it has no such map"
    assert chosen_methods(questions, ("edges", "rise", "edges"), "category", otherwise=usual) == ("edges", "rise")
    with pytest.raises(UsageError, match="no class-activation map of frame"):
        chosen_methods(questions, ("cam",), "frame", otherwise=usual)


@pytest.mark.train
def test_a_network_without_weights_to_shuffle_is_refused(tmp_path: Path) -> None:
    """Its copy would answer as before, and every method would seem to fail."""
    from onnx import TensorProto, helper
    from onnx import save as save_network

    from packshot.training.explanation import write_randomised

    sides = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 3, 8, 8]) for name in ("image", "same")]
    graph = helper.make_graph([helper.make_node("Relu", ["image"], ["same"])], "plain", sides[:1], sides[1:])
    save_network(helper.make_model(graph, ir_version=9), tmp_path / "plain.onnx")
    with pytest.raises(ModelMismatch, match="no weights to shuffle"):
        write_randomised(tmp_path / "plain.onnx", tmp_path / "shuffled.onnx")


@pytest.mark.train
def test_photos_without_anything_to_compare_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A map that is the same everywhere is like none: of a grey photo the red network's cut-out loses nothing."""
    monkeypatch.setenv("PACKSHOT_MODEL", str(write_red_network(tmp_path / "red.onnx")))
    model = write_classifier(tmp_path / "colours.onnx")
    rows = ["path,label"]
    for place in range(10):
        save(tmp_path / f"{place}.png", np.full((24, 24, 3), 10 * place, np.uint8))
        rows.append(f"{place}.png,red")
    (tmp_path / "list.csv").write_text("\n".join(rows))
    words = ("evaluate", "explanation", "--data", tmp_path / "list.csv", "--split", "all", "--model", model)
    done = run(*words, "--head", "label", "--method", "occlusion", "--json", "-o", tmp_path / "trust")
    assert done.code == 0, done.err
    (row,) = done.lines
    assert (row["likeness"], row["sane"], row["compared"], row["silent"]) == (None, None, 0, 10)
    log = (tmp_path / "trust" / "maps.jsonl").read_bytes()
    again = run(*words, "--head", "label", "--method", "occlusion", "--keep", "-o", tmp_path / "trust")
    assert (again.code, "no likeness to keep" in again.err) == (2, True), again.err
    assert (tmp_path / "trust" / "maps.jsonl").read_bytes() == log, "what is silent was measured"


def test_a_method_says_so_where_nobody_measured_it(tmp_path: Path) -> None:
    assert sanity_words("cam", check("category"), head="category") == ""
    assert "fails the sanity check" in sanity_words("cam", check("category", 0.9), head="category")
    photo, model = tmp_path / "photo.png", write_classifier(tmp_path / "colours.onnx")
    save(photo, np.full((48, 48, 3), (200, 40, 40), np.uint8))
    for method, words in (
        ("edges", "edges looks at no network: its map says nothing of label"),
        ("occlusion", "occlusion: no sanity check was measured for label"),
    ):
        done = run("explain", photo, "--model", model, "--method", method, "--quick", "-o", tmp_path / "why")
        assert words in done.out, done.err


def test_heat_on_the_product_is_no_measure_of_a_frame(framed: Rgb) -> None:
    question = Questions(Settings()).ask(framed, "frame")
    everywhere = np.ones(framed.shape[:2], np.float32)
    found = explain(framed, question, lambda rgb, _: rgb[..., 0].astype(np.float32), name="red", alpha=everywhere)
    assert set(found.scores) == {"deletion", "insertion"}
