"""``spillover rerun``: equal to the byte, or said which is not; inputs that are missing or have changed."""

from __future__ import annotations

import json
import shutil

import panel_files
import polars as pl
import pytest
from test_commands import run
from test_spread_command import EXAMPLE
from test_start import modules_after

from spillover.cli import exits

FORECAST = ("--origin", "2018-10", "--horizons", "3-5", "--draws", "200")


@pytest.fixture
def made(tmp_path):
    """A panel, a forecast of it and a back-test of it, side by side in a folder."""
    panel = panel_files.write(tmp_path / "panel.csv")
    assert run("forecast", "--panel", panel, *FORECAST, "--out", tmp_path / "F.parquet").exit_code == 0
    return tmp_path


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rerun") / "case"
    added = run("events", "add", f"{EXAMPLE}.csv", "--map", f"{EXAMPLE}.toml", "--case", folder)
    assert added.exit_code == 0, added.stderr
    return folder


def rerun(*arguments):
    return run("rerun", *arguments)


def said(result):
    return " ".join(result.stderr.replace("│", " ").split())


# -- equal ------------------------------------------------------------------------------------------------------------


def test_a_forecast_is_repeated_to_the_byte(made):
    before = (made / "F.parquet").read_bytes()
    result = rerun(made / "F.manifest.json", "--out", made / "again")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.strip().endswith("(forecast): all outputs are equal to the byte")
    assert (made / "again" / "forecast.parquet").read_bytes() == before
    form = json.loads(rerun(made / "F.manifest.json", "--json").stdout)
    assert form["equal"] and form["command"] == "forecast"
    assert {o["recorded"] == o["now"] for o in form["outputs"].values()} == {True}


def test_a_back_test_is_repeated_to_the_byte(made):
    done = run("backtest", "--panel", made / "panel.csv", "--origins", "2017-10,2018-10", "--out", made / "bt")
    assert done.exit_code == 0
    result = rerun(made / "bt")
    assert result.exit_code == 0 and "2018-10.marks.npz" in result.stdout
    assert "(backtest): all outputs are equal to the byte" in result.stdout


def test_figures_and_the_file_for_views_are_repeated_too(made):
    ids = pl.DataFrame({"country_id": range(1, 13), "iso3": panel_files.COUNTRIES})
    ids.write_csv(made / "ids.csv")
    views = ("--views-out", made / "V.parquet", "--country-ids", made / "ids.csv")
    options = (*FORECAST, "--out", made / "F.parquet", *views, "--plots", made / "p")
    assert run("forecast", "--panel", made / "panel.csv", *options).exit_code == 0
    result = rerun(made / "F.manifest.json")
    assert result.exit_code == 0, result.stderr
    assert "views" in result.stdout and "plots/fan.svg" in result.stdout
    (made / "ids.csv").write_text("country_id,iso3\n5,AFG\n", "utf-8")
    changed = rerun(made / "F.manifest.json")
    assert changed.exit_code == exits.NONE_READ and "ids.csv: the input has changed since the run" in said(changed)


def test_runs_of_a_case_by_id_by_record_and_by_manifest(case, tmp_path):
    asked = ("--case", case, "--target", "events", "--country", "NGA,NER")
    tested = run("backtest", *asked, "--origins", "2021-06,2022-06", "--horizons", "1-3", "--json")
    id = json.loads(tested.stdout)["run"]
    forecast = run("forecast", *asked, "--origin", "2022-12", "--months", "2", "--weights", id, "--json", "--out",
                   tmp_path / "F.parquet")  # fmt: skip
    assert forecast.exit_code == 0, forecast.stderr
    other = json.loads(forecast.stdout)["run"]
    for record in (id, other[:8]):
        result = rerun(record, "--case", case)
        assert result.exit_code == 0, result.stderr
    assert rerun(case / "runs" / f"{other}.json").exit_code == 0
    assert rerun(tmp_path / "F.manifest.json").exit_code == 0
    # where no origin was given, it is that of the data
    assert run("forecast", *asked, "--months", "1", "--out", tmp_path / "G.parquet").exit_code == 0
    assert rerun(tmp_path / "G.manifest.json").exit_code == 0


def test_a_record_finds_its_panel_where_both_were_moved(made, tmp_path_factory):
    there = tmp_path_factory.mktemp("moved")
    for name in ("panel.csv", "F.manifest.json"):
        shutil.move(made / name, there / name)
    assert rerun(there / "F.manifest.json").exit_code == 0


def test_later_rows_change_nothing(made):
    panel = panel_files.table()
    late = panel.filter(panel_files.later("2018-10")).with_columns(ucdp_fatalities_best=pl.lit(900.0))
    panel_files.write(made / "panel.csv", pl.concat([panel.filter(~panel_files.later("2018-10")), late]))
    result = rerun(made / "F.manifest.json")
    assert result.exit_code == 0
    assert "panel.csv changed since, but not in what this run looked at" in said(result)


# -- not equal, not possible ------------------------------------------------------------------------------------------


def test_months_that_came_after_the_last_one_change_nothing(made):
    assert run("forecast", "--panel", made / "panel.csv", "--months", "2", "--out", made / "G.parquet").exit_code == 0
    panel = pl.read_csv(made / "panel.csv")
    month = panel.columns[1]
    more = panel.filter(pl.col(month) == panel[month].max()).with_columns(pl.lit("2031-05").alias(month))
    pl.concat([panel, more]).write_csv(made / "panel.csv")
    result = rerun(made / "G.manifest.json")
    assert result.exit_code == 0, result.stderr
    assert "panel.csv changed since, but not in what this run looked at" in said(result)


def test_an_output_that_differs_is_named_and_the_exit_code_says_so(made):
    record = json.loads((made / "F.manifest.json").read_text("utf-8"))
    record["outputs"]["forecast"] = "0" * 64
    (made / "F.manifest.json").write_text(json.dumps(record), "utf-8")
    result = rerun(made / "F.manifest.json")
    assert result.exit_code == exits.SOME_UNREAD
    assert "1 of 2 are not equal" in result.stdout and "not the same as recorded: forecast" in result.stderr
    form = json.loads(rerun(made / "F.manifest.json", "--json").stdout)
    assert not form["equal"] and form["outputs"]["draws"]["recorded"] == form["outputs"]["draws"]["now"]


def test_other_code_and_packages_are_told(made, monkeypatch):
    from spillover.forecasting import saving

    now = saving.made_by()
    changed = {"code": "another", "packages": now["packages"] | {"numpy": "0.1"}}
    monkeypatch.setattr(saving, "made_by", lambda: changed)
    result = rerun(made / "F.manifest.json")
    assert "made by other code of Spillover" in said(result) and "here is 0.1" in said(result)


def test_an_input_that_changed_is_an_error(made):
    panel = panel_files.table().with_columns(pl.col("ucdp_fatalities_best") + 1)
    panel_files.write(made / "panel.csv", panel)
    result = rerun(made / "F.manifest.json")
    assert (result.exit_code, result.stdout) == (exits.NONE_READ, "")
    assert "its input has changed: panel.csv changed. Bring back the data" in said(result)


def test_events_that_came_to_a_case_are_an_error(case, tmp_path):
    shutil.copytree(case, tmp_path / "case")
    asked = ("--case", tmp_path / "case", "--months", "1", "--out", tmp_path / "F.parquet")
    assert run("forecast", *asked).exit_code == 0
    table = pl.read_csv(f"{EXAMPLE}.csv")
    table.head(40).write_csv(tmp_path / "less.csv")
    sets = json.loads(run("events", "list", "--case", tmp_path / "case", "--json").stdout.splitlines()[0])
    assert run("events", "remove", sets["id"], "--yes", "--case", tmp_path / "case").exit_code == 0
    added = run("events", "add", tmp_path / "less.csv", "--map", f"{EXAMPLE}.toml", "--case", tmp_path / "case")
    assert added.exit_code == 0, added.stderr
    result = rerun(tmp_path / "F.manifest.json")
    assert result.exit_code == exits.NONE_READ and "is not there" in said(result) and "is new" in said(result)


def test_an_input_that_is_missing_is_named_and_can_be_given(made):
    (made / "else").mkdir()
    shutil.move(made / "panel.csv", made / "else" / "panel.csv")
    result = rerun(made / "F.manifest.json")
    assert result.exit_code == exits.NONE_READ
    assert "the input is missing: panel" in said(result) and "--panel" in said(result)
    assert rerun(made / "F.manifest.json", "--panel", made / "else" / "panel.csv").exit_code == 0


def test_a_record_that_was_changed_by_hand_is_refused(made):
    record = json.loads((made / "F.manifest.json").read_text("utf-8"))
    record["parameters"]["draws"] = 500
    (made / "F.manifest.json").write_text(json.dumps(record), "utf-8")
    result = rerun(made / "F.manifest.json")
    assert result.exit_code == exits.NONE_READ and "the record was changed since it was written" in said(result)


def test_runs_of_other_commands_are_not_repeated_yet(case):
    made = run("spread", "--case", case, "--lately", "--json")
    id = json.loads(made.stdout)["run"]
    result = rerun(id, "--case", case)
    assert (result.exit_code, result.stdout) == (exits.NONE_READ, "")
    assert "a run of 'spread' cannot be repeated from its record yet. Run 'spillover spread' again" in said(result)


def test_a_back_test_that_is_not_done_cannot_be_compared(made):
    from spillover.forecasting.saving import read, write

    record = read(made / "F.manifest.json")
    write(made / "half.json", record.run, {}, {})
    result = rerun(made / "half.json")
    assert result.exit_code == exits.NONE_READ and "the run was not finished" in said(result)


def test_what_is_no_record_says_what_is(made, case):
    (made / "note.json").write_text('{"format": "else"}', "utf-8")
    for record, words in (
        (made / "note.json", "this is no record of a run"), (made / "panel.csv", "this is no record of a run"),
        ("zzzz", "there is no record 'zzzz'"),
    ):  # fmt: skip
        result = rerun(record, "--case", case)
        assert (result.exit_code, result.stdout) == (exits.NONE_READ, "")
        assert words in said(result)
    full = rerun(made / "F.manifest.json", "--out", made)
    assert full.exit_code == exits.USAGE and "name a new or empty folder" in said(full)


def test_help_has_examples_and_imports_nothing_heavy():
    imported, out = modules_after("-m", "spillover", "rerun", "--help")
    assert out.count("spillover rerun ") >= 3
    assert not imported & {"numpy", "polars", "pyarrow", "numba", "scipy", "sklearn", "lightgbm"}
