"""Values that are drawn where earlier trainings scored well: the only import of Optuna.

The tree-structured Parzen estimator (Bergstra et al. 2011, as Optuna 5 has it: all keys together). Optuna keeps no
state here: each draw builds a study from the trainings that are done, and has a seed of its own, so that the same
trainings always give the same next one, whichever process asks.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.trial import FrozenTrial, TrialState, create_trial

from packshot.training.search.space import Range, SearchSpace
from packshot.training.search.trials import Trial

__all__ = ["learnt_values"]


def learnt_values(space: SearchSpace, number: int, done: Sequence[Trial]) -> dict[str, object]:
    """What the training of a number changes in a recipe.

    Args:
        space: of the search.
        number: of the training, from 1.
        done: what earlier ones came to; one without a score counts as worse than any other. Those whose values lie
            outside of the ranges, which were changed since, are not learnt from.
    """
    optuna.logging.set_verbosity(optuna.logging.WARNING)  # what it says of itself is not for who trains
    distributions = {key: _distribution(values) for key, values in space.keys.items()}
    seed = random.Random(f"{space.seed} {number}").getrandbits(32)  # noqa: S311 - no secret
    sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=0)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.add_trials([known for trial in done if (known := _known(space, trial, distributions)) is not None])
    drawn = study.ask(distributions).params
    return {key: _outside(space.keys[key], value) for key, value in drawn.items()}


def _distribution(values: Range) -> BaseDistribution:
    if values.one_of:
        # Places in the list: Optuna's categories are plain values, those of a recipe may be lists.
        return CategoricalDistribution(range(len(values.one_of)))
    first, last = values.ends
    log = values.scale == "log"
    if values.is_whole:
        return IntDistribution(int(first), int(last), log=log)
    return FloatDistribution(float(first), float(last), log=log)


def _known(space: SearchSpace, trial: Trial, distributions: dict[str, BaseDistribution]) -> FrozenTrial | None:
    """A training as Optuna has it, None where its values are none of the ranges'."""
    if trial.values.keys() != space.keys.keys():
        return None
    params = {}
    for key, value in trial.values.items():
        choices = space.keys[key].one_of
        if choices and value not in choices:
            return None
        params[key] = choices.index(value) if choices else value
    try:
        if trial.score is None:
            return create_trial(state=TrialState.PRUNED, params=params, distributions=distributions)
        return create_trial(value=trial.score, params=params, distributions=distributions)
    except (ValueError, TypeError):
        return None


def _outside(values: Range, drawn: object) -> object:
    """A value as it stands in a recipe."""
    if values.one_of:
        assert isinstance(drawn, int)  # noqa: S101 - a place in the list
        return values.one_of[drawn]
    return values.rounded(drawn) if isinstance(drawn, float) else drawn
