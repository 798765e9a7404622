"""Does triggering foretell? Gain in log-likelihood per event over a tuned rolling local Poisson, on later events.

The baseline is hard: a rate per group that is the weighted sum of its past events near by (own cell, 15 km, 50 km,
anywhere), each fading with half-lives of 15, 60, 240 and 960 days; all sixteen weights are those with the greatest
likelihood so far. With half-lives of 15 days it follows bursts itself. The model is the same sum with the fitted
triggering added, and weights of its own. Both learn anew every three months; nothing of a quarter reaches what is
learnt before it, and both see each event when it has happened.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spillover.errors import SpreadError
from spillover.spread.contagion.catalogue import FEWEST, Catalogue, Floats
from spillover.spread.contagion.cells import Cells, numbered, snap
from spillover.spread.contagion.fit import Fitted, Parameters, Settings, excitation, fit

HALF_LIVES = (15.0, 60.0, 240.0, 960.0)  # days
_SHIFTS = ((0.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.5, 0.5))
_WEEK = 7.0


@dataclass(frozen=True, slots=True)
class Gain:
    """``nats``: mean gain per event with its 90 % interval from a bootstrap of weeks; ``events``: how many were held
    out, from day ``cutoff`` of the window; ``share``: of the model's rate after the cut-off that is triggering.
    """

    nats: float
    interval: tuple[float, float]
    events: int
    cutoff: float
    share: float

    def words(self) -> str:
        """What it comes to."""
        low, high = self.interval
        head = (
            f"On {self.events:,} later events the model gains {self.nats:+.3f} nats an event "
            f"({low:+.3f} to {high:+.3f}) over a tuned rolling local Poisson"
        )
        if low > 0:
            return f"{head}: knowing what has just happened near by helps, a little, to say where and when the next is."
        if high < 0:
            return f"{head}: for foretelling, the triggering does harm here."
        return f"{head}: no better and no worse that can be told."

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)


def held_out_gain(
    catalogue: Catalogue,
    cutoff: float,
    settings: Settings,
    *,
    every: float = 91.0,
    seed: int = 0,
    resamples: int = 1000,
) -> Gain:
    """The gain on the events after day ``cutoff`` of the window; both sides learn anew ``every`` so many days.

    :class:`SpreadError` where there are fewer than 50 events before or after it.
    """
    rng = np.random.default_rng(seed)
    whole = catalogue.at(catalogue.times(rng))
    later = whole.first >= cutoff
    if (~later).sum() < FEWEST or later.sum() < FEWEST:
        raise SpreadError(
            f"{int((~later).sum()):,} events before and {int(later.sum()):,} after day {cutoff:g}; {FEWEST} are needed "
            "in each",
            to_do="Choose another cut-off",
        )
    weeks = int(np.ceil((catalogue.days - cutoff) / _WEEK))
    sums, counts = np.zeros(weeks), np.zeros(weeks)
    start: Parameters | None = None
    triggering = expected = 0.0
    for begin in np.arange(cutoff, catalogue.days, every):
        end = min(begin + every, catalogue.days)
        past = replace(whole.take(whole.first < begin), days=float(begin))
        learnt = fit(past, past.first, settings, start=start)
        start = learnt.parameters
        seen = replace(whole.take(whole.first < end), days=float(end))
        base = _tuned(seen, settings, begin, None)
        triggered = _triggering(seen, learnt, begin)
        model = _tuned(seen, settings, begin, triggered)
        now = seen.first >= begin
        difference = np.log(model.rate[now]) - np.log(base.rate[now])
        week = ((seen.first[now] - cutoff) // _WEEK).astype(np.int64)
        sums += np.bincount(week, difference, minlength=weeks)
        counts += np.bincount(week, minlength=weeks)
        covered = np.bincount(((np.arange(begin, end) - cutoff) // _WEEK).astype(np.int64), minlength=weeks)
        sums -= (model.expected - base.expected) * covered / covered.sum()
        triggering += model.weights[-1] * triggered[1][1]
        expected += model.expected
    drawn = rng.integers(weeks, size=(resamples, weeks))
    boot = sums[drawn].sum(axis=1) / np.maximum(counts[drawn].sum(axis=1), 1)
    low, high = np.quantile(boot, [0.05, 0.95])
    return Gain(
        float(sums.sum() / counts.sum()), (float(low), float(high)), int(later.sum()), cutoff,
        float(triggering / expected),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Tuned:
    """``rate`` (N) at all events; ``expected``: number after the cut-off; ``weights`` of the parts."""

    rate: Floats
    expected: float
    weights: Floats


def _triggering(catalogue: Catalogue, learnt: Fitted, cutoff: float) -> tuple[Floats, Floats]:
    """Triggered intensity at each event; expected triggered events before and after the cut-off.

    ``learnt`` from the events before it: how far their triggering crosses borders is seen by their places alone.
    """
    rate, fitted = excitation(catalogue, learnt)
    shapes, waits = learnt.settings.kernels(), learnt.parameters.waits
    before = learnt.offspring() @ (waits @ shapes.within(cutoff - learnt.times))
    until_cut = waits @ shapes.within(cutoff - catalogue.first)
    until_end = waits @ shapes.within(catalogue.days - catalogue.first)
    return rate, np.array([before, fitted.offspring() @ (until_end - until_cut)])


def _tuned(catalogue: Catalogue, settings: Settings, cutoff: float, extra: tuple[Floats, Floats] | None) -> _Tuned:
    """The sum with its best weights before the cut-off: the likelihood is concave in them."""
    cells = Cells.of_points(catalogue.lat, catalogue.lon, settings.cell)
    learning = catalogue.first < cutoff
    known = len(np.unique(cells.of[learning]))  # cells first hit later are not known yet
    parts, exposures = [], []
    for half_life in HALF_LIVES:
        past = _past(catalogue, cells, settings, half_life, known)
        parts.append(past)
        until_cut, until_end = (
            -np.expm1(-np.log(2) / half_life * np.clip(day - catalogue.first, 0, None)).sum()
            for day in (cutoff, catalogue.days)
        )
        exposures.append(np.tile([until_cut, until_end - until_cut], (past.shape[1], 1)))
    # the first events of a group have no past: a constant rate for all
    everywhere = known * len(catalogue.groups)
    parts.append(np.full((len(catalogue), 1), 1 / everywhere))
    exposures.append(np.array([[cutoff, catalogue.days - cutoff]]))
    if extra is not None:
        parts.append(extra[0][:, None])
        exposures.append(extra[1][None, :])
    rates, exposure = np.hstack(parts), np.vstack(exposures)
    weights = _best_weights(
        np.ascontiguousarray(rates[learning]), np.maximum(exposure[:, 0], 1e-12)
    )  # fmt: skip
    return _Tuned(rates @ weights, float(weights @ exposure[:, 1]), weights)


@njit(cache=True, nogil=True, fastmath=True)
def _best_weights(parts, exposure):  # type: ignore[no-untyped-def]
    """Weights of the parts with the greatest Poisson likelihood, by expectation-maximisation."""
    n, k = parts.shape
    weights = np.full(k, 1.0 / k)
    before = -np.inf
    for _ in range(500):
        sums = np.zeros(k)
        value = 0.0
        for i in range(n):
            total = 0.0
            for c in range(k):
                total += parts[i, c] * weights[c]
            value += np.log(total)
            for c in range(k):
                sums[c] += parts[i, c] * weights[c] / total
        for c in range(k):
            value -= weights[c] * exposure[c]
            weights[c] = sums[c] / exposure[c]
        if value - before < 1e-3:
            break
        before = value
    return weights


def _past(catalogue: Catalogue, cells: Cells, settings: Settings, half_life: float, known: int) -> NDArray[np.float64]:
    """Rates from each group's past: own cell, wider cells, anywhere in the ``known`` cells (N × C), a day and cell."""
    found = []
    for size in settings.sizes:
        shifts = _SHIFTS if size > settings.cell else _SHIFTS[:1]
        area = max((size / settings.cell) ** 2, 1.0)
        each = [
            _fading(
                *_rows(catalogue, numbered(*snap(cells.lat[cells.of], cells.lon[cells.of], size, shift=s))[0]),
                catalogue.first, half_life,
            )
            for s in shifts
        ]  # fmt: skip
        found.append(sum(each) / (area * len(shifts)))
    anywhere = _fading(*_rows(catalogue, np.zeros(len(catalogue), dtype=np.int64)), catalogue.first, half_life)
    return np.stack([*found, anywhere / known], axis=1)


def _rows(catalogue: Catalogue, cell: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    row, _ = numbered(catalogue.group, cell)
    order = np.lexsort((catalogue.first, row)).astype(np.int64)
    return order, np.concatenate([[0], np.cumsum(np.bincount(row))]).astype(np.int64)


@njit(cache=True, nogil=True)
def _fading(order, begins, times, half_life):  # type: ignore[no-untyped-def]
    """Rate at each event from those before it in its row, fading with the half-life."""
    rate = np.log(2.0) / half_life
    found = np.zeros(len(times))
    for row in range(len(begins) - 1):
        total, previous = 0.0, 0.0
        for k in range(begins[row], begins[row + 1]):
            event = order[k]
            total *= np.exp(-rate * (times[event] - previous))
            found[event] = total * rate
            total += 1.0
            previous = times[event]
    return found
