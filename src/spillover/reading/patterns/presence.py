"""Presence: where a group is active, has cells or a base, or holds ground."""

from __future__ import annotations

from collections.abc import Iterator

from spillover.reading import syntax
from spillover.reading.nouns import noun_kinds
from spillover.reading.patterns.measures import word_set
from spillover.reading.scene import Draft, Scene, most_specific
from spillover.reading.sentence import Sentence
from spillover.reading.stance import Stance
from spillover.reading.statement import Role

_HOLDERS = frozenset({"group", "organisation", "state_force"})


def find(scene: Scene, s: Sentence) -> Iterator[Draft]:
    """Drafts of presences in the sentence."""
    if not s.place_at and not any(w in ("there", "town", "city", "village", "area", "province") for w in s.lowers):
        return
    for i in range(len(s)):
        if s.is_verb(i):
            yield from _verb(scene, s, i)
        elif s.is_noun(i) and i not in s.actor_at:
            yield from _noun(scene, s, i)
        elif i in s.actor_at:
            yield from _within(scene, s, i)


def _draft(
    scene: Scene, s: Sentence, pred: int, type_: str, rule: str, subject: Role | None, heads: tuple[int, ...] = ()
) -> Iterator[Draft]:
    if (
        subject is None
        or not (subject.actor is not None or subject.kind in _HOLDERS)
        or subject.kind in ("state", "person", "media", "community")
    ):
        return
    places = scene.places(s, pred, heads)
    if places:
        draft = Draft(s, pred, "presence", type_, f"presence.{type_}.{rule}", subject)
        draft.place = places
        yield draft


def _topic(scene: Scene, s: Sentence) -> Role | None:
    """Whose hide-outs they are, where the sentence says so by a pronoun alone («small hideouts are also their
    strength»).
    """
    for i in range(len(s)):
        if s.tags[i] == "PRP$":
            role = scene.role(s, i)
            if role is not None and role.kind in _HOLDERS:
                return role
    return None


def _attribute(scene: Scene, s: Sentence, i: int) -> Iterator[Draft]:
    """«X is one of six active guerrilla groups in Colombia», «X, a militant group in Mali»."""
    if noun_kinds().get(s.lemmas[i]) != "group":
        return
    top = i
    while (
        s.deps[top] == "pobj"
        and s.lowers[s.heads[top]] == "of"
        and s.lowers[s.heads[s.heads[top]]] in ("one", "some", "part", "largest", "most")
    ):
        top = s.heads[s.heads[top]]
    described = (
        syntax.arguments(s, s.heads[top]).agents
        if s.deps[top] == "attr"
        else [s.heads[top]]
        if s.deps[top] == "appos"
        else []
    )
    for a in described:
        if a in s.actor_at and s.actor_at[a].kind == "group":
            places = [
                p
                for t, p in s.place_at.items()
                if i in s.ancestors(t)
                and s.deps[t] in ("pobj", "conj")
                and "relcl" not in {s.deps[x] for x in [t, *s.ancestors(t)][: [t, *s.ancestors(t)].index(i)]}
            ]
            if places:
                draft = Draft(s, s.heads[top], "presence", "active", "presence.active.attribute", scene.role(s, a))
                draft.place = places
                yield draft


def _within(scene: Scene, s: Sentence, i: int) -> Iterator[Draft]:
    """«brothers of AQAP in Yemen and Saudi Arabia»: a group named with where it is."""
    if s.actor_at[i].kind != "group" or s.deps[i] != "pobj" or s.lowers[s.heads[i]] not in ("of", "with", "from", "to"):
        return
    places = [s.place_at[k] for k in syntax.prepositions(s, i).get("in", []) if k in s.place_at]
    if places:
        draft = Draft(s, i, "presence", "active", "presence.active.named", scene.role(s, i))
        draft.place, draft.stance = most_specific(places), Stance()
        yield draft


def _verb(scene: Scene, s: Sentence, i: int) -> Iterator[Draft]:
    lemma = s.lemmas[i]
    args = syntax.arguments(s, i)
    type_ = None
    actors = args.agents
    if lemma in ("establish", "set", "impose", "proclaim", "declare", "create", "run") and any(
        s.lemmas[p] in word_set("presence", "administrations") for p in args.patients
    ):
        for a in actors:
            yield from _draft(scene, s, i, "control", "administration", scene.role(s, a), tuple(args.patients))
        return
    if lemma in word_set("presence", "control_verbs") and not args.passive:
        inner = [k for p in args.patients for k in (p, *syntax.prepositions(s, p).get("of", []))]
        held = [p for p in inner if p in s.place_at]
        territory = [p for p in inner if s.lemmas[p] in word_set("presence", "ground")]
        if held or territory:
            for a in actors:
                role = scene.role(s, a)
                places = [s.place_at[p] for p in held] or scene.places(s, i)
                if (
                    role is not None
                    and places
                    and (role.actor or role.kind in _HOLDERS)
                    and role.kind not in ("person", "community")
                ):
                    draft = Draft(s, i, "presence", "control", "presence.control.verb", role)
                    draft.place = places
                    yield draft
            return
    if lemma in word_set("presence", "base_verbs"):
        if s.kids(i, "prep") and s.lowers[s.kids(i, "prep")[0]] in ("on", "upon"):
            return
        type_, actors = "base", args.patients if args.passive else args.agents
    elif lemma in word_set("presence", "active") and not s.kids(i, "xcomp"):
        type_ = "active"
        if s.kids(i, "dobj"):
            return
    elif lemma == "be" or lemma == "remain":
        adjectives = s.kids(i, "acomp")
        if any(s.lemmas[c] in word_set("presence", "active_adjectives") for c in adjectives):
            type_ = "active"
    if type_ is None:
        return
    for a in actors:
        head_type = "cells" if s.lemmas[a] in word_set("presence", "cells") else type_
        if s.lemmas[a] in word_set("presence", "base"):
            head_type = "base"
        subject = scene.role(s, a)
        if head_type != type_ and subject is not None and subject.actor is None:
            subject = _topic(scene, s) or subject
        yield from _draft(scene, s, i, head_type, "verb", subject)


def _noun(scene: Scene, s: Sentence, i: int) -> Iterator[Draft]:
    lemma = s.lemmas[i]
    type_ = next(
        (
            t
            for t, name in (
                ("cells", "cells"),
                ("base", "base"),
                ("active", "active_nouns"),
                ("control", "control_nouns"),
            )
            if lemma in word_set("presence", name)
        ),
        None,
    )
    if type_ is None and s.lowers[i] in ("safe haven",):
        type_ = "base"
    if type_ is None:
        yield from _attribute(scene, s, i)
        return
    owners = syntax.nominal(s, i).agents
    owners += [c for c in s.kids(i, "compound", "nmod") if c in s.actor_at and c not in owners]
    verb = next((up for up in s.ancestors(i) if s.is_verb(up)), None)
    if not owners and verb is not None:
        args = syntax.arguments(s, verb)
        if s.deps[i] in ("dobj", "pobj", "conj") and s.lemmas[verb] in (
            "have", "maintain", "establish", "set", "use", "build", "keep", "run", "gain", "take", "seize",
            "retain", "operate", "lose", "create", "find",
        ):  # fmt: skip
            owners = args.agents
    if (
        s.deps[i] == "dobj"
        and verb is not None
        and s.lemmas[verb] in ("attack", "hit", "destroy", "strike", "raid", "bomb", "leave", "depart")
        and not owners
    ):
        return
    for o in owners:
        subject = scene.role(s, o)
        heads = (i,) if verb is None else (i, verb) if s.deps[i] in ("dobj", "nsubj", "attr") else (i,)
        if type_ == "control":
            held = [*syntax.prepositions(s, i).get("of", []), *syntax.prepositions(s, i).get("over", [])]
            if not any(k in s.place_at or s.lemmas[k] in word_set("presence", "ground") for k in held):
                continue
        yield from _draft(scene, s, i, type_, "noun", subject, heads)
