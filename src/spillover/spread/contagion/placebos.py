"""Three placebos: catalogues with the places, groups and slow waves of the real one, and no triggering in them.

What the model finds in them is what it would find in any slow local wave; they are part of the method, and are printed
beside every estimate.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from spillover.spread.contagion.catalogue import Catalogue, Floats
from spillover.spread.contagion.cells import numbered, snap

Kind = Literal["shuffled", "dithered", "smoothed"]
KINDS: tuple[Kind, ...] = ("shuffled", "dithered", "smoothed")
DITHER = 180.0  # days either way
_NEIGHBOURHOOD = 15.0  # km


def placebo(catalogue: Catalogue, kind: Kind, bandwidth: float, rng: np.random.Generator) -> Catalogue:
    """The catalogue with other times.

    ``shuffled``: the times change places within each group. ``dithered``: each is moved by up to 180 days either way,
    back into the window where it would leave it. ``smoothed``: each event is given a time from the smoothed rate of its
    group around it: that of an event of the group within 15 km or so, moved by the background's kernel.
    """
    times = catalogue.times(rng)
    if kind == "dithered":
        return catalogue.at(fold(times + rng.uniform(-DITHER, DITHER, len(times)), catalogue.days))
    rows = [catalogue.group]
    if kind == "smoothed":
        row, column = snap(catalogue.lat, catalogue.lon, _NEIGHBOURHOOD)
        rows += [row, column]
    number, _ = numbered(*rows)
    order = np.lexsort((rng.random(len(times)), number))
    by_number = np.argsort(number, kind="stable")
    if kind == "shuffled":
        given = np.empty_like(times)
        given[by_number] = times[order]
        return catalogue.at(given)
    begins = np.concatenate([[0], np.cumsum(np.bincount(number))])
    width = np.diff(begins)[number]
    drawn = times[by_number[begins[number] + (rng.random(len(times)) * width).astype(np.int64)]]
    return catalogue.at(fold(drawn + matern(len(times), bandwidth / 2, rng), catalogue.days))


def matern(n: int, tau: float, rng: np.random.Generator) -> Floats:
    """Draws from the two-sided Matérn-3/2 kernel: half exponential, half the sum of two (days)."""
    shape = np.where(rng.random(n) < 0.5, 1.0, 2.0)
    return np.asarray(rng.gamma(shape) * tau * rng.choice([-1.0, 1.0], n))


def fold(times: Floats, days: float) -> Floats:
    """Times thrown back at the ends of the window."""
    folded = np.abs(times) % (2 * days)
    return np.asarray(np.where(folded > days, 2 * days - folded, folded))
