"""``spillover scores``: how good forecasts were, against what came and against simple baselines."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from spillover.cli import exits
from spillover.cli.console import complain, put_json, tell
from spillover.cli.forecast import usable_file
from spillover.errors import ForecastError

if TYPE_CHECKING:
    from spillover.forecasting.files import Draws, Observed
    from spillover.forecasting.scoring import ScoreTable
    from spillover.forecasting.views import CountryIds

By = Literal["unit", "month", "horizon"]
_FIRST_BASELINE = "conflictology12"


def scores(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The forecast: Parquet or CSV with draws.")],
    actuals: Annotated[Path, typer.Option("--actuals", help="What came: a panel with unit, month and value.")],
    against: Annotated[
        list[Path] | None, typer.Option("--against", help="Another forecast of the same cells; repeatable.")
    ] = None,
    baseline: Annotated[
        list[str] | None,
        typer.Option("--baseline", help="A baseline by name, such as conflictology12, or all; repeatable."),
    ] = None,
    history: Annotated[
        Path | None, typer.Option("--history", help="The panel that baselines are drawn from; by default the actuals.")
    ] = None,
    origin: Annotated[str | None, typer.Option("--origin", help="The last month that was known, YYYY-MM.")] = None,
    window: Annotated[str | None, typer.Option("--window", help="Only these months: 2021-01:2021-12.")] = None,
    units: Annotated[
        str | None, typer.Option("--units", help='Only these units: AFG,PAK; with a comma, as in CSV: "A, B",PAK.')
    ] = None,
    by: Annotated[By | None, typer.Option("--by", help="Also the means by unit, month or horizon.")] = None,
    country_ids: Annotated[
        Path | None,
        typer.Option("--country-ids", help="A CSV with country_id and iso3 or name, for files in VIEWS' numbers."),
    ] = None,
    columns: Annotated[
        str | None, typer.Option("--columns", help="Names of the panels' columns: unit=place,month=when,value=dead.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="An error where a forecast lacks a cell of what came.")
    ] = False,
    wrong: Annotated[int, typer.Option("--wrong", min=1, help="How many of the worst cells to show.")] = 10,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of resamples, and of ties in the PIT.")] = 0,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the scores of every cell: FILE.parquet or .csv.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object with every number.")] = False,
) -> None:
    """Score a forecast: CRPS, ignorance, interval score, coverage, Brier, calibration, and where it was most wrong.

    Any file of draws will do, those of the VIEWS challenge too. All forecasts are compared over the cells that every
    one of them has; below 1, a ratio to the baseline is better than it. Intervals (90 %) resample whole units.

    Examples:

        spillover scores forecast.parquet --actuals panel.csv

        spillover scores forecast.parquet --actuals panel.csv --baseline all --origin 2020-10 --by horizon

        spillover scores ours.parquet --against theirs.parquet --actuals panel.csv --window 2021-01:2021-12

        spillover scores views.parquet --actuals panel.csv --country-ids countries.csv --out scores.parquet --json
    """
    from spillover.forecasting.files import read_forecasts
    from spillover.forecasting.scoring import score_forecasts

    known, between, named = _month(origin), _window(window), _columns(columns)
    usable_file(out, "--out", (".parquet", ".csv"), (file, actuals, history, country_ids, *(against or ())))
    asked = _baselines(baseline)
    if asked and known is None:
        raise typer.BadParameter("baselines need --origin, the last month that they may know", param_hint="--baseline")
    if by == "horizon" and known is None:
        raise typer.BadParameter("horizons count from --origin", param_hint="--by")
    ids = _ids(country_ids)
    came = _panel(actuals, ids, named)
    past = _panel(history, ids, named) if history is not None else came
    chosen = _units(units, came)
    read: dict[str, Draws] = {}
    for path in (file, *(against or ())):
        read[_name(path, read)] = _renamed(read_forecasts(path), ids)
    months = _ahead(next(iter(read.values())), between)
    _later(months, known)
    if asked and known is not None:
        _reached(past, (history or actuals).name, known)
    _drawn(read, asked, past, known or 0, months, "all" in " ".join(baseline or ()))
    table = score_forecasts(
        read, came, baseline=_divisor(list(read), asked), history=past if _reaches(past, known, months) else None,
        origin=known, window=between, units=chosen, seed=seed,
    )  # fmt: skip
    _missing(table, strict=strict)
    if out is not None:
        _write(table, out)
    if as_json:
        put_json(table.to_dict(by=by, wrong=wrong, seed=seed))
    else:
        from spillover.cli.scores_page import page

        page(table, file.name, actuals.name, by=by, wrong=wrong, seed=seed)


def _month(said: str | None) -> int | None:
    from spillover.forecasting.months import parse

    try:
        return None if said is None else parse(said)
    except ForecastError as error:
        raise typer.BadParameter(str(error), param_hint="--origin") from error


def _window(said: str | None) -> tuple[int, int] | None:
    from spillover.forecasting.months import parse_window

    try:
        return None if said is None else parse_window(said)
    except ForecastError as error:
        raise typer.BadParameter(str(error), param_hint="--window") from error


def _columns(said: str | None) -> dict[str, str]:
    pairs = [part.partition("=") for part in said.split(",")] if said else []
    if any(key.strip() not in ("unit", "month", "value") or not name.strip() for key, _, name in pairs):
        raise typer.BadParameter(f"{said!r} is not such as unit=place,month=when,value=dead", param_hint="--columns")
    return {key.strip(): name.strip() for key, _, name in pairs}


def _baselines(said: list[str] | None) -> list[str]:
    if not said:
        return []
    from spillover.forecasting.baselines import NAMES

    names = [name.strip() for part in said for name in part.split(",")]
    unknown = [name for name in names if name != "all" and name not in NAMES]
    if unknown:
        raise typer.BadParameter(f"no baseline is called {unknown[0]!r}; there are {', '.join(NAMES)}",
                                 param_hint="--baseline")  # fmt: skip
    return list(dict.fromkeys(NAMES if "all" in names else names))


def _ids(path: Path | None) -> CountryIds | None:
    if path is None:
        return None
    from spillover.forecasting.draws import listed
    from spillover.forecasting.views import read_country_ids

    ids = read_country_ids(path)
    if ids.unresolved:
        told = listed([f"{name} ({id}: {why})" for id, name, why in ids.unresolved], 10)
        tell(f"{len(ids.unresolved)} of the ids keep their number, having no country: {told}")
    return ids


def _panel(path: Path, ids: CountryIds | None, named: dict[str, str]) -> Observed:
    from spillover.forecasting.files import read_panel

    panel = read_panel(path, **named)
    return panel if ids is None else panel.renamed(ids.iso3)


def _renamed(forecast: Draws, ids: CountryIds | None) -> Draws:
    return forecast if ids is None else forecast.renamed(ids.iso3)


def _units(said: str | None, came: Observed) -> list[str] | None:
    if said is None:
        return None
    wanted, there = _parted(said), set(came.units)
    unknown = [name for name in wanted if name not in there]
    if unknown or not wanted:
        what = f"{', '.join(unknown)} are not among the units of the actuals" if unknown else "no unit is named"
        raise typer.BadParameter(what, param_hint="--units")
    return wanted


def _parted(said: str) -> list[str]:
    """Names parted by commas; one that has a comma stands in double quotes, as in CSV."""
    try:
        (names,) = csv.reader([said], skipinitialspace=True, strict=True)
    except (csv.Error, ValueError) as error:
        raise typer.BadParameter(
            f"{said!r} is no list of names: a name with a comma stands in double quotes, and a quote in it is doubled",
            param_hint="--units",
        ) from error
    return [name.strip() for name in names if name.strip()]


def _name(path: Path, taken: dict[str, Draws]) -> str:
    """The file's name without its ending, told apart from others of the same name."""
    name, n = path.stem, 2
    while name in taken:
        name, n = f"{path.stem} ({n})", n + 1
    return name


def _ahead(forecast: Draws, between: tuple[int, int] | None) -> set[int]:
    """The months of a forecast that are asked for."""
    return {m for m in set(forecast.month.tolist()) if between is None or between[0] <= m <= between[1]}


def _later(ahead: set[int], origin: int | None) -> None:
    """An error where what is asked for was known at the origin."""
    from spillover.forecasting.scoring import check_ahead

    try:
        if ahead:
            check_ahead(min(ahead), origin)
    except ForecastError as error:
        raise typer.BadParameter(str(error), param_hint="--origin") from error


def _reached(past: Observed, name: str, origin: int) -> None:
    """An error where baselines are asked for and the panel that they are drawn from has no such month."""
    from spillover.forecasting import months

    first, last = past.window
    if not first <= origin <= last:
        raise typer.BadParameter(
            f"{name} has no month {months.name(origin)}: it runs from {months.name(first)} to {months.name(last)}. "
            f"Give {'earlier' if origin < first else 'later'} months with --history, or choose an origin in it",
            param_hint="--baseline / --origin",
        )


def _drawn(read: dict[str, Draws], asked: list[str], past: Observed, origin: int, ahead: set[int], every: bool) -> None:
    """Put baselines beside the forecasts; of all of them, those that can be drawn from this history."""
    from spillover.forecasting.scoring import baseline_forecast

    for name in list(asked):
        try:
            made = baseline_forecast(name, past, origin, ahead)
        except ForecastError as error:
            if not every or name != "neighbours12":
                raise typer.BadParameter(str(error), param_hint="--baseline / --origin") from error
            tell(f"without {name}: {error}")
            asked.remove(name)
        else:
            read[_name(Path(name), read)] = made


def _divisor(names: list[str], asked: list[str]) -> str | None:
    """The forecast that others are divided by: a baseline before another file, conflictology before other baselines."""
    if asked:
        at = asked.index(_FIRST_BASELINE) if _FIRST_BASELINE in asked else 0
        return names[len(names) - len(asked) + at]
    return names[1] if len(names) > 1 else None


def _reaches(past: Observed, origin: int | None, months: set[int]) -> bool:
    """Whether there is something before the forecast to tell active units by."""
    last = origin if origin is not None else min(months, default=1) - 1
    return bool(len(past)) and past.window[0] <= last


def _missing(table: ScoreTable, *, strict: bool) -> None:
    from spillover.forecasting.draws import listed
    from spillover.forecasting.months import name as named

    lacking = {name: lost for name, lost in table.missing.items() if len(lost)}
    for name, lost in lacking.items():
        cells = [f"{u} {named(m)}" for u, m in zip(lost.unit.tolist(), lost.month.tolist(), strict=True)]
        say = complain if strict else tell
        say(f"{name} lacks {len(cells):,} cells of what came, which are not scored: {listed(cells)}")
    if lacking and strict:
        raise typer.Exit(exits.SOME_UNREAD)


def _write(table: ScoreTable, out: Path) -> None:
    from spillover.files import write_atomic
    from spillover.forecasting.files import write_batches
    from spillover.spread.saving import guarded

    cells = table.per_cell()
    if out.suffix == ".csv":
        write_atomic(out, guarded(cells).write_csv().encode("utf-8"))
    else:
        arrow = cells.to_arrow()
        write_batches(out, arrow.schema, iter(arrow.to_batches()))
    tell(f"written to {out}")
