"""Forecasts of the example's made-up events, with their back-test."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from spillover.case import Case, open_case
from spillover.publishing.forecasts import Forecasts, Progress, forecasts_of
from spillover.records import Options

BOKO_HARAM, ISWAP = "boko-haram", "islamic-state-west-africa"
EVENTS = Path(__file__).resolve().parents[2] / "examples" / "lake-chad-events.synthetic.csv"


def about(*actors: str) -> Any:
    """A reading whose statements have these subjects."""
    return SimpleNamespace(
        statements=[SimpleNamespace(subject=SimpleNamespace(actor=actor), object=None) for actor in actors]
    )


@contextmanager
def case_of(folder: Path, events: Path = EVENTS) -> Iterator[Case]:
    """A case with the example's events: 2018 to 2023, seven groups in countries."""
    with open_case(folder) as opened:
        opened.add_events(events, Options(mapping=EVENTS.with_suffix(".toml")))
        yield opened


def forecasts(
    case: Case, actors: Sequence[str], progress: Progress | None = None, *, factions: bool = True
) -> Forecasts:
    with case.events() as session:
        return forecasts_of(session, case.path, [about(*actors)], factions=factions, progress=progress)


@cache
def made() -> Forecasts:
    """What the example's record lets expect of Boko Haram."""
    with tempfile.TemporaryDirectory() as folder, case_of(Path(folder)) as case:
        return forecasts(case, [BOKO_HARAM])
