"""The layout of the VIEWS 2023/24 prediction challenge, and its countries (Hegre et al.; https://viewsforecasting.org).

A row a draw, indexed by ``month_id``, ``country_id`` or ``priogrid_gid``, and ``draw``, with the column ``outcome``.
VIEWS numbers countries in its own way: to speak of the same ones as others do, a table of ids and names is needed.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import numpy as np
import polars as pl
import pyarrow as pa

from spillover.errors import ForecastError
from spillover.forecasting import months
from spillover.forecasting.draws import Draws, Source, listed
from spillover.forecasting.files import separator, write_batches
from spillover.forecasting.panels.table import check_encoding, whole_ids

Level = Literal["country", "priogrid"]
_COLUMN = {"country": "country_id", "priogrid": "priogrid_gid"}
_ID_COLUMNS = ("country_id", "id")
_CELLS = 2000


@dataclass(frozen=True, slots=True)
class CountryIds:
    """``iso3``: ISO3 by VIEWS ``country_id`` (as text). ``unresolved``: (id, name, why) of those without one."""

    iso3: Mapping[str, str]
    unresolved: tuple[tuple[str, str, str], ...] = ()

    @property
    def ids(self) -> dict[str, int]:
        """``country_id`` by ISO3."""
        return {iso3: int(id) for id, iso3 in self.iso3.items()}


def read_country_ids(path: Path) -> CountryIds:
    """A CSV with ``country_id`` (or ``id``) and ``iso3``, or a ``name`` in the place of it or where it is empty; its
    columns parted by commas, semicolons or tabs.

    Names are looked up among those of ISO 3166, UCDP and VIEWS, letter by letter but for case and accents; what is not
    found, or is found twice, is in ``unresolved``. :class:`~spillover.errors.ForecastError` where the file cannot be
    read.
    """
    where = str(path)
    try:
        check_encoding(path)
        text = path.read_text("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text), delimiter=separator(text.partition("\n")[0])))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ForecastError(f"it cannot be read ({error})", where=where, to_do="Give a CSV file in UTF-8") from error
    there = list(rows[0]) if rows else []
    id_column = next((c for c in _ID_COLUMNS if c in there), None)
    if id_column is None or not {"iso3", "name"} & set(there):
        raise ForecastError(
            f"there are no columns country_id and iso3 (or name); there are {listed(there, 12) or 'no rows'}",
            where=where, to_do="Write a row a country: country_id,iso3",
        )  # fmt: skip
    found: dict[str, tuple[str, str]] = {}
    lost: list[tuple[str, str, str]] = []
    ids = whole_ids(pl.Series([(row[id_column] or "").strip() for row in rows], dtype=pl.String)).to_list()
    for number, (id, row) in enumerate(zip(ids, rows, strict=True), 1):
        name, code = ((row.get(c) or "").strip() for c in ("name", "iso3"))
        if not id.isdecimal() or str(int(id)) in found:
            what = "stands twice" if id.isdecimal() else "is no whole number"
            raise ForecastError(f"the id {id!r} {what}", where=f"{where}, row {number}", to_do="Mend the row")
        iso3 = _iso3(code, name)
        if iso3 is None:
            why = f"{code!r} is no ISO3 code" if code else "no country is known by this name"
            lost.append((str(int(id)), name or code, why))
        else:
            found[str(int(id))] = (iso3, name or code)
    twice = {iso3 for iso3, n in Counter(iso3 for iso3, _ in found.values()).items() if n > 1}
    lost += [(id, name, f"several ids are {iso3}") for id, (iso3, name) in found.items() if iso3 in twice]
    kept = {id: iso3 for id, (iso3, _) in found.items() if iso3 not in twice}
    return CountryIds(kept, tuple(sorted(lost, key=lambda entry: int(entry[0]))))


def write_views(
    forecast: Draws, path: Path, *, level: Level = "country", ids: Mapping[str, int] | None = None,
    leave_out: bool = False,
) -> tuple[str, ...]:  # fmt: skip
    """Write a forecast in the layout of VIEWS; the units that were left out because ``ids`` lacks them.

    ``ids``: number by unit (:attr:`CountryIds.ids`); without it, units are such numbers themselves. ``outcome`` is a
    whole number where all draws are. :class:`~spillover.errors.ForecastError` where a unit has no number and
    ``leave_out`` is not set, or none has one; the same forecast gives the same bytes.
    """
    forecast.check(Source(f"the forecast for {path.name}"))
    names = forecast.units
    given = ids if ids is not None else {name: int(name) for name in names if name.isdecimal()}
    without = tuple(name for name in names if name not in given)
    if without and (not leave_out or len(without) == len(names)):
        raise ForecastError(
            f"{len(without)} of {len(names)} units have no {_COLUMN[level]}: {listed(without)}",
            where=str(path), to_do="Give their numbers, or leave these units out",
        )  # fmt: skip
    rows = np.flatnonzero(~np.isin(forecast.unit, np.array(without, dtype=np.str_)))
    number = np.array([given[name] for name in forecast.unit[rows].tolist()], dtype=np.int64)
    order = np.lexsort((number, forecast.month[rows]))
    rows, number = rows[order], number[order]
    whole = all((part == np.floor(part)).all() and part.max() < 2**31 for part in _parts(forecast, rows))
    outcome = pa.int32() if whole else pa.float64() if forecast.draws.dtype == np.float64 else pa.float32()
    schema = _schema(_COLUMN[level], outcome)

    def batches() -> Iterator[pa.RecordBatch]:
        for first in range(0, len(rows), _CELLS):
            part = rows[first : first + _CELLS]
            month = [months.to_views(int(i)) for i in forecast.month[part]]
            values = forecast.draws[part].ravel()
            columns = (
                values.astype(np.int32) if whole else values,
                np.repeat(np.array(month, dtype=np.int64), forecast.size),
                np.repeat(number[first : first + _CELLS], forecast.size),
                np.tile(np.arange(forecast.size, dtype=np.int64), len(part)),
            )
            yield pa.record_batch([pa.array(column) for column in columns], schema=schema)

    write_batches(path, schema, batches())
    return without


def _parts(forecast: Draws, rows: Any) -> Iterator[Any]:
    for first in range(0, len(rows), _CELLS):
        yield forecast.draws[rows[first : first + _CELLS]]


def _schema(unit: str, outcome: pa.DataType) -> pa.Schema:
    """With the note by which pandas finds the index again."""
    kinds = {"outcome": outcome, "month_id": pa.int64(), unit: pa.int64(), "draw": pa.int64()}
    columns = [
        {"name": name, "field_name": name, "pandas_type": str(kind).replace("float", "float32").replace("double",
         "float64") if pa.types.is_floating(kind) else str(kind), "numpy_type": str(kind.to_pandas_dtype().__name__),
         "metadata": None}
        for name, kind in kinds.items()
    ]  # fmt: skip
    head = {"name": None, "field_name": None, "pandas_type": "unicode", "numpy_type": "object",
            "metadata": {"encoding": "UTF-8"}}  # fmt: skip
    note = {"index_columns": ["month_id", unit, "draw"], "column_indexes": [head], "columns": columns,
            "pandas_version": "2.2.0"}  # fmt: skip
    return pa.schema(list(kinds.items()), metadata={"pandas": json.dumps(note)})


def _iso3(code: str, name: str) -> str | None:
    from spillover.records.countries import fold

    return _known().get(("iso3", code.upper()) if code else ("name", fold(name)))


@cache
def _known() -> dict[tuple[str, str], str]:
    """ISO3 by code and by folded name, the names as VIEWS writes them among them."""
    from spillover.records.countries import fold, keys

    text = files(__package__).joinpath("views_names.csv").read_text("utf-8")
    known = {(kind, key): iso3 for kind, key, iso3 in keys()}
    return known | {("name", fold(row["name"])): row["iso3"] for row in csv.DictReader(text.splitlines())}
