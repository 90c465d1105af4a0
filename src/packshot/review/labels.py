"""Tables of labels to train on: one question, such as the category or an attribute, and what persons answered."""

from __future__ import annotations

import re

from packshot.datasets import Item, Split
from packshot.datasets.manifest import manifest_text
from packshot.review.review import Review
from packshot.review.truths import Corrections, corrections

__all__ = ["CATEGORY", "asked_of", "file_name", "label_table", "labelled"]

#: The question for the category; others are names of attributes.
CATEGORY = "category"


def asked_of(found: Corrections) -> list[str]:
    """The questions that were answered: the category, which is always one, then attributes by name."""
    return [CATEGORY, *sorted({name for truth in found.truths for name in truth.attributes})]


def labelled(found: Corrections, question: str) -> list[Item]:
    """The photos on which a question was answered: with a category's id, or an attribute's value, as the label."""
    items = []
    for truth in found.truths:
        path = truth.category
        label = (path[-1].id if path else None) if question == CATEGORY else truth.attributes.get(question)
        if label is not None:
            items.append(Item("", Split.TRAIN, truth.photo, label=label, group=truth.sha256[:16]))
    return items


def label_table(review: Review, question: str) -> str:
    """A question's answers as a table that `packshot train` takes; photos are named from where the run was typed."""
    return manifest_text(review.root / "labels.csv", labelled(corrections(review), question), splits=False)


def file_name(attribute: str) -> str:
    """An attribute's name as a part of a file's.

    Example:
        >>> file_name("sleeve length/cm")
        'sleeve-length-cm'
    """
    return re.sub(r"[^\w.]+", "-", attribute).strip("-.") or "unnamed"
