"""The command: what is on which stream, what is kept, and how errors end."""

from __future__ import annotations

import json
from pathlib import Path

import numba
import pytest
from typer.testing import CliRunner

import spillover
from spillover.cli import exits
from spillover.cli.app import app
from spillover.records import Options

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
TWICE = 'title = "Twice"\nhorizon_months = 6\n[[edit]]\nkind = "scale_background"\ngroup = "ISWAP"\nfactor = 2\n'


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    numba.set_num_threads(1)
    folder = tmp_path_factory.mktemp("scenario") / "case"
    with spillover.open_case(folder) as opened:
        opened.add_events(
            EXAMPLES / "lake-chad-events.synthetic.csv", Options(mapping=EXAMPLES / "lake-chad-events.synthetic.toml")
        )
        opened.add(EXAMPLES / "lake-chad-after-shekau.txt")
    return folder


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "twice.toml"
    path.write_text(TWICE, "utf-8")
    return path


def run(*arguments):
    result = CliRunner().invoke(app, ["scenario", *(str(a) for a in arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_run_gives_the_words_and_keeps_the_fit(case, file):
    first = run("run", file, "--case", case, "--quick", "--simulations", 100)
    assert first.exit_code == 0, first.stderr
    assert "This is a what-if, not a forecast" in first.stdout and "Events by month" in first.stdout
    assert "recorded in" in first.stderr and list((case / "runs").glob("contagion-*.jsonl"))
    again = run("run", file, "--case", case, "--quick", "--simulations", 100)
    assert again.stdout == first.stdout


def test_json_is_one_object_with_the_sensitivity(case, file, tmp_path):
    figure = tmp_path / "a.svg"
    result = run(
        "run", file, "--case", case, "--quick", "--simulations", 50, "--json", "--sensitivity", "--plot", figure
    )
    made = json.loads(result.stdout)
    assert made["what_if"] and len(made["by_month"]) == 6 and len(made["sensitivity"]["table"]) == 5
    assert figure.read_bytes().startswith(b"<?xml") and f"written to {figure}" in result.stderr
    record = json.loads((case / "runs" / f"{made['run']}.json").read_text("utf-8"))
    assert record["command"] == "scenario run" and "twice.toml" in record["inputs"]


def test_check_with_and_without_a_case(case, file):
    assert "The background of ISWAP" in run("check", file).stdout
    made = json.loads(run("check", file, "--case", case, "--json").stdout)
    assert "The background of IS," in made["edits"][0]["assumption"] and made["notes"]


def test_drafts_are_printed_or_written_and_never_written_over(case, tmp_path):
    out = tmp_path / "drafts"
    printed = run("drafts", "--case", case)
    assert '[[edit]]\nkind = "scale_background"' in printed.stdout and "forecasts and conditions" in printed.stderr
    assert run("drafts", "--case", case, "--out", out).exit_code == 0
    path = min(out.glob("*.toml"))
    path.write_text("mine", "utf-8")
    assert "left as it is" in run("drafts", "--case", case, "--out", out).stderr
    assert path.read_text("utf-8") == "mine"
    assert {json.loads(line)["file"] for line in run("drafts", "--case", case, "--json").stdout.splitlines()} == {
        p.name for p in out.glob("*.toml")
    }


@pytest.mark.parametrize(("text", "options", "what"), [
    (TWICE.replace("ISWAP", "Nobody"), (), "edit 1 (scale_background): the model has no group 'Nobody'"),
    (TWICE.replace("factor = 2", 'factor = "?"'), (), "still to be filled in"),
    (TWICE, ("--plot", "a.gif"), "no figure has that ending"),
])  # fmt: skip
def test_errors_are_said_before_the_fit(case, file, text, options, what):
    file.write_text(text, "utf-8")
    result = run("run", file, "--case", case, *options)
    assert result.exit_code == exits.NONE_READ and what in " ".join(result.stderr.split()), result.stderr
    assert "fitting" not in result.stderr and result.stdout == ""


def test_a_case_without_forecasts(tmp_path):
    with spillover.open_case(tmp_path / "case"):
        pass
    assert run("drafts", "--case", tmp_path / "case").exit_code == exits.SOME_UNREAD
