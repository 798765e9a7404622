"""Contagion: a marked, multivariate, space–time Hawkes process, and its placebos."""

from spillover.spread.contagion.catalogue import Catalogue, catalogue
from spillover.spread.contagion.fit import Settings
from spillover.spread.contagion.heldout import Gain, held_out_gain
from spillover.spread.contagion.model import QUICK, Contagion, Effort
from spillover.spread.contagion.temporal import TemporalHawkes

__all__ = [
    "QUICK",
    "Catalogue",
    "Contagion",
    "Effort",
    "Gain",
    "Settings",
    "TemporalHawkes",
    "catalogue",
    "held_out_gain",
]
