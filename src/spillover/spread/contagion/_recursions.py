"""Compiled passes over the events of a temporal Hawkes process with one exponential decay.

All of them run on the recursions of Ozaki (1979) and Ogata (1981). With u_j = β(t − t_j), the state of group g is
r_g = Σ e^{−u_j}, s_g = Σ u_j e^{−u_j} and q_g = Σ u_j² e^{−u_j} over its earlier events; a step in time of δ/β takes it
to e^{−δ} r_g, e^{−δ}(s_g + δ r_g) and e^{−δ}(q_g + 2δ s_g + δ² r_g). One pass so costs O(N · M), not O(N²). Events at
one time are met before any of them enters the state.

Shapes: ``times`` (N,) days, ascending; ``groups`` (N,) integers in [0, M); ``baseline`` (M,) events a day;
``adjacency`` (M, M), offspring in the row's group per event of the column's; ``decay`` per day; ``state`` (3, M): r, s
and q.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
F = TypeVar("F", bound=Callable[..., Any])

FORGOTTEN = 50.0
"""e^{−50} = 2·10⁻²²: what is older than this many mean waits adds nothing to a double."""
GONE = 1e-60
"""States below this are set to 0: numbers below 10⁻³⁰⁸ slow a processor down many times over."""
ROWS = 4
"""Outer products that are added at once: the matrix is then read and written once for all of them."""
LARGE, SMALL = 1e200, 1e-200
"""Bounds of a product of rates before its logarithm is taken: one logarithm does for many events."""


def compiled(function: F) -> F:
    """``function`` compiled without the interpreter's lock; kept on disk where there is a place to keep it."""
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "fastmath": {"contract", "reassoc", "nsz"}}
    try:
        return cast(F, njit(cache=True, **options)(function))
    except RuntimeError:  # neither the package's folder nor the user's cache can be written
        return cast(F, njit(**options)(function))


@compiled
def state_before(times: Floats, groups: Integers, first: int, decay: float, state: Floats) -> None:
    """Fill ``state`` with that at ``times[first − 1]``, that event and those at its time included."""
    state[:] = 0.0
    for j in range(first - 1, -1, -1):
        u = decay * (times[first - 1] - times[j])
        if u > FORGOTTEN:
            break
        e = np.exp(-u)
        state[0, groups[j]] += e
        state[1, groups[j]] += u * e
        state[2, groups[j]] += u * u * e


@compiled
def _advance(delta: float, state: Floats) -> None:
    e = np.exp(-delta)
    for g in range(state.shape[1]):
        r, s, q = state[0, g], state[1, g], state[2, g]
        r_new, s_new, q_new = e * r, e * (s + delta * r), e * (q + delta * (2 * s + delta * r))
        state[0, g] = r_new if r_new > GONE else 0.0
        state[1, g] = s_new if s_new > GONE else 0.0
        state[2, g] = q_new if q_new > GONE else 0.0


@compiled
def _outer(rows: Floats, many: int, information: Floats) -> None:
    """Add the outer products of the first ``many`` of ``rows`` (ROWS, W) to ``information`` (W, W)."""
    for k in range(many, ROWS):
        rows[k, :] = 0.0
    width = rows.shape[1]
    for a in range(width):
        p, q, v, w = rows[0, a], rows[1, a], rows[2, a], rows[3, a]
        for b in range(width):  # both halves: a loop over one of them is not made into vector instructions
            information[a, b] += p * rows[0, b] + q * rows[1, b] + v * rows[2, b] + w * rows[3, b]


@compiled
def sweep(
    times: Floats,
    groups: Integers,
    first: int,
    last: int,
    baseline: Floats,
    adjacency: Floats,
    decay: float,
    gradient: Floats,
    information: Floats,
    drift: Floats,
) -> float:
    """Σ log λ over events ``first`` to ``last`` − 1, with its gradient and its BHHH information added per target.

    ``gradient`` (M, W) and ``information`` (M, W, W), W ≥ M + 2 a multiple of 4: columns 0 … M−1 belong to the row's
    adjacency, M to its baseline, M + 1 to log β. The compensator is not part of it. Berndt, Hall, Hall & Hausman
    (1974): outer products of ∇ log λ, which for the adjacency and the baseline are the negative Hessian itself, since
    λ is linear in them. ``drift`` (M, W): Σ (∂ ∇λ / ∂ log β) / λ, what the Hessian has besides in its border.
    """
    m = baseline.shape[0]
    width = gradient.shape[1]
    state = np.empty((3, m))
    state_before(times, groups, first, decay, state)
    r, s, q = state[0], state[1], state[2]
    at = times[max(first - 1, 0)]
    entered = first
    rows = np.zeros((m, ROWS, width))
    held = np.zeros(m, np.int64)
    total, product = 0.0, 1.0
    for i in range(first, last):
        if times[i] > at:
            for j in range(entered, i):
                r[groups[j]] += 1.0
            entered = i
            _advance(decay * (times[i] - at), state)
            at = times[i]
        k = groups[i]
        row = rows[k, held[k]]
        base = 0.0
        slope = 0.0
        bend = 0.0
        for g in range(m):
            base += adjacency[k, g] * r[g]
            slope += adjacency[k, g] * (r[g] - s[g])
            bend += adjacency[k, g] * (r[g] - 3 * s[g] + q[g])
        rate = baseline[k] + decay * base
        product *= rate
        if not SMALL < product < LARGE:
            total += np.log(product)
            product = 1.0
        scale = decay / rate
        for g in range(m):
            row[g] = scale * r[g]
            drift[k, g] += scale * (r[g] - s[g])
        row[m] = 1.0 / rate
        row[m + 1] = scale * slope
        drift[k, m + 1] += scale * bend
        for b in range(width):
            gradient[k, b] += row[b]
        held[k] += 1
        if held[k] == ROWS:
            _outer(rows[k], ROWS, information[k])
            held[k] = 0
    for k in range(m):
        _outer(rows[k], held[k], information[k])
    return float(total + np.log(product))


@compiled
def along(
    times: Floats, groups: Integers, start: float, baseline: Floats, adjacency: Floats, decay: float
) -> tuple[Floats, Floats]:
    """At each event: its group's rate just before it, and its group's compensator from ``start`` to it; (N,), (N,)."""
    m = baseline.shape[0]
    state = np.zeros((3, m))
    r = state[0]
    seen = np.zeros(m)
    rates, expected = np.empty(times.shape[0]), np.empty(times.shape[0])
    at = start
    entered = 0
    for i in range(times.shape[0]):
        if times[i] > at:
            for j in range(entered, i):
                r[groups[j]] += 1.0
                seen[groups[j]] += 1.0
            entered = i
            _advance(decay * (times[i] - at), state)
            at = times[i]
        k = groups[i]
        rate, mean = 0.0, 0.0
        for g in range(m):
            rate += adjacency[k, g] * r[g]
            mean += adjacency[k, g] * (seen[g] - r[g])
        rates[i] = baseline[k] + decay * rate
        expected[i] = baseline[k] * (at - start) + mean
    return rates, expected


@compiled
def state_at(times: Floats, groups: Integers, when: float, decay: float, state: Floats) -> None:
    """Fill ``state`` with that at ``when``, a day not before the last event."""
    state_before(times, groups, times.shape[0], decay, state)
    _advance(decay * (when - times[-1]), state)
