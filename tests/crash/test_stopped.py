"""Ctrl-C and kill -9 in the middle of a folder: what was done is whole, and the next run does the rest."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3

import pytest

from spillover.case import open_case
from spillover.reading.manifest import NAME


def noted(out, number=20):
    """Has the run noted so many documents?"""
    return lambda: (out / NAME).is_file() and (out / NAME).read_bytes().count(b"\n") >= number


def stored(case, number=20):
    """Has the case so many documents?"""

    def look():
        with contextlib.suppress(sqlite3.Error):
            connection = sqlite3.connect(f"file:{case}/kb.sqlite?mode=ro", uri=True)
            with contextlib.closing(connection):
                return connection.execute("SELECT count(*) FROM document").fetchone()[0] >= number
        return False

    return look


def check_whole(out):
    """Every output is one document's, whole."""
    for path in out.glob("*.jsonl"):
        if path.name != NAME:
            assert len([json.loads(line) for line in path.read_text().splitlines()]) == 30


def tree(out):
    return {p.name: p.read_bytes() for p in out.iterdir()}


@pytest.fixture(scope="module")
def undisturbed(documents, tmp_path_factory):
    from functools import partial

    import quick
    from spillover.reading.folder import LinesWork, read_folder
    from spillover.reading.lines import Selection

    out = tmp_path_factory.mktemp("undisturbed")
    with pytest.MonkeyPatch.context() as patch:
        quick.install(partial(patch.setattr, raising=False))
        read_folder(documents, quick.find(documents)[0], out, LinesWork(Selection()), Selection())
    return tree(out)


@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_says_how_far_it_came_and_the_next_run_goes_on(documents, tmp_path, start, undisturbed, jobs):
    arguments = ("read", documents, "--out", tmp_path / "out", "--jobs", jobs)
    command = start(*arguments)
    command.until(noted(tmp_path / "out"))
    children = command.children()
    assert len(children) >= jobs - 1
    # as a terminal does it: to every process of the group
    os.killpg(command.process.pid, signal.SIGINT)
    code, out, errors = command.finish()
    assert code == 130 and out == ""
    assert f"of {len(list(documents.iterdir()))} done; run again to go on" in errors
    assert "Traceback" not in errors
    assert command.still_alive(children) == []
    check_whole(tmp_path / "out")
    code, _, errors = start(*arguments).finish()
    assert code == 0 and "done before" in errors
    assert tree(tmp_path / "out") == undisturbed


def test_kill_leaves_whole_files_and_no_process_behind(documents, tmp_path, start, undisturbed):
    arguments = ("read", documents, "--out", tmp_path / "out", "--jobs", 2)
    command = start(*arguments)
    command.until(noted(tmp_path / "out"))
    children = command.children()
    command.process.kill()
    command.finish()
    assert command.still_alive(children) == []
    check_whole(tmp_path / "out")
    code, _, errors = start(*arguments).finish()
    assert code == 0 and "done before" in errors
    # a file half written at the moment of the kill may stay for an hour, under a name that is no output's
    assert {n: d for n, d in tree(tmp_path / "out").items() if not n.endswith(".tmp")} == undisturbed


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_case_holds_whole_documents_only(documents, tmp_path, start, how):
    case = tmp_path / "case"
    arguments = ("read", documents, "--case", case, "--jobs", 2, "--json")
    command = start(*arguments)
    command.until(stored(case))
    command.process.send_signal(how)
    command.finish()
    with open_case(case) as opened:
        documents_ = opened.documents()
        assert 20 <= len(documents_) < len(list(documents.iterdir()))
        assert {d.statements for d in documents_} == {30}
        kept = {p.name for p in (case / "documents").iterdir() if not p.name.startswith(".")}
        assert {d.sha256 for d in documents_} <= kept
        assert opened.store._connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert opened.store._connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_process_killed_for_want_of_memory_costs_one_document(tmp_path, start):
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(12):
        (folder / f"{n:02}.txt").write_text(f"Alpha attacked B{n}.")
    (folder / "05.txt").write_text("die now")
    code, _, errors = start("read", folder, "--out", tmp_path / "out", "--jobs", 2).finish()
    assert code == 1
    assert "05.txt" in errors and "signal 9" in errors and "1 of 12" in errors
    assert len(list((tmp_path / "out").glob("[!.]*.jsonl"))) == 11


def test_the_order_and_the_case_do_not_depend_on_the_number_of_processes(tmp_path, start):
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(18):
        (folder / f"{n:02}.txt").write_text(f"Alpha attacked B{n}.\n" * (1 + 100 * (n % 3)))
    outputs = [
        start("read", folder, "--case", tmp_path / f"case{jobs}", "--jobs", jobs, "--json").finish() for jobs in (1, 3)
    ]
    assert outputs[0] == outputs[1] and outputs[0][0] == 0 and outputs[0][1].count("\n") == 18 + 100 * 18
    stored = []
    for jobs in (1, 3):
        with open_case(tmp_path / f"case{jobs}", readonly=True) as case:
            stored.append(([d.name for d in case.documents()], case.statements()))
    assert stored[0] == stored[1]
