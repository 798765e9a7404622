"""A case's own places: the ``[[place]]`` tables of its ``lexicon.toml`` (``docs/lexicon.md``)."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from spillover.errors import LexiconError

# the contract's levels, without the one that no place of one's own can have
OwnLevel = Literal["town", "admin2", "admin1", "country", "region"]
LEVELS = get_args(OwnLevel)
_ISO3 = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class PlaceInfo:
    """One place. ``id``: the code that statements carry; ``country``: ISO 3166-1 alpha-3; ``lat``, ``lon``: degrees."""

    id: str
    name: str
    level: OwnLevel
    aliases: tuple[str, ...] = ()
    country: str | None = None
    lat: float | None = None
    lon: float | None = None


def place_from(table: dict[str, Any], where: str) -> PlaceInfo:
    """The place of one ``[[place]]`` table. Raises :class:`LexiconError` that names ``where`` it is malformed."""
    known = [f.name for f in fields(PlaceInfo)]

    def wrong(what: str, to_do: str) -> LexiconError:
        return LexiconError(what, where=where, to_do=to_do)

    if unknown := sorted(set(table) - set(known)):
        raise wrong(f"unknown key {unknown[0]!r}", f"Known are {', '.join(known)}")
    for name in ("id", "name", "level"):
        if not isinstance(table.get(name), str) or not table[name].strip():
            raise wrong(f"{name} is missing", "Each place needs id, name and level")
    if table["level"] not in LEVELS:
        raise wrong(f"level {table['level']!r} is none", f"Write one of {', '.join(LEVELS)}")
    aliases = table.get("aliases", [])
    if not isinstance(aliases, list) or not all(isinstance(a, str) and a.strip() for a in aliases):
        raise wrong("aliases is no list of names", 'Write aliases = ["…", "…"]')
    country = table.get("country")
    if country is not None and not (isinstance(country, str) and _ISO3.fullmatch(country)):
        raise wrong(f"country {country!r} is no ISO 3166-1 alpha-3 code", 'Write three capitals, such as "NGA"')
    lat, lon = (_degrees(table.get(name), limit) for name, limit in (("lat", 90), ("lon", 180)))
    given = [name for name in ("lat", "lon") if name in table]
    if len(given) == 1 or (given and (lat is None or lon is None)):
        raise wrong("lat and lon are no point", "Give both in degrees (-90 to 90, -180 to 180), or neither")
    return PlaceInfo(table["id"].strip(), table["name"], table["level"], tuple(aliases), country, lat, lon)


def _degrees(value: Any, limit: int) -> float | None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number and -limit <= value <= limit else None
