"""Nothing after the origin reaches a forecast: later events deleted, moved, renamed or multiplied change no digit."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onset_worlds import SCHEMA, event, spreading

from spillover.errors import ForecastError
from spillover.forecasting.months import name
from spillover.forecasting.onset import onset, onset_backtest

WORLD = spreading(7, groups=4, side=4, years=12, reach=0.4)
LAST = date(2011, 12, 31)


def split(origin):
    month = pl.col("start").dt.year().cast(pl.Int64) * 12 + pl.col("start").dt.month().cast(pl.Int64) - 1
    return WORLD.events.filter(month <= origin), WORLD.events.filter(month > origin)


@st.composite
def changed(draw, later, first):
    """Later events, with some of everything done to them."""
    how = draw(st.sampled_from(["none", "fewer", "moved", "renamed", "doubled", "others", "retyped", "unusable"]))
    if how == "none":
        return later.clear()
    if how == "fewer":
        return later.sample(fraction=draw(st.floats(0, 1)), seed=draw(st.integers(0, 99)))
    if how == "moved":
        return later.with_columns(lat=pl.col("lat") + draw(st.floats(-5, 5)), admin1=pl.lit("P00"))
    if how == "renamed":
        return later.with_columns(side_b=pl.lit(draw(st.sampled_from(["A new group", "G0", "Zeta"]))),
                                  admin1=pl.lit(draw(st.sampled_from(["A new place", "P11", "Zz"]))))  # fmt: skip
    if how == "doubled":
        return pl.concat([later, later.with_columns(id=pl.col("id") + "x")])
    if how == "unusable":
        return later.with_columns(draw(st.sampled_from([pl.lit(5, pl.UInt8).alias("date_prec"),
                                                        pl.lit(6, pl.UInt8).alias("where_prec"),
                                                        pl.lit("Battles").alias("type")])))  # fmt: skip
    if how == "retyped":
        return later.with_columns(type=pl.lit("non-state"), side_a=pl.lit("G1"))
    days = draw(st.lists(st.integers(0, max((LAST - first).days, 0)), min_size=1, max_size=30))
    rows = [event(10**6 + i, first + timedelta(d), f"A{i % 3}", side_b=f"H{i % 2}", lat=20.0 + i)
            for i, d in enumerate(days)]  # fmt: skip
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


@settings(max_examples=25)
@given(st.data())
@pytest.mark.parametrize("place", ["admin1", "country"])
def test_later_events_change_nothing(place, data):
    from dataclasses import replace

    origin = 2000 * 12 + data.draw(st.integers(60, 142))
    before, later = split(origin)
    first = date((origin + 1) // 12, (origin + 1) % 12 + 1, 1)
    other = replace(WORLD, events=pl.concat([before, data.draw(changed(later, first))]).sort("start", "id"))
    ahead = data.draw(st.sampled_from([(1, 12), (3, 14), (1, 1)]))
    results = []
    for world in (WORLD, other):
        try:
            made = onset(world, origin, place=place, months_ahead=ahead)
            results.append((made.table, made.weights, made.words(), made.learnt.base, made.to_dict()))
        except ForecastError as error:
            results.append(str(error))
    if isinstance(results[0], str):
        assert results[0] == results[1], name(origin)
        return
    assert results[0][0].equals(results[1][0]) and results[0][1].equals(results[1][1])
    assert results[0][2:] == results[1][2:]


def test_only_what_was_left_out_by_the_origin_is_counted():
    from dataclasses import replace

    month = pl.col("start").dt.month()
    some = WORLD.events.with_columns(date_prec=pl.when(month == 3).then(5).otherwise(1).cast(pl.UInt8))
    world = replace(WORLD, events=some)
    before = some.filter(pl.col("start") <= date(2009, 12, 31))
    for made, until in (
        (onset(world, "2009-12"), before),
        (onset_backtest(world, last="2009-12"), before),
        (onset_backtest(world), some),
    ):
        of = made.left_out
        assert (of.of, of.reasons) == (until.height, {"no usable day": until.filter(month == 3).height})


def test_the_order_of_events_changes_nothing():
    from dataclasses import replace

    mixed = replace(WORLD, events=WORLD.events.sample(fraction=1, shuffle=True, seed=3))
    assert onset(mixed, "2009-12").to_dict() == onset(WORLD, "2009-12").to_dict()
