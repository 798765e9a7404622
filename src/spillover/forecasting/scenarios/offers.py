"""What a statement offers as a scenario: edits with the values that the text gives, the others left open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from spillover.lexicon import Lexicon
from spillover.reading.places import Gazetteer
from spillover.reading.statement import Place, Quantity, Role, Statement
from spillover.records.countries import names as country_names
from spillover.records.places import alpha2, regions

AHEAD = ("forecast", "conditional")
_ACTORS = frozenset({"group", "organisation", "person", "unknown", "thing"})
_JOINS = frozenset({"joined", "merged_into", "pledged_to", "affiliate_of", "member_of"})
_CUTS = frozenset({"defected_from", "emerged_from"})
_ALLIED = {"allied_with": "allies with", "opposes": "turns against"}
_VIOLENCE = frozenset({"attack", "bombing", "assassination", "execution", "clash", "raid", "capture", "abduction"})
_STRENGTH = frozenset({"recruitment", "prison_break", "release"})
_COUNTS = frozenset({"attacks", "clashes", "killed", "casualties"})


@dataclass(frozen=True, slots=True)
class Value:
    """A key of an edit. ``value``: ``None`` where the text does not say; ``remark``: what the text says."""

    key: str
    value: str | float | None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """An ``[[edit]]`` to be."""

    kind: str
    values: tuple[Value, ...]

    @property
    def same(self) -> tuple[object, ...]:
        """What makes two of them the same, whatever is remarked on them."""
        return (self.kind, *((v.key, v.value) for v in self.values))


Offer = tuple[str, list[Table]]
"""A title and edits."""
_LINK = Value("link", 1.0, "assumed: 0 changes nothing, 1 takes the edit at its word")
_HOW_MANY = Value("per_year", None, "events a year there; or instead: share = the part of its background that moves")
_LIKE = Value("like", None, "a group whose events set off as much in it as this one's will; or instead: factor")


@dataclass(frozen=True, slots=True)
class Offers:
    """``said``: all statements, for the numbers of today; ``lexicon``: for names."""

    said: Sequence[Statement]
    lexicon: Lexicon
    gazetteer: Gazetteer = field(default_factory=Gazetteer.load)

    def of(self, s: Statement) -> Offer | None:
        """What the statement offers, if anything."""
        if s.kind == "tie":
            return self._tie(s)
        if s.kind == "strength":
            return self._strength(s)
        if s.kind == "presence" or (s.kind == "event" and s.type == "expansion"):
            return self._spread(s) or self._more(s, "the text does not say where to")
        if s.kind == "event" and s.type in _VIOLENCE | _STRENGTH:
            number = f" ({s.quantity.surface})" if s.quantity else ""
            return self._more(s, f"how much more; the text speaks of {s.type.replace('_', ' ')}{number}")
        if s.kind == "count" and s.type in _COUNTS:
            number = f"the text: {s.quantity.surface} {s.type}" if s.quantity else "the text does not say how much more"
            return self._more(s, number)
        return None

    def _tie(self, s: Statement) -> Offer | None:
        one, other = _group(s.subject), _group(s.object)
        if s.subject is None or s.object is None or one is None or other is None or one == other:
            return None
        a, b = self._name(s.subject), self._name(s.object)
        there = (Value("from", one, _heard(s.subject)), Value("to", other, _heard(s.object)))
        back = (Value("from", other), Value("to", one))
        if s.phase == "ended" or s.type in _CUTS:
            return f"{a} breaks with {b}", [Table("cut_tie", (*there, _LINK)), Table("cut_tie", (*back, _LINK))]
        if s.type in _ALLIED:
            tables = [Table("add_tie", (*pair, _LIKE, _LINK)) for pair in (there, back)]
            return f"{a} {_ALLIED[s.type]} {b}", tables
        if s.type == "supports":
            remark = "how much more the support lets it do; the text does not say"
            return f"{a} supports {b}", [_scaled(s.object, Value("factor", None, remark))]
        if s.type in _JOINS and s.subject.kind == "person":
            part = f"below 1; the text speaks of “{s.subject.surface}”, not of the whole group"
            return f"A part of {a} joins {b}", [
                _scaled(s.subject, Value("factor", None, part)), _scaled(s.object, Value("factor", None, "above 1")),
            ]  # fmt: skip
        if s.type in _JOINS:
            values = (Value("group", one, _heard(s.subject)), Value("into", other, _heard(s.object)), _LINK)
            return f"{a} joins {b}", [Table("joins", values)]
        return None

    def _strength(self, s: Statement) -> Offer | None:
        if (
            s.subject is None
            or _group(s.subject) is None
            or s.quantity is None
            or s.type not in ("fighters", "members")
        ):
            return self._more(s, "the text speaks of numbers, not of how much more there will be")
        after = s.quantity.high or s.quantity.low
        values = (self._before(s, s.quantity), Value("to", after, f"the text: {s.quantity.surface}"))
        what = f"at {after:,.0f} {s.type}" if after is not None else "in other strength"
        return f"{self._name(s.subject)} {what}", [_scaled(s.subject, *values)]

    def _before(self, s: Statement, quantity: Quantity) -> Value:
        """The number that growth starts from: "from … to", else what the text says of the present nearest to it."""
        if quantity.bound == "range" and quantity.surface.lower().startswith("from ") and quantity.low:
            return Value("from", quantity.low, f"the text: {quantity.surface}")
        now = [
            t for t in self.said
            if t.kind == "strength" and t.type == s.type and t.status not in AHEAD and t.document == s.document
            and t.quantity is not None and _group(t.subject) == _group(s.subject)
        ]  # fmt: skip
        found = min(now, key=lambda t: abs(t.evidence.start - s.evidence.start)).quantity if now else None
        if found is None or not (found.high or found.low):
            return Value("from", None, "the text does not say")
        upper = "; its upper end, the more cautious start" if found.low != found.high else ""
        return Value("from", found.high or found.low, f"the text: {found.surface}{upper}")

    def _more(self, s: Statement, remark: str) -> Offer | None:
        if s.subject is None or _group(s.subject) is None:
            return None
        return f"More violence by {self._name(s.subject)}", [_scaled(s.subject, Value("factor", None, remark))]

    def _spread(self, s: Statement) -> Offer | None:
        group = _group(s.subject)
        if s.subject is None or group is None:
            return None
        tables = [
            Table("new_country", (Value("group", group, _heard(s.subject)), *where, _HOW_MANY, _LINK))
            for where in (self._where(place) for place in s.place) if where
        ]  # fmt: skip
        places = ", ".join(dict.fromkeys(p.surface for p in s.place))
        return (f"{self._name(s.subject)} in {places}", tables) if tables else None

    def _where(self, place: Place) -> tuple[Value, ...]:
        """The values that say where; none for the whole world."""
        code, said = place.place or "", f"“{place.surface}”"
        if place.level == "country":
            return (Value("country", code or None, said),)
        if place.level == "region":
            listed = [country_names().get(c, c) for c in regions()[code].countries] if code in regions() else []
            return (Value("country", None, f"one of those in {said}" + (f": {', '.join(listed)}" if listed else "")),)
        if place.level not in ("town", "admin1", "admin2"):
            return ()
        row = self.gazetteer.row(code)
        country = row.country if row is not None else None
        if country is None and re.match("[A-Z]{2}-", code):
            country = {two: three for three, two in alpha2().items()}.get(code[:2])
        found = (Value("country", country, f"that of {said}"),)
        if place.lat is None or place.lon is None:
            return (*found, Value("where", place.surface))
        return (*found, Value("lat", place.lat, said), Value("lon", place.lon))

    def _name(self, role: Role) -> str:
        info = self.lexicon.actor(role.actor) if role.actor else None
        return info.name if info is not None else _surface(role)


def _scaled(role: Role, *values: Value) -> Table:
    return Table("scale_background", (Value("group", _group(role), _heard(role)), *values, _LINK))


def _group(role: Role | None) -> str | None:
    """The lexicon's id, else the words; ``None`` where it can be no armed group."""
    if role is None or role.kind not in _ACTORS or (role.kind == "thing" and role.actor is None):
        return None
    return role.actor or _surface(role)


def _surface(role: Role) -> str:
    return re.sub(r"^[Tt]he ", "", (role.antecedent or role).surface)


def _heard(role: Role) -> str:
    """The words that stand for a group, where they are not its name in the file."""
    return f"“{_surface(role)}”" if role.actor is not None else ""
