"""An outcome in an analyst's sentences: what was assumed, what follows, and what it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from spillover.spread.tables import counted

if TYPE_CHECKING:
    from spillover.forecasting.scenarios.outcome import Outcome, Setting

_GROUPS, _PLACES = 3, 5  # most that are named
_SMALL, _CLEAR = 0.5, 0.01  # events on the mean from which a change is named; chance of a first event in a country


def words(outcome: Outcome) -> str:
    """Paragraphs: a warning where one is due, what it is, the assumptions, the result, the rules."""
    s = outcome.setting
    parts = [*_warnings(s), _what(s), _assumptions(s), _result(outcome), _who(outcome), _where(outcome), _rules(s)]
    return "\n\n".join(part for part in parts if part)


def _warnings(s: Setting) -> list[str]:
    found = []
    before, after = s.radius
    if after >= 1:
        was = " as it is without them" if before >= 1 else f" (without them {before:.2f})"
        found.append(
            f"Explosive: with these edits the spectral radius is {after:.2f}{was}: on the mean violence "
            "sets off more than itself and would grow without end, which no real system does. The numbers say that the "
            "assumption leaves what the model can describe."
        )
    elif s.explosive[1] > 0:
        was = f" (without the edits in {s.explosive[0]:.0%})" if s.explosive[0] else ""
        found.append(
            f"In {s.explosive[1]:.0%} of the draws of the parameters the edited system is explosive, with a spectral "
            f"radius of 1 or more{was}; in the middle it is {after:.2f}."
        )
    if s.cut:
        found.append(
            f"The simulations are cut after {s.length} of {counted(s.scenario.months, 'month')}: beyond that, at the "
            f"strongest triggering that is drawn, both systems together have more than {s.most:,} events a simulation."
        )
    if not s.told_apart:
        ties = [f"{n} ({e.kind})" for n, e in enumerate(s.scenario.edits, 1) if e.on_ties]
        said = "In this record triggering cannot be told from slow local waves."
        if ties:
            said += (
                f" Edits of ties are without an effect that can be vouched for: {', '.join(ties)}. What the numbers "
                "say of them is not to be used."
            )
        found.append(said + " What events set off is as uncertain in both systems.")
    elif s.faults:
        found.append(f"The fit does not describe this record well: {'; '.join(s.faults)}.")
    return found


def _what(s: Setting) -> str:
    edited = "with the changes below" if s.scenario.edits else "as it is, for nothing is changed"
    note = f" {s.scenario.note}" if s.scenario.note else ""
    return (
        f"{s.scenario.title}. This is a what-if, not a forecast: it says what would follow in the model were the "
        f"assumption true, not how likely that is.{note} It carries the system fitted to {s.words_of} forward "
        f"{edited}, from {s.since} to {s.until}, in {s.simulations:,} simulations."
    )


def _assumptions(s: Setting) -> str:
    lines = [f"Assumption {n}: {edit.words()}" for n, edit in enumerate(s.scenario.edits, 1)]
    return "\n".join([*lines, *(f"Note: {note}" for note in s.notes)])


def _result(outcome: Outcome) -> str:
    s, t = outcome.setting, outcome.total
    unedited = f"{_number(t['unedited_median'])} events (90 % of simulations {_span(t, 'unedited_')})"
    if not s.scenario.edits:
        return f"The system as it is has {unedited}."
    return (
        f"Without the edits the system has {unedited}, with them {_number(t['median'])} ({_span(t)}). In the same "
        f"world that is {_signed(t['difference'], 1)} events on the mean (90 % {_signed(t['difference_low'])} to "
        f"{_signed(t['difference_high'])}); more in {t['more']:.0%} of the simulations. It would be seen from outside "
        f"in {t['beyond']:.0%} of them, by a number above the unedited system's 90 % interval."
    )


def _who(outcome: Outcome) -> str:
    if not outcome.setting.scenario.edits:
        return ""
    groups = outcome.by("group").with_columns(size=pl.col("difference").abs()).sort("size", descending=True)
    least = max(_SMALL, 0.05 * float(groups["size"].head(1).sum()))
    lines = [
        f"{row['group']}, {_number(row['unedited_median'])} ({_span(row, 'unedited_')}) without them and "
        f"{_number(row['median'])} ({_span(row)}) with"
        for row in groups.filter(pl.col("size") >= least).head(_GROUPS).iter_rows(named=True)
    ]
    said = f"Most changed: {'; '.join(lines)}." if lines else "No group's number of events changes by half an event."
    return " ".join([said, *_shares(outcome)])


def _shares(outcome: Outcome) -> list[str]:
    """Shares of the groups whose background or place is edited."""
    found = []
    for edit in outcome.setting.scenario.edits:
        group = edit.groups().get("into") or edit.groups().get("group")
        if group is None:
            continue
        rows = {
            system: outcome.origins.filter((pl.col("system") == system) & (pl.col("group") == group))
            for system in ("unedited", "edited")
        }
        if rows["edited"].is_empty():
            continue
        direct, total = (
            [f"{rows[system][f'{name}_share'].sum():.1%}" for system in ("unedited", "edited")]
            for name in ("direct", "total")
        )
        found.append(
            f"{group} is directly behind {direct[0]} of all events without the edits and {direct[1]} with them; with "
            f"all that follows from it, {total[0]} and {total[1]}."
        )
    return list(dict.fromkeys(found))


def _where(outcome: Outcome) -> str:
    if not outcome.setting.scenario.edits:
        return ""
    hits = outcome.first_hits.filter(
        (pl.col("recorded") == 0) & ((pl.col("chance") - pl.col("unedited_chance")).abs() >= _CLEAR)
    ).sort("chance", descending=True)
    lines = []
    for row in hits.head(_PLACES).iter_rows(named=True):
        when = f", half of them by {row['median']}" if row["median"] and row["chance"] > 0.5 else ""
        lines.append(
            f"{row['group']} in {row['country']} in {row['chance']:.0%} of the simulations{when} "
            f"({row['unedited_chance']:.0%} without the edits)"
        )
    return f"First events where the record has none: {'; '.join(lines)}." if lines else ""


def _rules(s: Setting) -> str:
    return (
        "The background goes on, group by group and place by place, at a level at which the unedited system has as "
        f"many events on the mean as in the {s.recent:.0f} days before {s.since}; the last recorded events go on to "
        "set off others. The intervals hold the chance of the process and the uncertainty of those levels and of the "
        "strength of triggering; not that levels change of themselves, nor that states and groups answer to what "
        "happens. Deaths are not simulated. A group is a party to its events, not who began them."
    )


def _number(value: float) -> str:
    return f"{value:,.0f}"


def _signed(value: float, digits: int = 0) -> str:
    return f"{value:+,.{digits}f}".replace("-", "−")


def _span(row: dict[str, Any], prefix: str = "") -> str:
    return f"{row[f'{prefix}low90']:,.0f} to {row[f'{prefix}high90']:,.0f}"
