"""A recorded forecast or back-test carried out once more, for its outputs to be compared with those recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spillover import __version__
from spillover.errors import ForecastError
from spillover.forecasting import jobs, months, saving
from spillover.forecasting.asked import VALUES, Asked, Given, file_digest, given
from spillover.forecasting.jobs import BacktestJob, ForecastJob
from spillover.forecasting.saving import Saved

if TYPE_CHECKING:
    from spillover.records import Session

Progress = Callable[[int, int, str], Any]


@dataclass(frozen=True, slots=True)
class Outputs:
    """SHA-256 by name of output: ``known``, as recorded, and ``made`` now."""

    known: dict[str, str]
    made: dict[str, str]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A run to repeat, and where its inputs are; made by :func:`repeat_of`."""

    saved: Saved
    job: ForecastJob | BacktestJob
    case: Path | None

    def given(self, session: Session | None = None) -> Given:
        """The panel. :class:`~spillover.errors.ForecastError` where it is not the one of the record."""
        recorded = self.saved.run
        data = given(self.job.asked, session, _until(recorded, self.job))
        if data.inputs[VALUES] != recorded.inputs.get(VALUES):
            changed = [n for n, known in recorded.inputs.items() if n in data.inputs and data.inputs[n] != known]
            gone = [n for n in recorded.inputs if n not in data.inputs and not n.startswith((jobs.IDS, jobs.WEIGHTS))]
            new = [n for n in data.inputs if n not in recorded.inputs]
            files = [n for n in changed if n != VALUES]
            why = [
                *([f"{', '.join(files)} changed"] if files else []),
                *([f"{', '.join(gone)} is not there"] if gone else []),
                *([f"{', '.join(new)} is new"] if new else []),
            ] or ["the same data now give another panel"]  # fmt: skip
            raise ForecastError(
                f"the run cannot be repeated, its input has changed: {'; '.join(why)}", where=str(self.saved.path),
                to_do="Bring back the data as they were, or run the command itself on the new ones",
            )  # fmt: skip
        return data

    def notes(self, data: Given) -> tuple[str, ...]:
        """What differs from the record and may not matter: other code, other rows after the origin."""
        run, found = self.saved.run, []
        changed = [n for n, known in data.inputs.items() if run.inputs.get(n) != known]
        if changed:
            found.append(f"{', '.join(changed)} changed since, but not in what this run looked at")
        if run.version != __version__:
            found.append(f"made by version {run.version}; this is {__version__}")
        then, now = run.parameters["made_by"], saving.made_by()
        if then["code"] != now["code"]:
            found.append("made by other code of Spillover, so what comes out may differ")
        for name in sorted({*then["packages"], *now["packages"]}):
            one, other = then["packages"].get(name), now["packages"].get(name)
            if one != other:
                found.append(f"made with {name} {one}; here is {other or 'none'}")
        return tuple(found)

    def outputs(self, data: Given, folder: Path, *, progress: Progress | None = None) -> Outputs:
        """Carry it out, into a folder that is new or empty."""
        known = self.saved.outputs
        plots = folder / "plots" if any(name.startswith(jobs.PLOTS) for name in known) else None
        if isinstance(self.job, BacktestJob):
            made, files = self.job.carried_out(data, folder / jobs.BACKTEST, progress=progress)
            return Outputs(known, files | (jobs.figures(plots, data, known=made) if plots is not None else {}))
        drawn = self.job.made(data)
        out = folder / f"{jobs.FORECAST}.parquet" if jobs.FORECAST in known else None
        views = folder / f"{jobs.VIEWS}.parquet" if jobs.VIEWS in known else None
        files, _ = jobs.save_forecast(drawn, out, views, self.job.country_ids)
        return Outputs(known, files | (jobs.figures(plots, data, drawn) if plots is not None else {}))


def repeat_of(saved: Saved, *, case: Path | None = None, panel: Path | None = None) -> Repeat:
    """How to repeat a recorded run. ``case``, ``panel``: where they are, if not where the record says.

    :class:`~spillover.errors.ForecastError` where the command cannot be repeated, or an input is not where it was.
    """
    run, where = saved.run, str(saved.path)
    if run.command not in (jobs.FORECAST, jobs.BACKTEST):
        raise ForecastError(
            f"a run of {run.command!r} cannot be repeated from its record yet", where=where,
            to_do=f"Run 'spillover {run.command}' again: what it records is the same where its input is",
        )  # fmt: skip
    if not saved.outputs:
        raise ForecastError("the run was not finished, there is nothing to compare", where=where,
                            to_do="Run the command itself again to go on")  # fmt: skip
    try:
        return _repeat(saved, case, panel)
    except (KeyError, TypeError, AttributeError) as error:
        raise ForecastError(f"the record lacks {error} of its parameters", where=where,
                            to_do="Run the command itself again") from error  # fmt: skip


def _repeat(saved: Saved, case: Path | None, panel: Path | None) -> Repeat:
    parameters = saved.run.parameters
    of = parameters["panel"]
    file = _place(saved, jobs.FILE, panel, "--panel") if "file" in of else None
    folder = None if "file" in of else _case(saved, case)
    asked, horizons = Asked.of(of, file), tuple(parameters["horizons"])
    if saved.run.command == jobs.BACKTEST:
        at = tuple(months.parse(origin) for origin in parameters["origins"])
        return Repeat(saved, BacktestJob(asked, at, horizons, parameters["learning"], saved.run.seed), folder)
    ids = _place(saved, jobs.IDS, None, None) if parameters["country_ids"] else None
    if ids is not None:
        _same(saved, f"{jobs.IDS} {parameters['country_ids']}", ids)
    weights = None
    if parameters["weights"] is not None:
        weights = saving.read(_place(saved, jobs.WEIGHTS, None, None))
        if weights.run.id != parameters["weights"] or jobs.marks_digest(weights) != saved.run.inputs.get(
            f"{jobs.WEIGHTS} {weights.run.id}"
        ):
            raise ForecastError("the back-test that weights were learnt on is another one now", where=str(weights.path),
                                to_do="Run the back-test again as it was")  # fmt: skip
    origin = months.parse(parameters["origin"]) if parameters["origin_given"] else None
    job = ForecastJob(asked, origin, horizons, parameters["draws"], saved.run.seed, weights, ids)
    return Repeat(saved, job, folder)


def _case(saved: Saved, given: Path | None) -> Path:
    beside = saved.path.resolve().parent.parent
    found = given or (beside if (beside / "kb.sqlite").is_file() else saved.place(jobs.CASE))
    if found is None:
        raise ForecastError("the record does not say of which case it is", where=str(saved.path), to_do="Give --case")
    return found


def _place(saved: Saved, name: str, given: Path | None, option: str | None) -> Path:
    found = given if given is not None else saved.place(name)
    if found is None or not found.is_file():
        raise ForecastError(
            f"the input is missing: {name} ({found})", where=str(saved.path),
            to_do=f"Say where it is with {option}" if option else "Put it back where it was",
        )  # fmt: skip
    return found


def _same(saved: Saved, name: str, path: Path) -> None:
    if file_digest(path) != saved.run.inputs.get(name):
        raise ForecastError("the input has changed since the run", where=str(path), to_do="Bring it back as it was")


def _until(run: Any, job: ForecastJob | BacktestJob) -> int | None:
    """The last month that is read. Of a file that is the origin: it may have got later rows. What a case knows of its
    last month hangs on whether the month was asked for."""
    origin = run.parameters.get("origin")
    asked = origin and (run.parameters["origin_given"] or job.asked.file is not None)
    return months.parse(origin) if asked else None
