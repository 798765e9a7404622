"""How groups come of groups: mergers into a new one, splits that make one, and those who made it.

«A, B and C merged to form D» · «D was formed by the merger of A and B» · «A merged into D» · «members left A to
form B» ·
«B formed when X split from A» · «B was founded by former A commanders».
"""

from __future__ import annotations

from collections.abc import Iterator

from spillover.lexicon import word_list
from spillover.reading import syntax
from spillover.reading.patterns.names import same
from spillover.reading.scene import Draft, Scene
from spillover.reading.sentence import Sentence
from spillover.reading.statement import Role

_MERGING = word_list("mergers", "merging")
_MERGER = word_list("mergers", "merger")
_FORMING = word_list("mergers", "forming")
_LEAVING = word_list("mergers", "leaving")
_MEMBERS = word_list("mergers", "members")


def find(scene: Scene, s: Sentence) -> Iterator[Draft]:
    """Drafts of mergers and splits in the sentence."""
    for i in range(len(s)):
        if s.is_verb(i) and s.lemmas[i] in _MERGING:
            yield from _merging(scene, s, i)
        elif s.is_noun(i) and s.lemmas[i] in _MERGER:
            yield from _merger(scene, s, i)
        if s.is_verb(i) and s.lemmas[i] in _LEAVING:
            yield from _leaving(scene, s, i)
        if s.is_verb(i) and s.lemmas[i] in _FORMING:
            yield from _made_by(scene, s, i)


def _group(scene: Scene, s: Sentence, i: int) -> Role | None:
    role = scene.role(s, i)
    return (
        role
        if role is not None and role.kind in ("group", "organisation", "unknown", "state") and role.kind != "state"
        else None
    )


def _formed(s: Sentence, i: int) -> list[int]:
    """What comes of it: «to form X», «to become X», «forming X», «into X»."""
    for c in s.kids(i, "xcomp", "advcl", "conj"):
        if s.is_verb(c) and s.lemmas[c] in _FORMING and c > i:
            out = [k for o in s.kids(c, "dobj", "attr", "oprd") for k in syntax.conjuncts(s, o)]
            if out:
                return [named(s, k) for k in out]
    return [named(s, k) for k in syntax.prepositions(s, i).get("into", [])]


def named(s: Sentence, i: int) -> int:
    """«a separate group called X», «a new group known as X», «the group X»: X."""
    if i in s.actor_at:
        return i
    for c in s.kids(i, "acl"):
        if s.lemmas[c] in ("call", "know", "name", "dub", "title"):
            inner = s.kids(c, "oprd", "dobj", "attr") + [k for p in s.kids(c, "prep") for k in s.kids(p, "pobj")]
            if inner:
                return inner[0]
    for c in s.kids(i, "appos"):
        if c in s.actor_at or s.tags[c].startswith("NNP"):
            return c
    return i


def _members(s: Sentence, heads: list[int]) -> list[int]:
    return list(dict.fromkeys(k for h in heads for k in syntax.expand(s, h)))


def _pairs(
    scene: Scene, s: Sentence, pred: int, members: list[int], target: int, type_: str, rule: str
) -> Iterator[Draft]:
    obj = _group(scene, s, target)
    if obj is None:
        return
    for m in members:
        subject = _group(scene, s, m)
        if subject is not None and not same(subject, obj):
            yield Draft(s, pred, "tie", type_, f"tie.{type_}.{rule}", subject, obj)


def _merging(scene: Scene, s: Sentence, i: int) -> Iterator[Draft]:
    args = syntax.arguments(s, i)
    members = _members(s, [*args.agents, *args.patients, *args.preps.get("with", [])])
    if (
        s.lemmas[i] == "join"
        and not args.preps.get("with")
        and s.lemmas[i + 1 : i + 2] != ["together"]
        and not any(s.lemmas[p] == "force" for p in args.patients)
    ):
        return
    up = s.heads[i]
    targets = _formed(s, i)
    if (
        not targets
        and s.deps[i] == "advcl"
        and s.is_verb(up)
        and s.lemmas[up] in _FORMING | {"emerge", "begin", "arise"}
    ):
        upper = syntax.arguments(s, up)  # «the group was formed in 2017, when A and B merged»
        targets = upper.patients if upper.passive else upper.agents
    for target in targets:
        yield from _pairs(scene, s, i, [m for m in members if m != target], target, "merged_into", "formed")
    for k in args.preps.get("under", []):  # «merged under X»
        leader = scene.role(s, k) if s.entities.get(k, ("",))[0] == "PERSON" else None
        for target in targets or members[:1]:
            whole = _group(scene, s, target)
            if leader is not None and whole is not None:
                yield Draft(s, i, "tie", "leads", "tie.leads.under", leader, whole)


def _merger(scene: Scene, s: Sentence, i: int) -> Iterator[Draft]:
    preps = syntax.prepositions(s, i)
    members = _members(
        s, [*preps.get("of", []), *preps.get("between", []), *preps.get("among", []), *preps.get("with", [])]
    )
    if not members:
        return
    targets = [*preps.get("into", [])]
    for up in s.ancestors(i):
        if s.is_verb(up) and s.lemmas[up] in _FORMING | {"be", "result", "emerge"}:
            args = syntax.arguments(s, up)
            if s.deps[i] in ("attr",):
                targets += args.agents
            elif args.passive or s.deps[i] in ("nsubj",):
                targets += args.patients
            break
    for c in s.kids(i, "acl"):
        if s.lemmas[c] in _FORMING:
            targets += [k for o in s.kids(c, "dobj") for k in syntax.conjuncts(s, o)]
    if s.deps[i] == "appos":
        targets.append(s.heads[i])
    for target in targets:
        yield from _pairs(scene, s, i, [m for m in members if m != target], named(s, target), "merged_into", "merger")


def _leaving(scene: Scene, s: Sentence, i: int) -> Iterator[Draft]:
    """«left A to form B», «B formed when members split from A»."""
    args = syntax.arguments(s, i)
    left = [
        *args.preps.get("from", []),
        *args.preps.get("with", []),
        *(args.patients if s.lemmas[i] in ("leave", "quit", "split") else []),
    ]
    made = _formed(s, i)
    if not made:
        up = s.heads[i]
        if (
            s.deps[i] in ("advcl",)
            and s.is_verb(up)
            and s.lemmas[up] in _FORMING | {"emerge", "begin", "arise", "originate"}
        ):
            upper = syntax.arguments(s, up)
            made = upper.patients if upper.passive else upper.agents
    if not left:  # «members of A split to form B», «one of its commanders left to form B»
        left = [k for a in args.agents for k in _whose(s, a)]
    for target in made:
        whole = _group(scene, s, target)
        for a in left:
            parent = _group(scene, s, a)
            if whole is not None and parent is not None and not same(whole, parent):
                yield Draft(s, i, "tie", "emerged_from", "tie.emerged_from.split", whole, parent)


def _whose(s: Sentence, a: int) -> list[int]:
    """The group that a member, or «one of» several, belongs to: a name or a possessive pronoun below the noun."""
    below = [k for k in s.subtree(a) if k != a and s.deps[k] in ("poss", "pobj", "compound", "nmod")]
    named = [k for k in below if k in s.actor_at and s.actor_at[k].kind == "group"] or [
        k for k in below if s.tags[k] == "PRP$"
    ]
    member = any(s.lemmas[k] in _MEMBERS for k in (a, *below))
    return named[:1] if member else []


def _made_by(scene: Scene, s: Sentence, i: int) -> Iterator[Draft]:
    """«B was founded by former A commanders», «A members formed B», «B was created by A»."""
    args = syntax.arguments(s, i)
    if s.deps[i] in ("xcomp", "advcl") and s.lemmas[s.heads[i]] in _MERGING:
        return  # «merged to form B»: a merger, not a split
    for b in args.patients:
        child = _group(scene, s, named(s, b))
        if child is None or (child.actor is None and child.how is None):
            continue
        for a in args.agents:
            inner = [
                k
                for k in (
                    *syntax.prepositions(s, a).get("of", []),
                    *syntax.prepositions(s, a).get("from", []),
                    *s.kids(a, "compound", "poss"),
                )
                if k in s.actor_at
            ]
            sources = (
                inner if s.lemmas[a] in _MEMBERS else [a] if a in s.actor_at and s.actor_at[a].kind == "group" else []
            )
            for k in sources:
                parent = _group(scene, s, k)
                if parent is not None and not same(child, parent):
                    yield Draft(s, i, "tie", "emerged_from", "tie.emerged_from.made_by", child, parent)
