"""Signatures of webhooks.

Source: Standard Webhooks 1.0.0 (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md):
``webhook-signature`` is ``v1,`` and the base64 of HMAC-SHA256 over ``id.timestamp.body``, one for each secret.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

from packshot.errors import UsageError
from packshot.service.secret_file import secret_lines

__all__ = ["new_secret", "read_secrets", "signed"]

_PREFIX = "whsec_"
_BYTES = 32
_FEWEST, _MOST = 24, 64  # bytes of a secret, as the standard says


def new_secret() -> str:
    """A secret in the standard's form, ``whsec_`` and base64 of 32 random bytes."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode("ascii")


def read_secrets(path: Path) -> tuple[bytes, ...]:
    """The secrets of a file, one a line; while they are exchanged there are two, and messages carry both signatures.

    Raises:
        UsageError: it cannot be read, a line is no secret, or there is none.
    """
    found = []
    for number, text in secret_lines(path):
        try:
            secret = base64.b64decode(text.removeprefix(_PREFIX), validate=True)
        except (binascii.Error, ValueError):
            secret = b""
        if not text.startswith(_PREFIX) or not _FEWEST <= len(secret) <= _MOST:
            raise UsageError(f"{path}, line {number}: expected whsec_ and base64", remedy="packshot serve --new-secret")
        found.append(secret)
    if not found:
        raise UsageError(f"{path} holds no secret", remedy="packshot serve --new-secret")
    return tuple(found)


def signed(keys: Sequence[bytes], *, id: str, timestamp: int, body: bytes) -> Mapping[str, str]:  # noqa: A002 - its name
    """The headers of a message.

    Args:
        keys: each signs it.
        id: of the message, the same at every attempt.
        timestamp: of the attempt, in seconds since 1970.
        body: as it is sent.

    Example:
        >>> import base64
        >>> key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        >>> body = b'{"test": 2432232314}'
        >>> signed([key], id="msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp=1614265330, body=body)["webhook-signature"]
        'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    text = f"{id}.{timestamp}.".encode() + body
    digests = [base64.b64encode(hmac.digest(key, text, hashlib.sha256)).decode("ascii") for key in keys]
    return {
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{digest}" for digest in digests),
    }
