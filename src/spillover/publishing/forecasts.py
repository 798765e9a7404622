"""What a report forecasts: deaths by the groups that its documents are about, and how good such forecasts have been."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spillover.errors import ForecastError
from spillover.forecasting import saving
from spillover.forecasting.asked import Asked, Given, given
from spillover.forecasting.jobs import (
    BACKTEST,
    DRAWN,
    BacktestJob,
    ForecastJob,
    draws_digest,
    latest_years,
    of_case,
    origins_of,
    same_sources,
)
from spillover.forecasting.onset import Onset, OnsetBacktest, chosen_groups, onset, onset_backtest, record_of
from spillover.forecasting.panels.coverage import family_of
from spillover.forecasting.record import load
from spillover.forecasting.risk import at_risk
from spillover.publishing.spread import groups_of, name_of, named
from spillover.runs import writable

if TYPE_CHECKING:
    from spillover.forecasting.forecast import Forecast
    from spillover.forecasting.record import Record
    from spillover.publishing.report import ReadingLike
    from spillover.records import Session

MONTHS = 12
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
    in words. ``absent``: groups with events that the documents name and that are not forecast. ``record``: the
    back-test of the same panel, ``run`` its id. ``onsets``: where the groups may strike that were not there lately, or
    why that cannot be said.
    """

    made: Forecast
    data: Given
    shown: tuple[str, ...]
    about: str
    absent: tuple[str, ...]
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
    or all where they name none that is forecast. A back-test of the same data that the case has is taken, else one is
    made and kept in the case: ``progress`` is told of its windows, and stops it by saying no. Both runs are recorded.
    ``factions`` as in :func:`~spillover.spread.select`.

    :class:`~spillover.errors.ForecastError` where there is too little to forecast or to score, or the ``forecast``
    extra is missing; :class:`~spillover.errors.Stopped` where ``progress`` said no.
    """
    asked = Asked(unit="group")
    data = given(asked, session)
    record, run = _backtest(case, asked, data, seed, progress)
    job = ForecastJob(asked, None, tuple(range(1, MONTHS + 1)), seed=seed)
    made = job.made(data)
    if (runs := writable(case)) is not None:
        of_this = job.run(data)
        saving.write(runs / f"{of_this.id}.json", of_this, {DRAWN: draws_digest(made)}, job.places(case))
    every = at_risk(made, len(made.units))["unit"].to_list()
    groups = groups_of(session, readings, family_of(session), factions=factions)
    sides = {group: chosen_groups(session, [group], factions=factions) for group in groups}
    there = {unit: unit.rpartition("|")[0] for unit in every}
    known = [group for group, names in sides.items() if set(names) & set(there.values())]
    about = {name for group in known for name in sides[group]}
    shown = tuple(unit for unit in every if there[unit] in about)
    return Forecasts(
        made, data, shown or tuple(every), named(session, known) if known else "all groups",
        tuple(name_of(session, group) for group in sides if group not in known), record, run,
        _onsets(session, about if known else None, seed),
    )  # fmt: skip


def _backtest(
    case: Path, asked: Asked, data: Given, seed: int, progress: Progress | None
) -> tuple[Record, str]:  # fmt: skip
    """The back-test of this panel and its id."""
    known = of_case(case, asked, data)
    if known is not None and same_sources(known.run, data.inputs):
        return load(known.path.parent), known.run.id
    job = BacktestJob(asked, origins_of(latest_years(data.panel)), seed=seed)
    run, runs = job.run(data), writable(case)
    folder = runs / f"{BACKTEST}-{run.id}" if runs is not None else None
    made, files = job.carried_out(data, folder, places=job.places(case), progress=progress)
    if runs is not None:
        saving.write(runs / f"{run.id}.json", run, files, job.places(case))
    return made, run.id


def _onsets(session: Session, groups: Collection[str] | None, seed: int) -> Onsets | str:
    """Chances of these groups, all of them for ``None``, or why there are none."""
    try:
        known = record_of(session)
        return Onsets(onset(known, groups=groups), onset_backtest(known, seed=seed))
    except ForecastError as error:
        return str(error)
