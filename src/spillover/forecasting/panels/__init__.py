"""Panels: from a file that has one ready, or from the events of a case."""

from spillover.forecasting.panels.from_file import from_file

__all__ = ["from_file"]
