"""Tables of labels to train on: one question, such as the category or an attribute, and what persons answered."""

from __future__ import annotations

import re

from packshot.datasets import Item, Split
from packshot.datasets.manifest import manifest_text
from packshot.review.review import Review
from packshot.review.truths import Corrections, Truth, corrections

__all__ = ["CATEGORY", "FRAME", "asked_of", "file_name", "label_table", "labelled"]

#: The questions for the category and the frame; others are names of attributes.
CATEGORY, FRAME = "category", "frame"


def asked_of(found: Corrections) -> list[str]:
    """The questions that were answered: category and frame, which are always asked, then attributes by name."""
    return [CATEGORY, FRAME, *sorted({name for truth in found.truths for name in truth.attributes})]


def labelled(found: Corrections, question: str) -> list[Item]:
    """The photos on which a question was answered.

    The label is a category's id, ``framed`` with the box of the picture inside or ``unframed``, an attribute's value.
    """
    items = []
    for truth in found.truths:
        label, box = _label(truth, question), truth.frame.inner_box if truth.frame and question == FRAME else None
        if label is not None:
            items.append(Item("", Split.TRAIN, truth.photo, label=label, group=truth.sha256[:16], box=box))
    return items


def _label(truth: Truth, question: str) -> str | None:
    if question == CATEGORY:
        return truth.category[-1].id if truth.category else None
    if question == FRAME:
        return None if truth.frame is None else truth.frame.label
    return truth.attributes.get(question)


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
