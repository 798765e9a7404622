"""Whether violence moves to the next cell or grows into it: relocation and escalation against chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from spillover.errors import SpreadError
from spillover.spread.bernoulli import conditional
from spillover.spread.calendar import Period, period_of, periods
from spillover.spread.common import interval, less
from spillover.spread.hexagons import RESOLUTION, Pairs, around, cell_size, touching, with_cell
from spillover.spread.selection import LeftOut, Selection
from spillover.spread.tables import counted, rounded, rows, tenths

Bools = NDArray[np.bool_]
Null = Literal["even", "rate", "shifted"]
KINDS = ("relocation", "escalation")
_FEWEST = 10  # joins seen or expected, under which the words do not judge
_AT_ONCE = 4_000_000  # random numbers


class Joins(NamedTuple):
    """Joins of two active cells, of an active and a quiet one, of two quiet ones (Moran 1948; Cliff and Ord 1981)."""

    bb: int
    bw: int
    ww: int


def join_counts(active: Bools, pairs: Pairs) -> Joins:
    """``active``: by cell; ``pairs``: which cells touch, each pair once. Counts are of pairs."""
    both = active[pairs].sum(axis=1)
    return Joins(int((both == 2).sum()), int((both == 1).sum()), int((both == 0).sum()))


@dataclass(frozen=True, slots=True)
class Diffusion:
    """``tests``: a row for each ``kind`` and ``null`` of :func:`diffusion`: joins ``observed``, ``expected``, 95 % of
    the null (``low``, ``high``), ``ratio`` of observed to expected with a 95 % bootstrap interval over steps, one-sided
    ``p``. For "shifted", ``expected`` is that of "even" times the mean ratio in the draws; no bootstrap.

    ``steps``: a row for each two periods on end: ``since`` and ``period`` (labels), cells ``active`` in the second,
    ``new``, ``quiet`` and ``stay``, new cells that touch one active before (``contiguous``), joins ``relocation`` and
    ``escalation``, with ``_expected`` and ``_p`` under the null "rate", and join counts of the second period's map,
    ``bb``, ``bw``, ``ww`` with ``bb_expected`` under permutation (Cliff and Ord 1981, without replacement).
    """

    words_of: str
    tests: pl.DataFrame
    steps: pl.DataFrame
    period: Period
    resolution: int
    cells: int
    rings: int
    simulations: int
    shift: int
    seed: int
    left_out: LeftOut

    def test(self, kind: str, null: Null = "rate") -> dict[str, Any]:
        """One row of ``tests``."""
        return self.tests.row(by_predicate=(pl.col("kind") == kind) & (pl.col("null") == null), named=True)

    def words(self) -> str:
        """What the tests say of each kind; diffusion is said only where both stricter nulls are rejected."""
        new, near = int(self.steps["new"].sum()), int(self.steps["contiguous"].sum())
        said = (
            f"{self.words_of}: from {self.period} to {self.period}, cells of about "
            f"{rounded(cell_size(self.resolution))} km² became active {counted(new, 'time')}, {near:,} of them next to "
            "a cell active before."
        )
        if sum(max(self.test(k)["observed"], self.test(k)["expected"]) for k in KINDS) < _FEWEST:
            return f"{said} That is too few to tell diffusion from chance."
        return " ".join([said, *(self._said(kind) for kind in KINDS)])

    def _said(self, kind: str) -> str:
        rate, shifted = self.test(kind), self.test(kind, "shifted")
        what = {"relocation": "Relocation (the neighbour fell quiet)", "escalation": "Escalation (it stayed active)"}
        said = (
            f"{what[kind]}: {counted(rate['observed'], 'join')}, "
            f"{tenths(rate['expected'])} expected from how often each cell is active"
        )
        if rate["p"] > 0.05:
            return f"{said}: no more than chance may give (p = {rate['p']:.3f})."
        if shifted["p"] > 0.05:
            return (
                f"{said}, but about as many where each cell's events are moved by up to {self.shift} days "
                f"(p = {shifted['p']:.3f}): it cannot be told from slow local waves."
            )
        return f"{said}, and more than slow local waves give (p = {max(rate['p'], shifted['p']):.3f})."

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "measure": "diffusion", "tests": rows(self.tests), "steps": rows(self.steps), "period": self.period,
            "resolution": self.resolution, "cells": self.cells, "rings": self.rings, "simulations": self.simulations,
            "shift_days": self.shift, "seed": self.seed, "words": self.words(),
            "left_out": {"of": self.left_out.of, "reasons": self.left_out.reasons},
        }  # fmt: skip


def diffusion(
    selection: Selection,
    *,
    period: Period = "quarter",
    resolution: int = RESOLUTION,
    rings: int = 0,
    simulations: int = 999,
    shift: int | None = None,
    seed: int = 0,
) -> Diffusion:
    """Relocation and escalation of Schutte and Weidmann (2011), Political Geography 30, 143–152, on H3 cells.

    A cell newly active in a period, beside one that was active before and has gone quiet, is a join of *relocation*;
    beside one active in both, of *escalation*. Each pair of cells counts once. At risk are the cells ever active in the
    window and those within ``rings`` of them.

    Three nulls, ``simulations`` draws each. Two keep the map of the first period, and how many cells become active and
    how many stay active: "even" lets each be any of those that can, and so takes a lasting difference between places,
    where people and fronts are, for diffusion; "rate" draws cells by the odds of being active in the *other* periods
    and one more that is like the mean of all cells. "shifted" moves all events of a cell by one number of days, up to
    ``shift`` (180; for years 365) either way, and takes the ratio to "even" anew: waves slower than that stay, and what
    one cell does after another does not (surrogates of Louis, Gerstein, Grün and Diesmann 2010, Frontiers in
    Computational Neuroscience 4:127).
    p = (1 + draws with as many) / (1 + draws) (Phipson and Smyth 2010). The ratio's interval draws steps again.

    Periods that the window cuts are left out. :class:`~spillover.errors.SpreadError` with fewer than two whole ones, or
    no event with a usable day and point in them.
    """
    if rings < 0 or simulations < 1:
        raise SpreadError("rings must be 0 or more and simulations 1 or more", to_do="Use the defaults: 0 and 999")
    events, left_out = selection.usable()
    table = periods(selection.since, selection.until, period).with_row_index("slot").filter("whole")
    if table.height < 2:
        raise SpreadError(
            f"the window {selection.since} to {selection.until} holds fewer than two whole {period}s",
            to_do="Choose a longer window or a shorter period",
        )
    slot = period_of(events["start"], periods(selection.since, selection.until, period)) - int(table["slot"][0])
    inside = (slot >= 0) & (slot < table.height)
    left_out = less(left_out, "in a period that the window cuts", int((~inside).sum()))
    events, slot = with_cell(events.filter(pl.Series(inside)), resolution), slot[inside]
    if events.is_empty():
        raise SpreadError("no event has a usable day and point", to_do="Choose more events, or a longer window")
    names = sorted(around(events["cell"].unique(), rings))
    row = {name: i for i, name in enumerate(names)}
    active = np.zeros((table.height, len(names)), dtype=bool)
    active[slot, [row[cell] for cell in events["cell"]]] = True
    random = np.random.default_rng(seed)
    pairs = touching(names)
    shift = shift if shift is not None else 365 if period == "year" else 180
    drawn = [_Step(active, t, pairs).draw(simulations, random) for t in range(table.height - 1)]
    labels = table["period"].to_list()
    made = pl.DataFrame(
        [_row(active, t, pairs, labels, drawn[t]) for t in range(table.height - 1)], infer_schema_length=None
    )
    tests = [_test(kind, null, made, drawn, random) for kind in KINDS for null in ("even", "rate")]
    cells = np.array([row[cell] for cell in events["cell"]])
    moved = _shifted(events["start"], cells, table, len(names), pairs, shift, simulations, random)
    tests += [_placebo(tests, kind, moved[kind]) for kind in KINDS]
    return Diffusion(
        selection.words, pl.DataFrame(tests, schema=_TEST), made, period, resolution, len(names), rings, simulations,
        shift, seed, left_out,
    )  # fmt: skip


_TEST: dict[str, Any] = {"kind": pl.String, "null": pl.String, "observed": pl.Int64} | dict.fromkeys(
    ("expected", "low", "high", "ratio", "ratio_low", "ratio_high", "p"), pl.Float64
)
Drawn = dict[tuple[str, str], NDArray[np.int64]]
"""Joins in each draw, by kind and null."""


class _Step:
    """From one period to the next: which joins can be, and draws of them."""

    def __init__(self, active: Bools, t: int, pairs: Pairs) -> None:
        self.was, self.now = active[t], active[t + 1]
        # of neither period: a cell's own novelty must not raise its chance, nor its being active before that of staying
        others, rest = active.sum(axis=0) - self.was - self.now, len(active) - 2
        mean = np.clip(others.mean() / max(rest, 1), 1e-3, 1 - 1e-3)
        self.odds = np.log((others + mean) / (rest + 1 - others - mean))
        self.joins = _directed(pairs, self.was)

    def draw(self, simulations: int, random: np.random.Generator) -> Drawn:
        """Relocation and escalation under both nulls."""
        out: Drawn = {}
        for null in ("even", "rate"):
            size = max(1, _AT_ONCE // max(len(self.was), 1))
            parts = [
                self._draw(min(size, simulations - at), null == "rate", random) for at in range(0, simulations, size)
            ]
            for kind, found in zip(KINDS, zip(*parts, strict=True), strict=True):
                out[kind, null] = np.concatenate(found)
        return out

    def _draw(self, n: int, by_rate: bool, random: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        new = self._chosen(~self.was, int((self.now & ~self.was).sum()), n, by_rate, random)
        stay = self._chosen(self.was, int((self.now & self.was).sum()), n, by_rate, random)
        joined, before = new[:, self.joins[:, 0]], stay[:, self.joins[:, 1]]
        return (joined & ~before).sum(axis=1), (joined & before).sum(axis=1)

    def _chosen(self, among: Bools, k: int, n: int, by_rate: bool, random: np.random.Generator) -> Bools:
        """``k`` of some cells in each of ``n`` draws."""
        out = np.zeros((n, len(among)), dtype=bool)
        where = np.flatnonzero(among)
        if by_rate:
            out[:, where] = conditional(self.odds[where], k, n, random)
        elif k:
            top = np.argpartition(random.random((n, len(where))), k - 1, axis=1)[:, :k]
            out[np.arange(n)[:, None], where[top]] = True
        return out


def _directed(pairs: Pairs, was: Bools) -> Pairs:
    """Pairs of a cell that was quiet (first) and one that was active (second)."""
    first, second = was[pairs[:, 0]], was[pairs[:, 1]]
    return np.concatenate([pairs[~first & second], pairs[first & ~second][:, ::-1]])


def _row(active: Bools, t: int, pairs: Pairs, labels: list[str], drawn: Drawn) -> dict[str, Any]:
    was, now = active[t], active[t + 1]
    joins = _directed(pairs, was)
    joins = joins[now[joins[:, 0]]]
    escalation = int(now[joins[:, 1]].sum())
    observed = {"relocation": len(joins) - escalation, "escalation": escalation}
    counts = join_counts(now, pairs)
    n, k = len(now), int(now.sum())
    out: dict[str, Any] = {
        "since": labels[t], "period": labels[t + 1], "active": k, "new": int((now & ~was).sum()),
        "quiet": int((was & ~now).sum()), "stay": int((was & now).sum()), "contiguous": len(set(joins[:, 0].tolist())),
    }  # fmt: skip
    for kind in KINDS:
        found = drawn[kind, "rate"]
        out |= {kind: observed[kind], f"{kind}_expected": float(found.mean()), f"{kind}_p": _p(observed[kind], found)}
    expected = len(pairs) * k * (k - 1) / (n * (n - 1)) if n > 1 else 0.0
    return out | {"bb": counts.bb, "bw": counts.bw, "ww": counts.ww, "bb_expected": expected}


def _test(kind: str, null: str, steps: pl.DataFrame, drawn: list[Drawn], random: np.random.Generator) -> dict[str, Any]:
    by_step = np.array([d[kind, null] for d in drawn])
    found, expected = by_step.sum(axis=0), by_step.mean(axis=1)
    observed = steps[kind].to_numpy()
    low, high = interval(found.astype(np.float64))
    ratio = observed.sum() / expected.sum() if expected.sum() > 0 else None
    again = random.integers(0, len(observed), size=(999, len(observed)))
    above, below = observed[again].sum(axis=1), expected[again].sum(axis=1)
    # a draw of steps in which nothing can join has no ratio
    ends = interval(above[below > 0] / below[below > 0]) if ratio is not None else (None, None)
    return {
        "kind": kind, "null": null, "observed": int(observed.sum()), "expected": float(expected.sum()), "low": low,
        "high": high, "ratio": None if ratio is None else float(ratio), "ratio_low": ends[0], "ratio_high": ends[1],
        "p": _p(int(observed.sum()), found),
    }  # fmt: skip


def _p(observed: int, drawn: NDArray[np.int64]) -> float:
    return float((1 + (drawn >= observed).sum()) / (1 + len(drawn)))


def _shifted(
    days: pl.Series, cells: NDArray[np.int64], table: pl.DataFrame, n: int, pairs: Pairs, shift: int, draws: int,
    random: np.random.Generator,
) -> dict[str, NDArray[np.float64]]:  # fmt: skip
    """Ratio to "even" of each kind in each draw, all events of a cell moved by the same number of days."""
    starts = table["since"].to_physical().to_numpy().astype(np.int64)
    first, last = int(starts[0]), int(table["until"].to_physical()[-1])
    at = days.to_physical().to_numpy().astype(np.int64)
    out: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for _ in range(draws):
        there = at + random.integers(-shift, shift + 1, n)[cells] - first
        # mirrored at the ends of the window, as often as it takes
        there = (there + 2 * (last - first + 1) * (1 + shift // (last - first + 1))) % (2 * (last - first + 1))
        there = np.where(there > last - first, 2 * (last - first) + 1 - there, there)
        active = np.zeros((table.height, n), dtype=bool)
        active[np.searchsorted(starts, there + first, side="right") - 1, cells] = True
        for kind, (observed, expected) in even(active, pairs).items():
            out[kind].append(observed / expected if expected > 0 else 0.0)
    return {kind: np.array(found) for kind, found in out.items()}


def even(active: Bools, pairs: Pairs) -> dict[str, tuple[int, float]]:
    """Joins seen and expected under "even", over all steps. ``active``: shape (periods, cells).

    Expected are, a step, pairs of a quiet and an active cell × new / quiet cells × gone quiet, or staying, / active.
    """
    was, now = active[:-1], active[1:]
    sides = [(pairs[:, 0], pairs[:, 1]), (pairs[:, 1], pairs[:, 0])]
    joins = sum(((~was[:, a] & was[:, b]).sum(axis=1) for a, b in sides), np.zeros(len(was)))
    idle, busy = (~was).sum(axis=1), was.sum(axis=1)
    new = (now & ~was).sum(axis=1) / np.maximum(idle, 1)
    out: dict[str, tuple[int, float]] = {}
    for kind, before in (("relocation", was & ~now), ("escalation", was & now)):
        seen = sum(int(((now & ~was)[:, a] & before[:, b]).sum()) for a, b in sides)
        out[kind] = (seen, float((joins * new * before.sum(axis=1) / np.maximum(busy, 1)).sum()))
    return out


def _placebo(tests: list[dict[str, Any]], kind: str, ratios: NDArray[np.float64]) -> dict[str, Any]:
    """The row of the null "shifted"."""
    plainly = next(t for t in tests if t["kind"] == kind and t["null"] == "even")
    observed, expected = plainly["observed"], plainly["expected"] * float(ratios.mean())
    low, high = (plainly["expected"] * end for end in interval(ratios))
    ratio = plainly["ratio"] or 0.0
    return {
        "kind": kind, "null": "shifted", "observed": observed, "expected": expected, "low": low, "high": high,
        "ratio": observed / expected if expected > 0 else None,
        "p": float((1 + (ratios >= ratio).sum()) / (1 + len(ratios))),
    }  # fmt: skip
