"""``spillover forecast``: what to expect of every unit in the months ahead, as draws."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from spillover.cli.console import put_json, tell
from spillover.cli.search import DEFAULT_CASE
from spillover.errors import ForecastError, SpreadError

if TYPE_CHECKING:
    from spillover.forecasting.asked import Asked, Given
    from spillover.forecasting.forecast import Forecast
    from spillover.forecasting.jobs import ForecastJob
    from spillover.forecasting.record import Record
    from spillover.forecasting.saving import Saved
    from spillover.records import Session
    from spillover.runs import Run

UnitOption = Literal["country", "admin1", "priogrid", "group"]
TargetOption = Literal["deaths", "events"]
_MONTHS = 12


def forecast(
    case: Annotated[Path | None, typer.Option("--case", help="The case whose events are counted.")] = None,
    panel: Annotated[
        Path | None, typer.Option("--panel", help="Instead of a case: a file with unit, month and value.")
    ] = None,
    unit: Annotated[
        UnitOption | None, typer.Option("--unit", help="What is forecast; country by default. group: in each country.")
    ] = None,
    target: Annotated[TargetOption | None, typer.Option("--target", help="Deaths, by default, or events.")] = None,
    type: Annotated[
        list[str] | None, typer.Option("--type", help="Only state-based, non-state or one-sided; repeatable.")
    ] = None,
    actor: Annotated[list[str] | None, typer.Option("--actor", help="Only events of this actor; repeatable.")] = None,
    country: Annotated[
        list[str] | None, typer.Option("--country", help="Only these countries: AFG,PAK; repeatable.")
    ] = None,
    columns: Annotated[
        str | None, typer.Option("--columns", help="Names of the file's columns: unit=place,month=when,value=dead.")
    ] = None,
    months: Annotated[
        int | None, typer.Option("--months", min=1, help="So many months from the origin on; 12 by default.")
    ] = None,
    horizons: Annotated[str | None, typer.Option("--horizons", help="Months after the origin: 3-14 or 1,3,6.")] = None,
    origin: Annotated[
        str | None, typer.Option("--origin", help="The last month that is looked at; by default the data's last whole.")
    ] = None,
    weights: Annotated[
        str | None, typer.Option("--weights", help="Learn the weights of members from this back-test: an id or folder.")
    ] = None,
    draws: Annotated[int, typer.Option("--draws", min=100, max=10_000, help="How many draws a unit and month.")] = 1000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of all that is drawn at random.")] = 1,
    top: Annotated[int, typer.Option("--top", min=1, help="How many of the units most at risk to show.")] = 15,
    out: Annotated[Path | None, typer.Option("--out", help="Write all draws: FILE.parquet.")] = None,
    views_out: Annotated[
        Path | None, typer.Option("--views-out", help="Write all draws in the layout of VIEWS: FILE.parquet.")
    ] = None,
    country_ids: Annotated[
        Path | None, typer.Option("--country-ids", help="A CSV with country_id and iso3 or name, for --views-out.")
    ] = None,
    plots: Annotated[Path | None, typer.Option("--plots", help="Write figures (PNG, SVG) into this folder.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object with every number.")] = False,
) -> None:
    """Forecast deaths or events of every unit and month: 1,000 draws each, and how good such forecasts have been.

    Nothing after the origin is read. A record stands beside the output; with a case, in the case as well.

    Examples:

        spillover forecast --case my-case --unit country --target deaths --months 12

        spillover forecast --case my-case --unit admin1 --country AFG,PAK --out pakistan.parquet --plots figures/

        spillover forecast --panel panel.csv --origin 2020-10 --horizons 3-14 --out forecast.parquet
    """
    from spillover.forecasting.forecast import FURTHEST
    from spillover.forecasting.jobs import ForecastJob, for_views, save_forecast
    from spillover.spread.tables import counted

    asked, folder = asked_for(case, panel, unit, target, type, actor, country, columns)
    if months is not None and horizons is not None:
        raise typer.BadParameter("give either --months or --horizons", param_hint="--horizons")
    ahead = horizons_from(horizons) if horizons is not None else tuple(range(1, (months or _MONTHS) + 1))
    last = month_from(origin, "--origin") if origin is not None else None
    if max(ahead) > FURTHEST:
        raise typer.BadParameter(
            f"at most {FURTHEST} months ahead", param_hint="--horizons" if horizons else "--months"
        )
    _usable(panel, out, views_out, country_ids, plots)
    job = ForecastJob(asked, last, ahead, draws, seed, _weights(weights, folder), country_ids)
    with stopping() as pressed, events_of(folder) as session:
        with step("reading the data"):
            data = usage(lambda: job.given(session))
        run = job.run(data)
        if views_out is not None:
            for_views(data.panel.kind, data.panel.units, country_ids)
        with step(f"forecasting {counted(len(data.panel), 'unit')}"):
            made = job.made(data)
        if pressed():
            raise KeyboardInterrupt
    written, left = save_forecast(made, out, views_out, country_ids)
    if left:
        tell(f"{views_out} lacks {len(left)} units that have no number: {', '.join(left[:10])}")
    written |= figures(plots, data, made)
    for path in filter(None, (out, views_out, plots)):
        tell(f"written to {path}")
    _record(job, run, written, folder, out or views_out)
    known = _known(job, data, folder)
    if as_json:
        put_json(_form(made, data, known, top) | {"run": run.id})
    else:
        from spillover.cli.forecast_page import page

        command = f"spillover backtest {asked.options(folder)}" + ("" if folder else " --out backtest/")
        weights_of = job.weights.run.id if job.weights else None
        page(made, data, known, run_weights=weights_of, top=top, command=command)


# -- shared with backtest ---------------------------------------------------------------------------------------------


def asked_for(
    case: Path | None, panel: Path | None, unit: UnitOption | None, target: TargetOption | None,
    types: list[str] | None, actors: list[str] | None, countries: list[str] | None, columns: str | None,
) -> tuple[Asked, Path | None]:  # fmt: skip
    """The panel that the options ask for, and the folder of the case; none with a file."""
    from spillover.cli.events_add import countries_from
    from spillover.forecasting.asked import Asked

    if panel is None:
        if columns is not None:
            raise typer.BadParameter("columns are those of a --panel file", param_hint="--columns")
        codes = [c for value in countries or () for c in countries_from(value, "--country") or () if c != "all"]
        asked = Asked(
            None, unit or "country", target or "deaths", tuple(types or ()), tuple(actors or ()), tuple(codes)
        )
        return asked, case or DEFAULT_CASE
    for option, given in (("--case", case), ("--target", target), ("--type", types), ("--actor", actors),
                          ("--country", countries)):  # fmt: skip
        if given:
            raise typer.BadParameter("a --panel file is forecast as it is; this is for a case", param_hint=option)
    return Asked(panel, unit, columns=_columns(columns)), None


def _columns(said: str | None) -> tuple[tuple[str, str], ...]:
    pairs = [tuple(part.strip() for part in pair.partition("=")) for pair in said.split(",")] if said else []
    if any(key not in ("unit", "month", "value") or not name for key, _, name in pairs):
        raise typer.BadParameter(f"{said!r} is not such as unit=place,month=when,value=dead", param_hint="--columns")
    return tuple((key, name) for key, _, name in pairs)


def horizons_from(said: str) -> tuple[int, ...]:
    """The horizons of an option."""
    from spillover.forecasting.months import parse_horizons

    try:
        return parse_horizons(said)
    except ForecastError as error:
        raise typer.BadParameter(str(error), param_hint="--horizons") from error


def month_from(said: str, option: str) -> int:
    """The month of an option."""
    from spillover.forecasting.months import parse

    try:
        return parse(said)
    except ForecastError as error:
        raise typer.BadParameter(str(error), param_hint=option) from error


def usage(read: Callable[[], Given]) -> Given:
    """The data, where what was asked for has a name that is known."""
    try:
        return read()
    except SpreadError as error:
        raise typer.BadParameter(str(error)) from error


@contextmanager
def events_of(case: Path | None) -> Iterator[Session | None]:
    """The events of a case, where there is one."""
    if case is None:
        yield None
        return
    from spillover.case import open_case

    with open_case(case, create=False, readonly=True) as opened, opened.events() as session:
        yield session


@contextmanager
def stopping() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed; compiled code is not stopped in its middle."""
    from spillover.cli.stopping import stoppable

    with stoppable() as pressed:
        yield pressed


@contextmanager
def step(words: str) -> Iterator[None]:
    """Say on standard error what is being done: a spinner on a terminal, else a line."""
    if not sys.stderr.isatty():
        tell(words)
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(words):
        yield


def figures(
    folder: Path | None, data: Given, made: Forecast | None = None, known: Record | None = None
) -> dict[str, str]:
    """The figures that were asked for, with SHA-256."""
    if folder is None:
        return {}
    from spillover.forecasting.jobs import figures
    from spillover.forecasting.plots.maps import unplaced

    with step("drawing"):
        drawn = figures(folder, data, made, known)
    if made is not None and (why := unplaced(data.panel, made.units)):
        tell(f"no map of risk: {why}")
    return drawn


def usable_plots(plots: Path | None) -> None:
    """An error where figures cannot be made or written: before the work, not after it."""
    if plots is None:
        return
    from spillover.spread.saving import usable_folder

    try:
        usable_folder(plots, plots=True)
    except SpreadError as error:
        raise typer.BadParameter(str(error), param_hint="--plots") from error


def usable_file(path: Path | None, option: str, endings: tuple[str, ...], read: Iterable[Path | None]) -> None:
    """An error where a file cannot be written or is one of those that are read: before the work, not after it."""
    if path is None:
        return
    if path.suffix not in endings:
        raise typer.BadParameter(f"write to a file that ends in {' or '.join(endings)}", param_hint=option)
    if path.is_dir():
        raise typer.BadParameter(f"{path}: it is a folder; write to a file", param_hint=option)
    if any(path.exists() and given.exists() and path.samefile(given) for given in filter(None, read)):
        raise typer.BadParameter("it is a file that is read; write to another", param_hint=option)


def _usable(
    panel: Path | None, out: Path | None, views: Path | None, ids: Path | None, plots: Path | None
) -> None:  # fmt: skip
    for option, path in (("--out", out), ("--views-out", views)):
        usable_file(path, option, (".parquet",), (panel, ids))
    if out is not None and out == views:
        raise typer.BadParameter("it is the file of --out", param_hint="--views-out")
    if ids is not None and views is None:
        raise typer.BadParameter("numbers of countries are for --views-out", param_hint="--country-ids")
    usable_plots(plots)


def _weights(said: str | None, case: Path | None) -> Saved | None:
    if said is None:
        return None
    from spillover.forecasting.jobs import backtest_of

    return backtest_of(said, case)


def _record(job: ForecastJob, run: Run, written: dict[str, str], case: Path | None, out: Path | None) -> None:
    from spillover.forecasting.saving import write
    from spillover.runs import writable

    if out is not None:
        write(out.with_suffix(".manifest.json"), run, written, job.places(case))
    if case is not None:
        folder = writable(case)
        if folder is None:
            tell("this case cannot be written, so there is no record of this run in it")
        else:
            tell(f"recorded in {write(folder / f'{run.id}.json', run, written, job.places(case))}")


def _known(job: ForecastJob, data: Given, case: Path | None) -> tuple[Saved, Record, bool] | None:
    """A back-test of this panel, its figures, and whether it is of the same data."""
    from spillover.forecasting.jobs import of_case, same_sources
    from spillover.forecasting.record import load

    found = job.weights or (of_case(case, job.asked, data) if case is not None else None)
    if found is None:
        return None
    try:
        return found, load(found.path.parent), same_sources(found.run, data.inputs)
    except ForecastError as error:
        tell(f"how good such forecasts have been is not known: {error}")
        return None


def _form(
    made: Forecast, data: Given, known: tuple[Saved, Record, bool] | None, top: int
) -> dict[str, Any]:  # fmt: skip
    from spillover.forecasting import months
    from spillover.forecasting.jobs import without
    from spillover.forecasting.risk import at_risk
    from spillover.spread.tables import rows

    return {
        "unit": made.kind, "target": made.target, "origin": months.name(made.origin),
        "horizons": list(made.horizons), "units": len(made.units), "draws": int(made.draws.shape[2]), "seed": made.seed,
        "most_at_risk": rows(at_risk(made, top)), "forecast": rows(made.table()),
        "weights": made.weights.to_dict(), "members_left_out": list(without(made)), "notes": list(made.notes),
        "attribution": list(data.attribution),
        "backtest": None if known is None else
        {"run": known[0].run.id, "same_data": known[2], **known[1].to_dict()},
    }  # fmt: skip
