"""The sides of dyads: a dyad's name ("A - B", "A, C - B") taken apart, and who they are."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from spillover.records.actors import FIRST, Crosswalk, is_nobody, spans

if TYPE_CHECKING:
    import duckdb

_CODES = """
SELECT name, any_value(code) FROM (
    SELECT actor_a AS name, actor_a_code AS code FROM events_all WHERE family = 'ucdp' UNION ALL
    SELECT actor_b, actor_b_code FROM events_all WHERE family = 'ucdp' UNION ALL
    SELECT actor, actor_code FROM actor_ties
) WHERE name IS NOT NULL GROUP BY name
"""


def dyad_sides(db: duckdb.DuckDBPyConnection, crosswalk: Crosswalk) -> list[tuple[Any, ...]]:
    """(country, dyad, side A, side B, from, to, ids of A, ids of B) of the dyads of ``totals``."""
    codes: dict[str, str | None] = dict(db.execute(_CODES).fetchall())
    found = db.execute("SELECT DISTINCT country, unnest(dyads) AS dyad FROM totals WHERE len(dyads) > 0").fetchall()
    rows: list[tuple[Any, ...]] = []
    for country, dyad in sorted(found, key=repr):
        sides = split_dyad(dyad, codes, crosswalk)
        meant = [
            [m for name in side for m in crosswalk.meanings("ucdp", codes.get(name), name, country)] for side in sides
        ]
        cuts: list[date] = sorted({m.since for side in meant for m in side} | {FIRST})
        for since, until in spans(cuts):
            ids = [[a for m in side if m.since <= since <= m.until for a in m.actors] for side in meant]
            rows.append((country, dyad, ", ".join(sides[0]), ", ".join(sides[1]), since, until, *ids))
    return rows


def split_dyad(dyad: str, known: dict[str, str | None], crosswalk: Crosswalk) -> tuple[list[str], list[str]]:
    """The members of either side of a dyad: names may hold " - " and ", " themselves, so known names decide."""
    halves = [(dyad[: m.start()].strip(), dyad[m.end() :].strip()) for m in re.finditer(" - ", dyad)]
    if not halves:
        return [dyad.strip()], []

    def fits(side: str) -> int:
        if side in known or is_nobody(side) or side.startswith("Government of "):
            return 2
        return 1 if crosswalk.rows("ucdp", None, side) else 0

    one, two = max(halves, key=lambda half: (min(map(fits, half)), sum(map(fits, half))))
    return _members(one, known), _members(two, known)


def _members(side: str, known: dict[str, str | None]) -> list[str]:
    """The members of a coalition; a name that is known whole is one."""
    return [side] if side in known else [part.strip() for part in side.split(", ")]
