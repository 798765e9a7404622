"""Who set off what: expected numbers of triggered events by year, from group to group and from country to country."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from spillover.spread.contagion.catalogue import Catalogue, Floats, Ints
from spillover.spread.contagion.fit import Fitted, tables
from spillover.spread.contagion.pairs import CLASSES, neighbours
from spillover.spread.contagion.simulate import Events

YEAR = 365.2425


@dataclass(frozen=True, slots=True)
class Attribution:
    """``groups`` (Y × M × M) and ``countries`` (Y × C × C): triggered events by year, from (row) and to (column);
    ``offspring`` (N): events that each event triggered, expected. Years are counted from the window's begin, by the
    calendar where ``year`` says so.
    """

    groups: Floats
    countries: Floats
    offspring: Floats


def years(catalogue: Catalogue, times: Floats) -> Ints:
    """Calendar year of each time, counted from that of the window's begin."""
    begin = np.datetime64(catalogue.begin)
    days = begin + np.floor(np.clip(times, 0, catalogue.days - 1e-6)).astype("timedelta64[D]")
    return np.asarray(days.astype("datetime64[Y]").astype(np.int64) - begin.astype("datetime64[Y]").astype(np.int64))


def _n_years(catalogue: Catalogue) -> int:
    return int(years(catalogue, np.array([catalogue.days]))[0]) + 1


def attribute(fitted: Fitted) -> Attribution:
    """What a fit says of who set off what, in one more pass over the pairs."""
    c = fitted.catalogue
    shapes = fitted.settings.kernels()
    shape, parent = tables(fitted.parameters, shapes)
    near = neighbours(fitted.times, fitted.cells, shapes)
    year = years(c, fitted.times)
    found = _attribute(
        near.order, near.times, fitted.cells.of, near.begins_cell, near.begins, near.cells, near.bins, shapes.longest,
        near.wait_bin, shapes.bins[1], shape.ravel(), parent, c.group, (c.group * CLASSES + c.mark) * 2, c.country,
        year, fitted.intensity, _n_years(c), len(c.groups), len(c.countries),
    )  # fmt: skip
    return Attribution(*found)


def attributed(events: Events, like: Catalogue) -> Attribution:
    """The same of simulated events, whose parents are known."""
    child = np.flatnonzero(events.parent >= 0)
    parent = events.parent[child]
    year = years(like, events.times[child])
    shape = (_n_years(like), len(like.groups), len(like.groups))
    groups, countries = np.zeros(shape), np.zeros((shape[0], len(like.countries), len(like.countries)))
    np.add.at(groups, (year, events.group[parent], events.group[child]), 1.0)
    np.add.at(countries, (year, events.country[parent], events.country[child]), 1.0)
    return Attribution(groups, countries, np.bincount(parent, minlength=len(events)).astype(float))


@njit(cache=True, nogil=True)
def _attribute(  # type: ignore[no-untyped-def]
    order, times, cell_of, begins_cell, near_begins, near, bins, longest, wait_bin, n_distance, shape, parent, group,
    code, country, year, intensity, n_years, n_groups, n_countries,
):  # fmt: skip
    groups = np.zeros((n_years, n_groups, n_groups))
    countries = np.zeros((n_years, n_countries, n_countries))
    offspring = np.zeros(len(order))
    for at in range(len(order)):
        event = order[at]
        if intensity[event] <= 0:
            continue
        cell, now, here = cell_of[event], times[at], country[event]
        row = parent[group[event]]
        for k in range(near_begins[cell], near_begins[cell + 1]):
            low, high = begins_cell[near[k]], begins_cell[near[k] + 1]
            inside = times[low:high]
            first = low + np.searchsorted(inside, now - longest, side="right")
            last = low + np.searchsorted(inside, now)
            for other in range(first, last):
                before = order[other]
                value = shape[wait_bin[int((now - times[other]) * 4)] * n_distance + bins[k]]
                share = value * row[code[before] + (country[before] != here)] / intensity[event]
                groups[year[event], group[before], group[event]] += share
                countries[year[event], country[before], here] += share
                offspring[before] += share
    return groups, countries, offspring
