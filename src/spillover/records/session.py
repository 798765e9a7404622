"""Event data to be queried: all sets of a case in one DuckDB database in memory, each event once.

Tables: ``events`` (each event once), ``events_all`` (every row of every set, with ``superseded_by`` and
``duplicate_of``), ``totals``, ``dyad_years``, ``actor_ties``, ``duplicates``, ``sets``. Once they are made, the
database is closed to files, to the network and to changes of its settings.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from spillover.errors import QueryFault, RecordsError
from spillover.records.actors import Crosswalk
from spillover.records.catalog import Catalog, DataSet
from spillover.records.tables import make_tables

MEMORY = "1.5GB"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gave: the names of its columns and its rows."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    def dicts(self) -> list[dict[str, Any]]:
        """The rows as dictionaries."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


class Session:
    """An open database over a case's sets; a context manager."""

    def __init__(self, catalog: Catalog, crosswalk: Crosswalk, *, memory: str = MEMORY) -> None:
        from spillover.records.importing import connect

        self.crosswalk = crosswalk
        self.sets = catalog.sets()
        self._db = connect(memory=memory)
        self._db.execute("SET temp_directory = ''")
        try:
            make_tables(self._db, self.sets, crosswalk)
            self._db.execute("SET enable_external_access = false")
            self._db.execute("SET lock_configuration = true")
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        """Let the memory go."""
        self._db.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def of(self, what: str) -> list[DataSet]:
        """The sets of that table of the normal form."""
        return [s for s in self.sets if s.what == what]

    def query(self, sql: str, *, seconds: float | None = None, most: int | None = None) -> Answer:
        """The answer to one SELECT; :class:`QueryFault` where it is wrong, is not one, or takes too long or too much.

        ``seconds``: it is stopped after so long. ``most``: at most so many rows.
        """
        import duckdb

        try:
            statements = self._db.extract_statements(sql)
        except duckdb.Error as error:
            raise QueryFault(_first(error), where="SQL", to_do="Mend the query") from error
        allowed = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
        if len(statements) != 1 or statements[0].type not in allowed:
            what = "one statement at a time" if len(statements) != 1 else "the event data can be read, not changed"
            raise QueryFault(what, where="SQL", to_do="Write one SELECT (or WITH … SELECT)")
        timer = threading.Timer(seconds, self._db.interrupt) if seconds is not None else None
        if timer is not None:
            timer.start()
        try:
            cursor = self._db.execute(statements[0])
            rows = cursor.fetchall() if most is None else cursor.fetchmany(most)
            return Answer(tuple(d[0] for d in cursor.description or ()), rows)
        except duckdb.InterruptException as error:
            raise QueryFault(
                f"stopped after {seconds:g} s", where="SQL", to_do="Ask for less, or allow more with --seconds"
            ) from error
        except duckdb.OutOfMemoryException as error:
            raise QueryFault(f"over the memory limit of {MEMORY}", where="SQL", to_do="Ask for less") from error
        except duckdb.Error as error:
            hint = "Files and the network are closed to queries" if "disabled" in str(error) else "Mend the query"
            raise QueryFault(_first(error), where="SQL", to_do=hint) from error
        finally:
            if timer is not None:
                timer.cancel()

    def columns(self, script: str) -> tuple[dict[str, Any], dict[str, Any], list[str], list[str]]:
        """What a script of our own gives: columns as NumPy arrays, lists of rows by name, and two lists of names."""
        *before, columns, rows, one, two = self._db.extract_statements(script)
        for statement in before:
            self._db.execute(statement)
        found: dict[str, Any] = self._db.execute(columns).fetchnumpy()
        listed = self._db.sql(rows.query).to_arrow_table()
        lists = listed["rows"].combine_chunks()
        ends, flat = lists.offsets.to_numpy(), lists.values.to_numpy()
        by_name = {id: flat[ends[n] : ends[n + 1]] for n, id in enumerate(listed["id"].to_pylist())}
        names = [[str(row[0]) for row in self._db.execute(query).fetchall()] for query in (one, two)]
        return found, by_name, names[0], names[1]


def _first(error: Exception) -> str:
    return str(error).splitlines()[0]


def open_session(catalog: Catalog, crosswalk: Crosswalk) -> Session:
    """A session over the sets of a catalog; :class:`RecordsError` where they do not fit in memory."""
    import duckdb

    try:
        return Session(catalog, crosswalk)
    except duckdb.OutOfMemoryException as error:
        raise RecordsError(
            f"the event data of the case do not fit in {MEMORY} of memory", where=str(catalog.folder),
            to_do="Keep in the case only the countries and years that it is about",
        ) from error  # fmt: skip
    except duckdb.Error as error:
        raise RecordsError(
            f"a data set of the case is damaged ({_first(error)})", where=str(catalog.folder),
            to_do="Remove it with 'spillover events remove' and add it again",
        ) from error  # fmt: skip
