"""What units are called, and which lie next to which."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from spillover.forecasting.panels import grid
from spillover.records import countries

Ints = NDArray[np.int64]


@cache
def borders() -> dict[str, frozenset[str]]:
    """The countries (ISO3) with a border on land with each, both ways; one without is not in it.

    ``borders.csv`` has the pairs, from the shared boundaries of Natural Earth's countries at 1:10 million (public
    domain, through the npm package world-atlas 2.0.2), and the 150 m between Botswana and Zambia, which that lacks.
    As in :func:`~spillover.forecasting.panels.grid.land`, PSE and ESH stand for themselves and under ISR and MAR.
    """
    found: dict[str, set[str]] = {}
    for row in csv.DictReader(files(__package__).joinpath("borders.csv").read_text("utf-8").splitlines()):
        found.setdefault(row["one"], set()).add(row["other"])
        found.setdefault(row["other"], set()).add(row["one"])
    return {iso3: frozenset(near) for iso3, near in found.items()}


def is_country(key: str) -> bool:
    """Whether a key is the ISO3 of a country."""
    return key in countries.names()


def country_of(kind: str, key: str) -> str:
    """The country (ISO3) of a unit: of a group's key the part after the bar, of a division's by its ISO 3166-2 code or
    the country before its name; empty where it is not known."""
    if kind == "country":
        return key
    if kind == "group":
        return key.rpartition("|")[2]
    if kind == "admin1":
        return _by_alpha2().get(key[:2], "") if key[2:3] == "-" else key.partition(" ")[0]
    return ""


@cache
def _by_alpha2() -> dict[str, str]:
    from spillover.records.places import alpha2

    return {two: three for three, two in alpha2().items()}


def names(kind: str, keys: Sequence[str]) -> tuple[str, ...]:
    """Units for people; a key stands for itself where nothing better is known."""
    called = countries.names()
    if kind == "country":
        return tuple(called.get(key, key) for key in keys)
    if kind == "group":
        parted = [key.rpartition("|")[::2] for key in keys]
        return tuple(f"{group} in {called.get(iso3, iso3)}" for group, iso3 in parted)
    if kind == "priogrid":
        return tuple(grid.name(int(key)) if is_gid(key) else key for key in keys)
    return tuple(keys)


def is_gid(key: str) -> bool:
    """Whether a key is the number of a cell of PRIO-GRID."""
    return key.isascii() and key.isdecimal() and 1 <= int(key) <= grid.CELLS


def neighbours(kind: str, keys: Sequence[str]) -> tuple[Ints, ...]:
    """The rows next to each row, in rising order; none at all for a kind of which that cannot be told by the keys.

    Countries: a border on land. Cells: the eight around. Groups in a country: the other groups there, and the same
    group elsewhere.
    """
    if kind == "country" and any(is_country(key) for key in keys):
        return _linked(keys, [borders().get(key, frozenset()) for key in keys])
    if kind == "priogrid" and all(is_gid(key) for key in keys):
        return grid.neighbours([int(key) for key in keys])
    if kind == "group":
        by: dict[tuple[str, str], set[str]] = {}
        ends = [(("group", key.rpartition("|")[0]), ("country", key.rpartition("|")[2])) for key in keys]
        for key, both in zip(keys, ends, strict=True):
            for end in both:
                by.setdefault(end, set()).add(key)
        return _linked(keys, [(by[one] | by[two]) - {key} for key, (one, two) in zip(keys, ends, strict=True)])
    return ()


def _linked(keys: Sequence[str], near: Sequence[frozenset[str] | set[str]]) -> tuple[Ints, ...]:
    row = {key: i for i, key in enumerate(keys)}
    return tuple(np.array(sorted(row[k] for k in others if k in row), dtype=np.int64) for others in near)
