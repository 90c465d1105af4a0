"""``packshot caption``: a sentence from what is known, or a network's, checked against it."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from onnx import TensorProto, checker, helper, numpy_helper, save
from packshot_tests.command import run
from packshot_tests.networks import write_network

from packshot.description.captioner import sentence_of
from packshot.description.taxonomy import load_taxonomy
from packshot.records import Record
from packshot.runtime import InputSpec, ModelCard
from packshot.wording import category_names, load_languages, unsupported_words

LABELS = ("</s>", "a", "red", "blue", "dress")


def write_captioner(path: Path, labels: tuple[str, ...] = LABELS) -> Path:
    """Four words by the mean of a photo: a, red or blue, dress, and the end."""
    weights, bias = np.zeros((3, 4, 5), np.float32), np.zeros((4, 5), np.float32)
    bias[0, 1] = bias[2, 4] = bias[3, 0] = 1
    weights[0, 1, 2] = weights[2, 1, 3] = 1
    nodes = [
        helper.make_node("GlobalAveragePool", ["image"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["flat"]),
        helper.make_node("Gemm", ["flat", "weights", "bias"], ["scores"]),
        helper.make_node("Reshape", ["scores", "shape"], ["words"]),
    ]
    graph = helper.make_graph(
        nodes,
        "captions",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, 64, 64])],
        [helper.make_tensor_value_info("words", TensorProto.FLOAT, [1, 4, 5])],
        initializer=[
            numpy_helper.from_array(weights.reshape(3, 20), "weights"),
            numpy_helper.from_array(bias.reshape(1, 20), "bias"),
            numpy_helper.from_array(np.int64([1, 4, 5]), "shape"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    checker.check_model(model)
    save(model, path)
    card = ModelCard(
        name="captions",
        task="captioning",
        input=InputSpec(size=(64, 64), mean=(0, 0, 0), std=(1, 1, 1)),
        labels=labels,
        licence="Apache-2.0",
        commercial_use=True,
    )
    path.with_suffix(".json").write_text(card.to_json())
    return path


@pytest.fixture
def photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A blue wall: there is no product, so nothing is known of any."""
    monkeypatch.setenv("PACKSHOT_DESCRIBE_MODEL", "none")
    monkeypatch.setenv("PACKSHOT_FRAME_MODEL", "none")
    path = tmp_path / "wall.png"
    cv2.imwrite(str(path), np.full((60, 80, 3), (200, 40, 30), np.uint8))
    return path


def test_a_networks_sentence_is_said_and_what_nothing_stands_behind_is_named(photo: Path, tmp_path: Path) -> None:
    done = run("caption", photo, "--model", write_captioner(tmp_path / "captions.onnx"), "--json")
    assert done.code == 0, done.err
    (row,) = done.lines
    assert (row["caption"], row["unsupported"]) == ("A blue dress.", ["blue", "dress"])
    assert row["by"].startswith("captions@")


def test_without_a_network_nothing_is_said_of_a_wall(photo: Path) -> None:
    (row,) = run("caption", photo, "--json").lines
    assert (row["caption"], row["by"], row["evidence"]) == (None, "evidence", [])


@pytest.mark.parametrize(
    ("labels", "words"), [((), "labels"), (LABELS[:3], "expected (1, t) numbers below 3"), (None, "captioning")]
)
def test_what_is_no_captioning_network_says_what_is_missing(
    labels: tuple[str, ...] | None, words: str, photo: Path, tmp_path: Path
) -> None:
    model = "cutout" if labels is None else write_captioner(tmp_path / "captions.onnx", labels)
    done = run("caption", photo, "--model", model)
    assert done.code in {1, 2, 3}
    assert words in done.err


def test_only_words_with_a_meaning_here_are_checked() -> None:
    (english,) = load_languages(["en"])
    record = Record.model_validate(
        {
            "source": "a.jpg",
            "status": "ok",
            "category": {
                "path": [{"id": "apparel", "name": "Apparel"}, {"id": "pants", "name": "Pants"}],
                "sure": True,
            },
            "findings": {"colours": [{"name": "blue", "share": 0.9, "rgb": (30, 50, 160)}]},
            "attributes": {"tags": [{"value": "hat", "score": 0.98}]},
        }
    )
    names = category_names(load_taxonomy())
    assert unsupported_words("Somebody in blue trousers and a hat.", record, english, names) == ()
    said = "A white hat, blue trousers and a handbag beside gloves."
    assert unsupported_words(said, record, english, names) == ("white", "gloves"), "a handbag is no bag"


@pytest.mark.parametrize(
    ("pieces", "sentence"),
    [
        (["[CLS]", "sneak", "##ers", "on", "white", "[SEP]", "[PAD]"], "Sneakers on white."),
        (["\u2581a", "\u2581red", "\u2581sho", "e", "</s>"], "A red shoe."),
        (["</s>", "a"], ""),
    ],
)
def test_parts_of_words_are_put_together(pieces: list[str], sentence: str) -> None:
    assert sentence_of(pieces) == sentence


@pytest.fixture
def shirt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A red box on white, and a network that calls what is red apparel."""
    monkeypatch.setenv("PACKSHOT_FRAME_MODEL", "none")
    monkeypatch.setenv("PACKSHOT_MODEL", "grabcut-box")
    write_network(tmp_path / "describe.onnx")
    monkeypatch.setenv("PACKSHOT_DESCRIBE_MODEL", str(tmp_path / "describe.onnx"))
    path = tmp_path / "shirt.png"
    rgb = np.full((240, 240, 3), 250, np.uint8)
    rgb[60:200, 70:170] = (170, 30, 40)
    cv2.imwrite(str(path), rgb[..., ::-1])
    return path


def test_several_languages_are_written_in_one_go(shirt: Path) -> None:
    """Each as it is alone; the first one's is the row's own."""
    alone = {code: run("caption", shirt, "--language", code, "--json").lines[0] for code in ("de", "en", "pl")}
    done = run("caption", shirt, "--language", "de,en, PL", "--json")
    assert done.code == 0, done.err
    (row,) = done.lines
    assert list(row["captions"].items()) == [(code, each["caption"]) for code, each in alone.items()]
    assert len(set(row["captions"].values())) == 3, "three different sentences"
    assert {**row, "captions": None} == {**alone["de"], "captions": None}
    lines = run("caption", shirt, "--language", "de,en").out.splitlines()
    assert [line.split("\t")[1:] for line in lines] == [["de", alone["de"]["caption"]], ["en", alone["en"]["caption"]]]


@pytest.mark.parametrize(
    ("codes", "words"),
    [("de,de", "asked for twice"), ("de,xx", "no language 'xx'"), (",", "expected a language")],
)
def test_languages_that_there_are_not_are_refused(codes: str, words: str, photo: Path) -> None:
    done = run("caption", photo, "--language", codes)
    assert (done.code, words in done.err) == (2, True), done.err


def test_a_network_writes_in_one_language(photo: Path, tmp_path: Path) -> None:
    done = run("caption", photo, "--language", "de,en", "--model", write_captioner(tmp_path / "captions.onnx"))
    assert (done.code, "writes in one language" in done.err) == (2, True), done.err
