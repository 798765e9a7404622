"""``spillover backtest``: figures by window and over windows, folders that belong to one back-test, Ctrl-C."""

from __future__ import annotations

import json
import math
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import panel_files
import polars as pl
import pytest
from test_commands import run
from test_spread_command import EXAMPLE, ROOT
from test_start import modules_after

from spillover.cli import exits
from spillover.forecasting import months
from spillover.forecasting.baselines import NAMES
from spillover.forecasting.panels import from_file

ORIGINS = ("--origins", "2017-10,2016-10,2018-10")
PARTS = [
    "Mean CRPS by window", "Mean log-CRPS by window", "Mean ignorance by window", "Mean interval score by window",
    "Ratio to conflictology12, geometric mean over windows", "spillover against each baseline",
    "spillover by kind of cell", "PIT of spillover by tenths", "Where we were most wrong", "How this was made",
]  # fmt: skip
FILES = {
    f"{origin}.{ending}" for origin in ("2016-10", "2017-10", "2018-10") for ending in ("parquet", "marks.npz")
} | {"scores.parquet", "most-wrong.parquet", "manifest.json"}  # fmt: skip


@pytest.fixture(scope="module")
def panel(tmp_path_factory):
    return panel_files.write(tmp_path_factory.mktemp("backtest") / "panel.csv")


@pytest.fixture(scope="module")
def done(panel):
    """A back-test of three windows, with its output."""
    folder = panel.parent / "done"
    result = backtest(panel, *ORIGINS, "--out", folder)
    assert result.exit_code == 0, result.stderr
    return folder, result


def backtest(panel, *arguments):
    return run("backtest", "--panel", panel, *arguments)


def said(result):
    return " ".join(result.stderr.replace("│", " ").split())


def files_of(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# -- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_has_every_part_and_always_the_worst_cells(done):
    lines = done[1].stdout.splitlines()
    assert lines[0].startswith("Back-test of deaths by country: 3 windows, horizons 3-14, 432 cells; the panel has")
    at = [next(i for i, line in enumerate(lines) if line.startswith(part)) for part in PARTS]
    assert at == sorted(at)
    assert lines[-2] == "Data: panel.csv" and lines[-1].startswith("Run ")
    worst = "\n".join(lines[at[-2] : at[-1]])
    assert sum(worst.count(f"-{m:02d}   201") for m in range(1, 13)) == 10


def test_a_window_that_is_not_over_is_named(panel):
    last = from_file(panel).end
    result = backtest(panel, "--origins", f"2017-10,{months.name(last - 2)}", "--horizons", "1-6")
    assert result.exit_code == 0, result.stderr
    assert f"Not over, and counted like whole windows: those from {months.name(last - 2)}." in " ".join(
        result.stdout.split()
    )


def test_every_baseline_stands_in_every_window(done):
    table = done[1].stdout.split("Mean CRPS by window")[1].split("Mean log-CRPS")[0]
    assert all(name in table for name in ("spillover", *NAMES))
    assert [line.split()[0] for line in table.splitlines() if line.lstrip().startswith("20")] == [
        "2016-10", "2017-10", "2018-10",
    ]  # fmt: skip


def test_json_has_every_number_and_means_over_windows_are_geometric(panel, done):
    result = backtest(panel, *ORIGINS, "--out", done[0], "--wrong", 3, "--json")
    (line,) = result.stdout.splitlines()
    made = json.loads(line)
    assert made["origins"] == ["2016-10", "2017-10", "2018-10"] and len(made["most_wrong"]) == 3
    assert made["forecasts"] == ["spillover", *NAMES]
    ours = {row["origin"]: row["ratio"] for row in made["windows"]
            if (row["forecast"], row["score"]) == ("spillover", "crps")}  # fmt: skip
    logs = [math.log(ratio) for ratio in ours.values()]
    mean = sum(logs) / 3
    error = math.sqrt(sum((log - mean) ** 2 for log in logs) / 2) / math.sqrt(3)
    (row,) = (r for r in made["geometric"] if (r["split"], r["forecast"], r["score"]) == ("all", "spillover", "crps"))
    assert row["ratio"] == pytest.approx(math.exp(mean)) and row["error"] == pytest.approx(error)
    assert (row["windows"], row["better"]) == (3, sum(log < 0 for log in logs))
    assert {r["split"] for r in made["coverage"]} >= {"all", "active"}
    assert sum(made["pit"]) == pytest.approx(1) and len(made["pit"]) == 10
    assert sum(r["ratio"] for r in made["against_each"]["conflictology12"] if r["score"] == "crps") == pytest.approx(
        row["ratio"]
    )


def test_windows_apart_have_means_of_their_own(panel, done):
    options = (*ORIGINS, "--out", done[0], "--apart", "2017-10")
    made = json.loads(backtest(panel, *options, "--json").stdout)
    assert [part["origins"] for part in made["apart"]] == [["2016-10", "2017-10"], ["2018-10"]]
    chosen = {"split": "all", "forecast": "spillover", "score": "ign"}
    ours = [next(r for r in part["geometric"] if chosen.items() <= r.items()) for part in made["apart"]]
    whole = next(r for r in made["geometric"] if chosen.items() <= r.items())
    assert ours[0]["ratio"] ** 2 * ours[1]["ratio"] == pytest.approx(whole["ratio"] ** 3)
    assert "to 2017-10" in backtest(panel, *options).stdout
    assert json.loads(backtest(panel, *options[:-2], "--json").stdout)["apart"] == []


def test_a_window_scores_as_the_command_scores_does(panel, done):
    other = run("scores", done[0] / "2018-10.parquet", "--actuals", panel, "--origin", "2018-10", "--baseline", "all",
                "--json")  # fmt: skip
    assert other.exit_code == 0, other.stderr
    theirs = json.loads(other.stdout)["forecasts"]
    ours = pl.read_parquet(done[0] / "scores.parquet").filter(pl.col("origin") == "2018-10")
    for split in ("all", "active", "onsets", "without_two_largest"):
        for name in ("spillover", *NAMES):
            expected = theirs["2018-10" if name == "spillover" else name]["scores"][split]
            found = ours.filter((pl.col("split") == split) & (pl.col("forecast") == name))
            for score, mean in (
                found.filter(~pl.col("score").str.starts_with("pit")).select("score", "mean").iter_rows()
            ):
                assert mean == pytest.approx(expected[score], abs=1e-9, nan_ok=True), (split, name, score)


def test_the_latest_whole_years_are_taken_where_nothing_is_said(panel):
    result = backtest(panel, "--json")
    assert result.exit_code == 0 and "without --out no window is kept" in result.stderr
    assert json.loads(result.stdout)["origins"] == ["2017-10", "2018-10"]
    years = backtest(panel, "--years", "2018", "--json")
    assert json.loads(years.stdout)["origins"] == ["2017-10"]


def test_without_knowing_what_borders_on_what_there_is_no_baseline_of_neighbours(tmp_path):
    own = panel_files.table().with_columns(pl.concat_str(pl.lit("place "), "country_iso3").alias("unit"))
    path = panel_files.write(tmp_path / "own.csv", own.drop("country_iso3"))
    made = json.loads(backtest(path, "--origins", "2018-10", "--json").stdout)
    assert made["forecasts"] == ["spillover", *(name for name in NAMES if name != "neighbours12")]
    assert all(row["error"] is None for row in made["geometric"])


# -- the folder -------------------------------------------------------------------------------------------------------


def test_the_folder_has_windows_scores_and_a_record_of_their_bytes(done):
    from spillover.runs import digest

    files = files_of(done[0])
    record = json.loads(files.pop("manifest.json"))
    assert set(files) | {"manifest.json"} == FILES
    assert record["outputs"] == {name: digest(data) for name, data in files.items()}
    assert record["command"] == "backtest" and record["format"] == "spillover-run/1"
    assert pl.read_parquet(done[0] / "2016-10.parquet").columns == ["unit", "month", "draws"]
    assert pl.read_parquet(done[0] / "most-wrong.parquet")["crps"].is_sorted(descending=True)


def test_a_back_test_that_was_stopped_goes_on_to_the_same_bytes(panel, done, monkeypatch):
    folder, before = panel.parent / "stopped", files_of(done[0])

    @contextmanager
    def soon():
        asked = []
        yield lambda: asked.append(1) or len(asked) > 1

    with monkeypatch.context() as patched:
        patched.setattr("spillover.cli.backtest.stopping", soon)
        stopped = backtest(panel, *ORIGINS, "--out", folder)
    assert (stopped.exit_code, stopped.stdout) == (exits.INTERRUPTED, "")
    assert f"stopped after 1 of 3 windows; what is done is kept in {folder}. Run the same command again" in said(
        stopped
    )
    assert set(files_of(folder)) == {"manifest.json", "2016-10.parquet", "2016-10.marks.npz"}
    kept = (folder / "2016-10.parquet").stat().st_mtime_ns
    again = backtest(panel, *ORIGINS, "--out", folder)
    assert again.exit_code == 0 and again.stdout == done[1].stdout
    assert files_of(folder) == before
    assert (folder / "2016-10.parquet").stat().st_mtime_ns == kept


def test_ctrl_c_stops_after_the_window_at_work(panel, tmp_path):
    at = ",".join(f"{year}-{month:02d}" for year in (2016, 2017) for month in range(1, 13))
    words = ["backtest", "--panel", str(panel), "--origins", at, "--horizons", "1-3", "--out", str(tmp_path / "bt")]
    process = subprocess.Popen(
        [sys.executable, "-m", "spillover", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while not (tmp_path / "bt" / "2016-01.marks.npz").exists():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (exits.INTERRUPTED, ""), err
    assert "stopping after this part" in err and "of 24 windows; what is done is kept in" in err
    assert "Traceback" not in err
    kept = set(files_of(tmp_path / "bt"))
    assert {"manifest.json", "2016-01.parquet"} <= kept and "2017-12.parquet" not in kept


def test_windows_that_were_lost_are_made_anew(panel, done, tmp_path):
    folder = panel.parent / "lost"
    shutil.copytree(done[0], folder)
    for name in ("2017-10.parquet", "scores.parquet"):
        (folder / name).unlink()
    assert backtest(panel, *ORIGINS, "--out", folder).exit_code == 0
    assert files_of(folder) == files_of(done[0])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--origins", "2017-10,2018-10"], "other origins"),
        ([*ORIGINS, "--horizons", "1-6"], "other horizons"),
        ([*ORIGINS, "--seed", "2"], "other seed"),
        ([*ORIGINS, "--learning", "0"], "other learning"),
    ],
)
def test_a_folder_belongs_to_one_setting(panel, done, options, words):
    before = files_of(done[0])
    refused = backtest(panel, *options, "--out", done[0])
    assert (refused.exit_code, refused.stdout) == (exits.NONE_READ, "")
    assert f"the folder belongs to another run: {words}. Name another folder" in said(refused)
    assert files_of(done[0]) == before


def test_a_folder_belongs_to_one_panel_and_one_version_of_the_code(panel, done, tmp_path, monkeypatch):
    changed = panel_files.table().with_columns(
        pl.when((pl.col("year_month") == "2015-03") & (pl.col("country_iso3") == "MLI")).then(77.0)
        .otherwise(pl.col("ucdp_fatalities_best")).alias("ucdp_fatalities_best")
    )  # fmt: skip
    other = panel_files.write(tmp_path / "panel.csv", changed)
    refused = backtest(other, *ORIGINS, "--out", done[0])
    assert refused.exit_code == exits.NONE_READ and "other input panel.csv, values of the panel" in said(refused)
    monkeypatch.setattr("spillover.forecasting.saving.made_by", lambda: {"code": "another", "packages": {}})
    refused = backtest(panel, *ORIGINS, "--out", done[0])
    assert refused.exit_code == exits.NONE_READ and "other code or packages of Spillover" in said(refused)


def test_a_folder_of_something_else_and_a_window_that_was_changed_are_refused(panel, done, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine", "utf-8")
    refused = backtest(panel, *ORIGINS, "--out", tmp_path / "mine")
    assert refused.exit_code == exits.NONE_READ and "such as notes.txt" in said(refused)
    shutil.copytree(done[0], tmp_path / "copy")
    with (tmp_path / "copy" / "2017-10.parquet").open("ab") as file:
        file.write(b"x")
    refused = backtest(panel, *ORIGINS, "--out", tmp_path / "copy")
    assert refused.exit_code == exits.NONE_READ
    assert "2017-10.parquet: the file was changed since it was written. Remove it" in said(refused)


def test_a_window_knows_nothing_after_its_origin(panel, done, tmp_path):
    late = pl.when(panel_files.later("2017-10")).then(5000.0).otherwise(pl.col("ucdp_fatalities_best"))
    path = panel_files.write(tmp_path / "p.csv", panel_files.table().with_columns(late.alias("ucdp_fatalities_best")))
    assert backtest(path, *ORIGINS, "--out", tmp_path / "bt").exit_code == 0
    changed, first = files_of(tmp_path / "bt"), files_of(done[0])
    for origin in ("2016-10", "2017-10"):
        assert changed[f"{origin}.parquet"] == first[f"{origin}.parquet"]
    assert changed["2018-10.parquet"] != first["2018-10.parquet"]


def test_a_case_keeps_its_windows_and_its_record(tmp_path):
    case = tmp_path / "case"
    assert run("events", "add", f"{EXAMPLE}.csv", "--map", f"{EXAMPLE}.toml", "--case", case).exit_code == 0
    options = ("--case", case, "--target", "events", "--origins", "2021-06", "--horizons", "1-3")
    result = run("backtest", *options, "--json")
    assert result.exit_code == 0, result.stderr
    id = json.loads(result.stdout)["run"]
    record = json.loads((case / "runs" / f"{id}.json").read_text("utf-8"))
    assert set(record["outputs"]) == {p.name for p in (case / "runs" / f"backtest-{id}").iterdir()} - {"manifest.json"}
    elsewhere = run("backtest", *options, "--target", "deaths", "--out", tmp_path / "bt", "--json")
    other = json.loads(elsewhere.stdout)["run"]
    shown = run("forecast", "--case", case, "--months", 1)
    assert f"Back-test {other}: 1 window" in shown.stdout
    lost = run("forecast", "--case", case, "--months", 1, "--weights", other)
    assert lost.exit_code == exits.NONE_READ and "are kept elsewhere" in said(lost)
    assert run("forecast", "--case", case, "--months", 1, "--weights", tmp_path / "bt").exit_code == 0


def test_figures_are_written(panel, done, tmp_path):
    result = backtest(panel, *ORIGINS, "--out", done[0], "--plots", tmp_path / "p")
    assert result.exit_code == 0, result.stderr
    assert {"pit.png", "reliability.svg", "over_time.png"} <= {p.name for p in (tmp_path / "p").iterdir()}


# -- what is wrong ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--years", "2018", "--origins", "2018-10"], exits.USAGE, "either --years or --origins"),
        (["--years", "2018-2015"], exits.USAGE, "is no year or years"),
        (["--origins", "2018"], exits.USAGE, "'2018' is not a month"),
        (["--horizons", "none"], exits.USAGE, "gives no horizons"),
        (["--years", "2021"], exits.NONE_READ, "nothing is known of the months after 2020-10"),
        (["--origins", "2014-10"], exits.NONE_READ, "fewer than 12"),
        (["--origins", "2016-10", "--learning", "9"], exits.NONE_READ, "Ask for at most 1"),
    ],
)
def test_what_cannot_be_tested_says_why(panel, options, code, words):
    result = backtest(panel, *options)
    assert (result.exit_code, result.stdout) == (code, "")
    assert words in said(result)


def test_a_panel_without_a_whole_year_says_what_to_ask_for(tmp_path):
    path = panel_files.write(tmp_path / "short.csv", panel_files.table(span=30))
    result = backtest(path)
    assert result.exit_code == exits.NONE_READ and "Name origins, with the months ahead" in said(result)


def test_help_has_examples_and_imports_nothing_heavy():
    imported, out = modules_after("-m", "spillover", "backtest", "--help")
    assert out.count("spillover backtest ") >= 3
    assert not imported & {"numpy", "polars", "pyarrow", "numba", "scipy", "sklearn", "lightgbm"}
