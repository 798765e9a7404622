"""The weapon or means of an event: «with machine guns», «using a car bomb», «a drone strike», «a bomb exploded»."""

from __future__ import annotations

from spillover.reading import syntax
from spillover.reading.patterns.measures import word_set
from spillover.reading.sentence import Sentence


def instrument(s: Sentence, pred: int) -> tuple[int, int] | None:
    """Offsets of the means of the event at token ``pred``; ``None`` where none is named."""
    weapons = word_set("events", "weapons")
    if s.lemmas[pred] in weapons and not s.is_verb(pred):
        return syntax.noun_phrase(s, pred)
    for c in s.kids(pred, "compound", "amod", "nmod"):
        if s.lemmas[c] in weapons:
            return s.starts[c], s.ends[c]
    verb = pred if s.is_verb(pred) else s.heads[pred]
    for i in dict.fromkeys((pred, verb)):
        preps = syntax.prepositions(s, i)
        for name in ("with", "by", "in", "from"):
            for k in preps.get(name, []):
                if s.lemmas[k] in weapons:
                    return syntax.noun_phrase(s, k)
        doers = s.kids(i, "nsubj") if s.is_verb(i) else []
        for c in (*s.kids(i, "advcl", "xcomp", "acl"), *(c for d in doers for c in s.kids(d, "acl"))):
            if s.lemmas[c] in ("use", "fire", "detonate", "throw", "hurl", "employ", "plant"):
                for k in syntax.arguments(s, c).patients:
                    if s.lemmas[k] in weapons:
                        return syntax.noun_phrase(s, k)
    if s.is_verb(pred):
        for k in (*s.kids(pred, "nsubj"), *s.kids(pred, "dobj")):
            if s.lemmas[k] in weapons:
                return syntax.noun_phrase(s, k)
    return None
