"""Who is who across data sets: a data set's names and ids ↔ the lexicon's actors, with scope in space and time.

The crosswalk (``lexicon/crosswalk.csv``) comes first, then the lexicon's own UCDP ids, then rules for governments and
forces, then a name that is the same, letter case and accents aside. Whatever is left is unknown and offered with
candidates, never guessed. The analyst's own links (``actors.toml`` of a case) stand before all of these.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from functools import cache, cached_property
from typing import Any

from spillover.lexicon import ActorInfo, Lexicon, read_csv
from spillover.words import key

FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)
_FORCES = re.compile(r"^(?:Military|Police) Forces of (?:the )?(?P<name>[^(]+?)\s*(?:\([^)]*\))?(?:\s.*)?$")
_GOVERNMENT = re.compile(r"^Government of (?:the )?(?P<name>[^(]+?)\s*(?:\((?P<other>[^)]*)\))?$")
_SIDE_WORDS = frozenset({"civilians", "civilian"})


@dataclass(frozen=True, slots=True)
class NameRow:
    """A data set's name, or id, for an actor; ``countries`` (ISO3) and days limit it, empty and wide open where they
    do not.

    ``how``: ``analyst``, ``crosswalk``, ``lexicon`` (its UCDP id), ``government`` or ``name`` (the same name).
    """

    actor: str
    family: str
    code: str | None
    name: str
    how: str
    countries: frozenset[str] = frozenset()
    since: date = FIRST
    until: date = LAST

    @property
    def scoped(self) -> bool:
        """Whether it holds in some places or times alone."""
        return bool(self.countries) or self.since != FIRST or self.until != LAST


@dataclass(frozen=True, slots=True)
class Meaning:
    """Who a side of an event is, from one day to another."""

    since: date
    until: date
    actors: tuple[str, ...]


class Crosswalk:
    """Finds the actors behind the names of data sets. ``links``: the analyst's own, before all others."""

    def __init__(self, lexicon: Lexicon, links: Iterable[NameRow] = ()) -> None:
        self.lexicon = lexicon
        self._links = tuple(links)
        self._by_code: dict[tuple[str, str], list[NameRow]] = defaultdict(list)
        self._by_name: dict[tuple[str, str], list[NameRow]] = defaultdict(list)
        self._base: dict[str, ActorInfo] = {}
        for row in _crosswalk():
            if row.code:
                self._by_code[row.family, row.code].append(row)
            self._by_name[row.family, fold_name(row.name)].append(row)
        self._base_names: dict[str, ActorInfo] = {}
        for actor in lexicon:
            if actor.ucdp_id is not None:
                self._base.setdefault(str(actor.ucdp_id), actor)
            if actor.ucdp_name:
                self._base_names.setdefault(fold_name(actor.ucdp_name), actor)
        self._states = {name: id for id, name in _state_names(lexicon)}

    def rows(self, family: str, code: str | None, name: str) -> list[NameRow]:
        """All rows for a name or id of a data set; the analyst's links alone where there are any, then a UCDP id."""
        if linked := [r for r in self._links if r.family == family and fold_name(r.name) == fold_name(name)]:
            return linked
        if code and (found := self._by_code.get((family, code))):
            return found
        if found := self._by_name.get((family, fold_name(name))):
            return found
        if family == "ucdp" and code and (actor := self._base.get(code)):
            return [NameRow(actor.id, family, code, name, "lexicon")]
        if family == "ucdp" and (actor := self._base_names.get(fold_name(name))):
            return [NameRow(actor.id, family, code, name, "lexicon")]
        if (actor_id := self._government(name)) is not None:
            return [NameRow(actor_id, family, code, name, "government")]
        same = {n.actor for n in self.lexicon.names(key(name)) if not n.former} if name else set()
        groups = {
            id
            for id in same
            if (info := self.lexicon.actor(id)) and info.kind in ("group", "state_force", "organisation")
        }
        if len(groups) == 1:
            return [NameRow(groups.pop(), family, code, name, "name")]
        return []

    def _government(self, name: str) -> str | None:
        found = _GOVERNMENT.match(name) or _FORCES.match(name)
        if found is None:
            return None
        words = [w for w in found.groupdict().values() if w]
        return next((self._states[fold_name(w)] for w in words if fold_name(w) in self._states), None)

    def meanings(self, family: str, code: str | None, name: str, country: str | None) -> list[Meaning]:
        """Who that side is in that country, for every day: intervals that follow each other without a gap."""
        rows = self.rows(family, code, name)
        if not rows and ", " in name:
            return self._coalition(family, name, country)
        base = self._fallback(family, code, name, rows)
        here = [r for r in rows if not r.countries or (country is not None and country in r.countries)]
        cuts = sorted({FIRST} | {r.since for r in here} | {_next(r.until) for r in here if r.until != LAST})
        found = []
        for since, until in spans(cuts) if rows else ():
            fitting = [r for r in here if r.since <= since and r.until >= until] or base
            found.append(Meaning(since, until, tuple(dict.fromkeys(r.actor for r in fitting))))
        return found

    def _coalition(self, family: str, name: str, country: str | None) -> list[Meaning]:
        """A side of several actors, written "A, B" (UCDP): each of them."""
        members = [self.meanings(family, None, part.strip(), country) for part in name.split(", ") if part.strip()]
        cuts = sorted({m.since for member in members for m in member})
        found = []
        for since, until in spans(cuts):
            actors = [
                a for member in members for m in member if m.since <= since and m.until >= until for a in m.actors
            ]
            found.append(Meaning(since, until, tuple(dict.fromkeys(actors))))
        return found

    def shared_names(self, actor: str, family: str) -> tuple[str, ...]:
        """Names in a data set that stand for the actor and for others as well, by place and time (UCDP's one "IS")."""
        names = dict.fromkeys(r.name for r in self.names_of(actor, family))
        return tuple(n for n in names if len({r.actor for r in self._by_name.get((family, fold_name(n)), ())}) > 1)

    def _fallback(self, family: str, code: str | None, name: str, rows: list[NameRow]) -> list[NameRow]:
        """Who a name means where no row of it fits: the actor that the lexicon gives that UCDP id."""
        if family == "ucdp" and code and any(r.scoped for r in rows) and (actor := self._base.get(code)):
            return [NameRow(actor.id, family, code, name, "lexicon")]
        return []

    def names_of(self, actor: str, family: str) -> list[NameRow]:
        """The names that a data set has for an actor, as far as they are written down."""
        return self._names.get((family, actor), [])

    @cached_property
    def _names(self) -> dict[tuple[str, str], list[NameRow]]:
        found: dict[tuple[str, str], list[NameRow]] = defaultdict(list)
        for row in (*self._links, *(r for rows in self._by_name.values() for r in rows)):
            found[row.family, row.actor].append(row)
        for info in self.lexicon:
            code = str(info.ucdp_id)
            if info.ucdp_id is not None and all(r.code != code for r in found["ucdp", info.id]):
                found["ucdp", info.id].append(NameRow(info.id, "ucdp", code, info.ucdp_name or info.name, "lexicon"))
        return {key: rows for key, rows in found.items() if rows}

    def branches(self, actor: str) -> tuple[str, ...]:
        """The actor's factions, provinces and fronts by the lexicon's ``parent``, theirs too; not itself."""
        found: dict[str, None] = {}
        waiting = list(self._children.get(actor, ()))
        while waiting:
            id = waiting.pop()
            if id not in found and id != actor:
                found[id] = None
                waiting += self._children.get(id, ())
        return tuple(sorted(found))

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        children: dict[str, list[str]] = defaultdict(list)
        for info in self.lexicon:
            if info.parent and info.kind in ("group", "state_force"):
                children[info.parent].append(info.id)
        return dict(children)

    def candidates(self, name: str, most: int = 5) -> list[tuple[str, float]]:
        """Actors of the lexicon whose names come near, best first, with the likeness from 0 to 1."""
        wanted = " ".join(key(name))
        best: dict[str, float] = {}
        for info in self.lexicon:
            if info.kind not in ("group", "state_force", "organisation", "state"):
                continue
            for other in (info.name, *info.aliases, *info.acronyms, *info.former_names, info.ucdp_name or ""):
                near = likeness(wanted, " ".join(key(other))) if other else 0.0
                if near > best.get(info.id, 0.0):
                    best[info.id] = near
        ranked = sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))
        return [(id, round(score, 2)) for id, score in ranked[:most] if score >= 0.5]


def likeness(a: str, b: str) -> float:
    """How near two folded names are: the larger of shared words (Jaccard) and shared letters in order, 0 to 1."""
    one, two = set(a.split()), set(b.split())
    if not one or not two:
        return 0.0
    words = len(one & two) / len(one | two)
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if words == 0 and matcher.quick_ratio() < 0.5:
        return 0.0
    return max(words, matcher.ratio())


@cache
def fold_name(name: str) -> str:
    """A data set's name to look it up by: folded words, as the lexicon's names are."""
    return " ".join(key(name))


def is_nobody(name: str | None) -> bool:
    """Whether a side is no actor: civilians, or nobody."""
    return not name or name.strip().lower() in _SIDE_WORDS


@cache
def _crosswalk() -> tuple[NameRow, ...]:
    return tuple(
        NameRow(
            row["actor"], row["dataset"], row["code"] or None, row["name"], "crosswalk",
            frozenset(filter(None, row["countries"].split("|"))),
            date.fromisoformat(row["since"]) if row["since"] else FIRST,
            date.fromisoformat(row["until"]) if row["until"] else LAST,
        )
        for row in read_csv("crosswalk.csv")
    )  # fmt: skip


def _state_names(lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    for info in lexicon:
        if info.kind == "state":
            for name in (info.name, *info.aliases, *info.former_names):
                yield info.id, fold_name(name)


def spans(cuts: Sequence[date]) -> Iterator[tuple[date, date]]:
    """From each day to the one before the next; the last span has no end."""
    for since, after in zip(cuts, [*cuts[1:], None], strict=False):
        yield since, LAST if after is None else date.fromordinal(after.toordinal() - 1)


def _next(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def link_key(family: str, name: str) -> str:
    """The key under which an analyst's link of a data set's name is kept."""
    return f"{family}:{name}"


def link_from(key: str, value: dict[str, Any]) -> NameRow:
    """The row of an analyst's link. ``value``: actor, and code, countries, since, until where it is limited."""
    family, _, name = key.partition(":")
    return NameRow(
        value["actor"], family, value.get("code"), name, "analyst", frozenset(value.get("countries") or ()),
        date.fromisoformat(value["since"]) if value.get("since") else FIRST,
        date.fromisoformat(value["until"]) if value.get("until") else LAST,
    )  # fmt: skip
