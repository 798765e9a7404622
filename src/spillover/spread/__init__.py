"""How violence spreads: measures of it, a contagion model with its placebos, and scenarios."""

from spillover.spread.selection import LeftOut, Selection, select

__all__ = ["LeftOut", "Selection", "select"]
