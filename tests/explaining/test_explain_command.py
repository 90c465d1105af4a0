"""``packshot explain`` as a user types it."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from packshot_tests.command import run
from packshot_tests.networks import write_classifier
from packshot_tests.photos import discs

from packshot.runtime import load


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return discs(tmp_path_factory.mktemp("shop"), 1) / "images" / "00.png"


@pytest.mark.parametrize(("method", "head"), [("cam", "category"), ("occlusion", "frame"), ("centre", "cutout")])
def test_a_photo_gets_its_heatmap_and_the_numbers(method: str, head: str, photo: Path, tmp_path: Path) -> None:
    done = run("explain", photo, "--method", method, "--head", head, "-o", tmp_path, "--json")
    assert done.code == 0, done.err
    (row,) = done.lines
    assert (row["source"], row["method"], row["head"], row["error"]) == (str(photo), method, head, None)
    assert {"deletion", "insertion"} <= set(row["scores"])
    assert all(0 <= value <= 1 for value in row["scores"].values())
    assert cv2.imread(row["output"]).shape == cv2.imread(str(photo)).shape


@pytest.mark.parametrize(
    ("head", "method"), [("category", "cam"), ("ready", "cam"), ("frame", "occlusion"), ("cutout", "occlusion")]
)
def test_the_method_follows_from_the_answer(head: str, method: str, photo: Path, tmp_path: Path) -> None:
    done = run("explain", photo, "--head", head, "--quick", "-o", tmp_path / "why", "--json")
    assert done.code == 0, done.err
    assert done.lines[0]["method"] == method
    assert Path(done.lines[0]["output"]).name == f"{photo.stem}.{method}.png"


def test_the_evidence_that_asked_for_a_review_is_named(photo: Path, tmp_path: Path) -> None:
    """The chance is the logistic of all parts and the bias, unless one figure is beyond its limit."""
    rule = load("cutout").card.ready
    cut_off = tmp_path / "cut-off.png"
    cv2.imwrite(str(cut_off), cv2.imread(str(photo))[:50])
    done = run("explain", photo, cut_off, "--head", "ready", "--quick", "-o", tmp_path / "why", "--json")
    assert done.code == 0, done.err
    for row in done.lines:
        parts = {each["figure"]: each for each in row["evidence"]}
        assert set(parts) == {*rule.features, *rule.limits}
        if any(each["decisive"] for each in parts.values()):
            assert row["answer"] == pytest.approx(1 - rule.beyond, abs=1e-3)
            assert row["evidence"][0]["decisive"]
    (row,) = (row for row in done.lines if row["source"] == str(cut_off))
    assert next(each for each in row["evidence"] if each["figure"] == "cut_off")["decisive"]
    said = run("explain", cut_off, "--head", "ready", "--quick", "-o", tmp_path / "why")
    assert "product at the photo's edge" in said.out


def test_a_label_is_asked_for_by_its_name(photo: Path, tmp_path: Path) -> None:
    done = run("explain", photo, "--label", "t-shirt", "--quick", "-o", tmp_path / "why.png", "--json")
    assert (tmp_path / "why.png").is_file()
    assert (done.lines[0]["label"], done.lines[0]["scores"].keys() & {"deletion"}) == ("t-shirt", set())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--method", "gradcam"], "grad-cam"),
        (["--head", "sleeves"], "category"),
        (["--label", "t-shrt"], "t-shirt"),
        (["--head", "frame", "--method", "cam"], "occlusion"),
        (["--method", "rise", "--layer", "3"], "no layers"),
    ],
)
def test_what_cannot_be_asked_names_what_can(words: list[str], said: str, photo: Path, tmp_path: Path) -> None:
    done = run("explain", photo, *words, "-o", tmp_path / "why")
    assert done.code == 2
    assert said in done.err


#: Methods that ask the network again and again, alike for each head: 128, 100 and 32 passes.
MANY_PASSES = {"rise", "occlusion", "integrated-gradients"}


@pytest.mark.train
@pytest.mark.parametrize("head", ["category", "tags", "kids", "frame", "cutout", "ready"])
def test_what_is_refused_at_the_start_is_all_that_fails(head: str, photo: Path) -> None:
    """Every method of every head either makes a map of a photo, or is refused before one is opened."""
    from packshot.cli.gradients import gradient_maker
    from packshot.errors import UsageError
    from packshot.explaining import CONTROLS, GRADIENTS, METHODS, Explainer
    from packshot.photo import decode
    from packshot.settings import Settings

    small = decode(cv2.resize(cv2.imread(str(photo), cv2.IMREAD_COLOR_RGB), (64, 64)))
    refused = set()
    for method in (*METHODS, *GRADIENTS, *CONTROLS):
        try:
            explain = Explainer(Settings(threads=1), method, head=head, gradients=gradient_maker, truth=False)
        except UsageError:
            refused.add(method)
        else:
            if method not in MANY_PASSES or (head == "category" and method != "rise"):
                assert explain(small).explanation.heat.ndim == 2
    described = head in {"category", "tags", "kids"}
    assert refused == (set() if described else {*GRADIENTS, *([] if head == "ready" else ["cam"])})


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--head", "categry"], "no question 'categry'"),
        (["--label", "t-shrt"], "no label 't-shrt'"),
        (["--head", "frame", "--label", "belt", "--method", "occlusion"], "it has framed alone"),
        (
            ["--head", "frame", "--method", "cam"],
            "no class-activation map of frame: take a method that needs none: occlusion, rise, cen",
        ),
        (["--head", "cutout", "--method", "cam"], "no class-activation map of cutout: take a method that needs none: "),
        (["--head", "ready", "--method", "grad-cam"], "grad-cam: ready has no logit"),
        (["--head", "frame", "--method", "integrated-gradients"], "integrated-gradients: frame has no logit"),
        (["--head", "tags", "--label", "belt", "--label", "bag", "--method", "layer-cam"], "several labels of tags"),
    ],
)
def test_what_no_photo_can_be_asked_is_said_once(words: list[str], said: str, photo: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.png"
    other.write_bytes(photo.read_bytes())
    done = run("explain", photo, other, *words, "--json", "-o", tmp_path / "why")
    assert (done.code, done.err.count(said), done.out) == (2, 1, ""), done.err


def test_without_the_extra_gradients_say_what_to_install(photo: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "packshot.training.explanation", None)
    done = run("explain", photo, "--method", "grad-cam", "-o", tmp_path / "why")
    assert done.code == 2
    assert "packshot[train]" in done.err


@pytest.mark.train
def test_an_unknown_layer_names_the_nearest(photo: Path, tmp_path: Path) -> None:
    done = run("explain", photo, "--method", "layer-cam", "--layer", "/task/conv_stem/Conv", "-o", tmp_path / "why")
    assert done.code == 2
    assert "/task/conv_stem/Conv_output_0" in done.err


@pytest.mark.train
def test_grad_cam_of_the_last_features_is_the_class_activation_map_cut_at_zero(photo: Path) -> None:
    """Selvaraju et al. 2017, section 3: on a network that pools its features, Grad-CAM generalises CAM."""
    from packshot.explaining import Questions
    from packshot.explanation import activation_maps
    from packshot.settings import Settings
    from packshot.training.explanation import GradientMaps

    rgb = cv2.imread(str(photo), cv2.IMREAD_COLOR_RGB)
    questions = Questions(Settings())
    question = questions.ask(rgb)
    network = questions.describer.network
    found = GradientMaps(network, questions.path, "grad-cam")(rgb, question.row)
    outputs = network.outputs(network.prepare(rgb))
    expected = np.maximum(activation_maps(outputs["weights"][[question.row]], outputs["features"][0])[0], 0)
    places = found.size
    assert np.allclose(found * places, expected, atol=1e-3 * max(1.0, float(expected.max())))


def test_a_photo_without_a_product_is_explained_all_the_same(tmp_path: Path) -> None:
    """Nothing to cut out is no reason not to say why it is called what it is; why it is not ready, it is."""
    plain = tmp_path / "plain.png"
    cv2.imwrite(str(plain), np.full((80, 60, 3), 128, np.uint8))
    done = run("explain", plain, "--method", "centre", "-o", tmp_path / "why", "--json")
    assert done.code == 0, done.err
    assert "energy" not in done.lines[0]["scores"]
    ready = run("explain", plain, "--head", "ready", "-o", tmp_path / "why")
    assert ready.code == 3
    assert "no product was found" in ready.err


def test_several_labels_are_explained_together(photo: Path, tmp_path: Path) -> None:
    each = {}
    for labels in (("dress",), ("belt",), ("dress", "belt")):
        options = [part for label in labels for part in ("--label", label)]
        done = run("explain", photo, "-o", tmp_path / "+".join(labels), "--head", "tags", "--quick", "--json", *options)
        assert done.code == 0, done.err
        each[labels] = done.lines[0]
    both = each["dress", "belt"]
    assert both["label"] == "dress + belt"
    assert both["answer"] == pytest.approx(min(1, each["dress",]["answer"] + each["belt",]["answer"]), abs=2e-4)
    refused = run("explain", photo, "-o", tmp_path / "no", "--head", "frame", "--label", "framed", "--label", "belt")
    assert refused.code in {2, 3}
    assert "frame has no label 'belt'" in refused.err


def test_colours_and_opacity_by_option(photo: Path, tmp_path: Path) -> None:
    drawn = {}
    for name, options in {"own": (), "jet": ("--colours", "jet"), "faint": ("--opacity", "0")}.items():
        done = run("explain", photo, "-o", tmp_path / f"{name}.png", "--quick", *options)
        assert done.code == 0, done.err
        drawn[name] = cv2.imread(str(tmp_path / f"{name}.png")).astype(int)
    assert not np.array_equal(drawn["own"], drawn["jet"])
    assert np.abs(drawn["faint"] - drawn["faint"].mean(axis=2, keepdims=True)).max() <= 1, "the photo in grey"
    assert run("explain", photo, "-o", tmp_path / "x.png", "--colours", "rainbow").code == 2


@pytest.mark.train
@pytest.mark.parametrize(
    ("method", "words"),
    [("cam", "no class-activation map"), ("grad-cam", "no logit"), ("integrated-gradients", "no logit")],
)
def test_a_network_without_the_maps_a_method_needs_says_what_can_be_taken(
    method: str, words: str, photo: Path, tmp_path: Path
) -> None:
    """A classifier that gives probabilities alone, and one matrix makes them."""
    model = write_classifier(tmp_path / "colours.onnx")
    done = run("explain", photo, "--model", model, "--method", method, "--quick", "-o", tmp_path / "why")
    assert done.code == 2, done.err
    assert words in done.err
    assert "occlusion" in done.err
