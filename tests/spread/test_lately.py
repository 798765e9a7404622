"""The last weeks against the year before, by hand, against scipy's exact tests, and on histories without news."""

from __future__ import annotations

import json
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import made
from real import CANDIDATE, CAR, MYANMAR, PAKISTAN, real
from scipy import stats

from spillover.errors import SpreadError
from spillover.spread.lately import lately, telling
from spillover.spread.rates import adjusted, dispersion, ratio_p

AS_OF = date(2021, 12, 31)
RECENT = AS_OF - timedelta(27)


def back(days, n=1, **more):
    """Events so many days before the last one. A division that is named has no code."""
    more = {"admin1_code": None} | more if "admin1" in more else more
    return [{"start": AS_OF - timedelta(days), **more} for _ in range(n)]


def steady(each, **more):
    """So many events in each of the 14 four-week spans, the recent one with them, spread over the days."""
    return [row for span in range(14) for i in range(each) for row in back(span * 28 + 27 * i // max(each, 1), **more)]


def told(rows, since="2019-01-01", sources=("a made-up set",), **options):
    return lately(made(rows, since=date.fromisoformat(since), until=AS_OF, sources=sources), **options)


def row(table, **where):
    (found,) = table.filter(**where).to_dicts()
    return found


# rates


@given(st.integers(0, 60), st.integers(0, 300), st.floats(0.05, 1))
def test_p_is_that_of_the_exact_binomial(recent, before, exposure):
    chance = exposure / (1 + exposure)
    n = recent + before
    above, below = stats.binom.sf(recent - 1, n, chance), stats.binom.cdf(recent, n, chance)
    assert ratio_p(recent, before, exposure) == pytest.approx(min(1, 2 * min(above, below)), abs=1e-9)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjusted_against_scipy(p):
    assert adjusted(np.array(p)) == pytest.approx(stats.false_discovery_control(p))


def test_adjusted_of_none():
    assert len(adjusted(np.array([]))) == 0


def test_dispersion_by_hand():
    assert dispersion(np.array([4.0, 0, 4, 0])) == pytest.approx(16 / 2 / 2)
    assert dispersion(np.array([0.0, 1, 2, 3, 4, 5])) == 1  # a slow rise is no noise
    assert dispersion(np.array([9.0, 0])) == 1
    assert dispersion(np.zeros(13)) == 1


def test_dispersion_of_poisson_counts_is_about_one():
    counts = np.random.default_rng(0).poisson(20, (400, 13)).astype(float)
    assert np.median([dispersion(c) for c in counts]) == pytest.approx(1.0, abs=0.1)


# the measure


def test_counts_by_hand():
    rows = [
        *back(0, 2, deaths=3), *back(27, 1), *back(28, 4, deaths=2), *back(28 + 363, 1), *back(28 + 364, 7),
        *back(5, 1, date_prec=4),
    ]  # fmt: skip
    found = told(rows)
    assert (found.since, found.before_since, found.as_of) == (RECENT, RECENT - timedelta(364), AS_OF)
    whole = found.whole
    assert (whole["events"], whole["deaths"], whole["before"], whole["deaths_before"]) == (3, 7, 5, 9)
    assert whole["expected"] == pytest.approx(5 / 13)
    assert whole["ratio"] == pytest.approx(3 / 5 * 13)
    assert found.left_out.reasons == {"no usable day": 1}


def test_interval_is_exact():
    whole = told([*back(3, 4), *back(200, 10)]).whole
    low, high = stats.binomtest(4, 14).proportion_ci(0.95, "exact")
    assert whole["low"] == pytest.approx(13 * low / (1 - low))
    assert whole["high"] == pytest.approx(13 * high / (1 - high))
    assert whole["wide_low"] < whole["low"] < whole["high"] < whole["wide_high"]  # all ten on one day


def test_a_steady_year_has_no_news():
    found = told(steady(10, side_b="TTP"))
    assert found.whole["flag"] is None
    assert found.actors["flag"].to_list() == [None, None]
    assert "no clear change" in found.words()
    assert "Clearly" not in found.words()


def test_a_rise_and_a_fall_are_flagged_where_they_are():
    rise = steady(4, admin1="Sindh", side_b="BLA") + back(2, 30, admin1="Sindh", side_b="BLA")
    fall = [r for r in steady(9, admin1="Punjab", side_b="TTP") if r["start"] < RECENT]
    found = told(rise + fall)
    assert row(found.divisions, admin1="Sindh")["flag"] == "more"
    assert row(found.divisions, admin1="Punjab")["flag"] == "fewer"
    assert row(found.actors, actor="BLA")["flag"] == "more"
    assert row(found.actors, actor="TTP")["status"] == "silent"
    assert found.silent["actor"].to_list() == ["TTP"]
    assert "Clearly more than expected: Sindh (34 against 4.0)" in found.words()
    assert "Clearly fewer than expected: Punjab (0 against 9.0) and TTP (0 against 9.0)." in found.words()


def test_one_division_under_two_names_is_one_row():
    rows = [
        *back(2, 1, admin1="Khyber", admin1_code="PK-KP"), *back(40, 7, admin1="Khyber", admin1_code="PK-KP"),
        *back(100, 5, admin1="FATA", admin1_code="PK-KP"), *back(100, 1, admin1="FATA", admin1_code=None),
    ]  # fmt: skip
    found = told(rows).divisions.select("admin1", "events", "before").rows()
    assert found == [("Khyber Pakhtunkhwa", 1, 12), ("FATA", 0, 1)]


def test_an_interval_that_says_nothing_is_not_told():
    assert not telling(0.0, 42.8) and not telling(0.09, None) and not telling(None, None)
    assert telling(0.0, 9.7) and telling(0.1, 300.0) and telling(0.63, 14.87)
    assert told(back(300)).words().startswith(
        "all actors: in the 4 weeks to 2021-12-31 there were no events; at the rate of the weeks "
        "before, 0.1 were to be expected: too few to tell a change."
    )  # fmt: skip


def test_one_cluster_is_no_rise():
    bursts = [r for span in range(1, 14, 2) for r in back(28 * span + 3, 12)]
    found = told(bursts + back(1, 16))
    assert found.whole["dispersion"] > 5
    assert found.whole["low"] > 1 > found.whole["wide_low"]
    assert found.whole["flag"] is None


@pytest.mark.parametrize("size", [1, 6])
def test_flags_are_rarely_false(size):
    """Forty divisions with the same rate all year, events alone or in clusters: seldom is there any flag."""
    random, any_flag = np.random.default_rng(size), 0
    for _ in range(20):
        rows = []
        for division in range(40):
            days = random.integers(0, 392, random.poisson(80 / size)).repeat(size)
            rows += [r for day in days for r in back(int(day), admin1=f"division {division}", lat=None)]
        any_flag += told(rows).divisions["flag"].is_not_null().any()
    assert any_flag <= 4


def test_new_cells():
    karachi = {"lat": 24.9, "lon": 67.0, "admin1": "Sindh"}
    quetta = {"lat": 30.2, "lon": 67.0, "admin1": "Balochistan", "deaths": 4}
    found = told([*back(3, 2, **karachi), *back(700, 1, **karachi), *back(1, 1, **quetta), *steady(1)])
    cells = found.cells.select("admin1", "events", "deaths", "first", "earlier").rows()
    assert cells == [
        ("Sindh", 2, 2, AS_OF - timedelta(3), True), ("Balochistan", 1, 4, AS_OF - timedelta(1), False),
    ]  # fmt: skip
    assert found.cells["lat"].to_list() == pytest.approx([24.9, 30.2], abs=0.4)
    assert "2 cells newly active, 1 of them for the first time" in found.words()
    one = told([*back(1, 1, **quetta), *steady(1, lat=None)])
    assert "1 cell newly active, for the first time in these data" in one.words()
    again = told([*back(1, 1, **quetta), *back(700, 1, **quetta), *steady(1, lat=None)])
    assert "1 cell newly active." in again.words()


def test_new_cells_of_the_spans_before():
    places = [{"lat": 20.0 + n, "lon": 70.0} for n in range(4)]
    rows = [*back(30, 1, **places[0]), *back(31, 1, **places[1]), *back(60, 1, **places[2]), *back(300, 1, **places[2])]
    found = told(rows, since="2019-01-01")
    assert found.new_before == (2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0)
    assert told(rows, since="2020-12-01").new_before == ()


def test_emerging_actors():
    rows = [*steady(1), *back(2, 3, side_b="New"), *back(2, 1, side_b="Old"), *back(800, 1, side_b="Old")]
    found = told([*rows, *back(1, 1, side_b="XXX12"), *back(1, 1, side_b="Civilians", type="one-sided")])
    assert found.emerging.select("actor", "events", "earlier").rows() == [("New", 3, False), ("Old", 1, True)]
    assert row(found.actors, actor="New")["ratio"] is None
    assert row(found.actors, actor="New")["high"] is None
    assert "actors with no event in the weeks before: New and Old." in found.words()
    assert not {"XXX12", "Civilians"} & set(found.actors["actor"])


def test_no_event_at_all():
    found = told([*back(900)])
    assert found.whole["events"] == 0
    assert found.words().startswith("all actors: in the 4 weeks to 2021-12-31 there were no events; there")
    json.dumps(found.to_dict(), allow_nan=False)


def test_one_event_and_none_before():
    assert "there was 1 event with 1 death; there were none in the weeks before." in told(back(1)).words()


def test_as_of_takes_nothing_later():
    found = told([*steady(2), *back(0, 50)], as_of=AS_OF - timedelta(1))
    assert found.whole["events"] < 5
    assert found.as_of == AS_OF - timedelta(1)


def test_a_short_year_before():
    found = told(steady(3), since="2021-07-01")
    assert found.before_since == date(2021, 7, 1)
    assert "The data reach back 22 of the 52 weeks asked for." in found.words()


def test_provisional_data_are_called_so():
    assert "provisional" in told(steady(3), sources=("UCDP Candidate Events Dataset",)).words()
    assert "provisional" not in told(steady(3)).words()


@pytest.mark.parametrize(
    ("since", "options"),
    [
        ("2021-11-01", {}), ("2019-01-01", {"weeks": 0}), ("2019-01-01", {"weeks": 4, "before": 8}),
        ("2019-01-01", {"as_of": date(2022, 1, 1)}), ("2021-12-20", {"as_of": date(2021, 12, 20)}),
        ("2019-01-01", {"resolution": 99}),
    ],
)  # fmt: skip
def test_what_cannot_be_compared(since, options):
    with pytest.raises(SpreadError) as error:
        told(steady(3), since=since, **options)
    assert error.value.to_do


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "as_of", "events", "expected", "flag"),
    [
        (PAKISTAN, None, 18, 14.0, None), (PAKISTAN, date(2009, 5, 31), 103, 56.1, "more"),
        (MYANMAR, None, 110, 159.3, "fewer"), (CAR, None, 8, 8.1, None),
    ],
)  # fmt: skip
def test_real(shared, name, as_of, events, expected, flag):
    found = lately(real(shared, name), as_of=as_of)
    assert found.whole["events"] == events == found.countries["events"].sum()
    assert found.whole["expected"] == pytest.approx(expected, abs=0.1)
    assert found.whole["flag"] == flag
    assert len(found.new_before) == 13
    json.dumps(found.to_dict(), allow_nan=False)


@pytest.mark.shared
def test_a_month_alone_has_no_year_before(shared):
    with pytest.raises(SpreadError, match="3 days of data before"):
        lately(real(shared, CANDIDATE))
