"""Why a network answered as it did: which evidence, whether the map is true, and what would change the answer."""

from packshot.explaining.explain import Explanation, explain
from packshot.explaining.methods import CONTROLS, GRADIENTS, METHODS, Method, by_row, method_named
from packshot.explaining.product import product_alpha
from packshot.explaining.question import CUTOUT, FRAME, READY, Question, Questions

__all__ = [
    "CONTROLS",
    "CUTOUT",
    "FRAME",
    "GRADIENTS",
    "METHODS",
    "READY",
    "Explanation",
    "Method",
    "Question",
    "Questions",
    "by_row",
    "explain",
    "method_named",
    "product_alpha",
]
