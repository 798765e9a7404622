"""Event data to be queried: all sets of a case in one DuckDB database in memory, each event once.

Tables: ``events`` (each event once), ``events_all`` (every row of every set, with ``superseded_by`` and ``duplicate_of``),
``totals``, ``dyad_years``, ``actor_ties``, ``duplicates``, ``sets``. Once they are made, the database is closed to files, to the
network and to changes of its settings.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from spillover.errors import QueryFault, RecordsError
from spillover.records.actors import Crosswalk, is_nobody, spans
from spillover.records.catalog import Catalog, DataSet
from spillover.records.duplicates import match_families
from spillover.records.normal import columns, names
from spillover.records.places import division_code
from spillover.records.source import text

if TYPE_CHECKING:
    import duckdb

MEMORY = "1.5GB"
SECONDS = 60.0


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
            self._make()
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

    def query(self, sql: str, *, seconds: float = SECONDS, most: int | None = None) -> Answer:
        """The answer to one SELECT; :class:`QueryFault` where it is wrong, is not one, or takes too long or too much."""
        import duckdb

        try:
            statements = self._db.extract_statements(sql)
        except duckdb.Error as error:
            raise QueryFault(_first(error), where="SQL", to_do="Mend the query") from error
        allowed = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
        if len(statements) != 1 or statements[0].type not in allowed:
            what = "one statement at a time" if len(statements) != 1 else "the event data can be read, not changed"
            raise QueryFault(what, where="SQL", to_do="Write one SELECT (or WITH … SELECT)")
        timer = threading.Timer(seconds, self._db.interrupt)
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
            timer.cancel()

    # -- making the tables --------------------------------------------------------------------------------------------

    def _make(self) -> None:
        self._table_of_sets()
        self._events()
        self._plain("totals")
        self._plain("actor_ties")
        self._dyad_years()

    def _table_of_sets(self) -> None:
        rows = [
            (s.id, s.dataset, s.name, s.what, s.family, s.release, s.kept, list(s.coverage.countries or []),
             s.coverage.countries is None, s.coverage.start, s.coverage.end, s.fatal_only, s.provisional, s.licence)
            for s in self.sets
        ]  # fmt: skip
        self._db.execute(
            "CREATE TABLE sets (set_id VARCHAR, dataset VARCHAR, name VARCHAR, what VARCHAR, family VARCHAR, release VARCHAR, "
            "rows INTEGER, countries VARCHAR[], worldwide BOOLEAN, first_day DATE, last_day DATE, fatal_only BOOLEAN, "
            "provisional BOOLEAN, licence VARCHAR)"
        )
        if rows:
            self._db.executemany(f"INSERT INTO sets VALUES ({', '.join('?' * 14)})", rows)

    def _plain(self, what: str) -> None:
        made = ", ".join(f"{c.name} {c.type}" for c in columns(what))  # type: ignore[arg-type]
        self._db.execute(f"CREATE TABLE {what} ({made}, set_id VARCHAR)")
        # of the same key in two releases the newer one counts
        for entry in sorted(self.of(what), key=_preference):
            picked = ", ".join(names(what))  # type: ignore[arg-type]
            kept = f"WHERE id NOT IN (SELECT id FROM {what} WHERE dataset = {text(entry.dataset)})" if what == "totals" else ""
            if what == "actor_ties" and self._db.execute("SELECT 1 FROM actor_ties LIMIT 1").fetchone():
                continue
            self._db.execute(
                f"INSERT INTO {what} SELECT {picked}, {text(entry.id)} FROM read_parquet({text(str(entry.file))}) {kept}"
            )

    def _events(self) -> None:
        sets = sorted(self.of("events"), key=_preference)
        made = ", ".join(f"{c.name} {c.type}" for c in columns("events"))
        picked = ", ".join(f"e.{name}" for name in names("events"))
        if not sets:
            self._db.execute(
                f"CREATE TABLE events_all ({made}, set_id VARCHAR, family VARCHAR, admin1_code VARCHAR, actor_a_ids VARCHAR[], "
                "actor_b_ids VARCHAR[], actor_ids VARCHAR[], superseded_by VARCHAR, "
                "duplicate_of VARCHAR)"
            )
            self._db.execute("CREATE VIEW events AS SELECT * FROM events_all")
            self._db.execute(_NO_DUPLICATES)
            return
        parts = " UNION ALL ".join(
            f"SELECT {picked}, {text(s.id)} AS set_id, {text(s.family)} AS family, {n} AS preference "
            f"FROM read_parquet({text(str(s.file))}) AS e"
            for n, s in enumerate(sets)
        )
        self._db.execute(f"CREATE VIEW arrived AS {parts}")
        self._sides()
        self._divisions()
        superseded = "CAST(NULL AS VARCHAR)"
        several = len({s.family for s in sets}) < len(sets)
        if several:
            self._superseded()
            superseded = "s.superseded_by"
        join = "LEFT JOIN superseded AS s ON s.set_id = e.set_id AND s.id = e.id" if several else ""
        self._db.execute(
            f"CREATE TABLE events_all AS SELECT {picked}, e.set_id, e.family, d.code AS admin1_code, "
            "coalesce(a.actors, []) AS actor_a_ids, coalesce(b.actors, []) AS actor_b_ids, "
            "list_concat(coalesce(a.actors, []), coalesce(b.actors, [])) AS actor_ids, "
            f"{superseded} AS superseded_by, CAST(NULL AS VARCHAR) AS duplicate_of "
            "FROM arrived AS e "
            "LEFT JOIN sides AS a ON a.family = e.family AND a.name = e.actor_a AND a.code IS NOT DISTINCT FROM e.actor_a_code "
            "AND a.country IS NOT DISTINCT FROM e.country AND e.date_start BETWEEN a.since AND a.until "
            "LEFT JOIN sides AS b ON b.family = e.family AND b.name = e.actor_b AND b.code IS NOT DISTINCT FROM e.actor_b_code "
            "AND b.country IS NOT DISTINCT FROM e.country AND e.date_start BETWEEN b.since AND b.until "
            f"LEFT JOIN divisions AS d ON d.country = e.country AND d.name = e.admin1 {join} "
            "ORDER BY e.country, e.date_start, e.preference, e.id"
        )
        self._db.execute(_NO_DUPLICATES)
        match_families(self._db, [s.family for s in sets])
        self._db.execute(
            "CREATE VIEW events AS SELECT * FROM events_all WHERE superseded_by IS NULL AND duplicate_of IS NULL"
        )
        self._db.execute("DROP VIEW arrived")

    def _sides(self) -> None:
        """The table ``sides``: who each name is in each country, from day to day."""
        found = self._db.execute(
            "SELECT DISTINCT family, actor_a, actor_a_code, country FROM arrived UNION "
            "SELECT DISTINCT family, actor_b, actor_b_code, country FROM arrived"
        ).fetchall()
        rows = []
        for family, name, code, country in sorted(found, key=repr):
            if is_nobody(name):
                continue
            for m in self.crosswalk.meanings(family, code, name, country):
                rows.append((family, name, code, country, m.since, m.until, list(m.actors)))
        self._register("sides", rows, (
            ("family", pa.string()), ("name", pa.string()), ("code", pa.string()), ("country", pa.string()),
            ("since", pa.date32()), ("until", pa.date32()), ("actors", pa.list_(pa.string())),
        ))  # fmt: skip

    def _divisions(self) -> None:
        found = self._db.execute("SELECT DISTINCT country, admin1 FROM arrived WHERE admin1 IS NOT NULL").fetchall()
        rows = [(c, n, code) for c, n in found if (code := division_code(c, n)) is not None]
        self._register("divisions", rows, (("country", pa.string()), ("name", pa.string()), ("code", pa.string())))

    def _superseded(self) -> None:
        """The same event in two sets of a family: the higher rank, then the newer release counts.

        An event of an older release that a newer one lacks has been withdrawn, if the newer one has at least half of the
        older one's events of that country and year: else it is an extract, and its silence says nothing.
        """
        self._db.execute(
            """
            CREATE TABLE superseded AS
            WITH best AS (
                SELECT family, id, min(preference) AS preference, arg_min(set_id, preference) AS set_id
                FROM arrived GROUP BY family, id HAVING count(*) > 1
            ),
            same AS (
                SELECT a.set_id, a.id, b.set_id AS superseded_by
                FROM arrived AS a JOIN best AS b ON b.family = a.family AND b.id = a.id AND a.preference > b.preference
            ),
            release AS (SELECT DISTINCT set_id, family, dataset, release, preference FROM arrived),
            pairs AS (
                SELECT o.set_id AS old, n.set_id AS new
                FROM release AS o JOIN release AS n ON n.family = o.family AND n.preference < o.preference
                AND (n.dataset, n.release) IS DISTINCT FROM (o.dataset, o.release)
            ),
            cells AS (
                SELECT p.old, p.new, a.country, year(a.date_start) AS year, count(*) AS old_events,
                       count(*) FILTER (EXISTS (SELECT 1 FROM arrived AS b WHERE b.set_id = p.new AND b.id = a.id)) AS shared
                FROM arrived AS a JOIN pairs AS p ON p.old = a.set_id GROUP BY ALL
            ),
            withdrawn AS (
                SELECT a.set_id, a.id, min(c.new) AS superseded_by
                FROM arrived AS a JOIN cells AS c ON c.old = a.set_id AND c.country IS NOT DISTINCT FROM a.country
                AND c.year = year(a.date_start) AND c.shared * 2 >= c.old_events
                WHERE NOT EXISTS (SELECT 1 FROM arrived AS b WHERE b.set_id = c.new AND b.id = a.id)
                GROUP BY a.set_id, a.id
            )
            SELECT * FROM same UNION ALL
            SELECT * FROM withdrawn AS w WHERE NOT EXISTS (SELECT 1 FROM same AS s WHERE s.set_id = w.set_id AND s.id = w.id)
            """
        )

    def _dyad_years(self) -> None:
        """The pairs of actors of ``totals``, one a row, with who the sides are."""
        known = {name for (name,) in self._db.execute(
            "SELECT actor_a FROM events_all UNION SELECT actor_b FROM events_all UNION SELECT actor FROM actor_ties"
        ).fetchall() if name}  # fmt: skip
        found = self._db.execute(
            "SELECT DISTINCT country, unnest(dyads) AS dyad FROM totals WHERE len(dyads) > 0"
        ).fetchall()
        rows = []
        for country, dyad in sorted(found, key=repr):
            a, b = split_dyad(dyad, known, self.crosswalk)
            sides = [[m for s in side for m in self.crosswalk.meanings("ucdp", self._code(s), s, country)] for side in (a, b)]
            cuts = sorted({m.since for side in sides for m in side} | {date(1, 1, 1)})
            for since, until in spans(cuts):
                now = [[m for m in side if m.since <= since <= m.until] for side in sides]
                a_ids, b_ids = ([x for m in side for x in m.actors] for side in now)
                rows.append((country, dyad, ", ".join(a), ", ".join(b), since, until, a_ids, b_ids))
        listed = pa.list_(pa.string())
        self._register("dyad_sides", rows, (
            ("country", pa.string()), ("dyad", pa.string()), ("side_a", pa.string()), ("side_b", pa.string()),
            ("since", pa.date32()), ("until", pa.date32()), ("side_a_ids", listed), ("side_b_ids", listed),
        ))  # fmt: skip
        self._db.execute(
            "CREATE TABLE dyad_years AS SELECT t.country, year(t.period_start) AS year, t.type, t.dyad, s.side_a, s.side_b, "
            "s.side_a_ids, s.side_b_ids, list_concat(s.side_a_ids, s.side_b_ids) AS actor_ids, t.dataset, "
            "t.release, t.set_id FROM (SELECT *, unnest(dyads) AS dyad FROM totals) AS t "
            # a year belongs to whom the name meant at its end
            "JOIN dyad_sides AS s ON s.country IS NOT DISTINCT FROM t.country AND s.dyad = t.dyad "
            "AND t.period_end BETWEEN s.since AND s.until ORDER BY t.country, year, t.type, t.dyad"
        )

    def _code(self, name: str) -> str | None:
        """The UCDP id of a side of a dyad, by the names in the events and the actor list."""
        if not hasattr(self, "_codes"):
            self._codes: dict[str, str] = dict(self._db.execute(
                "SELECT actor_a, any_value(actor_a_code) FROM events_all WHERE family = 'ucdp' AND actor_a_code IS NOT NULL "
                "GROUP BY actor_a UNION ALL SELECT actor_b, any_value(actor_b_code) FROM events_all WHERE family = 'ucdp' "
                "AND actor_b_code IS NOT NULL GROUP BY actor_b UNION ALL SELECT actor, any_value(actor_code) FROM actor_ties "
                "GROUP BY actor"
            ).fetchall())  # fmt: skip
        return self._codes.get(name)

    def _register(self, name: str, rows: Sequence[tuple[Any, ...]], schema: Iterable[tuple[str, Any]]) -> None:
        fields = list(schema)
        arrays = {n: pa.array([row[i] for row in rows], type) for i, (n, type) in enumerate(fields)}
        self._db.register("arriving", pa.table(arrays))
        self._db.execute(f"CREATE TABLE {name} AS SELECT * FROM arriving")
        self._db.unregister("arriving")


_NO_DUPLICATES = (
    "CREATE TABLE duplicates (family_a VARCHAR, id_a VARCHAR, family_b VARCHAR, id_b VARCHAR, score DOUBLE, time DOUBLE, "
    "place DOUBLE, actors DOUBLE, deaths DOUBLE)"
)


def split_dyad(dyad: str, known: set[str], crosswalk: Crosswalk) -> tuple[list[str], list[str]]:
    """The sides of a dyad's name ("A - B", or "A, C - B"): names may hold " - " and ", " themselves."""
    cuts = [m.start() for m in re.finditer(" - ", dyad)]
    if not cuts:
        return [dyad.strip()], []
    halves = [(dyad[:at].strip(), dyad[at + 3 :].strip()) for at in cuts]

    def fits(side: str) -> int:
        if side in known or is_nobody(side) or side.startswith("Government of "):
            return 2
        return 1 if crosswalk.rows("ucdp", None, side) else 0

    one, two = max(halves, key=lambda half: (min(fits(half[0]), fits(half[1])), fits(half[0]) + fits(half[1])))
    return _members(one, known), _members(two, known)


def _members(side: str, known: set[str]) -> list[str]:
    """The members of a coalition; a name that is known whole is one."""
    return [side] if side in known else [part.strip() for part in side.split(", ")]


def _preference(entry: DataSet) -> tuple[Any, ...]:
    """Of a family the higher rank first, then the newer release, then what was added last."""
    release = tuple(-int(part) for part in re.findall(r"\d+", entry.release or ""))
    # without a release, the last day of what it covers stands for it
    return (entry.family, -entry.rank, release or (-_implied(entry),), -entry.order)


def _implied(entry: DataSet) -> int:
    return int(entry.coverage.end[:4]) - 2000 + 1


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
