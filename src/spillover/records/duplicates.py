"""The same event in data sets of different houses: matched by a score whose parts are shown.

Pairs within the same country, three days and 50 km are scored on time, place, actors and deaths; the best pairs are taken one
to one. The set whose family comes first keeps the event, the other one's is marked a duplicate of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

THRESHOLD = 0.7
_WEIGHTS = {"time": 0.25, "place": 0.3, "actors": 0.25, "deaths": 0.2}

# an aggregate of weeks, or a point that means "somewhere in", is never one event of another house
_PAIRS = """
WITH sharp AS (
    SELECT * FROM events_all
    WHERE superseded_by IS NULL AND coalesce(where_prec, 1) <= 3 AND coalesce(date_prec, 1) <= 2 AND lat IS NOT NULL
),
near AS (
    SELECT a.id AS id_a, b.id AS id_b,
           1 - 0.25 * least(abs(date_diff('day', a.date_start, b.date_start)), 4) AS time,
           2 * 6371 * asin(sqrt(power(sin(radians(b.lat - a.lat) / 2), 2)
               + cos(radians(a.lat)) * cos(radians(b.lat)) * power(sin(radians(b.lon - a.lon) / 2), 2))) AS km,
           CASE WHEN list_has_any(a.actor_ids, b.actor_ids) THEN 1.0
                WHEN len(a.actor_ids) = 0 OR len(b.actor_ids) = 0 THEN 0.5 ELSE 0.0 END AS actors,
           (1.0 + least(a.deaths_best, b.deaths_best)) / (1.0 + greatest(a.deaths_best, b.deaths_best)) AS deaths
    FROM sharp AS a JOIN sharp AS b
      ON a.family = $one AND b.family = $two AND a.country = b.country
     AND b.date_start BETWEEN a.date_start - 3 AND a.date_start + 3
     AND abs(a.lat - b.lat) < 0.5 AND abs(a.lon - b.lon) < 1.0
)
SELECT id_a, id_b, $w_time * time + $w_place * place + $w_actors * actors + $w_deaths * coalesce(deaths, 0.5) AS score,
       time, place, actors, coalesce(deaths, 0.5) AS deaths
FROM (SELECT *, greatest(0, 1 - km / 50) AS place FROM near)
WHERE score >= $threshold
ORDER BY score DESC, id_a, id_b
"""


def match_families(db: duckdb.DuckDBPyConnection, families: Sequence[str]) -> None:
    """Fill the table ``duplicates`` and the column ``duplicate_of`` of ``events_all``."""
    for one, two in combinations(dict.fromkeys(families), 2):
        weights = {f"w_{name}": value for name, value in _WEIGHTS.items()}
        pairs = db.execute(_PAIRS, {"one": one, "two": two, "threshold": THRESHOLD, **weights}).fetchall()
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
        "UPDATE events_all SET duplicate_of = d.family_a || ':' || d.id_a FROM duplicates AS d "
        "WHERE events_all.family = d.family_b AND events_all.id = d.id_b AND events_all.superseded_by IS NULL"
    )
