"""How violence spreads: measures of it, a contagion model with its placebos, and scenarios.

::

    with case.events() as session:
        selection = select(session, actors=["islamic-state-khorasan"], since=date(2015, 1, 1))
    print(tempo(selection).words())
    for section in overview(selection).sections():
        print(section.text)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

# functions with the name of their module must be put here at once: the import of the module would hide one put later
from spillover.spread.actorgraph import ActorGraph, Tie, actor_graph
from spillover.spread.borders import Borders, borders
from spillover.spread.diffusion import Diffusion, diffusion
from spillover.spread.firsthits import FirstHits, first_hits
from spillover.spread.footprint import Footprint, footprint
from spillover.spread.front import Front, front
from spillover.spread.lately import Lately, lately
from spillover.spread.lethality import Lethality, lethality
from spillover.spread.nearrepeat import NearRepeat, near_repeat
from spillover.spread.overview import Overview, Section, overview
from spillover.spread.selection import LeftOut, Selection, select
from spillover.spread.tempo import Tempo, tempo

if TYPE_CHECKING:
    from spillover.spread.charts import chart
    from spillover.spread.contagion import QUICK, Contagion, Effort, Settings
    from spillover.spread.plots import figure

__all__ = [
    "QUICK",
    "ActorGraph",
    "Borders",
    "Contagion",
    "Diffusion",
    "Effort",
    "FirstHits",
    "Footprint",
    "Front",
    "Lately",
    "LeftOut",
    "Lethality",
    "NearRepeat",
    "Overview",
    "Section",
    "Selection",
    "Settings",
    "Tempo",
    "Tie",
    "actor_graph",
    "borders",
    "chart",
    "diffusion",
    "figure",
    "first_hits",
    "footprint",
    "front",
    "lately",
    "lethality",
    "near_repeat",
    "overview",
    "select",
    "tempo",
]

_LATER = {"chart": "charts", "figure": "plots"} | dict.fromkeys(
    ("QUICK", "Contagion", "Effort", "Settings"), "contagion"
)


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module 'spillover.spread' has no attribute {name!r}")
    value = getattr(import_module(f"spillover.spread.{_LATER[name]}"), name)
    globals()[name] = value
    return value
