"""``spillover assess --forecast``: what may come of the groups that were read about goes into the report."""

from __future__ import annotations

import json
import re
import sys

from test_assess_spread import EVENTS, article, case, pytestmark, run  # noqa: F401

from spillover.cli import exits


def carried(report) -> dict:
    text = report.read_text("utf-8")
    found = re.search(r'<script type="application/json" id="report-data">(.*?)</script>', text, re.DOTALL)
    return json.loads(found.group(1))["forecasts"]


def test_a_forecast_with_its_back_test_is_made_where_it_is_asked_for(case, article):  # noqa: F811
    assert run("assess", article, "--case", case).exit_code == exits.OK
    assert carried(case / "report.html") is None
    result = run("assess", article, "--case", case, "--forecast")
    assert result.exit_code == exits.OK, result.output
    (line,) = [line for line in result.stdout.splitlines() if line.startswith("forecast of ")]
    assert re.fullmatch(r"forecast of Boko Haram, 12 months; back-test [0-9a-f]{16} has 3 windows", line)
    first, data = (case / "report.html").read_bytes(), carried(case / "report.html")
    assert data["about"] == "Boko Haram" and data["record"]["run"] in line
    told = json.loads(run("assess", article, "--case", case, "--forecast", "--json").stdout)["forecast"]
    assert told == {
        "about": "Boko Haram",
        "units": [u["unit"] for u in data["units"]],
        "backtest": data["record"]["run"],
    }
    assert (case / "report.html").read_bytes() == first, "the same input gives the same bytes"
    again = run("rerun", data["record"]["run"], "--case", case)
    assert again.exit_code == exits.OK, again.output


def test_what_cannot_be_forecast_costs_nothing_else(tmp_path, article):  # noqa: F811
    head, *rows = EVENTS.read_text("utf-8").splitlines(keepends=True)
    short = tmp_path / "short.csv"
    short.write_text(head + "".join(row for row in rows if re.match(r"\d+,SYNTHETIC-202[23]", row)), "utf-8")
    run("events", "add", short, "--map", EVENTS.with_suffix(".toml"), "--case", tmp_path / "case")
    result = run("assess", article, "--case", tmp_path / "case", "--forecast")
    assert result.exit_code == exits.OK, result.output
    assert (
        "no forecast: to say how good a forecast is takes 36 months before an origin and 12 after it" in result.stdout
    )
    assert carried(tmp_path / "case" / "report.html")["reason"].startswith(
        "to say how good a forecast is takes 36 months"
    )


def test_without_single_events_there_is_none_and_why_is_said(tmp_path, article):  # noqa: F811
    result = run("assess", article, "--case", tmp_path / "empty", "--forecast")
    assert result.exit_code == exits.OK
    assert "no forecast: the case has no single events" in result.stdout
    assert carried(tmp_path / "empty" / "report.html")["reason"].startswith("the case has no single events")


def test_a_missing_package_is_told_before_anything_is_read(case, article, monkeypatch):  # noqa: F811
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    result = run("assess", article, "--case", case, "--forecast")
    assert result.exit_code == exits.USAGE
    assert "LightGBM cannot be loaded" in result.stderr
    assert not (case / "report.html").exists()
