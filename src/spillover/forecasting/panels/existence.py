"""Which states there were in a month: membership of the system of states, by ISO3 in today's borders.

The states are those of Gleditsch and Ward (1999), "A revised list of independent states since the Congress of Vienna",
International Interactions 25(4), with later additions. ``existence.csv`` has the first month of each that began after
1943, as reference works date independence: the Soviet Union's successors all in December 1991, when it ended, where the
list has some of them at their declarations in that autumn. A state that it does not name was there throughout. One
that ended went on under its successor's code (the Soviet Union RUS, Yugoslavia SRB, Czechoslovakia CZE, both Yemens
YEM, both Germanys DEU), so none has a last month there yet.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from spillover.forecasting import months
from spillover.records.countries import gleditsch_ward


@cache
def periods() -> dict[str, tuple[int | None, int | None]]:
    """First and last month by ISO3; ``None`` where it has none. Every state of the list, and no other country."""
    text = files(__package__).joinpath("existence.csv").read_text("utf-8")
    known: dict[str, tuple[int | None, int | None]] = dict.fromkeys((c.iso3 for c in gleditsch_ward()), (None, None))
    for row in csv.DictReader(text.splitlines()):
        first, last = (months.parse(row[name]) if row[name] else None for name in ("first", "last"))
        known[row["iso3"]] = (first, last)
    return known


def existed(iso3: str, start: int, n: int) -> NDArray[np.bool_]:
    """Whether a country was a state in each of ``n`` months; in none where it is not on the list."""
    if iso3 not in periods():
        return np.zeros(n, dtype=bool)
    first, last = periods()[iso3]
    at = np.arange(start, start + n)
    return (at >= (start if first is None else first)) & (at <= (start + n if last is None else last))


def applied(
    countries: Sequence[str], start: int, values: NDArray[np.float64], there: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], list[str]]:
    """Where ``there`` (units × months) holds and the unit's country was a state, or the record has it nevertheless.

    ``countries``: ISO3 by row. A value above 0 outside a state's time makes it exist in that month and, for a country
    that is not on the list at all, from then on. Returns that, and what to note.
    """
    states = np.stack([existed(iso3, start, values.shape[1]) for iso3 in countries])
    seen = values > 0
    listed = np.array([iso3 in periods() for iso3 in countries])[:, None]
    exists = there & (states | np.where(listed, seen, np.logical_or.accumulate(seen, axis=1)))
    early = int((seen & ~states & listed).sum())
    others = sorted({iso3 for iso3, known in zip(countries, listed[:, 0], strict=True) if not known})
    notes = []
    if early:
        notes.append(f"{early:,} unit-months with a value lie outside the state's time: there the record counts")
    if others:
        named = ", ".join(others[:5]) + (" …" if len(others) > 5 else "")
        notes.append(f"{len(others):,} countries are no states of the list ({named}): there from their first value on")
    return exists, notes
