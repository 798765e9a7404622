"""A panel from a file that has one ready: a row a unit and month."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import cast, get_args

import numpy as np
import polars as pl

from spillover.errors import ForecastError
from spillover.forecasting import months
from spillover.forecasting.draws import listed
from spillover.forecasting.panel import Panel, Unit
from spillover.forecasting.panels import existence, grid, places
from spillover.forecasting.panels.table import read

MOST = 100_000_000
"""Most cells of a panel (units × months): 800 MB a series."""
_DIVISION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")


def from_file(
    path: Path | str,
    *,
    until: int | None = None,
    unit: str | None = None,
    month: str | None = None,
    value: str | None = None,
    kind: Unit | None = None,
    independence: bool = False,
) -> Panel:
    """The panel in a CSV or Parquet file with columns for unit, month and value.

    ``until``: the last month (see :mod:`~spillover.forecasting.months`); of a row after it nothing but the month is
    looked at, and the panel is a function of the others alone. ``unit``, ``month``, ``value``: names of columns, found
    by the aliases of ``columns.toml`` where not given; a month is YYYY-MM or VIEWS' month_id. ``kind``: what a unit is,
    by the name of its column or its keys where not given. Other series that are known by name become ``parts``.

    A unit is there from its first row on. With ``independence`` a country is there only while it was a state (see
    :mod:`~spillover.forecasting.panels.existence`), or had a value above 0. A unit-month without a row counts as 0.
    Months at the head in which every unit is 0 are cut: a record that begins with zeros had not begun. Both are
    counted in the notes.

    :class:`~spillover.errors.ForecastError` where the file has no such columns; where a row has no month, no unit, a
    value that is no number of 0 or more, or stands twice; where no row is left, or none in the month ``until``.
    """
    path = Path(path)
    rows, columns = read(path, until=until, unit=unit, month=month, value=value)
    start, end = cast(int, rows["month"].min()), cast(int, rows["month"].max())
    if until is not None and end < until:
        raise ForecastError(
            f"the rows end in {months.name(end)}, before {months.name(until)}", where=path.name,
            to_do=f"Take {months.name(end)} as the last month; if nothing happened after it, write rows with 0",
        )  # fmt: skip
    some = rows.filter(pl.col("value") > 0)["month"].min()
    quiet = cast(int, some) - start if some is not None else 0
    keys = ordered(rows["unit"].unique().to_list())
    n = end - start + 1
    if len(keys) * n > MOST:
        raise ForecastError(
            f"{len(keys):,} units × {n:,} months are over the limit of {MOST:,} cells", where=path.name,
            to_do="Check the first and last months, or give fewer units",
        )  # fmt: skip
    number = {key: i for i, key in enumerate(keys)}
    at = rows["unit"].replace_strict(number, return_dtype=pl.Int64).to_numpy()
    column = (rows["month"] - start).to_numpy()
    filled = {}
    for name in ("value", *columns.parts):
        series = np.zeros((len(keys), n))
        series[at, column] = rows[name].to_numpy()
        filled[name] = np.ascontiguousarray(series[:, quiet:])
    there = np.zeros((len(keys), n), dtype=bool)
    there[at, column] = True
    exists = np.logical_or.accumulate(there, axis=1)
    lacking = int((exists & ~there)[:, quiet:].sum())
    late = int((~exists[:, quiet]).sum())
    exists = np.ascontiguousarray(exists[:, quiet:])
    known = [key for key, first in zip(keys, exists[:, 0], strict=True) if first]  # no later unit may change it
    found = kind or columns.kind or _kind(known or keys)
    if found not in get_args(Unit):
        raise ForecastError(f"there is no kind of unit {found!r}", to_do=f"Use one of {', '.join(get_args(Unit))}")
    if found == "priogrid" and (others := [key for key in keys if not places.is_gid(key)]):
        raise ForecastError(
            f"{len(others):,} units are no cells of PRIO-GRID: {listed(others)}", where=path.name,
            to_do=f"Cells go by their gid, a number from 1 to {grid.CELLS:,}; leave --unit out for other units",
        )  # fmt: skip
    notes = _notes(path.name, start, quiet, lacking, late)
    values = filled.pop("value")
    broken = int((np.abs(values - np.rint(values)) > 1e-6).sum())
    if broken:
        notes.append(
            f"{path.name}: {broken:,} values are no whole numbers: forecasts are of counts, of rates they are wrong"
        )
    if independence:
        if found != "country" or not all(places.is_country(key) for key in keys):
            raise ForecastError(
                "the time of a state is known by ISO3 alone, and not every unit is one", where=path.name,
                to_do="Leave independence out, or give ISO3 codes as units",
            )  # fmt: skip
        exists, said = existence.applied(keys, start + quiet, values, exists)
        never = int((~exists.any(axis=1)).sum())
        notes += [
            *said,
            *([f"{never:,} units were no states in any of these months and are left out"] if never else []),
        ]
    panel = Panel(
        kind=cast(Unit, found),
        target=columns.target,
        units=tuple(keys),
        start=start + quiet,
        values=values,
        exists=exists,
        names=places.names(found, keys),
        parts=filled,
        neighbours=places.neighbours(found, keys),
        notes=tuple(notes),
    )
    return panel.only(np.asarray(exists.any(axis=1)))


def ordered(keys: Sequence[str]) -> list[str]:
    """Keys in their order: numbers by size, then text."""
    return sorted(keys, key=lambda k: (0, int(k), k) if k.isascii() and k.isdecimal() else (1, 0, k))


def _kind(keys: Sequence[str]) -> str:
    """What units are by their keys."""
    if all(places.is_country(key) for key in keys):
        return "country"
    if all("|" in key for key in keys):
        return "group"
    return "admin1" if all(_DIVISION.fullmatch(key) for key in keys) else "other"


def _notes(file: str, start: int, quiet: int, lacking: int, late: int) -> list[str]:
    notes = []
    if quiet:
        first, last = months.name(start), months.name(start + quiet - 1)
        notes.append(f"{file}: {quiet:,} months at its head ({first} to {last}) are 0 everywhere and were cut")
    if lacking:
        notes.append(f"{file}: {lacking:,} unit-months have no row and count as 0")
    if late:
        notes.append(f"{file}: {late:,} units begin after the first month and are there from their first row on")
    return notes
