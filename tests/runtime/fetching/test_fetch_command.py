"""``packshot models fetch`` as a user types it, and the network it brings, in use."""

import json
import random
import signal
import time

import numpy as np
import pytest
from onnx import TensorProto, helper
from PIL import Image

CONTENT = random.Random(5).randbytes(600_000)


@pytest.fixture
def network():
    """A network fed as U2-Net is, half a megabyte large, whose alpha is the brightness."""
    graph = helper.make_graph(
        [helper.make_node("ReduceMean", ["image", "axes"], ["alpha"], keepdims=1)],
        "bright",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, 320, 320])],
        [helper.make_tensor_value_info("alpha", TensorProto.FLOAT, [1, 1, 320, 320])],
        initializer=[helper.make_tensor("axes", TensorProto.INT64, [1], [1])],
        doc_string="x" * 500_000,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    return model.SerializeToString()


def finish(process):
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def left(tmp_path):
    store = tmp_path / "store"
    return sorted(path.name for path in store.iterdir() if path.suffix != ".lock") if store.exists() else []


def test_size_and_licence_are_shown_and_then_one_word_is_enough(packshot, publish, network, tmp_path):
    publisher = publish(network)
    offered = [publisher.published("u2net")]
    photo = np.full((240, 320, 3), 20, np.uint8)
    photo[60:180, 80:240] = 240
    Image.fromarray(photo).save(tmp_path / "photo.png")
    cut = ("cutout", tmp_path / "photo.png", "-o", tmp_path / "out", "--mask", "--model", "u2net")

    code, _, err = packshot(*cut, offered=offered)
    assert code == 2
    assert err == "packshot: u2net is not on this machine: packshot models fetch u2net\n"

    code, out, err = packshot("models", "fetch", "u2net", offered=offered)
    assert code == 0, err
    assert out == f"u2net\t{tmp_path / 'store' / 'u2net.onnx'}\n"
    shown, _, _ = err.partition("0%")
    for words in ("0.5 MB", "Apache-2.0, commercial use allowed", "U-2-Net/issues/208", "DUTS (none stated)"):
        assert words in shown

    code, _, err = packshot(*cut, offered=offered)
    assert code == 0, err
    with Image.open(tmp_path / "out" / "photo.png") as made:
        mask = np.asarray(made) > 127
    true = photo[..., 0] > 100
    assert (mask & true).sum() / (mask | true).sum() > 0.97

    code, out, _ = packshot("models", "fetch", "u2net", "--json", offered=offered)
    assert (code, len(publisher.asked)) == (0, 1)
    row = json.loads(out)
    assert (row["name"], row["fetched"], row["bytes"], row["error"]) == ("u2net", False, len(network), None)
    assert (row["licence"], row["commercial_use"], row["sha256"]) == ("Apache-2.0", True, publisher.sha256)
    (tmp_path / "store" / "mine.onnx").write_bytes(network)
    code, out, err = packshot("models", offered=offered)
    assert code == 3
    assert "mine.onnx has no model card" in err
    assert "u2net  segmentation  320x320  0.5 MB" in out
    assert "  isnet-general-use  178.6 MB  Apache-2.0, NON-COMMERCIAL" in out


def test_a_killed_download_goes_on_where_it_was(start, publish, tmp_path):
    publisher = publish(CONTENT)
    offered = [publisher.published("u2net")]
    for number, comes in ((signal.SIGKILL, 300_000), (signal.SIGTERM, 450_000)):  # half of what is missing
        publisher.gate.clear()
        process = start("models", "fetch", "u2net", offered=offered)
        part = tmp_path / "store" / f"u2net.{publisher.sha256[:8]}.part"
        deadline = time.monotonic() + 30
        while (part.stat().st_size if part.exists() else 0) < comes and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(number)
        process.communicate()
        assert process.returncode == -number
        assert left(tmp_path) == [f"u2net.{publisher.sha256[:8]}.etag", part.name]
    assert publisher.asked[1]["range"] == "bytes=300000-"
    publisher.gate.set()
    code, _, err = finish(start("models", "fetch", "u2net", offered=offered))
    assert code == 0, err
    assert publisher.asked[-1]["range"] == "bytes=450000-"
    assert (tmp_path / "store" / "u2net.onnx").read_bytes() == CONTENT
    assert left(tmp_path) == ["u2net.json", "u2net.onnx"]


def test_interrupted_by_hand(start, publish, tmp_path):
    publisher = publish(CONTENT)
    publisher.gate.clear()
    process = start("models", "fetch", "u2net", offered=[publisher.published("u2net")])
    deadline = time.monotonic() + 30
    while not list(tmp_path.glob("store/*.part")) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    code, _, err = finish(process)
    assert code == 130
    assert "stopped" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("trouble", "code", "kind", "words"),
    [
        ({"status": 404}, 3, "FetchFailed", "answers 404 Not Found"),
        ({"status": 503}, 3, "FetchFailed", "answers 503"),
        ({"content": CONTENT[::-1]}, 3, "ModelMismatch", "the file is deleted"),
        ({"content": b"<html>"}, 3, "FetchFailed", "the server announces 6"),
    ],
)
def test_troubles_are_named_and_leave_nothing(packshot, publish, tmp_path, trouble, code, kind, words):
    publisher = publish(CONTENT)
    offered = [publisher.published("u2net"), publisher.published("u2netp")]
    for name, value in trouble.items():
        setattr(publisher, name, value)
    got, out, err = packshot("models", "fetch", "u2net", "u2netp", "--json", offered=offered)
    assert got == code
    rows = [json.loads(line) for line in out.splitlines()]
    assert [(row["name"], row["file"], row["error"]["code"]) for row in rows] == [
        ("u2net", None, kind),
        ("u2netp", None, kind),
    ]
    assert words in err
    assert "Traceback" not in err
    assert left(tmp_path) == []


def test_no_network_is_one_clear_line(packshot, publish, tmp_path):
    gone = publish(CONTENT).published("u2net")
    code, out, err = packshot("models", "fetch", "u2net", offered=[gone], HTTP_PROXY="http://127.0.0.1:9")
    assert (code, out) == (3, "")
    told = err.rpartition("packshot: ")[2]
    assert told.startswith("u2net: localhost cannot be reached (")
    assert f"or save {gone.url} as {tmp_path / 'store' / 'u2net.onnx'}" in told


def test_a_disk_that_takes_no_more_is_told_with_exit_code_1_and_nothing_is_left(start, publish, tmp_path):
    offered = [publish(CONTENT).published("u2net")]
    code, _, err = finish(start("models", "fetch", "u2net", offered=offered, TEST_FILE_LIMIT="200000"))
    assert code == 1
    assert "could not be written" in err
    assert "File too large" in err
    assert "PACKSHOT_MODEL_STORE" in err
    assert left(tmp_path) == []


def test_two_commands_at_once(start, publish, tmp_path):
    publisher = publish(CONTENT)
    offered = [publisher.published("u2net")]
    publisher.gate.clear()
    first = start("models", "fetch", "u2net", offered=offered)
    deadline = time.monotonic() + 30
    while not publisher.asked and time.monotonic() < deadline:
        time.sleep(0.01)
    code, _, err = finish(start("models", "fetch", "u2net", offered=offered))
    assert code == 1
    assert "another process is fetching u2net" in err
    publisher.gate.set()
    assert finish(first)[0] == 0
    assert left(tmp_path) == ["u2net.json", "u2net.onnx"]


def test_a_network_trained_on_research_data_needs_the_flag_here_and_in_use(packshot, publish, network, tmp_path):
    publisher = publish(network)
    offered = [publisher.published("isnet-general-use")]
    code, _, err = packshot("models", "fetch", "isnet-general-use", offered=offered)
    assert code == 2
    assert "DIS5K (LicenseRef-DIS5K-Terms-of-Use, FORBIDS COMMERCIAL USE)" in err
    assert "Our code and evaluation metric use Apache License 2.0" in err
    assert "pass --allow-non-commercial" in err
    assert not publisher.asked
    flag = "--allow-non-commercial"
    code, out, err = packshot("models", "fetch", "isnet-general-use", flag, "--json", offered=offered)
    assert code == 0, err
    assert json.loads(out)["commercial_use"] is False
    code, _, err = packshot("cutout", "x.png", "-o", tmp_path, "--model", "isnet-general-use", offered=offered)
    assert code == 2
    assert "DIS5K" in err
    code, out, err = packshot("doctor", offered=offered)
    assert code == 0, err
    assert "not loaded: non-commercial" in out


@pytest.mark.parametrize(
    ("args", "words"), [((), "Missing argument 'NAME...'"), (("u3net",), "fetch one of u2net, u2netp")]
)
def test_wrong_usage(packshot, tmp_path, args, words):
    code, _, err = packshot("models", "fetch", *args, offered=[])
    assert code == 2
    assert words in err
    assert left(tmp_path) == []
