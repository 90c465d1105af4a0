"""Photos that are kept while a person works on them: whose they are, how long, and what strokes do."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from packshot_tests.service import client, opened, outlined, png
from starlette.testclient import TestClient

from packshot.service.kept.photos import KeptPhotos
from packshot.service.keys import KeyRing, new_key
from packshot.service.refusal import Refusal
from packshot.service.settings import ServiceSettings
from packshot.web.run_report.words import DOUBT_FIXES

ERASE = {"kind": "erase", "radius": 4, "points": [[25, 20], [35, 20]], "reach": 0}
KEEP = {"kind": "keep", "radius": 3, "points": [[60, 50]], "reach": 0}
FREE = {"kind": "erase", "radius": 3, "points": [[50, 36], [56, 36]]}


def opened_photo(api: TestClient, data: bytes | None = None) -> dict[str, Any]:
    answer = api.post("/v1/photos", files={"file": data or outlined()})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def draw(api: TestClient, photo: str, strokes: Sequence[object]) -> tuple[np.ndarray, str]:
    answer = api.post(f"/v1/photos/{photo}/strokes", files={"strokes": json.dumps({"strokes": strokes})})
    assert answer.status_code == 200, answer.text
    return opened(answer.content), answer.headers["x-mask"]


def test_a_doubt_is_told_in_the_words_of_the_report(api: TestClient) -> None:
    pixels = np.full((96, 96, 3), 235, np.uint8)
    pixels[30:, 20:70] = (180, 40, 30)  # cut off by the photo's edge
    photo = opened_photo(api, png(pixels))
    assert "cut-off" in photo["doubts"]
    assert photo["doubt_words"] == [DOUBT_FIXES[doubt] for doubt in photo["doubts"]]


def test_strokes_change_the_mask_where_they_are_and_undo_gives_the_same_bytes_again(api: TestClient) -> None:
    photo = opened_photo(api)
    before, first = draw(api, photo["id"], [])
    assert first == photo["mask"]
    assert before.shape == (60, 80)
    both, second = draw(api, photo["id"], [ERASE, KEEP])
    assert (both[20, 25:36] == 0).all()
    assert both[50, 60] == 255
    untouched = np.ones(before.shape, bool)
    untouched[8:32, 13:47] = untouched[39:, 49:71] = False  # the paint, and six pixels in which an edge is blended
    assert (both[untouched] == before[untouched]).all()
    again, name = draw(api, photo["id"], [])
    assert name == first
    assert (again == before).all()
    assert draw(api, photo["id"], [ERASE, KEEP])[1] == second


def test_strokes_one_after_the_other_give_what_all_at_once_give(api: TestClient) -> None:
    one, other = opened_photo(api)["id"], opened_photo(api)["id"]
    strokes = [FREE, KEEP, ERASE]
    for count in range(1, 4):
        slow, _ = draw(api, one, strokes[:count])
    fast, _ = draw(api, other, strokes)
    assert (slow == fast).all()


def test_a_photo_without_a_product_can_be_drawn(api: TestClient) -> None:
    grey = np.full((60, 80, 3), 128, np.uint8)
    photo = opened_photo(api, png(grey))
    assert photo["problem"]["code"] == "NothingToCutOut"
    mask, name = draw(api, photo["id"], [KEEP])
    assert mask[50, 60] == 255
    cutout = opened(api.get(f"/v1/photos/{photo['id']}/cutout", params={"mask": name}).content)
    assert cutout.shape == (60, 80, 4)
    assert cutout[50, 60].tolist() == [128, 128, 128, 255]
    assert cutout[5, 5, 3] == 0


def test_a_reduced_cut_out_keeps_the_colours_of_its_rim(api: TestClient) -> None:
    """Against means of 8 x 8 pixels each, in which a colour counts as far as it can be seen."""
    photo = opened_photo(api, outlined(200, 160, box=(41, 31, 141, 111)))
    address, mask = f"/v1/photos/{photo['id']}/cutout", photo["mask"]
    whole = opened(api.get(address, params={"mask": mask}).content).astype(np.float64)
    small = opened(api.get(address, params={"mask": mask, "side": 25}).content).astype(np.float64)
    whole[..., :3] *= whole[..., 3:] / 255
    expected = whole.reshape(20, 8, 25, 8, 4).mean(axis=(1, 3))
    small[..., :3] *= small[..., 3:] / 255
    rim = (expected[..., 3] > 0) & (expected[..., 3] < 255)
    assert rim.sum() > 20
    np.testing.assert_allclose(small, expected, atol=1.01)


def test_a_picture_for_a_marketplace_says_which_rules_it_breaks_and_what_helps(api: TestClient) -> None:
    photo = opened_photo(api, outlined(200, 160, box=(40, 30, 140, 110)))

    def made(**query: object) -> dict[str, Any]:
        answer = api.post(f"/v1/photos/{photo['id']}/packshot", params={"mask": photo["mask"], **query})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    coloured = made(profile="amazon", background="#00ff00")
    broken = {rule["id"]: rule["fix"] for rule in coloured["rules"] if not rule["ok"]}
    assert broken["background-white"] == "white"
    assert broken["zoom"] == "enlarge"
    helped = made(profile="amazon", background="#ffffff", enlarge=True)
    assert helped["width"] > coloured["width"]
    assert next(rule for rule in helped["rules"] if rule["id"] == "background-white")["ok"]
    clear = made(background="transparent")
    assert clear["media_type"] == "image/png"


def test_the_background_can_be_a_picture(api: TestClient) -> None:
    photo, blue = opened_photo(api), np.full((30, 30, 3), (20, 40, 220), np.uint8)
    address = f"/v1/photos/{photo['id']}/packshot?mask={photo['mask']}&background=picture"
    assert api.post(address, files={"other": png(blue)}).json()["error"]["code"] == "missing_file"
    answer = api.post(address, files={"backdrop": png(blue)})
    assert answer.status_code == 200
    assert answer.json()["width"] == 80


def test_what_is_kept_goes_in_time_or_when_it_is_told_to(api: TestClient) -> None:
    photo = opened_photo(api)["id"]
    assert api.get(f"/v1/photos/{photo}/view").status_code == 200
    assert api.delete(f"/v1/photos/{photo}").status_code == 204
    gone = api.get(f"/v1/photos/{photo}/view")
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "photo_gone")
    now = [0.0]
    kept = KeptPhotos(60, 1000, clock=lambda: now[0])
    try:
        old, new = kept.add(None), kept.add(None)
        now[0] = 59
        kept.find(new.id, None)
        now[0] = 61
        assert kept.find(new.id, None) is new
        with pytest.raises(Refusal, match="photo_gone"):
            kept.find(old.id, None)
        assert not old.folder.exists()
        third = kept.add(None)
        for each in (new, third):
            (each.folder / "file").write_bytes(bytes(600))
            kept.weigh(each)
        assert not new.folder.exists()  # no room for both, and it was not asked for the longest
        assert third.folder.exists()
        root = third.folder.parent
        shutil.rmtree(root)  # as a cleaner of temporary files does
        with pytest.raises(Refusal, match="photo_gone"):
            kept.find(third.id, None)
        assert kept.add(None).folder.is_dir()
    finally:
        kept.close()
    assert not root.exists()


def test_what_a_killed_service_kept_goes_with_the_start_of_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yesterday = time.time() - 86_400
    running = KeptPhotos(60, 1000)
    running.add(None)
    (alive,) = tmp_path.iterdir()
    for name in ("packshot-kept-killed", "packshot-kept-young", "somebody-elses"):
        (tmp_path / name / "photo").mkdir(parents=True)
        (tmp_path / name / "photo" / "pixels").write_bytes(b"a face")
    (tmp_path / "packshot-kept-link").symlink_to(tmp_path / "somebody-elses")
    for path in (alive, tmp_path / "packshot-kept-killed", tmp_path / "somebody-elses"):
        os.utime(path, (yesterday, yesterday))
    with client(ServiceSettings()):
        left = {path.name for path in tmp_path.iterdir()}
    assert left == {alive.name, "packshot-kept-young", "somebody-elses", "packshot-kept-link"}
    running.close()
    assert not alive.exists()


@pytest.mark.parametrize("photo", ["..", "%2e%2e", "a" * 32, "../" * 8 + "etc", "x" * 5000])
def test_an_id_is_never_a_path(api: TestClient, photo: str) -> None:
    assert api.get(f"/v1/photos/{photo}/view").status_code == 404


@pytest.mark.parametrize("mask", ["../photo", "g" * 32, "", "0" * 31])
def test_the_name_of_a_mask_is_never_a_path(api: TestClient, mask: str) -> None:
    photo = opened_photo(api)["id"]
    assert api.get(f"/v1/photos/{photo}/cutout", params={"mask": mask}).status_code == 422


def test_strokes_that_cannot_be_drawn_are_refused(api: TestClient) -> None:
    photo = opened_photo(api)["id"]

    def refused(strokes: object) -> tuple[int, str]:
        answer = api.post(f"/v1/photos/{photo}/strokes", files={"strokes": json.dumps(strokes)})
        return answer.status_code, answer.json()["error"]["code"]

    assert refused({"strokes": [{**ERASE, "radius": 0}]}) == (422, "invalid_strokes")
    assert refused({"strokes": [], "folder": "/etc"}) == (422, "invalid_strokes")
    assert refused({"strokes": [{**ERASE, "points": [[900, 900]]}]}) == (400, "UsageError")
    assert refused({"subject": "person", "strokes": []}) == (400, "mask_gone")


def test_a_photo_belongs_to_the_key_that_sent_it_and_nothing_stays_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # other processes of tests keep photos, too
    (mine, key), (others, other) = new_key("mine"), new_key("others")
    with client(ServiceSettings(host="0.0.0.0"), keys=KeyRing([key, other])) as api:
        sent = api.post("/v1/photos", files={"file": outlined()}, headers={"X-API-Key": mine})
        address = f"/v1/photos/{sent.json()['id']}/view"
        assert api.get(address, headers={"X-API-Key": mine}).status_code == 200
        assert api.get(address, headers={"X-API-Key": others}).status_code == 404
        assert api.post("/v1/photos", files={"file": b""}, headers={"X-API-Key": mine}).status_code == 422
        (root,) = tmp_path.glob("packshot-kept-*")
        assert len([path for path in root.iterdir() if path.is_dir()]) == 1  # what was refused is not kept
        assert root.stat().st_mode & 0o077 == 0
    assert not root.exists()
