"""Places of events and of statements: divisions by their codes, regions by their countries, towns by their points."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from spillover.lexicon import read_csv, read_toml

_GENERIC = frozenset(
    ["province", "state", "division", "district", "region", "governorate", "prefecture", "department", "county",
     "oblast", "territory", "republic", "federal", "autonomous", "and", "of", "the", "wilaya", "emirate", "area",
     "zone", "agency", "tribal"]
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Region:
    """A region of the gazetteer. ``countries``: ISO3; ``divisions``: ISO 3166-2; ``exact``: whether they make it up."""

    slug: str
    countries: tuple[str, ...]
    divisions: tuple[str, ...]
    exact: bool
    note: str


@cache
def regions() -> dict[str, Region]:
    """The regions by slug."""
    found = {}
    for row in read_csv("places/region_countries.csv"):
        codes = [c for c in row["countries"].split("|") if c]
        found[row["slug"]] = Region(
            row["slug"], tuple(c for c in codes if "-" not in c), tuple(c for c in codes if "-" in c),
            row["exact"] == "1", row["note"],
        )  # fmt: skip
    return found


@cache
def territories() -> dict[str, str]:
    """Places that a data set has under another country, and the SQL condition that finds them there."""
    return {code: spec["where"] for code, spec in read_toml("places/territories.toml").items()}


@cache
def alpha2() -> dict[str, str]:
    """ISO 3166-1 alpha-2 by alpha-3."""
    import pycountry

    return {c.alpha_3: c.alpha_2 for c in pycountry.countries} | {"XKX": "XK"}


@cache
def _divisions() -> dict[tuple[str, str], str]:
    """(ISO3, folded name) → ISO 3166-2."""
    import pycountry

    two = {v: k for k, v in alpha2().items()}
    found: dict[tuple[str, str], str] = {}
    for row in read_csv("places/admin1.csv"):
        for name in row["names"].split("|"):
            found.setdefault((two.get(row["code"][:2], ""), _core(name)), row["code"])
    for division in sorted(pycountry.subdivisions, key=lambda d: (d.parent_code is not None, d.code)):
        found.setdefault((two.get(division.country_code, ""), _core(division.name)), division.code)
    return found


def division_code(country: str | None, name: str | None) -> str | None:
    """ISO 3166-2 of a first-order division by the name that a data set gives it; ``None`` where it is not known."""
    if not country or not name:
        return None
    return _divisions().get((country, _core(name)))


@cache
def _division_names() -> dict[str, str]:
    import pycountry

    named = {row["code"]: row["names"].split("|")[0] for row in read_csv("places/admin1.csv")}
    return {division.code: division.name for division in pycountry.subdivisions} | named


def division_name(code: str) -> str | None:
    """The lexicon's name, else the standard's, of an ISO 3166-2 code; ``None`` where neither has it."""
    return _division_names().get(code)


@cache
def _core(name: str) -> str:
    """A division's name without case, accents and the word for its kind."""
    from spillover.words import fold

    words = [fold(w) for w in _WORD.findall(name.replace("'", "").replace("’", ""))]
    return " ".join([w for w in words if w not in _GENERIC] or words)
