"""A panel file as a table: its columns found by name, its months as numbers, its rows checked.

Of a row after the last month that is asked for nothing but the month is looked at.
"""

from __future__ import annotations

import codecs
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl

from spillover.errors import ForecastError
from spillover.forecasting import months

FIRST, LAST = months.parse("1800-01"), months.parse("2199-12")
"""The months that are believed: any other is a slip of the pen."""
LAST_MONTH_ID = 1440
"""Of VIEWS' month_id (1 is January 1980) the last that is believed: a number above it is a year."""
LARGEST = 1e9
"""No count of a month is above it."""
_DELIMITERS = ",;\t|"
_YEAR = ("year", "yr")
_FLOAT = r"^(\d+)\.0+$"


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column is what. ``parts``: name → column."""

    unit: str
    month: str
    value: str
    parts: dict[str, str]
    kind: str | None
    target: str


@cache
def aliases() -> dict[str, Any]:
    """The names that columns are known by, from ``columns.toml``."""
    return tomllib.loads(files(__package__).joinpath("columns.toml").read_text("utf-8"))


def read(
    path: Path, *, until: int | None, unit: str | None, month: str | None, value: str | None
) -> tuple[pl.DataFrame, Columns]:
    """Rows of a panel file up to a month: ``unit`` (text), ``month`` (number), ``value`` and a column a part.

    :class:`~spillover.errors.ForecastError` where the file or one of these rows cannot be taken as it is.
    """
    raw = _raw(path)
    columns = _columns(path, raw.columns, unit, month, value)
    # the header is row 1 of a CSV file; a Parquet file has none
    needed = dict.fromkeys([columns.unit, columns.month, columns.value, *columns.parts.values()])
    rows = raw.select(list(needed)).with_row_index("_row", 1 if _is_parquet(path) else 2)
    rows = rows.filter(~pl.all_horizontal(pl.col(list(needed)).is_null()))  # a blank line is no row
    rows = rows.with_columns(_month(rows[columns.month]).alias("_month"))
    _no_month_of_a_year(path, raw, columns.month)
    bad = rows.filter(pl.col("_month").is_null() | ~pl.col("_month").is_between(FIRST, LAST))
    if bad.height:
        raise _fault(path, bad, columns.month, "is not a month", "Write it as YYYY-MM, or as the month_id of VIEWS")
    if until is not None:
        rows = rows.filter(pl.col("_month") <= until)
    if not rows.height:
        upto = f" up to {months.name(until)}" if until is not None else ""
        raise ForecastError(f"there is no row{upto}", where=path.name, to_do="Give a file with rows, or a later month")
    keys = _key(rows[columns.unit])
    rows = rows.with_columns(keys.alias("_unit"))
    bad = rows.filter(pl.col("_unit").is_null() | (pl.col("_unit") == ""))
    if bad.height:
        raise _fault(path, bad, columns.unit, "names no unit", "Fill the cell, or take the row out")
    made = {"_unit": "unit", "_month": "month"}
    for name, column in {"value": columns.value, **columns.parts}.items():
        rows = rows.with_columns(rows[column].cast(pl.Float64, strict=False).alias(f"_{name}"))
        number = pl.col(f"_{name}")
        bad = rows.filter(number.is_null() | ~number.is_finite() | (number < 0))
        if bad.height:
            raise _fault(path, bad, column, "is no number of 0 or more", "Mend the cell; where nothing was, write 0")
        if (bad := rows.filter(number > LARGEST)).height:
            raise _fault(path, bad, column, f"is above {LARGEST:,.0f}: no month has so many", "Mend the cell")
        made[f"_{name}"] = name
    _once(path, rows)
    return rows.select([pl.col(old).alias(new) for old, new in made.items()]), columns


def _no_month_of_a_year(path: Path, raw: pl.DataFrame, column: str) -> None:
    """That 1 to 12 beside a year are not taken for months that are counted through, as VIEWS does."""
    year = next((name for name in raw.columns if name.strip().lower() in _YEAR and name != column), None)
    number = raw[column].cast(pl.Float64, strict=False) if not raw[column].dtype.is_temporal() else pl.Series([None])
    if year is not None and not number.is_null().any() and number.is_between(1, 12).all():
        raise ForecastError(
            f"{column} has 1 to 12 alone, and the year stands in {year}", where=f"{path.name}, header",
            to_do="Write both in one column, as YYYY-MM",
        )  # fmt: skip


def _once(path: Path, rows: pl.DataFrame) -> None:
    """That no unit has a month twice."""
    code = rows["_unit"].cast(pl.Categorical).to_physical().cast(pl.Int64) * (LAST + 1) + rows["_month"]
    if code.n_unique() == rows.height:
        return
    twice = rows.filter(code.is_duplicated())
    key, month = twice["_unit"][0], twice["_month"][0]
    second = twice.filter((pl.col("_unit") == key) & (pl.col("_month") == month))["_row"][1]
    raise ForecastError(
        f"{key} has {months.name(month)} more than once ({twice.height:,} such rows)",
        where=f"{path.name}, row {second:,}", to_do="Leave one row a unit and month",
    )  # fmt: skip


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def _raw(path: Path) -> pl.DataFrame:
    """The file's cells: text from CSV, so that nothing is guessed from later rows; from Parquet as they are."""
    try:
        if _is_parquet(path):
            return pl.read_parquet(path)
        check_encoding(path)
        with path.open("rb") as file:
            head = file.readline(1 << 20).decode("utf-8", "replace")
        if not head.removeprefix("\ufeff").strip():
            raise ForecastError("the file is empty", where=path.name, to_do="Give a file with a header and rows")
        delimiter = max(_DELIMITERS, key=head.count)
        return pl.read_csv(path, infer_schema=False, separator=delimiter)
    except OSError as error:
        raise ForecastError(
            f"cannot be read: {error.strerror or error}", where=str(path), to_do="Check the path"
        ) from error
    except pl.exceptions.PolarsError as error:
        raise ForecastError(
            f"is not a table in CSV (UTF-8) or Parquet ({str(error).splitlines()[0]})", where=path.name,
            to_do="Save it again as CSV in UTF-8, with as many cells in each row as in the header",
        ) from error  # fmt: skip


def check_encoding(path: Path) -> None:
    """:class:`~spillover.errors.ForecastError` for UTF-16, as spreadsheets save "Unicode text"."""
    with path.open("rb") as file:
        head = file.read(2)
    # without a mark, one byte of the first letter is 0
    if head in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or 0 in head:
        raise ForecastError("the file is in UTF-16", where=path.name, to_do="Save it again as CSV in UTF-8")


def _columns(path: Path, there: list[str], unit: str | None, month: str | None, value: str | None) -> Columns:
    known = aliases()
    found = {}
    for what, given in (("unit", unit), ("month", month), ("value", value)):
        named = [given] if given else known[what]
        column = next((name for name in named if name in there), None)
        if column is None:
            raise ForecastError(
                f"there is no column for the {what} ({' or '.join(named)}); there are {', '.join(there[:12])}",
                where=f"{path.name}, header", to_do=f"Name it: --columns {what}=NAME",
            )  # fmt: skip
        found[what] = column
    taken = set(found.values())
    target = known["target"].get(found["value"], "deaths")
    parts = {
        name: column
        for name, names in known["parts"].items()
        if name != target and (column := next((c for c in names if c in there and c not in taken), None))
    }
    return Columns(found["unit"], found["month"], found["value"], parts, known["kind"].get(found["unit"]), target)


def _month(column: pl.Series) -> pl.Series:
    """Months as numbers, null where one is none: dates, YYYY-MM (a day may follow), or VIEWS' month_id up to
    :data:`LAST_MONTH_ID`."""
    if column.dtype.is_temporal():
        date = column.cast(pl.Date, strict=False)
        return date.dt.year().cast(pl.Int64) * 12 + date.dt.month() - 1
    if column.dtype.is_numeric():
        number = column.cast(pl.Float64)
        believed = (number == number.floor()) & (number <= LAST_MONTH_ID)
        whole = pl.select(pl.when(believed).then(number).cast(pl.Int64, strict=False)).to_series()
        return whole + months.from_views(0)
    known = column.cast(pl.String).unique().drop_nulls()
    return column.cast(pl.String).replace_strict(known, _parsed(known), default=None, return_dtype=pl.Int64)


def _parsed(text: pl.Series) -> pl.Series:
    text = text.str.strip_chars()
    year = text.str.extract(r"^(\d{4})-(?:0[1-9]|1[0-2])(?:-\d{2}.*)?$", 1).cast(pl.Int64)
    month = text.str.extract(r"^\d{4}-(0[1-9]|1[0-2])(?:-\d{2}.*)?$", 1).cast(pl.Int64)
    id = text.str.extract(r"^(\d{1,4})(?:\.0+)?$", 1).cast(pl.Int64)
    views = pl.select(pl.when(id <= LAST_MONTH_ID).then(id + months.from_views(0))).to_series()
    return (year * 12 + month - 1).zip_with(year.is_not_null(), views)


def _key(column: pl.Series) -> pl.Series:
    if column.dtype.is_float():
        column = column.cast(pl.Int64, strict=False)
    return whole_ids(column.cast(pl.String).str.strip_chars())


def whole_ids(text: pl.Series) -> pl.Series:
    """``133`` for ``133.0``, as pandas writes ids where one was missing; as they are unless all of them are such."""
    return text.str.extract(_FLOAT) if text.str.contains(_FLOAT).all() else text


def _fault(path: Path, bad: pl.DataFrame, column: str, what: str, to_do: str) -> ForecastError:
    cell = bad[column][0]
    more = f"; so have {bad.height - 1:,} more rows" if bad.height > 1 else ""
    shown = "an empty cell" if cell is None or cell == "" else repr(str(cell)[:40])
    return ForecastError(f"{column}: {shown} {what}{more}", where=f"{path.name}, row {bad['_row'][0]:,}", to_do=to_do)
