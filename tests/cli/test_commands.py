"""The commands: what is on which stream, and how they end."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

import quick
from spillover import __version__
from spillover.cli import exits
from spillover.cli.app import app
from spillover.errors import CaseError, ModelMissing

TEXT = "Alpha attacked Beta.\nGamma may attack Beta. Nobody knows."


def run(*arguments, input=None):
    result = CliRunner().invoke(app, [str(a) for a in arguments], input=input)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "article.txt"
    path.write_text(TEXT, "utf-8")
    return path


@pytest.fixture
def case(tmp_path, article):
    assert run("read", article, "--case", tmp_path / "case", "--json").exit_code == 0
    return tmp_path / "case"


def test_read_json_is_one_object_a_line_and_nothing_else(article):
    result = run("read", article, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    quotes = [json.loads(line)["evidence"]["quote"] for line in result.stdout.splitlines()]
    assert quotes == ["Alpha attacked Beta.", "Gamma may attack Beta."]


@pytest.mark.parametrize("text", ["no line end", "one line end\n", "two\n\n", "Kunaṟ \u2028 end\r\nx"])
def test_read_text_is_exactly_the_text(tmp_path, text):
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode())
    result = run("read", path, "--text")
    assert (result.exit_code, result.stdout_bytes) == (0, text.encode())


def test_read_from_standard_input(article):
    assert run("read", "-", "--json", input=TEXT).stdout == run("read", article, "--json").stdout
    assert run("read", "-", "--text", input=TEXT).stdout_bytes == TEXT.encode()


def test_read_selects_by_kind_and_status(article, monkeypatch):
    monkeypatch.setenv("QUICK_RULESET", "quick-2")
    assert len(run("read", article, "--json", "--status", "forecast").stdout.splitlines()) == 1
    assert len(run("read", article, "--json", "--status", "forecast", "--status", "fact").stdout.splitlines()) == 2
    assert run("read", article, "--json", "--kind", "tie").stdout == ""


def test_read_shows_a_table_with_counts(article):
    out = run("read", article).stdout
    for word in ("kind", "type", "subject", "object", "place", "time", "number", "status", "source", "Alpha", "attack"):
        assert word in out
    assert "2 statements: 2 event" in out and "0 candidates rejected" in out


def test_a_cell_steers_no_terminal(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("Alpha attacked [red]Beta.\nAlpha attacked Beta.")
    monkeypatch.setattr(quick, "_SENTENCE", quick.re.compile(r"(?P<a>Alpha) (?P<verb>attacked) (?P<b>.*?)\."))
    assert "[red]Beta" in run("read", path).stdout
    path.write_text("Alpha attacked \x1b[31m\u202eBeta.")
    out = run("read", path).stdout
    assert "\x1b" not in out and "\u202e" not in out and "Beta" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["read", "FILE", "--kind", "tree"], "none of tie"),
        (["read", "FILE", "--status", "tree"], "none of fact"),
        (["read", "FILE", "--text", "--json"], "--text"),
        (["read", "FILE", "-"], "standard input"),
        (["read", "FILE", "--out", "OUT", "--json"], "--out"),
        (["read", "FILE", "--jobs", "0"], "--jobs"),
        (["nonsense"], "nonsense"),
        (["actors", "--unknown"], "--case"),
    ],
)
def test_wrong_use_is_a_usage_error(article, tmp_path, arguments, message):
    result = run(*[{"FILE": article, "OUT": tmp_path / "out"}.get(a, a) for a in arguments])
    assert result.exit_code == exits.USAGE
    assert message in result.stderr and result.stdout == ""


def test_what_cannot_be_read_is_told_and_the_rest_is_read(tmp_path, article):
    (tmp_path / "bad.txt").write_bytes(b"\0")
    (tmp_path / "fault.txt").write_text("raise now")
    result = run("read", article, tmp_path / "bad.txt", tmp_path / "fault.txt", "--json")
    assert result.exit_code == exits.SOME_UNREAD and len(result.stdout.splitlines()) == 2
    assert "bad.txt: the file is not text. Save it as text" in result.stderr
    assert "fault.txt" in result.stderr and "KeyError" in result.stderr
    assert "2 of 3 documents could not be read" in result.stderr
    alone = run("read", tmp_path / "bad.txt", "--json")
    assert (alone.exit_code, alone.stdout) == (exits.NONE_READ, "")


def test_a_folder_is_read_in_order_whatever_the_jobs(tmp_path):
    for n in range(20):
        (tmp_path / f"{n:02}.txt").write_text(f"Alpha attacked B{n}.")
    (tmp_path / "x.bin").write_bytes(b"?")
    result = run("read", tmp_path, "--json", "--jobs", 1)
    assert result.exit_code == 0 and "left out, 1 (no loader for this kind of file): x.bin" in result.stderr
    objects = [json.loads(line)["object"]["surface"] for line in result.stdout.splitlines()]
    assert objects == [f"B{n}" for n in range(20)]


def test_a_folder_without_documents_and_one_out_of_reach(tmp_path, article, monkeypatch):
    (tmp_path / "empty").mkdir()
    assert run("read", tmp_path / "empty").exit_code == exits.NONE_READ
    closed = quick.Skipped(tmp_path / "closed", "the folder cannot be listed (permission denied)")
    monkeypatch.setattr("spillover.reading.documents.find", lambda folder: ([article], [closed]))
    result = run("read", tmp_path, "--json")
    assert result.exit_code == exits.SOME_UNREAD and len(result.stdout.splitlines()) == 2
    assert "closed: the folder cannot be listed (permission denied)" in result.stderr


def test_output_inside_the_folder_is_not_read_as_a_document(tmp_path, article):
    out = tmp_path / "out"
    for expected in ("1 of 1 documents read:", "1 of 1 documents read (1 done before)"):
        (out / "note.txt").parent.mkdir(exist_ok=True)
        (out / "note.txt").write_text("Alpha attacked Beta.")
        result = run("read", tmp_path, "--out", out)
        assert (result.exit_code, result.stdout) == (0, "") and expected in result.stderr
    assert (out / "article.jsonl").read_text() == run("read", article, "--json").stdout


def test_an_output_folder_that_cannot_be_made(tmp_path, article):
    result = run("read", article, "--out", article / "sub")
    assert result.exit_code == exits.CASE and "Choose another path" in result.stderr


def test_show_a_statement_with_the_words_around_it(case):
    id = json.loads(run("search", "gamma", "--case", case, "--json").stdout.splitlines()[0])["statement"]["id"]
    out = run("show", id[:8], "--case", case).stdout
    assert (
        "Gamma may attack Beta." in out and "Nobody knows." in out and "event / attack" in out and "the author" in out
    )
    shown = json.loads(run("show", id, "--case", case, "--json").stdout)
    assert shown["before"] == "Alpha attacked Beta.\n" and shown["statement"]["id"] == id


def test_show_a_document_and_what_a_newer_reading_changed(case, article, monkeypatch):
    monkeypatch.setenv("QUICK_RULESET", "quick-2")
    run("read", article, "--case", case)
    out = run("show", "article.txt", "--case", case).stdout
    assert "quick-1" in out and "0 added, 0 removed, 1 changed, 1 as before" in out
    shown = json.loads(run("show", "article.txt", "--case", case, "--json").stdout)
    assert [r["current"] for r in shown["readings"]] == [False, True]
    assert shown["changes"]["changed"][0]["fields"] == ["status"]


def test_show_and_search_say_when_there_is_nothing(case):
    for arguments in (("show", "nothing"), ("search", "nothing")):
        result = run(*arguments, "--case", case)
        assert (result.exit_code, result.stdout) == (exits.SOME_UNREAD, "") and result.stderr


def test_search_marks_what_it_found_and_a_bad_query_is_a_usage_error(case):
    out = run("search", "gamma", "--case", case).stdout
    assert "event/attack" in out and "article.txt" in out and "Gamma may attack Beta." in out
    result = run("search", '"open', "--case", case)
    assert result.exit_code == exits.USAGE and "not closed" in result.stderr


def test_a_case_that_is_not_there(tmp_path):
    result = run("search", "x", "--case", tmp_path / "none")
    assert result.exit_code == exits.CASE and "spillover assess" in result.stderr


def test_actors_of_a_case(case):
    entries = [json.loads(line) for line in run("actors", "--case", case, "--json").stdout.splitlines()]
    assert [(e["id"], e["statements"]) for e in entries] == [("beta", 2), ("alpha", 1), ("gamma", 1)]
    assert "alpha" in run("actors", "ALPH", "--case", case).stdout
    assert run("actors", "--case", case, "--unknown").exit_code == exits.SOME_UNREAD


def test_actors_of_the_lexicon_are_found_by_any_name():
    entries = [json.loads(line) for line in run("actors", "--json").stdout.splitlines()]
    assert len({e["id"] for e in entries}) == len(entries) > 100
    with_alias = next(e for e in entries if e["aliases"])
    found = [
        json.loads(line)["id"] for line in run("actors", with_alias["aliases"][0].upper(), "--json").stdout.splitlines()
    ]
    assert with_alias["id"] in found


def test_assess_ends_with_the_path_of_the_report(tmp_path, article, monkeypatch):
    written = {}

    def write_report(readings, path, *, title, actors, checks, spread, forecasts):
        written.update(readings=readings, title=title, actors=actors)
        path.write_text("report")
        return path

    monkeypatch.setitem(sys.modules, "spillover.publishing.report", SimpleNamespace(write_report=write_report))
    result = run("assess", article, "--case", tmp_path / "case")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == str(tmp_path / "case/report.html")
    assert "2 statements: 2 event" in result.stdout and "3 actors: beta (2)" in result.stdout
    assert written["title"] == "article" and [len(r.statements) for r in written["readings"]] == [2]
    again = run("assess", article, "--case", tmp_path / "case", "--out", tmp_path / "r.html", "--title", "T", "--json")
    summary = json.loads(again.stdout)
    assert (summary["report"], summary["new"], written["title"]) == (str(tmp_path / "r.html"), 0, "T")
    assert summary["statements"] == {"event": 2}


def test_assess_without_a_document_that_can_be_read(tmp_path):
    (tmp_path / "bad.txt").write_bytes(b"\0")
    result = run("assess", tmp_path / "bad.txt", "--case", tmp_path / "case")
    assert (result.exit_code, result.stdout) == (exits.NONE_READ, "") and "not text" in result.stderr


def test_doctor_names_what_is_there_and_what_is_missing(monkeypatch):
    from spillover.reading import language

    checks = json.loads(run("doctor", "--json").stdout)["checks"]
    assert {"Python", "spacy", "language model", "SQLite", "writing here"} <= {c["what"] for c in checks}
    monkeypatch.setattr(language, "model_name", lambda: None)
    result = run("doctor")
    assert result.exit_code == exits.MODEL and "pip install" in result.stdout


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ModelMissing("none", to_do="Install it"), exits.MODEL),
        (CaseError("full"), exits.CASE),
        (KeyboardInterrupt(), 130),
    ],
)
def test_each_error_has_its_exit_code(article, monkeypatch, error, code):
    def fail(self, document):
        raise error

    monkeypatch.setattr(quick.Reader, "read", fail)
    result = run("read", "-", input=TEXT)
    assert result.exit_code == code and result.stderr and "Traceback" not in result.stderr


def test_version_and_help():
    assert run("--version").stdout == f"spillover {__version__}\n"
    for command in ((), ("read",), ("assess",), ("show",), ("search",), ("actors",), ("schema",), ("doctor",)):
        assert "Usage" in run(*command, "--help").stdout
    assert all(str(code) in run("--help").stdout for code in exits.MEANINGS)


def test_help_of_commands_with_arguments_has_examples():
    for command in ("read", "assess", "show", "search", "actors", "schema"):
        assert f"spillover {command}" in run(command, "--help").stdout


def test_the_bar_on_a_terminal_shows_counts(monkeypatch):
    from spillover.cli.progress import progress

    stream = io.StringIO()
    stream.isatty = lambda: True
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    with progress(3, "reading") as report:
        report(2, 1)
    assert "2/3" in stream.getvalue() and "1 failed" in stream.getvalue()


def test_no_file_is_written_by_looking(case):
    def tree():
        # SQLite itself keeps an empty log and its index beside a file that is looked at
        files = (p for p in Path(case).rglob("*") if p.is_file() and not p.name.endswith(("-wal", "-shm")))
        return {p: p.read_bytes() for p in files}

    before = tree()
    for arguments in (("search", "gamma"), ("show", "article.txt"), ("actors",)):
        run(*arguments, "--case", case)
    assert tree() == before
