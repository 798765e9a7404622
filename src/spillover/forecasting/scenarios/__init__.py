"""Scenarios: the fitted contagion model carried forward with something changed, beside the same without the change.

    outcome = run(model, load("what-if.toml"))
    print(outcome.words())

A scenario is a what-if. It says what would follow in the model if its assumption held, never that it will.
"""

from spillover.forecasting.scenarios.charts import chart
from spillover.forecasting.scenarios.drafts import Draft, drafts
from spillover.forecasting.scenarios.edits import (
    AddTie,
    Border,
    CutTie,
    Edit,
    Joins,
    NewCountry,
    ScaleBackground,
    Scenario,
)
from spillover.forecasting.scenarios.names import Names
from spillover.forecasting.scenarios.outcome import Outcome
from spillover.forecasting.scenarios.plots import figure
from spillover.forecasting.scenarios.run import SIMULATIONS, run
from spillover.forecasting.scenarios.sensitivity import Sensitivity, sensitivity
from spillover.forecasting.scenarios.toml import load, parse

__all__ = [
    "SIMULATIONS",
    "AddTie",
    "Border",
    "CutTie",
    "Draft",
    "Edit",
    "Joins",
    "Names",
    "NewCountry",
    "Outcome",
    "ScaleBackground",
    "Scenario",
    "Sensitivity",
    "chart",
    "drafts",
    "figure",
    "load",
    "parse",
    "run",
    "sensitivity",
]
