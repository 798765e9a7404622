"""Scores of predictive draws and of probabilities, a number a cell; smaller is better but for coverage and PIT.

Draws are an array of cells × m, outcomes of cells, both in the target's own unit (deaths a month). Nothing here copies
the whole of a large array: draws are brought to 64 bits and sorted a few thousand cells at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spillover.errors import ForecastError

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

BIN_EDGES = np.array([0, 0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5])
"""Lower edges of the bins of the ignorance score, the last one open: the VIEWS 2023/24 challenge's (Hegre et al.)."""
LEVEL = 0.9
TAIL = 25.0
"""Threshold of the tail score and of the rarer event, deaths: UCDP's line of an active conflict (it is of a year)."""
_CHUNK = 1 << 21
"""Draws that are worked on at once: 16 MiB, and a few arrays of that size beside them."""


def crps(draws: ArrayLike, actual: ArrayLike) -> Floats:
    """Continuous ranked probability score of the ensemble itself: mean|x − y| − Σ|xᵢ − xⱼ| / (2 m²), in deaths.

    Gneiting and Raftery 2007, eq. 20–21; divisor m², so a small ensemble pays for its size. Of one draw, or of m equal
    ones, it is the absolute error. O(m log m) a cell.
    """
    return _each(draws, actual, _crps)


def crps_log(draws: ArrayLike, actual: ArrayLike) -> Floats:
    """:func:`crps` of log(1 + x): the plain mean hangs on a few cells (Bosse et al. 2023, PLoS Comput Biol 19)."""
    return _each(draws, actual, _crps_log)


def twcrps(draws: ArrayLike, actual: ArrayLike, threshold: float = TAIL) -> Floats:
    """Threshold-weighted CRPS: :func:`crps` of max(x, ``threshold``), which looks at the tail above it alone.

    Gneiting and Ranjan 2011; the chaining function is that of Allen, Ginsbourger and Ziegel 2023.
    """
    return _each(draws, actual, lambda x, y: _twcrps(x, y, threshold))


def ign(draws: ArrayLike, actual: ArrayLike) -> Floats:
    """Ignorance score in bits: −log₂ p of the bin of the outcome, p = (draws in it + 1) / (m + number of bins).

    One pseudo-draw stands in each bin of :data:`BIN_EDGES`, as in the VIEWS 2023/24 challenge (Hegre et al.; the score
    is Good's of 1952). It depends on m: compare forecasts of as many draws, 1 000 by custom.
    """
    return _each(draws, actual, _ign)


def mis(draws: ArrayLike, actual: ArrayLike, level: float = LEVEL) -> Floats:
    """Interval score: width of the central interval + 2 / (1 − level) × the distance by which the outcome is outside.

    Gneiting and Raftery 2007, eq. 43; quantiles are interpolated linearly (type 7 of Hyndman and Fan 1996).
    """
    return _each(draws, actual, lambda x, y: _mis(x, y, level))


def cover(draws: ArrayLike, actual: ArrayLike, level: float = LEVEL) -> Floats:
    """1 where the outcome lies inside the central interval, its ends included, else 0."""
    return _each(draws, actual, lambda x, y: _cover(x, y, level))


def quantiles(draws: ArrayLike, levels: Sequence[float], *, rows: Rows | None = None) -> Floats:
    """Quantiles of each cell's draws, interpolated linearly: cells × levels. ``rows``: only of these cells."""
    parts = [np.stack([_quantile(x, q) for q in levels], 1) for _, x, _ in _chunks(draws, None, rows)]
    return np.concatenate(parts) if parts else np.empty((0, len(levels)))


def exceedance(draws: ArrayLike, threshold: float, *, pseudo: int = 0, rows: Rows | None = None) -> Floats:
    """The chance of ``threshold`` or more in each cell: the share of its draws.

    ``pseudo``: so many draws are added on either side, that no chance is 0 or 1 (for :func:`log_score`).
    """
    parts = [
        (np.count_nonzero(x >= threshold, axis=1) + pseudo) / (x.shape[1] + 2 * pseudo)
        for _, x, _ in _chunks(draws, None, rows)
    ]
    return np.concatenate(parts) if parts else np.empty(0)


def pit(draws: ArrayLike, actual: ArrayLike, *, seed: int = 0, rows: Rows | None = None) -> Floats:
    """Randomised probability integral transform: uniform on [0, 1] if outcomes are as one more of the draws.

    (draws below y + v × (draws equal to y + 1)) / (m + 1), v uniform from ``seed``: the rank of the outcome among the
    draws, ties broken at random (Hamill 2001; Czado, Gneiting and Held 2009 for counts).
    """
    random = np.random.default_rng(seed)
    parts = [_pit(x, y, random) for _, x, y in _chunks(draws, actual, rows)]
    return np.concatenate(parts) if parts else np.empty(0)


def brier(probability: ArrayLike, happened: ArrayLike) -> Floats:
    """(p − o)² of each probability, o 1 where it happened and 0 where not (Brier 1950)."""
    p, o = _probabilities(probability, happened)
    return (p - o) ** 2


def log_score(probability: ArrayLike, happened: ArrayLike) -> Floats:
    """−log₂ of the probability given to what came, in bits; infinite where that was called impossible (Good 1952)."""
    p, o = _probabilities(probability, happened)
    with np.errstate(divide="ignore"):
        # −log₂ 1 is −0 otherwise
        return np.abs(np.log2(np.where(o == 1, p, 1 - p)))


@dataclass(frozen=True, slots=True, eq=False)
class Reliability:
    """The Brier score taken apart: ``brier`` = ``reliability`` − ``resolution`` + ``uncertainty`` + ``within``.

    Murphy 1973, with the term ``within`` of Stephenson, Coelho and Jolliffe 2008 for probabilities that differ within a
    bin. ``reliability``: distance of said from seen shares, 0 is best; ``resolution``: how far the seen shares of bins
    differ from the base rate, more is better; ``uncertainty``: that of the base rate. Of each bin that is not empty:
    its number of cases, mean probability, seen share and the share's 90 % interval (Wilson 1927).
    """

    brier: float
    reliability: float
    resolution: float
    uncertainty: float
    within: float
    cases: Rows
    said: Floats
    seen: Floats
    low: Floats
    high: Floats

    def to_dict(self) -> dict[str, Any]:
        """As lists and numbers, ready for JSON."""
        terms = {n: float(getattr(self, n)) for n in ("brier", "reliability", "resolution", "uncertainty", "within")}
        return terms | {n: getattr(self, n).tolist() for n in ("cases", "said", "seen", "low", "high")}


def reliability(probability: ArrayLike, happened: ArrayLike, *, bins: int = 10) -> Reliability:
    """Are chances of p followed by the thing in a share p of cases? Over ``bins`` equal bins of [0, 1].

    :class:`~spillover.errors.ForecastError` where there is no case.
    """
    p, o = _probabilities(probability, happened)
    if not len(p):
        raise ForecastError("there is no case to judge probabilities by", to_do="Choose a longer window or more units")
    where = np.minimum((p * bins).astype(np.int64), bins - 1)
    cases = np.bincount(where, minlength=bins)
    full = cases > 0
    n, total = cases[full], len(p)
    said, seen = (np.bincount(where, weights=v, minlength=bins)[full] / n for v in (p, o))
    base = float(o.mean())
    rel, res = float(n @ (said - seen) ** 2 / total), float(n @ (seen - base) ** 2 / total)
    score, uncertainty = float(((p - o) ** 2).mean()), base * (1 - base)
    low, high = _wilson(seen, n)
    return Reliability(score, rel, res, uncertainty, score - rel + res - uncertainty, n, said, seen, low, high)


def score_cells(
    draws: ArrayLike, actual: ArrayLike, *, threshold: float = TAIL, rows: Rows | None = None
) -> dict[str, Floats]:
    """All scores of draws in one pass, by name: those of :data:`NAMES`, an array of cells each.

    ``crps``, ``crps_log``, ``twcrps``, ``ign``, ``mis`` (90 %), ``cover90``, ``cover50``, ``brier1`` (one death or
    more) and ``brier25`` (``threshold`` or more). ``rows``: only these cells of ``draws``, in the order of ``actual``.
    """
    found: dict[str, list[Floats]] = {name: [] for name in NAMES}
    for _, x, y in _chunks(draws, actual, rows):
        for name, values in _all(x, y, threshold).items():
            found[name].append(values)
    return {name: np.concatenate(parts) if parts else np.empty(0) for name, parts in found.items()}


def summarise(
    draws: ArrayLike, actual: ArrayLike, *, threshold: float = TAIL, seed: int = 0, rows: Rows | None = None
) -> dict[str, Floats]:
    """What was said in each cell, in one pass: ``median``, ``low90``, ``high90``, the chances ``p1`` of one death or
    more and ``p25`` of ``threshold`` or more, and the ``pit`` of what came (see :func:`pit`)."""
    random, found = np.random.default_rng(seed), list[Floats]()
    for _, x, y in _chunks(draws, actual, rows):
        said = [_quantile(x, 0.5), *_interval(x, LEVEL), _share(x, 1.0), _share(x, threshold), _pit(x, y, random)]
        found.append(np.stack(said))
    joined = np.concatenate(found, axis=1) if found else np.empty((len(SUMMARIES), 0))
    return dict(zip(SUMMARIES, joined, strict=True))


SUMMARIES = ("median", "low90", "high90", "p1", "p25", "pit")
"""What :func:`summarise` gives."""
NAMES = ("crps", "crps_log", "twcrps", "ign", "mis", "cover90", "cover50", "brier1", "brier25")
"""The scores of :func:`score_cells`."""


def _all(x: Floats, y: Floats, threshold: float) -> dict[str, Floats]:
    made = {
        "crps": _crps(x, y), "twcrps": _twcrps(x, y, threshold), "ign": _ign(x, y), "mis": _mis(x, y, LEVEL),
        "cover90": _cover(x, y, LEVEL), "cover50": _cover(x, y, 0.5), "brier1": _brier_of(x, y, 1.0),
        "brier25": _brier_of(x, y, threshold),
    }  # fmt: skip
    # the last: it may use up the draws
    return made | {"crps_log": _crps(np.log1p(x, out=x), np.log1p(y))}


def _crps(x: Floats, y: Floats) -> Floats:
    m = x.shape[1]
    # not by BLAS: its sums hang on how many rows there are
    spread: Floats = (x * (2.0 * np.arange(1, m + 1) - m - 1)).sum(1) / m**2
    off = x - y[:, None]
    distance: Floats = np.abs(off, out=off).mean(1)
    # rounding can leave equal draws a hair below nought
    scores: Floats = np.maximum(distance - spread, 0.0)
    return scores


def _crps_log(x: Floats, y: Floats) -> Floats:
    return _crps(np.log1p(x), np.log1p(y))


def _twcrps(x: Floats, y: Floats, threshold: float) -> Floats:
    return _crps(np.maximum(x, threshold), np.maximum(y, threshold))


def _ign(x: Floats, y: Floats) -> Floats:
    where = np.searchsorted(BIN_EDGES, y, side="right") - 1
    low, high = BIN_EDGES[where], np.append(BIN_EDGES, np.inf)[where + 1]
    inside = np.count_nonzero((x >= low[:, None]) & (x < high[:, None]), axis=1)
    bits: Floats = np.log2(x.shape[1] + len(BIN_EDGES)) - np.log2(inside + 1.0)
    return bits


def _mis(x: Floats, y: Floats, level: float) -> Floats:
    low, high = _interval(x, level)
    scores: Floats = high - low + 2 / (1 - level) * (np.maximum(low - y, 0) + np.maximum(y - high, 0))
    return scores


def _cover(x: Floats, y: Floats, level: float) -> Floats:
    low, high = _interval(x, level)
    inside: Floats = ((low <= y) & (y <= high)).astype(np.float64)
    return inside


def _brier_of(x: Floats, y: Floats, threshold: float) -> Floats:
    scores: Floats = (_share(x, threshold) - (y >= threshold)) ** 2
    return scores


def _share(x: Floats, threshold: float) -> Floats:
    share: Floats = np.count_nonzero(x >= threshold, axis=1) / x.shape[1]
    return share


def _pit(x: Floats, y: Floats, random: np.random.Generator) -> Floats:
    below = np.count_nonzero(x < y[:, None], axis=1)
    equal = np.count_nonzero(x == y[:, None], axis=1)
    rank: Floats = (below + random.random(len(y)) * (equal + 1)) / (x.shape[1] + 1)
    return rank


def _interval(x: Floats, level: float) -> tuple[Floats, Floats]:
    if not 0 < level < 1:
        raise ValueError(f"the level of an interval lies between 0 and 1, not {level}")
    return _quantile(x, (1 - level) / 2), _quantile(x, (1 + level) / 2)


def _quantile(x: Floats, q: float) -> Floats:
    """Of sorted draws, interpolated from the nearer of the two beside it, so that it is never outside them."""
    at = q * (x.shape[1] - 1)
    i = min(int(at), x.shape[1] - 1)
    low, high, share = x[:, i], x[:, min(i + 1, x.shape[1] - 1)], at - i
    step = high - low
    found: Floats = low + step * share if share < 0.5 else high - step * (1 - share)
    return found


def _wilson(share: Floats, n: Rows, z: float = 1.6448536269514722) -> tuple[Floats, Floats]:
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return np.clip(middle - half, 0, 1), np.clip(middle + half, 0, 1)


def _each(draws: ArrayLike, actual: ArrayLike, score: Callable[[Floats, Floats], Floats]) -> Floats:
    parts = [score(x, y) for _, x, y in _chunks(draws, actual, None)]
    return np.concatenate(parts) if parts else np.empty(0)


def _chunks(draws: ArrayLike, actual: ArrayLike | None, rows: Rows | None) -> Iterator[tuple[int, Floats, Floats]]:
    """First cell, sorted draws and outcomes of a few thousand cells at a time, the draws a copy of their own."""
    x = np.asarray(draws)
    if x.ndim != 2 or not x.shape[1]:
        raise ValueError(f"draws are an array of cells × draws, not of shape {x.shape}")
    n = len(x) if rows is None else len(rows)
    y = np.zeros(n) if actual is None else np.asarray(actual, dtype=np.float64)
    if y.shape != (n,):
        raise ValueError(f"{n} cells of draws need as many outcomes, not an array of shape {y.shape}")
    step = max(1, _CHUNK // x.shape[1])
    for first in range(0, n, step):
        chosen = x[first : first + step] if rows is None else x[rows[first : first + step]]
        part, came = np.array(chosen, dtype=np.float64, order="C"), y[first : first + step]
        part.sort(axis=1)
        # what is not a number is sorted to the end
        _usable(part[:, 0], part[:, -1], "a draw", first)
        _usable(came, came, "an outcome", first)
        yield first, part, came


def _usable(low: Floats, high: Floats, what: str, first: int) -> None:
    wrong = ~((low >= 0) & (high < np.inf))
    if wrong.any():
        raise ForecastError(
            f"{what} is missing, negative or infinite",
            where=f"cell {first + int(wrong.argmax()) + 1}",
            to_do="Scores are of counts from 0 up: mend or leave out the cell",
        )


def _probabilities(probability: ArrayLike, happened: ArrayLike) -> tuple[Floats, Floats]:
    p, o = np.asarray(probability, dtype=np.float64), np.asarray(happened, dtype=np.float64)
    if p.ndim != 1 or p.shape != o.shape:
        raise ValueError(f"as many outcomes as probabilities are needed, not {p.shape} and {o.shape}")
    for what, wrong in (("a probability is not between 0 and 1", ~((p >= 0) & (p <= 1))),
                        ("an outcome is not 0 or 1", (o != 0) & (o != 1))):  # fmt: skip
        if wrong.any():
            raise ForecastError(what, where=f"cell {int(wrong.argmax()) + 1}", to_do="Mend or leave out the cell")
    return p, o
