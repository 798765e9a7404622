"""Forecasts in the report: whose they are, the back-test beside them, the page's data, and the page without scripts."""

from __future__ import annotations

import csv
import html
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from forecast_sample import BOKO_HARAM, EVENTS, ISWAP, case_of, forecasts, made
from report_sample import ACTORS, reading

from spillover.errors import ForecastError, Stopped
from spillover.forecasting import months
from spillover.forecasting.asked import Asked, given
from spillover.forecasting.jobs import BacktestJob, backtest_of
from spillover.publishing.report import page, render_report
from spillover.publishing.report.data import report_data
from spillover.publishing.report.forecasts import HISTORY, LEVELS, UNITS, WRONG, forecast_data
from spillover.publishing.report.plain import plain_page

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
    assert (found.about, found.absent) == ("Boko Haram", "")
    both = forecasts(case, [BOKO_HARAM, ISWAP, ISWAP])
    assert both.about == "Islamic State West Africa Province and Boko Haram", "most named first"
    assert set(found.shown) < set(both.shown)
    assert found.made.units == both.made.units, "all groups of the record are forecast, for members learn from all"


def test_where_nobody_who_is_named_has_events_all_groups_are_shown_and_that_is_said(case):
    found = forecasts(case, ["tehrik-i-taliban-pakistan", "nigeria"])
    assert found.about == "all groups" and set(found.shown) == set(found.made.units)
    assert found.absent == "Tehrik-i-Taliban Pakistan", "a state is no group"
    assert forecasts(case, [BOKO_HARAM, "tehrik-i-taliban-pakistan"]).absent == "Tehrik-i-Taliban Pakistan"


def test_one_name_of_several_actors_is_told_apart_by_country(tmp_path):
    """UCDP has one IS for all of its provinces."""
    with EVENTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    there = [
        row | {"id": f"99{row['id']}", "country": "Iraq", "country_id": "645"} for row in rows if row["side_b"] == "IS"
    ]
    with (tmp_path / "events.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows([*rows, *there])
    with case_of(tmp_path / "case", tmp_path / "events.csv") as opened:
        iswap = forecasts(opened, [ISWAP])
        assert "IS|IRQ" in iswap.made.units and "IS|IRQ" not in iswap.shown and "IS|NGA" in iswap.shown
        assert set(iswap.onsets.made.table["country"]) & {"IRQ"} == set()
        alone = forecasts(opened, ["islamic-state"], factions=False)
        assert alone.shown == ("IS|IRQ",)
        assert {"IS|IRQ", "IS|NGA"} <= set(forecasts(opened, ["islamic-state"]).shown), "its provinces are factions"


def test_the_back_test_is_of_the_same_months_ahead_from_the_same_month_of_earlier_years(case):
    found = forecasts(case, [BOKO_HARAM])
    assert found.record.origins == ("2020-12", "2021-12", "2022-12") and found.made.origin == months.parse("2023-12")
    firsts = found.record.scores.filter(origin="2022-12").select("first", "last").unique().rows()
    assert firsts == [("2023-01", "2023-12")]


def test_a_back_test_is_made_once_and_recorded_and_no_other_is_taken_for_it(case):
    told = []
    first, again = made(), forecasts(case, [BOKO_HARAM], lambda *how_far: told.append(how_far))
    assert len(told) == 1, "the one that the case has was taken"
    assert again.run == first.run and np.array_equal(again.made.draws, first.made.draws)
    saved = backtest_of(again.run, case.path)
    assert saved.run.command == "backtest" and saved.run.parameters["panel"]["unit"] == "group"
    assert again.record.scores.equals(first.record.scores)
    commands = [json.loads(path.read_text("utf-8"))["command"] for path in (case.path / "runs").glob("*.json")]
    assert sorted(commands) == ["backtest", "forecast"]
    with case.events() as session:
        asked = Asked(unit="group")
        data = given(asked, session)
    other = BacktestJob(asked, (months.parse("2019-06"), months.parse("2019-07")), (1,))
    other.carried_out(data, case.path / "runs" / f"backtest-{other.run(data).id}")
    assert forecasts(case, [BOKO_HARAM]).run == first.run


def test_a_back_test_that_lost_a_file_is_mended(tmp_path):
    with case_of(tmp_path) as opened:
        run = forecasts(opened, [BOKO_HARAM]).run
        (tmp_path / "runs" / f"backtest-{run}" / "most-wrong.parquet").unlink()
        assert forecasts(opened, [BOKO_HARAM]).record.worst.equals(made().record.worst)


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
    said = pytest.raises(ForecastError, match="takes 36 months before an origin and 12 after it; the panel has 2023")
    with case_of(tmp_path / "case", short) as opened, said:
        forecasts(opened, [])


def test_the_page_carries_what_was_forecast():
    found, data = made(), forecast_data(made())
    assert [unit["unit"] for unit in data["units"]] == list(found.shown)
    assert data["months"] == [months.name(found.made.origin + h) for h in range(1, 13)]
    for unit in data["units"]:
        draws = found.made.draws[found.made.units.index(unit["unit"])]
        assert np.allclose(unit["quantiles"], np.quantile(draws, LEVELS, axis=1).T, atol=1e-3)
        assert unit["expected"] == pytest.approx(draws.mean(axis=1).sum(), abs=1e-3)
        assert (unit["p1"], unit["p25"]) == pytest.approx(((draws >= 1).mean(), (draws >= 25).mean()), abs=1e-4)
        low, median, high = np.quantile(draws, (0.05, 0.5, 0.95))
        assert (unit["low90"], unit["median"], unit["high90"]) == pytest.approx((low, median, high), abs=1e-3)
        panel = found.data.panel
        row = panel.units.index(unit["unit"])
        values, there = panel.values[row, -HISTORY:], panel.exists[row, -HISTORY:]
        events = panel.parts["events"][row]
        assert unit["last"] == months.name(panel.start + int(np.flatnonzero(events)[-1]))
        assert unit["history"] == [int(v) if known else None for v, known in zip(values, there, strict=True)]
    assert data["since"] == months.name(found.made.origin - HISTORY + 1)
    assert json.dumps(data) == json.dumps(forecast_data(made())), "the same bytes"


def test_the_back_test_stands_beside_it_with_what_it_got_most_wrong():
    record = forecast_data(made())["record"]
    assert record["run"] == made().run and made().run in record["said"][0]
    assert [window["first"] for window in record["windows"]] == ["2021-01", "2022-01", "2023-01"]
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
    odd = replace(made(), about="<b>Dunes</b>", absent="A & B")
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
    assert "of one of these months, taken at random" in words and "no plan, offensive or ceasefire" in words
    unit = {"name": "Dune Army", "last": "2020-03", "expected": 112.06, "median": 3, "low90": 0, "high90": 44.05,
            "p1": 0.996, "p25": 0.004}  # fmt: skip
    rows = plain_page({**report_data([reading()]), "forecasts": forecast_data(odd) | {"units": [unit]}})
    cells = ("Dune Army", "2020-03", "112", "3", "0 to 44.1", "&gt;99 %", "&lt;1 %")
    assert "".join(f"<td>{cell}</td>" for cell in cells) in re.sub(r"<(th|td)[^>]*>", "<td>", rows).replace(
        "</th>", "</td>"
    )


def test_that_a_name_may_have_been_given_up_is_said_after_a_year_without_an_event():
    found = made()
    last = {unit["unit"]: unit["last"] for unit in forecast_data(found)["units"]}
    late = [unit for unit, month in last.items() if month >= "2023-01"]
    assert late and forecast_data(replace(found, shown=tuple(late)))["renamed"] is None
    panel = found.data.panel
    silent = panel.parts | {"events": np.where(np.arange(panel.values.shape[1]) < 60, panel.parts["events"], 0)}
    data = forecast_data(replace(found, data=replace(found.data, panel=replace(panel, parts=silent))))
    assert "may have gone on under that of an alliance" in data["renamed"]
    assert data["renamed"] in plain_page(report_data([reading()]) | {"forecasts": data})


@needs_build
def test_a_reason_why_there_is_none_is_said_and_nothing_where_it_was_not_asked_for():
    told = render_report([reading()], actors=ACTORS, forecasts="the record is too <short>")
    assert "There is no forecast: the record is too &lt;short&gt;" in told
    assert report_data([reading()])["forecasts"] is None
    assert "There is no forecast" not in render_report([reading()], actors=ACTORS)
