"""Networks: what they compute, that they are shared, and how they refuse."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from packshot.errors import ModelMismatch, ProviderUnavailable
from packshot.runtime import load
from packshot.settings import Provider, Settings

SETTINGS = Settings(threads=1)


def test_a_network_computes_what_its_graph_says(tiny):
    network = load(tiny(), SETTINGS)
    rgb = np.full((40, 60, 3), (30, 60, 90), np.uint8)
    batch = network.prepare(rgb)
    assert batch.shape == (1, 3, 16, 24)
    assert batch.dtype == np.float32
    output = network.run(batch)
    assert output.shape == (1, 1, 16, 24)
    np.testing.assert_allclose(output, 60 / 255, atol=1e-6)


def test_the_channel_order_is_the_cards(tiny):
    last = [helper.make_node("Slice", ["image", "two", "three", "axes"], ["alpha"])]
    path = tiny("bgr", input={"size": (24, 16), "mean": (0, 0, 0), "std": (1, 1, 1), "channels": "bgr"})
    model = onnx.load(path)
    del model.graph.node[:]
    model.graph.node.extend(last)
    for name, value in (("two", 2), ("three", 3)):
        model.graph.initializer.append(helper.make_tensor(name, TensorProto.INT64, [1], [value]))
    onnx.save(model, path)
    network = load(path, SETTINGS)
    red = np.zeros((16, 24, 3), np.uint8)
    red[..., 0] = 255
    # In the order blue, green, red, the last channel is red.
    np.testing.assert_allclose(network.run(network.prepare(red)), 1.0)


def test_other_layouts(tiny):
    nodes = [
        helper.make_node("Transpose", ["image"], ["planes"], perm=[0, 3, 1, 2]),
        helper.make_node("ReduceMean", ["planes", "axes"], ["alpha"], keepdims=1),
    ]
    path = tiny(model={"shape": ("n", 16, 24, 3), "nodes": nodes}, input={"size": (24, 16), "layout": "nhwc"})
    assert load(path, SETTINGS).prepare(np.zeros((9, 9, 3), np.uint8)).shape == (1, 16, 24, 3)


def test_half_precision_networks_take_and_give_float32(tiny):
    network = load(tiny("half", model={"kind": TensorProto.FLOAT16}), SETTINGS)
    output = network.run(np.full((1, 3, 16, 24), 0.25, np.float32))
    assert output.dtype == np.float32
    np.testing.assert_allclose(output, 0.25)


def test_sigmoid_is_applied(tiny):
    network = load(tiny(output={"activation": "sigmoid"}), SETTINGS)
    batch = np.full((1, 3, 16, 24), -2.0, np.float32)
    np.testing.assert_allclose(network.run(batch), 1 / (1 + np.exp(2.0)), rtol=1e-5)
    np.testing.assert_allclose(network.outputs(batch)["alpha"], -2.0)


def test_minmax_stretches_each_picture_but_never_makes_a_product_of_nothing(tiny):
    network = load(tiny(output={"rescale": "minmax"}), SETTINGS)
    batch = np.zeros((2, 3, 16, 24), np.float32)
    batch[0, :, 0, 0] = 0.8
    batch[1, :, 0, 0] = 0.1
    output = network.run(batch)
    assert output[0].max() == pytest.approx(1.0)
    assert output[1].max() == pytest.approx(0.1)


def test_the_same_network_is_shared_and_loaded_once_even_by_many_threads(tiny):
    path = tiny()
    with ThreadPoolExecutor(8) as pool:
        networks = list(pool.map(lambda _: load(path, SETTINGS), range(16)))
    assert len({id(network) for network in networks}) == 1
    assert load(path, Settings(threads=2)) is not networks[0]


def test_a_changed_card_or_file_makes_another_network(tiny):
    first = load(tiny(), SETTINGS)
    assert load(tiny(version="2"), SETTINGS) is not first
    assert load(tiny(model={"output": "other"}), SETTINGS).id != first.id


@pytest.mark.parametrize(
    "change",
    [
        {"input": {"size": (24, 16), "mean": (0.9, 0.9, 0.9), "std": (1, 1, 1)}},
        {"output": {"index": 0, "activation": "sigmoid"}},
        {"threshold": 0.3},
        {"frame": {"score": 1, "bands": 0, "evenness": 0, "bias": 0, "photos": 1}},
        {"labels": ("hat", "cup")},
    ],
)
def test_another_card_is_another_fingerprint(tiny, change):
    """Finished photos are made again when a network is fed or read in another way."""
    plain, other = (load(path, SETTINGS) for path in (tiny("plain"), tiny("other", **change)))
    assert plain.sha256 == other.sha256
    assert plain.fingerprint != other.fingerprint


def test_what_only_a_person_reads_leaves_the_fingerprint(tiny):
    plain, other = (
        load(path, SETTINGS) for path in (tiny("plain"), tiny("other", metrics={"iou": 0.9}, created="2026-11-30"))
    )
    assert plain.fingerprint == other.fingerprint


def test_the_id_names_model_and_hash(tiny):
    network = load(tiny(), SETTINGS)
    assert network.id == f"tiny@{network.sha256[:8]}"


@pytest.mark.parametrize("provider", [Provider.CUDA, Provider.OPENVINO, Provider.COREML])
def test_a_provider_that_is_not_there_is_an_error(tiny, provider, monkeypatch):
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CPUExecutionProvider"])
    with pytest.raises(ProviderUnavailable, match=provider.value):
        load(tiny(), Settings(provider=provider))


def test_a_provider_that_silently_falls_back_is_an_error(tiny, monkeypatch):
    real = onnxruntime.InferenceSession
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CUDAExecutionProvider"])
    monkeypatch.setattr(
        onnxruntime, "InferenceSession", lambda data, **_: real(data, providers=["CPUExecutionProvider"])
    )
    with pytest.raises(ProviderUnavailable, match="no device here"):
        load(tiny(), Settings(provider=Provider.CUDA))


def test_a_file_that_is_no_network_is_refused(tiny):
    path = tiny()
    for content in (b"", b"not onnx at all", path.read_bytes()[:-20]):
        path.write_bytes(content)
        with pytest.raises(ModelMismatch, match="not a network onnxruntime can load"):
            load(path, SETTINGS)


def test_weights_outside_the_file_are_refused(tiny):
    path = tiny()
    model = onnx.load(path)
    secret = numpy_helper.from_array(np.ones(400, np.float32), "secret")
    model.graph.initializer.append(secret)
    onnx.save(model, path, save_as_external_data=True, location="weights.bin", size_threshold=100)
    with pytest.raises(ModelMismatch, match="keeps weights in other files"):
        load(path, SETTINGS)


def test_a_card_of_another_size_or_output_is_refused(tiny):
    with pytest.raises(ModelMismatch, match=r"card says input \[n, 3, 32, 32\]"):
        load(tiny(input={"size": (32, 32)}), SETTINGS)
    with pytest.raises(ModelMismatch, match="the network has alpha"):
        load(tiny(output={"name": "mask"}), SETTINGS)
    with pytest.raises(ModelMismatch, match="the network has alpha"):
        load(tiny(output={"index": 1}), SETTINGS)


def test_a_batch_of_another_size_is_refused(tiny):
    with pytest.raises(ModelMismatch, match="cannot run on a batch of shape"):
        load(tiny(), SETTINGS).run(np.zeros((1, 3, 8, 8), np.float32))


def test_an_input_that_is_no_picture_is_refused(tiny):
    with pytest.raises(ModelMismatch, match="one input of floats"):
        load(tiny(model={"kind": TensorProto.INT32}), SETTINGS)


@pytest.mark.skipif(not hasattr(os, "register_at_fork"), reason="this system cannot fork")
def test_a_forked_child_builds_its_own_session_and_ends():
    code = """
import os, sys
import numpy as np
from packshot.runtime import load
first = load("cutout")
rgb = np.zeros((40, 40, 3), np.uint8)
first.run(first.prepare(rgb))
child = os.fork()
if child:
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
again = load("cutout")
again.run(again.prepare(rgb))
sys.exit(7 if again is not first else 8)
"""
    done = subprocess.run([sys.executable, "-W", "ignore::DeprecationWarning", "-c", code], timeout=60, check=False)
    assert done.returncode == 7


def test_importing_the_runtime_imports_neither_onnxruntime_nor_opencv():
    code = "import sys, packshot.runtime; print([m for m in ('onnxruntime', 'cv2') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
