"""Ties told by what somebody is called: «X, the new emir of Y», «Y spokesman X», «X is a branch of Y», «members of Y
like X».
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from spillover.reading import syntax
from spillover.reading.patterns.frames import load_frames
from spillover.reading.patterns.names import same
from spillover.reading.scene import Draft, Scene
from spillover.reading.sentence import Sentence
from spillover.reading.statement import Role

_LIKE = frozenset({"like", "including", "namely"})
_SUPPORT_PREFIX = frozenset({"pro"})
_OPPOSE_PREFIX = frozenset({"anti"})
_BACKED = {
    "backed": "supports", "supported": "supports", "funded": "supports", "sponsored": "supports", "armed": "supports",
    "trained": "supports", "financed": "supports", "led": "leads",
}  # fmt: skip
_PARTED = frozenset({"splinter", "breakaway", "dissident", "rival"})
_SELF = frozenset({"affiliate", "branch", "franchise", "offshoot", "splinter"})
_NAMED_SELF = frozenset({"ally", "partner", "rival"})
_LINKED = frozenset({"affiliated", "linked", "aligned", "allied", "inspired", "associated"})


def find(scene: Scene, s: Sentence) -> Iterator[Draft]:
    """Drafts of ties in the sentence."""
    holders = load_frames().holders
    for i in range(len(s)):
        kind = holders.get(s.lemmas[i]) if s.is_noun(i) and i not in s.actor_at else None
        if s.lemmas[i] in ("group", "outfit", "movement", "militia") and any(
            s.lowers[c] in _PARTED for c in s.children[i]
        ):
            kind = "emerged_from"
        if kind is not None:
            yield from _holder(scene, s, i, kind)
        if s.is_noun(i) and (
            i in s.actor_at or s.lemmas[i] in ("group", "faction", "militia", "cell", "band", "unit", "rebels")
        ):
            yield from _under(scene, s, i)
        if i in s.actor_at or s.lowers[i] in ("pro", "anti") or s.lowers[i].startswith(("pro-", "anti-")):
            yield from _prefixed(scene, s, i)
        if i in s.actor_at:
            yield from _possessed(scene, s, i)


def _holder(scene: Scene, s: Sentence, i: int, kind: str) -> Iterator[Draft]:
    owners = list(dict.fromkeys(organisations(s, i)))
    described = list(dict.fromkeys(who_is(s, i)))
    if "splinter" in [s.lemmas[c] for c in s.kids(i, "compound", "amod")] or any(
        s.lowers[c] in ("breakaway", "splinter") for c in s.children[i]
    ):
        kind = "emerged_from"
    if kind == "emerged_from":  # «a splinter group allied with Y» did not come out of Y
        owners = [o for o in owners if not any(s.lowers[up] in _LINKED for up in s.ancestors(o))]
    types = [kind]
    if (
        any(s.lemmas[c] in ("defector", "renegade") for c in s.kids(i, "compound", "amod", "nmod"))
        and kind == "member_of"
    ):
        types = ["defected_from", "member_of"]
    if (
        not described
        and s.lemmas[i] in _SELF
        and s.deps[i] not in ("attr", "appos", "compound")
        and any(o in s.actor_at for o in owners)
    ):
        described = [i]  # «an al-Qaeda affiliate»: the noun phrase itself
    if not described and s.lemmas[i] in _NAMED_SELF and any(s.tags[c].startswith("NNP") for c in s.kids(i, "compound")):
        described = [i]  # «its Wazalendo allies»
        owners = [o for o in owners if s.deps[o] == "poss"]
    for d in described:
        subject = scene.role(s, d)
        if d == i and subject is not None:
            subject = Role(subject.surface, subject.start, subject.end, None, "group", None)
        if subject is not None and s.deps[i] == "oprd" and s.tags[d].startswith("NNP") and subject.kind == "thing":
            subject = replace(subject, kind="person")  # «X was named leader»
        if subject is None or not scene.is_actor(subject):
            continue
        for o in owners:
            obj = scene.role(s, o)
            if obj is None or not scene.is_actor(obj) or same(subject, obj) or obj.kind in ("person", "community"):
                continue
            if obj.actor is None and obj.kind not in ("group", "organisation"):
                continue
            for t in types:
                if t in ("leads", "member_of", "founded") and obj.kind in ("state", "media"):
                    continue
                if t in ("affiliate_of", "emerged_from") and subject.kind == "person":
                    continue
                yield Draft(s, i, "tie", t, f"tie.{t}.holder", subject, obj)


def _under(scene: Scene, s: Sentence, i: int) -> Iterator[Draft]:
    """«a third group, under X, holds out»: whom it obeys."""
    for k in syntax.prepositions(s, i).get("under", []):
        if s.entities.get(k, ("",))[0] == "PERSON":
            leader, group = scene.role(s, k), scene.role(s, i)
            if leader is not None and group is not None and group.kind in ("group", "organisation"):
                yield Draft(s, i, "tie", "leads", "tie.leads.under", leader, group)


def organisations(s: Sentence, i: int) -> Iterator[int]:
    """The body that a holder noun belongs to."""
    for c in s.kids(i, "poss", "compound", "nmod", "amod"):
        if c in s.actor_at or s.tags[c] == "PRP$":
            yield from syntax.conjuncts(s, c)
        elif s.lowers[c] == "whose":
            yield from (s.heads[up] for up in s.ancestors(c) if s.deps[up] == "relcl")
    preps = syntax.prepositions(s, i)
    for p in ("of", "for", "from", "to", "in", "with", "within"):
        for k in preps.get(p, []):
            if p == "in" and k in s.place_at:
                continue
            yield k
            if k not in s.actor_at:
                yield from (x for x in s.kids(k, "poss", "compound") if x in s.actor_at)
    for c in s.kids(i, "amod", "acl"):  # «a militant active with X», «fighters loyal to X»
        for p in ("with", "to", "in", "for", "from"):
            yield from (k for k in syntax.prepositions(s, c).get(p, []) if k in s.actor_at)
    for x in s.kids(i, "prep"):
        for k in s.children[x]:
            if s.tags[k].startswith("JJ"):
                yield from (o for o in syntax.prepositions(s, k).get("with", []) if o in s.actor_at)


def who_is(s: Sentence, i: int) -> Iterator[int]:
    """The one whom a holder noun describes: apposition, name, subject of «is», «appointed as»."""
    head, dep = s.heads[i], s.deps[i]
    if dep == "appos":
        yield syntax.first_conjunct(s, head)
    elif dep in ("compound", "nmod") and s.tags[head].startswith("NNP"):
        yield head
    elif dep == "attr" and s.is_verb(head):
        args = syntax.arguments(s, head)
        yield from args.agents
    elif dep in ("oprd",) and s.is_verb(head):
        args = syntax.arguments(s, head)
        yield from [k for k in args.patients if k != i] or ([] if args.passive else args.agents)
    elif dep == "dobj" and s.is_verb(head) and s.lemmas[head] in ("become", "remain"):
        yield from syntax.arguments(s, head).agents
    elif dep == "ccomp" and s.is_verb(head) and s.kids(i, "nsubj"):  # «appointed X the commander of»
        yield from s.kids(i, "nsubj")
    elif dep == "dobj" and s.is_verb(head) and s.lemmas[head] in ("appoint", "name", "make", "elect", "declare"):
        yield from (k for k in s.kids(head, "dative", "nsubjpass", "dobj") if k < i)
    elif dep == "pobj" and s.lowers[head] == "as":
        verb = s.heads[head]
        if s.is_verb(verb):
            args = syntax.arguments(s, verb)
            yield from args.patients or args.agents
        elif s.is_noun(verb):
            yield verb
    if dep == "conj":
        first = syntax.first_conjunct(s, i)
        if first != i and load_frames().holders.get(s.lemmas[first]):
            yield from who_is(s, first)
    yield from (
        k for c in s.kids(i, "appos") for k in syntax.conjuncts(s, c) if s.tags[c].startswith("NNP") or c in s.actor_at
    )
    preps = syntax.prepositions(s, i)
    for p in _LIKE:
        yield from (k for k in preps.get(p, []) if s.tags[k].startswith("NNP") or k in s.entities)
    if "such as" in preps or "as" in preps:
        yield from (k for k in preps.get("as", []) if k in s.entities and s.entities[k][0] == "PERSON")


def _prefixed(scene: Scene, s: Sentence, i: int) -> Iterator[Draft]:
    """«pro-ISKP cleric», «anti-Taliban forces», «Iran-backed militia», «al-Qaeda-linked group»."""
    if i not in s.actor_at:
        return
    before = s.lowers[max(0, i - 2) : i]
    prefix = before[-2] if len(before) == 2 and before[-1] in ("-", "‑", "–") else ""
    after = s.lowers[i + 1 : i + 3]
    suffix = (
        after[1]
        if len(after) == 2 and after[0] in ("-", "‑", "–")
        else (after[0] if after and after[0] in _BACKED else "")
    )
    noun = next((h for h in s.ancestors(i) if s.is_noun(h)), None)
    if noun is None:
        return
    holder = noun
    if s.deps[noun] == "appos" or (s.deps[noun] == "compound" and s.tags[s.heads[noun]].startswith("NNP")):
        holder = s.heads[noun]
    other, me = scene.role(s, holder), scene.role(s, i)
    if other is None or me is None:
        return
    if other.actor == me.actor and other.actor is not None:
        other = Role(other.surface, other.start, other.end, None, other.kind, None)
    if prefix in _SUPPORT_PREFIX and scene.is_actor(other):
        yield Draft(s, noun, "tie", "supports", "tie.supports.prefix", other, me)
    elif prefix in _OPPOSE_PREFIX and scene.is_actor(other):
        for banner in _banner(s, noun):
            role = scene.role(s, banner)
            if role is not None:
                other = role
        yield Draft(s, noun, "tie", "opposes", "tie.opposes.prefix", other, me)
    elif suffix in _BACKED and scene.is_actor(other):
        yield Draft(s, noun, "tie", _BACKED[suffix], "tie.supports.suffix", me, other)
    elif suffix in _LINKED and scene.is_actor(other):
        yield Draft(
            s,
            noun,
            "tie",
            "affiliate_of" if suffix != "allied" else "allied_with",
            "tie.affiliate_of.suffix",
            other,
            me,
        )


def _banner(s: Sentence, noun: int) -> Iterator[int]:
    for k in syntax.prepositions(s, noun).get("under", []):
        if s.lemmas[k] in ("banner", "name", "flag", "umbrella"):
            yield from (x for x in syntax.prepositions(s, k).get("of", []) if x in s.actor_at)


def _possessed(scene: Scene, s: Sentence, i: int) -> Iterator[Draft]:
    """«the Taliban's Haqqani Network»: a named group that belongs to another."""
    for c in s.kids(i, "poss", "compound"):
        if c not in s.actor_at:
            if s.deps[c] == "poss" and s.entities.get(c, ("",))[0] == "PERSON" and s.actor_at[i].kind == "group":
                leader, group = scene.role(s, c), scene.role(s, i)  # «Nur Misuari's MNLF»
                if leader is not None and group is not None:
                    yield Draft(s, i, "tie", "leads", "tie.leads.possessive", leader, group)
            continue
        mine, owner = s.actor_at[i], s.actor_at[c]
        if mine.kind == "group" and owner.kind == "group" and mine.actor != owner.actor and s.deps[c] == "poss":
            a, b = scene.role(s, i), scene.role(s, c)
            if a is not None and b is not None:
                yield Draft(s, i, "tie", "affiliate_of", "tie.affiliate_of.possessive", a, b)
