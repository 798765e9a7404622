"""``spillover events get``: what it asks for, what it shows, and what it hands on."""

from __future__ import annotations

import io
import sys
import types

import pytest
import typer
from download_server import GED, File, Server, answers, only_loopback, rows, zipped
from typer.testing import CliRunner

from spillover.case import open_case
from spillover.cli import events_get
from spillover.errors import RecordsError

CSV = rows(100)


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch):
    only_loopback(monkeypatch)
    monkeypatch.delenv("SPILLOVER_UCDP_TOKEN", raising=False)


@pytest.fixture
def server():
    with Server() as server:
        yield server


@pytest.fixture
def added(monkeypatch):
    """What was handed on to be added."""
    calls = []
    module = types.ModuleType("spillover.cli.events_add")
    module.add_file = lambda *args, **more: calls.append((*args, more))
    monkeypatch.setitem(sys.modules, "spillover.cli.events_add", module)
    return calls


@pytest.fixture
def run():
    app = typer.Typer()
    app.command()(events_get.get)
    return lambda *args, **more: CliRunner().invoke(app, [str(arg) for arg in args], **more)


def test_a_release_is_downloaded_and_handed_on(server, added, run, tmp_path):
    server.routes[GED] = File(zipped({"GEDEvent_v25_1.csv": CSV}))
    case = tmp_path / "case"
    args = ("ucdp-ged", "--release", "25.1", "--case", case, "--url", server.base + GED)
    done = run(*args)
    assert (done.exit_code, done.stdout) == (0, "")
    path = case / "downloads" / "ucdp-ged-25.1.csv"
    assert path.read_bytes() == CSV
    assert added == [(case, path, {"dataset": "ucdp-ged", "release": "25.1", "as_json": False})]
    assert "ucdp-ged 25.1: downloaded" in done.stderr
    open_case(case, create=False).close()  # a case, and not only a folder
    again = run(*args, "--json")
    assert "is there already" in again.stderr
    assert (len(server.requests), added[1][2]["as_json"]) == (1, True)


def test_a_download_that_fails_is_an_error_and_nothing_is_added(server, added, run, tmp_path):
    args = ("ucdp-ged", "--release", "25.1", "--case", tmp_path, "--url", f"{server.base}/none.zip")
    assert isinstance(run(*args).exception, RecordsError)
    assert not added


def test_an_unknown_data_set_is_a_wrong_command(added, run, tmp_path):
    done = run("acled", "--release", "1", "--case", tmp_path / "case")
    assert done.exit_code == 2
    assert "ucdp-candidate" in done.stderr
    assert not (tmp_path / "case").exists()


def test_a_release_that_cannot_be_makes_no_case(added, run, tmp_path):
    assert isinstance(run("ucdp-ged", "--release", "x", "--case", tmp_path / "case").exception, RecordsError)
    assert not (tmp_path / "case").exists()


@pytest.mark.parametrize("way", ["option", "environment"])
def test_the_token_is_not_shown(way, server, added, run, tmp_path):
    server.routes["/x.zip"] = answers(401)
    args = ["ucdp-ged", "--release", "25.1", "--case", tmp_path, "--url", f"{server.base}/x.zip"]
    if way == "option":
        done = run(*args, "--token", "sesame-0451")
    else:
        done = run(*args, env={"SPILLOVER_UCDP_TOKEN": "sesame-0451"})
    assert "sesame" not in done.output + str(done.exception)
    assert "sesame" not in run("--help", env={"SPILLOVER_UCDP_TOKEN": "sesame-0451"}).output
    assert not any("sesame" in str(r.headers) for r in server.requests)


def test_help_has_examples(run):
    text = run("--help", env={"COLUMNS": "200"}).output
    assert "spillover events get ucdp-ged --release 25.1" in text
    assert "SPILLOVER_UCDP_TOKEN" in text


def test_lines_where_there_is_no_terminal(monkeypatch, capsys):
    clock = iter([0.0, 0.0, 9.0, 11.0, 12.0, 22.0])
    monkeypatch.setattr(events_get.time, "monotonic", lambda: next(clock))
    with events_get._progress("downloading") as report:
        for done, total in ((50_000_000, 100_000_000), (60_000_000, 100_000_000), (72_000_000, 100_000_000)):
            report(done, total)
        report(74_000_000, 100_000_000)
        report(75_000_000, None)
    assert capsys.readouterr().err.splitlines() == [
        "downloading: 72.0 of 100.0 MB, 2.0 MB/s, about 14 s left",
        "downloading: 75.0 MB, 1.1 MB/s",
    ]


def test_a_bar_on_a_terminal(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    with events_get._progress("downloading") as report:
        report(50_000_000, 100_000_000)
        report(75_000_000, 100_000_000)
    assert "75.0/100.0 MB" in sys.stderr.getvalue()
