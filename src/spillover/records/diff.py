"""What one set says differently from another: events added and removed, and what changed in the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from spillover.errors import RecordsError
from spillover.records.catalog import DataSet
from spillover.records.importing import connect
from spillover.records.source import text

_COMPARED = (
    "deaths_best", "deaths_low", "deaths_high", "deaths_civilians", "date_start", "date_end", "type", "actor_a",
    "actor_b", "country", "lat", "lon", "where_prec",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """From ``old`` to ``new``: ids; for changed ones the fields with both values. ``deaths``: all best estimates."""

    added: tuple[dict[str, Any], ...]
    removed: tuple[dict[str, Any], ...]
    changed: tuple[dict[str, Any], ...]
    same: int
    deaths: tuple[int, int]

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "added": list(self.added), "removed": list(self.removed), "changed": list(self.changed), "same": self.same,
            "deaths": {"old": self.deaths[0], "new": self.deaths[1]},
        }  # fmt: skip


def diff(old: DataSet, new: DataSet) -> Difference:
    """The difference of two sets of events, by id, where both cover the same countries and days."""
    if old.what != "events" or new.what != "events":
        raise RecordsError("only sets of events can be compared", to_do="Name two sets of 'spillover events list'")
    with connect() as db:
        for name, entry in (("old", old), ("new", new)):
            db.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({text(str(entry.file))})")
        # an event outside what the other set covers is no difference between them
        for name, other in (("old", new), ("new", old)):
            countries = other.coverage.countries
            where = f"date_start BETWEEN DATE '{other.coverage.start}' AND DATE '{other.coverage.end}'"
            if countries is not None:
                where += f" AND country IN ({', '.join(text(c) for c in countries) or 'NULL'})"
            db.execute(f"CREATE TABLE {name}_common AS SELECT * FROM {name} WHERE {where}")
        lone = (
            "SELECT id, date_start, country, actor_a, actor_b, deaths_best FROM {a} "
            "WHERE id NOT IN (SELECT id FROM {b}) ORDER BY id"
        )
        added = _dicts(db.execute(lone.format(a="new_common", b="old")))
        removed = _dicts(db.execute(lone.format(a="old_common", b="new")))
        pairs = _dicts(db.execute(
            f"SELECT id, struct_pack({', '.join(f'{f} := o.{f}' for f in _COMPARED)}) AS old, "
            f"struct_pack({', '.join(f'{f} := n.{f}' for f in _COMPARED)}) AS new "
            "FROM old AS o JOIN new AS n USING (id) "
            f"WHERE ({', '.join('o.' + f for f in _COMPARED)}) IS DISTINCT FROM "
            f"({', '.join('n.' + f for f in _COMPARED)}) ORDER BY id"
        ))  # fmt: skip
        both = db.execute("SELECT count(*) FROM old JOIN new USING (id)").fetchone() or (0,)
        deaths = [
            (db.execute(f"SELECT coalesce(sum(deaths_best), 0) FROM {n}_common").fetchone() or (0,))[0]
            for n in ("old", "new")
        ]
    changed = tuple(
        {
            "id": p["id"],
            "changes": {f: [_plain(p["old"][f]), _plain(p["new"][f])] for f in _COMPARED if p["old"][f] != p["new"][f]},
        }
        for p in pairs
    )
    return Difference(
        tuple(added), tuple(removed), changed, int(both[0]) - len(changed), (int(deaths[0]), int(deaths[1]))
    )


def _dicts(cursor: Any) -> list[dict[str, Any]]:
    names = [d[0] for d in cursor.description]
    return [
        {n: v if isinstance(v, dict) else _plain(v) for n, v in zip(names, row, strict=True)}
        for row in cursor.fetchall()
    ]


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
