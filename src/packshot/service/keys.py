"""Keys of the service: shown once when they are made, kept as hashes, compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from packshot.errors import UsageError
from packshot.service.secret_file import secret_lines

__all__ = ["Key", "KeyRing", "new_key", "read_keys"]

_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
_LINE = re.compile(r"(?P<name>\S+)\s+sha256:(?P<digest>[0-9a-f]{64})(?:\s+(?P<limit>[1-9][0-9]{0,6})/min)?")


@dataclass(frozen=True, slots=True)
class Key:
    """What is kept of a key.

    Attributes:
        name: whose it is.
        digest: SHA-256 of the secret, 64 hexadecimal digits. A key has 256 random bits, so a slow hash adds nothing.
        per_minute: requests it allows; None is no limit.
    """

    name: str
    digest: str
    per_minute: int | None = None

    @property
    def line(self) -> str:
        """As the file has it."""
        limit = "" if self.per_minute is None else f" {self.per_minute}/min"
        return f"{self.name} sha256:{self.digest}{limit}"


class KeyRing:
    """The keys that open the service.

    Example:
        >>> secret, key = new_key("studio")
        >>> KeyRing([key]).find(secret).name, KeyRing([key]).find("guess")
        ('studio', None)
    """

    def __init__(self, keys: Iterable[Key] = ()) -> None:
        self._keys = tuple(keys)

    def __bool__(self) -> bool:
        return bool(self._keys)

    def find(self, secret: str) -> Key | None:
        """The key with this secret; every key is compared, so that time tells nothing."""
        digest, found = _digest(secret), None
        for key in self._keys:
            if hmac.compare_digest(digest, key.digest):
                found = key
        return found


def new_key(name: str, *, per_minute: int | None = None) -> tuple[str, Key]:
    """Make a key.

    Args:
        name: whose it is: letters, digits, ``.``, ``_`` and ``-``.
        per_minute: requests it allows; None is no limit.

    Returns:
        The secret, which nobody can show again, and what is kept of it.

    Raises:
        UsageError: the name has other characters.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name for a key", remedy="use up to 64 letters, digits, '.', '_' and '-'")
    secret = "ps_" + secrets.token_urlsafe(32)
    return secret, Key(name, _digest(secret), per_minute)


def read_keys(path: Path) -> KeyRing:
    """Read a file of keys: ``NAME sha256:HASH [N/min]`` a line; empty lines and ``#`` are passed over.

    Raises:
        UsageError: it cannot be read, a line is something else, or there is no key in it.
    """
    keys = []
    for number, text in secret_lines(path):
        found = _LINE.fullmatch(text)
        if found is None:
            raise UsageError(
                f"{path}, line {number}: expected NAME sha256:HASH [N/min]", remedy="packshot serve --new-key NAME"
            )
        limit = found["limit"]
        keys.append(Key(found["name"], found["digest"], None if limit is None else int(limit)))
    if not keys:
        raise UsageError(f"{path} holds no key", remedy="packshot serve --new-key NAME")
    return KeyRing(keys)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
