"""Synthetic event files for the truth tables: the columns are those of the data sets, every event is invented.

An event is one call (``ged(1, "2021-03-05", "TTP", civilians=3)``); a file is a tuple of events with what it covers.
Names of actors are UCDP's (``SIDES``) so that the crosswalk has something to find; nothing else in them is real.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spillover.records import Catalog, Options, add


def _columns(names: str) -> tuple[str, ...]:
    return tuple(names.split())


GED = _columns("""
    id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name
    dyad_dset_id dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b
    number_of_sources source_article source_office source_date source_headline source_original where_prec
    where_coordinates where_description adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country iso3
    country_id region event_clarity date_prec date_start date_end deaths_a deaths_b deaths_civilians
    deaths_unknown best high low gwnoa gwnob
""")
ACLED = _columns("""
    event_id_cnty event_date year time_precision event_type sub_event_type actor1 actor2 country iso admin1
    admin2 location latitude longitude geo_precision source fatalities
""")
GTD = _columns("""
    eventid iyear imonth iday country_txt provstate city latitude longitude specificity attacktype1_txt
    targtype1_txt gname weaptype1_txt nkill nwound
""")
AEC = _columns("""
    id split source_article source_date deaths_side_a deaths_side_b deaths_civilian deaths_unknown deaths_low
    deaths_high side_a_name side_b_name location_root_name location_adm1_name location_adm2_name
    location_where_name start_date end_date
""")
COUNTRY_YEAR = _columns("""
    country_id_cy country_cy year_cy region_cy sb_dyad_ids_cy sb_dyad_names_cy sb_total_deaths_best_cy
    sb_total_deaths_high_cy sb_total_deaths_low_cy ns_dyad_ids_cy ns_dyad_names_cy ns_total_deaths_best_cy
    ns_total_deaths_high_cy ns_total_deaths_low_cy os_dyad_ids_cy os_dyad_names_cy os_total_deaths_best_cy
    os_total_deaths_high_cy os_total_deaths_low_cy version
""")
COUNTRY_MONTH = _columns("""
    country_iso3 year_month ucdp_event_count ucdp_fatalities_best ucdp_fatalities_high
""")
ACTORS = _columns("""
    ActorId NameData NameOrig NameOrigFull NameOrigFullEng NameChange NewName NewNameFullMotherTongue
    NewNameFullEng Splinter NamePrev ActorIdPrev SplitTemp NameSplitTemp ActorIdSplitTemp Alliance NameAlliance
    ActorIdAlliance JoinGroup GroupName ActorIdGroup Location GWNOLoc Version
""")

SIDES = {  # UCDP's names and ids
    "TTP": 356, "IS": 234, "Jamaat-ul-Ahrar": 5928, "Lashkar-e-Islam": 399, "Taleban": 303, "Al-Shabaab": 717,
    "Ansar al-Islam": 233,
    "Jama'atu Ahlis Sunna Lidda'awati wal-Jihad": 1051, "Government of Pakistan": 142, "Government of Afghanistan": 130,
    "Government of Russia (Soviet Union)": 57, "Government of Nigeria": 84, "Government of Somalia": 95,
    "Civilians": 9999,
}  # fmt: skip
COUNTRIES = {  # name, Gleditsch-Ward number, ISO 3166-1 numeric
    "PAK": ("Pakistan", 770, 586), "AFG": ("Afghanistan", 700, 4), "RUS": ("Russia (Soviet Union)", 365, 643),
    "TJK": ("Tajikistan", 702, 762), "UZB": ("Uzbekistan", 704, 860), "CHN": ("China", 710, 156),
    "NGA": ("Nigeria", 475, 566), "EGY": ("Egypt", 651, 818), "IND": ("India", 750, 356), "SOM": ("Somalia", 520, 706),
    "KAZ": ("Kazakhstan", 705, 398), "KGZ": ("Kyrgyzstan", 703, 417), "TKM": ("Turkmenistan", 701, 795),
}  # fmt: skip
PLACES = {  # name of the place: country, first-order division as GED names it, latitude, longitude
    "Quetta": ("PAK", "Balochistan province", 30.18, 67.00),
    "Mastung": ("PAK", "Balochistan province", 29.80, 66.85),  # 45 km from Quetta
    "Gwadar": ("PAK", "Balochistan province", 25.12, 62.33),
    "Peshawar": ("PAK", "Khyber Pakhtunkhwa province", 34.01, 71.58),
    "Bannu": ("PAK", "Khyber Pakhtunkhwa province", 32.99, 70.60),
    "Kabul": ("AFG", "Kabul province", 34.53, 69.17),
    "Derbent": ("RUS", "Dagestan republic", 42.06, 48.29),
    "Dushanbe": ("TJK", "Dushanbe", 38.56, 68.77),
    "Tashkent": ("UZB", "Tashkent", 41.30, 69.24),
    "Maiduguri": ("NGA", "Borno state", 11.85, 13.16),
    "Srinagar": ("IND", "Jammu and Kashmir state", 34.09, 74.80),
    "Mogadishu": ("SOM", "Banaadir region", 2.04, 45.34),
    "el-Arish": ("EGY", "Shamal Sina governorate", 31.13, 33.80),
    "Pakistan": ("PAK", "", 30.0, 70.0),
    "Egypt": ("EGY", "", 27.0, 30.0),
    "India": ("IND", "", 21.0, 78.0),
}


@dataclass(frozen=True, slots=True)
class File:
    """A file to import. ``name`` tells of which release it is.

    ``covers``, ``start``, ``end``: what the analyst says that it covers; ``None`` leaves that to the rows.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[str, str], ...], ...]
    covers: tuple[str, ...] | None = None
    start: str | None = None
    end: str | None = None
    dataset: str | None = None

    def text(self) -> str:
        """The file as CSV."""
        out = io.StringIO()
        writer = csv.DictWriter(out, self.columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(dict(row) for row in self.rows)
        return out.getvalue()


Row = tuple[tuple[str, str], ...]


def _row(values: dict[str, Any]) -> Row:
    return tuple((key, "" if value is None else str(value)) for key, value in values.items())


def ged(
    id: int,
    day: str,
    a: str,
    b: str | None = None,
    *,
    at: str = "Quetta",
    until: str | None = None,
    date_prec: int = 1,
    where_prec: int = 1,
    a_dead: int = 0,
    b_dead: int = 0,
    civilians: int = 0,
    unknown: int = 0,
    best: int | None = None,
    low: int | None = None,
    high: int | None = None,
    status: str = "Clear",
) -> Row:
    """A GED event. Without ``b`` it is one-sided violence against civilians; with a government as ``a`` it is
    state-based, else non-state.

    ``best`` is the sum of the four kinds of dead unless given (1 where none is); ``low`` and ``high`` are ``best``.
    """
    country, admin1, lat, lon = PLACES[at]
    name, gw, _ = COUNTRIES[country]
    kind = 3 if b is None else 1 if a.startswith("Government") else 2
    if best is None:
        if not (a_dead + b_dead + civilians + unknown):
            civilians, b_dead = (1, 0) if b is None else (0, 1)
        best = a_dead + b_dead + civilians + unknown
    other = b or "Civilians"
    dyad = f"{a} - {other}"
    return _row({
        "id": id, "relid": f"SYN-{id}", "year": day[:4], "active_year": 1, "code_status": status,
        "type_of_violence": kind,
        "conflict_new_id": 1, "conflict_name": "invented", "dyad_new_id": 1, "dyad_name": dyad,
        "side_a_new_id": SIDES[a],
        "side_a": a, "side_b_new_id": SIDES[other], "side_b": other, "number_of_sources": 1,
        "source_article": "synthetic, invented for a test", "where_prec": where_prec, "where_coordinates": at,
        "adm_1": admin1, "latitude": lat, "longitude": lon, "country": name, "country_id": gw, "region": "Asia",
        "event_clarity": 1, "date_prec": date_prec, "date_start": f"{day} 00:00:00.000",
        "date_end": f"{until or day} 00:00:00.000", "deaths_a": a_dead, "deaths_b": b_dead,
        "deaths_civilians": civilians,
        "deaths_unknown": unknown, "best": best, "high": best if high is None else high,
        "low": best if low is None else low,
    })  # fmt: skip


def acled(
    id: int,
    day: str,
    a: str,
    b: str = "",
    *,
    at: str = "Quetta",
    type: str = "Battles",
    subtype: str = "Armed clash",
    dead: int = 0,
    time_precision: int = 1,
    geo_precision: int = 1,
) -> Row:
    """An event in the form of an ACLED export."""
    country, admin1, lat, lon = PLACES[at]
    name, _, number = COUNTRIES[country]
    return _row({
        "event_id_cnty": f"{country}{id}", "event_date": day, "year": day[:4], "time_precision": time_precision,
        "event_type": type, "sub_event_type": subtype, "actor1": a, "actor2": b, "country": name.split(" (")[0],
        "iso": number, "admin1": admin1.split(" province")[0], "location": at, "latitude": lat, "longitude": lon,
        "geo_precision": geo_precision, "source": "synthetic", "fatalities": dead,
    })  # fmt: skip


def gtd(
    id: int, year: int, month: int, day: int, group: str, *, at: str = "Quetta", dead: int = 0, wounded: int = 0
) -> Row:
    """An event in the form of the GTD; month and day are 0 where unknown."""
    country, admin1, lat, lon = PLACES[at]
    return _row({
        "eventid": f"{year}{month:02}{day:02}{id:04}", "iyear": year, "imonth": month, "iday": day,
        "country_txt": COUNTRIES[country][0], "provstate": admin1.split(" province")[0], "city": at, "latitude": lat,
        "longitude": lon, "specificity": 1, "attacktype1_txt": "Bombing/Explosion", "targtype1_txt": "Military",
        "gname": group, "weaptype1_txt": "Explosives", "nkill": dead, "nwound": wounded,
    })  # fmt: skip


def aec(id: int, day: str, a: str, b: str = "Civilians", *, country: str = "Pakistan", civilians: int = 1) -> Row:
    """An event in the form of UCDP-AEC."""
    return _row({
        "id": id, "split": "train", "source_article": "synthetic", "source_date": day, "deaths_side_a": 0,
        "deaths_side_b": 0,
        "deaths_civilian": civilians, "deaths_unknown": 0, "deaths_low": civilians, "deaths_high": civilians,
        "side_a_name": a, "side_b_name": b, "location_root_name": country, "start_date": day, "end_date": day,
    })  # fmt: skip


def country_year(country: str, year: int, *, sb: str = "", ns: str = "", os: str = "", dead: int = 30) -> Row:
    """A country and year of the country-year data set, with the names of its dyads (``; `` between them)."""
    name, gw, _ = COUNTRIES[country]
    values: dict[str, Any] = {
        "country_id_cy": gw,
        "country_cy": name,
        "year_cy": year,
        "region_cy": "Asia",
        "version": "23.1",
    }
    for kind, dyads in (("sb", sb), ("ns", ns), ("os", os)):
        ids = "; ".join(str(n + 1) for n, _ in enumerate(dyads.split("; "))) if dyads else "NO_DYAD"
        values |= {f"{kind}_dyad_names_cy": dyads or "NO_DYAD", f"{kind}_dyad_ids_cy": ids}
        values |= {f"{kind}_total_deaths_{bound}_cy": dead if dyads else 0 for bound in ("best", "high", "low")}
    return _row(values)


def country_month(country: str, month: str, events: int, best: int, high: int | None = None) -> Row:
    """A country and month of GED added up."""
    return _row({
        "country_iso3": country, "year_month": month, "ucdp_event_count": f"{events}.0",
        "ucdp_fatalities_best": f"{best}.0", "ucdp_fatalities_high": f"{best if high is None else high}.0",
    })  # fmt: skip


def actor(
    name: str,
    *,
    full: str = "",
    new: str = "",
    splinter_of: str = "",
    allied_with: str = "",
    joined: str = "",
) -> Row:
    """A line of the actor list; the partners are names of ``SIDES``."""
    values: dict[str, Any] = {
        "ActorId": SIDES[name], "NameData": name, "NameOrig": name, "NameOrigFull": full or "n/a",
        "NameOrigFullEng": "",
        "NameChange": int(bool(new)), "NewName": new, "Splinter": int(bool(splinter_of)), "SplitTemp": 0,
        "Alliance": int(bool(allied_with)), "JoinGroup": int(bool(joined)), "Location": "Pakistan", "GWNOLoc": 770,
        "Version": "22.1",
    }  # fmt: skip
    for key, partner in (
        ("ActorIdPrev", splinter_of),
        ("ActorIdAlliance", allied_with),
        ("ActorIdGroup", joined),
    ):
        values[key] = SIDES[partner] if partner else ""
    return _row(values)


def ged_file(
    *events: Row,
    covers: tuple[str, ...] | None = ("PAK",),
    start: str | None = "2015-01-01",
    end: str | None = "2021-12-31",
    name: str = "ged_22_1_synthetic.csv",
) -> File:
    """A GED extract: Pakistan from 2015 to 2021 unless said otherwise; ``None`` leaves it to the rows."""
    return File(name, GED, events, covers, start, end, "ucdp-ged")


def candidate_file(*events: Row, start: str, end: str, name: str = "GEDEvent_v23_0_10.csv") -> File:
    """A monthly candidate file of the whole world."""
    return File(name, GED, events, ("all",), start, end, "ucdp-candidate")


def acled_file(*events: Row, covers=("PAK",), start: str = "2015-01-01", end: str = "2021-12-31") -> File:
    """An ACLED export of Pakistan."""
    return File("acled_synthetic.csv", ACLED, events, covers, start, end, "acled")


def gtd_file(*events: Row, covers=("PAK",), start: str = "2015-01-01", end: str = "2020-12-31") -> File:
    """A file in GTD's form on Pakistan."""
    return File("gtd_synthetic.csv", GTD, events, covers, start, end, "gtd")


def aec_file(*events: Row) -> File:
    """A file in AEC's form: a sample, so it covers no country."""
    return File("aec_synthetic.csv", AEC, events, dataset="ucdp-aec")


def year_file(*rows: Row) -> File:
    """Country-years of the whole world; the years are those of the rows."""
    return File("country_year_23_1_synthetic.csv", COUNTRY_YEAR, rows, dataset="ucdp-country-year")


def month_file(*rows: Row) -> File:
    """Country-months; countries and months are those of the rows."""
    return File("country_month_23_1_synthetic.csv", COUNTRY_MONTH, rows, dataset="ucdp-country-month")


def actor_file(*rows: Row) -> File:
    """An actor list, release 22.1: it knows what was so to the end of 2021."""
    return File("ucdp_actor_22_1_synthetic.csv", ACTORS, rows, dataset="ucdp-actor")


def imported(files: tuple[File, ...], folder: Path) -> Catalog:
    """A catalog in ``folder`` with these files."""
    catalog = Catalog(folder / "events")
    for n, file in enumerate(files):
        path = folder / f"{n}" / file.name
        path.parent.mkdir(parents=True)
        path.write_text(file.text(), "utf-8")
        options = Options(dataset=file.dataset, covers=file.covers, start=file.start, end=file.end)
        made = add(catalog, path, options)
        assert made.entry.kept >= len(file.rows), made.rejects
    return catalog
