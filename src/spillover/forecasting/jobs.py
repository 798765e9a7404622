"""A forecast or a back-test as it is asked for: carried out, recorded, and carried out again from its record."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spillover.errors import ForecastError, Stopped
from spillover.forecasting import months, record, saving
from spillover.forecasting.asked import VALUES, Asked, Given, file_digest, given
from spillover.forecasting.backtest import backtest, checked, origins
from spillover.forecasting.files import write_forecasts
from spillover.forecasting.forecast import DRAWS, FEWEST_MONTHS, Forecast, forecast
from spillover.forecasting.members import MEMBERS
from spillover.forecasting.panel import Panel
from spillover.forecasting.record import Record
from spillover.forecasting.saving import Saved
from spillover.forecasting.views import Level, read_country_ids, write_views
from spillover.runs import Run, digest_of

if TYPE_CHECKING:
    from spillover.records import Session

FORECAST, BACKTEST = "forecast", "backtest"
FILE, CASE, IDS, WEIGHTS = "panel", "case", "country ids", "weights"
"""Names under which a record says where its inputs were."""
DRAWN, VIEWS, PLOTS = "draws", "views", "plots/"
"""Names of outputs of a forecast beside its file (:data:`FORECAST`): the draws themselves, the file for VIEWS."""
VIEWS_HORIZONS = tuple(range(3, 15))
_YEARS, _BEFORE = 5, 36
Progress = Callable[[int, int, str], Any]


@dataclass(frozen=True, slots=True)
class ForecastJob:
    """``origin``: ``None`` for the last month that the data cover whole. ``weights``: a back-test of the same panel.
    ``country_ids``: VIEWS' numbers of countries, for a file in its layout."""

    asked: Asked
    origin: int | None
    horizons: tuple[int, ...]
    draws: int = DRAWS
    seed: int = 1
    weights: Saved | None = None
    country_ids: Path | None = None

    def given(self, session: Session | None = None) -> Given:
        """The panel, with nothing after the origin; see :func:`~spillover.forecasting.asked.given`."""
        return given(self.asked, session, self.origin)

    def run(self, data: Given) -> Run:
        """What the record says was given. :class:`~spillover.errors.ForecastError` where the back-test that weights
        are to be learnt from is of another panel."""
        inputs, id = dict(data.inputs), None
        if self.weights is not None:
            saved = self.weights
            checked_weights(saved, self.asked, data)
            id = saved.run.id
            inputs[f"{WEIGHTS} {id}"] = marks_digest(saved)
        ids = self.country_ids
        if ids is not None:
            inputs[f"{IDS} {ids.name}"] = file_digest(ids)
        parameters = {
            "panel": self.asked.to_dict(), "origin": months.name(data.panel.end),
            "origin_given": self.origin is not None, "horizons": list(self.horizons), "draws": self.draws,
            "weights": id, "country_ids": ids and ids.name, "made_by": saving.made_by(),
        }  # fmt: skip
        return Run(FORECAST, inputs, parameters, self.seed)

    def made(self, data: Given) -> Forecast:
        """The forecast."""
        marks = saving.marks(self.weights) if self.weights is not None else ()
        return forecast(data.panel, data.panel.end, self.horizons, marks=marks, draws=self.draws, seed=self.seed)

    def places(self, case: Path | None = None) -> dict[str, Path]:
        """Where the inputs are, for the record."""
        learnt = self.weights.path if self.weights is not None else None
        found = {FILE: self.asked.file, CASE: case, IDS: self.country_ids, WEIGHTS: learnt}
        return {name: path for name, path in found.items() if path is not None}


@dataclass(frozen=True, slots=True)
class BacktestJob:
    """``at``: origins, in order of time; ``learning``: how many windows before them serve for learning weights alone,
    a year apart; ``None`` for what :func:`~spillover.forecasting.backtest.backtest` takes."""

    asked: Asked
    at: tuple[int, ...]
    horizons: tuple[int, ...] = VIEWS_HORIZONS
    learning: int | None = None
    seed: int = 1

    def run(self, data: Given) -> Run:
        """What the record says was given."""
        parameters = {
            "panel": self.asked.to_dict(), "origins": [months.name(o) for o in self.at],
            "horizons": list(self.horizons), "learning": self.learning, "made_by": saving.made_by(),
        }  # fmt: skip
        return Run(BACKTEST, data.inputs, parameters, self.seed)

    def places(self, case: Path | None = None) -> dict[str, Path]:
        """Where the inputs are, for the record."""
        return {name: path for name, path in ((FILE, self.asked.file), (CASE, case)) if path is not None}

    def before(self, panel: Panel) -> tuple[int, ...] | None:
        """Origins that serve for learning alone; :class:`~spillover.errors.ForecastError` where there are too few."""
        if self.learning is None:
            return None
        most = max(0, (self.at[0] - panel.start + 1 - FEWEST_MONTHS) // 12)
        if self.learning > most:
            raise ForecastError(
                f"{self.learning} windows to learn from do not fit before {months.name(self.at[0])}: the panel begins "
                f"in {months.name(panel.start)}", to_do=f"Ask for at most {most}",
            )  # fmt: skip
        return tuple(self.at[0] - 12 * k for k in range(self.learning, 0, -1))

    def carried_out(
        self, data: Given, folder: Path | None, *, places: Mapping[str, Path] | None = None,
        progress: Progress | None = None,
    ) -> tuple[Record, dict[str, str]]:  # fmt: skip
        """The record, and the files in the folder with SHA-256.

        The folder becomes this back-test's own, and what is done of it is taken from there; see
        :func:`~spillover.forecasting.saving.claim`. :class:`~spillover.errors.Stopped` where ``progress`` said no: the
        windows that are done stay.
        """
        checked(data.panel, self.at, self.horizons)
        run, before, places = self.run(data), self.before(data.panel), places or {}
        kept = saving.claim(folder, run, places) if folder is not None else {}
        parts: list[Record] = []
        done = record.SCORES in kept
        for window in backtest(
            data.panel, self.at, self.horizons, learning=before, seed=self.seed, folder=folder, progress=progress
        ):
            parts.append(record.scored(window, data.panel, seed=self.seed))
            if folder is not None and not done:
                kept = saving.in_folder(folder, kept)
                saving.write(folder / saving.MANIFEST, run, kept, places)
        if len(parts) < len(self.at):
            raise Stopped(f"stopped after {len(parts)} of {len(self.at)} windows", to_do="Run the same command again")
        made = record.together(parts)
        if folder is None:
            return made, {}
        record.save(made, folder)
        windows = {name: known for name, known in kept.items() if name not in (record.SCORES, record.WORST)}
        files = saving.in_folder(folder, windows)
        saving.write(folder / saving.MANIFEST, run, files, places)
        return made, files


def save_forecast(
    made: Forecast, out: Path | None = None, views: Path | None = None, ids: Path | None = None
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Write a forecast as Parquet, and in the layout of VIEWS; SHA-256 by name of output, and the units that VIEWS'
    file lacks because they have no number in ``ids``.

    :class:`~spillover.errors.ForecastError` where VIEWS has no such units, or none has a number.
    """
    found = {DRAWN: draws_digest(made)}
    left: tuple[str, ...] = ()
    if out is not None:
        write_forecasts(made.to_draws(), out)
        found[FORECAST] = file_digest(out)
    if views is not None:
        for_views(made.kind, made.units, ids)
        numbers = read_country_ids(ids).ids if ids is not None and made.kind == "country" else None
        level: Level = "priogrid" if made.kind == "priogrid" else "country"
        left = write_views(made.to_draws(), views, level=level, ids=numbers, leave_out=True)
        found[VIEWS] = file_digest(views)
    return found, left


def for_views(kind: str, units: Sequence[str], ids: Path | None) -> None:
    """:class:`~spillover.errors.ForecastError` where these units cannot be written in the layout of VIEWS."""
    if kind not in ("country", "priogrid"):
        raise ForecastError(f"VIEWS has countries and cells, not units of kind {kind!r}", to_do="Write --out alone")
    if kind == "country" and ids is None and not all(unit.isdecimal() for unit in units):
        raise ForecastError("VIEWS numbers countries in its own way", to_do="Give its numbers with --country-ids FILE")


def draws_digest(made: Forecast) -> str:
    """SHA-256 of units, months and draws."""
    found = hashlib.sha256(repr((made.units, made.months, made.draws.shape)).encode())
    found.update(np.ascontiguousarray(made.draws, dtype="<f4").data)
    return found.hexdigest()


def latest_years(panel: Panel) -> tuple[int, ...]:
    """Up to five years, the latest that the panel has whole, each with three years or more before its origin.

    :class:`~spillover.errors.ForecastError` where there is none.
    """
    last = (panel.end + 1) // 12 - 1
    found = [y for y in range(last - _YEARS + 1, last + 1) if origins([y])[0] - panel.start + 1 >= _BEFORE]
    if not found:
        raise ForecastError(
            f"no whole year has {_BEFORE} months before its origin in a panel of {months.name(panel.start)} to "
            f"{months.name(panel.end)}", to_do="Name origins, with the months ahead: --origins 2019-10 --horizons 1-6",
        )  # fmt: skip
    return tuple(found)


def like_the_next(panel: Panel, horizons: Sequence[int]) -> tuple[int, ...]:
    """Up to five origins in the month of the panel's last, a year apart, the latest whose windows are over, each with
    three years or more before it: what a forecast from the panel's end is to be held against.

    :class:`~spillover.errors.ForecastError` where there is none.
    """
    over = range(panel.end - max(horizons), panel.start + _BEFORE - 2, -1)
    found = [at for at in over if (panel.end - at) % 12 == 0][:_YEARS]
    if not found:
        raise ForecastError(
            f"to say how good a forecast is takes {_BEFORE} months before an origin and {max(horizons)} after it; the "
            f"panel has {months.name(panel.start)} to {months.name(panel.end)}", to_do="Add earlier event data",
        )  # fmt: skip
    return tuple(reversed(found))


def without(made: Forecast) -> tuple[str, ...]:
    """The members that the panel taught too little for."""
    return tuple(name for name in MEMBERS if name not in made.weights.members)


def checked_weights(saved: Saved, asked: Asked, data: Given) -> None:
    """:class:`~spillover.errors.ForecastError` where a record is of no back-test of the same panel of the same data."""
    where = str(saved.path)
    if saved.run.command != BACKTEST or record.SCORES not in saved.outputs:
        what = "is not finished" if saved.run.command == BACKTEST else f"is of {saved.run.command}"
        raise ForecastError(f"the run {what}, weights are learnt from a back-test", where=where,
                            to_do="Name one that is done")  # fmt: skip
    if not any(name.endswith(saving.MARKS) for name in saved.outputs):
        raise ForecastError("the windows of this back-test are kept elsewhere", where=where,
                            to_do="Name the folder that they are in")  # fmt: skip
    if saved.run.parameters["panel"] != asked.to_dict():
        raise ForecastError("the back-test is of another panel", where=where, to_do="Run one of this panel")
    if not same_sources(saved.run, data.inputs):
        raise ForecastError("the data have changed since the back-test", where=where, to_do="Run it again")


def marks_digest(saved: Saved) -> str:
    """SHA-256 of how members did in the windows of a back-test, by its record."""
    return digest_of({name: known for name, known in saved.outputs.items() if name.endswith(saving.MARKS)})


def same_sources(run: Run, inputs: Mapping[str, str]) -> bool:
    """Whether a run was given the same files."""
    return {k: v for k, v in run.inputs.items() if k != VALUES} == {k: v for k, v in inputs.items() if k != VALUES}


def of_case(case: Path, asked: Asked, data: Given) -> Saved | None:
    """The back-test of the same panel that the case has; one of the same data before another, then one of more windows,
    then the later origins."""
    found: list[tuple[tuple[bool, int, Sequence[str], str], Saved]] = []
    for path in sorted((case / "runs").glob(f"{BACKTEST}-*/{saving.MANIFEST}")):
        try:
            saved = saving.read(path)
        except ForecastError:
            continue
        if saved.run.parameters.get("panel") == asked.to_dict() and record.SCORES in saved.outputs:
            at = saved.run.parameters["origins"]
            found.append(((same_sources(saved.run, data.inputs), len(at), at, saved.run.id), saved))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def figures(folder: Path, data: Given, made: Forecast | None = None, known: Record | None = None) -> dict[str, str]:
    """Write the figures of a forecast, or of a back-test; ``plots/FILE`` with SHA-256.

    :class:`~spillover.errors.ForecastError` where matplotlib is not installed, :class:`~spillover.errors.CaseError`
    where the folder cannot be written.
    """
    from spillover.forecasting.plots import save_plots

    if made is not None:
        saved = save_plots(folder, panel=data.panel, forecast=made.to_draws(), origin=made.origin, sources=data.sources)
    elif known is not None:
        saved = save_plots(folder, table=known.cells, windows=known.for_plot(), sources=data.sources)
    else:
        saved = {}
    return {f"{PLOTS}{name}": known_as for name, known_as in saved.items()}


def backtest_of(said: str, case: Path | None) -> Saved:
    """The back-test that a user names: its folder or its manifest, or the beginning of the id of one in a case."""
    path = Path(said)
    if path.exists():
        return saving.read(saving.find(said, case))
    found = sorted((case / "runs").glob(f"{BACKTEST}-{said}*/{saving.MANIFEST}")) if case is not None and said else []
    if len(found) != 1:
        what = f"{len(found)} back-tests begin with {said!r}" if found else f"there is no back-test {said!r}"
        raise ForecastError(what, to_do="Name the folder of one, or the id of one that the case has")
    return saving.read(found[0])


def origins_of(years: Sequence[int]) -> tuple[int, ...]:
    """The origin of each year's window (:func:`~spillover.forecasting.backtest.origins`)."""
    return origins(years)


def shared_scores(made: Record, run: Run, folder: Path, places: Mapping[str, Path]) -> None:
    """The scores of a back-test whose windows are kept elsewhere, in a case: forecasts there say how good they were."""
    record.save(made, folder)
    saving.write(folder / saving.MANIFEST, run, saving.in_folder(folder), places)
