"""Runs a scenario: many simulations of the fitted model with and without its edits."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from spillover.errors import SpreadError, Stopped
from spillover.forecasting.scenarios.carry import RECENT, Carried, Ground, carry, strengths
from spillover.forecasting.scenarios.edits import NewCountry, ScaleBackground, Scenario
from spillover.forecasting.scenarios.names import Names
from spillover.forecasting.scenarios.outcome import Outcome, Setting, table_of
from spillover.forecasting.scenarios.system import System
from spillover.records.actors import Crosswalk
from spillover.spread.contagion import Contagion
from spillover.spread.contagion.catalogue import Ints

SIMULATIONS = 1000
DRAWS = 50
"""Draws of the strength of triggering; each is given to as many simulations."""
_FEWEST, _TIMES = 5_000, 20  # events a simulation at which it is cut: at least, and times the record of so long a time
_DAYS = (14, 7, 3, 1)  # to which a horizon is cut where a month is too long
Progress = Callable[[int, int], bool | None]


@dataclass(frozen=True, slots=True)
class _Task:
    ground: Ground
    before: System
    after: System
    drawn: list[tuple[float, int]]  # strength, runs
    seed: int
    most: int


def run(
    model: Contagion,
    scenario: Scenario,
    *,
    simulations: int = SIMULATIONS,
    seed: int = 1,
    recent: float = RECENT,
    crosswalk: Crosswalk | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """The scenario's outcome beside the unedited system's. ``recent``: days whose background level goes on.

    ``crosswalk``: who is who in the data, to find groups by the lexicon's names. ``progress`` is told simulations done
    and in all; where it returns ``False`` the work stops (:class:`~spillover.errors.Stopped`). The same seed gives the
    same outcome. :class:`SpreadError` where an edit does not fit the model.
    """
    if simulations < 1:
        raise SpreadError(f"{simulations} simulations", to_do="Ask for at least one; 1,000 give steady intervals")
    if not recent > 0:
        raise SpreadError(f"a recent past of {recent:g} days", to_do="Give more than 0 days")
    ground = Ground.of(model, recent)
    c = model.catalogue
    names = Names(c.groups, c.countries, crosswalk=crosswalk)
    scenario, taken = names.resolved(scenario)
    before = System.of(ground.fitted, names, ground.number)
    after = before.edited(scenario)
    months = _months(ground.since, scenario.months)
    draws = min(DRAWS, simulations)
    sizes = [simulations // draws + (n < simulations % draws) for n in range(draws)]
    expected = ground.number.sum() / ground.recent * (months[-1] - ground.since).days
    task = _Task(
        ground, before, after, list(zip(strengths(model, draws).tolist(), sizes, strict=True)), seed,
        round(max(_FEWEST, _TIMES * expected)),
    )  # fmt: skip
    found, months = _all(task, months, progress)
    strength = np.array([s for s, _ in task.drawn])
    over = _radius_over(scenario, ground)
    before_radius, after_radius = before.radius(ground.fitted, over), after.radius(ground.fitted, over)
    middle = model.offspring.value / max(float(model.calibration.truth[1]), 1e-9)
    weight = np.array(sizes) / simulations
    setting = Setting(
        scenario, model.words, tuple(model.sources), months, simulations, seed, ground.recent,
        (before_radius * middle, after_radius * middle),
        (float(weight[strength * before_radius >= 1].sum()), float(weight[strength * after_radius >= 1].sum())),
        task.most, model.told_apart, tuple(model.residuals.faults),
        (*taken, *_notes(scenario, ground, before, after)),
        c.groups, after.countries,
    )  # fmt: skip
    return Outcome(setting, table_of(found, setting), ground.fitted.catalogue)


def _radius_over(scenario: Scenario, ground: Ground) -> Ints:
    """Groups of 100 events or more, and those that the scenario names: of others the fit knows too little."""
    named = {name for edit in scenario.edits for name in edit.groups().values()}
    groups = ground.fitted.catalogue.groups
    over = sorted({*ground.fitted.big.tolist(), *(n for n, group in enumerate(groups) if group in named)})
    return np.array(over or range(len(groups)), dtype=np.int64)


def _all(task: _Task, months: tuple[date, ...], progress: Progress | None) -> tuple[list[Carried], tuple[date, ...]]:
    """All draws, for as many months, or days of the first one, as none of them is cut in."""
    total = sum(runs for _, runs in task.drawn)
    shorter = [(months[0], months[0] + timedelta(days=n)) for n in _DAYS]
    for kept in [*(months[: n + 1] for n in range(len(months) - 1, 0, -1)), *shorter]:
        found: list[Carried] = []
        days, done = float((kept[-1] - kept[0]).days), 0
        for n, (strength, runs) in enumerate(task.drawn):
            if progress is not None and progress(done, total) is False:
                raise Stopped(f"stopped after {done:,} of {total:,} simulations", to_do="Run it again")
            made = carry(
                task.ground, task.before, task.after, strength=strength, runs=runs, days=days,
                rng=np.random.default_rng([task.seed, n]), most=task.most * runs,
            )  # fmt: skip
            if made is None:
                break
            found.append(replace(made, run=made.run + done))
            done += runs
        else:
            return found, kept
    raise SpreadError(
        f"the system explodes: within a day there are more than {task.most:,} events a simulation",
        to_do="Give a smaller change, or a smaller link",
    )


def _months(since: date, n: int) -> tuple[date, ...]:
    """First days of ``n`` months from that day on, and the day after the last."""
    found = []
    for k in range(n + 1):
        year, month = divmod(since.year * 12 + since.month - 1 + k, 12)
        if year > date.max.year:
            raise SpreadError(f"the horizon ends after the year {date.max.year}", to_do="Choose a shorter one")
        found.append(date(year, month + 1, min(since.day, calendar.monthrange(year, month + 1)[1])))
    return tuple(found)


def _notes(scenario: Scenario, ground: Ground, before: System, after: System) -> tuple[str, ...]:
    """What the reader should know about edits that have little to work on."""
    c, found = ground.fitted.catalogue, []
    for n, edit in enumerate(scenario.edits, 1):
        if not isinstance(edit, ScaleBackground | NewCountry):
            continue
        name = edit.group
        group = c.groups.index(name)
        if getattr(edit, "per_year", None) is None:
            events = ground.number[after.members(group)].sum()
            if events < 10:
                found.append(
                    f"{name} has {events:.0f} events in the {ground.recent:.0f} days before {ground.since}: edit {n} "
                    + ("has nothing to work on." if not events else "stands on little.")
                )
        if isinstance(edit, NewCountry):
            country = after.countries.index(after.names.country(edit.country, ""))
            there = int(((c.group == group) & (c.country == country)).sum())
            if there:
                found.append(f"{name} is no newcomer there: the record has {there:,} of its events.")
    return tuple(dict.fromkeys(found))
