"""The report: one HTML file with the text, its statements and the views on them, that asks nothing of any server."""

from spillover.publishing.report.data import ActorLike, ReadingLike
from spillover.publishing.report.page import render_report, write_report

__all__ = ["ActorLike", "ReadingLike", "render_report", "write_report"]
