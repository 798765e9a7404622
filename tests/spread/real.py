"""Selections from the shared files."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from spillover.case import open_case
from spillover.spread import Selection, select

PAKISTAN, MYANMAR, CAR, CANDIDATE = (
    "ged_pakistan.csv", "ged_myanmar.csv", "ged_car.geojson", "ged_candidate_2023_10.csv",
)  # fmt: skip


@cache
def real(shared: Path, *names: str) -> Selection:
    """All events of some files of the shared folder."""
    with TemporaryDirectory() as folder:
        case = open_case(folder)
        for name in names:
            case.add_events(shared / "data" / name)
        with case.events() as session:
            return select(session)
