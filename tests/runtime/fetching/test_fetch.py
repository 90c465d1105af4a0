"""A published network in the store: whole, checked and with its card, or not at all."""

import functools
import json
import os
import random
import shutil
import threading
from pathlib import Path

import pytest

from packshot.errors import FetchFailed, LicenceRefused, ModelMismatch, ModelNotFound, OutputError, UsageError
from packshot.runtime import KNOWN_EXPORTS, resolve
from packshot.runtime.fetching import download, fetch, published_model
from packshot.runtime.fetching.part import PartFile
from packshot.runtime.published import PUBLISHED
from packshot.settings import Settings

CONTENT = random.Random(4).randbytes(300_000)
PART = "u2net.{}.part"


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """No pause between two connections."""
    monkeypatch.setattr(download, "Patience", functools.partial(download.Patience, pause_s=0))


@pytest.fixture
def settings(tmp_path):
    return Settings(threads=1, model_store=tmp_path / "store")


def files(settings):
    return sorted(path.name for path in settings.model_store.iterdir() if path.suffix != ".lock")


def test_a_network_comes_with_a_card_that_binds_it_to_its_hash(publish, offer, settings):
    model = offer(publish(CONTENT))
    told = []
    done = fetch("u2net", settings, tell=told.append)
    assert (done.new, done.path, done.model) == (True, settings.model_store / "u2net.onnx", model)
    assert files(settings) == ["u2net.json", "u2net.onnx"]
    assert told[-1] == len(CONTENT)
    card = json.loads((settings.model_store / "u2net.json").read_text())
    assert card["sha256"] == model.sha256
    assert card["provenance"][0]["name"] == "DUTS"
    stored = resolve("u2net", settings)
    assert stored.read() == (CONTENT, model.sha256)


def test_a_kill_before_the_file_is_in_place_leaves_no_file_without_its_card(publish, offer, settings, monkeypatch):
    publisher = publish(CONTENT)
    model = offer(publisher)
    with monkeypatch.context() as killed:
        killed.setattr(PartFile, "become", _killed)
        with pytest.raises(KeyboardInterrupt):
            fetch("u2net", settings)
    assert {"u2net.json", PART.format(model.sha256[:8])} <= set(files(settings))
    assert "u2net.onnx" not in files(settings)
    with pytest.raises(ModelNotFound, match="u2net is not on this machine"):
        resolve("u2net", settings)
    asked = len(publisher.asked)
    assert fetch("u2net", settings).new
    assert resolve("u2net", settings).read()[1] == model.sha256
    assert len(publisher.asked) == asked


def _killed(*_):
    raise KeyboardInterrupt


def test_a_file_that_is_there_is_checked_and_nobody_asked(publish, offer, settings):
    publisher = publish(CONTENT)
    offer(publisher)
    settings.model_store.mkdir()
    (settings.model_store / "u2net.onnx").write_bytes(CONTENT)  # carried here by hand
    assert not fetch("u2net", settings).new
    assert files(settings) == ["u2net.json", "u2net.onnx"]
    assert not publisher.asked


def test_another_file_in_the_way_is_left_alone(publish, offer, settings):
    publisher = publish(CONTENT)
    offer(publisher)
    settings.model_store.mkdir()
    for name in ("u2net.onnx", "u2net.json"):
        mine = settings.model_store / name
        mine.write_bytes(b"mine")
        with pytest.raises(OutputError, match=f"{name} is there, and is not the published one: move it away"):
            fetch("u2net", settings)
        assert mine.read_bytes() == b"mine"
        mine.unlink()
    assert not publisher.asked


def test_a_file_with_another_hash_is_deleted_and_said_so(publish, offer, settings):
    publisher = publish(CONTENT)
    offer(publisher, sha256="0" * 64)
    with pytest.raises(ModelMismatch, match=f"expected SHA-256 0{{64}}, got {publisher.sha256} from .* is deleted"):
        fetch("u2net", settings)
    assert files(settings) == []


def test_parts_of_two_versions_are_never_joined(publish, offer, settings):
    """A server without entity tags changes the file while it is fetched: only the hash can tell."""
    publisher = publish(CONTENT[::-1])
    publisher.etag, publisher.cuts = None, [1000] * 5
    model = offer(publisher, sha256=publish(CONTENT).sha256)
    with pytest.raises(FetchFailed, match=r"u2net: .* 5000 of 300000 bytes"):
        fetch("u2net", settings)
    publisher.content = CONTENT
    with pytest.raises(ModelMismatch, match="is deleted"):
        fetch("u2net", settings)
    assert files(settings) == []
    assert fetch("u2net", settings).new
    assert resolve("u2net", settings).read()[1] == model.sha256


def test_a_download_that_ended_goes_on_and_names_the_way_by_hand(publish, offer, settings):
    publisher = publish(CONTENT)
    model = offer(publisher)
    publisher.cuts = [10_000] * 5
    with pytest.raises(FetchFailed) as ended:
        fetch("u2net", settings)
    assert f"or save {model.url} as {settings.model_store / 'u2net.onnx'}" in ended.value.remedy
    assert files(settings) == [f"u2net.{model.sha256[:8]}.etag", f"u2net.{model.sha256[:8]}.part"]
    fetch("u2net", settings)
    assert publisher.asked[-1]["range"] == "bytes=50000-"
    assert files(settings) == ["u2net.json", "u2net.onnx"]


def test_a_part_that_is_whole_already_is_put_in_place_without_asking(publish, offer, settings):
    """Killed between the last byte and the renaming."""
    publisher = publish(CONTENT)
    model = offer(publisher)
    settings.model_store.mkdir()
    (settings.model_store / PART.format(model.sha256[:8])).write_bytes(CONTENT)
    assert fetch("u2net", settings).new
    assert not publisher.asked
    assert files(settings) == ["u2net.json", "u2net.onnx"]


def test_a_full_disk_is_noticed_before_a_byte_is_asked_for(publish, offer, settings, monkeypatch):
    publisher = publish(CONTENT)
    offer(publisher)
    usage = shutil.disk_usage("/")._replace(free=100_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(OutputError, match=r"0\.3 MB are needed, 0\.1 MB are free: free space there"):
        fetch("u2net", settings)
    assert not publisher.asked


def test_a_disk_that_fills_up_on_the_way_leaves_nothing(publish, offer, settings, monkeypatch):
    offer(publish(CONTENT))
    real, came = Path.open, []

    def opened(path, mode="r", *args, **options):
        if path.suffix == ".part" and mode == "ab":
            came.append(path)
            if len(came) > 1:
                raise OSError(28, "No space left on device")
        return real(path, mode, *args, **options)

    monkeypatch.setattr(Path, "open", opened)
    with pytest.raises(OutputError, match=r"\.part could not be written .*No space left.*PACKSHOT_MODEL_STORE"):
        fetch("u2net", settings)
    assert len(came) == 2
    assert files(settings) == []


def test_a_store_that_cannot_be_written_is_told(publish, offer, settings, monkeypatch, tmp_path):
    offer(publish(CONTENT))
    (tmp_path / "store").write_text("a file")
    with pytest.raises(OutputError, match=r"store could not be written or read .*PACKSHOT_MODEL_STORE"):
        fetch("u2net", settings)
    (tmp_path / "store").unlink()
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(OutputError, match="Permission denied"):
        fetch("u2net", settings)
    with pytest.raises(UsageError, match="name a folder in PACKSHOT_MODEL_STORE"):
        fetch("u2net", settings.model_copy(update={"model_store": None}))


def test_two_at_once_are_kept_apart(publish, offer, settings):
    publisher = publish(CONTENT)
    offer(publisher)
    publisher.gate.clear()
    begun, done = threading.Event(), []
    first = threading.Thread(target=lambda: done.append(fetch("u2net", settings, tell=lambda _: begun.set())))
    first.start()
    assert begun.wait(20)
    with pytest.raises(OutputError, match=r"another process is fetching u2net into .*: wait until it is done"):
        fetch("u2net", settings)
    publisher.gate.set()
    first.join(20)
    assert done[0].new
    assert len(publisher.asked) == 1
    assert not fetch("u2net", settings).new


def test_a_non_commercial_network_is_refused_before_anybody_is_asked(publish, offer, settings):
    publisher = publish(CONTENT)
    offer(publisher, "isnet-general-use")
    with pytest.raises(LicenceRefused, match="isnet-general-use: it was trained on DIS5K"):
        fetch("isnet-general-use", settings)
    assert not publisher.asked
    assert not settings.model_store.exists()
    allowed = settings.model_copy(update={"allow_non_commercial": True})
    assert fetch("isnet-general-use", allowed).new
    with pytest.raises(LicenceRefused):
        resolve("isnet-general-use", settings)
    assert resolve("isnet-general-use", allowed).card.sha256 == publisher.sha256


def test_a_mirror_is_asked_for_the_publishers_file_name(publish, offer, settings):
    mirror = publish(CONTENT)
    offer(publish(CONTENT), url="https://publisher.invalid/v9/U2-Net_final.onnx")
    fetch("u2net", settings.model_copy(update={"model_mirror": f"{mirror.url}/our/models/"}))
    assert [asked["path"] for asked in mirror.asked] == ["/our/models/U2-Net_final.onnx"]
    (settings.model_store / "u2net.onnx").unlink()
    with pytest.raises(FetchFailed, match="expected an https address"):
        fetch("u2net", settings.model_copy(update={"model_mirror": "http://models.example/"}))


def test_what_is_not_fetched_yet_is_told_how_to_fetch(settings):
    with pytest.raises(ModelNotFound, match=r"^u2net is not on this machine: packshot models fetch u2net$"):
        resolve("u2net", settings)
    with pytest.raises(ModelNotFound, match=r"packshot models fetch isnet-general-use --allow-non-commercial$"):
        resolve("isnet-general-use", settings)
    with pytest.raises(ModelNotFound, match="or fetch one: u2net, u2netp, isnet-general-use, birefnet-general-lite"):
        resolve("u3net", settings)
    with pytest.raises(ModelNotFound, match="no network called 'u3net' is published: fetch one of u2net, u2netp"):
        published_model("u3net")


def test_every_published_file_is_pinned_and_has_a_card():
    for name, model in PUBLISHED.items():
        assert model.name == name
        assert model.url.startswith("https://github.com/danielgatis/rembg/releases/download/v0.0.0/")
        assert model.size > 1_000_000
        assert model.card.sha256 == model.sha256
        assert model.card.task == "segmentation"
        assert KNOWN_EXPORTS[name].sha256 is None  # a file given by path may be another export
