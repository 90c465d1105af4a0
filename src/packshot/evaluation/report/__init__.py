"""``report.html`` of an evaluation: the figures with their intervals, the worst cases first, the uncertainty judged."""

from packshot.evaluation.report.gallery import Case, Gallery
from packshot.evaluation.report.page import render_report

__all__ = ["Case", "Gallery", "render_report"]
