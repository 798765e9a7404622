"""Synthetic events in GED's columns, and sessions over them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from spillover.case import open_case
from spillover.records import Options
from spillover.records.session import Session

GW = {"PAK": 770, "AFG": 700, "IND": 750, "SSD": 626, "SDN": 625, "IDN": 850, "TLS": 860, "BWA": 571, "MMR": 775}
TYPES = {"state-based": 1, "non-state": 2, "one-sided": 3}


def event(n: int, day: str = "2019-03-10", **more: object) -> dict[str, str]:
    """The ``n``-th event: ``country`` by ISO3, ``type`` by name, ``end`` the last day, ``deaths`` the best estimate."""
    given = {"country": "PAK", "type": "state-based", "end": day, "deaths": 1, "civilians": 0, "low": 0, "high": 2,
             "side_a": "Government of Pakistan", "side_b": "TTP", "adm_1": "Sindh province", "lat": 25.3, "lon": 68.3,
             "where_prec": 1} | more  # fmt: skip
    deaths, civilians = int(str(given["deaths"])), int(str(given["civilians"]))
    row = {
        "id": 1000 + n, "year": day[:4], "type_of_violence": TYPES[str(given["type"])], "side_a": given["side_a"],
        "side_b": given["side_b"], "where_prec": given["where_prec"], "adm_1": given["adm_1"], "latitude": given["lat"],
        "longitude": given["lon"], "country_id": GW[str(given["country"])], "date_prec": 1, "date_start": day,
        "date_end": given["end"], "deaths_a": 0, "deaths_b": deaths - civilians, "deaths_civilians": civilians,
        "deaths_unknown": 0, "best": deaths, "high": given["high"], "low": given["low"],
    }  # fmt: skip
    return {name: str(value) for name, value in row.items()}


@contextmanager
def session(
    *sets: Sequence[Mapping[str, str]],
    covers: tuple[str, ...] | None = None,
    start: str | None = None,
    end: str | None = None,
) -> Iterator[Session]:
    """A session over a case with those sets of events; what they cover as an analyst may say it."""
    with TemporaryDirectory() as folder:
        case = open_case(folder)
        for n, rows in enumerate(sets):
            out = io.StringIO()
            writer = csv.DictWriter(out, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
            path = Path(folder) / f"ged{251 - 10 * n}.csv"
            path.write_text(out.getvalue(), "utf-8")
            case.add_events(path, Options(covers=covers, start=start, end=end))
        with case.events() as opened:
            yield opened
