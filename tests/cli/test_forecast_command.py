"""``spillover forecast``: page, JSON, files and records; nothing after the origin reaches it; bad input."""

from __future__ import annotations

import json

import panel_files
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_commands import run
from test_spread_command import EXAMPLE
from test_start import modules_after

from spillover.cli import exits
from spillover.forecasting.files import read_forecasts
from spillover.forecasting.members import MEMBERS

PARTS = ["Most at risk", "How this was made", "How good such forecasts have been", "Data: panel.csv"]
OPTIONS = ("--origin", "2018-10", "--horizons", "3-14")


@pytest.fixture(scope="module")
def panel(tmp_path_factory):
    return panel_files.write(tmp_path_factory.mktemp("forecast") / "panel.csv")


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """The bundled example's events, in four countries."""
    folder = tmp_path_factory.mktemp("forecast") / "case"
    added = run("events", "add", f"{EXAMPLE}.csv", "--map", f"{EXAMPLE}.toml", "--case", folder)
    assert added.exit_code == 0, added.stderr
    return folder


def forecast(*arguments):
    return run("forecast", *arguments)


def as_json(*arguments):
    result = forecast(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    (line,) = result.stdout.splitlines()
    return json.loads(line)


def said(result):
    return " ".join(result.stderr.replace("│", " ").split())


def bytes_of(panel, out, *options):
    made = forecast("--panel", panel, "--out", out, *(options or OPTIONS))
    assert made.exit_code == 0, made.stderr
    return out.read_bytes()


# -- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_has_every_part_and_says_that_nothing_is_known_of_its_quality(panel):
    result = forecast("--panel", panel, *OPTIONS)
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0].startswith("Deaths by country, 2019-01 to 2019-12 (horizons 3-14), from what was known")
    assert "2018-10: 12 units, 1,000 draws each" in lines[0]
    at = [lines.index(part) for part in PARTS]
    assert at == sorted(at)
    assert "Members left out, as the panel has too little to learn from: " in result.stdout
    assert "weighted as chosen beforehand" in result.stdout
    assert f"spillover backtest --panel {panel}" in result.stdout
    assert "forecasting 12 units" in result.stderr


def test_the_units_most_at_risk_come_first_with_their_chances(panel):
    made = as_json("--panel", panel, *OPTIONS, "--top", 5)
    risk = made["most_at_risk"]
    assert len(risk) == 5
    assert [r["expected"] for r in risk] == sorted((r["expected"] for r in risk), reverse=True)
    by_unit = pl.DataFrame(made["forecast"]).group_by("unit").agg(
        pl.col("mean").sum(), pl.col("p1").mean(), pl.col("p25").mean()
    )  # fmt: skip
    for row in risk:
        (mean, p1, p25) = by_unit.filter(pl.col("unit") == row["unit"]).select("mean", "p1", "p25").row(0)
        assert row["expected"] == pytest.approx(mean) and row["p1"] == pytest.approx(p1)
        assert row["p25"] == pytest.approx(p25)
        assert row["low90"] <= row["median"] <= row["high90"]
    assert max(by_unit["mean"]) == pytest.approx(risk[0]["expected"])


def test_json_is_one_object_with_every_number_and_the_same_again(panel):
    made = as_json("--panel", panel, *OPTIONS)
    assert (made["unit"], made["origin"], made["units"], made["draws"]) == ("country", "2018-10", 12, 1000)
    assert made["horizons"] == list(range(3, 15)) and len(made["forecast"]) == 12 * 12
    assert made["backtest"] is None and made["attribution"] == ["Data: panel.csv"]
    assert made["members_left_out"] and {*made["members_left_out"], *made["weights"]["weights"]} == set(MEMBERS)
    assert as_json("--panel", panel, *OPTIONS) == made


def test_the_origin_is_the_last_month_and_twelve_months_are_forecast_where_nothing_is_said(panel):
    made = as_json("--panel", panel)
    assert (made["origin"], made["horizons"]) == ("2019-12", list(range(1, 13)))
    assert as_json("--panel", panel, "--months", 2)["horizons"] == [1, 2]
    assert as_json("--panel", panel, "--horizons", "1,6")["horizons"] == [1, 6]


# -- files ------------------------------------------------------------------------------------------------------------


def test_the_file_has_a_row_a_unit_and_month_with_a_thousand_draws(panel, tmp_path):
    bytes_of(panel, tmp_path / "F.parquet")
    table = pl.read_parquet(tmp_path / "F.parquet")
    assert table.columns == ["unit", "month", "draws"] and table.height == 12 * 12
    assert table["month"].unique().sort().to_list() == [f"2019-{m:02d}" for m in range(1, 13)]
    assert set(table["draws"].list.len()) == {1000}
    record = json.loads((tmp_path / "F.manifest.json").read_text("utf-8"))
    assert record["command"] == "forecast" and set(record["inputs"]) == {"panel.csv", "values"}
    assert record["parameters"]["origin"] == "2018-10" and set(record["outputs"]) == {"draws", "forecast"}
    assert str(tmp_path) not in (tmp_path / "F.manifest.json").read_text("utf-8")
    fewer = tmp_path / "few.parquet"
    bytes_of(panel, fewer, *OPTIONS, "--draws", 200)
    assert read_forecasts(fewer).size == 200


def test_the_same_run_writes_the_same_bytes(panel, tmp_path):
    first = bytes_of(panel, tmp_path / "F.parquet"), (tmp_path / "F.manifest.json").read_bytes()
    assert (bytes_of(panel, tmp_path / "F.parquet"), (tmp_path / "F.manifest.json").read_bytes()) == first


def test_a_file_in_the_layout_of_views(panel, tmp_path):
    ids = pl.DataFrame({"country_id": range(1, 12), "iso3": panel_files.COUNTRIES[:11]})
    ids.write_csv(tmp_path / "ids.csv")
    options = ("--panel", panel, *OPTIONS, "--out", tmp_path / "F.parquet", "--views-out", tmp_path / "V.parquet")
    refused = forecast(*options)
    assert refused.exit_code == exits.NONE_READ and "Give its numbers with --country-ids" in said(refused)
    assert not (tmp_path / "F.parquet").exists()
    made = forecast(*options, "--country-ids", tmp_path / "ids.csv")
    assert made.exit_code == 0, made.stderr
    assert "lacks 1 units that have no number: TCD" in said(made)
    names = dict(zip(map(str, range(1, 12)), panel_files.COUNTRIES, strict=False))
    theirs = read_forecasts(tmp_path / "V.parquet").renamed(names)
    ours = read_forecasts(tmp_path / "F.parquet").select(set(panel_files.COUNTRIES) - {"TCD"})
    cell = {(u, m): d.tolist() for u, m, d in zip(ours.unit, ours.month, ours.draws, strict=True)}
    assert {(u, m): d.tolist() for u, m, d in zip(theirs.unit, theirs.month, theirs.draws, strict=True)} == cell


# -- nothing later ----------------------------------------------------------------------------------------------------


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(factor=st.sampled_from([0.0, 7.0, 1000.0]), drop=st.integers(0, 60), new=st.booleans(), seed=st.integers(0, 99))
def test_nothing_after_the_origin_reaches_the_file(panel, tmp_path, factor, drop, new, seed):
    table, late = panel_files.table(), panel_files.later("2018-10")
    value = pl.col("ucdp_fatalities_best")
    after = table.filter(late).with_columns(value * factor).sample(fraction=1, shuffle=True, seed=seed)[drop:]
    parts = [table.filter(~late), after]
    if new:
        parts.append(
            after[:3].with_columns(country_iso3=pl.lit("ZAF"), year_month=pl.Series(["2019-01", "2019-02", "2019-03"]))
        )
    changed = panel_files.write(tmp_path / "changed.csv", pl.concat(parts))
    assert bytes_of(changed, tmp_path / "B.parquet") == bytes_of(panel, tmp_path / "A.parquet")


def test_what_comes_before_the_origin_does_reach_it(panel, tmp_path):
    more = panel_files.table().with_columns(pl.col("ucdp_fatalities_best") * 2)
    changed = panel_files.write(tmp_path / "changed.csv", more)
    assert bytes_of(changed, tmp_path / "B.parquet") != bytes_of(panel, tmp_path / "A.parquet")


def test_learned_members_see_nothing_later_either_and_hang_on_the_seed(tmp_path):
    table = panel_files.table(span=100, busy=0.6)
    a = panel_files.write(tmp_path / "a.csv", table)
    late = pl.when(panel_files.later("2020-10")).then(9999.0).otherwise(pl.col("ucdp_fatalities_best"))
    b = panel_files.write(tmp_path / "b.csv", table.with_columns(late.alias("ucdp_fatalities_best")))
    options = ("--origin", "2020-10", "--months", 2)
    made = as_json("--panel", a, *options)
    assert made["members_left_out"] == []
    first = bytes_of(a, tmp_path / "A.parquet", *options)
    assert bytes_of(b, tmp_path / "B.parquet", *options) == first
    assert bytes_of(a, tmp_path / "C.parquet", *options, "--seed", 2) != first


# -- of a case --------------------------------------------------------------------------------------------------------


def test_a_forecast_of_a_case_is_recorded_with_its_data_and_their_makers_words(case, tmp_path):
    result = forecast("--case", case, "--target", "events", "--months", 3, "--out", tmp_path / "F.parquet")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("Events by country, 2024-01 to 2024-03")
    assert "No event in it took place" in result.stdout.splitlines()[-1]
    beside = json.loads((tmp_path / "F.manifest.json").read_text("utf-8"))
    recorded = json.loads((case / "runs" / f"{beside['id']}.json").read_text("utf-8"))
    assert recorded["outputs"] == beside["outputs"] and recorded["inputs"] == beside["inputs"]
    assert any("lake-chad" in name for name in recorded["inputs"])
    assert recorded["parameters"]["panel"]["target"] == "events"


def test_what_is_asked_for_is_what_is_forecast(case):
    made = as_json("--case", case, "--unit", "group", "--country", "NGA,ner", "--type", "state-based", "--months", 1)
    assert made["unit"] == "group" and {r["unit"].split("|")[1] for r in made["forecast"]} <= {"NGA", "NER"}
    assert any("state-based violence" in note for note in made["notes"])


def test_the_figures_of_a_back_test_of_the_same_panel_are_shown_and_its_weights_taken(case):
    asked = ("--case", case, "--target", "events", "--country", "NGA")
    tested = run("backtest", *asked, "--origins", "2021-06,2022-06", "--horizons", "1-6", "--json")
    assert tested.exit_code == 0, tested.stderr
    id = json.loads(tested.stdout)["run"]
    options = (*asked, "--origin", "2022-12", "--months", 2)
    shown = forecast(*options)
    assert f"Back-test {id}: 2 windows, origins 2021-06 to 2022-06" in shown.stdout
    assert "weighted as chosen beforehand" in shown.stdout
    assert as_json(*options)["backtest"]["run"] == id
    other = as_json("--case", case, "--target", "deaths", "--origin", "2022-12", "--months", 2)
    assert other["backtest"] is None
    learnt = forecast(*options, "--weights", id[:6])
    assert f"weights learnt on 2 windows of back-test {id}" in learnt.stdout
    early = forecast(*asked, "--origin", "2021-06", "--months", 2, "--weights", id)
    assert f"no window of back-test {id} was over" in " ".join(early.stdout.split())
    wrong = forecast("--case", case, "--target", "deaths", "--weights", id)
    assert wrong.exit_code == exits.NONE_READ and "the back-test is of another panel" in said(wrong)


def test_a_case_that_cannot_be_written_is_forecast_all_the_same(case, monkeypatch):
    monkeypatch.setattr("spillover.runs.writable", lambda case: None)
    result = forecast("--case", case, "--months", 1)
    assert result.exit_code == 0 and "there is no record of this run" in result.stderr


def test_figures_are_written_and_recorded(panel, tmp_path):
    result = forecast("--panel", panel, *OPTIONS, "--out", tmp_path / "F.parquet", "--plots", tmp_path / "p")
    assert result.exit_code == 0, result.stderr
    names = {f"plots/{path.name}" for path in (tmp_path / "p").iterdir()}
    assert {"plots/fan.png", "plots/fan.svg"} <= names
    record = json.loads((tmp_path / "F.manifest.json").read_text("utf-8"))
    assert set(record["outputs"]) == names | {"draws", "forecast"}


def test_a_map_that_cannot_be_drawn_is_told(panel, tmp_path):
    own = tmp_path / "own.csv"
    months = [f"Here,{year}-{month:02},1\n" for year in range(2000, 2019) for month in range(1, 13)]
    own.write_text("unit,month,value\n" + "".join(months))
    result = forecast("--panel", own, "--unit", "admin1", "--months", 1, "--plots", tmp_path / "p")
    assert result.exit_code == 0, result.stderr
    assert not (tmp_path / "p" / "risk_map.png").exists()
    told = [line for line in result.stderr.splitlines() if line.startswith("no map")]
    assert told == ["no map of risk: no place is known of 1 division: Here"]
    drawn = forecast("--panel", panel, *OPTIONS, "--plots", tmp_path / "q")
    assert (tmp_path / "q" / "risk_map.png").exists() == ("no map" not in drawn.stderr)


# -- what is wrong ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--months", "3", "--horizons", "1-3"], "either --months or --horizons"),
        (["--horizons", "0-3"], "gives no horizons"),
        (["--origin", "October"], "'October' is not a month"),
        (["--case", "some"], "a --panel file is forecast as it is"),
        (["--country", "AFG"], "a --panel file is forecast as it is"),
        (["--target", "deaths"], "a --panel file is forecast as it is"),
        (["--columns", "place"], "is not such as unit=place"),
        (["--out", "forecast.csv"], "ends in .parquet"),
        (["--country-ids", "ids.csv"], "numbers of countries are for --views-out"),
        (["--out", "a.parquet", "--views-out", "a.parquet"], "it is the file of --out"),
        (["--draws", "1"], "--draws"),
    ],
)
def test_wrong_options_are_usage_errors(panel, options, words):
    result = forecast("--panel", panel, *options)
    assert (result.exit_code, result.stdout) == (exits.USAGE, "")
    assert words in said(result)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--origin", "2030-01"], "the rows end in 2019-12, before 2030-01"),
        (["--origin", "2014-06"], "fewer than 12"),
        (["--weights", "none"], "there is no back-test 'none'"),
        (["--columns", "value=dead"], "there is no column for the value (dead)"),
    ],
)
def test_what_cannot_be_forecast_says_why_and_what_to_do(panel, options, words):
    result = forecast("--panel", panel, *options)
    assert (result.exit_code, result.stdout) == (exits.NONE_READ, "")
    assert words in said(result)


def test_names_that_nobody_bears_and_files_that_are_not_there(case, tmp_path):
    unknown = forecast("--case", case, "--actor", "Nobody at all")
    assert unknown.exit_code == exits.USAGE and "no actor is called 'Nobody at all'" in said(unknown)
    missing = forecast("--panel", tmp_path / "none.csv")
    assert missing.exit_code == exits.NONE_READ and "none.csv" in said(missing)
    nowhere = forecast("--case", tmp_path / "nowhere")
    assert nowhere.exit_code == exits.CASE


def test_help_has_examples_and_imports_nothing_heavy():
    imported, out = modules_after("-m", "spillover", "forecast", "--help")
    assert out.count("spillover forecast ") >= 3
    assert not imported & {"numpy", "polars", "pyarrow", "numba", "scipy", "sklearn", "lightgbm"}


def test_the_panel_is_never_written_over(tmp_path):
    path = tmp_path / "panel.parquet"
    month = [f"20{10 + n // 12}-{n % 12 + 1:02d}" for n in range(24)]
    pl.DataFrame({"unit": ["A"] * 24, "month": month, "value": [1.0] * 24}).write_parquet(path)
    before = path.read_bytes()
    result = run("forecast", "--panel", str(path), "--out", str(path))
    assert result.exit_code == exits.USAGE and path.read_bytes() == before


def test_no_more_months_ahead_than_have_been_scored(tmp_path):
    (tmp_path / "p.csv").write_text("unit,month,value\nA,2019-01,1\n")
    result = run("forecast", "--panel", str(tmp_path / "p.csv"), "--months", "37")
    assert result.exit_code == exits.USAGE and "36" in result.output
