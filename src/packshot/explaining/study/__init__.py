"""A study: one question, many photos, and what is left of the answers when each photo is changed."""

from packshot.explaining.fewest import FEWEST
from packshot.explaining.study.answers import Changed, PhotoAnswers
from packshot.explaining.study.figures import study_figures, worst
from packshot.explaining.study.plan import StudyPlan, read_plan
from packshot.explaining.study.report import write_report
from packshot.explaining.study.run import ANSWERS, Study, StudyPhoto, changed_picture, run_study, study_photos

__all__ = [
    "ANSWERS",
    "FEWEST",
    "Changed",
    "PhotoAnswers",
    "Study",
    "StudyPhoto",
    "StudyPlan",
    "changed_picture",
    "read_plan",
    "run_study",
    "study_figures",
    "study_photos",
    "worst",
    "write_report",
]
