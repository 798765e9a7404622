"""Figures of forecasts and of how good they were, with matplotlib: ``fan(panel, forecast).savefig("fan.png")``.

Figures are objects of their own; nothing of pyplot is touched. Each has its caption below it, and
:func:`~spillover.forecasting.plots.common.caption_of` gives that in words, for an alternative text.
"""

from spillover.forecasting.plots.calibration import pit, reliability
from spillover.forecasting.plots.common import caption_of
from spillover.forecasting.plots.fans import fan
from spillover.forecasting.plots.maps import risk_map
from spillover.forecasting.plots.saving import save_plots
from spillover.forecasting.plots.windows import over_time

__all__ = ["caption_of", "fan", "over_time", "pit", "reliability", "risk_map", "save_plots"]
