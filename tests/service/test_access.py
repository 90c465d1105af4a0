"""Who may ask: by host name, origin, key and rate."""

from __future__ import annotations

import pytest
from packshot_tests.service import QUICK, client, outlined

from packshot.errors import UsageError
from packshot.service import KeyRing, ServiceSettings, new_key
from packshot.service.app import create_app

PHOTO = {"file": ("a.png", outlined())}
ELSEWHERE = ServiceSettings(host="0.0.0.0")


def test_off_loopback_there_must_be_keys() -> None:
    with pytest.raises(UsageError, match="no key is asked for"):
        create_app(QUICK, ELSEWHERE)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_loopback_needs_none(host: str) -> None:
    assert create_app(QUICK, ServiceSettings(host=host))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "::ffff:10.0.0.1", "example.com", ""])
def test_everything_else_is_not_loopback(host: str) -> None:
    assert not ServiceSettings(host=host).on_loopback


@pytest.mark.parametrize("model", ["../cutout", "/tmp/x.onnx", "a\\b", "mine.onnx"])
def test_a_path_is_no_name_of_a_model(model: str) -> None:
    with pytest.raises(UsageError, match="is a path"):
        create_app(QUICK, ServiceSettings(models=(model,)))


@pytest.mark.parametrize("host", ["localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080", "LOCALHOST"])
def test_own_names_on_loopback(host: str) -> None:
    with client() as api:
        assert api.get("/v1/profiles", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "10.0.0.1", ""])
def test_a_name_that_was_rebound_is_refused(host: str) -> None:
    with client() as api:
        answer = api.get("/v1/profiles", headers={"Host": host})
        assert (answer.status_code, answer.json()["error"]["code"]) == (421, "unknown_host")
        assert api.get("/health", headers={"Host": host}).status_code == 421


def test_a_name_of_its_own_may_be_given() -> None:
    with client(ServiceSettings(hosts=("photos.lan",))) as api:
        assert api.get("/health", headers={"Host": "photos.lan:8080"}).status_code == 200


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:9999", "http://[", "http://localhost:port"]
)
def test_pages_of_other_sites_may_not_call(origin: str) -> None:
    with client() as api:
        answer = api.post("/v1/cutout", files=PHOTO, headers={"Origin": origin})
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "other_origin")
        asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        assert api.options("/v1/cutout", headers=asked).status_code == 403


def test_no_answer_opens_the_service_to_other_sites() -> None:
    with client() as api:
        answer = api.post("/v1/cutout", files=PHOTO, headers={"Origin": "http://localhost"})
    assert answer.status_code == 200
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_keys() -> None:
    secret, key = new_key("studio")
    with client(ELSEWHERE, keys=KeyRing([key])) as api:
        for headers in ({"X-API-Key": secret}, {"Authorization": f"Bearer {secret}"}):
            assert api.post("/v1/cutout", files=PHOTO, headers=headers).status_code == 200
        for headers in ({}, {"X-API-Key": "guess"}, {"Authorization": f"Basic {secret}"}, {"X-API-Key": key.digest}):
            answer = api.post("/v1/cutout", files=PHOTO, headers=headers)
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorised")
            assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "path", ["/metrics", "/openapi.json", "/v1/models", "/v1/profiles", "/v1.0/account", "/api/remove"]
)
def test_everything_but_health_needs_the_key(path: str) -> None:
    with client(ELSEWHERE, keys=KeyRing([new_key("studio")[1]])) as api:
        assert api.get(path).status_code in {401, 403}
        assert api.get("/health").status_code == api.get("/ready").status_code == 200


def test_a_bad_key_as_removebg_says_it() -> None:
    with client(ELSEWHERE, keys=KeyRing([new_key("studio")[1]])) as api:
        answer = api.post("/v1.0/removebg", files={"image_file": ("a.png", outlined())}, headers={"X-API-Key": "no"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "auth_failed")


def test_the_limit_of_a_key() -> None:
    secret, key = new_key("studio", per_minute=2)
    other, unlimited = new_key("other")
    headers = {"X-API-Key": secret}
    with client(ELSEWHERE, keys=KeyRing([key, unlimited])) as api:
        first, second, third = (api.post("/v1/cutout", files=PHOTO, headers=headers) for _ in range(3))
        assert [first.status_code, second.status_code, third.status_code] == [200, 200, 429]
        assert [each.headers["x-ratelimit-remaining"] for each in (first, second, third)] == ["1", "0", "0"]
        assert first.headers["x-ratelimit-limit"] == "2"
        assert 0 < int(third.headers["retry-after"]) <= 30
        assert api.get("/v1.0/account", headers=headers).json()["data"]["attributes"]["api"]["free_calls"] == 0
        free = api.post("/v1/cutout", files=PHOTO, headers={"X-API-Key": other})
        assert free.status_code == 200
        assert "x-ratelimit-limit" not in free.headers  # no number where there is no limit
        drop_in = api.post("/v1.0/removebg", files={"image_file": ("a.png", outlined())}, headers=headers)
        assert (drop_in.status_code, drop_in.json()["errors"][0]["code"]) == (429, "rate_limit_exceeded")
        assert "retry-after" in drop_in.headers
