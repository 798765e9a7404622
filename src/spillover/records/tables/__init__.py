"""The tables that queries run on, made from the sets of a catalog; the SQL is in the files beside this one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from spillover.records.actors import Crosswalk, is_nobody
from spillover.records.catalog import DataSet
from spillover.records.normal import What, columns, names
from spillover.records.places import division_code
from spillover.records.source import text
from spillover.records.tables.duplicates import match_families
from spillover.records.tables.dyads import dyad_sides

if TYPE_CHECKING:
    import duckdb

_LIST = pa.list_(pa.string())


def make_tables(db: duckdb.DuckDBPyConnection, sets: Sequence[DataSet], crosswalk: Crosswalk) -> None:
    """Make all tables of :mod:`spillover.records.session`."""
    _sets(db, sets)
    _events(db, sets, crosswalk)
    whats: tuple[What, What] = ("totals", "actor_ties")
    for what in whats:
        _newest(db, what, [s for s in sets if s.what == what])
    register(db, "dyad_sides", dyad_sides(db, crosswalk), (
        ("country", pa.string()), ("dyad", pa.string()), ("side_a", pa.string()), ("side_b", pa.string()),
        ("since", pa.date32()), ("until", pa.date32()), ("side_a_ids", _LIST), ("side_b_ids", _LIST),
    ))  # fmt: skip
    db.execute(_script("dyad_years.sql"))


def _sets(db: duckdb.DuckDBPyConnection, sets: Sequence[DataSet]) -> None:
    db.execute(_script("sets.sql"))
    for s in sets:
        db.execute(
            f"INSERT INTO sets VALUES ({', '.join('?' * 14)})",
            [s.id, s.dataset, s.name, s.what, s.family, s.release, s.kept, list(s.coverage.countries or []),
             s.coverage.countries is None, s.coverage.start, s.coverage.end, s.fatal_only, s.provisional, s.licence],
        )  # fmt: skip


def _events(db: duckdb.DuckDBPyConnection, sets: Sequence[DataSet], crosswalk: Crosswalk) -> None:
    """``events_all`` with who is who, what is superseded and what is a duplicate; ``events`` has each event once."""
    ranked = sorted((s for s in sets if s.what == "events"), key=_preference)
    picked = ", ".join(f"e.{name}" for name in names("events"))
    empty = "SELECT " + ", ".join(f"CAST(NULL AS {c.type}) AS {c.name}" for c in columns("events"))
    parts = [
        f"SELECT {picked}, {text(s.id)} AS set_id, {text(s.family)} AS family, {n} AS preference "
        f"FROM read_parquet({text(str(s.file))}) AS e"
        for n, s in enumerate(ranked)
    ] or [f"{empty}, '' AS set_id, '' AS family, 0 AS preference WHERE false"]
    db.execute(f"CREATE VIEW arrived AS {' UNION ALL '.join(parts)}")
    _sides(db, crosswalk)
    found = db.execute("SELECT DISTINCT country, admin1 FROM arrived WHERE admin1 IS NOT NULL").fetchall()
    divisions = [(c, n, code) for c, n in found if (code := division_code(c, n)) is not None]
    register(db, "divisions", divisions, (("country", pa.string()), ("name", pa.string()), ("code", pa.string())))
    families = [s.family for s in ranked]
    # where each family has one set, no event can stand in two of them
    db.execute(_script("superseded.sql" if len(set(families)) < len(families) else "not_superseded.sql"))
    db.execute(_script("events_all.sql").replace("/* columns */", picked))
    db.execute(_script("duplicates.sql"))
    match_families(db, families)
    db.execute(_script("events.sql"))
    db.execute("DROP VIEW arrived")


def _sides(db: duckdb.DuckDBPyConnection, crosswalk: Crosswalk) -> None:
    """The table ``sides``: who each name is in each country, from day to day."""
    rows = []
    for family, name, code, country in sorted(db.execute(_script("names.sql")).fetchall(), key=repr):
        if not is_nobody(name):
            found = crosswalk.meanings(family, code, name, country)
            rows += [(family, name, code, country, m.since, m.until, list(m.actors)) for m in found]
    register(db, "sides", rows, (
        ("family", pa.string()), ("name", pa.string()), ("code", pa.string()), ("country", pa.string()),
        ("since", pa.date32()), ("until", pa.date32()), ("actors", _LIST),
    ))  # fmt: skip


def _newest(db: duckdb.DuckDBPyConnection, what: What, sets: Sequence[DataSet]) -> None:
    """A table of sets without events: of a total in two releases the newer one counts, of actor lists the newest."""
    made = ", ".join(f"{c.name} {c.type}" for c in columns(what))
    db.execute(f"CREATE TABLE {what} ({made}, set_id VARCHAR)")
    ranked = sorted(sets, key=_preference)
    for entry in ranked if what == "totals" else ranked[:1]:
        known = f"SELECT id FROM totals WHERE dataset = {text(entry.dataset)}"
        db.execute(
            f"INSERT INTO {what} SELECT {', '.join(names(what))}, {text(entry.id)} "
            f"FROM read_parquet({text(str(entry.file))})" + (f" WHERE id NOT IN ({known})" if what == "totals" else "")
        )


def register(
    db: duckdb.DuckDBPyConnection, name: str, rows: Sequence[tuple[Any, ...]], schema: Iterable[tuple[str, Any]]
) -> None:
    """Make a table of rows that Python has worked out."""
    fields = list(schema)
    arrays = {n: pa.array([row[i] for row in rows], type) for i, (n, type) in enumerate(fields)}
    db.register("arriving", pa.table(arrays))
    db.execute(f"CREATE TABLE {name} AS SELECT * FROM arriving")
    db.unregister("arriving")


def _script(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")


def _preference(entry: DataSet) -> tuple[Any, ...]:
    """UCDP before the others; of a family the higher rank first, then the newer release, then what was added last."""
    release = tuple(-int(part) for part in re.findall(r"\d+", entry.release or ""))
    # without a release, the year after the last one that it covers stands for it: 22.1 holds the events to 2021
    return (
        entry.family != "ucdp",
        entry.family,
        -entry.rank,
        release or (1999 - int(entry.coverage.end[:4]),),
        -entry.order,
    )
