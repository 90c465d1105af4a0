"""Keys on disk and the rate they allow."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from packshot.errors import UsageError
from packshot.service import new_key, read_keys
from packshot.service.rate import Rates


def test_a_key_is_kept_as_its_hash(tmp_path: Path) -> None:
    secret, key = new_key("studio", per_minute=60)
    assert len(secret) > 40
    assert key.line == f"studio sha256:{hashlib.sha256(secret.encode()).hexdigest()} 60/min"
    assert secret not in key.line
    other, second = new_key("night-run")
    file = tmp_path / "keys.txt"
    file.write_text(f"# keys\n\n{key.line}  # the studio's\n{second.line}\n")
    ring = read_keys(file)
    assert ring.find(secret) == key
    assert ring.find(other) == second
    assert ring.find("") is None
    assert ring.find("\udcff") is None


@pytest.mark.parametrize(
    "text", ["", "# none\n", "studio secret\n", "studio sha256:00\n", "studio sha256:" + "0" * 64 + " 0/min"]
)
def test_a_file_that_is_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "keys.txt"
    file.write_text(text)
    with pytest.raises(UsageError) as caught:
        read_keys(file)
    assert "secret" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_keys(tmp_path / "keys.txt")


@pytest.mark.parametrize("name", ["", "a b", "ä", "x" * 65, "a/b"])
def test_names(name: str) -> None:
    with pytest.raises(UsageError):
        new_key(name)


def test_a_bucket_fills_evenly() -> None:
    now = 0.0
    rates = Rates(clock=lambda: now)
    assert [rates.take("a", 60).remaining for _ in range(3)] == [59, 58, 57]
    now = 2.0
    assert rates.peek("a", 60).remaining == 59
    for _ in range(59):
        assert rates.take("a", 60).allowed
    refused = rates.take("a", 60)
    assert (refused.allowed, refused.retry_in_s, refused.full_in_s) == (False, 1, 60)
    now = 1000.0
    assert rates.peek("a", 60).remaining == 60
