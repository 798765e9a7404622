"""Forecasts in the report: whose they are, the back-test beside them, the page's data, and the page without scripts."""

from __future__ import annotations

import html
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from forecast_sample import BOKO_HARAM, EVENTS, ISWAP, case_of, forecasts, made
from report_sample import ACTORS, reading

from spillover.case import open_case
from spillover.errors import ForecastError, Stopped
from spillover.forecasting import months
from spillover.forecasting.jobs import backtest_of
from spillover.publishing.report import page, render_report
from spillover.publishing.report.data import report_data
from spillover.publishing.report.forecasts import HISTORY, LEVELS, UNITS, WRONG, forecast_data
from spillover.publishing.report.plain import plain_page
from spillover.records import Options

JAS = "Jama'atu Ahlis Sunna Lidda'awati wal-Jihad"
needs_build = pytest.mark.skipif(
    not (Path(page.__file__).parent / "static" / "report.js").is_file(), reason="the front end is not built"
)


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    with case_of(tmp_path_factory.mktemp("case")) as opened:
        forecasts(opened, [BOKO_HARAM])
        yield opened


def expected(found) -> dict[str, float]:
    means = found.made.draws.mean(axis=2).sum(axis=1)
    return dict(zip(found.made.units, means.tolist(), strict=True))


def test_groups_that_the_documents_name_are_shown_most_expected_first(case):
    found = forecasts(case, [BOKO_HARAM, "nigeria"])
    assert set(found.shown) == {f"{JAS}|{iso3}" for iso3 in ("NGA", "CMR", "TCD")}
    assert [expected(found)[unit] for unit in found.shown] == sorted(
        map(expected(found).get, found.shown), reverse=True
    )
    assert (found.about, found.absent) == ("Boko Haram", ())
    both = forecasts(case, [BOKO_HARAM, ISWAP, ISWAP])
    assert both.about == "Islamic State West Africa Province and Boko Haram", "most named first"
    assert set(found.shown) < set(both.shown)
    assert found.made.units == both.made.units, "all groups of the record are forecast, for members learn from all"


def test_where_nobody_is_named_all_groups_are_shown(case):
    found = forecasts(case, ["tehrik-i-taliban-pakistan"])
    assert found.about == "all groups" and set(found.shown) == set(found.made.units)


def test_a_back_test_of_the_same_data_is_made_once_and_recorded_as_one(case):
    told = []
    first, again = made(), forecasts(case, [BOKO_HARAM], lambda *how_far: told.append(how_far) or True)
    assert told == [], "the one that the case has was taken"
    assert again.run == first.run and np.array_equal(again.made.draws, first.made.draws)
    saved = backtest_of(again.run, case.path)
    assert saved.run.command == "backtest" and saved.run.parameters["panel"]["unit"] == "group"
    assert again.record.scores.equals(first.record.scores)
    commands = [json.loads(path.read_text("utf-8"))["command"] for path in (case.path / "runs").glob("*.json")]
    assert sorted(commands) == ["backtest", "forecast"]


def test_stopped_it_goes_on_from_there(tmp_path):
    with case_of(tmp_path) as opened:
        with pytest.raises(Stopped):
            forecasts(opened, [BOKO_HARAM], lambda done, *_: done < 1)
        kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "runs").rglob("20*.parquet")}
        found = forecasts(opened, [BOKO_HARAM])
    assert kept and all(path.stat().st_mtime_ns == before for path, before in kept.items()), "not done again"
    assert found.record.scores.equals(made().record.scores)


def test_a_record_that_is_too_short_is_no_forecast(tmp_path):
    head, *rows = EVENTS.read_text("utf-8").splitlines(keepends=True)
    short = tmp_path / "short.csv"
    short.write_text(head + "".join(row for row in rows if "SYNTHETIC-2023" in row), "utf-8")
    with open_case(tmp_path / "case") as opened:
        opened.add_events(short, Options(mapping=EVENTS.with_suffix(".toml")))
        with pytest.raises(ForecastError, match="no whole year has 36 months before its origin"):
            forecasts(opened, [])


def test_the_page_carries_what_was_forecast():
    found, data = made(), forecast_data(made())
    assert [unit["unit"] for unit in data["units"]] == list(found.shown)
    assert data["months"] == [months.name(found.made.origin + h) for h in range(1, 13)]
    for unit in data["units"]:
        draws = found.made.draws[found.made.units.index(unit["unit"])]
        assert np.allclose(unit["quantiles"], np.quantile(draws, LEVELS, axis=1).T, atol=1e-3)
        assert unit["expected"] == pytest.approx(draws.mean(axis=1).sum(), abs=1e-3)
        assert unit["p1"] == pytest.approx((draws >= 1).mean(), abs=1e-4)
        panel = found.data.panel
        row = panel.units.index(unit["unit"])
        values, there = panel.values[row, -HISTORY:], panel.exists[row, -HISTORY:]
        assert unit["history"] == [int(v) if known else None for v, known in zip(values, there, strict=True)]
    assert data["since"] == months.name(found.made.origin - HISTORY + 1)
    assert json.dumps(data) == json.dumps(forecast_data(made())), "the same bytes"


def test_the_back_test_stands_beside_it_with_what_it_got_most_wrong():
    record = forecast_data(made())["record"]
    assert record["run"] == made().run and made().run in record["said"][0]
    assert [window["first"] for window in record["windows"]] == ["2022-01", "2023-01"]
    ours = made().record.ratios().filter(split="all", forecast="spillover", score="crps")
    assert [window["crps"] for window in record["windows"]] == pytest.approx(ours["ratio"].to_list(), abs=1e-4)
    assert [cell["happened"] for cell in record["worst"]] == made().record.worst["happened"].head(WRONG).to_list()


def test_where_the_groups_may_strike_next_is_told_with_how_good_that_has_been(case):
    onsets, data = made().onsets, forecast_data(made())["onsets"]
    assert set(onsets.made.table["group"]) == {JAS}, "of those that are named"
    assert data["of"] == onsets.made.table.height >= len(data["rows"]) > 0
    for row, known in zip(data["rows"], onsets.made.table.iter_rows(named=True), strict=False):
        assert (row["group"], row["name"], row["raises"]) == (JAS, known["name"], known["raises"])
        assert (row["probability"], row["base_rate"]) == pytest.approx(
            (known["probability"], known["base_rate"]), abs=1e-4
        )
    assert data["said"].casefold() == onsets.tested.words().casefold() and data["said"][0] == "A"
    assert set(forecasts(case, [ISWAP]).onsets.made.table["group"]) == {"IS"}


def test_where_onsets_cannot_be_learnt_that_is_said_and_the_rest_stays():
    without = replace(made(), onsets="nothing can be learnt by <2023-12>")
    assert forecast_data(without)["onsets"] == {"reason": "nothing can be learnt by <2023-12>"}
    told = plain_page(report_data([reading()], forecasts=without))
    assert "nothing can be learnt by &lt;2023-12&gt;" in told and "How good such forecasts have been" in told


def test_long_lists_are_cut_and_how_long_they_are_is_said():
    many = replace(made(), shown=made().shown * 9)
    data = forecast_data(many)
    assert (len(data["units"]), data["of"]) == (UNITS, 27)
    assert "The first 12 of 27." in plain_page(report_data([reading()], forecasts=many))


def test_without_scripts_it_is_read_as_tables_with_markup_as_words():
    odd = replace(made(), about="<b>Dunes</b>", absent=("A & B",))
    told = plain_page(report_data([reading()], forecasts=odd))
    assert "<b>Dunes" not in told and "&lt;b&gt;Dunes&lt;/b&gt;" in told
    assert "In the documents, but not forecast: A &amp; B." in told
    words = html.unescape(told)
    for part in (
        "How good such forecasts have been",
        "Where they were most wrong",
        *forecast_data(made())["record"]["said"],
    ):
        assert part in words
    assert words.count(f"{JAS} in Nigeria") >= 2


@needs_build
def test_a_reason_why_there_is_none_is_said_and_nothing_where_it_was_not_asked_for():
    told = render_report([reading()], actors=ACTORS, forecasts="the record is too <short>")
    assert "There is no forecast: the record is too &lt;short&gt;" in told
    assert report_data([reading()])["forecasts"] is None
    assert "There is no forecast" not in render_report([reading()], actors=ACTORS)
