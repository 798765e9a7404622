"""The back-test: windows in order of time, kept when they are done."""

from dataclasses import replace

import numpy as np
import pytest
from tests.forecasting.worlds import world

from spillover.errors import ForecastError
from spillover.forecasting import months
from spillover.forecasting.backtest import backtest, origins
from spillover.forecasting.forecast import forecast

HORIZONS = (1, 2, 3)


@pytest.fixture(scope="module")
def whole():
    return world(8, 96, 2)


def at(whole, *columns):
    return [whole.start + column for column in columns]


def same(one, two):
    return all(
        np.array_equal(a.forecast.draws, b.forecast.draws) and np.array_equal(a.actual.value, b.actual.value)
        and a.weights["windows"] == b.weights["windows"] and np.array_equal(a.marks.apart, b.marks.apart)
        and np.allclose(list(a.weights["weights"].values()), list(b.weights["weights"].values()))
        for a, b in zip(one, two, strict=True)
    )  # fmt: skip


def test_the_protocol_looks_to_october_of_the_year_before():
    assert [months.name(o) for o in origins([2014, 2015])] == ["2013-10", "2014-10"]


def test_windows_come_in_order_with_what_came(whole):
    made = list(backtest(whole, at(whole, 80, 60), HORIZONS))
    assert [w.origin for w in made] == at(whole, 60, 80)
    first = made[0]
    assert first.name == "2005-02 to 2005-04"
    assert np.array_equal(first.actual.value, whole.values[:, 61:64].ravel())
    assert first.forecast.unit.tolist() == first.actual.unit.tolist()


def test_each_window_is_a_forecast_with_the_marks_of_those_before(whole):
    learning, first, second = at(whole, 80, 85, 90)
    made = list(backtest(whole, [first, second], HORIZONS, learning=[learning]))
    assert [w.weights["windows"] for w in made] == [1, 2]
    taught = next(iter(backtest(whole, [learning], HORIZONS, learning=()))).marks
    again = forecast(whole, second, HORIZONS, marks=[taught, made[0].marks])
    assert np.array_equal(again.draws.reshape(-1, 1000), made[1].forecast.draws)
    alone = forecast(whole, second, HORIZONS)
    assert not np.array_equal(alone.draws, again.draws)


def test_a_window_that_is_not_over_does_not_teach_what_is_to_come(whole):
    """The second origin lies inside the first window: of that, months up to the origin alone may be learnt from."""
    columns = (60, 61)
    changed = whole.values.copy()
    changed[:, 62:] = 999
    one, two = (list(backtest(p, at(whole, *columns), HORIZONS)) for p in (whole, replace(whole, values=changed)))
    assert np.array_equal(one[1].forecast.draws, two[1].forecast.draws)


def test_what_is_done_is_kept_and_taken_up_again(whole, tmp_path):
    asked = at(whole, 60, 70, 80)
    straight = list(backtest(whole, asked, HORIZONS))
    seen = []

    def stop(done, of, words):
        seen.append((done, of))
        return done < 2

    part = list(backtest(whole, asked, HORIZONS, folder=tmp_path, progress=stop))
    assert len(part) == 2 and seen[-1] == (2, 3)
    kept = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    rest = list(backtest(whole, asked, HORIZONS, folder=tmp_path))
    assert same(straight, rest)
    assert all((tmp_path / name).read_bytes() == data for name, data in kept.items())
    assert same(straight, list(backtest(whole, asked, HORIZONS, folder=tmp_path)))


def test_windows_that_learn_come_before_the_first(whole):
    long = world(5, 200, 3)
    made = list(backtest(long, at(long, 180), (1,)))
    assert made[0].weights["windows"] == 4
    assert next(iter(backtest(long, at(long, 180), (1,), learning=()))).weights["windows"] == 0


def test_the_last_window_may_be_short(whole):
    made = list(backtest(whole, at(whole, 93), HORIZONS))
    assert made[0].forecast.window == (whole.start + 94, whole.start + 95)


@pytest.mark.parametrize(("columns", "what"), [((), "no window"), ((95,), "nothing is known"), ((-1,), "begins in")])
def test_windows_that_cannot_be_are_refused(whole, columns, what):
    with pytest.raises(ForecastError, match=what):
        list(backtest(whole, at(whole, *columns), HORIZONS))


def test_a_window_hangs_on_no_later_end_of_the_data(whole):
    """The last months may be missing when a window is scored; what was forecast is the same."""
    shorter = whole.until(whole.start + 82)
    one, two = (next(iter(backtest(p, at(whole, 80), HORIZONS, learning=()))) for p in (whole, shorter))
    kept = one.forecast.month <= whole.start + 82
    assert len(two.forecast) < len(one.forecast)
    assert np.array_equal(one.forecast.draws[kept], two.forecast.draws)


def test_an_origin_before_the_panel_asks_for_a_later_one(whole):
    with pytest.raises(ForecastError, match="begins in 2000-01"):
        list(backtest(whole, at(whole, -5), HORIZONS))


def unknown_from(whole, row, column):
    """The panel with nothing known of a unit from a month on, and so nothing there."""
    exists, values = whole.exists.copy(), whole.values.copy()
    exists[row, column:], values[row, column:] = False, 0
    return replace(whole, values=values, exists=exists, covered=exists)


def test_what_is_not_known_is_neither_scored_nor_learnt_from(whole):
    cut = unknown_from(whole, 3, 63)
    full, window = (next(iter(backtest(p, at(whole, 60), (1, 2, 3, 4), learning=()))) for p in (whole, cut))
    unit = window.forecast.unit == whole.units[3]
    assert window.forecast.month[unit].tolist() == [whole.start + 61, whole.start + 62]
    assert np.array_equal(window.actual.unit, window.forecast.unit) and len(window.actual.value) == 4 * 8 - 2
    assert (window.marks.scale[2:] < full.marks.scale[2:]).any() and len(window.marks.chance) == 4 * 8 - 2
    assert np.array_equal(window.marks.distance[:2], full.marks.distance[:2])


def test_no_window_where_nothing_is_known_of_what_came(whole):
    exists = whole.exists.copy()
    exists[:, 61:] = False
    with pytest.raises(ForecastError, match="the data cover no month after"):
        list(backtest(replace(whole, exists=exists, covered=exists), at(whole, 60), HORIZONS, learning=()))


def test_a_kept_window_has_what_was_scored(whole, tmp_path):
    cut = unknown_from(whole, 3, 63)
    first = list(backtest(cut, at(whole, 60), (1, 2, 3, 4), learning=(), folder=tmp_path))
    assert same(first, list(backtest(cut, at(whole, 60), (1, 2, 3, 4), learning=(), folder=tmp_path)))
