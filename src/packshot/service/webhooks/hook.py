"""What is kept of a message on its way."""

from __future__ import annotations

from pydantic import AwareDatetime, BaseModel, ConfigDict

__all__ = ["Hook"]


class Hook(BaseModel):
    """A message to somebody's address that a batch has ended.

    Attributes:
        url: where it goes.
        attempts: made so far.
        due: when the next one is; None once it was taken, or given up.
        taken: whether the address took it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    attempts: int = 0
    due: AwareDatetime | None = None
    taken: bool = False
