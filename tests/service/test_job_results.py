"""Results of jobs in a bucket."""

from __future__ import annotations

import io
import json
import time
import zipfile
from pathlib import Path
from typing import Any

from packshot_tests.command import run
from packshot_tests.service import client, outlined
from starlette.testclient import TestClient

from packshot.service import ServiceSettings
from packshot.storage.objects import open_folder

PATIENCE_S = 120


def done(api: TestClient, *photos: tuple[str, bytes], **body: Any) -> dict[str, Any]:
    """A job that has ended."""
    made = api.post("/v1/jobs", json=body)
    assert made.status_code == 201, made.text
    address = f"/v1/jobs/{made.json()['id']}"
    for name, photo in photos:
        api.post(f"{address}/photos", params={"name": name}, content=photo, headers={"Content-Type": "image/png"})
    api.post(f"{address}/start")
    until = time.monotonic() + PATIENCE_S
    while (row := api.get(address).json())["state"] not in {"done", "failed"}:
        assert time.monotonic() < until, row
        time.sleep(0.05)
    return dict(row)


def test_what_the_zip_holds_lies_in_the_bucket(bucket: str, tmp_path: Path) -> None:
    serving = ServiceSettings(state=tmp_path / "state", results=f"{bucket}/shop/", workers=1)
    with client(serving) as api:
        row = done(api, ("../shoe.png", outlined()), ("torn.png", outlined()[:70]), results="bucket")
        assert (row["state"], row["results"]) == ("done", f"{bucket}/shop/{row['id']}")
        archive = zipfile.ZipFile(io.BytesIO(api.get(f"/v1/jobs/{row['id']}/result.zip?cutouts=true").content))
        objects = open_folder(row["results"])
        assert {found.path for found in objects.list()} == set(archive.namelist())
        for name in archive.namelist():
            assert objects.read(name)[0] == archive.read(name)
        lines = [json.loads(line) for line in objects.read("manifest.jsonl")[0].splitlines()]
        assert [(line["source"], line["status"]) for line in lines] == [("../shoe.png", "ok"), ("torn.png", "failed")]
        api.delete(f"/v1/jobs/{row['id']}")
        assert list(objects.list()), "what was handed over is its owner's"


def test_nothing_is_put_where_nobody_asked_and_no_request_names_a_place(bucket: str, tmp_path: Path) -> None:
    with client(ServiceSettings(state=tmp_path / "state", results=f"{bucket}/quiet", workers=1)) as api:
        assert done(api, ("a.png", outlined()))["results"] is None
        assert list(open_folder(f"{bucket}/quiet").list()) == []
        assert api.post("/v1/jobs", json={"results": "s3://elsewhere/x"}).status_code == 422
    with client(ServiceSettings(state=tmp_path / "state")) as without:
        refused = without.post("/v1/jobs", json={"results": "bucket"})
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "no_bucket")


def test_a_bucket_that_is_gone_fails_the_job_and_keeps_its_pictures(bucket: str, tmp_path: Path) -> None:
    with client(ServiceSettings(state=tmp_path / "state", results=f"{bucket}-gone/x", workers=1)) as api:
        row = done(api, ("a.png", outlined()), results="bucket")
        assert (row["state"], row["error"]) == ("failed", "BucketNotFound")
        assert api.get(f"/v1/jobs/{row['id']}/photos/1/packshot").status_code == 200
    refused = run("serve", "--results", f"{bucket}-gone/x")
    assert refused.code != 0
    assert "bucket" in refused.err
