"""Keys of shops: from the environment or the system's keyring, and never shown."""

from __future__ import annotations

import os

from pydantic import SecretStr

from packshot.errors import UsageError

__all__ = ["credential", "optional_credential"]

#: What packshot's entries are called in the keyring.
_SERVICE = "packshot"


def credential(variable: str, target: str, *, what: str) -> SecretStr:
    """A key, from the environment first, then from the keyring.

    Args:
        variable: of the environment.
        target: whose key it is; the user name of the keyring's entry.
        what: it is, for the message.

    Returns:
        The key; it prints as asterisks.

    Raises:
        UsageError: there is none, or it has signs that no header carries.
    """
    found = optional_credential(variable, target)
    if found is None:
        raise UsageError(f"{target}: no {what}", remedy=f"set {variable}, or store it: keyring set {_SERVICE} {target}")
    text = found.get_secret_value()
    if not text.isprintable() or not text.isascii():
        raise UsageError(f"{variable}: has signs that no {what} has, such as an end of line", remedy="set it once more")
    return found


def optional_credential(variable: str, target: str) -> SecretStr | None:
    """A key as of `credential`; None where there is none."""
    found = os.environ.get(variable) or _from_keyring(target)
    return SecretStr(found) if found else None


def _from_keyring(target: str) -> str | None:
    try:
        import keyring  # noqa: PLC0415  # of the extra, and slow where a desktop is asked
        from keyring.errors import KeyringError  # noqa: PLC0415
    except ImportError:
        return None
    try:
        return keyring.get_password(_SERVICE, target)
    except KeyringError:  # none is installed, or it stays locked
        return None
