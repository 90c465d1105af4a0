"""Scoring the categories of a describing network along its tree, on photos whose category is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from packshot.counting import counted
from packshot.datasets import Described
from packshot.description.taxonomy import Category, Taxonomy
from packshot.errors import ModelMismatch, UsageError
from packshot.evaluation.categories import CategoryAnswer, CategoryScore, score_categories
from packshot.evaluation.confusions import ClassScore, Confusion, class_table, frequent_confusions
from packshot.evaluation.head_reading import (
    HeadReading,
    ReadPhoto,
    WrongAnswer,
    WrongSeen,
    drawn,
    label_path,
    label_title,
)
from packshot.evaluation.photos import Progress, Unreadable, photo_name, readable
from packshot.heads import Head, HeadKind
from packshot.listing import listed
from packshot.values import CATEGORY, Rgb

__all__ = ["CategoryEvaluation", "category_head", "category_labels", "evaluate_category"]

_NAMED = 20  # labels that are listed in an error


@dataclass(frozen=True, slots=True)
class CategoryEvaluation:
    """How good categories are.

    Attributes:
        head: scored.
        precision: that answers were asked for, 0..1.
        summary: a row a set.
        answers: of every photo that could be read.
        unreadable: photos that could not be scored.
    """

    head: Head
    precision: float
    summary: Sequence[CategoryScore]
    answers: Sequence[CategoryAnswer]
    unreadable: Sequence[Unreadable]

    @property
    def classes(self) -> Sequence[ClassScore]:
        """Figures of each category."""
        return class_table(*self._ends)

    @property
    def confusions(self) -> Sequence[Confusion]:
        """What is taken for what, the most frequent first."""
        return frequent_confusions(*self._ends)

    def lines(self) -> list[dict[str, object]]:
        """A row a photo, for ``scores.jsonl``."""
        return [{**asdict(answer), "right": answer.right, "distance": answer.distance} for answer in self.answers]

    @property
    def _ends(self) -> tuple[list[str], list[str]]:
        return [a.true[-1] for a in self.answers], [a.cut_to_truth(a.likeliest)[-1] for a in self.answers]


def evaluate_category(
    items: Sequence[Described],
    head: Head,
    read: ReadPhoto,
    *,
    true: Mapping[str, str],
    data: Path,
    precision: float,
    wrong: WrongSeen | None = None,
    progress: Progress | None = None,
) -> CategoryEvaluation:
    """Score categories.

    Args:
        items: photos whose category is known.
        head: the category, of the network that `read` asks.
        read: asks the network about a photo.
        true: label in the data to label of the head, of `category_labels`.
        data: where the photos are from.
        precision: that `read` asks for, 0..1.
        wrong: told of each wrong answer.
        progress: told of each photo.
    """
    answers, unreadable = list[CategoryAnswer](), list[Unreadable]()
    inner = {head.labels[parent] for parent in head.parents if parent >= 0}
    for item, rgb in readable(items, lambda each: each.rgb(), data=data, unreadable=unreadable, progress=progress):
        reading, truth = read(rgb), true[item.category or ""]
        given = reading.answer(head)
        answer = CategoryAnswer(
            name=photo_name(item.photo, data),
            set=item.source,
            true=label_path(head, truth),
            leaf=truth not in inner,
            said=reading.said(head),
            score=given.score,
            likeliest=label_path(head, given.top[0].label),
            confidence=given.top[0].score,
            top={choice.label: choice.score for choice in given.top},
        )
        answers.append(answer)
        if wrong is not None and not answer.right:
            wrong(_wrong_answer(answer, head, rgb, reading))
        if progress is not None:
            progress(None)
    return CategoryEvaluation(
        head=head,
        precision=precision,
        summary=score_categories(answers, precision=precision),
        answers=answers,
        unreadable=unreadable,
    )


def category_head(heads: Sequence[Head], *, network: str) -> Head:
    """The category of a network.

    Args:
        heads: of the network.
        network: its name, for messages.

    Raises:
        UsageError: it has none.
    """
    for head in heads:
        if head.name == CATEGORY and head.kind is not HeadKind.TAGS:
            return head
    names = ", ".join(head.name for head in heads) or "none, it only embeds"
    raise UsageError(
        f"{network} has no head {CATEGORY!r}; its heads: {names}",
        remedy="name another network with --model, or score a head: packshot evaluate attribute --head NAME",
    )


def category_labels(items: Sequence[Described], head: Head, *, data: Path, network: str) -> dict[str, str]:
    """Label in the data to label of the head, by id, name or path in the network's own tree.

    Args:
        items: photos whose category is known.
        head: the category.
        data: where the photos are from, for messages.
        network: name of the network, for messages.

    Raises:
        UsageError: labels that are not in the tree.
        ModelMismatch: the head has no tree.
    """
    tree = _tree(head, network)
    found, unknown = {}, []
    for label in sorted({item.category or "" for item in items}):
        try:
            found[label] = tree.lookup(label).id
        except UsageError as error:
            meant = error.remedy.partition(" If not, ")[0]  # the tree is the network's: no command lists it
            meant = meant if "did you mean" in meant or "path" in meant else ""
            unknown.append(f"{label!r}" + (f" ({meant})" if meant else ""))
    if unknown:
        raise UsageError(
            f"{data}: {len(unknown)} of {counted(len(found) + len(unknown), 'label')} "
            f"{'is' if len(unknown) == 1 else 'are'} not in the tree of {network}: {listed(unknown, _NAMED)}",
            remedy="name them by id, name or path in that tree, leave their photos out, or train on a tree that has "
            "them (docs/how-to/taxonomy.md)",
        )
    return found


def _tree(head: Head, network: str) -> Taxonomy:
    """The network's own tree: what it was trained on may differ from the one that ships."""
    parents = [head.labels[parent] if parent >= 0 else None for parent in head.parents] or [None] * len(head.labels)
    try:
        categories = tuple(
            Category(label, head.title(place), parents[place])
            for place, label in enumerate(head.labels)
            if label != head.nothing
        )
        return Taxonomy(network, "tree", categories)
    except ValueError as error:
        raise ModelMismatch(f"{network}: its card has no tree ({error})", remedy="export it again") from error


def _wrong_answer(answer: CategoryAnswer, head: Head, rgb: Rgb, reading: HeadReading) -> WrongAnswer:
    truth, likeliest = answer.true[-1], answer.likeliest[-1]
    return WrongAnswer(
        rgb,
        lambda: drawn(rgb, reading, head, likeliest),
        badness=(answer.distance, answer.confidence),
        name=answer.name,
        set=answer.set,
        said=label_title(head, likeliest),
        true=label_title(head, truth),
        numbers={
            "Score": f"{answer.confidence:.2f}",
            "Score of the truth": f"{reading.probabilities(head)[head.labels.index(truth)]:.2f}",
            "Edges apart": f"{answer.distance}",
            "Served": label_title(head, answer.said[-1]) if answer.said else "nothing recognised",
        },
    )
