"""From a trigger word to two sides: the tokens that a frame's subject and object stand on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from spillover.lexicon import word_list
from spillover.reading import syntax
from spillover.reading.nouns import noun_kinds
from spillover.reading.patterns.frames import Frame, load_frames
from spillover.reading.sentence import Sentence
from spillover.reading.stance import stance, word_sets


@dataclass(frozen=True, slots=True)
class Sides:
    """Subject and object tokens of one trigger; ``pairs`` where both sides are on a par («between A and B»)."""

    subjects: tuple[int, ...]
    objects: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...] = ()

    def combine(self) -> Iterator[tuple[int | None, int | None]]:
        """Each subject with each object; lists are one statement each."""
        if self.pairs:
            yield from self.pairs
            return
        for a in self.subjects or (None,):
            for b in self.objects or (None,):
                if a is None or a != b:
                    yield a, b

    def expand(self, s: Sentence) -> Sides:
        """The same with collective nouns opened: «groups of A and B», «members like A and B»."""
        subjects, objects = (
            tuple(dict.fromkeys(k for i in side for k in syntax.expand(s, i))) for side in (self.subjects, self.objects)
        )
        return Sides(subjects, objects, self.pairs)


MOST = 4
"""A list longer than this is a membership, not so many pairs of partners."""


def _is_needed(s: Sentence, p: int, frame: Frame) -> bool:
    return s.lemmas[p] in frame.needs or any(s.lemmas[c] in frame.needs for c in s.kids(p, "compound"))


EFFECT = word_list("predicates", "effect")
"""Verbs whose subject is the deed itself: «a strike hit the compound», «the blast killed five»."""


def verb_names(s: Sentence, i: int) -> tuple[str, ...]:
    """The names a verb goes by in the frame table: with its particle or fixed word first, then alone."""
    lemma = s.lemmas[i]
    out = [f"{lemma}_{s.lowers[c]}" for c in s.kids(i, "prt")]
    out += [f"{lemma}_{s.lowers[c]}" for c in s.kids(i, "prep", "advmod") if 0 < c - i <= 2]
    if s.kids(i, "dobj") and lemma in ("open", "set"):
        out += [f"{lemma}_{s.lowers[c]}" for c in s.kids(i, "dobj")]
    return (*out, lemma)


def verb_frames(s: Sentence, i: int) -> list[Frame]:
    """Frames that the verb at token ``i`` triggers."""
    table = load_frames().by_verb
    for name in verb_names(s, i):
        if name in table:
            return list(table[name])
    return []


def noun_frames(s: Sentence, i: int) -> list[Frame]:
    """Frames that the noun at token ``i`` triggers."""
    table = load_frames().by_noun
    if s.lemmas[i] == "break" and any(s.lemmas[c] in ("prison", "jail") for c in s.kids(i, "compound")):
        return list(table["jailbreak"])
    return list(table.get(s.lemmas[i], ()) or table.get(s.lowers[i], ()))


def verb_sides(s: Sentence, i: int, frame: Frame) -> Sides | None:
    """The sides of a verb's frame; ``None`` where the frame's needs are not met."""
    args = syntax.arguments(s, i)
    preps = dict(args.preps)
    agents, patients = list(args.agents), list(args.patients)
    if frame.needs:
        met = [p for p in patients if _is_needed(s, p, frame)]
        if not met and s.lemmas[i] in ("enter", "engage", "take", "participate", "come", "be"):
            met = [p for k in ("into", "in") for p in preps.get(k, []) if _is_needed(s, p, frame)]
        if not met:
            tool = [p for p in preps.get("with", []) if s.lemmas[p] in frame.needs]
            if not tool or not patients or "dative" not in frame.object:
                return None
            return Sides(tuple(agents), tuple(patients))
        for p in met:
            for name, heads in syntax.prepositions(s, p).items():
                preps.setdefault(name, []).extend(h for h in heads if h not in preps.get(name, []))
            owners = [k for c in s.kids(p, "poss", "compound") if c in s.actor_at for k in syntax.conjuncts(s, c)]
            agents = agents or owners
        others = [p for p in patients if p not in met]
        patients = others
        if "dative" in frame.object:
            preps["dative"] = [
                k for c in s.kids(i, "dative") if s.is_noun(c) or s.tags[c] == "PRP" for k in syntax.conjuncts(s, c)
            ] or others
    if "within" in frame.object:
        preps["within"] = list(actors_within(s, i, agents))
    if s.lemmas[i] in ("open", "set"):
        patients = [p for p in patients if s.lemmas[p] != "fire"]
    objects = _objects(frame, patients, preps)
    subjects = preps.get(frame.subject, []) if frame.subject and not frame.swap else agents
    if frame.swap and frame.subject:  # «entice young people into the ISKP»: the body drawn into is the subject
        drawn = preps.get(frame.subject, [])
        return Sides(tuple(drawn), tuple(args.patients)) if drawn else None
    if frame.reciprocal and (
        _is_each_other(s, objects)
        or (not objects and any(s.lowers[c] in ("together", "jointly", "alongside") for c in s.kids(i, "advmod")))
    ):
        members = list(dict.fromkeys(k for a in subjects for k in syntax.expand(s, a)))
        if 1 < len(members) <= MOST:
            return Sides((), (), tuple(combinations(members, 2)))
    if frame.kind == "tie" and frame.actors:
        objects = [_owner_of_thing(s, o) for o in objects]
    pairs = _pairs(s, frame, subjects if not args.passive or not objects else [*args.patients], objects, preps)
    if frame.swap:
        subjects, objects = objects, subjects
    if (
        args.passive
        and frame.kind == "tie"
        and not args.agents
        and frame.object != ("obj",)
        and "obj" not in frame.object
    ):
        # «is affiliated with», «was merged into»: the passive's subject is the subject of the tie
        subjects = args.patients
        objects = _objects(frame, [], preps)
        pairs = _pairs(s, frame, subjects, objects, preps)
    return Sides(tuple(subjects), tuple(objects), tuple(pairs))


def noun_sides(s: Sentence, i: int, frame: Frame) -> Sides:
    """The sides of a noun's frame, with those that a verb around it brings («carried out an attack», «the strike hit
    X»).
    """
    args = syntax.nominal(s, i)
    preps = dict(args.preps)
    agents = list(args.agents)
    near = s.kids(i, "compound", "amod", "nmod")
    agents += [c for c in near if c in s.actor_at and c not in agents and not syntax.is_where(s, c)]
    verb = s.heads[i]
    objects = _objects(frame, [], preps)
    if s.is_verb(verb) and verb != i:
        up = syntax.arguments(s, verb)
        dep = s.deps[i]
        if frame.reciprocal and dep == "nsubj" and not objects and s.lemmas[verb] in word_sets()["verbs.occur"]:
            preps["between"] = preps.get("between", []) or up.preps.get("between", [])
        if dep in ("nsubj", "nsubjpass") and not up.passive and s.lemmas[verb] in EFFECT:
            objects = objects or [p for p in up.patients if s.tags[p] != "CD"]
        elif dep in ("nsubjpass", "dobj") and s.lemmas[verb] in ("attribute", "blame", "pin", "ascribe"):
            agents = agents or up.preps.get("to", []) or up.preps.get("on", [])
        elif dep == "nsubj" and s.lemmas[verb] in ("explode", "detonate", "occur", "happen", "go"):
            objects = objects or [
                k for p in ("outside", "inside", "at", "near", "under", "against") for k in up.preps.get(p, [])
            ]
        elif dep == "dobj" and s.lemmas[verb] in _SUFFERING:
            objects = objects or [a for a in up.agents if a != i]
        elif dep in ("dobj", "nsubjpass", "conj") and s.lemmas[verb] in word_sets()["verbs.light"]:
            agents = agents or [a for a in up.agents if a != i]
            objects = objects or _objects(
                frame, [], {k: v for k, v in up.preps.items() if k in ("against", "on", "at", "with", "upon", "to")}
            )
        elif dep == "dobj" and (
            frame.kind == "tie" or (frame.reciprocal and s.lemmas[verb] in word_sets()["verbs.negated"])
        ):
            agents = agents or [a for a in up.agents if a != i]
    elif s.deps[verb] in ("prep", "agent") or s.deps[i] == "pobj":
        above = s.heads[verb]
        if s.tags[above].startswith("JJ") and s.is_verb(s.heads[above]):  # «is capable of alliances with»
            agents = agents or syntax.arguments(s, s.heads[above]).agents
        elif s.is_verb(above):
            up = syntax.arguments(s, above)
            if s.lowers[verb] == "behind" and s.lemmas[above] == "be":
                agents = agents or up.agents
            elif (
                s.lowers[verb] == "to"
                and s.lemmas[above] in ("fall", "succumb")
                and s.kids(above, "dobj", "acomp", "prep")
            ):
                objects = objects or up.agents
                agents = agents or up.preps.get("by", [])
            elif s.lowers[verb] in ("in", "during", "by") and s.lemmas[above] in (
                EFFECT | {"die", "perish", "murder", "assassinate", "target"}
            ):
                dies = s.lemmas[above] in ("die", "perish")
                objects = objects if frame.reciprocal else objects or up.patients or (up.agents if dies else [])
                agents = agents or ([] if up.passive or dies or s.lowers[verb] == "by" else up.agents)
            elif s.lowers[verb] in ("in", "of", "for", "out", "with") and s.lemmas[above] in _BLAMING:
                agents = agents or up.patients
            elif s.lowers[verb] in ("in", "of", "for", "out", "with") and s.lemmas[above] in _TAKES_PART:
                agents = agents or (up.patients if up.passive else up.agents)
        elif s.is_noun(above) and s.lemmas[above] == "target" and s.lowers[verb] == "of":
            objects = objects or _said_of(s, above)  # «the embassy was the target of the attack»
        elif s.is_noun(above) and s.lemmas[above] in (
            "responsibility",
            "involvement",
            "role",
            "part",
            "wave",
            "series",
            "string",
            "spate",
        ):
            holder = s.heads[above]
            if s.lemmas[above] in ("wave", "series", "string", "spate"):
                deeper = noun_sides(s, above, frame) if above != i else None
                agents = agents or list(deeper.subjects if deeper else ())
                objects = objects or list(deeper.objects if deeper else ())
            elif (
                s.is_verb(holder)
                and s.lemmas[holder] not in ("deny", "disclaim")
                and stance(s, holder).polarity == "affirmed"
            ):
                agents = agents or syntax.arguments(s, holder).agents
    if frame.type in _UNDERGONE and not objects:  # «X's murder» is done to X
        victims = [
            a
            for a in agents
            if s.deps[syntax.first_conjunct(s, a)] in ("poss", "compound") and _is_individual(s, a, frame)
        ]
        objects, agents = victims, [a for a in agents if a not in victims]
    agents = [a for a in dict.fromkeys(agents) if a != i]
    objects = [o for o in dict.fromkeys(objects) if o not in agents and o != i and not s.tags[o].startswith("JJ")]
    return Sides(tuple(agents), tuple(objects), tuple(_pairs(s, frame, agents, objects, preps)))


def _said_of(s: Sentence, i: int) -> list[int]:
    """The other side of a copula: what a noun is said to be, or what is said to be it."""
    verb = s.heads[i]
    if not s.is_verb(verb):
        return [verb] if s.deps[i] == "appos" else []
    if s.deps[i] == "attr":
        return syntax.arguments(s, verb).agents
    return [k for c in s.kids(verb, "attr") for k in syntax.conjuncts(s, c)] if s.deps[i] == "nsubj" else []


_UNDERGONE = frozenset({"assassination", "execution", "abduction", "arrest", "release"})


def _is_individual(s: Sentence, a: int, frame: Frame) -> bool:
    if frame.type == "assassination" and s.tags[a].startswith("NNP") and a not in s.actor_at:
        return True
    return (
        s.entities.get(a, ("",))[0] == "PERSON"
        or s.lowers[a] in ("his", "her")
        or noun_kinds().get(s.lemmas[a]) in ("person", "community")
    )


_BLAMING = word_list("predicates", "blaming")
_SUFFERING = word_list("predicates", "suffering")


def _is_each_other(s: Sentence, objects: list[int]) -> bool:
    return any(s.lowers[o] in ("other", "another") for o in objects)


_TAKES_PART = word_list("predicates", "takes_part")


_COMPLEMENTS = frozenset({"dobj", "prep", "xcomp", "ccomp", "dative", "agent", "oprd", "advcl"})


def actors_within(s: Sentence, i: int, agents: list[int]) -> Iterator[int]:
    """Whom it is about, where no object is an actor itself: «rejected an offer from X», «X's plan», «threatened to
    strike X».
    """
    taken = {k for a in agents for k in s.subtree(a)}
    below = [
        k
        for c in s.children[i]
        if s.deps[c] in _COMPLEMENTS
        for k in s.subtree(c)
        if k not in taken and not _coordinated(s, k, i)
    ]
    named = [
        k
        for k in below
        if k in s.actor_at
        or k in s.demonym_at
        or (k in s.place_at and s.heads[k] == i and s.deps[k] == "dobj")
        or s.entities.get(k, ("",))[0] in ("PERSON", "NORP", "ORG")
    ]
    where = [
        k for k in named if k in s.place_at and s.deps[k] == "pobj" and s.lowers[s.heads[k]] in ("in", "at", "near")
    ]
    for k in [*(k for k in named if k not in where), *where][:1]:
        yield from syntax.conjuncts(s, _holder_of(s, k))


def _owner_of_thing(s: Sentence, o: int) -> int:
    """«supports Turkey's efforts»: the one whose thing it is."""
    if o in s.actor_at or noun_kinds().get(s.lemmas[o], "thing") != "thing" or s.entities.get(o, ("",))[0] == "PERSON":
        return o
    return next((c for c in s.kids(o, "poss") if c in s.actor_at or c in s.demonym_at), o)


def _coordinated(s: Sentence, k: int, top: int) -> bool:
    """Does the token stand below a second verb («refused to step down and revived the name»)?"""
    while k != top and s.heads[k] != k:
        if s.deps[k] == "conj" and s.is_verb(k):
            return True
        k = s.heads[k]
    return False


def _holder_of(s: Sentence, k: int) -> int:
    """«Iraqi President X» for «Iraqi»: the person or body that the name modifies, where it modifies one."""
    head = s.heads[k]
    if (
        s.deps[k] in ("compound", "amod", "nmod", "poss")
        and s.is_noun(head)
        and noun_kinds().get(s.lemmas[head], "thing") != "thing"
    ):
        return _holder_of(s, head) if s.deps[head] == "compound" else head
    if s.deps[k] in ("compound", "amod", "nmod") and s.entities.get(head, ("",))[0] == "PERSON":
        return head
    return k


def _objects(frame: Frame, patients: list[int], preps: dict[str, list[int]]) -> list[int]:
    for slot in frame.object:
        if slot == "between":
            continue
        found = patients if slot == "obj" else preps.get(slot, [])
        if found:
            return list(found)
    return []


def _pairs(
    s: Sentence, frame: Frame, subjects: list[int], objects: list[int], preps: dict[str, list[int]]
) -> list[tuple[int, int]]:
    if "between" in frame.object or "among" in frame.object:
        both = preps.get("between", []) or preps.get("among", [])
        if len(both) >= 2:
            return list(combinations(both, 2)) if len(both) <= MOST else []
    most = 2 if frame.type == "merged_into" else MOST  # more than two merge into something, not into each other
    if frame.reciprocal and not objects and len(subjects) == 1:
        subjects = syntax.expand(s, subjects[0])  # «delegations from A and B met»
    if frame.reciprocal and not objects and 2 <= len(subjects) <= most:
        return list(combinations(subjects, 2))
    return []
