"""Why a network answered as it did: which evidence, whether the map is true, and what would change the answer."""

from packshot.explaining.answering import CUTOUT, FRAME, READY
from packshot.explaining.explain import Explanation, explain
from packshot.explaining.explainer import Explained, Explainer
from packshot.explaining.methods import CONTROLS, GRADIENTS, METHODS, Maps, Method, by_row, method_for, method_named
from packshot.explaining.product import product_alpha
from packshot.explaining.question import Question
from packshot.explaining.questions import Questions
from packshot.explaining.why import Reason, Said, Why, WhyAsked

__all__ = [
    "CONTROLS",
    "CUTOUT",
    "FRAME",
    "GRADIENTS",
    "METHODS",
    "READY",
    "Explained",
    "Explainer",
    "Explanation",
    "Maps",
    "Method",
    "Question",
    "Questions",
    "Reason",
    "Said",
    "Why",
    "WhyAsked",
    "by_row",
    "explain",
    "method_for",
    "method_named",
    "product_alpha",
]
