"""Scoring one attribute of a describing network, or its tags, on photos whose values are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from packshot.datasets import Described
from packshot.errors import UsageError
from packshot.evaluation.attributes import AttributeAnswer, ChoiceScore, TagsScore, score_choices, score_tags
from packshot.evaluation.head_reading import HeadReading, ReadPhoto, WrongAnswer, WrongSeen, drawn
from packshot.evaluation.photos import Progress, Unreadable, photo_name, readable
from packshot.heads import Head, HeadKind
from packshot.listing import listed
from packshot.values import Rgb

__all__ = ["AttributeEvaluation", "attribute_head", "evaluate_attribute", "unknown_tags"]

_NAMED = 20  # labels that are listed in a message


@dataclass(frozen=True, slots=True)
class AttributeEvaluation:
    """How good an attribute or the tags are.

    Attributes:
        head: scored.
        precision: that answers were asked for, 0..1.
        choices: a row a set, of an attribute.
        tags: a row a set, of tags.
        answers: of every photo that could be read.
        unreadable: photos that could not be scored.
    """

    head: Head
    precision: float
    choices: Sequence[ChoiceScore]
    tags: Sequence[TagsScore]
    answers: Sequence[AttributeAnswer]
    unreadable: Sequence[Unreadable]

    @property
    def summary(self) -> Sequence[ChoiceScore | TagsScore]:
        """A row a set."""
        return self.tags if self.head.kind is HeadKind.TAGS else self.choices

    def lines(self) -> list[dict[str, object]]:
        """A row a photo, for ``scores.jsonl``."""
        return [
            {
                "name": answer.name,
                "set": answer.set,
                "true": sorted(answer.true),
                "said": list(answer.said),
                "likeliest": answer.likeliest,
                "score": answer.confidence,
                "right": answer.right,
                "probabilities": dict(answer.probabilities),
            }
            for answer in self.answers
        ]


def evaluate_attribute(
    items: Sequence[Described],
    head: Head,
    read: ReadPhoto,
    *,
    data: Path,
    precision: float,
    wrong: WrongSeen | None = None,
    progress: Progress | None = None,
) -> AttributeEvaluation:
    """Score an attribute or tags.

    Args:
        items: photos whose values are known.
        head: an attribute or tags, of the network that `read` asks.
        read: asks the network about a photo.
        data: where the photos are from.
        precision: that `read` asks for, 0..1.
        wrong: told of each wrong answer.
        progress: told of each photo.
    """
    answers, unreadable = list[AttributeAnswer](), list[Unreadable]()
    for item, rgb in readable(items, lambda each: each.rgb(), data=data, unreadable=unreadable, progress=progress):
        reading = read(rgb)
        answer = _answer(item, head, reading, data)
        answers.append(answer)
        label = _wrong_label(answer, head)
        if wrong is not None and label is not None:
            wrong(_wrong_answer(answer, label, head, rgb, reading))
        if progress is not None:
            progress(None)
    tags = head.kind is HeadKind.TAGS
    return AttributeEvaluation(
        head=head,
        precision=precision,
        choices=[] if tags else score_choices(answers),
        tags=score_tags(answers) if tags else [],
        answers=answers,
        unreadable=unreadable,
    )


def attribute_head(heads: Sequence[Head], name: str | None, *, network: str) -> Head:
    """The attribute or tags of a network to score.

    Args:
        heads: of the network.
        name: of one of them; None where there is only one.
        network: its name, for messages.

    Raises:
        UsageError: no such attribute, or several and none was named.
    """
    found = {head.name: head for head in heads if head.kind is not HeadKind.TREE}
    there = ", ".join(found) or "none"
    if name is None and len(found) == 1:
        return next(iter(found.values()))
    if name is None:
        raise UsageError("which attribute?", remedy=f"name one with --head; {network} has {there}")
    if name not in found:
        also = "; the category: packshot evaluate category" if any(h.name == name for h in heads) else ""
        raise UsageError(f"{network} has no attribute {name!r}", remedy=f"it has {there}{also}")
    return found[name]


def unknown_tags(items: Sequence[Described], head: Head, *, data: Path, network: str) -> str:
    """Tags in the data that a network cannot say, which are left out as in training; empty for none.

    Args:
        items: photos whose values are known.
        head: an attribute or tags.
        data: where the photos are from, for messages.
        network: name of the network, for messages.

    Raises:
        UsageError: values of an attribute that the network cannot say.
    """
    tags = head.kind is HeadKind.TAGS
    there = {label for item in items for label in (item.tags or () if tags else (item.attributes[head.name],))}
    unknown = sorted(there - set(head.labels))
    if not unknown:
        return ""
    named = listed(list(map(repr, unknown)), _NAMED)
    if tags:
        return named
    raise UsageError(
        f"{data}: {head.name} has values that {network} does not know: {named}",
        remedy=f"it knows {', '.join(head.labels[:_NAMED])}; correct them, leave their photos out, or train on them",
    )


def _answer(item: Described, head: Head, reading: HeadReading, data: Path) -> AttributeAnswer:
    if head.kind is HeadKind.TAGS:
        true = (item.tags or frozenset()) & frozenset(head.labels) - frozenset(head.ignored)
    else:
        true = frozenset({item.attributes[head.name]})
    probabilities = reading.probabilities(head)
    return AttributeAnswer(
        name=photo_name(item.photo, data),
        set=item.source,
        true=true,
        said=reading.said(head),
        probabilities={
            label: float(probabilities[place]) for place, label in enumerate(head.labels) if label not in head.ignored
        },
    )


def _wrong_label(answer: AttributeAnswer, head: Head) -> str | None:
    """A tag that was said and is not there, or a likeliest value that is not the true one; None for a right answer."""
    if head.kind is HeadKind.TAGS:
        return next((label for label in answer.said if label not in answer.true), None)
    return None if answer.likeliest in answer.true else answer.likeliest


def _wrong_answer(answer: AttributeAnswer, label: str, head: Head, rgb: Rgb, reading: HeadReading) -> WrongAnswer:
    return WrongAnswer(
        rgb,
        lambda: drawn(rgb, reading, head, label),
        badness=(answer.probabilities[label],),
        name=answer.name,
        set=answer.set,
        said=label,
        true=", ".join(sorted(answer.true)),
        numbers={"Score": f"{answer.probabilities[label]:.2f}"},
    )
