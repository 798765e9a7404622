"""Does the fit look like the record? Two tests: times rescaled by the fit (Ogata 1988), and bursts against simulations.

The slow background follows the events themselves, so the first is lenient: it finds what is wrong at short scales
only. The second counts pairs of events of a group in one cell within a day, a week, a month, and compares with
catalogues simulated from the fit.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.signal import fftconvolve
from scipy.stats import kstest

from spillover.spread.contagion.background import kernel
from spillover.spread.contagion.catalogue import Catalogue, Floats
from spillover.spread.contagion.cells import Cells, numbered
from spillover.spread.contagion.fit import MANY, Fitted

SPANS = (1.0, 7.0, 30.0)  # days
_WORST = 0.01  # a test fails below this p-value, divided by how many tests there are
_FAR = 0.05  # and where the distance is more than that: of thousands of events every fault shows, also a small one
_APART, _SHARE = 4.0, 0.25  # bursts fail beyond so many simulated standard deviations and that share


@dataclass(frozen=True, slots=True)
class Residuals:
    """``rescaled``: for each group with 100 events or more distance and p-value of a Kolmogorov–Smirnov test that its
    rescaled times are uniform. ``bursts``: pairs in a cell within a day, a week, a month; ``expected`` and ``spread``
    of them in simulations.
    """

    rescaled: dict[str, tuple[float, float]]
    bursts: tuple[float, ...]
    expected: tuple[float, ...]
    spread: tuple[float, ...]

    @property
    def faults(self) -> tuple[str, ...]:
        """What does not fit, in words."""
        found = []
        level = _WORST / max(len(self.rescaled), 1)
        wrong = [g for g, (distance, p) in self.rescaled.items() if p < level and distance > _FAR]
        if wrong:
            found.append(f"the times of {', '.join(wrong)} do not follow the fitted rate")
        for span, n, mean, sd in zip(SPANS, self.bursts, self.expected, self.spread, strict=True):
            if abs(n - mean) > max(_APART * sd, _SHARE * mean):
                more = "more" if n > mean else "fewer"
                days = "a day" if span == 1 else f"{span:g} days"
                found.append(
                    f"there are {more} pairs within {days} in one cell ({n:,.0f}) than the fit makes ({mean:,.0f})"
                )
        return tuple(found)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self) | {"faults": list(self.faults), "spans_days": list(SPANS)}


def bursts(catalogue: Catalogue, cell: float) -> Floats:
    """Pairs of events of one group in one cell within each of :data:`SPANS`."""
    of, _ = numbered(catalogue.group, Cells.of_points(catalogue.lat, catalogue.lon, cell).of)
    order = np.lexsort((catalogue.first, of))
    # rows set so far apart that no span reaches from one to the next
    line = catalogue.first[order] + of[order] * (catalogue.days + 2 * SPANS[-1])
    positions = np.arange(len(line))
    return np.array([float((positions - np.searchsorted(line, line - span)).sum()) for span in SPANS])


def rescaled(fitted: Fitted) -> dict[str, tuple[float, float]]:
    """Distance and p-value of the groups' rescaled times."""
    c, found = fitted.catalogue, {}
    for number, name in enumerate(c.groups):
        own = np.flatnonzero(c.group == number)
        if len(own) < MANY:
            continue
        cumulated = expected_curve(fitted, number)
        at = np.interp(fitted.times[own], np.arange(len(cumulated)), cumulated) / cumulated[-1]
        test = kstest(np.clip(at, 0, 1), "uniform")
        found[name] = (float(test.statistic), float(test.pvalue))
    return found


def expected_curve(fitted: Fitted, group: int) -> Floats:
    """Expected number of a group's events up to each day of the window (days + 1)."""
    c, s = fitted.catalogue, fitted.settings
    days = int(np.ceil(c.days))
    day = np.minimum(fitted.times, days - 1e-9).astype(np.int64)
    own = c.group == group
    slow = np.bincount(day[own], fitted.background[own], minlength=days)
    span = np.arange(-int(6 * s.bandwidth), int(6 * s.bandwidth) + 1)
    smooth = fftconvolve(slow, kernel(span.astype(float), s.bandwidth / 2), mode="same")
    inside = fftconvolve(np.ones(days), kernel(span.astype(float), s.bandwidth / 2), mode="same")
    strength = fitted.parameters.adjacency[group][c.group] * fitted.parameters.marks[c.mark]
    waits = np.diff(fitted.parameters.waits @ s.kernels().within(np.arange(int(s.longest) + 1).astype(float)))
    sparked = np.convolve(np.bincount(day, strength, minlength=days), waits)[:days]
    return np.concatenate([[0.0], np.cumsum(np.maximum(smooth / np.maximum(inside, 1e-9), 0) + sparked)])
