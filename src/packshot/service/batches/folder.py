"""The files of one batch: ``job.json``, ``photos/NUMBER``, and ``out/`` as `packshot run` writes it."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from packshot.storage import output_error, write_atomic

__all__ = ["BatchFolder", "batch_folders", "remove_rest", "safe_name"]

_OTHER = re.compile(r"[^\w.-]+")
_REMOVED = ".removed-"
_LONGEST = 100  # characters


@dataclass(frozen=True, slots=True)
class BatchFolder:
    """One batch on disk; photos are called by their number, never as who sent them calls them.

    Attributes:
        path: of the folder.
    """

    path: Path

    @property
    def photos(self) -> Path:
        """The folder of what was sent."""
        return self.path / "photos"

    @property
    def out(self) -> Path:
        """The output folder of the run."""
        return self.path / "out"

    def write_photo(self, number: int, data: bytes) -> None:
        """Keep a photo; `number` counts from 1.

        Raises:
            OutputError: it could not be written.
        """
        write_atomic(self._photo(number), data)

    def sources(self, count: int) -> list[Path]:
        """The first photos, in the order they came; a further file is of a sender who was not told that it is kept."""
        return [self._photo(number) for number in range(1, count + 1)]

    def _photo(self, number: int) -> Path:
        return self.photos / f"{number:06}"

    def remove(self) -> None:
        """Everything of it; if that is killed or fails half way, `remove_rest` goes on.

        Raises:
            OutputError: nothing of it could be removed.
        """
        going = self.path.with_name(f"{_REMOVED}{self.path.name}")
        try:
            self.path.rename(going)
        except FileNotFoundError:
            return
        except OSError as error:
            raise output_error(self.path, error) from error
        shutil.rmtree(going, ignore_errors=True)


def batch_folders(root: Path) -> list[Path]:
    """The folders of batches that were not removed."""
    return [path for path in root.iterdir() if not path.name.startswith(_REMOVED)]


def remove_rest(root: Path) -> None:
    """Remove what is left of batches that were removed."""
    for path in root.glob(f"{_REMOVED}*"):
        shutil.rmtree(path, ignore_errors=True)


def safe_name(name: str) -> str:
    """A name that can stand in a ZIP on any system: the last part of a path, of letters, digits, ``.``, ``_``, ``-``.

    Example:
        >>> safe_name("../../etc/my shoe.jpg"), safe_name("..")
        ('my_shoe.jpg', 'photo')
    """
    last = re.split(r"[/\\]", name)[-1]
    return _OTHER.sub("_", last).strip("._")[:_LONGEST] or "photo"
