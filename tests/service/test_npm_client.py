"""remove.bg's client from npm, run against the service; it believes that it talks to remove.bg."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packshot_tests.listening import Listening, listening
from packshot_tests.service import opened, outlined

from packshot.service import KeyRing, ServiceSettings, new_key

PACKAGE = "remove.bg@1.3.0"  # MIT
PATIENCE_S = 240
#: Its address is replaced, nothing else.
SCRIPT = """
const unirest = require("unirest"), post = unirest.post, client = require("remove.bg"), fs = require("fs");
const [address, apiKey, way] = process.argv.slice(1);
unirest.post = () => post(address);
const photo = fs.readFileSync("photo.png").toString("base64");
const calls = {
  file: () => client.removeBackgroundFromImageFile({apiKey, path: "photo.png", crop: true, outputFile: "made.png"}),
  base64: () => client.removeBackgroundFromImageBase64({apiKey, base64img: photo, bg_color: "81d4fa"}),
  url: () => client.removeBackgroundFromImageUrl({apiKey, url: "https://example.com/photo.png"}),
  wrong: () => client.removeBackgroundFromImageBase64({apiKey, base64img: photo, bg_color: "no-colour"}),
};
calls[way]().then(made => console.log(JSON.stringify(made)), error => console.log(JSON.stringify({error})));
"""


class Photo:
    """In place of what an address gives."""

    def fetch(self, url: str, *, seconds: float) -> bytes:
        assert 0 < seconds <= 60
        assert url == "https://example.com/photo.png"
        return outlined()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the client is installed; scripts of packages are not run."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("node and npm are not installed")
    made = tmp_path_factory.mktemp("npm")
    (made / "photo.png").write_bytes(outlined())
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    try:
        done = subprocess.run(["npm", "install", *quiet, PACKAGE], cwd=made, capture_output=True, timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        pytest.skip(f"npm's registry does not answer: {PACKAGE} cannot be installed")
    if done.returncode:
        pytest.skip(f"{PACKAGE} cannot be installed here: {done.stderr[-300:].decode(errors='replace')}")
    return made


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Listening, str]]:
    secret, key = new_key("studio")
    with listening(ServiceSettings(fetch_urls=True), keys=KeyRing([key])) as made:
        made.app.state.service.fetcher = Photo()
        yield made, secret


def call(folder: Path, served: tuple[Listening, str], way: str, key: str | None = None) -> dict[str, Any]:
    service, secret = served
    address = f"http://127.0.0.1:{service.port}/v1.0/removebg"
    command = ["node", "-e", SCRIPT, address, key or secret, way]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_a_file_an_address_and_base64_are_cut_out(folder: Path, served: tuple[Listening, str]) -> None:
    made = call(folder, served, "file")
    assert opened(base64.b64decode(made["base64img"])).shape == (30, 40, 4)
    assert opened((folder / "made.png").read_bytes()).shape == (30, 40, 4)
    assert (made["resultWidth"], made["resultHeight"]) == ("40", "30")
    assert opened(base64.b64decode(call(folder, served, "base64")["base64img"])).shape == (60, 80, 3)
    assert opened(base64.b64decode(call(folder, served, "url")["base64img"])).shape == (60, 80, 4)


def test_errors_reach_it_as_it_expects_them(folder: Path, served: tuple[Listening, str]) -> None:
    (wrong,) = call(folder, served, "wrong")["error"]
    assert wrong["code"] == "invalid_bg_color"
    (stranger,) = call(folder, served, "base64", key="a key of nobody")["error"]
    assert stranger["title"]
