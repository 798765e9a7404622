"""Imports that are killed, run out of disk, or whose file changes; sets that are damaged."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import pytest
from event_files import Imports, ged, rows_of, table, write

import spillover
from spillover.case import open_case
from spillover.errors import CaseError, RecordsError, SpilloverError
from spillover.records import Catalog, add, export, importing, open_session

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(spillover.__file__).parents[1])}
ADD = (
    "import sys; from pathlib import Path; import duckdb, pyarrow\n"
    "from spillover.records import Catalog, add\nfrom spillover.errors import SpilloverError\n"
    "print('ready', flush=True); sys.stdin.readline()\n"
    "try: print(add(Catalog(Path(sys.argv[1])), Path(sys.argv[2])).entry.id, flush=True)\n"
    "except SpilloverError as error: print('error:', error, flush=True)\n"
)


def start(folder, path, code=ADD, **more):
    """A process that is ready to add the file, and begins when a line is sent to it."""
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(folder), str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=ENVIRONMENT, **more,
    )  # fmt: skip
    assert process.stdout.readline() == "ready\n"
    return process


ROWS = 12_000


def noise(n):
    """Text that does not pack well."""
    return hashlib.sha512(str(n).encode()).hexdigest()


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A file that takes a second or so."""
    path = tmp_path_factory.mktemp("large") / "GEDEvent_v25_1.csv"
    return write(path, table([ged(n, source_article=noise(n)) for n in range(ROWS)]))


# loads all that is needed, then begins an import in a process of its own at each line that it is sent
BEGIN = """
import os, sys; from pathlib import Path; import duckdb, pyarrow
from spillover.records import Catalog, add
print("ready", flush=True)
for _ in sys.stdin:
    if not (child := os.fork()):
        print(add(Catalog(Path(sys.argv[1])), Path(sys.argv[2])).entry.id, flush=True)
        os._exit(0)
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""


def test_an_import_that_is_killed_leaves_the_whole_set_or_nothing(large, tmp_path):
    with open_case(tmp_path / "case"):
        pass
    folder = tmp_path / "case" / "events"
    process = start(folder, large, BEGIN)

    def begin():
        process.stdin.write("\n")
        process.stdin.flush()
        return int(process.stdout.readline())

    def is_there():
        with open_case(tmp_path / "case", create=False) as case:
            sets = case.catalog.sets()
            assert [s.id for s in sets] in ([], [expected])
            if sets:
                assert len(rows_of(sets[0], "id")) == sets[0].kept == ROWS
                case.catalog.remove(sets[0])
            return bool(sets)

    try:
        began = time.monotonic()
        begin()
        expected = process.stdout.readline().strip()
        whole = time.monotonic() - began
        assert process.stdout.readline() == "0\n"
        assert is_there()
        source = random.Random(11)
        for n in range(10):
            child = begin()
            # most of the moments when something is written are late
            time.sleep(whole * (source.uniform(0, 0.8) if n < 5 else source.uniform(0.6, 1.0)))
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            said = process.stdout.readline()
            if said.strip() == expected:
                process.stdout.readline()
            is_there()
    finally:
        process.stdin.close()
        process.wait(60)
        process.stdout.close()
    done = subprocess.run(
        [sys.executable, "-m", "spillover", "events", "list", "--case", str(tmp_path / "case")], capture_output=True,
        text=True, env=ENVIRONMENT, timeout=60,
    )  # fmt: skip
    assert "there are no event data in this case" in done.stderr
    assert add(Catalog(folder), large).entry.id == expected
    # what the killed ones left is not touched while it may be another's, and swept after an hour
    old = time.time() - 7200
    for path in folder.iterdir():
        os.utime(path, (old, old))
    add(Catalog(folder), large)
    assert sorted(p.name for p in folder.iterdir()) == [f"{expected}.json", f"{expected}.parquet"]


def test_what_a_killed_run_leaves_is_swept_folders_too(imports):
    imports.catalog.folder.mkdir(parents=True)
    left = [imports.catalog.folder / name for name in (
        ".spillover-1-0.tmp", "abc.parquet", "abc.skipped.csv", ".spillover-1-1.spill.tmp/part.tmp",
    )]  # fmt: skip
    for path in left:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    fresh = write(imports.catalog.folder / "def.parquet", b"x")
    old = time.time() - 7200
    for path in (*left, left[-1].parent):
        os.utime(path, (old, old))
    added = imports.add(table([ged(1), ged(1)]))
    id = added.entry.id
    assert imports.left() == sorted([f"{id}.json", f"{id}.parquet", f"{id}.skipped.csv", fresh.name])


# -- disk -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 400 kB, where one may be mounted."""
    folder = tmp_path / "small"
    folder.mkdir()
    if os.name != "posix" or os.getuid() != 0:
        pytest.skip("only root can mount a small disk")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("no small disk can be mounted here")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_is_an_error_and_nothing_is_left(small_disk, large):
    catalog = Catalog(small_disk / "events")
    with pytest.raises(CaseError, match="the disk is full") as error:
        add(catalog, large)
    assert "Free some space" in str(error.value)
    assert list(catalog.folder.iterdir()) == []
    small = write(small_disk / "small.csv", table([ged(1)]))
    assert add(catalog, small).entry.kept == 1


def test_a_disk_that_is_full_when_the_note_is_written_leaves_nothing(small_disk, tmp_path):
    catalog = Catalog(small_disk / "events")
    # the rows fit; the list of those left out does not
    bad = "".join(f'{n},"{random.Random(n).random()}\r\n' for n in range(20_000))
    path = write(tmp_path / "bad.csv", table([ged(n) for n in range(10)]) + bad)
    with pytest.raises(CaseError, match="the disk is full"):
        add(catalog, path)
    assert list(catalog.folder.iterdir()) == []
    assert catalog.sets() == []


def test_a_file_that_may_grow_no_larger_is_an_error_and_nothing_is_left(large, tmp_path):
    code = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n" + ADD
    )
    process = start(tmp_path / "events", large, code)
    said = process.communicate("\n", timeout=60)[0]
    assert said.startswith("error: ")
    assert "cannot be written" in said
    assert list((tmp_path / "events").iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "setuid") or os.getuid() != 0, reason="only root can become another")
def test_a_folder_that_may_not_be_written_is_an_error():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        path = write(folder / "a.csv", table([ged(1)]))
        path.chmod(0o644)
        (folder / "events").mkdir(mode=0o755)
        # all that Python loads is loaded before, as another may not read it
        code = ADD.replace(
            "print('ready'",
            f"add(Catalog(Path({str(folder / 'first')!r})), Path(sys.argv[2]))\n"
            "import os; os.setgid(65534); os.setuid(65534); print('ready'",
        )
        said = start(folder / "events", path, code).communicate("\n", timeout=60)[0]
        assert "no permission to write here" in said
        assert list((folder / "events").iterdir()) == []
        said = start(folder / "new" / "events", path, code).communicate("\n", timeout=60)[0]
        assert "no permission to write here" in said
        # nor may a file be read that is closed
        code = code.replace("os.setgid", "os.chmod(sys.argv[2], 0o600); os.setgid")
        (folder / "events").chmod(0o777)
        said = start(folder / "events", path, code).communicate("\n", timeout=60)[0]
        assert "cannot be read: Permission denied" in said
        assert list((folder / "events").iterdir()) == []


def test_a_file_where_the_folder_should_be_is_an_error(imports):
    path = write(imports.folder / "a.csv", table([ged(1)]))
    write(imports.folder / "case", b"")
    with pytest.raises(CaseError, match="a file stands where a folder should be"):
        add(imports.catalog, path)


# -- the file moves under the reader ----------------------------------------------------------------------------------


@pytest.fixture
def meanwhile(monkeypatch):
    """Do something to the file between its reading and the end of the import."""

    def set_up(do, at="_write"):
        real = getattr(importing, at)

        def then(*args, **more):
            do()
            return real(*args, **more)

        monkeypatch.setattr(importing, at, then)

    return set_up


def grown(path):
    with path.open("ab") as file:
        file.write(b"1,2,3\r\n")


def same_size_and_time(path):
    found = path.stat()
    path.write_bytes(path.read_bytes().replace(b"Clear", b"Cl3ar"))
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))


def replaced(path):
    other = write(path.with_suffix(".new"), path.read_bytes())
    other.replace(path)


@pytest.mark.parametrize("at", ["load", "_write"])
@pytest.mark.parametrize("change", [grown, same_size_and_time, replaced, lambda path: path.write_bytes(b"")])
def test_a_file_that_changes_while_it_is_read_adds_nothing(imports, meanwhile, change, at):
    path = write(imports.folder / "a.csv", table([ged(n) for n in range(50)]))
    meanwhile(lambda: change(path), at)
    with pytest.raises(RecordsError) as error:
        add(imports.catalog, path)
    assert at == "load" or "the file changed while it was read; nothing was added" in str(error.value)
    assert imports.left() == []


@pytest.mark.parametrize("at", ["open_source", "prepare", "load", "_write"])
def test_a_file_that_is_removed_while_it_is_read_adds_nothing(imports, meanwhile, at):
    path = write(imports.folder / "a.csv", table([ged(n) for n in range(50)]))
    meanwhile(path.unlink, at)
    with pytest.raises(RecordsError, match="cannot be read"):
        add(imports.catalog, path)
    assert imports.left() == []


def test_a_file_that_is_written_to_all_the_time_is_never_half_a_set(imports):
    path = write(imports.folder / "a.csv", table([ged(n) for n in range(300)]))
    code = (
        "import sys, time; file = open(sys.argv[1], 'ab', buffering=0)\nprint('on', flush=True)\n"
        "while True: file.write(b'1,2\\r\\n'); time.sleep(0.002)"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)
    try:
        process.stdout.readline()
        for _ in range(3):
            with pytest.raises(RecordsError, match="changed while it was read"):
                add(imports.catalog, path)
            assert imports.left() == []
    finally:
        process.kill()
        process.communicate()


def test_an_error_no_one_thought_of_leaves_nothing(imports, meanwhile):
    def fail():
        raise ZeroDivisionError

    meanwhile(fail, "_hash_of")
    with pytest.raises(ZeroDivisionError):
        imports.add(table([ged(1)]))
    assert imports.left() == []


def test_ctrl_c_leaves_nothing(imports, meanwhile):
    def stop():
        raise KeyboardInterrupt

    meanwhile(stop, "_coverage")
    with pytest.raises(KeyboardInterrupt):
        imports.add(table([ged(1)]))
    assert imports.left() == []


# -- two at once ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("same", [True, False])
def test_two_processes_may_add_at_once(tmp_path, same):
    rows = [ged(n) for n in range(3000)]
    one = write(tmp_path / "one.csv", table(rows))
    two = one if same else write(tmp_path / "two.csv", table(rows[:1500]))
    processes = [start(tmp_path / "events", path) for path in (one, two)]
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    ids = {process.communicate(timeout=60)[0].strip() for process in processes}
    sets = Catalog(tmp_path / "events").sets()
    assert {s.id for s in sets} == ids
    assert len(sets) == (1 if same else 2)
    assert [len(rows_of(s, "id")) for s in sets] == [s.kept for s in sets]


# -- damage -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def entry(imports):
    return imports.add(table([ged(n) for n in range(20)])).entry


def note_of(entry):
    return entry.folder / f"{entry.id}.json"


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "", lambda text: text[: len(text) // 2], lambda text: "[]", lambda text: "5",
        lambda text: "\0" * 40,
        lambda text: text.replace("spillover-set/1", "spillover-set/9"), lambda text: text.replace('"kept"', '"kep"'),
        lambda text: text.replace('"countries"', '"lands"'), lambda text: json.dumps({**json.loads(text), "more": 1}),
        lambda text: json.dumps({**json.loads(text), "coverage": None}),
    ],
)  # fmt: skip
def test_a_damaged_note_is_an_error_that_names_it(imports, entry, crosswalk, damage):
    note = note_of(entry)
    note.write_text(damage(note.read_text("utf-8")), "utf-8")
    for use in (
        imports.catalog.sets,
        lambda: open_session(imports.catalog, crosswalk),
        lambda: imports.add(table([ged(99)])),
    ):
        with pytest.raises(RecordsError) as error:
            use()
        assert str(note) in str(error.value)
        assert "Delete this file and add the data set again" in str(error.value)
    note.unlink()
    assert imports.catalog.sets() == []
    assert imports.add(table([ged(n) for n in range(20)])).entry.id == entry.id


def test_missing_data_are_an_error_that_names_them(imports, entry):
    entry.file.unlink()
    with pytest.raises(RecordsError) as error:
        imports.catalog.sets()
    assert str(entry.file) in str(error.value)
    assert f"Delete {entry.id}.json beside it and add ged251.csv again" in str(error.value)


@pytest.mark.parametrize("damage", [b"", b"PAR1", b"x" * 1000, None])
def test_damaged_data_are_an_error_that_says_what_to_do(imports, entry, crosswalk, tmp_path, damage):
    data = entry.file.read_bytes()
    entry.file.write_bytes(data[: len(data) // 2] if damage is None else damage)
    for use in (
        lambda: open_session(imports.catalog, crosswalk).close(),
        lambda: export(entry, tmp_path / "out.csv"),
        lambda: export(entry, tmp_path / "out.parquet"),
    ):
        with pytest.raises(SpilloverError) as error:
            use()
        assert "damaged" in str(error.value)
        assert "'spillover events remove" in str(error.value)
    assert not any(p.suffix in (".csv", ".parquet") and "out" in p.name for p in tmp_path.iterdir())


def test_a_set_that_is_removed_is_gone_whole(imports, entry):
    imports.catalog.remove(entry)
    assert imports.left() == []
    with pytest.raises(SpilloverError):
        imports.catalog.remove(entry)


def test_export_where_it_cannot_be_written_is_an_error(imports, entry, small_disk, tmp_path):
    wide = imports.add(
        table([ged(n, source_article=f"{random.Random(n).random()}" * 30) for n in range(2000)]), "w.csv"
    ).entry
    with pytest.raises(CaseError):
        export(wide, small_disk / "out.csv")
    assert list(small_disk.iterdir()) == []
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(CaseError):
        export(entry, tmp_path / "folder.csv")
    with pytest.raises(RecordsError, match=r"Name a \.csv or \.parquet file"):
        export(entry, tmp_path / "out.xlsx")
    shutil.rmtree(tmp_path / "folder.csv")
    assert export(entry, tmp_path / "new" / "it's ; out.csv").is_file()


def test_memory_is_limited(imports, monkeypatch):
    monkeypatch.setattr(importing, "_MEMORY", "30MB")
    real = importing.connect
    monkeypatch.setattr(importing, "connect", lambda temporary=None, memory="30MB": real(temporary, "30MB"))
    try:
        imports.add(table([ged(n, source_article="x" * 3000) for n in range(8000)]))
    except RecordsError as error:
        assert "over the memory that an import may take" in str(error)
        assert imports.left() == []


def test_each_import_has_a_database_of_its_own(imports):
    one = imports.add(table([ged(1)]), "one.csv").entry
    with duckdb.connect() as db:
        db.execute("CREATE TABLE raw AS SELECT 1")
    assert Imports(imports.folder / "second").add(table([ged(1)]), "one.csv").entry.id == one.id
