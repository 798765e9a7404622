"""Panels: from a file that has one ready, or from the events of a case."""

from spillover.forecasting.panels.from_events import from_events
from spillover.forecasting.panels.from_file import from_file
from spillover.forecasting.panels.rules import SIMPLE, VIEWS, Rules

__all__ = ["SIMPLE", "VIEWS", "Rules", "from_events", "from_file"]
