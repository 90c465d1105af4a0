"""The hostile files through the service: it says of each what the decoder says, and never more."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
from packshot_tests.service import QUICK, client

from packshot.errors import PackshotError, PhotoError
from packshot.photo import decode
from packshot.service import ServiceSettings
from packshot.service.refusal import refusal_of

EVERY = 4  # file of the corpus; the decoder's own tests take all
SERVING = ServiceSettings()


@pytest.mark.parametrize("address", ["/v1/frame", "/v1.0/removebg"])
def test_every_hostile_file_has_the_decoders_answer(tmp_path: Path, address: str) -> None:
    spec = importlib.util.spec_from_file_location("hostile_served", Path(__file__).with_name("generator.py"))
    assert spec is not None
    assert spec.loader is not None
    generator = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    limits = SERVING.narrowed(QUICK).limits
    refused = asked = 0
    with client(SERVING) as api:
        for number, file in enumerate(generator.generate(tmp_path, kinds=tuple(generator.KINDS))):
            if number % EVERY:
                continue
            asked += 1
            data = file.path.read_bytes()
            expected: PackshotError | None = None
            try:
                decode(data, name="the photo", limits=limits)
            except PhotoError as error:
                expected = error
            name = "file" if address == "/v1/frame" else "image_file"
            answer = api.post(address, files={name: (file.path.name, data)})
            where = f"{file.kind}: {file.path.name}"
            assert file.path.name not in answer.text or answer.status_code == 200, where
            if expected is None:
                assert answer.status_code in {200, 400, 422}, where  # nothing need be cut out of it
                assert answer.status_code == 200 or address != "/v1/frame", where
                continue
            refused += 1
            if address == "/v1/frame":
                assert (answer.status_code, answer.json()["error"]["code"]) == (
                    refusal_of(expected).status,
                    expected.code,
                ), where
            else:
                assert answer.status_code == 400, where
                assert answer.json()["errors"][0]["code"], where
    assert asked > 80
    assert refused > 30
