"""Structural balance of a signed graph: are the enemies of one's enemies one's friends?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from spillover.spread.common import interval
from spillover.spread.tables import Interval

Pair = tuple[str, str]
"""Two actors, sorted."""


@dataclass(frozen=True, slots=True)
class Balance:
    """``triangles``: of actors tied each to each; ``by_sign``: how many of them have 0, 1, 2, 3 hostile ties.

    ``balanced``: with an even number of hostile ties (Cartwright and Harary 1956, Psychological Review 63, 277–293);
    ``share`` of them. ``weak``: the share where three enemies count as balanced too (Davis 1967, Human Relations 20).
    ``chance``: 95 % of the share where the same signs fall on the same ties at random, and ``p`` of a share as high
    (Szell, Lambiotte and Thurner 2010, PNAS 107); ``None`` without triangles, or where all signs are the same.
    """

    triangles: int
    by_sign: tuple[int, int, int, int]
    balanced: int
    share: float | None
    weak: float | None
    chance: Interval | None
    p: float | None


def triangles(pairs: Mapping[Pair, int]) -> list[tuple[Pair, Pair, Pair]]:
    """All triples of ties among three actors."""
    near: dict[str, set[str]] = {}
    for a, b in pairs:
        near.setdefault(a, set()).add(b)
        near.setdefault(b, set()).add(a)
    return [
        ((a, b), (a, c), (b, c)) for a, b in sorted(pairs) for c in sorted(near[a] & near[b]) if c > b
    ]  # fmt: skip


def balance(signs: Mapping[Pair, int], *, draws: int, random: np.random.Generator) -> Balance:
    """Of a graph with one sign (1 or -1) a pair."""
    order = {pair: i for i, pair in enumerate(sorted(signs))}
    found = triangles(signs)
    if not found:
        return Balance(0, (0, 0, 0, 0), 0, None, None, None, None)
    value = np.array([signs[pair] for pair in order])
    corners = np.array([[order[pair] for pair in triple] for triple in found])
    hostile = np.bincount((value[corners] < 0).sum(axis=1), minlength=4)
    balanced, n = int(hostile[0] + hostile[2]), len(found)
    by_sign = (int(hostile[0]), int(hostile[1]), int(hostile[2]), int(hostile[3]))
    chance, p = None, None
    if draws and len(set(value.tolist())) == 2:
        again = np.array([random.permutation(value)[corners].prod(axis=1).clip(0).mean() for _ in range(draws)])
        chance, p = interval(again), float((1 + (again >= balanced / n - 1e-12).sum()) / (1 + draws))
    return Balance(n, by_sign, balanced, balanced / n, float((balanced + hostile[3]) / n), chance, p)
