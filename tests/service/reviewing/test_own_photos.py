"""The limits of what strangers may send are none of the photos that this machine's own run has opened."""

from __future__ import annotations

import pytest
from packshot_tests.service import client, outlined
from packshot_tests.shop import HEIGHT, WIDTH, Shop

from packshot.service import ServiceSettings

SMALL = {"max_megapixels": 0.004, "max_upload_megabytes": 0.0001}  # 4000 of the photos' 4800 pixels; 100 bytes


def test_a_run_s_photo_is_shown_whatever_strangers_may_send(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop.root)
    with client(ServiceSettings(runs=(f"shop={shop.out}",), **SMALL)) as api:
        photo = api.get("/v1/reviews/shop/photos").json()["photos"][0]["id"]
        of_it = f"/v1/reviews/shop/photos/{photo}"
        shown = api.get(f"{of_it}/photo")
        assert shown.status_code == 200, shown.text
        assert (shown.headers["X-Width"], shown.headers["X-Height"]) == (str(WIDTH), str(HEIGHT))
        assert api.get(f"{of_it}/mask").status_code == 200
        assert api.get(f"{of_it}/places").status_code == 200


def test_what_strangers_send_is_held_to_the_service_s_limits(shop: Shop) -> None:
    with client(ServiceSettings(runs=(f"shop={shop.out}",), max_megapixels=0.004)) as api:
        refused = api.post("/v1/cutout", files={"file": ("a.png", outlined())})
        assert refused.status_code == 413
        error = refused.json()["error"]
        assert "0.004 megapixels" in error["message"]
        # A client has neither the command's options nor the service's environment.
        assert "--" not in error["remedy"]
        assert "PACKSHOT_" not in error["remedy"]
        assert "smaller" in error["remedy"]
