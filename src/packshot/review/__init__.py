"""Review: a person looks at what is uncertain and valuable, and what is decided can be trained on.

`Review` is the whole of it: the results of a run in the order of what a look is worth, and decisions on them that are
never lost, can be taken back, and are known to be outdated when the result is another one. `corrections` gathers what
persons stand for.
"""

from packshot.review.case import Case, State
from packshot.review.corrections import Corrections, Truth, corrections
from packshot.review.decisions import CategoryPath, Decision, FrameShown, Kind, Node, Seen
from packshot.review.pictures import png_of
from packshot.review.review import Review
from packshot.review.verdict import KeptMask, Verdict
from packshot.review.worth import Doubts, doubts, read_prices

__all__ = [
    "Case",
    "CategoryPath",
    "Corrections",
    "Decision",
    "Doubts",
    "FrameShown",
    "KeptMask",
    "Kind",
    "Node",
    "Review",
    "Seen",
    "State",
    "Truth",
    "Verdict",
    "corrections",
    "doubts",
    "png_of",
    "read_prices",
]
