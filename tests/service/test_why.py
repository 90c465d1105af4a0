"""Why a photo is called what it is called and which evidence speaks against its cut-out, over HTTP."""

from __future__ import annotations

import base64

import numpy as np
import pytest
from packshot_tests.service import client, opened, png
from packshot_tests.shop import Shop

from packshot.service import ServiceSettings


def _disc() -> np.ndarray:
    """A red disc that the lower edge cuts off."""
    rows, columns = np.mgrid[:120, :160]
    disc = (columns - 80) ** 2 + (rows - 95) ** 2 < 50**2
    background = np.random.default_rng(3).integers(90, 120, (120, 160, 1))
    return np.where(disc[..., None], (210, 60, 40), background).astype(np.uint8)


def test_of_a_photo_on_the_page() -> None:
    with client() as api:
        kept = api.post("/v1/photos", files={"file": png(_disc())}).json()
        found = api.get(f"/v1/photos/{kept['id']}/why", params={"mask": kept["mask"]})
        assert found.status_code == 200, found.text
        why = found.json()
        edge = next(each for each in why["reasons"] if each["figure"] == "cut_off")
        assert edge["decisive"]
        assert any(box[3] == 120 for box in edge["boxes"])  # the lower edge
        picture = opened(base64.b64decode(why["pictures"]["review"].removeprefix("data:image/jpeg;base64,")))
        assert picture.shape == (120, 160, 3)
        assert api.get(f"/v1/photos/{kept['id']}/why", params={"mask": "0" * 32}).status_code >= 400
        assert api.get(f"/v1/photos/{kept['id']}/why").status_code == 422


def test_of_a_photo_under_review(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = Shop(tmp_path)
    shop.add("photos/a.png", tint=1, status="review", review=["mask"], doubts=["outline"], uncertainty=0.09)
    shop.write()
    monkeypatch.chdir(shop.root)
    with client(ServiceSettings(runs=(f"shop={shop.out}",))) as api:
        (row,) = api.get("/v1/reviews/shop/photos").json()["photos"]
        why = api.get(f"/v1/reviews/shop/photos/{row['id']}/why").json()
        assert set(why) == {"said", "reasons", "nearest", "pictures"}
        assert "review" in why["pictures"]
        assert api.get("/v1/reviews/shop/photos/0123456789abcdef/why").status_code == 404
