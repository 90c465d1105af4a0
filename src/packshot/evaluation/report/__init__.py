"""``report.html`` of an evaluation: the figures with their intervals, the worst cases first, the uncertainty judged."""

from packshot.evaluation.report.attribute import render_choice, render_tags
from packshot.evaluation.report.category import render_category
from packshot.evaluation.report.gallery import Case, Gallery
from packshot.evaluation.report.mistakes import Mistake, Mistakes
from packshot.evaluation.report.page import render_report

__all__ = ["Case", "Gallery", "Mistake", "Mistakes", "render_category", "render_choice", "render_report", "render_tags"]
