"""What of a statement can be asked of the record: who, where, when, how many; and what cannot, with the reason."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from spillover.checking.finding import Claimed, Days
from spillover.reading.statement import Place, Quantity, Role, Statement
from spillover.records.actors import Crosswalk
from spillover.records.countries import names as country_names
from spillover.records.places import alpha2, regions, territories

if TYPE_CHECKING:
    from spillover.reading.places import Gazetteer
    from spillover.reading.reading import Reading

SaidHow = Literal["document", "set", "not before"]
_ACTORS = ("group", "state", "state_force", "organisation")
_NEAR_KM = 25.0  # UCDP's where_prec 2 is "within about 25 km"


class Untestable(Exception):
    """The record cannot be asked; the message says why, as a sentence for the analyst."""


@dataclass(frozen=True, slots=True)
class Said:
    """When a document was written. ``how``: it says so, the analyst does, or not before the newest day it tells of."""

    day: date
    how: SaidHow


@dataclass(frozen=True, slots=True)
class Who:
    """An actor to look for in a family of data sets.

    ``ids``: canonical ids that count as it. ``alone``: those without its factions. ``via``: the parent it was looked
    up as. ``shared``: names in the data set that stand for others as well.
    """

    actor: str
    name: str
    ids: tuple[str, ...]
    alone: tuple[str, ...]
    factions: tuple[str, ...]
    shared: tuple[str, ...]
    via: str | None = None


@dataclass(frozen=True, slots=True)
class Where:
    """A place to look in. ``best``: SQL that an event lies there by its coded place; ``sure``, ``maybe``: surely,
    perhaps.

    ``countries``: ISO3 of what has to be covered, ``None`` for the world. ``whole``: it is made of whole countries,
    ``codes``.
    """

    label: str
    code: str | None
    best: str
    sure: str
    maybe: str
    countries: tuple[str, ...] | None
    whole: bool
    exact: bool = True
    codes: tuple[str, ...] | None = None


WORLD = Where("the whole record", None, "true", "true", "true", None, True)


def said(reading: Reading, analyst: date | None) -> Said | None:
    """When the document was written; ``None`` where nothing tells."""
    if analyst is not None:
        return Said(analyst, "set")
    if reading.document.metadata.date is not None:
        return Said(reading.document.metadata.date, "document")
    days = []
    for s in reading.statements:
        if s.time is None or s.status in ("forecast", "conditional") or s.phase == "planned":
            continue
        # a year's end may lie ahead of the writer; its beginning does not
        day = s.time.start if s.time.precision in ("year", "season") else s.time.end or s.time.start
        if day is not None:
            days.append(date.fromisoformat(day))
    return Said(max(days), "not before") if days else None


def who(
    role: Role | None, crosswalk: Crosswalk, family: str, present: frozenset[str], *, factions: bool = True
) -> Who | None:
    """The actor in a role; ``None`` where the text names nobody that could be one.

    :class:`Untestable` where it names somebody whom the record does not know. ``present``: ids that occur in the data.
    """
    if role is None:
        return None
    if role.actor is None:
        if role.kind in _ACTORS and role.how is not None:
            raise Untestable(_unknown(role.antecedent.surface if role.antecedent else role.surface, crosswalk))
        if role.kind == "person":
            raise Untestable(f"event data do not record persons such as {role.surface}")
        return None
    info = crosswalk.lexicon.actor(role.actor)
    kind = info.kind if info is not None else role.kind
    if kind == "person":
        raise Untestable(f"event data do not record persons such as {info.name if info else role.surface}")
    actor, via = role.actor, None
    while True:
        branches = crosswalk.branches(actor) if kind == "group" else ()
        # not by a name that stands for another ("Government of Pakistan" is the state's)
        known = any(
            row.actor == actor
            for name in crosswalk.names_of(actor, family)
            for row in crosswalk.rows(family, name.code, name.name)
        )
        if known or actor in present or any(b in present or crosswalk.names_of(b, family) for b in branches):
            break
        parent = crosswalk.lexicon.actor(actor)
        if parent is None or parent.parent is None or crosswalk.lexicon.actor(parent.parent) is None:
            raise Untestable(_unknown(info.name if info else role.surface, crosswalk, skip=role.actor))
        actor = via = parent.parent
        above = crosswalk.lexicon.actor(actor)
        kind = above.kind if above is not None else kind
    chosen = tuple(b for b in branches if b in present) if factions else ()
    return Who(
        role.actor, info.name if info is not None else role.surface, (actor, *chosen), (actor,), chosen,
        crosswalk.shared_names(actor, family), via,
    )  # fmt: skip


def _unknown(name: str, crosswalk: Crosswalk, skip: str | None = None) -> str:
    near = [(id, score) for id, score in crosswalk.candidates(name) if id != skip]
    offered = ", ".join(f"{id} ({score:.2f})" for id, score in near[:3])
    hint = f"; candidates: {offered}" if offered else ""
    return f"the record knows no actor {name!r}{hint}; lexicon.toml of the case can say who it is"


def where(places: tuple[Place, ...], gazetteer: Gazetteer | None) -> Where:
    """All of the places together; the world where there is none. :class:`Untestable` where one is not known."""
    if not places:
        return WORLD
    found = [one_place(place, gazetteer) for place in places]
    if len(found) == 1:
        return found[0]
    if any(w.countries is None for w in found):
        return WORLD
    either = {part: "(" + " OR ".join(getattr(w, part) for w in found) + ")" for part in ("best", "sure", "maybe")}
    countries = tuple(sorted({c for w in found for c in w.countries or ()}))
    return Where(
        " and ".join(w.label for w in found), None, either["best"], either["sure"], either["maybe"], countries,
        all(w.whole for w in found), all(w.exact for w in found), countries if all(w.codes for w in found) else None,
    )  # fmt: skip


def one_place(place: Place, gazetteer: Gazetteer | None) -> Where:
    """Where to look for one place of a statement."""
    code, label = place.place, place.surface
    if code is None:
        raise Untestable(f"the place {label!r} is not in the gazetteer")
    if code == "global":
        return WORLD
    if code in territories():
        test = territories()[code]
        return Where(label, code, test, test, test, (code, "ISR") if code == "PSE" else (code,), False)
    if len(code) == 3 and code.isupper():
        test = f"country = '{code}'"
        return Where(country_names().get(code, label), code, test, test, test, (code,), True, codes=(code,))
    if code in regions():
        return _region(code, label)
    if len(code) > 3 and code[2] == "-" and code[:2].isupper():
        return _division(code, label)
    if place.lat is not None and place.lon is not None:
        return _point(place, gazetteer)
    raise Untestable(f"the place {label!r} has no point to look near")


def is_point(place: Place) -> bool:
    """Whether a place is looked for by its point: a town, or a case's own place."""
    code = place.place or ""
    coded = (len(code) == 3 and code.isupper()) or (code[2:3] == "-" and code[:2].isupper())
    return not (coded or code == "global" or code in regions() or code in territories()) and place.lat is not None


def _region(slug: str, label: str) -> Where:
    region = regions()[slug]
    if not region.countries and not region.divisions:
        raise Untestable(f"{label} has no agreed borders")
    whole = [f"country IN ({', '.join(repr(c) for c in region.countries)})"] if region.countries else []
    divisions = [_division(code, label) for code in region.divisions]
    best, sure, maybe = (
        "(" + " OR ".join(dict.fromkeys([*whole, *(getattr(d, part) for d in divisions)])) + ")"
        for part in ("best", "sure", "maybe")
    )
    countries = tuple(sorted({*region.countries, *(c for d in divisions for c in d.countries or ())}))
    codes = None if region.divisions else countries
    return Where(label, slug, best, sure, maybe, countries, not region.divisions, region.exact, codes)


def _division(code: str, label: str) -> Where:
    countries = {two: three for three, two in alpha2().items()}
    country = countries.get(code[:2])
    if country is None:
        raise Untestable(f"the division {code} is of no known country")
    best = f"admin1_code = '{code}'"
    return Where(
        label, code, best, f"({best} AND coalesce(where_prec, 4) <= 4)",
        f"({best} OR (country = '{country}' AND (admin1_code IS NULL OR where_prec >= 6)))", (country,), False,
    )  # fmt: skip


def _point(place: Place, gazetteer: Gazetteer | None) -> Where:
    row = gazetteer.row(place.place or "") if gazetteer is not None else None
    near = (
        f"(abs(lat - {place.lat:.4f}) < 0.3 "
        f"AND 2 * 6371 * asin(sqrt(power(sin(radians(lat - {place.lat:.4f}) / 2), 2) + "
        f"cos(radians({place.lat:.4f})) * cos(radians(lat)) * power(sin(radians(lon - {place.lon:.4f}) / 2), 2))) "
        f"<= {_NEAR_KM:g})"
    )
    maybe = near
    if row is not None and row.country:
        division = f" OR admin1_code = '{row.parent}' AND where_prec IN (3, 4, 5)" if row.parent else ""
        maybe = f"({near} OR (country = '{row.country}' AND (where_prec >= 6 OR admin1 IS NULL{division})))"
    sharp = f"({near} AND coalesce(where_prec, 1) <= 2)"
    return Where(
        place.surface,
        place.place,
        sharp,
        sharp,
        maybe,
        (row.country,) if row is not None and row.country else (),
        False,
    )


def period(statement: Statement, now: Said | None) -> Days | None:
    """The days that a statement is about; ``None`` where it does not say, or not in words that give a day."""
    time = statement.time
    if time is None or (time.start is None and time.end is None):
        return None
    end = time.end
    if now is not None and statement.status not in ("forecast", "conditional"):
        # what is told has happened by the day of writing, also where "in 2021" names the whole year
        day = now.day.isoformat()
        if end is None or (now.how != "not before" and (time.start is None or time.start <= day) and end > day):
            end = day
    return Days(time.start, end)


def claimed(quantity: Quantity | None) -> Claimed | None:
    """The number that is claimed. "About" leaves a tenth to either side."""
    if quantity is None:
        return None
    low, high = quantity.low, quantity.high
    if quantity.bound == "about":
        low = None if low is None else round(low * 0.9, 6)
        high = None if high is None else round(high * 1.1, 6)
    words = (
        f"{quantity.surface} {quantity.unit}"
        if quantity.unit and quantity.unit not in quantity.surface
        else quantity.surface
    )
    return Claimed(words, low, high)


def is_civilians(words: str | None) -> bool:
    """Whether the words mean civilians."""
    return words is not None and bool(set(words.lower().replace("-", " ").split()) & _victims("civilians"))


def is_anybody(words: str | None) -> bool:
    """Whether the words leave open who the victims were ("people", "persons")."""
    return words is None or bool(set(words.lower().split()) & _victims("anybody"))


@cache
def _victims(name: str) -> frozenset[str]:
    text = files(__package__).joinpath("words.toml").read_text("utf-8")
    return frozenset(tomllib.loads(text)["victims"][name].split())


def day_before(day: date, days: int) -> date:
    """The day so many days before."""
    return day - timedelta(days=days)
