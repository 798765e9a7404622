"""What a pattern sees of the document: sentences, and for each predicate roles, times, places, stance and sources."""

from __future__ import annotations

from dataclasses import dataclass, field

from spillover.lexicon import Lexicon, word_list
from spillover.reading import attribution as att
from spillover.reading import syntax
from spillover.reading.coreference import Discourse
from spillover.reading.places import PlaceMention
from spillover.reading.quantities import QuantityMention
from spillover.reading.roles import Roles
from spillover.reading.sentence import Sentence
from spillover.reading.stance import Stance, stance
from spillover.reading.statement import Attribution, Place, Quantity, Role, Time
from spillover.reading.times import TimeMention

_BOUNDARY = frozenset({"relcl", "ccomp", "advcl", "parataxis", "csubj"})
_PLACE_NOUNS = frozenset({"town", "city", "village", "province", "district", "area", "country"})
_SPANNING = frozenset(
    {"comprising", "including", "covering", "spanning", "encompassing", "hitting", "killing", "targeting", "using"}
)
_LOCATIVE = word_list("scene", "locative")


@dataclass(slots=True)
class Draft:
    """A statement in the making: what a pattern found, before stance, sources, adjuncts and the gate."""

    sentence: Sentence
    pred: int
    kind: str
    type: str
    rule: str
    subject: Role | None = None
    object: Role | None = None
    place: list[PlaceMention] | None = None
    time: TimeMention | None = None
    no_time: bool = False
    quantity: Quantity | None = None
    instrument: tuple[int, int] | None = None
    text: tuple[int, int] | None = None
    effect: tuple[int, int] | None = None
    stance: Stance | None = None
    own_act: bool = False
    """The source announces its own act: it is the subject, not a source besides."""
    keep_planned: bool = False
    """Plans and purposes are what the statement is about (aims), not a reason to drop it."""
    extra: list[tuple[int, int]] = field(default_factory=list)


class Scene:
    """The document as patterns see it."""

    def __init__(
        self, text: str, lexicon: Lexicon, sentences: list[Sentence], discourse: Discourse, roles: Roles
    ) -> None:
        self.text, self.lexicon, self.sentences, self.discourse, self.roles = text, lexicon, sentences, discourse, roles
        self.speakers: dict[int, list[att.Source]] = {}
        """Sentence index → sources that reach it from outside (an open quotation, a speaker's colon)."""
        self._stances: dict[tuple[int, int], Stance] = {}

    # ---- roles -----------------------------------------------------------------------------------
    def role(self, s: Sentence, i: int) -> Role | None:
        """The role of the noun at token ``i``."""
        return self.roles.role(s, i)

    @staticmethod
    def is_actor(role: Role | None) -> bool:
        """Can the role act or be acted upon as somebody: a known actor, or a group, state, force, body, person,
        people?
        """
        return role is not None and (role.actor is not None or role.kind not in ("thing", "unknown"))

    # ---- stance ----------------------------------------------------------------------------------
    def stance(self, s: Sentence, i: int) -> Stance:
        """The stance of the predicate at token ``i``."""
        at = (s.index, i)
        if at not in self._stances:
            self._stances[at] = stance(s, i)
        return self._stances[at]

    def attribution(self, s: Sentence, pred: int, subject: Role | None = None) -> tuple[Attribution, ...]:
        """The chain of sources of a predicate, outermost first."""
        own = att.sources(s, pred)
        outer = self.speakers.get(s.index, [])
        named: dict[str, Attribution] = {}
        for source in [*outer, *own]:
            if source.sentence is s and source.token == pred:
                continue
            a = att.attribution(source, self.roles)
            # who announces its own act is its subject; who says that it did it is a source
            if a is not None and not (subject is not None and not source.clausal and is_same(a, subject)):
                named.setdefault(a.name.casefold(), a)
        return tuple(named.values())

    # ---- adjuncts --------------------------------------------------------------------------------
    def places(self, s: Sentence, pred: int, heads: tuple[int, ...] = ()) -> list[PlaceMention]:
        """Places where the predicate happens: locative phrases that hang on it or on its clause."""
        out = []
        for t, p in sorted(s.place_at.items()):
            if p.demonym and p.modifier is None and p.level == "country" and " " not in p.surface:
                continue
            if s.deps[t] == "poss":
                continue
            if s.deps[t] == "compound" and s.heads[t] == pred and t not in s.actor_at:
                out.append(p)  # «the Mumbai attacks»
                continue
            if self._is_locative(s, t) and (self._attached(s, t, pred) or any(h in s.ancestors(t) for h in heads)):
                out.append(p)
        return most_specific(out) or self._taken_up(s, pred, heads)

    def _taken_up(self, s: Sentence, pred: int, heads: tuple[int, ...]) -> list[PlaceMention]:
        """«there», «the town»: the last town or province named before, with its own span."""
        for i, word in enumerate(s.lowers):
            definite = (
                word in _PLACE_NOUNS
                and any(s.lowers[c] in ("the", "that", "this") for c in s.kids(i, "det"))
                and s.deps[i] == "pobj"
            )
            if not ((definite and not s.kids(i, "prep")) or (word in ("there",) and s.deps[i] == "advmod")):
                continue
            if not (self._attached(s, i, pred) or any(h in s.ancestors(i) for h in heads)):
                continue
            before = [
                p
                for x in self.sentences[max(0, s.index - 3) : s.index + 1]
                for p in x.mentions.places
                if p.end <= s.starts[i]
            ]
            levels = ("country",) if word == "country" else ("town", "admin1", "admin2")
            named = next((p for p in reversed(before) if p.level in levels and not p.demonym), None)
            if named is not None:
                return [named]
        return []

    def _is_locative(self, s: Sentence, t: int) -> bool:
        node = t
        for _ in range(6):
            dep, head = s.deps[node], s.heads[node]
            if dep == "pobj" and s.lowers[head] in ("like", "including", "as") and s.is_noun(s.heads[head]):
                node = s.heads[head]
                continue
            if dep == "pobj":
                return s.lowers[head] in _LOCATIVE and not (s.lowers[head] in ("against", "by") and t in s.actor_at)
            if dep in ("conj", "appos", "compound", "nmod", "amod", "npadvmod", "poss", "pcomp") and head != node:
                if dep == "npadvmod" and s.is_verb(head):
                    return True
                if dep == "poss" and t in s.actor_at:
                    return s.deps[head] == "pobj" and head in s.place_at
                if dep in ("compound", "nmod", "amod") and t in s.actor_at and head not in s.place_at:
                    return False
                node = head
                continue
            return dep == "advmod"
        return False

    def _attached(self, s: Sentence, t: int, pred: int) -> bool:
        up_t, up_p = _path(s, t), _path(s, pred)
        if pred in up_t:
            return True
        verb = next((i for i in up_t if s.is_verb(i) and s.lowers[i] not in _SPANNING), None)
        # it hangs on the verb that carries the predicate noun, or on a verb further up the same clause
        return verb is not None and verb in up_p

    def time(self, s: Sentence, pred: int, within: bool = False) -> TimeMention | None:
        """The time of the predicate: the resolved one nearest in the tree. ``within``: in its own phrase alone."""
        best: TimeMention | None = None
        best_rank = 99
        below = set(s.subtree(pred)) if within else None
        for m in s.mentions.times:
            if m.kind == "duration" or m.kind == "frequency":
                continue
            inside = [i for i in range(len(s)) if s.starts[i] < m.end and m.start < s.ends[i]]
            if not inside:
                continue
            head = next((i for i in inside if s.heads[i] not in inside or s.heads[i] == i), inside[0])
            if not self._attached(s, head, pred) or (below is not None and head not in below):
                continue
            up = _path(s, head)
            rank = (up.index(pred) if pred in up else 8) + (0 if m.resolved else 20)
            if rank < best_rank:
                best, best_rank = m, rank
        return best

    def quantity_of(self, s: Sentence, i: int) -> QuantityMention | None:
        """The number of the noun at token ``i`` («77 attacks», «thousands of prisoners», «more than 20 militants»)."""
        if i in s.quantity_at and s.tags[i] != "PRP":
            return s.quantity_at[i]
        for c in s.kids(i, "nummod", "amod", "quantmod", "det", "predet", "compound", "nmod"):
            if c in s.quantity_at:
                return s.quantity_at[c]
        a, _ = syntax.noun_phrase(s, i)
        for m in s.mentions.quantities:
            if a <= m.start and m.end <= s.ends[i]:
                return m
        return None

    def states_number(self, s: Sentence, i: int) -> bool:
        """Does the noun assert how many («77 attacks»), rather than come in a pair or by the several?"""
        m = self.quantity_of(s, i)
        if (
            m is None
            or m.percent
            or m.money
            or m.measure
            or m.surface.casefold() in ("twin", "a pair of", "a couple of")
        ):
            return False
        return m.low is not None or m.high is not None

    def quantity(self, s: Sentence, i: int) -> Quantity | None:
        """The same as a statement's quantity, with the noun as unit."""
        m = self.quantity_of(s, i)
        return quantity(m, unit_of(s, i)) if m is not None and not (m.money or m.measure) else None


def unit_of(s: Sentence, i: int) -> str:
    """What is counted: the lemma of the noun, or of what follows «dozens of»."""
    if i in s.quantity_at or s.lemmas[i] in syntax.PARTITIVE:
        inside = syntax.prepositions(s, i).get("of", [])
        if inside:
            return s.lemmas[inside[0]]
    return s.lemmas[i].rsplit(" ", 1)[-1]


def quantity(m: QuantityMention, unit: str | None) -> Quantity:
    """A mention as the contract's quantity; a percentage says so in its unit."""
    return Quantity(m.surface, m.low, m.high, f"percent of {unit}" if m.percent else unit, m.bound)


def _path(s: Sentence, i: int) -> list[int]:
    """Token ``i`` and its ancestors up to the edge of its clause."""
    out = [i]
    while s.heads[i] != i and (s.deps[i] not in _BOUNDARY or s.lowers[i] in _SPANNING):
        if s.deps[i] == "conj" and s.is_verb(i) and s.kids(i, "nsubj", "nsubjpass"):
            break
        if s.deps[i] == "conj" and not s.is_verb(i):  # what hangs on one of a list is not said of the others
            i = syntax.first_conjunct(s, i)
            if s.heads[i] == i:
                break
        i = s.heads[i]
        out.append(i)
    return out


def most_specific(places: list[PlaceMention]) -> list[PlaceMention]:
    """Without places that only say where the one before lies («Sarmada, Syria»)."""
    out: list[PlaceMention] = []
    for p in places:
        if out and p.start - out[-1].end <= 4 and _contains(p, out[-1]):
            continue
        if any(q.code == p.code for q in out):
            continue
        out.append(p)
    return out


def _contains(outer: PlaceMention, inner: PlaceMention) -> bool:
    if inner.level in ("region", "global") or outer.level == inner.level or outer.country is None:
        return False
    return outer.country == inner.country and outer.level in ("country", "admin1")


def is_same(a: Attribution, role: Role) -> bool:
    """Is the source the very one that the role names?"""
    names = {role.surface.casefold(), (role.antecedent.surface if role.antecedent else "").casefold()}
    return a.surface.casefold() in names or a.name.casefold() in names


def place(m: PlaceMention) -> Place:
    """A mention as the contract's place."""
    return Place(m.surface, m.start, m.end, m.code, m.level, m.lat, m.lon, tuple(m.candidates))


def time(m: TimeMention) -> Time:
    """A mention as the contract's time."""
    return Time(m.surface, m.low, m.high, m.precision)
