"""``report.html`` of an evaluation: the figures with their intervals, the worst cases first."""

from packshot.web.evaluation_report.attribute import render_choice, render_tags
from packshot.web.evaluation_report.category import render_category
from packshot.web.evaluation_report.gallery import Case, Gallery
from packshot.web.evaluation_report.masks import render_report
from packshot.web.evaluation_report.mistakes import Mistake, Mistakes

__all__ = ["Case", "Gallery", "Mistake", "Mistakes", "render_category", "render_choice", "render_report", "render_tags"]
