"""Heads of describing networks, shared by training and serving: labels, probabilities, answers, calibration."""

from packshot.heads.answers import answer, answered_places, with_thresholds
from packshot.heads.calibration import PRECISIONS, calibrated
from packshot.heads.head import Head, HeadKind
from packshot.heads.probabilities import answer_path, head_probabilities, split_logits

__all__ = [
    "PRECISIONS",
    "Head",
    "HeadKind",
    "answer",
    "answer_path",
    "answered_places",
    "calibrated",
    "head_probabilities",
    "split_logits",
    "with_thresholds",
]
