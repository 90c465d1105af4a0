"""What packshot made itself, so that results are inputs only where somebody asked for them.

A run's results lie in folders of their own beside its state. Other commands list theirs (`packshot.storage.results`),
for they may write between photos. Results were asked for where a file among them was named, a folder of a run's results
(``out/packshots``), or a folder or glob that holds nothing but listed ones.
"""

from __future__ import annotations

import os
from pathlib import Path

from packshot.errors import UsageError
from packshot.storage.lock import STATE_FOLDER
from packshot.storage.results import listed_results

__all__ = ["PRODUCT_FOLDERS", "OwnResults", "is_folder", "refuse_run_results"]

PRODUCT_FOLDERS = frozenset(
    {"packshots", "channels", "cutouts", "masks", "heatmaps", "catalogue", "review", "delivery", "trash", "why"}
)
"""What runs, reviews and deliveries write into an output folder."""


def is_folder(path: Path) -> bool:
    """Whether a folder is there; `Path.is_dir` raises where the name is too long to be one."""
    return os.path.isdir(path)  # noqa: PTH112


def refuse_run_results(folder: Path, *, option: str) -> None:
    """Refuse to write among the results of a run: they would be taken for its own, or lie where it writes.

    Args:
        folder: where a command shall write; it need not be there.
        option: that named it, for the message.

    Raises:
        UsageError: it is, or lies in, a folder that a run writes its results to.
    """
    here = _absolute(folder)
    within = (each.parent for each in (here, *here.parents) if each.name in PRODUCT_FOLDERS)
    run = next((each for each in within if _keeps_state(each)), None)
    if run is not None:
        raise UsageError(
            f"{option} {folder} lies among the results of the run in {run}",
            remedy="name another folder; to go on with that run, name its own",
        )


class OwnResults:
    """Tells results from photos, for one command.

    Args:
        out: the output folder of a run, whose results are never inputs of it.
        pictures: the folder another command writes its pictures to, which are never inputs of it.
    """

    def __init__(self, *, out: Path | None = None, pictures: Path | None = None) -> None:
        self._out = None if out is None else _absolute(out)
        self._pictures = None if pictures is None else _absolute(pictures)
        self._listed: dict[Path, frozenset[str]] = {}
        self._listed_here: frozenset[str] | None = None

    def refuse_as_source(self, path: Path) -> None:
        """Refuse what this very command would write.

        Raises:
            UsageError: `path` is, or lies in, a result of an earlier run of the same command.
        """
        out = self._out or self._pictures
        made = self.is_listed_here(path) or (self.is_of_this_run(path) and _keeps_state(self._out))
        if made:
            raise UsageError(
                f"{path} is a result of an earlier run into {out}",
                remedy="name the photo it was made from, or another output folder",
            )

    def is_of_this_run(self, path: Path) -> bool:
        """Whether a path is or lies in a folder that this run writes results to."""
        here = _absolute(path)
        if self._out is None or here == self._out or not here.is_relative_to(self._out):
            return False
        return here.relative_to(self._out).parts[0] in PRODUCT_FOLDERS

    def is_of_run(self, path: Path) -> bool:
        """Whether a path is or lies in a folder of results, of this run or any that left its state."""
        here = _absolute(path)
        return self.is_of_this_run(path) or any(
            parent.name in PRODUCT_FOLDERS and _keeps_state(parent.parent) for parent in (here, *here.parents)
        )

    def is_listed(self, path: Path) -> bool:
        """Whether a folder above lists this file as a result."""
        here = _absolute(path)
        return str(here) in self._listed_above(here.parent)

    def is_listed_here(self, path: Path) -> bool:
        """Whether this command's own folder lists this file as a result."""
        if self._listed_here is None:
            top = self._pictures or self._out
            self._listed_here = frozenset() if top is None else _listed_in(top)
        return str(_absolute(path)) in self._listed_here

    def holds_listed(self, folder: Path) -> bool:
        """Whether a folder is one that lists results, or lies in one."""
        return bool(self._listed_above(_absolute(folder)))

    def _listed_above(self, folder: Path) -> frozenset[str]:
        """Absolute paths of all that a folder and those above it list."""
        if folder not in self._listed:
            above = frozenset[str]() if folder.parent == folder else self._listed_above(folder.parent)
            self._listed[folder] = above | _listed_in(folder)
        return self._listed[folder]


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100  # resolve() would follow a link out of the folder


def _listed_in(folder: Path) -> frozenset[str]:
    return frozenset(str(_absolute(folder / name)) for name in listed_results(folder))


def _keeps_state(folder: Path | None) -> bool:
    return folder is not None and is_folder(folder / STATE_FOLDER)
