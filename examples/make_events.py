"""Writes ``lake-chad-events.synthetic.csv``: invented events in the form of UCDP GED, for the bundled article.

    python examples/make_events.py           # writes the file beside this script
    python examples/make_events.py --check   # says whether the file is what this script writes

NOTHING IN THE FILE TOOK PLACE AS IT STANDS THERE. Dates, places, sides and numbers of dead are made up, so that the
article meets different answers; no row is from a data set. The columns and their order are those of GED 22.1. The
names and ids of the actors are those of the UCDP Actor Dataset 22.1, the names and points of towns those of GeoNames
where it has them; points of villages and forests, ids of events, conflicts and dyads are invented. The same script
gives the same bytes.
"""

from __future__ import annotations

import csv
import io
import random
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("lake-chad-events.synthetic.csv")
LABEL = "synthetic, made up for the example"
FIRST_ID, FIRST_DYAD = 990_000_001, 990_001
BACKGROUND, SEED = 66, 20_210_930

HEADER = (
    "id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id "
    "conflict_name dyad_dset_id dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id "
    "side_b_new_id side_b number_of_sources source_article source_office source_date source_headline "
    "source_original where_prec where_coordinates where_description adm_1 adm_2 latitude longitude "
    "geom_wkt priogrid_gid country country_id region event_clarity date_prec date_start date_end deaths_a "
    "deaths_b deaths_civilians deaths_unknown best high low gwnoa gwnob"
)

JAS, IS, CIVILIANS = "Jama'atu Ahlis Sunna Lidda'awati wal-Jihad", "IS", "Civilians"
NIGERIA, NIGER, CHAD, CAMEROON = (f"Government of {name}" for name in ("Nigeria", "Niger", "Chad", "Cameroon"))
ACTOR_IDS = {JAS: 1051, IS: 234, CIVILIANS: 1, NIGERIA: 84, NIGER: 75, CHAD: 87, CAMEROON: 83}
GOVERNMENTS = {NIGERIA: 475, NIGER: 436, CHAD: 483, CAMEROON: 471}  # Gleditsch-Ward numbers
COUNTRIES = {"Nigeria": 475, "Niger": 436, "Chad": 483, "Cameroon": 471}


class Place(NamedTuple):
    """A town or village: country, first-order division, degrees."""

    country: str
    division: str
    lat: float
    lon: float


PLACES = {
    "Damasak town": Place("Nigeria", "Borno state", 13.105, 12.509),
    "Dikwa town": Place("Nigeria", "Borno state", 12.036, 13.918),
    "Monguno town": Place("Nigeria", "Borno state", 12.671, 13.612),
    "Maiduguri town": Place("Nigeria", "Borno state", 11.847, 13.157),
    "Marte town": Place("Nigeria", "Borno state", 12.365, 13.829),
    "Konduga town": Place("Nigeria", "Borno state", 11.653, 13.418),
    "Gwoza town": Place("Nigeria", "Borno state", 11.083, 13.696),
    "Bama town": Place("Nigeria", "Borno state", 11.521, 13.690),
    "Kukawa town": Place("Nigeria", "Borno state", 12.925, 13.566),
    "Chibok town": Place("Nigeria", "Borno state", 10.869, 12.847),
    "Gubio town": Place("Nigeria", "Borno state", 12.497, 12.781),
    "Metele village": Place("Nigeria", "Borno state", 13.30, 13.20),
    "Zabarmari village": Place("Nigeria", "Borno state", 11.95, 13.22),
    "Sambisa forest": Place("Nigeria", "Borno state", 11.25, 13.42),
    "Borno state": Place("Nigeria", "Borno state", 11.90, 13.10),
    "Geidam town": Place("Nigeria", "Yobe state", 12.894, 11.926),
    "Damaturu town": Place("Nigeria", "Yobe state", 11.747, 11.961),
    "Buni Yadi town": Place("Nigeria", "Yobe state", 11.274, 12.009),
    "Buwari village": Place("Nigeria", "Yobe state", 13.10, 11.50),
    "Madagali town": Place("Nigeria", "Adamawa state", 10.889, 13.628),
    "Kuta town": Place("Nigeria", "Niger state", 9.869, 6.710),
    "Diffa town": Place("Niger", "Diffa region", 13.315, 12.611),
    "Bosso town": Place("Niger", "Diffa region", 13.699, 13.310),
    "Nguigmi town": Place("Niger", "Diffa region", 14.250, 13.109),
    "Bol town": Place("Chad", "Lac region", 13.467, 14.714),
    "Boma peninsula": Place("Chad", "Lac region", 13.50, 14.20),
    "Mora town": Place("Cameroon", "Far North region", 11.046, 14.140),
    "Makary town": Place("Cameroon", "Far North region", 12.575, 14.455),
    "Mokolo town": Place("Cameroon", "Far North region", 10.742, 13.802),
}


class Event(NamedTuple):
    """An event. ``deaths``: of side A, side B, civilians, persons of unknown status; their sum is the best estimate."""

    start: str
    place: str
    side_a: str
    side_b: str
    deaths: tuple[int, int, int, int]
    low: int
    high: int
    end: str | None = None
    date_prec: int = 1
    where_prec: int = 1


# The events that the article's statements are to meet, in its order; examples/README.md says what comes of each.
ANCHORS = (
    # the two factions fight each other; a week's fighting without an exact day
    Event("2021-05-17", "Sambisa forest", IS, JAS, (7, 16, 0, 5), 20, 45, "2021-05-21", 3, 2),
    Event("2020-02-11", "Sambisa forest", IS, JAS, (2, 6, 0, 0), 8, 8, where_prec=2),
    Event("2022-12-06", "Bama town", IS, JAS, (4, 19, 0, 3), 21, 30, where_prec=2),
    # Metele: fewer soldiers than the article has
    Event("2018-11-18", "Metele village", NIGERIA, IS, (43, 9, 0, 0), 47, 58, where_prec=2),
    # Gubio, Boma, Zabarmari
    Event("2020-06-09", "Gubio town", IS, CIVILIANS, (0, 0, 66, 0), 59, 77, where_prec=2),
    Event("2020-03-23", "Boma peninsula", CHAD, JAS, (91, 4, 0, 0), 88, 104, where_prec=2),
    Event("2020-11-28", "Zabarmari village", JAS, CIVILIANS, (0, 0, 58, 0), 41, 112, where_prec=2),
    # Chad's army on the islands
    Event("2020-04-02", "Bol town", CHAD, JAS, (14, 38, 0, 12), 40, 180, "2020-04-07", 2, 3),
    Event("2020-04-08", "Bol town", CHAD, IS, (3, 11, 0, 0), 11, 19, where_prec=2),
    # a bombed village
    Event("2021-09-15", "Buwari village", NIGERIA, CIVILIANS, (0, 0, 9, 0), 7, 10, where_prec=2),
    # raids on Damasak, one told to the month alone
    Event("2021-04-11", "Damasak town", NIGERIA, IS, (5, 3, 2, 0), 8, 12),
    Event("2021-04-14", "Damasak town", IS, CIVILIANS, (0, 0, 11, 0), 9, 18),
    Event("2021-04-01", "Borno state", NIGERIA, IS, (4, 8, 0, 0), 9, 14, "2021-04-30", 4, 4),
    # garrison towns, before the article and after it
    Event("2021-03-01", "Dikwa town", NIGERIA, IS, (6, 12, 3, 0), 18, 27),
    Event("2021-06-13", "Monguno town", NIGERIA, IS, (2, 5, 0, 0), 7, 9),
    Event("2022-02-20", "Dikwa town", NIGERIA, IS, (3, 7, 0, 0), 8, 12),
    Event("2022-05-27", "Monguno town", NIGERIA, IS, (1, 6, 1, 0), 8, 8),
    Event("2021-12-23", "Maiduguri town", NIGERIA, IS, (0, 0, 5, 0), 4, 6),
    # Niger State: another group, before and after, and never the one that the forecast names
    Event("2021-04-26", "Kuta town", NIGERIA, JAS, (2, 3, 0, 0), 5, 7, where_prec=3),
    Event("2022-06-29", "Kuta town", NIGERIA, JAS, (11, 4, 6, 0), 17, 30, where_prec=2),
)

# Everyday violence around these: sides, places, how often beside the others, from which year on.
KINDS = (
    (
        (NIGERIA, IS),
        ("Marte town", "Kukawa town", "Geidam town", "Damaturu town", "Buni Yadi town", "Bama town"),
        12,
        2018,
    ),
    ((NIGERIA, JAS), ("Konduga town", "Gwoza town", "Chibok town", "Madagali town", "Bama town"), 8, 2018),
    ((NIGER, IS), ("Diffa town", "Bosso town", "Nguigmi town"), 6, 2018),
    ((CAMEROON, JAS), ("Mora town", "Mokolo town"), 5, 2018),
    ((CAMEROON, IS), ("Makary town",), 3, 2018),
    ((CHAD, IS), ("Bol town",), 3, 2018),
    ((JAS, CIVILIANS), ("Mora town", "Mokolo town", "Gwoza town", "Konduga town"), 6, 2018),
    ((IS, CIVILIANS), ("Kukawa town", "Geidam town", "Diffa town"), 5, 2018),
    ((IS, JAS), ("Bama town", "Kukawa town"), 4, 2021),
)
# months of the anchors, in which nothing else is to happen
QUIET = frozenset(event.start[:7] for event in ANCHORS) | {"2021-09", "2021-10"}


def background() -> list[Event]:
    """Events between the anchors. Only ``random()`` is used: its numbers are the same in every Python."""
    draw = random.Random(SEED).random
    found: list[Event] = []
    while len(found) < BACKGROUND:
        day = date(2018, 1, 1) + timedelta(days=int(draw() * 2190))
        sides, places, since = _kind(draw())
        place = places[int(draw() * len(places))]
        size = 1 + int(12 * draw() ** 2)
        blurred = draw()
        if f"{day:%Y-%m}" in QUIET or day.year < since:
            continue
        lost = int(size * draw())
        deaths = (0, 0, size, 0) if sides[1] == CIVILIANS else (lost, size - lost, 0, 0)
        low, high = size - int(size * draw() / 3), size + int(size * draw() / 2)
        end = (day + timedelta(days=6)).isoformat() if blurred < 0.1 and day.month < 12 else None
        where_prec = 2 if blurred < 0.7 else 1
        found.append(Event(day.isoformat(), place, *sides, deaths, low, high, end, 3 if end else 1, where_prec))
    return found


def _kind(number: float) -> tuple[tuple[str, str], tuple[str, ...], int]:
    """The kind of event that a number from 0 to 1 falls on."""
    left = number * sum(weight for _, _, weight, _ in KINDS)
    for sides, places, weight, since in KINDS:
        left -= weight
        if left < 0:
            return sides, places, since
    raise AssertionError("the weights do not cover the number")


def row(number: int, event: Event, dyads: list[str]) -> dict[str, object]:
    """An event as a row of GED."""
    place = PLACES[event.place]
    dyad = f"{event.side_a} - {event.side_b}"
    dyad_id = FIRST_DYAD + dyads.index(dyad)
    kind = 3 if event.side_b == CIVILIANS else 1 if event.side_a in GOVERNMENTS else 2
    a, b = ACTOR_IDS[event.side_a], ACTOR_IDS[event.side_b]
    year = event.start[:4]
    return {
        "id": FIRST_ID + number, "relid": f"SYNTHETIC-{year}-{kind}-{number + 1}", "year": year, "active_year": 1,
        "code_status": "Clear", "type_of_violence": kind, "conflict_dset_id": dyad_id, "conflict_new_id": dyad_id,
        "conflict_name": f"{dyad} ({LABEL})", "dyad_dset_id": dyad_id, "dyad_new_id": dyad_id, "dyad_name": dyad,
        "side_a_dset_id": a, "side_a_new_id": a, "side_a": event.side_a, "side_b_dset_id": b, "side_b_new_id": b,
        "side_b": event.side_b, "number_of_sources": 1, "source_article": LABEL, "source_headline": LABEL,
        "where_prec": event.where_prec, "where_coordinates": event.place, "where_description": LABEL,
        "adm_1": place.division, "latitude": place.lat, "longitude": place.lon,
        "geom_wkt": f"POINT ({place.lon} {place.lat})", "priogrid_gid": _cell(place), "country": place.country,
        "country_id": COUNTRIES[place.country], "region": "Africa", "event_clarity": 1, "date_prec": event.date_prec,
        "date_start": f"{event.start} 00:00:00.000", "date_end": f"{event.end or event.start} 00:00:00.000",
        "deaths_a": event.deaths[0], "deaths_b": event.deaths[1], "deaths_civilians": event.deaths[2],
        "deaths_unknown": event.deaths[3], "best": sum(event.deaths), "high": event.high, "low": event.low,
        "gwnoa": GOVERNMENTS.get(event.side_a, ""),
    }  # fmt: skip


def _cell(place: Place) -> int:
    """The PRIO-GRID cell: half degrees, counted from the south-west."""
    return int((place.lat + 90) * 2) * 720 + int((place.lon + 180) * 2) + 1


def table() -> str:
    """The whole file."""
    events = sorted((*ANCHORS, *background()), key=lambda e: (e.start, e.place, e.side_a, e.side_b, e.deaths))
    dyads = sorted({f"{e.side_a} - {e.side_b}" for e in events})
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADER.split(), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(row(n, event, dyads) for n, event in enumerate(events))
    return out.getvalue()


def main() -> None:
    """Write the file, or compare it."""
    made = table().encode()
    if "--check" in sys.argv[1:]:
        same = FILE.is_file() and FILE.read_bytes() == made
        print(f"{FILE.name} is {'' if same else 'not '}what this script writes")
        sys.exit(0 if same else 1)
    FILE.write_bytes(made)
    print(FILE)


if __name__ == "__main__":
    main()
