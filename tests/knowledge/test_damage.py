"""A case that cannot be used says why, and what to do."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import quick
import spillover
from spillover.case import open_case
from spillover.errors import CaseError
from spillover.knowledge import Store, database

TEXT = b"Alpha attacked Beta."


@pytest.fixture
def case(tmp_path):
    with open_case(tmp_path / "case") as case:
        case.add(TEXT, name="a.txt")
    return tmp_path / "case"


def test_a_file_that_is_no_database(case):
    (case / "kb.sqlite").write_bytes(b"not a database at all" * 100)
    with pytest.raises(CaseError, match=r"damaged.*documents themselves are kept"):
        open_case(case)


def test_a_database_with_a_page_overwritten_is_an_error_not_a_wrong_answer(case):
    path = case / "kb.sqlite"
    data = bytearray(path.read_bytes())
    for start in range(4096, len(data), 4096):
        data[start : start + 64] = b"\xff" * 64
    path.write_bytes(data)
    with pytest.raises(CaseError, match="damaged"), open_case(case) as opened:
        opened.documents()


@pytest.mark.parametrize("damage", [lambda p: p.unlink(), lambda p: p.write_bytes(b"")])
def test_a_database_that_is_gone_is_not_made_anew_over_documents(case, damage):
    damage(case / "kb.sqlite")
    with pytest.raises(CaseError, match="missing or empty"):
        open_case(case)


def test_a_database_of_another_program(tmp_path):
    (tmp_path / "case").mkdir()
    with sqlite3.connect(tmp_path / "case/kb.sqlite") as other:
        other.execute("CREATE TABLE cookies (x)")
    other.close()
    with pytest.raises(CaseError, match="another program"):
        open_case(tmp_path / "case")


def test_a_newer_schema(case):
    with sqlite3.connect(case / "kb.sqlite") as other:
        other.execute(f"PRAGMA user_version = {database.VERSION + 1}")
    other.close()
    for readonly in (False, True):
        with pytest.raises(CaseError, match="newer Spillover"):
            open_case(case, readonly=readonly)


def test_no_case_where_one_is_wanted(tmp_path):
    with pytest.raises(CaseError, match="no case here"):
        open_case(tmp_path / "nothing", create=False)
    assert not (tmp_path / "nothing").exists()


def test_a_folder_with_other_things_is_not_made_a_case(tmp_path):
    (tmp_path / "holiday.jpg").write_bytes(b"")
    with pytest.raises(CaseError, match=r"holiday\.jpg"):
        open_case(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["holiday.jpg"]


def test_a_file_where_the_case_should_be(tmp_path):
    (tmp_path / "case").write_text("")
    with pytest.raises(CaseError, match="this is a file"):
        open_case(tmp_path / "case")


def test_another_program_that_is_writing(case, monkeypatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    other = sqlite3.connect(case / "kb.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with open_case(case) as opened:
        assert len(opened.statements()) == 1, "a reader is not held up by the writer"
        with pytest.raises(CaseError, match="another program is writing"):
            opened.add(b"Gamma attacked Delta.", name="b.txt")
    other.close()


def test_a_database_that_is_full_keeps_what_was_whole(case):
    with open_case(case) as opened:
        connection = opened.store._connection
        connection.execute(f"PRAGMA max_page_count = {connection.execute('PRAGMA page_count').fetchone()[0]}")
        with pytest.raises(CaseError, match="disk is full"):
            opened.add("".join(f"Alpha attacked B{n}. " for n in range(500)).encode(), name="long.txt")
        connection.execute("PRAGMA max_page_count = 100000")
        assert [d.name for d in opened.documents()] == ["a.txt"]
        assert opened.add(b"Gamma attacked Delta.", name="b.txt").new


FILL = """
import sys, quick
quick.install()
from spillover.case import open_case
from spillover.errors import CaseError
with open_case(sys.argv[1]) as case:
    try:
        for n in range(100000):
            case.add((f"Alpha attacked B{n}. " * 50).encode(), name=f"{n}.txt")
    except CaseError as error:
        print(error)
        print(len(case.documents()))
"""


def test_a_full_disk_keeps_what_was_whole():
    """On a file system of one megabyte, in a name space of its own."""
    inside = (
        'mount -t tmpfs -o size=1m none "$1" && "$2" -c "$3" "$1/case" && '
        '"$2" -c "import sys; from spillover.case import open_case; '
        'c = open_case(sys.argv[1], readonly=True); print(len(c.documents()), len(c.statements()))" "$1/case"'
    )
    with tempfile.TemporaryDirectory() as place:
        command = ["unshare", "--mount", "--map-root-user", "sh", "-c", inside, "sh", place, sys.executable, FILL]
        try:
            probe = subprocess.run([*command[:4], "-c", 'mount -t tmpfs none "$1"', "sh", place], capture_output=True)
        except FileNotFoundError:
            pytest.skip("no 'unshare' here to make a small disk with")
        if probe.returncode:
            pytest.skip("no permission to mount a small disk")
        done = subprocess.run(command, capture_output=True, text=True, env=environment())
    assert done.returncode == 0, done.stderr
    error, stored, again = done.stdout.splitlines()
    assert "the disk is full" in error and "Free some space" in error
    assert int(stored) > 0 and again == f"{stored} {int(stored) * 50}"


def environment():
    source, tests = Path(spillover.__file__).parents[1], Path(quick.__file__).parent
    return {**os.environ, "PYTHONPATH": f"{source}{os.pathsep}{tests}"}


LOOK = """
import os, sys, encodings.idna, quick
quick.install()
from spillover.case import open_case
from spillover.errors import CaseError
# the super-user may write everywhere, so somebody else has to try
with open_case(sys.argv[2]) as case:
    case.statements(), case.search("alpha")
if os.geteuid() == 0:
    os.setuid(65534)
with open_case(sys.argv[1], readonly=True) as case:
    print(len(case.statements()), len(case.search("alpha")))
try:
    open_case(sys.argv[1])
except CaseError as error:
    print(error)
"""


def test_a_read_only_folder_can_be_searched_and_says_that_it_cannot_be_written(tmp_path):
    with tempfile.TemporaryDirectory() as place:
        case = Path(place, "case")
        Path(place).chmod(0o755)
        with open_case(case) as opened:
            opened.add(TEXT, name="a.txt")
        (case / "kb.sqlite").chmod(0o444)
        case.chmod(0o555)
        command = [sys.executable, "-c", LOOK, str(case), str(tmp_path / "warm")]
        done = subprocess.run(command, capture_output=True, text=True, env=environment())
        case.chmod(0o755)
    assert done.returncode == 0, done.stderr
    found, error = done.stdout.splitlines()
    assert found == "1 2"
    assert "read-only" in error and "permissions" in error


def test_a_case_is_still_whole_when_the_schema_could_not_be_made(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "_script", lambda step: "CREATE TABLE a (x);\nCREATE TABLE nonsense;\n")
    with pytest.raises(CaseError):
        Store.open(tmp_path / "case")
    monkeypatch.undo()
    with Store.open(tmp_path / "case") as store:
        assert store.documents() == []
