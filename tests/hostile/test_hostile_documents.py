"""Files that are broken, huge, or made to hurt: each gets a clear answer, and the next document is read as ever."""

from __future__ import annotations

import io
import os
import signal
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from spillover.errors import (
    DamagedDocument,
    DocumentError,
    DocumentLimit,
    EmptyDocument,
    UnsupportedFormat,
)
from spillover.reading.documents import Limits, LoaderPool, find, load

GOOD = b"Gunmen attacked a police post near the river on Monday, and officials said that two officers were wounded."


@pytest.fixture(scope="module")
def pool() -> Iterator[LoaderPool]:
    with LoaderPool() as pool:
        yield pool


@pytest.fixture(autouse=True)
def _the_next_document_is_read(pool: LoaderPool) -> Iterator[None]:
    """Whatever a test does to the pool: afterwards a good document is read."""
    yield
    assert pool.load(GOOD, name="next.txt").text == GOOD.decode()


def refused(pool: LoaderPool, data: bytes, name: str, kind: type[DocumentError], *words: str) -> None:
    with pytest.raises(kind) as caught:
        load(data, name=name, pool=pool)
    assert name in str(caught.value)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize("name", ["empty.txt", "empty.pdf", "empty.docx", "empty.html", "empty.md"])
@pytest.mark.parametrize("data", [b"", b"\n \t\r\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file(pool: LoaderPool, name: str, data: bytes) -> None:
    refused(pool, data, name, EmptyDocument, "empty")


def test_fifty_megabytes_of_one_line(pool: LoaderPool, tmp_path: Path) -> None:
    path = tmp_path / "line.txt"
    with path.open("wb") as file:
        for _ in range(500):
            file.write(b"the group attacked " * 5_264)
    with pytest.raises(DocumentLimit, match=r"50\.0 MB") as caught:
        load(path, pool=pool)
    assert "line.txt" in str(caught.value)
    assert pool.worker_pid is None or path.stat().st_size > 50e6


def test_a_line_of_many_megabytes_over_the_limit_on_text(pool: LoaderPool) -> None:
    refused(pool, b"the group attacked " * 500_000, "line.txt", DocumentLimit, "characters")


def test_a_long_line_within_the_limits_is_read_whole(pool: LoaderPool) -> None:
    data = b"the group attacked the town and the army denied it.    " * 50_000
    document = load(data, name="line.txt", pool=pool)
    assert document.text.encode() == data
    assert len(document.blocks) == 50_000


def test_nul_bytes_in_a_text_become_blanks_and_are_counted(pool: LoaderPool) -> None:
    document = load(GOOD.replace(b" ", b"\0", 3), name="nul.txt", pool=pool)
    assert document.text == GOOD.decode()
    assert any("3 NUL" in warning for warning in document.warnings)


def test_a_file_of_nul_bytes(pool: LoaderPool) -> None:
    refused(pool, b"\0" * 100_000 + b"a", "nul.txt", DamagedDocument, "NUL")


@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "ul><li", "table><tr><td"])
def test_ten_thousand_nested_elements(pool: LoaderPool, tag: str) -> None:
    page = (
        f"<!DOCTYPE html><html><body><p>{GOOD.decode()}</p>{f'<{tag}>' * 10_000}<p>The deepest words.</p></body></html>"
    )
    document = load(page.encode(), name="deep.html", pool=pool)
    assert GOOD.decode() in document.text
    assert document.blocks


def docx_with(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_a_zip_bomb_by_its_declared_size(pool: LoaderPool) -> None:
    bomb = docx_with({"word/document.xml": b" " * 300_000_000})
    assert len(bomb) < 400_000
    refused(pool, bomb, "bomb.docx", DocumentLimit, "MiB")


def test_a_zip_bomb_that_declares_less_than_it_holds(pool: LoaderPool) -> None:
    size = 50_000_000
    bomb = docx_with({"word/document.xml": b" " * size})
    lie = bomb.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lie != bomb
    limits = Limits(unpacked_bytes=10_000_000)
    with pytest.raises((DocumentLimit, DamagedDocument), match=r"bomb\.docx"):
        load(lie, name="bomb.docx", limits=limits, pool=pool)


def test_a_zip_of_very_many_parts(pool: LoaderPool) -> None:
    parts = {f"word/{number}.xml": b"" for number in range(12_000)}
    refused(pool, docx_with({"word/document.xml": b"<a/>", **parts}), "parts.docx", DocumentLimit, "parts")


def test_a_docx_with_an_entity_bomb(pool: LoaderPool) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    xml = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e0 "boom">{entities}]><a>&e11;</a>'.encode()
    types = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    with pytest.raises(DocumentError, match=r"bomb\.docx"):
        load(docx_with({"[Content_Types].xml": types, "word/document.xml": xml}), name="bomb.docx", pool=pool)


def test_a_docx_without_its_parts(pool: LoaderPool) -> None:
    refused(pool, docx_with({"word/document.xml": b"<broken"}), "broken.docx", DamagedDocument)


def simple_pdf(**options: object) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1, **options)
    for _ in range(3):
        for number in range(20):
            canvas.drawString(72, 720 - 14 * number, GOOD.decode()[:80])
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def test_an_encrypted_pdf(pool: LoaderPool) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    data = simple_pdf(encrypt=StandardEncryption("secret", ownerPassword="owner", canPrint=0))
    refused(pool, data, "locked.pdf", DamagedDocument, "encrypted", "password")


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_a_truncated_pdf(pool: LoaderPool, share: float) -> None:
    """Either refused as damaged, or read as far as it goes with a warning; never as if it were whole."""
    data = simple_pdf()
    data = data[: int(len(data) * share)]
    try:
        document = load(data, name="cut.pdf", pool=pool)
    except (DamagedDocument, EmptyDocument) as error:
        assert "cut.pdf" in str(error)
    else:
        assert any("breaks off" in warning for warning in document.warnings)


def test_a_pdf_that_claims_a_hundred_thousand_pages(pool: LoaderPool) -> None:
    data = simple_pdf()
    claimed = data.replace(b"/Count 3", b"/Count 100000")
    assert claimed != data
    try:
        document = load(claimed, name="pages.pdf", pool=pool)
    except (DocumentLimit, DamagedDocument) as error:
        assert "pages.pdf" in str(error)
        assert "pages" in error.what
    else:
        assert "police post" in document.text


def test_a_pdf_with_a_hundred_thousand_pages(pool: LoaderPool) -> None:
    """A true tree of 100 000 page objects that all show the same page."""
    head = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    kids = b"3 0 R " * 100_000
    body = b"2 0 obj<</Type/Pages/Count 100000/Kids[" + kids + b"]>>endobj\n"
    page = b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
    trailer = b"trailer<</Root 1 0 R>>\n%%EOF\n"
    refused(pool, head + body + page + trailer, "tree.pdf", DocumentLimit, "100 000 pages")


def test_a_text_of_only_emoji(pool: LoaderPool) -> None:
    refused(pool, "🔥💥🚀🕊️\n".encode() * 40, "emoji.txt", EmptyDocument, "not one letter")


def test_emoji_among_words_keep_their_offsets(pool: LoaderPool) -> None:
    text = "🔥 The army shelled Idlib 💥 on Friday.\n\nRebels 🕊️ denied it."
    document = load(text.encode(), name="emoji.txt", pool=pool)
    assert document.text == text
    span = document.spans[1]
    assert text.encode()[span.source_start : span.source_end].decode() == "Rebels 🕊️ denied it."


def test_right_to_left_marks_inside_names(pool: LoaderPool) -> None:
    name = "Abu Ghadiya (Arabic: أبو غادية\u200e\u200e)"
    text = f"{name} led \u202bal-Qaida\u202c in Syria.\n\nHe was killed by \u200fDelta\u200f Force."
    document = load(text.encode(), name="marks.txt", pool=pool)
    assert document.text == text
    for block, span in zip(document.blocks, document.spans, strict=True):
        assert text.encode()[span.source_start : span.source_end].decode() == text[block.start : block.end]


@pytest.mark.parametrize(
    "data",
    [
        b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 40,
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
        os.urandom(20_000),
    ],
    ids=["program", "image", "noise"],
)
def test_a_binary_renamed_to_txt(pool: LoaderPool, data: bytes) -> None:
    refused(pool, data, "report.txt", UnsupportedFormat)


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("utf-8", "cp1252"), ("iso-8859-1", "utf-8"), ("shift_jis", "utf-8"), ("no-such-charset", "utf-8")],
)
def test_a_page_that_declares_a_wrong_charset(pool: LoaderPool, declared: str, encoding: str) -> None:
    words = "The Taliban’s envoy said “no” – and General Müller’s café was closed for the talks with the group."
    page = f'<html><head><meta charset="{declared}"></head><body><p>{words}</p></body></html>'
    document = load(page.encode(encoding), name="page.html", pool=pool)
    assert words in document.text
    assert document.warnings


def test_an_unreadable_folder_is_named_and_the_rest_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    (closed / "a.txt").write_bytes(GOOD)
    (tmp_path / "b.txt").write_bytes(GOOD)
    closed.chmod(0)
    if os.access(closed, os.R_OK):  # the administrator may read everything: refuse in the system's stead
        scandir = os.scandir

        def guarded(path: Path) -> object:
            if Path(path) == closed:
                raise PermissionError(13, "Permission denied", str(path))
            return scandir(path)

        monkeypatch.setattr(os, "scandir", guarded)
    try:
        documents, skipped = find(tmp_path)
    finally:
        closed.chmod(0o700)
    assert documents == [tmp_path / "b.txt"]
    assert [(item.path, "permission denied" in item.reason) for item in skipped] == [(closed, True)]


def test_an_unreadable_folder_given_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(path: Path) -> object:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", closed)
    with pytest.raises(DocumentError, match="permission denied"):
        find(tmp_path)


def test_the_parser_is_killed_in_the_middle(pool: LoaderPool) -> None:
    data = b"the group attacked the town and the army denied it.    " * 90_000
    pool.load(GOOD, name="first.txt")
    victim = pool.worker_pid
    assert victim is not None
    timer = threading.Timer(0.3, os.kill, (victim, signal.SIGKILL))
    timer.start()
    refused(pool, data, "long.txt", DamagedDocument, "SIGKILL")
    timer.join()
    assert pool.load(GOOD, name="next.txt").text == GOOD.decode()
    assert pool.worker_pid != victim


def test_the_parser_is_killed_between_two_documents(pool: LoaderPool) -> None:
    pool.load(GOOD, name="first.txt")
    victim = pool.worker_pid
    assert victim is not None
    os.kill(victim, signal.SIGKILL)
    assert pool.load(GOOD, name="second.txt").text == GOOD.decode()


def test_a_parser_that_hangs_is_ended_at_the_time_limit(pool: LoaderPool) -> None:
    pool.load(GOOD, name="first.txt")
    assert pool.worker_pid is not None
    os.kill(pool.worker_pid, signal.SIGSTOP)
    with pytest.raises(DocumentLimit, match=r"slow\.txt.*longer than 0\.3 seconds"):
        pool.load(GOOD, name="slow.txt", limits=Limits(seconds=0.3))


def test_a_document_over_the_memory_limit(pool: LoaderPool) -> None:
    data = b"the group attacked the town.   " * 160_000
    with pytest.raises((DocumentLimit, DamagedDocument), match="MiB"):
        pool.load(data, name="large.txt", limits=Limits(memory_bytes=150 * 1024**2))


def test_an_answer_over_the_output_limit(pool: LoaderPool) -> None:
    with pytest.raises(DocumentLimit, match=r"more than 100\b"):
        pool.load(GOOD, name="wordy.txt", limits=Limits(output_bytes=100))
