"""Forecasts and panels in files: Parquet or CSV, in any of the forms that are about, and one form that we write.

Columns are found by the names that data sets give them, or named by the caller; in CSV the header is row 1. A month is
``YYYY-MM``, a date, or a VIEWS ``month_id`` (a number; 1 is January 1980).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from spillover.errors import ForecastError
from spillover.files import write_atomic_from
from spillover.forecasting import months
from spillover.forecasting.draws import Draws, Ints, Names, Observed, Source, align, listed
from spillover.forecasting.panels.table import LAST_MONTH_ID, aliases, check_encoding, read, whole_ids

__all__ = ["Draws", "Observed", "align", "read_forecasts", "read_panel", "write_forecasts"]

_DRAW_COLUMN = re.compile(r"(?:draw_?)?(\d+)")
_EXACT = 1 << 24
"""Up to this number a float of 32 bits holds every whole number."""
_ROWS = 4096


def read_forecasts(path: Path, *, unit: str | None = None, month: str | None = None, value: str | None = None) -> Draws:
    """The forecast in a file, in one of three forms, each with columns for unit and month.

    A row a cell with a column for each draw (``draw_0`` …, ``0`` …); a row a cell with a list ``draws`` (in CSV as
    JSON); a row a draw, with columns ``draw`` and ``outcome`` or ``value`` (VIEWS: ``month_id``, ``country_id`` or
    ``priogrid_gid``). ``unit``, ``month``, ``value``: the names of columns that are called otherwise.

    :class:`~spillover.errors.ForecastError` where it cannot be read, a cell stands twice, a draw is missing or
    negative, or cells have different numbers of draws.
    """
    with _opened(path, unit, month) as file:
        units, unit_names = _units(file, _column(file, "unit", unit))
        index = _months(file, _column(file, "month", month))
        if "draw" in file.names:
            outcome = value or next((c for c in ("outcome", "value") if c in file.names), None)
            made = _from_long(file, units, unit_names, index, _column(file, "value", outcome))
            # a row of the file is no cell
            return made.check(Source(file.source.name, None))
        blocks = _from_lists(file) if "draws" in file.names else _from_columns(file)
        return Draws(unit_names[units], index, _stacked(blocks, len(units))).check(file.source)


def read_panel(path: Path, *, unit: str | None = None, month: str | None = None, value: str | None = None) -> Observed:
    """The panel in a file: a row a cell, with unit, month and value, found by the names that data sets give them.

    As :func:`spillover.forecasting.panels.from_file` reads it, but every row as it stands: nothing is filled in or cut.
    :class:`~spillover.errors.ForecastError` where it cannot be read, a cell stands twice, or a value is missing or
    negative.
    """
    _there(path)
    rows, columns = read(path, until=None, unit=unit, month=month, value=value)
    names = np.array(rows["unit"].to_list(), dtype=np.str_)
    return Observed(names, rows["month"].to_numpy(), rows["value"].to_numpy(), columns.kind)


def write_forecasts(forecast: Draws, path: Path) -> None:
    """Write Parquet: ``unit`` (text), ``month`` (``YYYY-MM``), ``draws`` (a list of m floats of 32 bits).

    Rows are in the order of unit and month, and the same forecast gives the same bytes; after a crash the file is whole
    or not there. :class:`~spillover.errors.ForecastError` where the forecast could not be read back,
    :class:`~spillover.errors.CaseError` where the file cannot be written.
    """
    forecast.check(Source(f"the forecast for {path.name}"))
    order = np.lexsort((forecast.month, forecast.unit))
    schema = pa.schema([("unit", pa.string()), ("month", pa.string()), ("draws", pa.list_(pa.float32()))])

    def batches() -> Iterator[pa.RecordBatch]:
        for first in range(0, len(order), _ROWS):
            rows = order[first : first + _ROWS]
            with np.errstate(over="ignore"):
                values = forecast.draws[rows].astype(np.float32)
            if not np.isfinite(values).all():
                raise ForecastError("a draw is too large for 32 bits", where=str(path), to_do="Cap the draws")
            offsets = np.arange(len(rows) + 1, dtype=np.int32) * forecast.size
            lists = pa.ListArray.from_arrays(pa.array(offsets), pa.array(values.ravel()))
            named = [months.name(int(i)) for i in forecast.month[rows]]
            yield pa.record_batch([pa.array(forecast.unit[rows].tolist()), pa.array(named), lists], schema=schema)

    write_batches(path, schema, batches())


def write_batches(path: Path, schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> None:
    """Write a Parquet file whole or not at all, a row group for each batch, with nothing in it that changes by run."""

    def fill(file: BinaryIO) -> None:
        with pq.ParquetWriter(file, schema, compression="zstd", compression_level=3, version="2.6") as writer:
            for batch in batches:
                writer.write_batch(batch)

    write_atomic_from(path, fill)


def _there(path: Path) -> None:
    if not path.exists():
        raise ForecastError("there is no such file", where=str(path), to_do="Look at the path")


def separator(head: str) -> str:
    """What parts the columns of CSV, by its header."""
    return max(",;\t", key=head.count)


@dataclass(frozen=True, slots=True)
class _File:
    """A file's columns. ``parts`` gives those of these names, some thousand rows at a time: Parquet is read as far as
    it is asked for, so that a grid's draws are in memory once, not as a table and as an array."""

    source: Source
    schema: pa.Schema
    parts: Callable[[list[str]], Iterable[pa.RecordBatch]]

    @property
    def names(self) -> list[str]:
        return list(self.schema.names)

    def column(self, name: str) -> pa.ChunkedArray:
        return pa.chunked_array([part[name] for part in self.parts([name])], self.schema.field(name).type)

    def placed(self, names: list[str]) -> Iterator[tuple[pa.RecordBatch, Source]]:
        """The parts that have rows, each with the place of its first."""
        before = 0
        for part in self.parts(names):
            if len(part):
                yield part, self.source.after(before)
            before += len(part)


@contextmanager
def _opened(path: Path, unit: str | None, month: str | None) -> Iterator[_File]:
    """The file, open. Of CSV, unit and month stay text: ``001`` is not 1, and ``NA`` is Namibia."""
    _there(path)
    try:
        with path.open("rb") as file:
            head = file.readline(1 << 20)
        if head.startswith(b"PAR1"):
            with pq.ParquetFile(path) as kept:
                _once(kept.schema_arrow.names)
                yield _File(Source(path.name), kept.schema_arrow, lambda names: kept.iter_batches(_ROWS, columns=names))
            return
        check_encoding(path)
        parted = separator(head.decode("utf-8", "replace"))
        there = pl.read_csv(path, n_rows=0, separator=parted).columns
        text = {*aliases()["unit"], *aliases()["month"], unit, month, "draws"} & set(there)
        # a column of numbers with one word in it is read as words, so that the row can be named
        kinds = dict.fromkeys(sorted(filter(None, text)), pl.String)
        cells = pl.read_csv(path, infer_schema_length=None, schema_overrides=kinds, separator=parted).to_arrow()
        yield _File(Source(path.name, 2), cells.schema, lambda names: cells.select(names).to_batches(_ROWS))
    except (OSError, pa.ArrowException, pl.exceptions.PolarsError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise ForecastError(
            f"it cannot be read as Parquet or CSV ({reason})", where=path.name, to_do="Look whether it is whole"
        ) from error


def _once(columns: list[str]) -> None:
    twice = [name for name, n in Counter(columns).items() if n > 1]
    if twice:
        raise pa.ArrowInvalid(f"several columns are called {listed(twice)}")


def _column(file: _File, what: str, given: str | None) -> str:
    there = file.names
    found = given if given is not None else next((c for c in aliases()[what] if c in there), None)
    if found is None or found not in there:
        said = f"no column {found!r}" if found else f"no column for the {what} ({', '.join(aliases()[what])})"
        raise ForecastError(
            f"there is {said}; there are {listed(there, 12)}", where=file.source.name, to_do="Name the column"
        )
    return found


def _coded(column: pa.ChunkedArray, what: str, source: Source) -> tuple[Ints, list[Any]]:
    """Numbers of values, and the values."""
    if column.null_count:
        raise _missing(what, source, int(pc.index(pc.is_null(column), True).as_py()))
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    coded = column.combine_chunks().dictionary_encode()
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.combine_chunks()
    return coded.indices.to_numpy(zero_copy_only=False).astype(np.int64), coded.dictionary.to_pylist()


def _units(file: _File, name: str) -> tuple[Ints, Names]:
    codes, values = _coded(file.column(name), name, file.source)
    names = []
    for code, value in enumerate(values):
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, (bool, float)) or not isinstance(value, (str, int)) or not str(value).strip():
            raise ForecastError(
                f"{value!r} is no unit", where=_row(file.source, codes, code), to_do=f"Look at {name!r}"
            )
        names.append(str(value).strip())
    return codes, np.array(whole_ids(pl.Series(names, dtype=pl.String)).to_list(), dtype=np.str_)


def _months(file: _File, name: str) -> Ints:
    codes, values = _coded(file.column(name), name, file.source)
    found = np.empty(len(values), dtype=np.int64)
    for code, value in enumerate(values):
        try:
            found[code] = _month(value)
        except (ForecastError, ValueError, OverflowError):
            raise ForecastError(
                f"{value!r} in column {name!r} is no month",
                where=_row(file.source, codes, code),
                to_do="Write YYYY-MM, or the month_id of VIEWS (1 is January 1980)",
            ) from None
    return found[codes]


def _month(value: Any) -> int:
    if hasattr(value, "year"):
        return int(value.year * 12 + value.month - 1)
    if isinstance(value, str) and "-" in value:
        return months.parse(value)
    number = float(value)
    if not (number.is_integer() and 1 <= number <= LAST_MONTH_ID) or isinstance(value, bool):
        raise ValueError(value)
    return months.from_views(int(number))


def _numbers(column: pa.Array | pa.ChunkedArray, source: Source, what: str = "value", in_row: int = 1) -> NDArray[Any]:
    """A column of numbers, ``in_row`` of them in a row, of 32 bits where that loses nothing."""
    if column.null_count:
        raise _missing(what, source, int(pc.index(pc.is_null(column), True).as_py()) // in_row)
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return np.array([_number(word, what, source, i // in_row) for i, word in enumerate(column.to_pylist())], float)
    try:
        values = column.cast(pa.float64()) if pa.types.is_decimal(kind) else column
        return _fitting(values.to_numpy(zero_copy_only=False))
    except (pa.ArrowException, ValueError, TypeError):
        raise ForecastError(
            f"a {what} is of type {kind}, not a number", where=source.name, to_do="Write numbers"
        ) from None


def _number(word: str, what: str, source: Source, row: int) -> float:
    try:
        return float(word)
    except ValueError:
        raise ForecastError(
            f"{word!r} is no {what}", where=source.row(row), to_do="Write numbers, with a point before decimals"
        ) from None


def _fitting(values: NDArray[Any]) -> NDArray[Any]:
    if values.dtype in (np.float32, np.float64):
        return values
    if values.dtype == np.float16:
        return values.astype(np.float32)
    if values.dtype.kind not in "iu":
        raise TypeError(values.dtype)
    whole = len(values) == 0 or (int(values.min()) >= -_EXACT and int(values.max()) <= _EXACT)
    return values.astype(np.float32 if whole else np.float64)


def _stacked(blocks: Iterable[NDArray[Any]], rows: int) -> NDArray[Any]:
    """Blocks of draws one below the other, ``rows`` in all; of 64 bits where one of them is."""
    made: NDArray[Any] = np.empty((0, 0), dtype=np.float32)
    first = 0
    for block in blocks:
        if not first:
            made = np.empty((rows, block.shape[1]), dtype=block.dtype)
        made = made.astype(np.promote_types(made.dtype, block.dtype), copy=False)
        made[first : first + len(block)] = block
        first += len(block)
    return made


def _from_columns(file: _File) -> Iterator[NDArray[Any]]:
    found = sorted((int(m[1]), name) for name in file.names if (m := _DRAW_COLUMN.fullmatch(name)))
    if not found:
        raise ForecastError(
            f"there are no draws; there are columns {listed(file.names, 12)}",
            where=file.source.name,
            to_do="Draws are columns draw_0, draw_1 …, a list column draws, or rows with columns draw and outcome",
        )
    names = [name for _, name in found]
    for part, source in file.placed(names):
        yield np.stack([_numbers(part[name], source, f"draw in column {name!r}") for name in names], axis=1)


def _from_lists(file: _File) -> Iterator[NDArray[Any]]:
    kind = file.schema.field("draws").type
    as_text = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    if not (as_text or pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)):
        raise ForecastError(
            f"draws is of type {kind}, not of lists", where=file.source.name, to_do="Write a list a cell"
        )
    size = None
    for part, source in file.placed(["draws"]):
        lists = _parsed(part["draws"], source) if as_text else part["draws"]
        if lists.null_count:
            raise _missing("list of draws", source, int(pc.index(pc.is_null(lists), True).as_py()))
        lengths = pc.list_value_length(lists).to_numpy()
        size = int(lengths[0]) if size is None else size
        if (lengths != size).any():
            at = int((lengths != size).argmax())
            raise ForecastError(
                f"{int(lengths[at])} draws where the first row has {size}",
                where=source.row(at), to_do="Give every cell as many draws",
            )  # fmt: skip
        yield _numbers(lists.flatten(), source, "draw", in_row=max(size, 1)).reshape(len(lists), size)


def _parsed(column: pa.Array, source: Source) -> pa.Array:
    """Lists written as JSON."""
    lists = []
    for row, text in enumerate(column.to_pylist()):
        try:
            value = json.loads(text) if text is not None else None
            lists.append(None if value is None else [float("nan") if v is None else float(v) for v in value])
        except (ValueError, TypeError):
            raise ForecastError(
                f"{text[:40]!r} is no list of numbers", where=source.row(row), to_do="Write [0, 3, 12]"
            ) from None
    return pa.array(lists, type=pa.list_(pa.float64()))


def _from_long(file: _File, units: Ints, names: Names, month: Ints, outcome: str) -> Draws:
    """A row a draw: rows are put in the order of month, unit and draw, then every run of one cell is its draws."""
    label = _numbers(file.column("draw"), file.source, "number of a draw").astype(np.float64)
    value = _numbers(file.column(outcome), file.source)
    key = (month - (month.min() if len(month) else 0)) * len(names) + units
    step = np.diff(key)
    if not ((step > 0) | ((step == 0) & (np.diff(label) > 0))).all():
        order = np.lexsort((label, key))
        units, month, key, label, value = units[order], month[order], key[order], label[order], value[order]
    starts = np.flatnonzero(np.r_[True, np.diff(key) > 0]) if len(key) else np.empty(0, dtype=np.int64)
    sizes = np.diff(np.r_[starts, len(key)])
    size = int(np.bincount(sizes).argmax()) if len(sizes) else 0

    def cell(k: int) -> str:
        return f"{names[units[starts[k]]]} in {months.name(int(month[starts[k]]))}"

    if (sizes != size).any():
        at = int((sizes != size).argmax())
        raise ForecastError(
            f"{cell(at)} has {int(sizes[at])} draws where most cells have {size}",
            where=file.source.name, to_do="Give every cell as many draws, each once",
        )  # fmt: skip
    if size:
        labels = label.reshape(-1, size)
        odd = (labels != labels[0]).any(axis=1) | (np.diff(labels, axis=1) == 0).any(axis=1)
        if odd.any():
            raise ForecastError(
                f"{cell(int(odd.argmax()))} has a draw twice, or not the numbers of draws that others have",
                where=file.source.name, to_do="Number the draws of every cell alike",
            )  # fmt: skip
    return Draws(names[units[starts]], month[starts], value.reshape(-1, size) if size else np.empty((0, 0)))


def _missing(what: str, source: Source, row: int) -> ForecastError:
    return ForecastError(f"the {what} is missing", where=source.row(row), to_do="Fill it in, or leave the row out")


def _row(source: Source, codes: Ints, code: int) -> str:
    return source.row(int((codes == code).argmax()))
