"""The system that a scenario edits: who sets off what, at which level the background stands, who runs as whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import singledispatch
from typing import Any

import numpy as np

from spillover.errors import SpreadError
from spillover.forecasting.scenarios.edits import (
    AddTie,
    Border,
    CutTie,
    Edit,
    Joins,
    NewCountry,
    ScaleBackground,
    Scenario,
)
from spillover.forecasting.scenarios.names import Names, point_of
from spillover.spread.contagion.catalogue import Floats, Ints
from spillover.spread.contagion.fit import Fitted, spectral_radius


@dataclass(frozen=True, slots=True)
class Start:
    """A group's events in a new place: ``share`` (M) of each group's background, and ``per_year`` events beside."""

    group: int
    country: int
    lat: float
    lon: float
    share: Floats
    per_year: float


@dataclass(frozen=True, slots=True)
class System:
    """``adjacency`` (M × M): as :class:`~spillover.spread.contagion.fit.Parameters`; ``scale`` (M): by what each
    group's background is multiplied where it is; ``label`` (M): as whom its events run; ``events`` (M): by which
    groups that merge are weighted.
    """

    names: Names
    countries: tuple[str, ...]
    adjacency: Floats
    border: float
    scale: Floats
    label: Ints
    events: Floats
    starts: tuple[Start, ...] = ()

    @classmethod
    def of(cls, fitted: Fitted, names: Names, recent: Floats | None = None) -> System:
        """The system as it was fitted. ``recent`` (M): events of the recent past, which count before all others."""
        c, p = fitted.catalogue, fitted.parameters
        n = len(c.groups)
        counts = np.bincount(c.group, minlength=n) / max(len(c), 1) + (0 if recent is None else recent)
        return cls(names, c.countries, p.adjacency.copy(), p.border, np.ones(n), np.arange(n), counts)

    def edited(self, scenario: Scenario) -> System:
        """With all edits made, in their order. :class:`SpreadError` names the edit that cannot be made."""
        system = self
        for number, edit in enumerate(scenario.edits, 1):
            where = f"{scenario.source or scenario.title}, edit {number} ({edit.kind})"
            system = _apply(edit, system, where)
        return system

    def group(self, name: str, where: str) -> int:
        """The number of a group that still runs under its own name."""
        found = self.names.group(name, where)
        if self.label[found] != found:
            into = self.names.groups[self.label[found]]
            raise SpreadError(
                f"{name} has joined {into} by then", where=where, to_do=f"Edit {into}, or change the order"
            )
        return found

    def members(self, group: int) -> Any:
        """Which groups' events run under this one's name."""
        return self.label == group

    def radius(self, fitted: Fitted, over: Ints) -> float:
        """Spectral radius over some groups: how many events one sets off at last, where that grows most."""
        p, c = fitted.parameters, fitted.catalogue
        n = len(c.groups)
        each = p.marks[c.mark] * (1 - fitted.outside_country * (1 - self.border))
        mean = np.bincount(c.group, each, minlength=n) / np.maximum(np.bincount(c.group, minlength=n), 1)
        return spectral_radius(self.adjacency * mean[None, :], over)


@singledispatch
def _apply(edit: Edit, system: System, where: str) -> System:
    raise SpreadError(f"there is no such edit: {type(edit).__name__}", where=where, to_do="Use one of edits.py")


@_apply.register
def _(edit: ScaleBackground, system: System, where: str) -> System:
    group = system.group(edit.group, where)
    scale = np.where(system.members(group), system.scale * edit.multiplier, system.scale)
    starts = tuple(
        replace(s, share=s.share * edit.multiplier, per_year=s.per_year * edit.multiplier) if s.group == group else s
        for s in system.starts
    )
    return replace(system, scale=scale, starts=starts)


@_apply.register
def _(edit: CutTie, system: System, where: str) -> System:
    source, target = system.group(edit.source, where), system.group(edit.target, where)
    adjacency = system.adjacency.copy()
    adjacency[target, source] *= 1 - edit.link
    return replace(system, adjacency=adjacency)


@_apply.register
def _(edit: AddTie, system: System, where: str) -> System:
    source, target = system.group(edit.source, where), system.group(edit.target, where)
    adjacency = system.adjacency.copy()
    if edit.like is not None:
        adjacency[target, source] += edit.link * adjacency[target, system.group(edit.like, where)]
    else:
        adjacency[target, source] *= (edit.factor or 0.0) ** edit.link
    return replace(system, adjacency=adjacency)


@_apply.register
def _(edit: Joins, system: System, where: str) -> System:
    group, into = system.group(edit.group, where), system.group(edit.into, where)
    if group == into:
        raise SpreadError(f"{edit.group} and {edit.into} are one group", where=where, to_do="Name two groups")
    adjacency = system.adjacency.copy()
    members, joined = system.members(group), system.members(into)
    weight = system.events[members].sum() / max(system.events[members | joined].sum(), 1.0)
    own = (1 - edit.link) * weight  # how far the events that come in go on to set off what they did
    adjacency[:, into] = (1 - own) * adjacency[:, into] + own * adjacency[:, group]
    adjacency[into] += adjacency[group]
    adjacency[group] = 0
    adjacency[:, group] = 0
    starts = tuple(replace(s, group=into) if s.group == group else s for s in system.starts)
    return replace(system, adjacency=adjacency, label=np.where(members, into, system.label), starts=starts)


@_apply.register
def _(edit: Border, system: System, where: str) -> System:
    if len(system.countries) < 2:
        raise SpreadError(
            "the model has one country, and so no border", where=where, to_do="Fit it to several countries"
        )
    return replace(system, border=system.border * edit.factor**edit.link)


@_apply.register
def _(edit: NewCountry, system: System, where: str) -> System:
    group = system.group(edit.group, where)
    country = system.names.country(edit.country, where)
    lat, lon = edit.lat, edit.lon
    if lat is None or lon is None:
        lat, lon = point_of(country, edit.where, where)
    countries = system.countries if country in system.countries else (*system.countries, country)
    share, scale = np.zeros(len(system.scale)), system.scale
    if edit.share is not None:
        moved = edit.share * edit.link
        share = np.where(system.members(group), scale * moved, 0.0)
        scale = np.where(system.members(group), scale * (1 - moved), scale)
    start = Start(group, countries.index(country), lat, lon, share, (edit.per_year or 0.0) * edit.link)
    return replace(system, scale=scale, countries=countries, starts=(*system.starts, start))
