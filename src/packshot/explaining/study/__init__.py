"""A study: one question, many photos, and what is left of the answers when each photo is changed."""

from packshot.explaining.fewest import FEWEST
from packshot.explaining.study.answers import Changed, PhotoAnswers
from packshot.explaining.study.figures import study_figures, worst
from packshot.explaining.study.left_out import left_out
from packshot.explaining.study.photos import StudyPhoto, study_photos
from packshot.explaining.study.plan import StudyPlan, read_plan
from packshot.explaining.study.report import write_report
from packshot.explaining.study.run import ANSWERS, Study, changed_picture, run_study
from packshot.explaining.study.subjects import Subjects

__all__ = [
    "ANSWERS",
    "FEWEST",
    "Changed",
    "PhotoAnswers",
    "Study",
    "StudyPhoto",
    "StudyPlan",
    "Subjects",
    "changed_picture",
    "left_out",
    "read_plan",
    "run_study",
    "study_figures",
    "study_photos",
    "worst",
    "write_report",
]
