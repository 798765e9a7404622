"""Events and ties that a verb or an action noun asserts, by the frame table; and the ties that group-on-group violence
implies.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from spillover.lexicon import word_list
from spillover.reading import syntax
from spillover.reading.patterns.captures import captured
from spillover.reading.patterns.frames import Frame, load_frames
from spillover.reading.patterns.implied import implied
from spillover.reading.patterns.measures import types_by_word
from spillover.reading.patterns.names import same
from spillover.reading.patterns.predicates import EFFECT, Sides, noun_frames, noun_sides, verb_frames, verb_sides
from spillover.reading.places import PlaceMention
from spillover.reading.roles import is_nobody
from spillover.reading.scene import Draft, Scene
from spillover.reading.sentence import Sentence
from spillover.reading.statement import Role, Span

CASUALTY = word_list("events", "casualty")
_ARMED = frozenset({"group", "state_force"})
_LABOUR = word_list("events", "labour")
_BOMBERS = word_list("events", "bombers")
_GENERIC = frozenset({"the", "this", "that", "these", "those", "such", "any"})


def find(scene: Scene, s: Sentence) -> Iterator[Draft]:
    """Drafts of events and ties in the sentence."""
    for i in range(len(s)):
        if any(m.start <= s.starts[i] < m.end for m in s.mentions.times):
            continue  # «March» is no march
        if s.is_verb(i):
            yield from _verb(scene, s, i)
        elif (
            s.is_noun(i) and i not in s.actor_at and s.entities.get(i, ("",))[0] not in ("PERSON", "GPE", "LOC", "FAC")
        ):
            yield from _noun(scene, s, i)
            yield from _joint(scene, s, i)
            if s.lemmas[i] in load_frames().event_nouns:
                yield from _claimed(scene, s, i)


def _verb(scene: Scene, s: Sentence, i: int) -> Iterator[Draft]:
    done: list[tuple[int, ...]] = []
    for frame in verb_frames(s, i):
        sides = verb_sides(s, i, frame)
        if sides is None:
            continue
        if (
            frame.type != "claim"
            and (frame.kind == "event" or "within" in frame.object)
            and _is_carried_by_a_noun(s, i, sides)
        ):
            continue
        deeds = [
            p
            for p in syntax.arguments(s, i).patients
            if s.lemmas[p] in frame.needs and s.lemmas[p] in types_by_word("counts")
        ]
        if any(scene.quantity_of(s, p) for p in deeds):
            continue  # a count of strikes says it
        if frame.kind == "event" and s.lemmas[i] in CASUALTY and any(scene.quantity_of(s, o) for o in sides.objects):
            continue  # a count of casualties says it
        if any(set(sides.objects) & set(o) for o in done):
            continue
        if frame.type == "attack" and any(s.lemmas[k] in CHARGES for k in sides.objects):
            sides = Sides((), sides.subjects)  # «their convoy hit a landmine»
            frame = _frame_of("bombing")
        elif frame.type == "attack" and any(s.lemmas[k] in CHARGES for k in sides.subjects):
            frame, sides = _frame_of("bombing"), Sides((), sides.objects)  # «destroyed by a bomb»
        found = list(_drafts(scene, s, i, frame, sides, f"{frame.kind}.{frame.type}.verb"))
        if found:
            done.append(sides.objects)
            yield from found
            if not sides.objects:
                return


def _noun(scene: Scene, s: Sentence, i: int) -> Iterator[Draft]:
    for frame in noun_frames(s, i):
        if not _means_it(s, i, frame):
            continue
        host = _host(s, i)
        sides = noun_sides(s, host, frame)
        if frame.kind == "event" and scene.states_number(s, i) and _is_counted(frame):
            continue  # a count of attacks says it
        yield from _drafts(scene, s, host, _bombing(s, i, frame), sides, f"{frame.kind}.{frame.type}.noun")
        return


_HOSTS = word_list("events", "hosts")


def _host(s: Sentence, i: int) -> int:
    """«assassination attempt against X»: the noun that the deed's name modifies carries its roles and stance."""
    return s.heads[i] if s.deps[i] == "compound" and s.lemmas[s.heads[i]] in _HOSTS else i


def _claimed(scene: Scene, s: Sentence, i: int) -> Iterator[Draft]:
    """«the attack, claimed by X», «X claimed the attack»: who takes it upon itself."""
    verbs = [c for c in s.kids(i, "acl", "relcl") if s.lemmas[c] == "claim"]
    if s.deps[i] in ("dobj", "nsubjpass") and s.lemmas[s.heads[i]] == "claim":
        verbs.append(s.heads[i])
    for v in verbs:
        args = syntax.arguments(s, v)
        for a in args.agents:
            role = scene.role(s, a)
            if role is not None and scene.is_actor(role):
                yield Draft(s, v, "event", "claim", "event.claim.of_deed", role)


def _joint(scene: Scene, s: Sentence, i: int) -> Iterator[Draft]:
    """«A and B have a history of joint operations»: two that act together are allied."""
    if not any(s.lowers[c] in ("joint", "combined", "coordinated") for c in s.kids(i, "amod")):
        return
    verb = next((up for up in s.ancestors(i) if s.is_verb(up)), None)
    doers = syntax.nominal(s, i).agents or (syntax.arguments(s, verb).agents if verb is not None else [])
    both = [k for c in syntax.prepositions(s, i).get("with", []) for k in syntax.expand(s, c)] or syntax.prepositions(
        s, i
    ).get("between", [])
    pairs = [(a, b) for a in doers for b in both if a != b] or list(
        combinations((both if len(both) > 1 else doers)[:4], 2)
    )
    for a, b in pairs:
        one, other = scene.role(s, a), scene.role(s, b)
        if (
            one is not None
            and other is not None
            and scene.is_actor(one)
            and scene.is_actor(other)
            and not same(one, other)
        ):
            yield Draft(s, i, "tie", "allied_with", "tie.allied_with.joint", one, other)


def _is_counted(frame: Frame) -> bool:
    return frame.type in ("attack", "clash", "airstrike", "bombing", "raid", "abduction", "arrest")


def _means_it(s: Sentence, i: int, frame: Frame) -> bool:
    """Weed out other senses of the noun."""
    lemma = s.lemmas[i]
    if lemma == "strike" and any(s.lemmas[c].rstrip("'s") in _LABOUR for c in s.kids(i, "compound", "amod", "poss")):
        return False
    if lemma in ("fall", "loss"):  # of a town, not of a man or a price
        towns = ("town", "admin1", "admin2", None)
        return any(k in s.place_at and s.place_at[k].level in towns for k in syntax.prepositions(s, i).get("of", []))
    if lemma in CHARGES:
        verb = s.heads[i]
        return (
            s.deps[i] in ("nsubj", "nsubjpass")
            and s.is_verb(verb)
            and s.lemmas[verb] in EFFECT | {"explode", "detonate", "go", "rip", "throw", "hurl", "plant", "place"}
        )
    if lemma in ("relation", "relationship", "tie", "link") and s.lemmas[s.heads[i]] in _SOURING:
        return False
    if lemma == "talk" and s.tags[i] == "NN":
        return False
    if lemma == "heart" or (s.lemmas[i] == "attack" and any(s.lowers[c] == "heart" for c in s.children[i])):
        return False
    if s.deps[i] == "compound" and s.heads[i] != i and s.lemmas[s.heads[i]] not in _HOSTS:
        return False
    return s.deps[i] != "pobj" or s.lowers[s.heads[i]] != "including"


def _bombing(s: Sentence, i: int, frame: Frame) -> Frame:
    if (
        frame.type == "attack"
        and frame.kind == "event"
        and any(s.lemmas[c] in _BOMBERS for c in s.kids(i, "compound", "amod", "nmod"))
    ):
        return _frame_of("bombing")
    return frame


def _frame_of(type_: str) -> Frame:
    return next(f for f in load_frames().by_noun[type_] if f.type == type_)


_KILLINGS = frozenset({"killing", "murder", "massacre", "slaying"})
_COUNTED = {
    "abduction": "abducted",
    "release": "released",
    "arrest": "arrested",
    "closure": "closed",
    "displacement": "displaced",
}
CHARGES = word_list("events", "charges")
_SOURING = word_list("events", "souring")
_FIGURATIVE = word_list("events", "figurative")


def _is_carried_by_a_noun(s: Sentence, i: int, sides: Sides) -> bool:
    """«The attack killed», «killed in a raid», «carried out an attack»: the noun makes the statement."""
    nouns = load_frames().event_nouns
    if s.lemmas[i] in EFFECT | {"target", "die"}:
        near = [*sides.subjects, *(k for p in ("in", "during", "by") for k in syntax.prepositions(s, i).get(p, []))]
        if any(s.lemmas[k] in nouns for k in near):
            return True
        up = s.heads[i]
        for other in s.kids(i, "conj"):
            if s.is_verb(other) and any(s.lemmas[k] in nouns for k in syntax.prepositions(s, other).get("in", [])):
                return True
        if s.deps[i] == "conj" and s.is_verb(up) and s.lemmas[up] in EFFECT:
            return any(s.lemmas[k] in nouns for k in syntax.prepositions(s, up).get("in", []))
    if s.lemmas[i] in ("condemn", "denounce", "deplore", "criticize", "criticise") and any(
        s.lemmas[k] in nouns for k in s.kids(i, "dobj")
    ):
        return True  # the deed, not its victim
    if s.lemmas[i] == "target" and s.tags[i] in ("VBZ", "VBP"):
        return True  # whom a group targets, habitually, is an aim
    if s.lemmas[i] in ("strike", "hit", "deal") and any(s.lemmas[k] in _FIGURATIVE for k in sides.objects):
        return True
    return any(s.lemmas[k] in nouns for k in sides.objects) and s.lemmas[i] not in (
        "condemn",
        "claim",
        "deny",
        "admit",
        "acknowledge",
        "disclaim",
    )


def _drafts(scene: Scene, s: Sentence, i: int, frame: Frame, sides: Sides, rule: str) -> Iterator[Draft]:
    subjects: list[Role] = []
    found: list[Draft] = []
    sides = sides.expand(s)
    both = _two(scene, s, frame, sides)
    for a, b in sides.combine():
        subject, obj = both or tuple(scene.role(s, k) if k is not None else None for k in (a, b))
        if a is not None and frame.type == "bombing" and s.lemmas[a] in CHARGES:
            subject = None  # the charge is the means, not the doer
        draft = captured(scene, s, i, b, subject, obj) if frame.type == "capture" and b is not None else None
        if b is not None and is_nobody(
            s, b
        ):  # «killed no civilians» is no deed; «the strike killed no civilians» is one
            if s.is_verb(i):
                continue
            b = obj = None
        if frame.type != "capture" or obj is None or b is None:
            draft = Draft(s, i, frame.kind, frame.type, rule, subject, obj)
            draft.place = _attacked(s, b) if b is not None and frame.type in _ON_PLACES else None
        if draft is None or not _holds(scene, s, i, frame, draft.subject, draft.object):
            continue
        draft.rule = rule
        _count(scene, s, i, b, draft)
        if frame.type == "claim" and s.lemmas[i] in ("deny", "disclaim"):
            draft.stance = scene.stance(s, i).negate()
        found += _with_count(scene, s, i, b, draft)
        if subject is not None and all(subject.start != x.start for x in subjects):
            subjects.append(subject)
    yield from found
    yield from implied(scene, s, i, frame, found, subjects)


_ON_PLACES = frozenset({"attack", "raid", "bombing", "airstrike"})


def _attacked(s: Sentence, b: int) -> list[PlaceMention] | None:
    """«attacked Dikwa», «raided the town of Djibo»: what is attacked is also where."""
    for k in (b, *syntax.prepositions(s, b).get("of", [])):
        if k in s.place_at and k not in s.actor_at and s.place_at[k].level not in ("country", "region"):
            return [s.place_at[k]]
    return None


def _count(scene: Scene, s: Sentence, i: int, b: int | None, draft: Draft) -> None:
    """The number of those acted upon goes into the event's quantity, and out of the object's surface."""
    if b is not None:
        draft.quantity = scene.quantity(s, b)
        if draft.quantity is not None and (draft.quantity.unit or "").startswith("percent"):
            draft.quantity = None
        if draft.object is not None:
            draft.object = without_number(scene, s, b, draft.object)
    if draft.kind == "event" and draft.quantity is None and s.is_noun(i):
        draft.quantity = scene.quantity(s, i)


def _with_count(scene: Scene, s: Sentence, i: int, b: int | None, draft: Draft) -> list[Draft]:
    """An event that acts on a stated number of people asserts that number too."""
    type_ = _COUNTED.get(draft.type) or ("killed" if s.lemmas[i] in _KILLINGS else None)
    q = draft.quantity
    if (
        type_ is None
        or draft.kind != "event"
        or draft.object is None
        or q is None
        or (q.low is None and q.high is None)
    ):
        return [draft]
    if b is None or scene.quantity_of(s, b) is None:
        return [draft]
    count = Draft(s, i, "count", type_, f"count.{type_}.event", draft.subject, draft.object)
    count.quantity = q
    return [count] if draft.type == "displacement" else [draft, count]


def without_number(scene: Scene, s: Sentence, i: int, role: Role) -> Role:
    """The role without the number that its statement carries apart («more than 20 militants» → «militants»)."""
    m = scene.quantity_of(s, i)
    if m is None or role.how == "coreference" or not role.start <= m.start <= m.unit_start < role.end:
        return role
    start = m.unit_start
    while start < role.end and s.text[start].isspace():
        start += 1
    return replace(role, surface=s.text[start : role.end], start=start) if start < role.end else role


_BOTH = word_list("events", "both")


def _two(scene: Scene, s: Sentence, frame: Frame, sides: Sides) -> tuple[Role, Role] | None:
    """«the two groups clashed», «tensions between the groups»: the last two groups named."""
    one = [*sides.subjects, *sides.objects]
    if not frame.reciprocal or sides.pairs or len(one) != 1:
        return None
    i = one[0]
    word = s.lemmas[i] if s.tags[i] in ("NNS", "CD", "DT", "PRP") else ""
    definite = s.tags[i] in ("PRP", "CD", "DT") or any(
        s.lowers[c] in ("the", "both", "these", "two") for c in s.children[i]
    )
    if (
        (word not in _BOTH and s.lowers[i] != "they")
        or not definite
        or i in s.actor_at
        or s.kids(i, "compound", "poss")
    ):
        return None
    pair = scene.discourse.last_two(s.index, i)
    if pair is None:
        return None
    a, b = s.starts[i], s.ends[i]
    first, second = (
        Role(s.text[a:b], a, b, e.actor, e.kind, "coreference", Span(e.surface, e.start, e.end)) for e in pair
    )
    return first, second


def _holds(scene: Scene, s: Sentence, i: int, frame: Frame, subject: Role | None, obj: Role | None) -> bool:
    """Is enough said for a statement of this frame?"""
    if frame.kind == "tie":
        if subject is None or obj is None or same(subject, obj):
            return False
        if s.lemmas[i] == "leave" and s.kids(i, "oprd", "acomp", "xcomp", "ccomp"):
            return False  # «leaving 20 soldiers dead»
        if frame.type == "founded" and not _is_body(obj):
            return False
        if s.is_verb(i) and frame.type == "opposes" and obj.kind == "thing":
            return False
        return not frame.actors or (scene.is_actor(subject) and scene.is_actor(obj))
    if subject is not None and obj is not None and same(subject, obj):
        return False
    if frame.type == "talks" and subject is not None and obj is not None and s.is_verb(i) and frame.needs:
        return scene.is_actor(subject)
    if frame.type == "clash" and subject is None and obj is None:
        return bool(scene.places(s, i)) and not _is_vague(s, i)
    if frame.actors and not (scene.is_actor(subject) and scene.is_actor(obj)):
        return False
    if s.lemmas[i] in ("fall", "loss"):
        return True
    if frame.weak and not any(r is not None and (r.actor is not None or r.kind in _ARMED) for r in (subject, obj)):
        somebody = obj is not None and obj.kind in ("person", "community")
        if not (somebody and s.lemmas[i] in CASUALTY) and not _in_the_wake(scene, s, i, frame, obj):
            return False
    if frame.type == "expansion":
        return (
            subject is not None
            and subject.kind in ("group", "state_force", "organisation")
            and bool(scene.places(s, i))
        )
    if subject is not None and subject.kind == "thing" and subject.actor is None:
        return False
    if subject is None and obj is None:
        return bool(scene.places(s, i)) and not _is_vague(s, i)
    return True


def _in_the_wake(scene: Scene, s: Sentence, i: int, frame: Frame, obj: Role | None) -> bool:
    """«Two buildings were damaged», told right after an attack or a bombing, or of a bombing itself."""
    if frame.type == "bombing":
        return True
    if (
        frame.type != "attack"
        or obj is None
        or s.lemmas[i] not in ("destroy", "damage", "burn", "wreck", "blow", "hit", "strike")
    ):
        return False
    near = scene.sentences[max(0, s.index - 2) : s.index + 1]
    return any(s2.lemmas[k] in _SHOCK for s2 in near for k in range(len(s2)))


_SHOCK = word_list("events", "shock")


def _is_body(role: Role) -> bool:
    """Is it a group or body that can be founded, not an office or a rule?"""
    if role.actor is not None:
        return role.kind in ("group", "organisation", "media", "state_force")
    return role.kind in ("group", "organisation")


def _is_vague(s: Sentence, i: int) -> bool:
    return any(s.lowers[c] in _GENERIC for c in s.kids(i, "det")) and not s.kids(i, "amod", "compound", "nummod")
