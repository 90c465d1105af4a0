"""``report.html`` of a run: what became of every photo, for the person who has to publish them."""

from packshot.web.run_report.page import write_run_report

__all__ = ["write_run_report"]
