"""Who is signed in: a browser cannot send a key as a header, so it gets a cookie that stands for one."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import OrderedDict

from packshot.service.keys import Key

__all__ = ["COOKIE", "SIGN_IN_SECONDS", "SignIns"]

COOKIE = "packshot_sign_in"
SIGN_IN_SECONDS = 12 * 3600
_MOST = 10_000


class SignIns:
    """Who is signed in. Kept in memory: a restart signs everybody out.

    Example:
        >>> from packshot.service.keys import new_key
        >>> signed_in = SignIns()
        >>> token = signed_in.add(new_key("studio")[1])
        >>> signed_in.find(token).name, signed_in.find("guess")
        ('studio', None)
    """

    def __init__(self) -> None:
        self._keys: OrderedDict[str, tuple[float, Key]] = OrderedDict()

    def add(self, key: Key) -> str:
        """Sign a key in; gives the cookie's value, of 256 random bits."""
        token = secrets.token_urlsafe(32)
        self._keys[_digest(token)] = time.monotonic() + SIGN_IN_SECONDS, key
        while len(self._keys) > _MOST:
            self._keys.popitem(last=False)
        return token

    def find(self, token: str) -> Key | None:
        """The key that signed in, for twelve hours."""
        until, key = self._keys.get(_digest(token), (0.0, None))
        return key if time.monotonic() < until else None

    def end(self, token: str) -> None:
        """Sign out."""
        self._keys.pop(_digest(token), None)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
