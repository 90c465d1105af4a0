"""The trainings of a command, one after the other: known before the first begins, or drawn as a search goes on."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from packshot.errors import OutputError, PackshotError, StorageError, UsageError
from packshot.training.search.even import even_values
from packshot.training.search.space import SearchSpace, trial_name
from packshot.training.search.trials import Trial, TrialRecord, outcome

if TYPE_CHECKING:
    from packshot.training.recipe import Recipe

__all__ = ["Fixed", "Searched", "Trainings"]

_FIRST_EVEN = 10  # as Optuna's own default of draws that do not learn
_FAILED_AT_FIRST = 3  # and none that trained: the cause is hardly in the values


class Trainings(Protocol):
    """Run folders and recipes, in the order in which they are trained; each is asked for when those before are done."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[tuple[Path, Recipe]]: ...

    @property
    def failures(self) -> int:
        """How many failed so far, while the others went on."""
        ...

    def failed(self, folder: Path, error: Exception) -> None:
        """A training ended with an error.

        Raises:
            Exception: `error`, where no further one may begin.
        """
        ...


class Fixed:
    """Trainings that are known before the first begins; an error of one ends them all.

    Args:
        recipes: by run folder.
    """

    def __init__(self, recipes: Mapping[Path, Recipe]) -> None:
        self._recipes = recipes

    def __len__(self) -> int:
        return len(self._recipes)

    def __iter__(self) -> Iterator[tuple[Path, Recipe]]:
        return iter(self._recipes.items())

    @property
    def failures(self) -> int:
        """See `Trainings.failures`."""
        return 0

    def failed(self, folder: Path, error: Exception) -> None:
        """See `Trainings.failed`."""
        raise error


class Searched:
    """Trainings that are drawn from ranges, each from the scores of those before, and then those known beforehand.

    The first ten are spread evenly, whatever they score. All state lies in the trainings' own folders: what was drawn
    in ``trial.json``, the score in ``run.json`` or ``folds.json``. So the same search goes on after a kill, and with
    more trials. A training that fails, or that has no score, counts as one, worse than any other.

    Args:
        space: the ranges.
        recipe: from name and values to a recipe.
        run: the folder that the trainings' folders lie in.
        others: trained after them; not learnt from.
        tell: called with a line for a person.

    Raises:
        UsageError: the recipe refuses an end of a range.
    """

    def __init__(
        self,
        space: SearchSpace,
        recipe: Callable[[str, Mapping[str, object]], Recipe],
        *,
        run: Path,
        others: Mapping[Path, Recipe],
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._space, self._recipe, self._run, self._others, self._tell = space, recipe, run, others, tell
        self._failures = 0
        for key, value in space.extremes():
            recipe(trial_name(1), {key: value})

    def __len__(self) -> int:
        return self._space.trials + len(self._others)

    def __iter__(self) -> Iterator[tuple[Path, Recipe]]:
        done: list[Trial] = []
        self._failures = 0
        for number in range(1, self._space.trials + 1):
            folder = self._run / trial_name(number)
            record = self._drawn(folder, number, done)
            if record.status == "failed":
                self._count(folder, record)
            else:
                recipe = self._accepted(folder, record)
                if recipe is not None:
                    yield folder, recipe
            done.append(self._learnt(folder))
            if self._failures == len(done) == _FAILED_AT_FIRST:
                raise UsageError(
                    f"the first {_FAILED_AT_FIRST} trainings of the search failed, the last with: {self._last}",
                    remedy="mend what they say, move their folders away, and repeat the command",
                )
        yield from self._others.items()

    @property
    def failures(self) -> int:
        """See `Trainings.failures`."""
        return self._failures

    def failed(self, folder: Path, error: Exception) -> None:
        """See `Trainings.failed`."""
        if folder in self._others or isinstance(error, (OutputError, StorageError, OSError)):
            raise error
        words = str(error) if isinstance(error, PackshotError) else f"{type(error).__name__}: {error}"
        told = "".join(traceback.format_exception(error))
        drawn = TrialRecord.read(folder)
        record = TrialRecord(values={} if drawn is None else drawn.values, status="failed", error=words, traceback=told)
        record.write(folder)
        self._count(folder, record)

    def _drawn(self, folder: Path, number: int, done: list[Trial]) -> TrialRecord:
        """What is, or was, drawn for a training; drawn anew where that did not begin, as ranges may be others now."""
        record = TrialRecord.read(folder)
        if record is not None and (record.status == "failed" or any(folder.rglob("recipe.json"))):
            return record
        if number <= _FIRST_EVEN:
            values = even_values(self._space, number)
        else:
            from packshot.training.search.learnt import learnt_values

            values = learnt_values(self._space, number, done)
        record = TrialRecord(values=values)
        record.write(folder)
        return record

    def _accepted(self, folder: Path, record: TrialRecord) -> Recipe | None:
        """The recipe; None where it refuses values together that it takes one by one."""
        try:
            return self._recipe(folder.name, record.values)
        except UsageError as error:
            self.failed(folder, error)
            return None

    def _learnt(self, folder: Path) -> Trial:
        """What came of a training."""
        record = TrialRecord.read(folder)
        assert record is not None  # noqa: S101 - written before it began
        trial = outcome(folder, record)
        if trial.score is None and record.status != "failed":
            self._tell(f"{folder.name} has no validation score: it counts as worse than the others")
        return trial

    def _count(self, folder: Path, record: TrialRecord) -> None:
        self._failures += 1
        self._last = record.error
        self._tell(f"{folder.name} failed, and counts as worse than the others: {record.error}")
