"""``spillover scores``: tables and JSON, baselines that see nothing late, VIEWS' countries, bad input."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest
from test_commands import run
from test_start import modules_after

from spillover.cli import exits
from spillover.forecasting import months
from spillover.forecasting.baselines import NAMES
from spillover.forecasting.files import Draws, read_forecasts, write_forecasts
from spillover.forecasting.views import write_views

UNITS = ["AFG", "COD", "MLI", "NER", "PAK", "SOM"]
START, ORIGIN = months.parse("2016-01"), months.parse("2020-10")
TITLES = ["Mean scores", "Ratio to", "by kind of cell", "the chance of one death", "PIT by tenths", "most wrong"]


def value(random, i):
    return float(random.poisson(5 * i))


@pytest.fixture(scope="module")
def panel(tmp_path_factory):
    """Six countries, 2016 to 2021, from none to 25 deaths a month."""
    random = np.random.default_rng(1)
    rows = [
        {"country_iso3": u, "year_month": months.name(START + t), "ucdp_fatalities_best": value(random, i)}
        for i, u in enumerate(UNITS)
        for t in range(72)
    ]
    path = tmp_path_factory.mktemp("scores") / "panel.csv"
    pl.DataFrame(rows).write_csv(path)
    return path


def draws(units=tuple(UNITS), *, factor=1.0, m=40, span=12):
    random = np.random.default_rng(2)
    cells = [(u, ORIGIN + 3 + t) for u in units for t in range(span)]
    lam = [factor * 5 * UNITS.index(u) for u, _ in cells]
    drawn = random.poisson(np.array(lam)[:, None], (len(cells), m))
    return Draws([u for u, _ in cells], [t for _, t in cells], drawn.astype(np.float32))


@pytest.fixture(scope="module")
def forecast(panel):
    write_forecasts(draws(), panel.parent / "ours.parquet")
    return panel.parent / "ours.parquet"


def scores(*arguments):
    return run("scores", *arguments)


def as_json(*arguments):
    result = scores(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    (line,) = result.stdout.splitlines()
    return json.loads(line)


def said(result):
    return " ".join(result.stderr.replace("│", " ").split())


# -- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_has_every_part_and_ends_with_what_to_know(panel, forecast):
    result = scores(forecast, "--actuals", panel, "--baseline", "conflictology12", "--origin", "2020-10")
    assert result.exit_code == 0 and result.stderr == ""
    lines = result.stdout.splitlines()
    assert lines[0] == "ours.parquet against panel.csv: 72 cells (6 units, 2021-01 to 2021-12), 40 draws each"
    at = [next(i for i, line in enumerate(lines) if title in line) for title in TITLES]
    assert at == sorted(at)
    assert "conflictology12 1,000" in " ".join(lines[at[-1] :])


def test_cells_without_an_outcome_are_told_on_the_page(panel, tmp_path):
    write_forecasts(draws(("AFG", "PAK"), span=18), tmp_path / "long.parquet")
    told = " ".join(scores(tmp_path / "long.parquet", "--actuals", panel).stdout.split())
    assert "long: 12 of 36 cells have no outcome and are not scored: 2022-01 to 2022-06, of AFG, PAK." in told
    asked = ("--baseline", "zero", "--origin", "2020-10", "--window", "2021-10:2022-03", "--units", "AFG,PAK")
    told = " ".join(scores(tmp_path / "long.parquet", "--actuals", panel, *asked).stdout.split())
    assert "long, zero: 6 of 12 cells have no outcome and are not scored: 2022-01 to 2022-03, of AFG, PAK." in told


def test_the_worst_cells_are_shown_whatever_is_asked(panel, forecast):
    shown = scores(forecast, "--actuals", panel, "--wrong", 3).stdout
    table = shown[shown.index("Where ours was most wrong") :]
    assert sum("2021-" in line for line in table.splitlines()) == 3
    assert "Ratio" not in shown


@pytest.mark.parametrize(("by", "groups"), [("unit", UNITS), ("month", ["2021-01", "2021-12"]), ("horizon", ["14"])])
def test_means_for_each_unit_month_or_horizon(panel, forecast, by, groups):
    result = scores(forecast, "--actuals", panel, "--by", by, "--origin", "2020-10")
    table = result.stdout.split(f"\nBy {by}\n")[1].split("\n\n")[0]
    first = {line.split()[0] for line in table.splitlines() if line.strip()}
    assert set(groups) <= first


def test_json_is_one_object_with_every_number(panel, forecast):
    made = as_json(forecast, "--actuals", panel, "--baseline", "all", "--origin", "2020-10", "--by", "month")
    assert list(made["forecasts"]) == ["ours", *NAMES]
    assert made["baseline"] == "conflictology12"
    ours = made["forecasts"]["ours"]
    assert ours["scores"]["all"]["cells"] == made["cells"] == 72
    assert ours["scores"]["all"]["crps_ratio"] < 1.0
    assert made["forecasts"]["conflictology12"]["scores"]["all"]["crps_ratio"] == 1
    assert len(made["by_month"]) == 12 * 7
    assert len(ours["most_wrong"]) == 10
    assert as_json(forecast, "--actuals", panel, "--baseline", "all", "--origin", "2020-10", "--by", "month") == made


def test_another_forecast_is_what_ratios_divide_by(panel, forecast, tmp_path):
    write_forecasts(draws(factor=3), tmp_path / "ours.parquet")
    made = as_json(forecast, "--actuals", panel, "--against", tmp_path / "ours.parquet")
    assert list(made["forecasts"]) == ["ours", "ours (2)"] and made["baseline"] == "ours (2)"
    assert made["forecasts"]["ours"]["scores"]["all"]["crps_ratio"] < 0.5


def test_only_what_is_asked_for_is_scored(panel, forecast):
    made = as_json(forecast, "--actuals", panel, "--window", "2021-02:2021-03", "--units", "AFG, PAK")
    assert (made["cells"], made["units"], made["months"]) == (4, 2, ["2021-02", "2021-03"])


def test_a_unit_with_a_comma_is_named_in_quotes(tmp_path):
    units = ["Kinshasa, DRC", "Mali", 'The "Cape"']
    write_forecasts(Draws(units, [ORIGIN + 1] * 3, np.ones((3, 2))), tmp_path / "f.parquet")
    panel = pl.DataFrame({"unit": units, "month": ["2020-11"] * 3, "value": [1, 2, 3]})
    panel.write_csv(tmp_path / "p.csv")
    for wanted, n in (('"Kinshasa, DRC"', 1), ('Mali, "Kinshasa, DRC"', 2), ('The "Cape",Mali', 2)):
        assert as_json(tmp_path / "f.parquet", "--actuals", tmp_path / "p.csv", "--units", wanted)["units"] == n
    for wrong in ('"Kinshasa, DRC', '"Mali"x'):
        refused = scores(tmp_path / "f.parquet", "--actuals", tmp_path / "p.csv", "--units", wrong)
        assert refused.exit_code == exits.USAGE and "in double quotes" in said(refused)


def test_a_history_that_does_not_reach_the_origin_names_the_option_for_another(panel, forecast, tmp_path):
    late = pl.read_csv(panel).filter(pl.col("year_month") >= "2021-01")
    late.write_csv(tmp_path / "late.csv")
    asked = (forecast, "--actuals", tmp_path / "late.csv", "--origin", "2020-10", "--baseline", "conflictology12")
    refused = scores(*asked)
    assert (refused.exit_code, refused.stdout) == (exits.USAGE, "")
    assert "late.csv has no month 2020-10: it runs from 2021-01 to 2021-12" in said(refused)
    assert "Give earlier months with --history" in said(refused)
    assert scores(*asked, "--history", panel).exit_code == 0
    assert "late.csv has no month 2020-10" in said(scores(*asked, "--history", tmp_path / "late.csv"))


def test_a_baseline_sees_nothing_after_the_origin(panel, forecast, tmp_path):
    later = pl.read_csv(panel).with_columns(
        pl.when(pl.col("year_month") > "2020-10").then(99_999.0).otherwise(pl.col("ucdp_fatalities_best"))
        .alias("ucdp_fatalities_best")
    )  # fmt: skip
    later.write_csv(tmp_path / "later.csv")
    options = ("--actuals", panel, "--baseline", "all", "--origin", "2020-10")
    assert as_json(forecast, *options) == as_json(forecast, *options, "--history", tmp_path / "later.csv")


def test_the_scores_of_every_cell_in_a_file(panel, forecast, tmp_path):
    for name in ("cells.parquet", "cells.csv"):
        result = scores(forecast, "--actuals", panel, "--out", tmp_path / name)
        assert result.exit_code == 0 and "written to" in result.stderr
    tables = pl.read_parquet(tmp_path / "cells.parquet"), pl.read_csv(tmp_path / "cells.csv")
    assert tables[0].columns == tables[1].columns and tables[0].height == tables[1].height == 72
    before = (tmp_path / "cells.parquet").read_bytes()
    scores(forecast, "--actuals", panel, "--out", tmp_path / "cells.parquet")
    assert (tmp_path / "cells.parquet").read_bytes() == before


def test_nothing_that_is_read_is_written_over(panel, forecast, tmp_path):
    own = {name: tmp_path / name for name in ("f.parquet", "act.csv", "theirs.parquet", "past.csv", "ids.csv")}
    for name, kept in (("f.parquet", forecast), ("act.csv", panel), ("theirs.parquet", forecast), ("past.csv", panel)):
        own[name].write_bytes(kept.read_bytes())
    own["ids.csv"].write_text("country_id,iso3\n133,AFG\n", "utf-8")
    (tmp_path / "link.csv").symlink_to(own["act.csv"])
    before = {name: path.read_bytes() for name, path in own.items()}
    given = (own["f.parquet"], "--actuals", own["act.csv"], "--against", own["theirs.parquet"],
             "--history", own["past.csv"], "--country-ids", own["ids.csv"])  # fmt: skip
    for out in (*own.values(), tmp_path / "link.csv"):
        refused = scores(*given, "--out", out)
        assert (refused.exit_code, refused.stdout) == (exits.USAGE, ""), out
        assert "--out" in said(refused) and "it is a file that is read" in said(refused)
    assert {name: path.read_bytes() for name, path in own.items()} == before


def test_a_folder_is_no_file_to_write_to(panel, tmp_path):
    (tmp_path / "cells.parquet").mkdir()
    # before the work: what is read is not even looked for
    nothing = tmp_path / "none.parquet"
    for command in (("scores", nothing, "--actuals", panel), ("forecast", "--panel", nothing)):
        refused = run(*command, "--out", tmp_path / "cells.parquet")
        assert (refused.exit_code, refused.stdout) == (exits.USAGE, "") and "it is a folder" in said(refused)


# -- files of others --------------------------------------------------------------------------------------------------


def test_a_forecast_in_the_numbers_of_views(panel, forecast, tmp_path):
    ids = {"AFG": 133, "COD": 167, "MLI": 50, "NER": 78, "PAK": 136, "SOM": 120}
    write_views(read_forecasts(forecast), tmp_path / "views.parquet", ids=ids)
    names = {"AFG": "Afghanistan", "COD": "Congo, DRC", "MLI": "Mali", "NER": "Niger", "PAK": "Pakistan", "SOM": "?"}
    table = pl.DataFrame({"country_id": [ids[u] for u in UNITS], "name": [names[u] for u in UNITS]})
    table.write_csv(tmp_path / "ids.csv")
    result = scores(tmp_path / "views.parquet", "--actuals", panel, "--country-ids", tmp_path / "ids.csv", "--json")
    assert "1 of the ids keep their number" in result.stderr and "? (120: no country" in result.stderr
    assert "views lacks 12 cells of what came" in result.stderr and "SOM 2021-01" in result.stderr
    made, ours = json.loads(result.stdout), as_json(forecast, "--actuals", panel, "--units", ",".join(UNITS[:5]))
    assert made["forecasts"]["views"]["scores"]["all"] == ours["forecasts"]["ours"]["scores"]["all"]


def test_columns_that_are_called_otherwise(panel, forecast, tmp_path):
    table = pl.read_csv(panel).rename({"country_iso3": "place", "year_month": "when", "ucdp_fatalities_best": "dead"})
    table.write_csv(tmp_path / "own.csv")
    assert scores(forecast, "--actuals", tmp_path / "own.csv").exit_code == exits.NONE_READ
    named = as_json(forecast, "--actuals", tmp_path / "own.csv", "--columns", "unit=place,month=when, value=dead")
    assert named["forecasts"] == as_json(forecast, "--actuals", panel)["forecasts"]


# -- what is wrong ----------------------------------------------------------------------------------------------------


def test_cells_without_a_forecast_are_told_and_with_strict_an_error(panel, tmp_path):
    write_forecasts(draws(UNITS[:4]), tmp_path / "part.parquet")
    told = scores(tmp_path / "part.parquet", "--actuals", panel)
    assert told.exit_code == 0
    assert "part lacks 24 cells of what came, which are not scored: PAK 2021-01, " in said(told)
    strict = scores(tmp_path / "part.parquet", "--actuals", panel, "--strict")
    assert (strict.exit_code, strict.stdout) == (exits.SOME_UNREAD, "") and "part lacks 24 cells" in strict.stderr
    assert scores(tmp_path / "part.parquet", "--actuals", panel, "--strict", "--units", "AFG,COD").exit_code == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--baseline", "ewma"], "baselines need --origin"),
        (["--baseline", "prophet", "--origin", "2020-10"], "no baseline is called 'prophet'; there are zero"),
        (["--baseline", "ewma", "--origin", "2021-01"], "2021-01 is not after the origin 2021-01"),
        (["--baseline", "ewma", "--origin", "2031-01"], "2021-01 is not after the origin 2031-01"),
        (["--origin", "October"], "'October' is not a month"),
        (["--origin", "2021-01"], "2021-01 is not after the origin 2021-01"),
        (["--origin", "2021-06", "--by", "horizon"], "2021-01 is not after the origin 2021-06"),
        (["--window", "2021-12:2021-01"], "ends before it begins"),
        (["--by", "horizon"], "horizons count from --origin"),
        (["--units", "AFG,ZZZ"], "ZZZ are not among the units"),
        (["--units", ","], "no unit is named"),
        (["--columns", "place"], "is not such as unit=place"),
        (["--out", "scores.xlsx"], "ends in .parquet or .csv"),
        (["--wrong", "0"], "--wrong"),
    ],
)
def test_wrong_options_are_usage_errors(panel, forecast, options, words):
    result = scores(forecast, "--actuals", panel, *options)
    assert (result.exit_code, result.stdout) == (exits.USAGE, "")
    assert words in said(result)


def test_files_that_cannot_be_read_are_named_with_what_to_do(panel, forecast, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("unit,month,draw_0\nAFG,2021-01,1\nAFG,2021-02,-3\n", "utf-8")
    for arguments, words in (
        ((tmp_path / "none.parquet", "--actuals", panel), "there is no such file. Look at the path"),
        ((bad, "--actuals", panel), "bad.csv, row 3: -3 is no count (AFG in 2021-02)"),
        ((forecast, "--actuals", bad), "no column for the value"),
        ((forecast, "--actuals", panel, "--window", "2019-01"), "no unit and month is in all of the forecasts"),
        ((forecast, "--actuals", panel, "--country-ids", panel), "no columns country_id and iso3"),
    ):
        result = scores(*arguments)
        assert (result.exit_code, result.stdout) == (exits.NONE_READ, ""), arguments
        assert words in said(result)


def test_neighbours_need_units_that_border_on_each_other(panel, forecast, tmp_path):
    table = pl.read_csv(panel).with_columns(pl.col("country_iso3").str.to_lowercase().alias("unit"))
    table.drop("country_iso3").write_csv(tmp_path / "own.csv")
    own = read_forecasts(forecast).renamed({u: u.lower() for u in UNITS})
    write_forecasts(own, tmp_path / "own.parquet")
    given = (tmp_path / "own.parquet", "--actuals", tmp_path / "own.csv", "--origin", "2020-10", "--baseline")
    refused = scores(*given, "neighbours12")
    assert refused.exit_code == exits.USAGE and "what they border on" in said(refused)
    rest = scores(*given, "all", "--json")
    assert "without neighbours12" in rest.stderr
    assert list(json.loads(rest.stdout)["forecasts"]) == ["own", *(name for name in NAMES if name != "neighbours12")]


def test_help_has_examples_and_imports_nothing_heavy():
    imported, out = modules_after("-m", "spillover", "scores", "--help")
    assert out.count("spillover scores ") >= 4
    assert not imported & {"numpy", "polars", "pyarrow", "numba", "scipy"}
