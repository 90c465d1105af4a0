"""What became of one photo for one marketplace profile."""

from __future__ import annotations

from dataclasses import dataclass

from packshot.errors import PackshotError
from packshot.values.findings import RuleResult
from packshot.values.packshot import Packshot
from packshot.values.status import Status

__all__ = ["ProfileResult"]


@dataclass(frozen=True, slots=True, eq=False)
class ProfileResult:
    """The picture made for a marketplace profile, and how it does there.

    Attributes:
        packshot: the finished picture; None where it could not be made.
        rules: the profile's rules that hold now, measured on the finished picture.
        upcoming: its rules that hold later, measured too; they do not count for the status.
        error: why there is no picture.
    """

    packshot: Packshot | None = None
    rules: tuple[RuleResult, ...] = ()
    upcoming: tuple[RuleResult, ...] = ()
    error: PackshotError | None = None

    def __post_init__(self) -> None:
        if (self.packshot is None) == (self.error is None):
            raise ValueError("ProfileResult: expected either a packshot or an error")

    @property
    def status(self) -> Status:
        """``failed`` without a picture, ``review`` where a person should look at it, else ``ok``."""
        if self.packshot is None:
            return Status.FAILED
        return Status.REVIEW if self.broken or self.packshot.enlarged else Status.OK

    @property
    def broken(self) -> bool:
        """Whether a rule that must hold does not."""
        return any(not rule.ok and rule.severity == "must" for rule in self.rules)
