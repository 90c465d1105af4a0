"""A photo whose file name is not UTF-8, as old disks and archives have them, in everything that names it."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from packshot_tests.service import client
from packshot_tests.shop import Shop
from starlette.testclient import TestClient

import packshot.service
from packshot.batch.journal import Entry, Journal
from packshot.records import read_record
from packshot.service import ServiceSettings
from packshot.service.json_answer import json_answer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems' file names are Unicode")

NAME = os.fsdecode(b"photos/bad\xffname.png")


@pytest.fixture
def api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    shop = Shop(tmp_path)
    shop.add(NAME, tint=1, status="review", review=["mask"], doubts=["held"], uncertainty=0.09)
    shop.add("photos/good.png", tint=2)
    with Journal(shop.out) as journal:
        journal.append(Entry("photos/bad", str(tmp_path / NAME), None, None, read_record(shop.records[NAME])))
    monkeypatch.chdir(shop.root)
    with client(ServiceSettings(runs=(f"shop={shop.out}",))) as made:
        yield made


def test_every_answer_names_it(api: TestClient) -> None:
    here = "/v1/reviews/shop"
    rows = api.get(f"{here}/photos?which=all").json()["photos"]
    row = next(row for row in rows if row["source"] == NAME)
    photo = f"{here}/photos/{row['id']}"
    made = api.post(
        f"{photo}/decisions", json={"decision": {"kind": "category", "category": "shoes"}, "seen": row["seen"]}
    )
    assert made.json()["photo"]["source"] == NAME
    other = api.post(f"{photo}/decisions", json={"decision": {"kind": "approve"}, "seen": "0" * 12})
    assert other.status_code == 409
    assert NAME in other.json()["error"]["message"]
    (run,) = api.get("/v1/runs").json()
    assert {last["name"] for last in run["last"]} == {Path(NAME).name}
    (line,) = api.get(f"{here}/log").json()
    assert line["source"] == NAME
    for address in (
        *("/v1/runs/shop", here, photo, f"{photo}/photo", f"{photo}/mask", f"{here}/sample", f"{here}/filters"),
        *(f"{here}/questions", f"{here}/questions/category/photos", f"{here}/questions/frame/photos"),
        *("/review?run=shop", "/review/log?run=shop", "/runs"),
    ):
        assert api.get(address).status_code == 200, address
    for table in ("audit.csv", "questions/category/labels.csv"):
        assert r"photos/bad\xffname.png" in api.get(f"{here}/{table}").text
    assert api.post(f"{here}/undo", json={"photo": row["id"]}).json()["undone"][0]["source"] == NAME


def test_answers_are_json_that_any_parser_reads() -> None:
    body = json_answer({"name": NAME, "sharpness": float("inf"), "word": "żółć"}).body
    assert bytes(body).isascii()
    assert json.loads(bytes(body)) == {"name": NAME, "sharpness": None, "word": "żółć"}


def test_json_is_written_in_one_place() -> None:
    folder = Path(packshot.service.__file__).parent
    writers = [path for path in folder.rglob("*.py") if re.search(r"\bJSONResponse\b", path.read_text("utf-8"))]
    assert writers == [folder / "json_answer.py"]
