"""Captures: ground that is taken or lost. People who are captured are arrested; weapons that are seized are neither.

The object of a capture is who lost the ground (the contract), the ground itself is its place.
"""

from __future__ import annotations

from spillover.lexicon import word_list
from spillover.reading import syntax
from spillover.reading.patterns.measures import word_set
from spillover.reading.scene import Draft, Scene
from spillover.reading.sentence import Sentence
from spillover.reading.statement import Role

_COMBATANTS = word_list("captures", "combatants")


def captured(scene: Scene, s: Sentence, i: int, b: int, subject: Role | None, obj: Role | None) -> Draft | None:
    """What the verb or noun at ``i`` does with its object ``b``: a capture, an arrest, or nothing that counts."""
    if obj is None or (s.lemmas[i] == "take" and not takes_ground(s, i)):
        return None
    of = syntax.prepositions(s, b).get("of", []) if s.tags[b] == "CD" or s.lemmas[b] in syntax.PARTITIVE else []
    head = of[0] if of else b  # «14 of the 17 townships»
    if _are_people(s, i, head, obj, bool(of)):
        return Draft(s, i, "event", "arrest", "", subject, obj)
    draft = Draft(s, i, "event", "capture", "", subject, obj)
    if obj.kind != "thing" and scene.is_actor(obj):
        return draft  # who lost it
    lost = s.lemmas[i] in ("fall", "loss")
    if head not in s.place_at and s.lemmas[head] not in word_set("presence", "ground") and not lost:
        return None  # weapons and the like are no ground
    if not lost and (subject is None or not scene.is_actor(subject)):
        return None
    draft.object = None
    if head in s.place_at:
        draft.place = [s.place_at[head]]
    elif s.deps[head] == "appos" and s.heads[head] in s.place_at:
        draft.place = [s.place_at[k] for k in syntax.conjuncts(s, s.heads[head]) if k in s.place_at]
    return draft


def _are_people(s: Sentence, i: int, head: int, obj: Role, part: bool) -> bool:
    if s.lemmas[i] not in ("capture", "seize", "seizure", "take", "recapture"):
        return False
    if obj.kind in ("person", "community") or (obj.kind == "unknown" and not part):
        return True
    return (
        s.lemmas[head] in _COMBATANTS
        or s.words[head].split()[-1].casefold().rstrip("s") in _COMBATANTS
        or (obj.actor is None and obj.kind in ("group", "state_force"))
    )


def takes_ground(s: Sentence, i: int) -> bool:
    """Is the object of «take» a town or a province?"""
    towns = ("town", "admin2", "admin1", None)
    return any(p in s.place_at and s.place_at[p].level in towns for p in syntax.arguments(s, i).patients)
