"""What a report forecasts: deaths by the groups that its documents are about, and how good such forecasts have been."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from spillover.errors import ForecastError, Stopped
from spillover.forecasting import saving
from spillover.forecasting.asked import Asked, Given, given
from spillover.forecasting.jobs import BACKTEST, DRAWN, BacktestJob, ForecastJob, draws_digest, like_the_next
from spillover.forecasting.onset import Onset, OnsetBacktest, onset, onset_backtest, record_of
from spillover.forecasting.panels.coverage import family_of
from spillover.forecasting.record import load
from spillover.forecasting.risk import at_risk
from spillover.publishing.spread import groups_named, named, with_factions
from spillover.runs import writable
from spillover.spread import select

if TYPE_CHECKING:
    from spillover.forecasting.forecast import Forecast
    from spillover.forecasting.record import Record
    from spillover.publishing.report import ReadingLike
    from spillover.records import Session

HORIZONS = tuple(range(1, 13))
Progress = Callable[[int, int, str], Any]


@dataclass(frozen=True, slots=True)
class Onsets:
    """Chances that groups strike in divisions where they were quiet, and how good such chances have been."""

    made: Onset
    tested: OnsetBacktest


@dataclass(frozen=True, slots=True, eq=False)
class Forecasts:
    """A forecast of all groups of the record, of which a report shows some, with its back-test.

    ``shown``: the units that the documents are about, those of which most is expected first. ``about``: who that is,
    in words; ``absent``: who is named and not forecast, empty for nobody. ``record``: the back-test of the same panel
    and months ahead, ``run`` its id. ``onsets``: where the groups may strike that were not there lately, or why that
    cannot be said.
    """

    made: Forecast
    data: Given
    shown: tuple[str, ...]
    about: str
    absent: str
    record: Record
    run: str
    onsets: Onsets | str


def forecasts_of(
    session: Session,
    case: Path,
    readings: Sequence[ReadingLike],
    *,
    factions: bool = True,
    seed: int = 1,
    progress: Progress | None = None,
) -> Forecasts:
    """Deaths a month by group and country in the twelve months after the record's last whole one, and its back-test.

    All groups of the record are forecast, for members learn from all of them; shown are those that the documents name,
    or all where they name none that is forecast. The back-test is of the same months ahead from the same month of
    earlier years; the case keeps it and the forecast's record, and one that it has already is taken. ``progress`` is
    told of its windows, and stops it by saying no. ``factions`` as in :func:`~spillover.spread.select`.

    :class:`~spillover.errors.ForecastError` where there is too little to forecast or to score, the data do not tell
    groups from communities, or the ``forecast`` extra is missing; :class:`~spillover.errors.Stopped` where ``progress``
    said no.
    """
    asked = Asked(unit="group")
    data = given(asked, session)
    record, run = _backtest(case, asked, data, seed, progress)
    job = ForecastJob(asked, None, HORIZONS, seed=seed)
    made = job.made(data)
    windows = len(record.origins)
    if progress is not None and progress(windows, windows, "") is False:
        raise Stopped("stopped", to_do="Run the same command again")
    if (runs := writable(case)) is not None:
        of_this = job.run(data)
        saving.write(runs / f"{of_this.id}.json", of_this, {DRAWN: draws_digest(made)}, job.places(case))
    every = at_risk(made, len(made.units))["unit"].to_list()
    ids = _ids(session)
    units = {
        group: {unit for unit in ids if ids[unit] & with_factions(session, group, factions)}
        for group in groups_named(session, readings)
    }
    known = [group for group in units if units[group] & set(every)]
    absent = [group for group in units if group not in known]
    about = {unit for group in known for unit in units[group]} or set(ids)
    return Forecasts(
        made, data, tuple(unit for unit in every if unit in about), named(session, known) if known else "all groups",
        named(session, absent) if absent else "", record, run, _onsets(session, ids, about, seed),
    )  # fmt: skip


def _backtest(case: Path, asked: Asked, data: Given, seed: int, progress: Progress | None) -> tuple[Record, str]:
    """The back-test of this panel and its id."""
    job = BacktestJob(asked, like_the_next(data.panel, HORIZONS), HORIZONS, seed=seed)
    run, runs = job.run(data), writable(case)
    folder = runs / f"{BACKTEST}-{run.id}" if runs is not None else None
    if folder is not None and (folder / saving.MANIFEST).is_file():
        # one that was stopped, or has lost a file, is gone on with
        with suppress(ForecastError):
            return load(folder), run.id
    made, files = job.carried_out(data, folder, places=job.places(case), progress=progress)
    if runs is not None:
        saving.write(runs / f"{run.id}.json", run, files, job.places(case))
    return made, run.id


def _ids(session: Session) -> Mapping[str, set[str]]:
    """The lexicon's ids of each unit, by its latest event: one name may be that of other actors elsewhere or before."""
    events = select(session, family=family_of(session)).events
    sides = pl.concat([
        events.select("start", "country", name=f"side_{side}", ids=f"actor_{side}_ids") for side in "ab"
    ])  # fmt: skip
    last = sides.drop_nulls(["country", "name"]).sort("start", maintain_order=True)
    last = last.unique(["name", "country"], keep="last", maintain_order=True)
    return {f"{name}|{country}": set(ids or ()) for _, country, name, ids in last.iter_rows()}


def _onsets(session: Session, ids: Mapping[str, set[str]], about: set[str], seed: int) -> Onsets | str:
    """Chances of these units and of who has no event in a country yet, or why there are none."""
    try:
        known = record_of(session)
        made = onset(known, groups={unit.rpartition("|")[0] for unit in about})
        unit = pl.concat_str("group", "country", separator="|")
        others = set(ids) - about
        made = replace(made, table=made.table.filter(~unit.is_in(sorted(others))))
        return Onsets(made, onset_backtest(known, seed=seed))
    except ForecastError as error:
        return str(error)
