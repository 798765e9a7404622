"""A large file in the form of UCDP GED, for benchmarks: synthetic, its columns as long and as varied as real ones."""

from __future__ import annotations

import csv
import os
import random
from datetime import date, timedelta
from pathlib import Path

_COLUMNS = (
    "id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name,dyad_dset_id,"
    "dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,side_b_dset_id,side_b_new_id,side_b,number_of_sources,"
    "source_article,source_office,source_date,source_headline,source_original,where_prec,where_coordinates,"
    "where_description,adm_1,adm_2,latitude,longitude,geom_wkt,priogrid_gid,country,country_id,region,event_clarity,"
    "date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low,gwnoa,gwnob"
)
HEADER = _COLUMNS.split(",")
_COUNTRIES = (
    ("Afghanistan", 700, 33.9, 66.0), ("Pakistan", 770, 30.4, 69.3), ("Iraq", 645, 33.2, 43.7),
    ("Syria", 652, 35.0, 38.5), ("Nigeria", 475, 9.6, 8.1), ("Somalia", 520, 5.8, 45.6), ("Mali", 432, 17.3, -3.5),
    ("Myanmar (Burma)", 775, 21.2, 96.5),
)  # fmt: skip
_GROUPS = (("IS", 234), ("Taleban", 303), ("TTP", 5077), ("Al-Shabaab", 717), ("JNIM", 6757), ("KIO", 178))
_TEXT = "police officials say militants attacked convoy near town killing several soldiers reports local news agency"
_WORDS = _TEXT.split()


def write_like(path: Path, rows: int, seed: int, real: list[Path]) -> str:
    """Write ``rows`` events to ``path``; what they were made from.

    With ``real`` GED files, each row is one of theirs drawn with replacement, with an id and days of its own, so that
    every column has its real distribution. Without them, columns are made up, about as long.
    """
    drawn = random.Random(seed)
    source = [row for file in real for row in _rows(file)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for n in range(rows):
            row = dict(drawn.choice(source)) if source else _made_up(drawn)
            day = date.fromisoformat(row["date_start"][:10]) + timedelta(days=drawn.randrange(-15, 16))
            day = date(int(row["date_start"][:4]), max(1, min(12, day.month)), min(day.day, 28))
            length = date.fromisoformat(row["date_end"][:10]) - date.fromisoformat(row["date_start"][:10])
            row |= {"id": str(n + 1), "date_start": f"{day} 00:00:00.000", "date_end": f"{day + length} 00:00:00.000"}
            writer.writerow([row.get(name, "") for name in HEADER])
    return "rows drawn from " + " and ".join(f.name for f in real) if source else "made-up rows"


def real_files() -> list[Path]:
    """Complete GED extracts in the shared folder, if there is one (``SPILLOVER_SHARED``)."""
    folder = Path(os.environ.get("SPILLOVER_SHARED", "../shared")) / "data"
    return [p for p in (folder / "ged_pakistan.csv", folder / "ged_myanmar.csv") if p.is_file()]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["id"]]


def _made_up(drawn: random.Random) -> dict[str, str]:
    country, gw, lat, lon = drawn.choice(_COUNTRIES)
    group, code = drawn.choice(_GROUPS)
    kind = drawn.choice((1, 1, 1, 2, 3))
    other, other_code = ("Civilians", 1) if kind == 3 else (f"Government of {country}", 130)
    day = date(1989, 1, 1) + timedelta(days=drawn.randrange(12_700))
    best = min(int(drawn.paretovariate(1.2)), 500)
    text = " ".join(drawn.choice(_WORDS) for _ in range(drawn.randrange(8, 40)))
    at = f"{lat + drawn.uniform(-3, 3):.6f}", f"{lon + drawn.uniform(-3, 3):.6f}"
    town = f"{drawn.choice(_WORDS).title()}abad town"
    return {
        "relid": f"XXX-{day.year}-{kind}-{code}", "year": str(day.year), "active_year": "1", "code_status": "Clear",
        "type_of_violence": str(kind), "conflict_new_id": "333", "conflict_name": f"{country}: Government",
        "dyad_new_id": str(code), "dyad_name": f"{other} - {group}", "side_a": group if kind == 3 else other,
        "side_a_new_id": str(code if kind == 3 else other_code), "side_b": other if kind == 3 else group,
        "side_b_new_id": str(other_code if kind == 3 else code), "number_of_sources": "1",
        "source_article": f'"Agency,{day},{text}"', "source_office": "Agency", "source_date": str(day),
        "source_headline": text, "source_original": "police", "where_prec": str(drawn.choice((1, 1, 2, 3, 4, 5, 6))),
        "where_coordinates": town, "where_description": f"{town} ({text[:60]})", "adm_1": f"{country} province",
        "adm_2": "District", "latitude": at[0], "longitude": at[1], "geom_wkt": f"POINT ({at[1]} {at[0]})",
        "priogrid_gid": str(drawn.randrange(100_000, 200_000)), "country": country, "country_id": str(gw),
        "region": "Asia",
        "event_clarity": "1", "date_prec": str(drawn.choice((1, 1, 1, 1, 2, 3, 4))), "date_start": str(day),
        "date_end": str(day + timedelta(days=drawn.choice((0, 0, 0, 1, 6)))), "deaths_a": "0", "deaths_b": str(best),
        "deaths_civilians": "0", "deaths_unknown": "0", "best": str(best), "high": str(best + drawn.randrange(3)),
        "low": str(best), "gwnoa": str(gw), "gwnob": "",
    }  # fmt: skip
