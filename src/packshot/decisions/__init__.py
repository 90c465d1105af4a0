"""What persons decided of photos: one log, what its decisions add up to, and what they change about a run's results.

The log lies in ``OUT/review`` beside the masks and strokes it names (`DecisionFolder`). A run reads it and makes the
pictures as they were decided; a review writes it.
"""

from packshot.decisions.correction import Correction, MaskCorrection, correction
from packshot.decisions.decision import (
    AnswerFields,
    AttributeValue,
    CategoryPath,
    ChosenSubject,
    Decision,
    FrameShown,
    Kind,
    Node,
    Seen,
    category_path,
)
from packshot.decisions.folder import DecisionFolder
from packshot.decisions.log import DecisionLog, NewDecision
from packshot.decisions.seen import seen_of
from packshot.decisions.settling import State, settled, state_of
from packshot.decisions.verdict import KeptMask, Verdict, verdict
from packshot.decisions.words import answer_words, decision_words

__all__ = [
    "AnswerFields",
    "AttributeValue",
    "CategoryPath",
    "ChosenSubject",
    "Correction",
    "Decision",
    "DecisionFolder",
    "DecisionLog",
    "FrameShown",
    "KeptMask",
    "Kind",
    "MaskCorrection",
    "NewDecision",
    "Node",
    "Seen",
    "State",
    "Verdict",
    "answer_words",
    "category_path",
    "correction",
    "decision_words",
    "seen_of",
    "settled",
    "state_of",
    "verdict",
]
