"""Countries in event data: Gleditsch-Ward numbers, ISO codes and names, as one table to look them up in."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from spillover.lexicon import read_csv


@dataclass(frozen=True, slots=True)
class Country:
    """A state of the Gleditsch-Ward list. ``iso3``: today's ISO 3166-1 alpha-3 (XKX: Kosovo)."""

    gw: int
    iso3: str
    name: str
    ucdp_name: str


@cache
def gleditsch_ward() -> tuple[Country, ...]:
    """All states of the list (Gleditsch and Ward 1999), as UCDP numbers and names them."""
    text = files(__package__).joinpath("countries.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(Country(int(r["gw"]), r["iso3"], r["name"], r["ucdp_name"] or r["name"]) for r in rows)


@cache
def names() -> dict[str, str]:
    """The common English name by ISO3."""
    import pycountry

    found = {c.alpha_3: getattr(c, "common_name", c.name) for c in pycountry.countries}
    # historical states come after their successors, whose names are today's
    for country in reversed(gleditsch_ward()):
        found[country.iso3] = country.name
    return found


@cache
def keys() -> tuple[tuple[str, str, str], ...]:
    """(kind, key, ISO3): ``gw`` and ``iso_number`` as digits without leading zeros, ``iso3``, ``name`` folded."""
    return tuple(dict.fromkeys(_keys()))


def _keys() -> Iterator[tuple[str, str, str]]:
    import pycountry

    yield "iso3", "XKX", "XKX"
    for country in gleditsch_ward():
        yield "gw", str(country.gw), country.iso3
    named: dict[str, str] = {}
    for c in pycountry.countries:
        yield "iso3", c.alpha_3, c.alpha_3
        yield "iso_number", str(int(c.numeric)), c.alpha_3
        for name in (c.name, getattr(c, "common_name", ""), getattr(c, "official_name", "")):
            named.setdefault(fold(name), c.alpha_3)
    for row in read_csv("places/countries.csv"):
        for name in row["names"].split("|"):
            named.setdefault(fold(name), row["iso3"])
    for country in gleditsch_ward():
        for name in (country.name, country.ucdp_name):
            named.setdefault(fold(name), country.iso3)
    named.pop("", None)
    yield from (("name", name, iso3) for name, iso3 in named.items())


@cache
def centres() -> tuple[tuple[str, float, float], ...]:
    """(ISO3, latitude, longitude) of a point inside each country, to see a point that cannot be in it."""
    return tuple((r["iso3"], float(r["lat"]), float(r["lon"])) for r in read_csv("places/countries.csv"))


def fold(name: str) -> str:
    """``name`` in lower case, without accents and surrounding space: the key of a country's name."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(plain.lower().split())
