"""The groups and countries of a model by the names that people use for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from spillover.errors import SpreadError
from spillover.forecasting.scenarios.edits import NewCountry, Scenario
from spillover.records.actors import Crosswalk, fold_name
from spillover.records.countries import centres, fold, keys
from spillover.records.countries import names as country_names
from spillover.spread.contagion.catalogue import OTHERS


class Names:
    """Finds groups by the data's own names, letter case aside, else by the lexicon's names and ids for them.

    ``groups``, ``countries``: those of the model. ``crosswalk``: the case's; by default that of the built-in lexicon.
    ``family``: whose names the groups have.
    """

    def __init__(
        self,
        groups: Sequence[str],
        countries: Sequence[str] = (),
        *,
        crosswalk: Crosswalk | None = None,
        family: str = "ucdp",
    ) -> None:
        self.groups, self.countries, self.family = tuple(groups), tuple(countries), family
        self._given = crosswalk

    @cached_property
    def _crosswalk(self) -> Crosswalk:
        if self._given is not None:
            return self._given
        from spillover.lexicon import load_lexicon

        return Crosswalk(load_lexicon())

    def group(self, name: str, where: str) -> int:
        """The group's number; :class:`~spillover.errors.SpreadError` with near names where there is none."""
        for same in (str.strip, str.casefold, fold_name):
            found = [n for n, group in enumerate(self.groups) if same(group) == same(name)]
            if len(found) == 1:
                return found[0]
        found = self._by_lexicon(name)
        if len(found) == 1:
            return found[0]
        if found:
            several = ", ".join(repr(self.groups[n]) for n in found)
            raise SpreadError(f"{name!r} may be {several}", where=where, to_do="Name one of them")
        near = self._near(name)
        among = f"; groups with few events are together as {OTHERS!r}" if OTHERS in self.groups else ""
        raise SpreadError(f"the model has no group {name!r}{among}", where=where, to_do=f"Name one of {near}")

    def resolved(self, scenario: Scenario) -> tuple[Scenario, tuple[str, ...]]:
        """The scenario with the data's own names of groups, countries by their codes and places with their points; and
        what was taken for what. :class:`SpreadError` names the edit that does not fit."""
        edits, notes = [], []
        for number, edit in enumerate(scenario.edits, 1):
            where = f"{scenario.source or scenario.title}, edit {number} ({edit.kind})"
            named = edit.groups()
            found: dict[str, Any] = {part: self.groups[self.group(name, where)] for part, name in named.items()}
            notes += [
                f"{named[part]} is {name!r} in these data." for part, name in found.items()
                if fold_name(name) != fold_name(named[part])
            ]  # fmt: skip
            if isinstance(edit, NewCountry):
                country = self.country(edit.country, where)
                lat, lon = edit.lat, edit.lon
                if lat is None or lon is None:
                    lat, lon = point_of(country, edit.where, where)
                found |= {"country": country, "lat": lat, "lon": lon}
            edits.append(replace(edit, **found))
        return replace(scenario, edits=tuple(edits)), tuple(dict.fromkeys(notes))

    def _by_lexicon(self, name: str) -> list[int]:
        """Groups whose name in the data stands for the actor of that name or id."""
        lexicon = self._crosswalk.lexicon
        ids = {name} if lexicon.actor(name) else {n.actor for n in lexicon.names(tuple(fold_name(name).split()))}
        written = {fold_name(row.name) for id in ids for row in self._crosswalk.names_of(id, self.family)}
        # the analyst's links and rules for names are found from the data's side
        return [
            n for n, group in enumerate(self.groups)
            if fold_name(group) in written
            or any(row.actor in ids for row in self._crosswalk.rows(self.family, None, group))
        ]  # fmt: skip

    def _near(self, name: str) -> str:
        folded = {fold_name(group): group for group in self.groups}
        near = [folded[key] for key in get_close_matches(fold_name(name), folded, 3, 0.5)]
        shown = near or list(self.groups[:12])
        more = ", …" if not near and len(self.groups) > 12 else ""
        return ", ".join(repr(group) for group in shown) + more

    def country(self, name: str, where: str) -> str:
        """A country's ISO3, by code or name, of the model or not."""
        if name.upper() in {code for code, _, _ in centres()} | set(self.countries):
            return name.upper()
        named = {key: iso3 for kind, key, iso3 in keys() if kind in ("name", "iso3")}
        found = named.get(fold(name)) or named.get(name.upper())
        if found is None:
            near = get_close_matches(fold(name), named, 3, 0.6)
            raise SpreadError(
                f"there is no country {name!r}", where=where,
                to_do=f"Did you mean {' or '.join(country_names().get(named[n], named[n]) for n in near)}?" if near
                else "Give its ISO code of three letters",
            )  # fmt: skip
        return found


def point_of(country: str, place: str | None, where: str) -> tuple[float, float]:
    """Latitude and longitude of a place in a country (ISO3): a division or a town by its name, else its middle."""
    if place is None:
        for iso3, lat, lon in centres():
            if iso3 == country:
                return lat, lon
        raise SpreadError(f"no point is known in {country}", where=where, to_do="Give lat and lon")
    from spillover.reading.places import Gazetteer

    gazetteer = Gazetteer.load()
    for mention in gazetteer.find(place):
        for code in (mention.code, *mention.candidates):
            row = gazetteer.row(code)
            if row is not None and row.country == country and row.lat is not None and row.lon is not None:
                return row.lat, row.lon
    raise SpreadError(
        f"no point is known for {place!r} in {country}", where=where,
        to_do="Give lat and lon, or the name of a town or a first-order division as the gazetteer has it",
    )  # fmt: skip
