"""The table ``raw`` brought to the normal form, in SQL: which rows are kept, which are left out and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from spillover.errors import RecordsError
from spillover.records import countries
from spillover.records.csvrows import Reject
from spillover.records.mapping import DataMapping, Field
from spillover.records.normal import columns
from spillover.records.source import quoted, text

if TYPE_CHECKING:
    import duckdb

DATE_ORDERS = {"dmy": "day/month/year", "mdy": "month/day/year"}
_FORMATS = {
    "dmy": ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y"),
    "mdy": ("%m/%d/%Y", "%m-%d-%Y", "%B %d, %Y", "%b %d, %Y"),
    "ymd": ("%Y/%m/%d", "%Y%m%d", "%Y.%m.%d"),
}
_FEW = 10  # of so many dates one may be written another way
_ROW = "rowid + 2"  # the first row after the header is row 2
_LONG = {"sources", "headline"}  # not trimmed: that would copy the most of a file's text once more
_CODES = {"id", "actor_a_code", "actor_b_code", "dyad_code"}
_ROUNDED = {"deaths_low": "floor", "deaths_high": "ceil"}
_NUMBERS = {"UTINYINT", "USMALLINT", "INTEGER", "DOUBLE"}


@dataclass(frozen=True, slots=True)
class Converted:
    """What came of it: rows read and left out, and what was noticed in those kept."""

    rows: int
    kept: int
    rejects: tuple[Reject, ...]
    notes: tuple[str, ...]


def prepare(db: duckdb.DuckDBPyConnection) -> None:
    """The macros and the countries that conversions need."""
    db.execute(files(__package__).joinpath("macros.sql").read_text("utf-8"))
    gw = countries.gleditsch_ward()
    db.register("countries", pa.table({
        "gw": [str(c.gw) for c in gw], "iso3": [c.iso3 for c in gw],
        # a country that bears its own modern name is the one to give back for an ISO3 code
        "modern": [len(gw) - n + (1000 if countries.names().get(c.iso3) == c.name else 0) for n, c in enumerate(gw)],
    }))  # fmt: skip
    kinds, keys, iso3 = zip(*countries.keys(), strict=True)
    db.register("country_keys", pa.table({"kind": list(kinds), "key": list(keys), "iso3": list(iso3)}))
    codes, lats, lons = zip(*countries.centres(), strict=True)
    db.register("centres", pa.table({"iso3": list(codes), "lat": list(lats), "lon": list(lons)}))


def convert(
    db: duckdb.DuckDBPyConnection,
    mapping: DataMapping,
    header: Sequence[str],
    release: str | None,
    *,
    dates: str | None = None,
    swap: bool = False,
) -> Converted:
    """Make the table ``normal`` from ``raw``.

    ``dates``: ``dmy`` or ``mdy`` where days and months could be either. ``swap``: latitude and longitude change places.
    """
    if mapping.rows_sql is not None:
        return _by_query(db, mapping, release)
    notes: list[str] = []
    _all_rows(db, mapping, header, release, {}, swap, notes)
    odd = db.execute("SELECT count(*) FROM all_rows WHERE _fault LIKE '% is not a date'").fetchone() or (0,)
    # nearly all files have ISO dates: how others are written is looked into only where there are some
    if odd[0] and (orders := _date_orders(db, mapping, header, dates, notes)):
        db.execute("DROP TABLE all_rows")
        _all_rows(db, mapping, header, release, orders, swap, [])
    _look_up_countries(db, mapping, header)
    if mapping.widen:
        notes += _widened(db)
    rejects = _settle(db, any(f.name == "id" and f.column in header for f in mapping.fields))
    if swap:
        notes.append("latitude and longitude were exchanged, as asked")
    notes += [*_pointed(db, mapping, header), *_noticed(db)]
    return Converted(_count(db, "all_rows"), _count(db, "normal"), rejects, tuple(notes))


def _widened(db: duckdb.DuckDBPyConnection) -> list[str]:
    """One day that stands for a week or a month becomes the days on which it can have been."""
    # what the file covers follows from the days that it gives
    db.execute(
        "CREATE OR REPLACE TEMP TABLE given_days AS SELECT min(date_start) AS first, "
        "max(date_start) FILTER (date_start <= current_date) AS last FROM all_rows WHERE _fault IS NULL"
    )
    one = "date_prec IN (3, 4) AND coalesce(date_end, date_start) = date_start"
    found = db.execute(
        "UPDATE all_rows SET "
        "date_start = CASE date_prec WHEN 3 THEN date_start - 3 ELSE date_trunc('month', date_start) END, "
        f"date_end = CASE date_prec WHEN 3 THEN date_start + 3 ELSE last_day(date_start) END WHERE {one}"
    ).fetchone() or (0,)
    words = "dates known to the week or the month stand for all of its days (a week: three days to either side)"
    return [f"{found[0]:,} {words}"] if found[0] else []


def _all_rows(
    db: duckdb.DuckDBPyConnection, mapping: DataMapping, header: Sequence[str], release: str | None,
    orders: dict[str, str], swap: bool, notes: list[str],
) -> None:  # fmt: skip
    """The table ``all_rows``: the normal form but for the country, the row's number, its fault, the country's cells."""
    fields = [f for f in mapping.fields if set(f.sources) & set(header) or not f.sources]
    given = {f.name: f for f in (_swapped(fields) if swap else fields)}
    made, faults = [], []
    for column in columns(mapping.what):
        field = given.get(column.name)
        if column.name == "country":
            continue
        if column.name == "release" and field is None:
            expression = "CAST(NULL AS VARCHAR)" if release is None else text(release)
        elif field is None:
            expression = _absent(column.name, column.type, mapping)
        elif missing := [c for c in field.sources if c not in header]:
            expression = f"CAST(NULL AS {column.type})"
            notes.append(f"no column {missing[0]!r}: {column.name} is empty")
        else:
            expression, fault = _expression(field, column.type, orders)
            faults += fault
        made.append(f"{expression} AS {quoted(column.name)}")
    cells = [f"raw.{quoted(c)} AS {quoted(f'_{kind}')}" for kind, c in _country_cells(mapping, header)]
    points = " OR ".join(f"contains(raw.{quoted(c)}, '.')" for c in _death_cells(mapping, header)) or "false"
    cells.append(f"{points} AS _pointed")
    db.execute(
        f"CREATE TABLE all_rows AS SELECT {', '.join([*made, *cells])}, raw._row, "
        f"CASE {_structure(mapping, given, header)} {' '.join(faults)} END AS _fault FROM {_raw(mapping, header)}"
    )
    number = db.execute("SELECT count(*) FROM all_rows WHERE _row IS NULL").fetchone() or (0,)
    if number[0]:
        # the rows are those of the file, in its order, which a table keeps
        db.execute("ALTER TABLE all_rows DROP COLUMN _row")
    if "id" not in given and mapping.what == "events":
        # a table without ids: what stands in a row makes its id, so that the same row is the same event in another file
        told = [c.name for c in columns("events") if c.name not in ("id", "release", "country")]
        told += [f"_{kind}" for kind, _ in _country_cells(mapping, header)]
        content = ", ".join(f"CAST({name} AS VARCHAR)" for name in told)
        db.execute(f"UPDATE all_rows SET id = left(md5(CAST(list_value({content}) AS VARCHAR)), 12)")
        db.execute(
            "UPDATE all_rows SET id = id || '-' || n.n FROM "
            "(SELECT rowid AS place, row_number() OVER (PARTITION BY id ORDER BY rowid) AS n FROM all_rows) AS n "
            "WHERE all_rows.rowid = n.place AND n.n > 1"
        )
    db.execute("DROP VIEW IF EXISTS numbered")
    db.execute(f"CREATE VIEW numbered AS SELECT *{f', {_ROW} AS _row' if number[0] else ''} FROM all_rows")


def _raw(mapping: DataMapping, header: Sequence[str]) -> str:
    """``raw``, an empty cell that SQL of a mapping looks at being ``''``, by whatever way the file was read."""
    used = dict.fromkeys(c for f in mapping.fields if f.sql is not None for c in f.uses if c in header)
    if not used:
        return "raw"
    cells = ", ".join(f"coalesce({quoted(c)}, '') AS {quoted(c)}" for c in used)
    return f"(SELECT * REPLACE ({cells}) FROM raw) AS raw"


def check_columns(mapping: DataMapping, header: Sequence[str], name: str) -> None:
    """:class:`RecordsError` for a file (``name``) that lacks what no event is without: it is of another data set."""
    for field in mapping.fields:
        missing = [c for c in field.sources if c not in header]
        if missing and field.name in ("id", "date_start"):
            raise RecordsError(
                f"no column {missing[0]!r}, which the {field.name} of an event is read from",
                where=f"{name}, {mapping.where}",
                to_do="Check that the file is what it is said to be, and its columns against the mapping's",
            )  # fmt: skip


def _by_query(db: duckdb.DuckDBPyConnection, mapping: DataMapping, release: str | None) -> Converted:
    """A mapping with a query of its own: each row of the file gives any number of rows."""
    made = {"dataset": text(mapping.id), "release": "CAST(NULL AS VARCHAR)" if release is None else text(release)}
    picked = ", ".join(f"{made.get(c.name, f'q.{c.name}')} AS {c.name}" for c in columns(mapping.what))
    fault = {
        "totals": "CASE WHEN q.country IS NULL THEN 'the country is not known' "
        "WHEN q.period_start IS NULL THEN 'the period is not a date' "
        f"WHEN q.period_start < DATE '{mapping.starts or '0001-01-01'}' "
        f"THEN 'before {mapping.starts}, where the data set has no information' END",
    }.get(mapping.what, "NULL")
    db.execute(f"CREATE TABLE all_rows AS SELECT {picked}, q._row, {fault} AS _fault FROM ({mapping.rows_sql}) AS q")
    db.execute(
        "CREATE TABLE normal AS SELECT * EXCLUDE (_row, _fault) FROM all_rows WHERE _fault IS NULL ORDER BY _row"
    )
    faults = db.execute(
        "SELECT _row, any_value(_fault) FROM all_rows WHERE _fault IS NOT NULL GROUP BY _row ORDER BY _row"
    ).fetchall()
    silent = db.execute("SELECT _row FROM raw WHERE _row NOT IN (SELECT _row FROM all_rows) ORDER BY _row").fetchall()
    rejects = [Reject(row, reason) for row, reason in faults] + [Reject(row, "no id") for (row,) in silent]
    total = _count(db, "raw")
    return Converted(total, total - len(rejects), tuple(sorted(rejects, key=lambda r: r.row)), ())


def _absent(name: str, type: str, mapping: DataMapping) -> str:
    if name == "dataset":
        return text(mapping.id)
    if name == "fatal_only":
        return str(mapping.fatal_only).lower()
    if name == "provisional":
        return str(mapping.provisional).lower()
    return f"CAST(NULL AS {type})"


def _swapped(fields: list[Field]) -> list[Field]:
    from dataclasses import replace

    other = {"lat": "lon", "lon": "lat"}
    return [replace(f, name=other[f.name]) if f.name in other else f for f in fields]


def _country_cells(mapping: DataMapping, header: Sequence[str]) -> list[tuple[str, str]]:
    """(kind of key, column) of what tells the country, in the order in which they are tried."""
    field = next((f for f in mapping.fields if f.name == "country"), None)
    return [(kind, column) for kind, column in (field.country if field is not None else ()) if column in header]


def _look_up_countries(db: duckdb.DuckDBPyConnection, mapping: DataMapping, header: Sequence[str]) -> None:
    """The table ``written``: the ISO3 of each way in which the file writes a country."""
    kinds = [kind for kind, _ in _country_cells(mapping, header)]
    if not kinds:
        db.execute("CREATE TABLE written AS SELECT CAST(NULL AS VARCHAR) AS iso3")
        return
    keys = {"name": "fold({})", "iso3": "upper(trim({}))"}
    cells = ", ".join(f"_{kind}" for kind in kinds)
    joins = " ".join(
        f"LEFT JOIN country_keys AS c_{kind} ON c_{kind}.kind = '{kind}' "
        f"AND c_{kind}.key = {keys.get(kind, 'CAST(as_integer({}) AS VARCHAR)').format(f'w._{kind}')}"
        for kind in kinds
    )
    found = ", ".join(f"c_{kind}.iso3" for kind in kinds)
    db.execute(
        f"CREATE TABLE written AS SELECT w.*, coalesce({found}) AS iso3 "
        f"FROM (SELECT DISTINCT {cells} FROM all_rows) AS w {joins}"
    )


def _expression(field: Field, type: str, orders: dict[str, str]) -> tuple[str, list[str]]:
    """SQL for a column, and what makes a row faulty in it. ``orders``: how the dates of a column are written."""
    if field.constant is not None:
        return f"CAST({text(field.constant)} AS {type})", []
    if field.sql is not None:
        said = " || '-' || ".join(f"coalesce(raw.{quoted(c)}, '')" for c in field.uses) or "''"
        beginning, end = text(f"{field.name} '"), text("' cannot be understood")
        fault = f"WHEN try({field.sql}) IS NULL THEN {beginning} || left({said}, 40) || {end}"
        return f"CAST(try({field.sql}) AS {type})", [fault] if field.name == "date_start" else []
    cell = f"raw.{quoted(field.column or '')}"
    said = f"{text(f'{field.column} ')} || '''' || left({cell}, 40) || ''''"
    if field.values:
        cases = " ".join(f"WHEN {text(key)} THEN {text(value)}" for key, value in field.values)
        mapped = f"CASE trim({cell}) {cases} ELSE {f'trim({cell})' if field.keep_others else 'NULL'} END"
        if field.keep_others:
            return f"nullif({mapped}, '')", []
        choice = ", ".join(key for key, _ in field.values)
        fault = f"WHEN NOT blank({cell}) AND {mapped} IS NULL THEN {said} || {text(f' is none of {choice}')}"
        return f"TRY_CAST({mapped} AS {type})", [fault]
    if type == "DATE":
        value = _date(cell, field.format or orders.get(field.column or "", "iso"))
        fault = f"WHEN NOT blank({cell}) AND {value} IS NULL THEN {said} || ' is not a date'"
        empty = f"WHEN blank({cell}) THEN {text(f'{field.column} is empty')}"
        return value, [fault, empty] if field.name == "date_start" else [fault]
    if type in _NUMBERS:
        value = f"as_number({cell})" if type == "DOUBLE" else f"TRY_CAST(as_integer({cell}) AS {type})"
        if field.fractions:
            value = f"TRY_CAST({_ROUNDED.get(field.name, 'round')}(as_number({cell})) AS {type})"
        return value, [f"WHEN NOT blank({cell}) AND {value} IS NULL THEN {said} || ' is not {_kind(type)}'"]
    if type == "BOOLEAN":
        return f"TRY_CAST({cell} AS BOOLEAN)", [
            f"WHEN NOT blank({cell}) AND TRY_CAST({cell} AS BOOLEAN) IS NULL "
            f"THEN {said} || ' is neither true nor false'"
        ]
    if field.name in _CODES:
        return f"as_code({cell})", []
    return (f"nullif({cell}, '')" if field.name in _LONG else f"nullif(trim({cell}), '')"), []


def _kind(type: str) -> str:
    return {"DOUBLE": "a number", "INTEGER": "a whole number"}.get(type, "a whole number in its range")


def _date(cell: str, order: str) -> str:
    if order == "iso":
        return f"as_date({cell})"
    formats = _FORMATS.get(order)
    if formats is None:
        return f"coalesce(as_date({cell}), CAST(try_strptime(trim({cell}), {text(order)}) AS DATE))"
    listed = "[" + ", ".join(text(f) for f in formats) + "]"
    return f"coalesce(as_date({cell}), CAST(try_strptime(without_time({cell}), {listed}) AS DATE))"


def _date_orders(
    db: duckdb.DuckDBPyConnection, mapping: DataMapping, header: Sequence[str], asked: str | None, notes: list[str]
) -> dict[str, str]:
    """How the dates of each column are written, where not all are ISO 8601."""
    types = {c.name: c.type for c in columns(mapping.what)}
    dated = [f.column for f in mapping.fields if types[f.name] == "DATE" and f.column in header and not f.format]
    there = list(dict.fromkeys(c for c in dated if c is not None))
    if not there:
        return {}
    odd = ", ".join(f"count(*) FILTER (NOT blank(raw.{quoted(c)}) AND as_date(raw.{quoted(c)}) IS NULL)" for c in there)
    counts = db.execute(f"SELECT {odd} FROM raw").fetchone() or ()
    found = {c: _date_order(db, c, asked) for c, n in zip(there, counts, strict=True) if n}
    # what one column settles holds for the others
    settled = {order for order in found.values() if order in DATE_ORDERS}
    orders = {}
    for column, order in found.items():
        cell = f"raw.{quoted(column)}"
        if order is None and len(settled) != 1:
            unclear = f"{_date(cell, 'dmy')} <> {_date(cell, 'mdy')}"
            (example,) = db.execute(f"SELECT {cell} FROM raw WHERE {unclear} LIMIT 1").fetchone() or ("",)
            raise RecordsError(
                f"dates such as {example!r} can be day/month or month/day, and no row settles it",
                where=f"column {column!r}", to_do="Say which with --dates dmy or --dates mdy",
            )  # fmt: skip
        orders[column] = order or min(settled)
        if orders[column] != "iso":
            read = f"as_date({cell}) IS NULL AND {_date(cell, orders[column])} IS NOT NULL"
            (number,) = db.execute(f"SELECT count(*) FILTER ({read}) FROM raw").fetchone() or (0,)
            said = DATE_ORDERS.get(orders[column], "year/month/day")
            notes.append(f"{column}: {number:,} dates are written {said}, not as ISO 8601")
    return orders


def _date_order(db: duckdb.DuckDBPyConnection, column: str, asked: str | None) -> str | None:
    """``iso``, or the order that understands most of the dates that are not ISO 8601; ``None`` where day and month
    could change places in every one of them.

    :class:`RecordsError` where many can only be day/month and many others only month/day.
    """
    cell = f"raw.{quoted(column)}"
    read = {order: f"{_date(cell, order)} IS NOT NULL" for order in _FORMATS}
    rules = {
        **read,
        "only dmy": f"{read['dmy']} AND NOT {read['mdy']}",
        "only mdy": f"{read['mdy']} AND NOT {read['dmy']}",
        "differs": f"{_date(cell, 'dmy')} <> {_date(cell, 'mdy')}",
    }
    listed = ", ".join(f"count(*) FILTER ({rule})" for rule in rules.values())
    row = db.execute(f"SELECT {listed} FROM raw WHERE NOT blank({cell}) AND as_date({cell}) IS NULL").fetchone() or ()
    counts = dict(zip(rules, row, strict=True))
    best = max(_FORMATS, key=lambda order: counts[order])
    if not counts[best]:
        return "iso"
    if asked in DATE_ORDERS:
        return asked
    if best not in DATE_ORDERS:
        return best
    few, many = sorted((counts["only dmy"], counts["only mdy"]))
    if not many and counts["differs"]:
        return None
    if few * _FEW > many:
        raise RecordsError(
            f"{counts['only dmy']:,} dates can only be day/month and {counts['only mdy']:,} only month/day",
            where=f"column {column!r}",
            to_do="Write all of them one way, or say with --dates dmy or --dates mdy which to keep",
        )
    return "mdy" if counts["only mdy"] > counts["only dmy"] else "dmy"


def _structure(mapping: DataMapping, given: dict[str, Field], header: Sequence[str]) -> str:
    """What makes a row no row: the HXL tags under the header, nothing in it, no id."""
    used = [c for c in dict.fromkeys(c for f in given.values() for c in f.sources) if c in header]
    cells = ", ".join(f"raw.{quoted(c)}" for c in used)
    rules = [f"WHEN list_bool_and([blank(x) OR x LIKE '#%' FOR x IN [{cells}]]) AND "
             f"list_bool_or([NOT blank(x) FOR x IN [{cells}]]) THEN 'HXL tags, no event'"]  # fmt: skip
    rules.append(f"WHEN list_bool_and([blank(x) FOR x IN [{cells}]]) THEN 'an empty row'")
    key = given.get("id")
    first = key.column if key is not None and key.column else None
    if first is not None:
        # both rules above look at all cells of a row: only rows without an id can be such
        rules = [rule.replace("WHEN ", f"WHEN blank(raw.{quoted(first)}) AND ", 1) for rule in rules]
        rules.append(f"WHEN blank(raw.{quoted(first)}) THEN {text(f'{first} is empty')}")
    return " ".join(rules)


def _settle(db: duckdb.DuckDBPyConnection, ids: bool) -> tuple[Reject, ...]:
    """Make ``normal`` from ``all_rows``; the rows left out."""
    db.execute("UPDATE all_rows SET date_end = date_start WHERE date_end IS NULL")
    db.execute(
        "UPDATE all_rows SET _fault = CASE WHEN date_end < date_start THEN 'date_end is before date_start' "
        "WHEN deaths_best < 0 OR deaths_low < 0 OR deaths_high < 0 THEN 'a number of deaths below zero' "
        "WHEN lat IS NOT NULL AND NOT isfinite(lat) OR lon IS NOT NULL AND NOT isfinite(lon) THEN 'no finite point' "
        "END WHERE _fault IS NULL AND (date_end < date_start OR deaths_best < 0 OR deaths_low < 0 OR deaths_high < 0 "
        "OR NOT isfinite(lat) OR NOT isfinite(lon))"
    )
    if ids:
        repeated = db.execute("SELECT count(*) - count(DISTINCT id) FROM all_rows WHERE _fault IS NULL").fetchone()
        if repeated and repeated[0]:
            row = (
                "_row"
                if "_row" in {d[0] for d in db.execute("SELECT * FROM all_rows LIMIT 0").description or ()}
                else _ROW
            )
            db.execute(
                f"CREATE OR REPLACE TEMP TABLE places AS SELECT id, {row} AS _row, rowid AS place, _fault FROM all_rows"
            )
            db.execute(
                "UPDATE all_rows SET _fault = 'id ' || all_rows.id || ' stands already in row ' || n.first "
                "FROM (SELECT id, _row, min(_row) OVER (PARTITION BY id) AS first, place FROM "
                "(SELECT id, _row, place FROM places WHERE _fault IS NULL)) AS n "
                "WHERE all_rows.rowid = n.place AND n._row > n.first"
            )
    same = " AND ".join(f"w.{n} IS NOT DISTINCT FROM a.{n}" for (n,) in db.execute(
        "SELECT column_name FROM duckdb_columns() WHERE table_name = 'written' AND column_name <> 'iso3'"
    ).fetchall())  # fmt: skip
    picked = ", ".join("w.iso3 AS country" if c.name == "country" else f"a.{c.name}" for c in columns("events"))
    db.execute(
        f"CREATE VIEW normal AS SELECT {picked} FROM numbered AS a LEFT JOIN written AS w ON {same or 'true'} "
        "WHERE a._fault IS NULL ORDER BY a._row"
    )
    rows = db.execute("SELECT _row, _fault FROM numbered WHERE _fault IS NOT NULL ORDER BY _row").fetchall()
    return tuple(Reject(row, fault) for row, fault in rows)


_NOTICED = (
    ("deaths_best > deaths_high OR deaths_low > deaths_best", "have bounds of deaths out of order: kept as they are"),
    ("deaths_best = 0 AND deaths_high > 0", "have a best estimate of 0 deaths and a high one above: kept"),
    ("where_prec IN (6, 7)", "are known to the country, or to sea or air, alone"),
    ("date_end > date_start", "last more than a day or have no exact day"),
    ("lat IS NULL OR lon IS NULL", "have no point"),
    ("abs(lat) > 90 OR abs(lon) > 180", "have a point off the globe: the event is kept, the point is of no use"),
    ("country IS NULL", "have a country that is not in the list of countries: kept without"),
    ("date_start > current_date", "are dated after today: kept"),
    ("status IS NOT NULL", "carry a coder's remark (status): to be taken with care"),
    ("starts_with(actor_a, 'XXX') OR starts_with(actor_b, 'XXX')", "have a side that is not yet identified"),
)


def _death_cells(mapping: DataMapping, header: Sequence[str]) -> list[str]:
    """The columns that hold numbers of people as they are."""
    types = {c.name: c.type for c in columns(mapping.what)}
    counts = [f for f in mapping.fields if types[f.name] == "INTEGER" and not f.fractions]
    return [f.column for f in counts if f.column in header and f.column]


def _pointed(db: duckdb.DuckDBPyConnection, mapping: DataMapping, header: Sequence[str]) -> list[str]:
    """What is to be said of numbers such as 1.234: a thousand and more here, a fraction elsewhere."""
    if not (db.execute("SELECT coalesce(bool_or(_pointed), false) FROM all_rows").fetchone() or (False,))[0]:
        return []
    rule = " OR ".join(f"pointed(raw.{quoted(c)})" for c in _death_cells(mapping, header))
    found = db.execute(f"SELECT count(*) FILTER ({rule}) FROM raw").fetchone() or (0,)
    if not found[0]:
        return []
    return [f"{found[0]:,} rows have a number of people with a point before three digits: 1.234 is read as 1234"]


def _noticed(db: duckdb.DuckDBPyConnection) -> list[str]:
    counts = ", ".join(f"count(*) FILTER ({rule})" for rule, _ in _NOTICED)
    found: tuple[Any, ...] = db.execute(f"SELECT {counts}, count(lat) FROM normal").fetchone() or ()
    notes = [f"{n:,} rows {words}" for n, (_, words) in zip(found, _NOTICED, strict=False) if n]
    swapped = db.execute(
        "SELECT count(*) FROM normal AS n JOIN centres AS c ON c.iso3 = n.country "
        "WHERE degrees_off(n.lat, n.lon, c.lat, c.lon) > 15 "
        "AND degrees_off(n.lon, n.lat, c.lat, c.lon) < degrees_off(n.lat, n.lon, c.lat, c.lon) / 3"
    ).fetchone()
    if swapped and swapped[0]:
        notes.append(
            f"{swapped[0]:,} of {found[-1]:,} points lie far from their country, and near it with latitude and "
            "longitude "
            "exchanged: kept as they are; import again with --swap-coordinates if all are so"
        )
    return notes


def _count(db: duckdb.DuckDBPyConnection, table: str) -> int:
    row = db.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0
