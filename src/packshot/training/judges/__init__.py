"""What each task's answers are worth: scores and pictures of a run."""

from packshot.training.judges.classes import ClassJudge
from packshot.training.judges.descriptions import DescriptionJudge
from packshot.training.judges.frames import FrameJudge
from packshot.training.judges.judge import Judge
from packshot.training.judges.masks import MaskJudge
from packshot.training.judges.scores import Scores

__all__ = ["ClassJudge", "DescriptionJudge", "FrameJudge", "Judge", "MaskJudge", "Scores"]
