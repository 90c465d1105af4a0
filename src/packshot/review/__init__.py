"""Review: a person looks at uncertain photos first, decides, and what was decided can be trained on.

`Review` is the results of a run in the order of their priority, with decisions that are never lost, can be taken back,
and are known to be outdated when the result is another one. `export_corrections` writes tables to train on. Labelling
(`packshot.review.labelling`) is the same with photos that no run has seen: one queue, one kind of decision, one log.
"""

from packshot.decisions import (
    CategoryPath,
    ChosenSubject,
    Decision,
    DecisionLog,
    FrameShown,
    KeptMask,
    Kind,
    Node,
    Seen,
    State,
    Verdict,
    category_path,
    decision_words,
)
from packshot.review.answers import Answer
from packshot.review.cases import Case
from packshot.review.decided import Decided
from packshot.review.export import Exported, export_corrections
from packshot.review.opening import open_review
from packshot.review.pictures import png_of
from packshot.review.priority import ReviewPriority, read_prices, review_priority
from packshot.review.readiness import Channel, Later, channels
from packshot.review.review import Review
from packshot.review.selection import Selection, sample, select
from packshot.review.summary import ReviewStats, category_words, reasons, review_stats
from packshot.review.truths import Corrections, Truth, corrections

__all__ = [
    "Answer",
    "Case",
    "CategoryPath",
    "Channel",
    "ChosenSubject",
    "Corrections",
    "Decided",
    "Decision",
    "DecisionLog",
    "Exported",
    "FrameShown",
    "KeptMask",
    "Kind",
    "Later",
    "Node",
    "Review",
    "ReviewPriority",
    "ReviewStats",
    "Seen",
    "Selection",
    "State",
    "Truth",
    "Verdict",
    "category_path",
    "category_words",
    "channels",
    "corrections",
    "decision_words",
    "export_corrections",
    "open_review",
    "png_of",
    "read_prices",
    "reasons",
    "review_priority",
    "review_stats",
    "sample",
    "select",
]
