"""What a pronoun or a nominal repeat stands for, by salience-ranked antecedents that agree in number and kind.

Antecedents are mentions of the same sentence before the pronoun, and of the sentences before it, nearest first;
subjects
weigh more than objects, actors that the text keeps coming back to more than passers-by. Every answer is marked as
coreference with the antecedent's own span. Where nothing fits, nothing is answered.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from spillover.reading import syntax
from spillover.reading.nouns import reference_nouns
from spillover.reading.sentence import Sentence
from spillover.reading.statement import ActorKind
from spillover.words import fold

REACH = 4
"""Sentences that an antecedent may lie back."""

_COLLECTIVE = frozenset({"group", "organisation", "state", "state_force", "media"})
_FITS: dict[str, frozenset[str]] = {
    "it": _COLLECTIVE,
    "they": frozenset({"group", "organisation", "state_force", "community", "person+", "state"}),
    "he": frozenset({"person"}),
}
_PRONOUNS = {
    **dict.fromkeys(("it", "its", "itself"), "it"),
    **dict.fromkeys(("they", "their", "them", "themselves", "theirs"), "they"),
    **dict.fromkeys(("he", "his", "him", "himself", "she", "her", "hers", "herself"), "he"),
}  # fmt: skip
SPEAKER = frozenset({"we", "our", "us", "ours", "ourselves"})


@dataclass(frozen=True, slots=True)
class Entity:
    """A mention that something later may refer back to."""

    sentence: int
    token: int
    start: int
    end: int
    surface: str
    actor: str | None
    kind: ActorKind
    name: str
    plural: bool
    weight: float
    head: str


def _is_restricted(s: Sentence, i: int) -> bool:
    """Does a complement say which one is meant? A clause behind a comma («the group, which …») does not."""
    closed = [c for c in s.kids(i, "relcl", "acl") if "," not in s.text[s.ends[i] : s.starts[min(s.subtree(c))] + 1]]
    return bool(closed or s.kids(i, "prep"))


class Discourse:
    """The mentions of a document in order, and the look-up of antecedents among them."""

    def __init__(self) -> None:
        self._entities: list[list[Entity]] = []
        self._counts: Counter[str] = Counter()
        self._persons: dict[str, Entity] = {}
        self._groups: dict[str, Entity] = {}
        self.states: Counter[str] = Counter()

    def add(self, sentence: Sentence, entities: list[Entity]) -> None:
        """The mentions of the next sentence."""
        self._entities.append(entities)
        for e in entities:
            if e.actor:
                self._counts[e.actor] += 1
                if e.kind in ("group", "organisation", "state_force"):
                    self._groups.setdefault(fold(re.sub(r"\(.*?\)", "", e.name).split()[-1]), e)
            if e.kind == "person" and " " in e.name:
                for part in e.name.split():
                    if len(part) > 2:
                        self._persons.setdefault(fold(part), e)

    def person(self, name: str) -> Entity | None:
        """The person introduced by a longer name that a short one («Cook») takes up."""
        parts = [fold(p) for p in name.split()]
        found = self._persons.get(parts[-1]) if parts else None
        if found is None or len(parts) >= len(found.name.split()):
            return None
        return found if set(parts) <= {fold(p) for p in found.name.split()} else None

    def main_actor(self, kinds: frozenset[str]) -> Entity | None:
        """The actor of these kinds that the document names most."""
        best = None
        for row in self._entities:
            for e in row:
                if (
                    e.actor
                    and e.kind in kinds
                    and (best is None or self._counts[e.actor] > self._counts[best.actor or ""])
                ):
                    best = e
        return best

    def last_two(self, sentence: int, token: int) -> tuple[Entity, Entity] | None:
        """The last two different groups named before this token."""
        found: list[Entity] = []
        for row in reversed(self._entities[max(0, sentence - REACH) : sentence + 1]):
            for e in reversed(row):
                if e.sentence == sentence and e.token >= token:
                    continue
                if (
                    e.actor
                    and e.kind in ("group", "organisation", "state_force")
                    and all(e.actor != f.actor for f in found)
                ):
                    found.append(e)
                    if len(found) == 2:
                        return found[1], found[0]
        return None

    def main_state(self) -> str | None:
        """The state that the document names most, as an actor or by a demonym."""
        return self.states.most_common(1)[0][0] if self.states else None

    def pronoun(self, s: Sentence, i: int) -> Entity | None:
        """The antecedent of the pronoun at token ``i``."""
        family = _PRONOUNS.get(s.lowers[i])
        if family is None:
            return None
        return self._best(s, i, _FITS[family], family)

    def nominal(self, s: Sentence, i: int) -> Entity | None:
        """The antecedent of a definite noun phrase («the group», «the cleric», «the network») at head ``i``."""
        if not any(s.lowers[c] in ("the", "this", "that", "these", "those") for c in s.kids(i, "det")):
            return None
        if any(c in s.actor_at or c in s.demonym_at for c in s.children[i]) or _is_restricted(s, i):
            return None
        kind = reference_nouns().get(s.lowers[i])
        if kind == "group":
            plural = s.tags[i] in ("NNS", "NNPS")
            if plural and not any(s.lowers[c] in ("these", "those") for c in s.kids(i, "det")):
                return None
            return self._best(s, i, frozenset({"group", "organisation"}), "it", repeat=s.lowers[i])
        if kind == "person":
            return self._best(s, i, frozenset({"person"}), "he", repeat=s.lowers[i])
        if kind == "state" or s.kids(i, "compound", "amod", "nmod"):
            return None
        named = self._groups.get(fold(s.words[i]))
        return (
            named
            if named is not None and (named.sentence, named.token) < (s.index, i) and s.tags[i] in ("NN", "NNP")
            else None
        )

    def _best(
        self, s: Sentence, i: int, kinds: frozenset[str], family: str, repeat: str | None = None
    ) -> Entity | None:
        governed = set(s.children[s.heads[i]]) if s.deps[i] in ("dobj", "pobj") else set()
        if s.deps[i] == "dobj" and s.is_verb(s.heads[i]):  # nobody kills himself by «them»
            governed |= set(syntax.arguments(s, s.heads[i]).agents)
        best, best_score = None, -99.0
        for distance in range(REACH + 1):
            n = s.index - distance
            if not 0 <= n < len(self._entities):
                continue
            for e in self._entities[n]:
                if distance == 0 and (e.token >= i or (e.token in governed and s.deps[e.token] in ("nsubj", "conj"))):
                    continue
                if not self._fits(e, kinds, family):
                    continue
                score = e.weight - 1.6 * distance + 0.25 * min(self._counts[e.actor or ""], 6)
                score += 0.8 if e.kind == "group" and family != "he" else 0.0
                if repeat is not None:
                    score += 2.5 if repeat in e.surface.casefold().split() or repeat == e.head else 0.0
                    score += 1.0 if e.actor and family != "he" else 0.0
                if score > best_score:
                    best, best_score = e, score
            if best is not None and best_score > 2.6 - 0.9 * distance:
                break
        return best if best_score > -5.5 else None

    @staticmethod
    def _fits(e: Entity, kinds: frozenset[str], family: str) -> bool:
        if e.kind == "person" and "person+" in kinds:
            return e.plural
        if family == "he" and e.plural:
            return False
        if family == "it" and e.plural and e.kind not in ("group", "state", "organisation"):
            return False
        return e.kind in kinds
