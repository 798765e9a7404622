"""Strengths: «the number of fighters varies from 500 to 1500», «it has 1,000 armed men», «a 300-strong militia»."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spillover.reading import syntax
from spillover.reading.patterns.measures import types_by_word, word_set
from spillover.reading.scene import Draft, Scene, quantity
from spillover.reading.sentence import Sentence
from spillover.reading.statement import Role

_STRONG = re.compile(r"(\d[\d,.]*|[a-z]+)[ -‑]strong\b", re.IGNORECASE)
_TYPES = ("fighters", "members", "recruits", "cells")
_OWNERS = frozenset({"group", "organisation", "state_force"})


def find(scene: Scene, s: Sentence) -> Iterator[Draft]:
    """Drafts of strengths in the sentence."""
    if not s.mentions.quantities:
        return
    types = types_by_word("strength", *_TYPES)
    seen: set[int] = set()
    for i in range(len(s)):
        if s.is_noun(i) and s.lemmas[i] in word_set("strength", "nouns"):
            yield from _number_of(scene, s, i, types, seen)
    yield from _put_at(scene, s, seen)
    for i in range(len(s)):
        if s.is_noun(i) and s.lemmas[i] in types and i not in s.actor_at:
            yield from _owned(scene, s, i, types[s.lemmas[i]], seen)
        elif i in s.quantity_at:  # «thousands of fighters»
            inside = [
                k for k in syntax.prepositions(s, i).get("of", []) if s.lemmas[k] in types and k not in s.actor_at
            ]
            if inside:
                yield from _owned(scene, s, i, types[s.lemmas[inside[0]]], seen)


def _number_of(scene: Scene, s: Sentence, i: int, types: dict[str, str], seen: set[int]) -> Iterator[Draft]:
    """«the estimated number of X fighters varies from 500 to 1500, which may rise to 10,000»."""
    counted = next(
        (k for k in syntax.prepositions(s, i).get("of", []) if s.lemmas[k] in types or k in s.actor_at), None
    )
    owner = (
        counted
        if counted is not None
        else next(
            (k for k in s.kids(i, "poss", "compound") if k in s.actor_at or s.tags[k] == "PRP$" or s.deps[k] == "poss"),
            None,
        )
    )
    if owner is None:
        return
    subject = _owner(scene, s, owner)
    if subject is None:
        return
    type_ = types.get(s.lemmas[counted], "fighters") if counted is not None else "fighters"
    # the verb of the number, and verbs of relative clauses that go on about it
    verbs = [up for up in s.ancestors(i) if s.is_verb(up)][:1]
    verbs += [
        c for v in verbs for c in s.subtree(v) if c != v and s.is_verb(c) and s.deps[c] in ("relcl", "conj", "advcl")
    ]
    verbs += [c for c in s.subtree(i) if s.is_verb(c)]
    for v in dict.fromkeys(verbs):
        if s.lemmas[v] not in word_set("strength", "verbs") | {"be"}:
            continue
        inside = set(s.subtree(v)) - {k for w in verbs if w != v and w in s.subtree(v) for k in s.subtree(w)}
        for m in s.mentions.quantities:
            at = next((k for k in range(len(s)) if s.starts[k] <= m.start < s.ends[k]), None)
            if at in inside and m.start not in seen and not m.percent and not m.money and m.start > s.starts[i]:
                seen.add(m.start)
                draft = Draft(s, v, "strength", type_, "strength.number_of", subject)
                draft.quantity = quantity(m, type_.rstrip("s"))
                if s.kids(i, "amod") and any(s.lowers[c] == "estimated" for c in s.kids(i, "amod")):
                    draft.stance = scene.stance(s, v).with_status("assessed")
                yield draft


def _owned(scene: Scene, s: Sentence, i: int, type_: str, seen: set[int]) -> Iterator[Draft]:
    m = scene.quantity_of(s, i)
    if m is None or m.percent or m.money or m.measure or m.start in seen:
        return
    owner: int | None = None
    pred = i
    verb = next((up for up in s.ancestors(i) if s.is_verb(up)), None)
    if (
        verb is not None
        and s.lemmas[verb] in word_set("strength", "verbs")
        and s.deps[i] in ("dobj", "attr", "pobj", "conj")
    ):
        args = syntax.arguments(s, verb)
        if s.lemmas[s.heads[i]] in ("total", "force", "strength") or s.deps[i] in ("dobj", "attr", "pobj", "conj"):
            owner = next(iter(args.agents or args.patients), None)
            pred = verb
            if owner == i or (owner is not None and not s.is_noun(owner) and not s.tags[owner].startswith("PRP")):
                owner = None
    if owner is None:  # «its 40,000 combatants»
        owner = next((c for c in s.kids(i, "poss") if c in s.actor_at or s.tags[c] == "PRP$"), None)
    if owner is None and s.deps[i] == "pobj" and s.lowers[s.heads[i]] in ("with", "of"):
        up = s.heads[s.heads[i]]
        if s.lowers[s.heads[i]] == "of" and s.lemmas[up] in types_by_word("strength", *_TYPES) and s.deps[up] == "pobj":
            type_ = types_by_word("strength", *_TYPES)[
                s.lemmas[up]
            ]  # «minicells with recruits of five to dozen people»
            i = up
            up = s.heads[s.heads[up]]
        if (s.is_noun(up) and s.lowers[s.heads[i]] == "with") or s.lemmas[up] in (
            "force",
            "army",
            "total",
            "militia",
            "group",
        ):
            owner = up
        elif s.lowers[s.heads[i]] == "with" and s.is_verb(up) and s.heads[i] < up:
            owner = next((a for a in syntax.arguments(s, up).agents if a in s.actor_at), None)  # «With 25,000, the RSF»
    if (
        owner is None
        and s.deps[i] == "nsubjpass"
        and s.lemmas[s.heads[i]] in ("prepare", "recruit", "train", "enlist", "mobilize")
    ):
        return
    if owner is None:
        return
    subject = _owner(scene, s, owner)
    if subject is None:
        return
    seen.add(m.start)
    draft = Draft(s, pred, "strength", type_, "strength.owned", subject)
    draft.quantity = quantity(m, s.lemmas[i])
    yield draft


def _put_at(scene: Scene, s: Sentence, seen: set[int]) -> Iterator[Draft]:
    """«experts put the group's forces at between 3,000 and 4,000»."""
    for i in range(len(s)):
        if s.lemmas[i] not in ("put", "estimate", "reckon", "number") or not s.is_verb(i):
            continue
        for target in s.kids(i, "dobj", "nsubjpass"):
            subject = _owner(scene, s, target)
            counted = (
                s.lemmas[target] in ("force", "strength", "number", "rank", "fighter", "troop", "militant", "member")
                or target in s.actor_at
            )
            if subject is None or not counted:
                continue
            for m in s.mentions.quantities:
                at = s.token_at(m.start)
                if (
                    at is not None
                    and i in s.ancestors(at)
                    and m.start > s.starts[i]
                    and m.start not in seen
                    and not (m.percent or m.money)
                ):
                    seen.add(m.start)
                    draft = Draft(s, i, "strength", "fighters", "strength.put_at", subject)
                    draft.quantity = quantity(m, "fighter")
                    if s.lemmas[i] in ("estimate", "reckon"):
                        draft.stance = scene.stance(s, i).with_status("assessed")
                    yield draft
                    break


def _owner(scene: Scene, s: Sentence, i: int) -> Role | None:
    role = scene.role(s, i)
    if role is None:
        return None
    if role.actor is not None or role.kind in _OWNERS:
        return role
    return None
