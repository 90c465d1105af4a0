"""``packshot layers`` as a user types it, and what its pictures are by definition."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from packshot_tests.command import run
from packshot_tests.photos import discs

from packshot.errors import PhotoError
from packshot.limits import Limits

pytestmark = pytest.mark.train


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return discs(tmp_path_factory.mktemp("shop"), 3) / "images"


def test_a_grid_of_every_channel(photos: Path, tmp_path: Path) -> None:
    done = run("layers", photos, "--layer", "0", "-o", tmp_path, "--json")
    assert done.code == 0, done.err
    assert [row["layer"] for row in done.lines] == ["/task/conv_stem/Conv_output_0"] * 3
    assert cv2.imread(done.lines[0]["output"]).shape == (6 * 98 - 2, 6 * 98 - 2, 3), "32 channels, 6 x 6 places"


def test_filters_stand_beside_photos_and_are_told_one_by_one(photos: Path, tmp_path: Path) -> None:
    done = run("layers", photos, "--show", "filters", "--layer", "0", "--units", "2", "-o", tmp_path, "--json")
    assert done.code == 0, done.err
    assert [row["layer"] for row in done.lines] == ["/task/conv_stem/Conv_output_0"] * 2
    assert len({row["unit"] for row in done.lines}) == 2
    for row in done.lines:
        assert [cv2.imread(path).shape for path in row["pictures"]] == [(128, 128, 3)] * 2
        assert sorted(row["photos"]) == sorted(str(photo) for photo in photos.iterdir())
    assert cv2.imread(done.lines[1]["output"]).shape == (2 * 130, (2 + 3) * 130, 3), "two made, three photos"


def test_a_photo_is_known_again_by_the_bytes_of_its_file(photos: Path) -> None:
    from packshot.training.explanation import LayerPhoto

    file = min(photos.iterdir())
    found = LayerPhoto.of_file(file, "a disc", Limits())
    assert (found.name, found.key) == ("a disc", hashlib.sha256(file.read_bytes()).hexdigest())
    assert np.array_equal(found.read(), cv2.cvtColor(cv2.imread(str(file)), cv2.COLOR_BGR2RGB))
    with pytest.raises(PhotoError, match="gone"):
        LayerPhoto.of_file(photos / "gone.png", "gone", Limits())


def test_filters_go_on_where_they_were_stopped(photos: Path, tmp_path: Path) -> None:
    """Files that are there are left as they are; what was not written yet is made as it would have been."""
    words = ("layers", photos, "--show", "filters", "--layer", "0", "--units", "2", "-o", tmp_path, "--json")
    first, second = run(*words).lines
    before = {path: Path(path).read_bytes() for path in (*first["pictures"], *second["pictures"], first["output"])}
    written = [Path(path).stat().st_mtime_ns for path in first["pictures"]]
    for path in (*second["pictures"], second["output"]):
        Path(path).unlink()
    again = run(*words)
    assert again.lines == [first, second], again.err
    assert {path: Path(path).read_bytes() for path in before} == before
    assert [Path(path).stat().st_mtime_ns for path in first["pictures"]] == written


def test_filters_of_another_network_are_not_mixed_with_those_of_one(photos: Path, tmp_path: Path) -> None:
    words = ("layers", photos, "--show", "filters", "--layer", "0", "--units", "1", "-o", tmp_path / "seen", "--model")
    assert run(*words, write_vgg(tmp_path / "one.onnx")).code == 0
    done = run(*words, write_vgg(tmp_path / "other.onnx", seed=1))
    assert done.code == 2
    assert "another folder with -o" in done.err


def test_a_broken_photo_does_not_end_the_filters(photos: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    words = ("layers", broken, photos, "--show", "filters", "--layer", "0", "--units", "1", "--json", "-o")
    done = run(*words, tmp_path / "seen")
    assert done.code == 3
    assert "broken.png" in done.err
    assert [row["error"] is None for row in done.lines] == [False, True]
    assert len(done.lines[1]["photos"]) == 3
    alone = run("layers", broken, "--show", "filters", "--layer", "0", "-o", tmp_path / "seen")
    assert (alone.code, "name photos that open" in alone.err) == (2, True)


def test_a_filter_picture_excites_its_unit_more_than_noise_does() -> None:
    from packshot.runtime import load, resolve
    from packshot.settings import Settings
    from packshot.training.explanation import TorchCopy, filter_pictures, layer_outputs

    network, copy = load("describe"), TorchCopy(resolve("describe", Settings()).path)
    noise = np.random.default_rng(0).integers(0, 256, (128, 128, 3), dtype=np.uint8)
    for unit in (1, 5):
        (made,) = filter_pictures(copy, network.card, "0", unit, steps=24)
        excited, by_noise = (layer_outputs(network, copy, each, "0")[unit].mean() for each in (made, noise))
        assert excited > by_noise + 0.1


def test_a_unit_that_noise_leaves_silent_is_awoken(tmp_path: Path) -> None:
    """It answers to what is brighter than grey by far; where its ReLU is silent there is no gradient to follow."""
    from onnx import helper, load, numpy_helper, save

    from packshot.runtime import card_of
    from packshot.training.explanation import TorchCopy, filter_pictures

    path = write_vgg(tmp_path / "vgg.onnx")
    model, card = load(path), card_of(path)
    bright = numpy_helper.from_array(np.full((1, 3, 1, 1), 1 / 3, np.float32), "bright")
    model.graph.initializer.extend([bright, numpy_helper.from_array(np.float32([-1.5]), "dark")])
    model.graph.initializer.append(numpy_helper.from_array(np.ones((3, 1, 1, 1), np.float32), "thrice"))
    model.graph.node[0].input[0] = "again"
    for at, node in enumerate(
        (
            helper.make_node("Conv", ["image", "bright", "dark"], ["brightness"]),
            helper.make_node("Relu", ["brightness"], ["glare"]),
            helper.make_node("Conv", ["glare", "thrice"], ["again"]),
        )
    ):
        model.graph.node.insert(at, node)
    save(model, path)
    for picture in filter_pictures(TorchCopy(path), card, "again", 0, seeds=2, side=48):
        assert picture.mean() > 150
    assert filter_pictures(TorchCopy(path), card, "again", 0, steps=1, side=48)[0].mean() < 135, "it begins with grey"


def test_a_filter_picture_is_the_same_whatever_is_made_beside_it(tmp_path: Path) -> None:
    from packshot.runtime import card_of
    from packshot.training.explanation import TorchCopy, filter_pictures

    path = write_vgg(tmp_path / "vgg.onnx")
    alone, beside = (
        filter_pictures(TorchCopy(path), card_of(path), "0", 1, seeds=seeds, steps=4, side=48) for seeds in (1, 3)
    )
    assert np.abs(alone[0].astype(int) - beside[0]).max() <= 1, "but for rounding"
    assert np.abs(beside[0].astype(int) - beside[1]).mean() > 1


def test_a_network_of_one_size_sees_filter_pictures_enlarged(tmp_path: Path) -> None:
    from onnx import helper, load, numpy_helper, save

    from packshot.runtime import card_of
    from packshot.training.explanation import TorchCopy, filter_pictures

    path = write_vgg(tmp_path / "vgg.onnx")
    assert TorchCopy(path).takes("c0", (48, 48))
    model, card = load(path), card_of(path)
    places = numpy_helper.from_array(np.full((1, 3, 64, 64), 0.1, np.float32), "places")
    model.graph.initializer.append(places)
    model.graph.node[0].input[0] = "placed"
    model.graph.node.insert(0, helper.make_node("Add", ["image", "places"], ["placed"]))
    save(model, path)
    copy = TorchCopy(path)
    assert not copy.takes("c0", (48, 48))
    assert filter_pictures(copy, card, "0", 1, steps=1, side=48)[0].shape == (48, 48, 3)


def test_a_dream_has_more_of_what_the_layer_looks_for(photos: Path, tmp_path: Path) -> None:
    from packshot.runtime import load, resolve
    from packshot.settings import Settings
    from packshot.training.explanation import TorchCopy, layer_outputs

    done = run("layers", photos / "00.png", "--show", "dream", "--layer", "2", "-o", tmp_path, "--json")
    assert done.code == 0, done.err
    network, copy = load("describe"), TorchCopy(resolve("describe", Settings()).path)
    before, after = (cv2.imread(str(p), cv2.IMREAD_COLOR_RGB) for p in (photos / "00.png", done.lines[0]["output"]))
    assert (layer_outputs(network, copy, after, "2") ** 2).mean() > (
        layer_outputs(network, copy, before, "2") ** 2
    ).mean()


def test_each_octave_of_a_dream_is_shown_at_its_own_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each 1.4 times the one before, the last that of the photo; of a network of one size, each at that."""
    from onnx import helper, load, numpy_helper, save

    from packshot.runtime import card_of
    from packshot.training.explanation import TorchCopy, dream

    path, seen = write_vgg(tmp_path / "vgg.onnx"), []
    call = TorchCopy.__call__

    def counted(self: TorchCopy, batch, names):  # type: ignore[no-untyped-def]
        seen.append(tuple(batch.shape[2:]))
        return call(self, batch, names)

    monkeypatch.setattr(TorchCopy, "__call__", counted)
    rgb = np.random.default_rng(0).integers(0, 256, (140, 196, 3), dtype=np.uint8)
    assert dream(TorchCopy(path), card_of(path), rgb, "0", octaves=3, steps=2).shape == rgb.shape
    assert seen == [(71, 100)] * 2 + [(100, 140)] * 2 + [(140, 196)] * 2
    model, card = load(path), card_of(path)
    model.graph.initializer.append(numpy_helper.from_array(np.full((1, 3, 64, 64), 0.1, np.float32), "places"))
    model.graph.node[0].input[0] = "placed"
    model.graph.node.insert(0, helper.make_node("Add", ["image", "places"], ["placed"]))
    save(model, path)
    seen.clear()
    assert dream(TorchCopy(path), card, rgb, "0", octaves=3, steps=2).shape == rgb.shape
    assert seen == [(64, 64)] * 6


def test_octaves_and_steps_of_a_dream_by_option(photos: Path, tmp_path: Path) -> None:
    model, drawn = write_vgg(tmp_path / "vgg.onnx"), {}
    for name, options in {"one": ("--octaves", "1"), "three": (), "long": ("--steps", "30")}.items():
        words = ("layers", photos / "00.png", "--show", "dream", "--layer", "0", "--model", model, *options)
        done = run(*words, "-o", tmp_path / name, "--json")
        assert done.code == 0, done.err
        drawn[name] = cv2.imread(done.lines[0]["output"]).astype(int)
    assert np.abs(drawn["one"] - drawn["three"]).mean() > 1
    assert np.abs(drawn["long"] - drawn["three"]).mean() > 1


def test_every_channel_is_shown_in_the_photos_proportions_under_its_number(tmp_path: Path) -> None:
    from packshot.training.explanation import layer_picture

    rng = np.random.default_rng(0)
    maps = rng.normal(size=(100, 6, 6)).astype(np.float32)
    picture = layer_picture(maps, shape=(40, 80, 3))
    assert picture.shape == (10 * 98 - 2, 10 * 98 - 2, 3), "a hundred channels, ten by ten"
    tile = picture[:96, :96]
    assert (tile[60:72, 10:90] != 245).any(axis=2).all()
    assert (tile[76:] == 245).all(), "twice as wide as high: paper below"
    same = np.repeat(maps[:1], 2, axis=0)
    one, other = np.split(layer_picture(same)[:, :194], [97], axis=1)
    differs = np.any(one[:, :96] != other[:, 1:], axis=2)
    assert differs[:14].any(), "0 is not 1"
    assert not differs[14:].any()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--layer", "conv_stem"], "/task/conv_stem/Conv_output_0"),
        (["--layer", "999"], "0 to"),
        (["--guide", "flowers.jpg"], "--show dream"),
        (["--octaves", "2"], "--octaves is for dreams"),
        (["--steps", "2"], "--steps is for dreams"),
    ],
)
def test_what_is_wrong_is_said(words: list[str], said: str, photos: Path, tmp_path: Path) -> None:
    done = run("layers", photos, *words, "-o", tmp_path)
    assert done.code == 2
    assert said in done.err


def test_without_the_extra_it_says_what_to_install(photos: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "packshot.training.explanation", None)
    done = run("layers", photos, "-o", tmp_path)
    assert done.code == 2
    assert "packshot[train]" in done.err


def write_vgg(path: Path, *, seed: int = 0, changed: int | None = None, width: int = 2) -> Path:
    """A VGG-16 of `width` channels where the published one has 64; one channel of its first layer drawn anew."""
    from onnx import TensorProto, helper, numpy_helper, save

    from packshot.runtime import InputSpec, ModelCard

    rng = np.random.default_rng(seed)
    nodes, weights, last, channels = [], [], "image", 3
    for block, count in enumerate((2, 2, 3, 3, 3)):
        for _ in range(count):
            at, out = len(weights), width * min(2**block, 8)
            kernel = (rng.normal(size=(out, channels, 3, 3)) / np.sqrt(4.5 * channels)).astype(np.float32)
            if at == 0 and changed is not None:
                kernel[changed] = -kernel[changed, :, ::-1]
            weights.append(numpy_helper.from_array(kernel, f"w{at}"))
            nodes.append(helper.make_node("Conv", [last, f"w{at}"], [f"c{at}"], pads=[1, 1, 1, 1]))
            nodes.append(helper.make_node("Relu", [f"c{at}"], [f"r{at}"]))
            last, channels = f"r{at}", out
        nodes.append(helper.make_node("MaxPool", [last], [f"p{block}"], kernel_shape=[2, 2], strides=[2, 2]))
        last = f"p{block}"
    nodes += [
        helper.make_node("GlobalAveragePool", [last], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["flat"]),
        helper.make_node("Softmax", ["flat"], ["probabilities"], axis=1),
    ]
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, 64, 64])
    output = helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [1, 8 * width])
    graph = helper.make_graph(nodes, "vgg", [image], [output], initializer=weights)
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9), path)
    card = ModelCard(
        name=path.stem,
        task="classification",
        input=InputSpec(size=(64, 64)),
        labels=tuple(map(str, range(8 * width))),
        licence="Apache-2.0",
        commercial_use=True,
    )
    path.with_suffix(".json").write_text(card.to_json())
    return path


def test_layers_of_a_vgg_have_their_published_names(photos: Path, tmp_path: Path) -> None:
    """Simonyan and Zisserman 2015, configuration D: the fifth convolution begins the third block."""
    model = write_vgg(tmp_path / "vgg.onnx")
    done = run("layers", photos / "00.png", "--model", model, "--layer", "block3_conv1", "-o", tmp_path / "x", "--json")
    assert done.code == 0, done.err
    assert done.lines[0]["layer"] == "r4", "after its ReLU, as published"
    wrong = run("layers", photos / "00.png", "--model", model, "--layer", "block3_conv4", "-o", tmp_path / "x")
    assert wrong.code == 2
    assert "block3_conv3" in wrong.err


def test_before_and_after_fine_tuning_the_changed_channel_comes_first(photos: Path, tmp_path: Path) -> None:
    from packshot.runtime import load
    from packshot.training.explanation import TorchCopy, compared_picture, layer_outputs, same_layer

    before, after = write_vgg(tmp_path / "before.onnx"), write_vgg(tmp_path / "after.onnx", changed=1)
    words = ("layers", photos / "00.png", "--model", after, "--before", before, "--layer", "block1_conv1")
    done = run(*words, "-o", tmp_path / "seen", "--json")
    assert done.code == 0, done.err
    assert cv2.imread(done.lines[0]["output"]).shape == (2 * 108 - 12, 2 * 96 + 2, 3), "two channels, each as a pair"
    rgb = cv2.imread(str(photos / "00.png"), cv2.IMREAD_COLOR_RGB)
    copies = TorchCopy(before), TorchCopy(after)
    assert same_layer(copies[1], copies[0], "0") == "c0"
    maps = [layer_outputs(load(path), copy, rgb, "0") for path, copy in zip((before, after), copies, strict=True)]
    assert compared_picture(*maps)[1] == [1, 0]


def test_networks_that_differ_in_shape_are_not_compared(photos: Path, tmp_path: Path) -> None:
    model = write_vgg(tmp_path / "vgg.onnx")
    done = run(
        "layers", photos / "00.png", "--model", model, "--before", "describe", "--layer", "3", "-o", tmp_path / "x"
    )
    assert done.code == 2
    assert "the same architecture" in done.err
    wide = write_vgg(tmp_path / "wide.onnx", width=4)
    for show in ("outputs", "filters"):
        words = ("--show", show, "--model", model, "--before", wide, "--layer", "3", "-o", tmp_path / "x")
        done = run("layers", photos, *words)
        assert done.code == 2
        assert done.err.count("name a layer that both have") == 1, "once, and not for each photo"
    done = run("layers", photos, "--show", "dream", "--before", "describe", "-o", tmp_path / "x")
    assert "--before is not for dreams" in done.err


def test_filters_before_and_after_fine_tuning_stand_side_by_side(photos: Path, tmp_path: Path) -> None:
    """One channel is drawn anew, the other is left: its pictures stay the same, and so do its photos."""
    before, after = write_vgg(tmp_path / "before.onnx"), write_vgg(tmp_path / "after.onnx", changed=1)
    words = ("layers", photos, "--show", "filters", "--layer", "block1_conv1", "--units", "2", "--json")
    compared = (*words, "--model", after, "--before", before, "-o", tmp_path / "seen")
    done = run(*compared)
    assert done.code == 0, done.err
    changed, same = done.lines
    assert (changed["unit"], same["unit"]) == (1, 0), "what changed most first"
    assert 0 < changed["change"] <= 2
    assert same["change"] == pytest.approx(0, abs=1e-9)
    assert same["photos"] == same["before"]["photos"]
    pictures = {row["unit"]: [[cv2.imread(path) for path in each["pictures"]] for each in (row["before"], row)]
                for row in done.lines}  # fmt: skip
    assert np.array_equal(*pictures[0]), "the same weights, the same seeds"
    assert np.abs(np.subtract(*np.array(pictures[1], int))).mean() > 1
    for model, at in ((before, 0), (after, 1)):
        alone = run(*words, "--model", model, "-o", tmp_path / model.stem)
        (row,) = [row for row in alone.lines if row["unit"] == 1]
        assert np.array_equal([cv2.imread(path) for path in row["pictures"]], pictures[1][at])
        assert row["photos"] == (changed["before"], changed)[at]["photos"]
    assert cv2.imread(same["output"]).shape == (2 * (130 + 18), 2 * (2 + 3) * 130 + 12, 3)
    files = {path: path.stat().st_mtime_ns for path in (tmp_path / "seen").rglob("unit-*.png")}
    assert len(files) == 2 * 2 * 2, "two units, two networks, two seeds"
    assert run(*compared).lines == done.lines
    assert {path: path.stat().st_mtime_ns for path in files} == files, "not made again"


def test_the_change_of_a_unit_is_one_less_its_correlation_over_all_places_of_all_photos() -> None:
    from packshot.training.explanation.comparison import change_over, moments_of

    rng = np.random.default_rng(3)
    photos = [(rng.normal(size=(4, 5, 6)), rng.normal(size=(4, 5, 6))) for _ in range(3)]
    for one, two in photos:
        two[0] = 2 - 3 * one[0]
        one[1] = two[1] = 7.1
        two[2] = 0.3
    expected = [1 - np.corrcoef(*(np.ravel([photo[at][3] for photo in photos]) for at in (0, 1)))[0, 1]]
    changes = change_over([moments_of(one.astype(np.float32), two.astype(np.float32)) for one, two in photos])
    assert changes == pytest.approx([2, 0, 1, *expected], abs=1e-5)
