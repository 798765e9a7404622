"""Who fights whom and who stands with whom, year by year: a signed graph of actors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from spillover.errors import SpreadError
from spillover.spread.balance import Balance, Pair, balance
from spillover.spread.calendar import periods
from spillover.spread.common import less, listed
from spillover.spread.selection import LeftOut, Selection
from spillover.spread.tables import counted, percent, plain, rows

FIGHTING = ("state-based", "non-state")
"""Types of violence between two armed sides; in one-sided violence the other side is civilians."""
CLEAR = 5
"""Events in a year from which a year without any is no accident: a Poisson count of that rate is 0 in .7 %."""


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie that the caller knows of. ``source``, ``target``: actors, named as in the events; ``sign``: 1 with, -1
    against. ``since``, ``until``: ``None`` for open ends. ``about``: what kind, or where from."""

    source: str
    target: str
    sign: int
    since: date | None = None
    until: date | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class ActorGraph:
    """``edges``: a row for each pair, ``year`` and ``kind`` ("fought" or "tie"): ``source``, ``target`` (sorted),
    ``sign``, ``events``, ``deaths``, ``about``. ``nodes``: ``actor``, ``events``, ``deaths``, ``opponents``, ``ties``,
    ``first`` and ``last`` year.

    ``years``: a row a year: ``dyads`` that fought, and of these ``new`` (never before in the window) and ``resumed``
    (not the year before); ``ended``: fought the year before and not in this one. ``new_clear``, ``ended_clear``: with
    :data:`CLEAR` events or more, in a year of theirs. Unknown (null) in the first year; ``ended`` also in a year that
    the window cuts. ``mixed``: pairs with ties of both signs, which balance leaves out. ``triangles``, ``balanced``,
    ``share``, ``weak``, ``chance_low``, ``chance_high``, ``p``: :class:`~spillover.spread.balance.Balance`.

    ``balance``: of all years together. ``friendly``: pairs with a tie of sign 1.
    """

    words_of: str
    edges: pl.DataFrame
    nodes: pl.DataFrame
    years: pl.DataFrame
    balance: Balance
    friendly: int
    seed: int
    left_out: LeftOut

    def words(self) -> str:
        """Dyads of the last whole year, and balance where ties are given."""
        whole = self.years.filter("whole")
        year = (whole if whole.height else self.years).tail(1).row(0, named=True)
        return f"{self.words_of}: in {year['year']}, {self._fought(year)}. {self._balance()}".rstrip()

    def _fought(self, year: dict[str, Any]) -> str:
        n, new, resumed, ended = (year[name] for name in ("dyads", "new", "resumed", "ended"))
        before = int(self.years.filter(pl.col("year") == year["year"] - 1)["dyads"].sum())
        if n and (new, resumed, ended) == (0, 0, 0):
            return f"the same {counted(n, 'pair') if n > 1 else 'pair'} of armed actors fought as the year before"
        said = f"{counted(n, 'pair')} of armed actors fought" if n else "no pair of armed actors fought"
        fresh = [
            f"{k:,} {how}" for k, how in ((new, "for the first time in these data"), (resumed, "after a pause")) if k
        ]
        said += f", {listed(fresh)}" if fresh else ""
        if ended is None or not before:
            return said
        if not ended:
            return f"{said}; none of those that fought the year before stopped"
        said += f"; {ended:,} of the {counted(before, 'pair')} that fought the year before did not"
        faint = ended - year["ended_clear"]
        some = f"{faint:,} of them " if faint < ended else ""
        return f"{said}, {some}with so few events then that it may be chance" if faint else said

    def _balance(self) -> str:
        b = self.balance
        if self.edges.filter(kind="tie").is_empty():
            return ""
        if not b.triangles or b.share is None:
            return "No three actors are tied each to each by ties of one sign, so balance cannot be told."
        if not self.friendly:
            return "No friendly tie is given, so every triangle is hostile and balance cannot be told."
        said = (
            f"Over all years, {b.balanced:,} of {counted(b.triangles, 'triangle')} "
            f"{'is' if b.balanced == 1 else 'are'} balanced"
        )
        if b.chance is None or b.p is None:
            return f"{said}; where all signs are alike, or none are drawn, that cannot be held against chance."
        verdict = "more than chance" if b.p <= 0.05 else "no more than chance may give"
        return (
            f"{said}, where the same signs at random give {percent(b.chance[0])} to {percent(b.chance[1])}: {verdict}."
        )

    def to_dict(self) -> dict[str, Any]:
        """The JSON form: nodes and edges, years and balance."""
        return {
            "measure": "actor_graph", "nodes": rows(self.nodes), "edges": rows(self.edges), "years": rows(self.years),
            "balance": plain(asdict(self.balance)), "friendly": self.friendly, "seed": self.seed,
            "left_out": {"of": self.left_out.of, "reasons": self.left_out.reasons}, "words": self.words(),
        }  # fmt: skip


def actor_graph(
    selection: Selection,
    *,
    ties: Sequence[Tie] = (),
    types: Sequence[str] = FIGHTING,
    draws: int = 999,
    seed: int = 0,
) -> ActorGraph:
    """The signed graph of the two sides of each event of these ``types`` (sign -1) and of the ties, by year.

    An event counts in the year in which it starts; no GED event crosses a year's end, so no day is too coarse. Sides
    that the data do not identify yet ("XXX…") are no actors. A tie without ``since`` or ``until`` holds from the first
    or to the last day of the window. Who "fought" were parties to the same events: who began is not in the data.

    :class:`~spillover.errors.SpreadError` where neither events nor ties are left, or a tie makes no sense.
    """
    _check(ties)
    events, left_out = _fights(selection, types)
    years = periods(selection.since, selection.until, "year").with_columns(pl.col("period").cast(pl.Int32))
    known = _known(ties, selection)
    if events.is_empty() and known.is_empty():
        raise SpreadError("no event has two armed sides, and no tie is given", to_do="Choose state-based or non-state")
    fought = (
        events.group_by("year", "source", "target")
        .agg(events=pl.len().cast(pl.Int64), deaths=pl.col("deaths").sum().cast(pl.Int64))
        .with_columns(sign=pl.lit(-1, pl.Int64), kind=pl.lit("fought"), about=pl.lit(""))
    )
    edges = pl.concat([fought.select(_EDGES), known.select(_EDGES)]).sort("year", "source", "target", "kind", "about")
    random = np.random.default_rng(seed)
    changes = _changes(fought, years)
    by_year = [
        {**row, **_balanced(edges.filter(pl.col("year") == row["year"]), draws, random)}
        for row in changes.iter_rows(named=True)
    ]
    signs, _ = _signs(edges)
    friendly = edges.filter(pl.col("sign") > 0).select("source", "target").n_unique()
    return ActorGraph(
        selection.words, edges, _nodes(edges), pl.DataFrame(by_year, schema=_YEARS),
        balance(signs, draws=draws, random=random), friendly, seed, left_out,
    )  # fmt: skip


_EDGES = ("year", "source", "target", "sign", "kind", "events", "deaths", "about")
_WHOLE = ("dyads", "new", "new_clear", "resumed", "ended", "ended_clear", "mixed", "triangles", "balanced")
_YEARS: dict[str, Any] = (
    {"year": pl.Int32, "whole": pl.Boolean}
    | dict.fromkeys(_WHOLE, pl.Int64)
    | dict.fromkeys(("share", "weak", "chance_low", "chance_high", "p"), pl.Float64)
)


def _check(ties: Sequence[Tie]) -> None:
    for tie in ties:
        who = f"the tie of {tie.source!r} and {tie.target!r}"
        if tie.sign not in (1, -1):
            raise SpreadError(f"{who} has the sign {tie.sign}", to_do="Use 1 (with) or -1 (against)")
        if tie.source == tie.target:
            raise SpreadError(f"{who} is of one actor with itself", to_do="Name two actors")
        if tie.since and tie.until and tie.since > tie.until:
            raise SpreadError(f"{who} ends ({tie.until}) before it begins ({tie.since})", to_do="Swap the days")


def _fights(selection: Selection, types: Sequence[str]) -> tuple[pl.DataFrame, LeftOut]:
    """Events between two known armed sides, with their pair and year."""
    events, left_out = selection.usable(place=None, day=None)
    unknown = [pl.col(s).fill_null("").str.contains(r"^(XXX\d*)?$") for s in ("side_a", "side_b")]
    for reason, condition in (
        ("not between two armed sides", ~pl.col("type").is_in(list(types)).fill_null(False)),
        ("a side is not identified", unknown[0] | unknown[1]),
        ("both sides have one name", pl.col("side_a") == pl.col("side_b")),
    ):
        left_out = less(left_out, reason, events.filter(condition).height)
        events = events.filter(~condition)
    return (
        events.with_columns(
            year=pl.col("start").dt.year(),
            source=pl.min_horizontal("side_a", "side_b"),
            target=pl.max_horizontal("side_a", "side_b"),
        ),
        left_out,
    )


def _known(ties: Sequence[Tie], selection: Selection) -> pl.DataFrame:
    """A row for each tie and year in which it holds within the window."""
    found = []
    for tie in ties:
        since, until = max(tie.since or selection.since, selection.since), tie.until or selection.until
        source, target = sorted((tie.source, tie.target))
        found += [
            (year, source, target, tie.sign, "tie", 0, 0, tie.about)
            for year in range(since.year, min(until, selection.until).year + 1)
            if since <= until
        ]
    types = (pl.Int32, pl.String, pl.String, pl.Int64, pl.String, pl.Int64, pl.Int64, pl.String)
    return pl.DataFrame(found, schema=dict(zip(_EDGES, types, strict=True)), orient="row")


def _changes(fought: pl.DataFrame, years: pl.DataFrame) -> pl.DataFrame:
    """Dyads new, resumed and ended, by year."""
    by_year: dict[int, dict[Pair, int]] = {}
    for year, source, target, n in fought.select("year", "source", "target", "events").iter_rows():
        by_year.setdefault(year, {})[source, target] = n
    before: dict[Pair, int] = {}
    ever: set[Pair] = set()
    out: list[dict[str, Any]] = []
    for i, (year, whole) in enumerate(years.select("period", "whole").iter_rows()):
        now = by_year.get(year, {})
        new, ended = [p for p in now if p not in ever], [p for p in before if p not in now]
        row: dict[str, Any] = {"year": year, "whole": whole, "dyads": len(now)}
        if i:
            row["new"], row["new_clear"] = len(new), sum(now[p] >= CLEAR for p in new)
            row["resumed"] = sum(p in ever and p not in before for p in now)
        if i and whole:
            row["ended"], row["ended_clear"] = len(ended), sum(before[p] >= CLEAR for p in ended)
        out.append(row)
        before, ever = now, ever | set(now)
    return pl.DataFrame(out, schema={name: _YEARS[name] for name in ("year", "whole", *_WHOLE[:6])})


def _signs(edges: pl.DataFrame) -> tuple[dict[Pair, int], int]:
    """One sign a pair, and how many pairs have both."""
    signs: dict[Pair, set[int]] = {}
    for source, target, sign in edges.select("source", "target", "sign").iter_rows():
        signs.setdefault((source, target), set()).add(sign)
    return {p: next(iter(s)) for p, s in signs.items() if len(s) == 1}, sum(len(s) > 1 for s in signs.values())


def _balanced(edges: pl.DataFrame, draws: int, random: np.random.Generator) -> dict[str, Any]:
    signs, mixed = _signs(edges)
    found = balance(signs, draws=draws, random=random)
    low, high = found.chance or (None, None)
    return {
        "mixed": mixed, "triangles": found.triangles, "balanced": found.balanced, "share": found.share,
        "weak": found.weak, "chance_low": low, "chance_high": high, "p": found.p,
    }  # fmt: skip


def _nodes(edges: pl.DataFrame) -> pl.DataFrame:
    ends = [
        edges.select("year", "kind", "events", "deaths", actor=pl.col(one), other=pl.col(two))
        for one, two in (("source", "target"), ("target", "source"))
    ]
    others = pl.col("other").filter
    return (
        pl.concat(ends)
        .group_by("actor")
        .agg(
            events=pl.col("events").sum(),
            deaths=pl.col("deaths").sum(),
            opponents=others(pl.col("kind") == "fought").n_unique().cast(pl.Int64),
            ties=others(pl.col("kind") == "tie").n_unique().cast(pl.Int64),
            first=pl.col("year").min(),
            last=pl.col("year").max(),
        )
        .sort(["events", "actor"], descending=[True, False])
    )
