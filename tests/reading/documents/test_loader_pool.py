"""The parsing process: one for many documents, gone when it should be, wherever it is called from."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.errors import DamagedDocument, DocumentError, EmptyDocument, UnsupportedFormat
from spillover.reading.document import Document
from spillover.reading.documents import LoaderPool, load, wire
from spillover.reading.documents.parse import parse

TEXT = "The Title of It\n\nKABUL, Sept. 12, 2021 – Gunmen attacked a police post in Kunaṟ, officials said on Monday."


def _read(number: int) -> str:
    return load(f"{TEXT} {number}".encode()).text


def test_the_child_gives_what_the_parser_gives_in_process() -> None:
    assert load(TEXT.encode(), name="a.txt") == parse(TEXT.encode(), name="a.txt")


def test_one_child_serves_many_documents_and_is_replaced_after_its_share() -> None:
    with LoaderPool(documents_per_worker=10) as pool:
        pids = []
        for number in range(30):
            pool.load(f"{TEXT} {number}".encode(), name="a.txt")
            pids.append(pool.worker_pid)
        assert len(set(pids) - {None}) == 3


def test_closing_leaves_no_process_behind() -> None:
    pool = LoaderPool()
    pool.load(TEXT.encode(), name="a.txt")
    pid = pool.worker_pid
    assert pid is not None
    pool.close()
    assert not psutil.pid_exists(pid)
    assert pool.load(TEXT.encode(), name="a.txt").text == TEXT
    pool.close()


def test_a_forgotten_pool_takes_its_child_with_it() -> None:
    pool = LoaderPool()
    pool.load(TEXT.encode(), name="a.txt")
    pid = pool.worker_pid
    assert pid is not None
    del pool
    assert not psutil.pid_exists(pid)


def test_threads_share_a_pool() -> None:
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(_read, range(40))) == [f"{TEXT} {number}" for number in range(40)]


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_inside_multiprocessing_workers(method: str) -> None:
    _read(0)  # the parent's own child is running while the workers are made
    context = multiprocessing.get_context(method)
    with context.Pool(2) as processes:
        assert processes.map(_read, range(8)) == [f"{TEXT} {number}" for number in range(8)]
    assert _read(1) == f"{TEXT} 1"


SCRIPT = """
import os
from spillover.reading.documents import load
from spillover.reading.documents.pool import shared_pool
print(load(b"Gunmen attacked the post.").text, shared_pool().worker_pid, flush=True)
"""


def _run(arguments: list[str], stdin: str = "") -> tuple[str, int]:
    result = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    text, pid = result.stdout.rsplit(" ", 1)
    return text, int(pid)


@pytest.mark.parametrize("how", ["-c", "-"])
def test_from_a_command_or_standard_input(how: str) -> None:
    """No guard for ``__main__`` is needed, nothing is warned of at exit, and the child is gone."""
    text, pid = _run([how, SCRIPT] if how == "-c" else [how], stdin=SCRIPT)
    assert text == "Gunmen attacked the post."
    assert not psutil.pid_exists(pid)


def test_files_in_the_current_folder_are_not_imported_by_the_child(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('hijacked')")
    script = f"import os; os.chdir({str(tmp_path)!r})\n{SCRIPT}"
    assert _run(["-P", "-c", script])[0] == "Gunmen attacked the post."


def test_the_child_ends_when_its_parent_is_killed() -> None:
    script = SCRIPT + "\nimport time; time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline().rsplit(" ", 1)[1])
        child = psutil.Process(pid)
        parent.kill()
        parent.wait()
        psutil.wait_procs([child], timeout=20)
        assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_an_interrupt_in_mid_document_does_not_mix_answers() -> None:
    """Ctrl-C while a document is read: the next one gets its own answer."""

    def interrupt(signum: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        with LoaderPool() as pool:
            pool.load(TEXT.encode(), name="first.txt")
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            with pytest.raises(KeyboardInterrupt):
                pool.load(b"the army denied the attack.    " * 150_000, name="long.txt")
            assert pool.load(TEXT.encode(), name="next.txt").text == TEXT
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize(
    ("data", "form", "kind"),
    [
        (b"", None, EmptyDocument),
        (b"\x7fELF\x02\x01\x01\0\0\0\0", None, UnsupportedFormat),
        (b"words", "odt", UnsupportedFormat),
    ],
)
def test_errors_come_back_as_themselves(data: bytes, form: str | None, kind: type[DocumentError]) -> None:
    with pytest.raises(kind) as caught:
        load(data, name="a.bin", format=form)
    assert type(caught.value) is kind
    assert caught.value.where == "a.bin"


def test_an_answer_of_another_document_is_not_accepted() -> None:
    answer = wire.answer(parse(TEXT.encode(), name="a.txt"))
    with pytest.raises(DamagedDocument):
        wire.read_answer(answer, name="a.txt", sha256="0" * 64)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_garbled_answer_is_an_error_of_the_document_and_nothing_else(data: st.DataObject) -> None:
    document = parse(TEXT.encode(), name="a.txt")
    answer = bytearray(wire.answer(document))
    for _ in range(data.draw(st.integers(1, 4))):
        answer[data.draw(st.integers(0, len(answer) - 1))] = data.draw(st.integers(0, 255))
    try:
        read = wire.read_answer(bytes(answer), name="a.txt", sha256=document.sha256)
    except DocumentError:
        return
    assert isinstance(read, Document)
    assert all(0 <= block.start < block.end <= len(read.text) for block in read.blocks)


def test_every_field_survives_the_way_back() -> None:
    document = parse(TEXT.encode(), name="a.txt")
    block = replace(document.blocks[0], page=3, element="/html/p[1]", repeat_of=1)
    document = replace(document, blocks=(block, *document.blocks[1:]), warnings=("1 thing",))
    assert wire.read_answer(wire.answer(document), name="a.txt", sha256=document.sha256) == document


def test_no_zombie_is_left_by_crashes() -> None:
    with LoaderPool() as pool:
        for _ in range(3):
            pool.load(TEXT.encode(), name="a.txt")
            pid = pool.worker_pid
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            time.sleep(0.01)
            pool.load(TEXT.encode(), name="a.txt")
            assert not psutil.pid_exists(pid)
