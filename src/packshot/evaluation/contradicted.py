"""Labels that a network contradicts, the surest first: either the network is wrong there, or the label."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from packshot.evaluation.attributes import AttributeAnswer
from packshot.evaluation.categories import CategoryAnswer
from packshot.evaluation.frame_evaluation import FrameAnswer
from packshot.storage.encodable import encodable

__all__ = ["CONTRADICTED", "Contradiction", "contradiction_of", "contradictions_text"]

#: The file of an evaluation's folder that lists them.
CONTRADICTED = "contradicted.csv"
_COLUMNS = ("path", "label", "said", "score", "sure_of_it")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One label that the network does not believe.

    Attributes:
        name: of the photo: its path below the data's folder.
        label: it has.
        said: what the network says.
        score: probability of that, 0..1.
        sure: how much likelier than the label the answer is, 0..1: the order of the list.
    """

    name: str
    label: str
    said: str
    score: float
    sure: float


def contradiction_of(answer: AttributeAnswer | CategoryAnswer | FrameAnswer) -> Contradiction | None:
    """What an answer contradicts; None where it is right, and of tags, which are many.

    Args:
        answer: of one photo.
    """
    if isinstance(answer, FrameAnswer):
        if answer.framed == answer.true:
            return None
        words = {True: "framed", False: "unframed"}
        score = answer.score if answer.framed else 1 - answer.score
        return Contradiction(answer.name, words[answer.true], words[answer.framed], score, abs(2 * answer.score - 1))
    if answer.right:
        return None
    if isinstance(answer, CategoryAnswer):
        believed = answer.top.get(answer.true[-1], 0.0)
        said = answer.likeliest[-1]
        return Contradiction(answer.name, answer.true[-1], said, answer.confidence, answer.confidence - believed)
    if len(answer.true) != 1:
        return None
    (label,) = answer.true
    sure = answer.confidence - answer.probabilities.get(label, 0.0)
    return Contradiction(answer.name, label, answer.likeliest, answer.confidence, sure)


def contradictions_text(found: Iterable[Contradiction]) -> str:
    """As CSV, the surest first; the first column is ``path``, so that the list is a table of pictures as well."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for one in sorted(found, key=lambda each: (-each.sure, each.name)):
        writer.writerow((encodable(one.name), one.label, one.said, f"{one.score:.4f}", f"{one.sure:.4f}"))
    return text.getvalue()
