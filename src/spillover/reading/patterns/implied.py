"""Ties that joint or opposed violence implies: groups that fight oppose each other, groups that strike together are
allied.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from spillover.reading.patterns.frames import Frame
from spillover.reading.patterns.names import same
from spillover.reading.scene import Draft, Scene
from spillover.reading.sentence import Sentence
from spillover.reading.statement import Role

VIOLENT = frozenset({"capture", "attack", "bombing", "assassination", "execution", "clash", "airstrike", "raid"})


def implied(
    scene: Scene, s: Sentence, i: int, frame: Frame, found: list[Draft], subjects: list[Role]
) -> Iterator[Draft]:
    """Groups that fight each other oppose each other; groups that strike together are allied."""
    if frame.kind != "event" or frame.type not in VIOLENT:
        return
    stance = scene.stance(s, i)
    if stance.status == "forecast" or stance.phase != "occurred":
        return
    for d in found:
        if d.kind != "event":
            continue
        a, b = _group_in(scene, s, d.subject), _group_in(scene, s, d.object)
        if a is not None and b is not None and not same(a, b):
            yield Draft(s, i, "tie", "opposes", "tie.opposes.violence", a, b)
    if frame.type != "clash" and len(subjects) > 1:
        for a, b in combinations([x for x in subjects if _is_group(x)][:4], 2):
            if a.actor != b.actor:
                yield Draft(s, i, "tie", "allied_with", "tie.allied_with.joint", a, b)


def _group_in(scene: Scene, s: Sentence, role: Role | None) -> Role | None:
    """The group that a role is or belongs to: «the FSA», «FSA leader X», «an AQI compound»."""
    if role is None:
        return None
    if _is_group(role):
        return role
    for k, m in s.actor_at.items():
        near = (role.start <= m.start and m.end <= role.end) or any(
            s.starts[h] >= role.start and s.ends[h] <= role.end for h in [s.heads[k]]
        )
        if m.kind == "group" and near and s.deps[k] in ("compound", "poss", "nmod", "amod", "pobj"):
            return scene.role(s, k)
    return None


def _is_group(role: Role) -> bool:
    return role.kind == "group" and role.actor is not None
