"""``spillover assess``: the spread of violence among the groups that were read about goes into the report."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from spillover.cli.app import app
from spillover.publishing.report import page

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
EVENTS = EXAMPLES / "lake-chad-events.synthetic.csv"

pytestmark = pytest.mark.skipif(
    not (Path(page.__file__).parent / "static" / "report.js").is_file(), reason="the front end is not built"
)


def run(*args: object):
    return CliRunner().invoke(app, [str(arg) for arg in args])


@pytest.fixture(scope="module")
def article(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("article") / "article.txt"
    path.write_text("Boko Haram attacked a convoy near Baga on 3 March 2021.\n", "utf-8")
    return path


@pytest.fixture
def case(tmp_path) -> Path:
    case = tmp_path / "case"
    run("events", "add", EVENTS, "--map", EVENTS.with_suffix(".toml"), "--case", case)
    return case


def carried(report: Path) -> dict:
    text = report.read_text("utf-8")
    found = re.search(r'<script type="application/json" id="report-data">(.*?)</script>', text, re.DOTALL)
    return json.loads(found.group(1))["spread"]


def test_events_of_the_named_groups_are_measured_and_how_to_get_more_is_said(case, article):
    result = run("assess", article, "--case", case)
    assert result.exit_code == 0, result.output
    (line,) = [line for line in result.stdout.splitlines() if line.startswith("spread measured over ")]
    assert re.fullmatch(r"spread measured over \d+ events of Boko Haram; --contagion adds how far .*", line)
    spread = carried(case / "report.html")
    assert spread["words"] == "Boko Haram" and 0 < spread["events"] < 86
    assert spread["contagion"] is None and "contagion" not in spread["skipped"]
    first = (case / "report.html").read_bytes()
    run("assess", article, "--case", case)
    assert (case / "report.html").read_bytes() == first, "the same input gives the same bytes"


def test_a_model_that_was_asked_for_and_cannot_be_had_costs_nothing_else(case, article):
    result = run("assess", article, "--case", case, "--contagion", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)["spread"]
    assert told["words"] == "Boko Haram" and told["events"] < 50
    assert "a contagion model needs 50" in told["skipped"]["contagion"]
    assert carried(case / "report.html")["tempo"] is not None
    again = run("assess", article, "--case", case, "--contagion")
    assert "events of Boko Haram, without contagion: " in again.stdout


def test_without_events_there_is_none(tmp_path, article):
    result = run("assess", article, "--case", tmp_path / "empty", "--json")
    assert json.loads(result.stdout)["spread"] is None
    assert carried(tmp_path / "empty" / "report.html") is None
