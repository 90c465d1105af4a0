"""Which methods a question can have, known before the first photo."""

from __future__ import annotations

from collections.abc import Sequence

from packshot.errors import UsageError
from packshot.explaining.methods import CONTROLS, GRADIENTS, METHODS
from packshot.explaining.questions import Questions

__all__ = ["chosen_methods", "methods_of", "refuse_unfit"]

_CAM = "cam"


def methods_of(questions: Questions, head: str | None, labels: Sequence[str] = ()) -> tuple[str, ...]:
    """Names of the methods that a question can have.

    Args:
        questions: that are asked.
        head: as for `Questions.ask`.
        labels: as for `Questions.ask_for_sum`; none for what the network answers.

    Raises:
        ModelError: the network cannot be used.
        UsageError: no such head.
    """
    gradients = GRADIENTS if questions.has_logit(head, labels) else ()
    return tuple(
        name for name in (*METHODS, *gradients, *CONTROLS) if name != _CAM or questions.has_activation_map(head)
    )


def chosen_methods(
    questions: Questions, names: Sequence[str], head: str | None, *, otherwise: Sequence[str]
) -> tuple[str, ...]:
    """The methods a person named, each once.

    Args:
        questions: that are asked.
        names: of methods.
        head: as for `methods_of`.
        otherwise: taken where none was named, those that the question can have.

    Raises:
        ModelError: the network cannot be used.
        UsageError: the question cannot have a method that was named, or there is no such head.
    """
    questions.check(head)
    for name in names:
        refuse_unfit(questions, name, head)
    return tuple(dict.fromkeys(names)) or tuple(name for name in otherwise if name in methods_of(questions, head))


def refuse_unfit(questions: Questions, name: str, head: str | None, labels: Sequence[str] = ()) -> None:
    """Refuse a method that a question cannot have; names those that it can have.

    Args:
        questions: that are asked.
        name: of a method; one that does not exist is left to `method_for`.
        head: as for `methods_of`.
        labels: as for `methods_of`.

    Raises:
        ModelError: the network cannot be used.
        UsageError: the question cannot have that method, or there is no such head.
    """
    fit = methods_of(questions, head, labels)
    if name in fit or name not in {*METHODS, *GRADIENTS, *CONTROLS}:
        return
    asked = questions.head_asked(head)
    if name == _CAM:
        problem = f"{questions.network_asked(head)} gives no class-activation map of {asked}"
    elif len(set(labels)) > 1:
        problem = f"{name}: several labels of {asked} have no single logit to take a gradient of"
    else:
        problem = f"{name}: {asked} has no logit to take a gradient of"
    raise UsageError(problem, remedy=f"take a method that needs none: {', '.join(fit)}")
