"""``report.html``: what became of every photo, for the person who has to publish them."""

from packshot.batch.report.page import write_report

__all__ = ["write_report"]
