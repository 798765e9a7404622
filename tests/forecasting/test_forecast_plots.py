"""Figures of forecasts: what is drawn and said, for much, little and nothing; the same bytes each time."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest
from matplotlib.collections import PathCollection
from matplotlib.patches import StepPatch
from scipy.stats import binom

from spillover.errors import CaseError, ForecastError
from spillover.forecasting import months
from spillover.forecasting.draws import Draws, Observed
from spillover.forecasting.panel import Panel
from spillover.forecasting.panels import grid
from spillover.forecasting.plots import caption_of, common, fan, over_time, pit, reliability, risk_map, save_plots
from spillover.forecasting.plots.land import borders, owners
from spillover.forecasting.plots.maps import unplaced
from spillover.forecasting.plots.saving import rendered
from spillover.forecasting.scoring import score_forecasts

ORIGIN = months.parse("2020-10")
START = ORIGIN - 59
AHEAD = range(3, 15)
SOURCE = "Made-up deaths 1.0 ($10 & more)"


def world(units=("AFG", "MLI", "NOR"), means=(300.0, 40.0, 0.0), kind="country", target="deaths", after=14, names=()):
    """A panel with ``after`` months past the origin, Poisson with these means."""
    random = np.random.default_rng(1)
    values = random.poisson(np.array(means)[:, None], (len(units), 60 + after)).astype(float)
    return Panel(kind, target, tuple(units), START, values, np.ones(values.shape, dtype=bool), names=names)


def forecast_of(panel, factor=1.0, ahead=AHEAD, draws=200, seed=2):
    random = np.random.default_rng(seed)
    level = panel.values[:, :60].mean(axis=1) * factor
    drawn = random.poisson(np.repeat(level, len(ahead))[:, None], (len(panel) * len(ahead), draws))
    return Draws(np.repeat(panel.units, len(ahead)), np.tile([ORIGIN + h for h in ahead], len(panel)), drawn)


def observed(panel):
    n, m = panel.values.shape
    at = np.tile(np.arange(panel.start, panel.start + m), n)
    return Observed(np.repeat(panel.units, m), at, panel.values.ravel(), panel.kind)


def scored(panel=None, factor=1.0):
    panel = panel or world()
    forecasts = {"pool $1": forecast_of(panel, factor), "old": forecast_of(panel, 1.5)}
    return score_forecasts(
        forecasts, observed(panel), baseline="old", history=observed(panel), origin=ORIGIN,
        window=(ORIGIN + 3, ORIGIN + 14),
    )  # fmt: skip


def windows(ratios=None, score="crps", forecast="pool"):
    ratios = ratios or {"2014": 0.9, "2015": 0.8}
    return pl.DataFrame(
        [
            {"window": w, "forecast": f, "score": s, "value": 1.0, "ratio": r if f == forecast else 1.0}
            for s in (score, "ign")
            for f in (forecast, "conflictology12")
            for w, r in ratios.items()
        ],
        schema_overrides={"ratio": pl.Float64},
    )


def drawn_axes(made):
    return [axes for axes in made.axes if axes.get_visible()]


def titles(made):
    return [axes.get_title(loc="left") for axes in drawn_axes(made)]


def lines(axes):
    return {line.get_label(): line for line in axes.lines}


def bands(axes):
    """Lower and upper edges of the filled steps, in the order in which they are drawn."""
    return [(p.get_data().baseline, p.get_data().values) for p in axes.patches if isinstance(p, StepPatch) and p.fill]


# -- fans -------------------------------------------------------------------------------------------------------------


def test_a_fan_shows_the_units_with_most_deaths_expected_by_their_names():
    panel = world(names=("Afghanistan", "Mali $1", "Norway"))
    made = fan(panel, forecast_of(panel), most=2, sources=(SOURCE,))
    assert titles(made) == ["Afghanistan", "Mali $1"]
    said = caption_of(made)
    assert said.startswith("2 countries, of 3 with a forecast those with the most deaths expected.")
    assert "up to 2020-12" in said
    assert SOURCE in said
    assert "2021-01 to 2021-12" in made._suptitle.get_text()
    assert "deaths a month" in made._supylabel.get_text()
    assert " ".join(made._supxlabel.get_text().split()) == said


def test_units_are_in_the_order_asked_for():
    panel = world()
    made = fan(panel, forecast_of(panel), ["NOR", "AFG"])
    assert titles(made) == ["NOR", "AFG"]
    assert "as chosen" in caption_of(made)


def test_bands_are_the_quantiles_of_the_draws_widest_first():
    panel = world()
    forecast = forecast_of(panel)
    found = bands(fan(panel, forecast, ["MLI"]).axes[0])
    mine = forecast.draws[forecast.unit == "MLI"]
    assert len(found) == 3
    for (low, high), level in zip(found, (0.9, 0.8, 0.5), strict=True):
        np.testing.assert_allclose(low, np.quantile(mine, (1 - level) / 2, axis=1))
        np.testing.assert_allclose(high, np.quantile(mine, (1 + level) / 2, axis=1))


def test_the_record_ends_at_the_origin_and_what_came_is_dots():
    panel = world()
    axes = fan(panel, forecast_of(panel), ["AFG"], origin=ORIGIN, history=24).axes[0]
    record, came = lines(axes)["record"], lines(axes)["what came"]
    np.testing.assert_array_equal(record.get_xdata(), np.arange(ORIGIN - 23, ORIGIN + 1))
    np.testing.assert_array_equal(record.get_ydata(), panel.values[0, 36:60])
    np.testing.assert_array_equal(came.get_xdata(), np.arange(ORIGIN + 3, ORIGIN + 15))
    np.testing.assert_array_equal(came.get_ydata(), panel.values[0, 62:74])
    assert came.get_linestyle() == "None"


def test_what_came_is_counted_also_where_nothing_or_a_part_is_known():
    panel = world(after=14)
    assert "what came, 36 of 36 months" in caption_of(fan(panel, forecast_of(panel)))
    partly = Observed(["AFG", "AFG"], [ORIGIN + 3, ORIGIN + 50], [7.0, 8.0])
    made = fan(panel, forecast_of(panel), actuals=partly)
    assert "what came, 1 of 36 months" in caption_of(made)
    assert list(lines(made.axes[0])["what came"].get_ydata()) == [7.0]
    now = panel.until(ORIGIN)
    made = fan(now, forecast_of(now))
    assert "What came is not known" in caption_of(made)
    assert "record up to 2020-10" not in caption_of(fan(panel, forecast_of(panel)))
    assert "record up to 2020-10" in caption_of(made)


def test_months_in_which_a_unit_was_not_there_are_not_drawn():
    panel = world()
    panel.exists[0, :50] = False
    record = lines(fan(panel, forecast_of(panel), ["AFG"], origin=ORIGIN).axes[0])["record"]
    assert record.get_xdata()[0] == START + 50


def test_a_wide_axis_is_logarithmic_and_says_so():
    panel = world()
    forecast = forecast_of(panel)
    assert fan(panel, forecast).axes[0].get_yscale() == "function"
    assert "log(1 + x)" in caption_of(fan(panel, forecast))
    narrow = fan(panel, forecast, ["MLI", "NOR"])
    assert narrow.axes[0].get_yscale() == "linear"
    assert "log(1 + x)" not in caption_of(narrow)
    assert fan(panel, forecast, ["MLI"], log=True).axes[0].get_yscale() == "function"
    # one scale for all, or small wars would look like large ones
    assert len({axes.get_ylim() for axes in drawn_axes(fan(panel, forecast))}) == 1


@pytest.mark.parametrize("ahead", [(3,), (1, 2, 6, 7, 8)])
def test_a_month_alone_and_months_with_gaps_have_bands(ahead):
    panel = world()
    found = bands(fan(panel, forecast_of(panel, ahead=ahead), ["MLI"]).axes[0])
    assert sum(len(high) for _, high in found) == 3 * len(ahead)


def test_a_unit_that_the_panel_does_not_have_is_drawn_without_a_history():
    panel = world()
    made = fan(panel.only(np.array([False, True, True])), forecast_of(panel), ["AFG"])
    assert titles(made) == ["AFG"]
    assert lines(made.axes[0])["record"].get_xdata().size == 0


def test_what_cannot_be_a_fan():
    panel = world()
    forecast = forecast_of(panel)
    with pytest.raises(ForecastError, match="no unit XXX"):
        fan(panel, forecast, ["AFG", "XXX"])
    with pytest.raises(ForecastError, match="no forecast to draw"):
        fan(panel, forecast.select(units=()))
    with pytest.raises(ValueError, match="1 to 30 units"):
        fan(panel, forecast, [])
    with pytest.raises(ValueError, match="a month of history"):
        fan(panel, forecast, history=0)


# -- calibration ------------------------------------------------------------------------------------------------------


def test_pit_has_a_panel_for_forecast_and_baseline_by_split_with_shares_and_the_band_of_even_ranks():
    table = scored()
    made = pit(table, bins=5, sources=(SOURCE,))
    assert titles(made) == [
        "pool $1\nall units, n = 36", "old\nall units, n = 36", "pool $1\nactive units, n = 24",
        "old\nactive units, n = 24",
    ]  # fmt: skip
    bars = [p.get_height() for p in made.axes[0].containers[0]]
    np.testing.assert_allclose(bars, table.pit_shares(bins=5))
    band = made.axes[0].patches[-1].get_bbox()
    np.testing.assert_allclose((band.y0, band.y1), binom.ppf((0.05, 0.95), 36, 0.2) / 36)
    assert "2021-01 to 2021-12: all units and months, 36 cells" in caption_of(made)
    assert "24 months before, 24 cells" in caption_of(made)
    assert SOURCE in caption_of(made)


def test_pit_of_one_forecast_without_history_has_one_panel():
    panel = world()
    made = pit(score_forecasts({"pool": forecast_of(panel)}, observed(panel)))
    assert len(made.axes) == 1
    assert "Forecast: pool," in caption_of(made)


def test_reliability_draws_said_against_seen_with_its_counts():
    table = scored()
    made = reliability(table, ["pool $1"], sources=(SOURCE,))
    found = table.reliability("pool $1", "p25")
    points = made.axes[1].containers[0].lines[0]
    np.testing.assert_allclose(points.get_xdata(), found.said)
    np.testing.assert_allclose(points.get_ydata(), found.seen)
    ends = made.axes[1].containers[0].lines[2][0].get_segments()
    np.testing.assert_allclose([segment[:, 1] for segment in ends], np.stack((found.low, found.high), 1), atol=1e-12)
    assert [text.get_text() for text in made.axes[3].texts] == [f"{n:,}" for n in found.cases]
    assert made.axes[0].get_legend().get_title().get_text() == "1 or more in a month: in 66.7 % of cells"
    assert "pool $1, Brier score" in made.axes[0].get_legend().get_texts()[0].get_text()
    assert "2021-01 to 2021-12, all units and months: 36 cells" in caption_of(made)


def test_reliability_of_a_split_is_of_its_cells_alone():
    made = reliability(scored(), split="active")
    assert "24 months before: 24 cells" in caption_of(made)
    assert len(made.axes) == 4


def test_a_split_without_a_cell_is_an_error():
    table = scored(world(means=(300.0, 40.0, 5.0)))
    assert not table.splits["quiet"].any()
    with pytest.raises(ForecastError, match="no case"):
        reliability(table, split="quiet")
    with pytest.raises(ForecastError, match="no cell"):
        pit(table, splits=["quiet"])


@pytest.mark.parametrize("draw", [pit, reliability])
def test_a_forecast_or_a_split_that_is_not_there(draw):
    with pytest.raises(ValueError, match="can be drawn"):
        draw(scored(), ["nobody's"])
    with pytest.raises(ValueError, match="can be drawn"):
        draw(scored(), [])
    wrong = {"splits": ["odd"]} if draw is pit else {"split": "odd"}
    with pytest.raises(ValueError, match="no split 'odd'"):
        draw(scored(), **wrong)


# -- over time --------------------------------------------------------------------------------------------------------


def test_ratios_by_window_with_their_geometric_mean():
    made = over_time(windows({"2015": 0.8, "2014": 0.9, "2016": 1.1}), sources=(SOURCE,))
    assert titles(made) == ["CRPS\npool 0.925, below 1 in 2 of 3", "Ignorance score\npool 0.925, below 1 in 2 of 3"]
    np.testing.assert_allclose(lines(made.axes[0])["pool"].get_ydata(), [0.9, 0.8, 1.1])
    assert [t.get_text() for t in made.axes[0].get_xticklabels()] == ["2014", "2015", "2016"]
    assert "conflictology12" not in lines(made.axes[0])
    assert "3 windows, 2014 to 2016" in caption_of(made)
    assert "conflictology12" in made._suptitle.get_text()
    assert "triangles" not in caption_of(made)
    assert "left out" not in caption_of(made)


def test_ratios_that_are_missing_or_beyond_the_axis_are_counted():
    made = over_time(windows({"2014": 0.9, "2015": None, "2016": 30.0, "2017": 0.1, "2018": float("inf")}))
    assert "4 of 10 rows have no ratio and are left out." in caption_of(made)
    assert "4 of 6 ratios lie beyond the axis" in caption_of(made)
    drawn = np.asarray(lines(made.axes[0])["pool"].get_ydata())
    np.testing.assert_array_equal(np.isnan(drawn), [False, True, True])
    edges = {line.get_marker(): line.get_ydata()[0] for line in made.axes[0].lines if line.get_marker() in "^v"}
    assert edges["v"] < 0.9 < edges["^"]


def test_the_first_forecast_is_set_off_and_any_can_be():
    both = pl.concat([windows(), windows(forecast="mine", ratios={"2014": 0.7, "2015": 0.7})]).unique(
        maintain_order=True
    )
    assert "pool 0.849" in titles(over_time(both))[0]
    made = over_time(both, first="mine")
    assert "mine 0.700" in titles(made)[0]
    assert [t.get_text() for t in made.legends[0].get_texts()] == ["mine", "pool"]
    with pytest.raises(ValueError, match="no ratio of 'yours'"):
        over_time(both, first="yours")


def test_one_window_one_score_and_many_forecasts():
    many = pl.concat(windows({"2014": 0.8 + i / 50}, forecast=f"m{i}") for i in range(12)).unique(maintain_order=True)
    made = over_time(many, scores=["crps"])
    assert len(drawn_axes(made)) == 1
    assert "1 windows" not in caption_of(made)
    styles = {(line.get_color(), line.get_linestyle()) for line in made.axes[0].lines if line.get_label()[0] == "m"}
    assert len(styles) == 12


@pytest.mark.parametrize("n", [1, 2, 9])
def test_triangles_stand_near_their_window(n):
    many = [windows({str(2014 + w): 9.0 for w in range(n)}, forecast=f"m{i}") for i in range(12)]
    axes = over_time(pl.concat(many).unique(maintain_order=True)).axes[0]
    at = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "^" and len(line.get_xdata()) == n]
    left, right = axes.get_xlim()
    assert left < min(at) < 0 < max(at) < right
    assert max(at) - min(at) < 0.25 * (right - left)
    # the windows are in the middle of the axis
    assert left + right == pytest.approx(n - 1)


def test_what_the_axis_is_stands_beside_it_also_in_one_row():
    made = over_time(windows(), scores=["crps"])
    made.draw_without_rendering()
    said, axes = made._supylabel.get_window_extent(), made.axes[0].bbox
    assert said.y0 > made._supxlabel.get_window_extent().y1
    assert said.y1 < made.legends[0].get_window_extent().y0
    assert said.height < 1.1 * axes.height


def test_scores_that_cannot_be_drawn():
    with pytest.raises(ForecastError, match="no column value, ratio"):
        over_time(windows().drop("value", "ratio"))
    with pytest.raises(ForecastError, match="2014 pool crps stands twice"):
        over_time(pl.concat([windows(), windows().head(1)]))
    for empty in (windows().clear(), windows({"2014": None}), windows().filter(pl.col("forecast") != "pool")):
        with pytest.raises(ForecastError, match="no score has a ratio"):
            over_time(empty)


# -- maps -------------------------------------------------------------------------------------------------------------


def at(lat, lon):
    """Row and column of the picture of the world."""
    return divmod(int(grid.gid(np.array([lat]), np.array([lon]))[0]) - 1, grid.COLUMNS)


def numbers_of(made):
    return [text.get_text() for text in made.legends[0].get_texts()]


def boxes(made):
    """Where the page, the names, the title and the map are, in pixels, once all is laid out."""
    made.draw_without_rendering()
    return made.bbox, made.legends[0].get_window_extent(), made._suptitle.get_window_extent(), made.axes[0].bbox


def country_map(*units):
    panel = world(units=units, means=(30.0,) * len(units))
    return risk_map(panel, forecast_of(panel))


def lies_on(made, lat, lon):
    (west, east), (south, north) = made.axes[0].get_xlim(), made.axes[0].get_ylim()
    return south < lat < north and any(west < lon + turn < east for turn in (-360, 0, 360))


def test_a_cell_has_one_country_also_on_a_border():
    names, owner = owners(("AFG", "PAK"))
    for lat, lon, iso3 in ((34.5, 69.2, "AFG"), (31.5, 74.0, "PAK"), (-29.5, 28.3, "LSO"), (52.2, 5.3, "NLD")):
        assert names[owner[at(lat, lon)]] == iso3
    assert owner[at(0, -30)] == -1
    assert set(np.unique(owner)) <= set(range(-1, len(names)))


def test_palestine_is_drawn_apart_only_where_it_has_a_forecast():
    nablus = at(32.2, 35.2)
    for units, iso3 in (((), "ISR"), (("PSE",), "PSE")):
        names, owner = owners(units)
        assert names[owner[nablus]] == iso3


def test_borders_are_the_edges_between_countries_on_land():
    owner = np.full((360, 720), -1)
    owner[180:182, 360], owner[180:182, 361] = 0, 1
    assert borders(owner) == [((0.5, 0.0), (0.5, 1.0))]


def test_a_map_of_countries_has_the_chance_on_their_land():
    panel = world(names=("Afghanistan", "Mali", "Norway"))
    forecast = forecast_of(panel)
    made = risk_map(panel, forecast, sources=(SOURCE,))
    picture = made.axes[0].images[1].get_array()
    mali = forecast.draws[forecast.unit == "MLI"]
    assert picture[at(17.0, -1.0)] == pytest.approx((mali >= 25).mean())
    assert picture[at(34.5, 69.2)] == 1
    assert picture[at(61.0, 9.0)] == 0
    assert np.ma.getmaskarray(np.ma.masked_invalid(picture))[at(28.0, 3.0)]
    numbered = numbers_of(made)
    assert numbered == ["1  Afghanistan: >0.99", "2  Mali: >0.99"]
    said = caption_of(made)
    assert "3 countries, forecast of 2021-01 to 2021-12. Chance of 25 or more deaths in a month" in said
    assert "the mean of 12 months" in said
    assert SOURCE in said


def test_a_map_of_what_is_expected_is_of_all_its_months():
    panel = world()
    forecast = forecast_of(panel)
    made = risk_map(panel, forecast, measure="expected", within=(ORIGIN + 3, ORIGIN + 4))
    mine = (forecast.unit == "MLI") & (forecast.month <= ORIGIN + 4)
    assert made.axes[0].images[1].get_array()[at(17.0, -1.0)] == pytest.approx(forecast.draws[mine].mean(axis=1).sum())
    assert "forecast of 2021-01 to 2021-02. Deaths expected in all months." in caption_of(made)
    assert "Deaths expected in all months" in [axes.get_xlabel() for axes in made.axes]


def test_a_small_country_is_a_dot():
    panel = world(units=("BHR", "SAU"), means=(30.0, 1.0))
    made = risk_map(panel, forecast_of(panel))
    dots = next(c for c in made.axes[0].collections if isinstance(c, PathCollection))
    (lon, lat), *others = dots.get_offsets().tolist()
    assert not others
    assert (lat, lon) == pytest.approx((26.0, 50.5), abs=0.6)


def test_a_map_of_cells_has_their_values_where_they_lie_and_no_more_than_them():
    cells = [int(c) for c in grid.gid(np.array([33.2, 33.2, 34.2]), np.array([70.2, 70.7, 71.2]))]
    panel = world(units=tuple(str(c) for c in cells), means=(5.0, 0.0, 1.0), kind="priogrid")
    forecast = forecast_of(panel)
    made = risk_map(panel, forecast)
    picture = made.axes[0].images[1].get_array()
    assert np.isfinite(picture).sum() == 3
    assert picture[at(34.2, 71.2)] == pytest.approx((forecast.draws[forecast.unit == str(cells[2])] >= 1).mean())
    west, east = made.axes[0].get_xlim()
    assert 67 < west < 70 < 71.5 < east < 74
    assert "Chance of 1 or more deaths in a month" in caption_of(made)
    assert "3 PRIO-GRID cells" in caption_of(made)


def test_divisions_are_circles_by_the_gazetteer_and_the_lost_are_named():
    panel = world(units=("AF-KAB", "AF-NAN", "AFG Nowhere"), means=(30.0, 10.0, 1.0), kind="admin1")
    made = risk_map(panel, forecast_of(panel))
    dots = next(c for c in made.axes[0].collections if isinstance(c, PathCollection))
    # small circles are drawn on top of large ones
    assert dots.get_offsets().tolist()[0] == pytest.approx([69.2, 34.5], abs=0.5)
    assert dots.get_sizes()[0] > dots.get_sizes()[1]
    assert "2 divisions, forecast" in caption_of(made)
    assert "1 division could not be placed: AFG Nowhere." in caption_of(made)


def test_a_division_without_a_town_in_the_gazetteer_stands_where_its_first_events_were():
    panel = world(units=("AF-KAB", "AFG Nowhere"), means=(10.0, 30.0), kind="admin1")
    panel = replace(panel, points={"AF-KAB": (0.0, 0.0), "AFG Nowhere": (33.0, 66.0)})
    made = risk_map(panel, forecast_of(panel))
    dots = next(c for c in made.axes[0].collections if isinstance(c, PathCollection))
    assert dots.get_offsets().tolist() == [[66.0, 33.0], pytest.approx([69.2, 34.5], abs=0.5)]
    assert "could not be placed" not in caption_of(made)


def test_units_of_which_nothing_is_known_need_points():
    panel = world(units=("1|AFG", "2|AFG", "3|AFG"), kind="group", target="events")
    with pytest.raises(ForecastError, match=r"no place is known of 3 groups in countries: 1\|AFG"):
        risk_map(panel, forecast_of(panel))
    made = risk_map(panel, forecast_of(panel), points={"1|AFG": (34.0, 70.0), "2|AFG": (33.0, 66.0)})
    assert "1 group in a country could not be placed: 3|AFG" in caption_of(made)
    assert "its area as its expected events" in caption_of(made)


@pytest.mark.parametrize("letters", [10, 34])
@pytest.mark.parametrize("many", [1, 9])
def test_names_stand_below_the_title_on_the_page_and_leave_the_map_its_room(letters, many):
    units = ("PK-BA", "PK-SD", "PK-PB", "PK-IS", "PK-GB", "PK-KP", "PK-JK", "AF-KAB", "AF-KAN")[:many]
    names = tuple("Wide Names of Divisions, Somewhere"[:letters] for _ in units)
    panel = world(units=units, means=(3.0,) * many, kind="admin1", names=names)
    page, named, title, drawn = boxes(risk_map(panel, forecast_of(panel)))
    assert page.x0 <= named.x0 < named.x1 <= page.x1
    assert drawn.y1 <= named.y0 + 3
    # all lines of the title but the first are blank
    assert named.y1 < title.y1 - 12
    assert drawn.width > 0.9 * page.width
    assert drawn.height > 0.4 * page.height


@pytest.mark.parametrize(
    ("units", "ends"),
    [
        (("PAK",), [(37.0, 74.5), (24.0, 67.5), (26.5, 61.0), (34.5, 77.5)]),
        (("IND", "BGD"), [(35.0, 77.0), (8.5, 77.5), (23.5, 68.5), (28.0, 97.0)]),
        (("RUS", "UKR"), [(43.5, 132.0), (66.0, -171.0), (69.5, 30.0), (77.5, 104.0), (48.5, 22.5)]),
        (("USA",), [(25.5, -80.5), (47.0, -68.0), (71.0, -156.5), (52.0, 173.0), (20.0, -155.5)]),
        (("FJI",), [(-17.5, 178.0), (-17.0, -179.5)]),
    ],
)
def test_a_map_shows_all_of_its_countries_also_across_the_date_line(units, ends):
    made = country_map(*units)
    assert [end for end in ends if not lies_on(made, *end)] == []
    west, east = made.axes[0].get_xlim()
    assert east - west < 200
    found = {int(text.get_text()): text.xy for text in made.axes[0].texts}
    assert len(found) == len(units)
    assert all(west < lon < east for lon, _ in found.values())


def test_land_across_the_date_line_has_its_risk():
    made = country_map("RUS", "UKR")
    shown = [tuple(image.get_extent()) for image in made.axes[0].images]
    assert shown == [(-180, 180, -90, 90), (180, 540, -90, 90)] * 2


def test_a_few_islands_far_off_do_not_make_a_country_small():
    made = country_map("FRA")
    assert lies_on(made, 48.5, -4.5)
    assert lies_on(made, 42.0, 9.0)
    assert not lies_on(made, 4.0, -53.0)
    assert "Parts of FRA far from the rest are not on the map." in caption_of(made)
    assert "far from the rest" not in caption_of(country_map("PAK"))


@pytest.mark.parametrize("units", [("CHL",), ("AFG", "MLI", "NOR", "USA", "AUS"), ("BHR",), ("SAU", "NPL")])
def test_a_map_is_as_wide_as_the_page_and_neither_low_nor_too_high(units):
    page, _, _, drawn = boxes(country_map(*units))
    assert drawn.width > 0.85 * page.width
    assert 150 < drawn.height < 600


def test_what_cannot_be_a_map():
    panel = world()
    with pytest.raises(ValueError, match="no measure 'odd'"):
        risk_map(panel, forecast_of(panel), measure="odd")
    with pytest.raises(ForecastError, match="no forecast to draw in these months"):
        risk_map(panel, forecast_of(panel), within=(0, 1))


# -- all of them ------------------------------------------------------------------------------------------------------

NOTHING = {"means": (0.0, 0.0, 0.0)}
ONE = {"units": ("MLI",), "means": (3.0,)}
LITTLE = {
    "a fan of zeros": lambda: fan(world(**NOTHING), forecast_of(world(**NOTHING))),
    "a fan of one unit": lambda: fan(world(**ONE), forecast_of(world(**ONE))),
    "a fan of events": lambda: fan(world(target="events"), forecast_of(world())),
    "the PIT of zeros": lambda: pit(scored(world(**NOTHING))),
    "the PIT of one unit": lambda: pit(scored(world(**ONE))),
    "reliability of zeros": lambda: reliability(scored(world(**NOTHING))),
    "reliability of one unit": lambda: reliability(scored(world(**ONE))),
    "one window": lambda: over_time(windows({"2014": 1.0})),
    "a map of zeros": lambda: risk_map(world(**NOTHING), forecast_of(world(**NOTHING))),
    "what is expected of zeros": lambda: risk_map(world(**NOTHING), forecast_of(world(**NOTHING)), measure="expected"),
    "a map of one unit": lambda: risk_map(world(**ONE), forecast_of(world(**ONE))),
}


def test_scripts_that_the_default_font_lacks_are_drawn_in_fonts_that_are_installed(monkeypatch):
    listed = [SimpleNamespace(name=name) for name in ("DejaVu Sans", "Noto Sans Thai", "IPAexGothic", "Curly")]
    monkeypatch.setattr("matplotlib.font_manager.fontManager", SimpleNamespace(ttflist=listed))
    panel = world(names=("アフガニスタン", "Mali", "Norway"))
    for made in (fan(panel, forecast_of(panel)), over_time(windows())):
        texts = [made._suptitle, made._supxlabel, *made.legends[0].get_texts(), made.axes[0]._left_title]
        assert {tuple(text.get_fontfamily()) for text in texts} == {("sans-serif", "IPAexGothic", "Noto Sans Thai")}


@pytest.mark.parametrize("name", LITTLE)
def test_little_is_drawn_without_a_warning(name):
    assert rendered(LITTLE[name](), "png").startswith(b"\x89PNG")


def test_a_map_without_risk_says_so():
    made = LITTLE["a map of zeros"]()
    assert numbers_of(made) == ["none above 0"]


def test_without_matplotlib_the_error_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(common, "find_spec", lambda name: None)
    for draw in (lambda: over_time(windows()), lambda: country_map("PAK"), lambda: save_plots(tmp_path / "plots")):
        with pytest.raises(ForecastError, match=r"spillover\[plots\]"):
            draw()
    assert not (tmp_path / "plots").exists()


def everything(folder):
    panel = world()
    return save_plots(
        folder, panel=panel, forecast=forecast_of(panel), table=scored(), windows=windows(), origin=ORIGIN,
        sources=(SOURCE,),
    )  # fmt: skip


def test_all_are_saved_with_their_hashes_and_the_same_bytes_each_time(tmp_path):
    written = everything(tmp_path / "a")
    names = ("fan", "risk_map", "pit", "reliability", "over_time")
    assert set(written) == {f"{n}.{form}" for n in names for form in ("png", "svg")} | {"captions.json"}
    assert {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in (tmp_path / "a").iterdir()} == written
    captions = json.loads((tmp_path / "a" / "captions.json").read_text("utf-8"))
    assert set(captions) == set(names)
    assert all(SOURCE in caption for caption in captions.values())
    assert (tmp_path / "a" / "pit.png").read_bytes().startswith(b"\x89PNG")
    assert captions["fan"][:30] in (tmp_path / "a" / "fan.svg").read_text("utf-8")
    assert everything(tmp_path / "b") == written


def test_what_is_given_is_saved_into_a_folder_that_may_be_there(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "over_time.png").write_text("old")
    assert set(save_plots(tmp_path, windows=windows())) == {"over_time.png", "over_time.svg", "captions.json"}
    assert (tmp_path / "over_time.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "notes.txt").read_text() == "mine"
    groups = world(units=("1|AFG", "2|AFG", "3|AFG"), kind="group")
    assert "risk_map.png" not in save_plots(tmp_path, panel=groups, forecast=forecast_of(groups))
    why = "no place is known of 3 groups in countries: 1|AFG, 2|AFG, 3|AFG"
    assert unplaced(groups, groups.units) == why
    assert unplaced(world(), world().units) is None


def test_nothing_is_written_where_a_figure_cannot_be_drawn_or_the_folder_is_a_file(tmp_path):
    with pytest.raises(ForecastError):
        save_plots(tmp_path / "new", table=scored(), windows=windows().clear())
    assert not list((tmp_path / "new").iterdir())
    (tmp_path / "file").write_text("x")
    with pytest.raises(CaseError, match="file stands where a folder"):
        save_plots(tmp_path / "file", windows=windows())
