"""The key that asks, as `packshot.service.access` found it: what belongs to a key is kept under its name."""

from __future__ import annotations

from starlette.requests import Request

from packshot.service.keys import Key

__all__ = ["asking_key", "owner_of"]


def asking_key(request: Request) -> Key | None:
    """The key; None where the service asks for none, or not at this address."""
    key: Key | None = getattr(request.state, "key", None)
    return key


def owner_of(request: Request) -> str | None:
    """The key's name, to which jobs, kept photos and answers belong; None without a key."""
    key = asking_key(request)
    return None if key is None else key.name
