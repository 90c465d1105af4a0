"""Scores and pictures of a trained network: what the evaluators of all tasks share."""

from packshot.training.evaluators.evaluator import Evaluator
from packshot.training.evaluators.scores import Scores

__all__ = ["Evaluator", "Scores"]
