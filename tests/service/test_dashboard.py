"""Runs and duplicates over HTTP: what the pages show of them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from packshot_tests.command import run
from packshot_tests.networks import write_network
from packshot_tests.photos import save, soft
from packshot_tests.service import QUICK, client
from packshot_tests.shop import Shop
from PIL import Image

from packshot.batch.incoming import IncomingPhotos
from packshot.batch.watched import WatchFile, read_watch
from packshot.service import ServiceSettings


def test_a_run_says_how_far_it_is_and_what_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = Shop(tmp_path)
    shop.add("photos/a.png", tint=1)
    shop.add("photos/b.png", tint=2, status="review", review=["mask"], doubts=["held"], uncertainty=0.09)
    monkeypatch.chdir(shop.root)
    serving = ServiceSettings(runs=(f"shop={shop.out}", f"tomorrow={tmp_path / 'not-there'}"))
    with client(serving) as api:
        first, other = api.get("/v1/runs").json()
        assert (first["name"], first["photos"], first["done"], first["waiting"]) == ("shop", 2, 2, 1)
        assert first["statuses"] == {"ok": 1, "review": 1}
        (channel,) = first["channels"]
        assert (channel["photos"], channel["ready"], channel["look"]) == (2, 1, 1)
        assert other["error"]["code"] == "UsageError"
        assert str(tmp_path) not in str(other)
        queue = api.get("/v1/reviews/shop/photos").json()["photos"]
        photo = next(each for each in queue if each["status"] == "review")
        address = f"/v1/reviews/shop/photos/{photo['id']}/decisions"
        assert api.post(address, json={"decision": {"kind": "approve"}, "seen": photo["seen"]}).status_code < 300
        decided = api.get("/v1/runs/shop").json()
        assert (decided["waiting"], decided["channels"][0]["ready"]) == (0, 2)
        assert api.get("/v1/runs/elsewhere").status_code == 404


def test_a_watched_folder_is_shown_with_its_last_photos_and_what_was_left_out(tmp_path: Path) -> None:
    photos, out = tmp_path / "in", tmp_path / "out"
    save(photos / "a.png", soft(1, (64, 48)))
    (photos / "broken.png").write_bytes((photos / "a.png").read_bytes()[:300])
    (photos / "list.txt").write_text("shoes")
    watched = WatchFile(out, (str(photos),))
    incoming = IncomingPhotos([photos], out, settle_s=0, patience_s=0)
    with client(ServiceSettings(runs=(f"studio={out}",))) as api, watched.alive():
        assert api.get("/v1/runs").json()[0]["watch"] is None
        assert incoming.scan()
        assert run("run", photos, "-o", out, "--describe-model", "none", "--jobs", 1).code == 3
        incoming.mark_done()
        watched.tell(incoming)
        (row,) = api.get("/v1/runs").json()
        watch = row["watch"]
        assert (watch["alive"], watch["folders"], watch["working"], watch["coming"]) == (True, ["in"], 0, [])
        assert [(one["name"], "text" in one["reason"]) for one in watch["left_out"]] == [("list.txt", True)]
        last = {one["name"]: one for one in row["last"]}
        assert set(last) == {"a.png", "broken.png"}
        assert (last["broken.png"]["status"], last["broken.png"]["error"]) == ("failed", "DamagedPhoto")
        picture = api.get(f"/v1/reviews/studio/photos/{last['a.png']['id']}/photo?side=160")
        assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
        assert str(tmp_path) not in str(row)
    assert read_watch(out) is not None


def test_duplicates_of_a_catalogue_are_found_in_groups_with_the_one_to_keep(tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    for seed in range(3):
        save(photos / f"{seed}.png", soft(seed, (320, 240)))
    Image.open(photos / "1.png").resize((160, 120)).save(photos / "small.png")
    write_network(tmp_path / "tiny.onnx")
    options = ("-c", str(tmp_path / "goods"), "--describe-model", str(tmp_path / "tiny.onnx"), "--jobs", "1")
    done = run("index", str(photos), *options)
    assert done.code == 0, done.err
    settings = QUICK.model_copy(update={"describe_model": str(tmp_path / "tiny.onnx")})
    with client(ServiceSettings(catalogues=(str(tmp_path / "goods"),)), settings=settings) as api:
        address = "/v1/catalogues/goods/duplicates"
        assert api.get(address).json()["error"]["code"] == "no_scan"
        assert api.post(address).status_code == 202
        found: dict[str, Any] = {"state": "running"}
        deadline = time.monotonic() + 120
        while found["state"] == "running" and time.monotonic() < deadline:
            time.sleep(0.1)
            found = api.get(address).json()
        assert (found["state"], found["failed"]) == ("done", 0)
        (group,) = found["groups"]
        best, copy = sorted(group["members"], key=lambda member: not member["best"])
        assert (Path(best["source"]).name, Path(copy["source"]).name) == ("1.png", "small.png")
        assert copy["kind"] == "resized"
        assert api.get(f"/v1/catalogues/goods/items/{copy['id']}/picture").status_code == 200
        assert api.post("/v1/catalogues/other/duplicates").status_code == 404
