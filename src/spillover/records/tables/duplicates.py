"""The same event in data sets of different houses: matched by a score whose parts are shown.

Pairs within the same country, three days and 50 km are scored on time, place, actors and deaths; the best pairs are
taken one to one. The set whose family comes first keeps the event, the other one's is marked a duplicate of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

THRESHOLD = 0.7
_WEIGHTS = {"time": 0.25, "place": 0.3, "actors": 0.25, "deaths": 0.2}


def match_families(db: duckdb.DuckDBPyConnection, families: Sequence[str]) -> None:
    """Fill the table ``duplicates`` and the column ``duplicate_of`` of ``events``."""
    pairs_sql = files(__package__).joinpath("pairs.sql").read_text("utf-8")
    for one, two in combinations(dict.fromkeys(families), 2):
        weights = {f"w_{name}": value for name, value in _WEIGHTS.items()}
        pairs = db.execute(pairs_sql, {"one": one, "two": two, "threshold": THRESHOLD, **weights}).fetchall()
        taken_a: set[str] = set()
        taken_b: set[str] = set()
        matched = []
        for id_a, id_b, *scores in pairs:
            if id_a not in taken_a and id_b not in taken_b:
                taken_a.add(id_a)
                taken_b.add(id_b)
                matched.append((one, id_a, two, id_b, *(round(s, 3) for s in scores)))
        if matched:
            db.executemany("INSERT INTO duplicates VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", matched)
    db.execute(
        "UPDATE events SET duplicate_of = d.family_a || ':' || d.id_a FROM duplicates AS d "
        "WHERE events.family = d.family_b AND events.id = d.id_b AND events.superseded_by IS NULL"
    )
