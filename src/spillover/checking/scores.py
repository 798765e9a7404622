"""Scores of forecasts that have ended: Brier for a likelihood, CRPS for a range (Gneiting and Raftery 2007)."""

from __future__ import annotations

from spillover.checking.finding import Number, Score, Verdict
from spillover.reading.statement import Likelihood


def brier(likelihood: Likelihood | None, verdict: Verdict) -> Score | None:
    """(p − o)² for a likelihood given as a range (ICD 203): at its middle, with the least and the most over the range.

    ``None`` where no likelihood was given or the forecast has not ended in yes or no.
    """
    if (
        likelihood is None
        or likelihood.low is None
        or likelihood.high is None
        or verdict not in ("came_true", "did_not")
    ):
        return None
    outcome = 1.0 if verdict == "came_true" else 0.0
    ends = [(p - outcome) ** 2 for p in (likelihood.low, likelihood.high)]
    middle = ((likelihood.low + likelihood.high) / 2 - outcome) ** 2
    low = 0.0 if likelihood.low <= outcome <= likelihood.high else min(ends)
    return Score("Brier", round(middle, 4), round(low, 4), round(max(ends), 4))


def crps_uniform(low: float, high: float, came: Number) -> Score:
    """CRPS of a range, taken as uniform, against the number that came; its bounds give the score's.

    For a uniform distribution on [a, b] and an outcome y inside: ((y − a)³ + (b − y)³) / (3 (b − a)²); outside, the
    distance to the nearer end and a third of the width. A single number is a point forecast: its absolute error.
    """
    values = [_crps(low, high, y) for y in (came.low, came.best, came.high)]
    least = 0.0 if low == high and came.low <= low <= came.high else min(values)
    return Score("CRPS", round(values[1], 4), round(least, 4), round(max(values), 4))


def _crps(a: float, b: float, y: float) -> float:
    if a == b:
        return abs(y - a)
    inside = min(max(y, a), b)
    width = b - a
    return ((inside - a) ** 3 + (b - inside) ** 3) / (3 * width**2) + abs(y - inside)
