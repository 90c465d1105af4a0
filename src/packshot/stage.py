"""What the stages of the pipeline have in common: a name, a revision and a fingerprint."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

__all__ = ["Stage"]


class Stage(ABC):
    """One stage: made once with its settings, then called for each photo.

    A subclass has a ``__call__`` with its own arguments; `packshot.pipeline.Pipeline.run` calls them all.

    Attributes:
        name: of the stage's room; in timings, in the report, and for ``until``.
        revision: raise it with every change after which the same photo may come out differently: results of the
            revision before are made again. ``tests/test_revisions.py`` fails where that was forgotten.
    """

    name: ClassVar[str]
    revision: ClassVar[int]

    @property
    def fingerprint(self) -> Mapping[str, object]:
        """Changes whenever the same photo could come out differently; plain JSON values."""
        return {"revision": self.revision, **self.settings()}

    @abstractmethod
    def settings(self) -> Mapping[str, object]:
        """What the stage's results depend on beside the photo and the code; plain JSON values."""
