"""The shell of the pages: what it may load, and who may see it."""

from __future__ import annotations

import re

import pytest
from packshot_tests.service import client
from starlette.testclient import TestClient

from packshot.service.keys import KeyRing, new_key
from packshot.service.settings import ServiceSettings

HTML = {"Accept": "text/html"}


@pytest.mark.parametrize("address", ["/", "/review", "/catalogue", "/runs"])
def test_a_page_loads_its_own_files_and_holds_no_inline_script(api: TestClient, address: str) -> None:
    page = api.get(address)
    assert page.status_code == 200
    (policy,) = page.headers.get_list("content-security-policy")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == "'self'"
    assert "unsafe" not in policy
    assert not re.search(r"<style|<script>|\sstyle=|\son\w+=", page.text)
    files = re.findall(r'(?:href|src)="(/assets/[^"]+)"', page.text)
    assert files
    for each in files:
        file = api.get(each)
        assert file.status_code == 200
        assert "immutable" in file.headers["cache-control"]


@pytest.mark.parametrize(
    "name", ["../tokens.py", "%2e%2e/rendering.py", "run_report.js", "service%2f..%2flabelling/label.js", "etc"]
)
def test_files_come_from_a_list(api: TestClient, name: str) -> None:
    assert api.get(f"/assets/1/{name}").status_code == 404


def test_a_key_is_shown_once_and_a_cookie_stands_for_it() -> None:
    secret, key = new_key("studio")
    with client(ServiceSettings(host="0.0.0.0"), keys=KeyRing([key])) as api:
        sent_away = api.get("/", headers=HTML, follow_redirects=False)
        assert (sent_away.status_code, sent_away.headers["location"]) == (303, "/sign-in")
        assert api.get("/v1/profiles", headers=HTML | {"Accept": "*/*"}).status_code == 401
        wrong = api.post("/sign-in", data={"key": "ps_guess"})
        assert wrong.status_code == 403
        assert "set-cookie" not in wrong.headers
        assert api.post("/sign-in", data={"key": "x" * 5000}).status_code == 413  # nobody has shown a key yet
        assert api.post("/sign-in", content=b"a=1&key=x&key=y;%ff").status_code == 403
        right = api.post("/sign-in", data={"key": f" {secret} "}, follow_redirects=False)
        cookie = right.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert secret not in cookie
        assert "studio" in api.get("/", headers=HTML).text
        assert api.get("/v1/profiles").status_code == 200
        assert api.post("/v1/cutout", headers={"Origin": "http://elsewhere.example"}).status_code == 403
        stolen = dict(api.cookies)
        api.post("/sign-out")
        api.cookies.update(stolen)
        assert api.get("/v1/profiles").status_code == 401
