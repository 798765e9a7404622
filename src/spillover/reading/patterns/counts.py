"""Counts: «there have been 77 attacks», «launched almost 8,000 strikes», «killing 13 service members and at least 170
civilians».
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeGuard

from spillover.lexicon import word_list
from spillover.reading import syntax
from spillover.reading.patterns.events import without_number
from spillover.reading.patterns.frames import load_frames
from spillover.reading.patterns.measures import types_by_word
from spillover.reading.patterns.predicates import noun_frames, noun_sides
from spillover.reading.quantities import QuantityMention
from spillover.reading.scene import Draft, Scene, quantity, unit_of
from spillover.reading.sentence import Sentence
from spillover.reading.statement import Role


def _is_number(m: QuantityMention | None) -> TypeGuard[QuantityMention]:
    """Does the quantity say a number at all («several» does not)?"""
    return m is not None and (m.low is not None or m.high is not None)


_INTRANSITIVE = frozenset({"die", "perish"})


def find(scene: Scene, s: Sentence) -> Iterator[Draft]:
    """Drafts of counts in the sentence."""
    if not s.mentions.quantities:
        return
    events = types_by_word("counts")
    for i in range(len(s)):
        if s.is_noun(i) and s.lemmas[i] in events:
            yield from _events(scene, s, i, events[s.lemmas[i]])
        if s.is_verb(i):
            yield from _casualties(scene, s, i)
        yield from _dead(scene, s, i)
    yield from _apposed(scene, s, events)


def _events(scene: Scene, s: Sentence, i: int, type_: str) -> Iterator[Draft]:
    m = scene.quantity_of(s, i)
    if not _is_number(m) or not scene.states_number(s, i):
        return
    frames = [f for f in noun_frames(s, i) if f.kind == "event"]
    if not frames:
        return
    sides = noun_sides(s, i, frames[0])
    roles = (scene.role(s, a) for a in sides.subjects[:1])
    subject = next((r for r in roles if r is not None and scene.is_actor(r)), None)
    obj = next((r for b in sides.objects[:1] if (r := scene.role(s, b)) is not None), None)
    draft = Draft(s, i, "count", type_, f"count.{type_}", subject, obj)
    draft.quantity = quantity(m, unit_of(s, i))
    yield draft


def _casualties(scene: Scene, s: Sentence, i: int) -> Iterator[Draft]:
    type_ = types_by_word("casualties").get(s.lemmas[i])
    if s.lemmas[i] in ("drive", "force", "push") and from_home(s, i):
        type_ = "displaced"
    if s.lemmas[i] == "cross" and not args_objects(s, i) and syntax.prepositions(s, i).get("into"):
        type_ = "displaced"
    if s.lemmas[i] == "flee" and not is_forced(s, i):
        type_ = "displaced"
    args = syntax.arguments(s, i)
    if s.lemmas[i] in ("cost", "claim", "take") and any(s.lemmas[p] == "life" for p in args.patients):
        type_ = "killed"
    if type_ is None:
        return
    harmed, agents = args.patients, args.agents
    if s.lemmas[i] in _INTRANSITIVE | {"flee", "cross"} and not args.passive:
        harmed, agents = args.agents, []
    if type_ not in ("killed", "wounded", "displaced") or s.lemmas[i] in (
        "execute",
        "murder",
        "behead",
        "massacre",
        "slaughter",
    ):
        return  # an event with its quantity says it
    doers = _agents(scene, s, i, agents)
    among = [k for h in harmed for k in syntax.prepositions(s, h).get("including", [])]
    for h in [*harmed, *among]:
        m = scene.quantity_of(s, h)
        if not _is_number(m) or m.percent or m.money or m.measure:
            continue
        for doer in doers:
            draft = Draft(s, i, "count", type_, f"count.{type_}.verb", doer, _counted(scene, s, h))
            draft.quantity = quantity(m, unit_of(s, h))
            yield draft


def from_home(s: Sentence, i: int) -> bool:
    """«drove two million from their homes», «forced 65,000 to flee»."""
    away = [k for p in ("from", "out", "out of", "of") for k in syntax.prepositions(s, i).get(p, [])]
    flees = any(s.lemmas[x] in ("flee", "leave", "abandon", "evacuate") for x in s.kids(i, "xcomp", "ccomp", "advcl"))
    return flees or any(s.lemmas[k] in ("home", "house", "village", "land", "country") for k in away)


def args_objects(s: Sentence, i: int) -> list[int]:
    """The verb's direct objects."""
    return s.kids(i, "dobj")


def is_forced(s: Sentence, i: int) -> bool:
    """Is it the «flee» of «forced to flee», which counts with its verb?"""
    return s.deps[i] in ("xcomp", "ccomp") and s.lemmas[s.heads[i]] in ("force", "drive", "cause", "push")


def _counted(scene: Scene, s: Sentence, i: int) -> Role | None:
    role = scene.role(s, i)
    return without_number(scene, s, i, role) if role is not None else None


def _agents(scene: Scene, s: Sentence, i: int, agents: list[int]) -> list[Role | None]:
    """Each of those who did it; one ``None`` where nobody is named."""
    first = _agent(scene, s, i, agents)
    more = [r for a in agents if (r := scene.role(s, a)) is not None and scene.is_actor(r)]
    return list(more) if len(more) > 1 and first in more else [first]


def _agent(scene: Scene, s: Sentence, i: int, agents: list[int]) -> Role | None:
    """Who did it: the subject, or the doer of the deed that is the subject («airstrikes killed», «died in an attack
    by»).
    """
    nouns = load_frames().event_nouns
    near = [*agents, *(k for p in ("in", "by", "during", "when") for k in syntax.prepositions(s, i).get(p, []))]
    for a in near:
        head = a
        if s.lemmas[a] in syntax.PARTITIVE:
            head = next(iter(syntax.prepositions(s, a).get("of", [])), a)
        if s.lemmas[head] in nouns or s.lemmas[head] in ("strike", "bomb", "gunfire", "shell"):
            owners = syntax.nominal(s, head).agents
            near_it = s.kids(head, "compound", "amod", "nmod")
            owners += [c for c in near_it if c in s.actor_at and not syntax.is_where(s, c)]
            if not owners and s.deps[head] in ("dobj", "pobj"):  # «X carried out attacks, which killed 166»
                owners = [k for f in noun_frames(s, head)[:1] for k in noun_sides(s, head, f).subjects]
            owner = next((r for o in owners if (r := scene.role(s, o)) is not None), None)
            if owner is not None or a in agents:
                return owner
    for a in agents:
        role = scene.role(s, a)
        if role is not None and scene.is_actor(role):
            return role
    return None


_CAUSING = word_list("counts", "causing")


def _dead(scene: Scene, s: Sentence, i: int) -> Iterator[Draft]:
    """«left 20 dead», «17 deaths», «50 wounded»."""
    type_ = types_by_word("dead").get(s.lowers[i]) or (types_by_word("dead").get(s.lemmas[i]) if s.is_noun(i) else None)
    if type_ is None or (s.is_verb(i) and s.tags[i] not in ("VBN", "VBD")):
        return
    m = None
    target: int | None = None
    if s.is_noun(i) or s.kids(i, "nummod", "quantmod"):
        m = scene.quantity_of(s, i)
        target = (
            i
            if s.lemmas[i] not in ("death", "casualty", "fatality", "victim", "injury")
            else next(iter(syntax.prepositions(s, i).get("of", [])), None)
        )
    elif s.deps[i] in ("oprd", "acomp", "amod", "acl", "advcl", "xcomp", "ccomp", "conj"):
        subjects = (
            s.kids(i, "nsubj") or s.kids(s.heads[i], "dobj") if s.deps[i] not in ("amod", "acl") else [s.heads[i]]
        )
        for k in subjects:
            m, target = scene.quantity_of(s, k), k
    if not _is_number(m) or m.percent or m.money:
        return
    if s.is_verb(i) and (
        s.kids(i, "nsubj", "nsubjpass", "auxpass", "dobj") or s.deps[i] not in ("oprd", "acomp", "ccomp", "acl", "amod")
    ):
        return
    obj = _counted(scene, s, target) if target is not None else None
    agent = None
    for up in s.ancestors(i):
        if s.is_verb(up):
            if s.lemmas[up] in _CAUSING:
                agent = _agent(scene, s, up, syntax.arguments(s, up).agents)
            break
    draft = Draft(
        s, i, "count", type_, f"count.{type_}.dead", agent, obj if obj is None or obj.kind != "thing" else None
    )
    draft.quantity = quantity(m, unit_of(s, target) if target is not None else None)
    yield draft


def _apposed(scene: Scene, s: Sentence, events: dict[str, str]) -> Iterator[Draft]:
    """A number that takes up a noun before it: «with air strikes -- eight in the last 24 hours -- as well as»."""
    for i, m in s.quantity_at.items():
        if s.tags[i] != "CD" or s.kids(i, "prep") == [] or any(s.lowers[c] == "of" for c in s.kids(i, "prep")):
            continue
        if s.is_noun(s.heads[i]) and s.deps[i] == "nummod":
            continue
        before = next((k for k in range(i - 1, max(-1, i - 5), -1) if s.is_noun(k)), None)
        if before is None or s.lemmas[before] not in events or not any(w in "-–—," for w in s.words[before + 1 : i]):
            continue
        frames = [f for f in noun_frames(s, before) if f.kind == "event"]
        subject = next(
            (
                r
                for up in s.ancestors(before)
                if s.is_verb(up)
                for a in syntax.arguments(s, up).agents[:1]
                if (r := scene.role(s, a)) is not None
            ),
            None,
        )
        if frames:
            draft = Draft(s, i, "count", events[s.lemmas[before]], "count.apposed", subject, None)
            draft.quantity = quantity(m, s.lemmas[before])
            yield draft
