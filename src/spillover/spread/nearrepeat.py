"""Near repeats: are events close in space closer in time than chance has it? The Knox table.

Pairs of events are counted by bands of distance and of time (Knox 1964, Applied Statistics 13:25) and set against the
same counts with the times permuted among the events (Besag & Diggle 1977, Applied Statistics 26:327; Johnson et al.
2007, J. Quant. Criminol. 23:201; for bombs in Iraq Townsley, Johnson & Ratcliffe 2008, Security Journal 21:139). Times
are permuted within each group, for what a group does more in one year than in another is no near repeat; and again
within group and calendar year, for violence that moves slowly from place to place looks like near repeats too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
import polars as pl

from spillover.errors import SpreadError
from spillover.spread.common import Floats, Ints, beside, chord, left_form, less, sphere
from spillover.spread.selection import LeftOut, Selection
from spillover.spread.tables import counted, plain, ratio, rows, tenths

KM = (1.0, 5.0, 10.0, 25.0, 50.0)
DAYS = (1, 7, 14, 30, 60)
"""Upper ends of the bands, which hold them. The first distance band is the same point or nearly so: places are those of
a gazetteer; the first time band the same day or the next, for days are those of reports."""
EXACT_DAY = 2
"""Coarsest ``date_prec`` (two to six days): by weeks, the bands of days would not hold what they say."""
FEWEST = 20
_LEVEL = 0.05
_MONTHS = 60  # days from which a span is one of months


@dataclass(frozen=True, slots=True)
class NearRepeat:
    """``table``: a row a band of distance and of time: ``km_from``, ``km_to``, ``days_from``, ``days_to`` (above the
    first, up to the second; the first bands hold 0), ``pairs``, and against times permuted within group ``expected``
    (mean of the permutations), ``expected_low``, ``expected_high`` (95 % of them), ``ratio`` (``None``: none expected)
    and ``p`` (one-sided); ``year_expected``, ``year_ratio`` and ``year_p``: against times permuted within group and
    calendar year. ``mixed``: pairs of different groups are counted too.
    """

    words_of: str
    table: pl.DataFrame
    events: int
    groups: int
    mixed: bool
    permutations: int
    seed: int
    left_out: LeftOut

    def reach(self) -> tuple[float, int]:
        """How far (km) an excess on the first days, and how long (days) one at the same place, goes on from band to
        band, p ≤ .05 within group and year; 0 where there is none. Bands are tested in their order, and the first that
        fails ends it: no correction for their number is due (Maurer, Hothorn & Lehmacher 1995).
        """
        ends = []
        for fixed, end in (("days_from", "km_to"), ("km_from", "days_to")):
            bands = self.table.filter(pl.col(fixed) == 0)
            clear = ((bands["year_p"] <= _LEVEL) & (bands["pairs"] > bands["year_expected"])).cum_min()
            ends.append(bands.filter(clear)[end].to_list()[-1] if clear.any() else 0)
        return float(ends[0]), int(ends[1])

    def words(self) -> str:
        """What the nearest band says, and how far the excess reaches."""
        near = self.table.row(0, named=True)
        head = (
            f"{self.words_of}: {counted(near['pairs'], 'pair')} of events within {near['km_to']:g} km and "
            f"{counted(near['days_to'], 'day')} of each other, {tenths(near['expected'])} expected by chance"
        )
        if near["p"] > _LEVEL:
            return f"{head}: near repeats cannot be told from chance here."
        if near["year_p"] > _LEVEL:
            return (
                f"{head}; {tenths(near['year_expected'])} where times stay within their year: what looks like near "
                "repeats cannot be told from violence that moves slowly from place to place."
            )
        km, days = self.reach()
        # an excess in the last band may go on beyond it
        ends = km == self.table["km_to"].max(), days == self.table["days_to"].max()
        far = f"{'at least ' if ends[0] else ''}{km:g} km"
        long = f"{'at least ' if ends[1] else ''}{counted(days, 'day')}"
        said = (
            f"{head}{_times(near['ratio'])}; {tenths(near['year_expected'])} where times stay within their year"
            f"{_times(near['year_ratio'])}. The excess reaches {far} on such days, and lasts {long} at such places."
        )
        if not any(ends):
            return f"{said} This is closeness in time and space, no proof that one event brings on the next."
        over = "over months and " if ends[1] and days >= _MONTHS else ""
        return (
            f"{said} That is closeness {over}as far as the bands go: slow waves of violence cannot be excluded, and it "
            "is no proof that one event brings on the next."
        )

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        km, days = self.reach()
        form = {
            "measure": "near_repeat", "seed": self.seed,
            "table": rows(self.table), "reach_km": km, "reach_days": days, "used": self.events, "groups": self.groups,
            "mixed": self.mixed, "permutations": self.permutations, "left_out": left_form(self.left_out),
            "words": self.words(),
        }  # fmt: skip
        return {name: plain(value) for name, value in form.items()}


def near_repeat(
    selection: Selection, *, km: Sequence[float] = KM, days: Sequence[int] = DAYS, mixed: bool = False,
    permutations: int = 199, seed: int = 1,
) -> NearRepeat:  # fmt: skip
    """The Knox table of a selection.

    ``km``, ``days``: upper ends of the bands, ascending. ``mixed``: count pairs of different groups too; without it
    the only event of a group is left out. p = (1 + permutations with as many pairs) / (1 + permutations). Distances are
    great-circle ones. An event's day is its first.

    :class:`~spillover.errors.SpreadError` where bands do not ascend, where fewer than 20 events can be used, or where
    all of them are on one day or at one point.
    """
    limits = _bands(km, days)
    events, left_out = _usable(selection, mixed)
    times = events["start"].to_physical().to_numpy().astype(np.int64)
    points = sphere(events["lat"].to_numpy(), events["lon"].to_numpy())
    group = events["group"].rank("dense").to_numpy().astype(np.int64)
    sets = np.zeros_like(group) if mixed else group
    random = np.random.default_rng(seed)
    chance = []
    for blocks in (group, group * 10_000 + events["start"].dt.year().to_numpy()):
        index = [np.flatnonzero(blocks == block) for block in np.unique(blocks)]
        found = np.zeros((permutations, len(km), len(days)))
        for i in range(permutations):
            # to permute the times is to permute the places: pairs close in time stay where they are
            order = np.arange(len(times))
            for members in index:
                order[members] = random.permutation(members)
            found[i] = _count(times, points[order], sets, *limits)
        chance.append(found)
    seen = _count(times, points, sets, *limits)
    return NearRepeat(
        selection.words, _table(km, days, seen, *chance), events.height, events["group"].n_unique(), mixed,
        permutations, seed, left_out,
    )  # fmt: skip


def _bands(km: Sequence[float], days: Sequence[int]) -> tuple[Floats, Ints]:
    """Squares of chords on the unit sphere, and days."""
    for name, ends in (("distance", km), ("time", days)):
        if not ends or min(ends) < 0 or list(ends) != sorted(set(ends)):
            raise SpreadError(f"the ends of the {name} bands must ascend from 0: {list(ends)}", to_do="Give other ends")
    # two events at one point may differ by a rounding error
    return np.array([chord(d) ** 2 for d in km]) + 1e-18, np.array(days, dtype=np.int64)


def _usable(selection: Selection, mixed: bool) -> tuple[pl.DataFrame, LeftOut]:
    events, left_out = selection.usable(day=EXACT_DAY)
    if not mixed:
        alone = events.filter(pl.len().over("group") == 1)
        events = events.filter(pl.len().over("group") > 1)
        left_out = less(left_out, "the only event of its group", alone.height)
    if events.height < FEWEST:
        raise SpreadError(
            f"near repeats need {FEWEST} events, {events.height} can be used{beside(left_out)}",
            to_do="Choose a longer window or more actors",
        )
    if events["start"].n_unique() == 1 or events.select("lat", "lon").n_unique() == 1:
        raise SpreadError("all events are on one day or at one point", to_do="Choose a longer window or more places")
    return events.sort("start", maintain_order=True), left_out


@numba.njit(cache=True)
def _count(times: Ints, points: Floats, sets: Ints, chords: Floats, days: Ints) -> Ints:
    """Pairs by band, shape (distances, times). ``times`` must ascend."""
    found = np.zeros((len(chords), len(days)), dtype=np.int64)
    farthest, longest = chords[-1], days[-1]
    for i in range(len(times)):
        for j in range(i + 1, len(times)):
            wait = times[j] - times[i]
            if wait > longest:
                break
            if sets[i] != sets[j]:
                continue
            x, y, z = points[i, 0] - points[j, 0], points[i, 1] - points[j, 1], points[i, 2] - points[j, 2]
            far = x * x + y * y + z * z
            if far > farthest:
                continue
            a, b = 0, 0
            while far > chords[a]:
                a += 1
            while wait > days[b]:
                b += 1
            found[a, b] += 1
    return found


def _table(km: Sequence[float], days: Sequence[int], seen: Ints, group: Floats, year: Floats) -> pl.DataFrame:
    low, high = np.quantile(group, [0.025, 0.975], axis=0)
    columns: dict[str, Any] = {
        "km_from": np.repeat([0.0, *km[:-1]], len(days)), "km_to": np.repeat(np.array(km, dtype=float), len(days)),
        "days_from": np.tile(np.array([0, *days[:-1]]), len(km)), "days_to": np.tile(np.array(days), len(km)),
        "pairs": seen.ravel(), "expected": group.mean(axis=0).ravel(), "expected_low": low.ravel(),
        "expected_high": high.ravel(), "p": ((1 + (group >= seen).sum(axis=0)) / (1 + len(group))).ravel(),
        "year_expected": year.mean(axis=0).ravel(),
        "year_p": ((1 + (year >= seen).sum(axis=0)) / (1 + len(year))).ravel(),
    }  # fmt: skip
    table = pl.DataFrame(columns)
    ratios = [
        pl.when(pl.col(expected) > 0).then(pl.col("pairs") / pl.col(expected)).alias(name)
        for name, expected in (("ratio", "expected"), ("year_ratio", "year_expected"))
    ]
    return table.with_columns(ratios).select(
        "km_from", "km_to", "days_from", "days_to", "pairs", "expected", "expected_low", "expected_high", "ratio", "p",
        "year_expected", "year_ratio", "year_p",
    )  # fmt: skip


def _times(found: float | None) -> str:
    return "" if found is None else f" ({ratio(found)} times as many)"
