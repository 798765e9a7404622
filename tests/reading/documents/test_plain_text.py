"""Plain text: the clean text is the file's text, blocks are its paragraphs, spans its bytes."""

from __future__ import annotations

import codecs
import json
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.reading.document import Document
from spillover.reading.documents import plain
from spillover.reading.documents.parse import parse

SAID = (
    "the group its fighters of and attacked near Kunar Abu al-Baghdadi commander’s cease-fire “allegiance” "
    "pledged to by "
    "with from Tehreek-e-Taliban Pakistan IS-K 2,200 militants province Kunaṟ officials said that have been Müller’s"
)
WORDS = tuple(SAID.split())
sentences = st.lists(st.sampled_from(WORDS), min_size=12, max_size=40).map(
    lambda words: " ".join(words).capitalize() + "."
)
paragraph_lists = st.lists(
    st.lists(sentences, min_size=2, max_size=4).map(" ".join), min_size=2, max_size=6, unique=True
)


def read(text: str, encoding: str = "utf-8") -> Document:
    return parse(text.encode(encoding), name="a.txt")


def bodies(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks]


@given(paragraph_lists)
@settings(max_examples=60, deadline=None)
def test_paragraphs_parted_by_blank_lines(paragraphs: list[str]) -> None:
    document = read("\n\n".join(paragraphs))
    assert bodies(document) == paragraphs


@given(paragraph_lists)
@settings(max_examples=60, deadline=None)
def test_each_line_a_paragraph(paragraphs: list[str]) -> None:
    assert bodies(read("\n".join(paragraphs))) == paragraphs


@given(paragraph_lists, st.integers(55, 100))
@settings(max_examples=100, deadline=None)
def test_hard_wrapped_paragraphs_are_put_together(paragraphs: list[str], width: int) -> None:
    wrapped = "\n\n".join(textwrap.fill(paragraph, width, break_on_hyphens=False) for paragraph in paragraphs)
    document = read(wrapped)
    assert document.text == wrapped
    assert [" ".join(body.split()) for body in bodies(document)] == paragraphs


def test_hard_wrapped_lines_without_blank_lines_break_where_a_line_is_short() -> None:
    first = "The militants withdrew from the valley after three days of shelling, and the army moved in."
    second = "Residents of the upper villages said that nobody had told them when they might go back to what was left."
    wrapped = textwrap.fill(first, 60) + "\n" + textwrap.fill(second, 60)
    assert [" ".join(body.split()) for body in bodies(read(wrapped))] == [first, second]


def test_runs_of_blanks_in_one_long_line_end_a_paragraph() -> None:
    paragraphs = [
        "the army denied today that guerrillas attacked the farm on the pacific side.",
        'a report by the agency says that a column attacked the farm "two days ago".',
        "the spokesman added that one civilian was killed.  two more were wounded.",
    ]
    text = "    ".join(paragraphs)
    document = read(text)
    assert document.text == text
    assert bodies(document) == paragraphs


@given(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffd"), min_size=1, max_size=200
    ),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
)
@settings(max_examples=150, deadline=None)
def test_bytes_of_a_span_decode_to_the_text(text: str, line_end: str, encoding: str) -> None:
    """In every encoding and with every kind of line end, a span's bytes are its text."""
    source = f"The officials said: {text}.{line_end}{line_end}Then the group {text} withdrew.{line_end}Again."
    data = source.encode(encoding)
    document = plain.load(data, where="a.txt")
    assert document.text == source.replace("\r\n", "\n").replace("\r", "\n")
    codec = {"utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(encoding, "utf-8")
    assert [(span.start, span.end) for span in document.spans] == [(b.start, b.end) for b in document.blocks]
    for span in document.spans:
        piece = data[span.source_start : span.source_end].decode(codec)
        assert piece.replace("\r\n", "\n").replace("\r", "\n") == document.text[span.start : span.end]


@given(
    st.lists(
        st.sampled_from(["officials said ", "the Taliban’s ", "Kunaṟ ", "café ", "\r\n\r\n", "“no” "]),
        min_size=4,
        max_size=30,
    )
)
@settings(max_examples=100, deadline=None)
def test_spans_of_mixed_encodings_lead_to_the_right_bytes(parts: list[str]) -> None:
    """Every other part is Windows-1252 in a UTF-8 file."""
    data = b"Kuna\xe1\xb9\x9f is a province. "
    offsets: list[tuple[str, int]] = []
    for number, part in enumerate(parts):
        offsets.append((part, len(data)))
        data += part.encode("cp1252" if number % 2 and "ṟ" not in part else "utf-8")
    document = parse(data, name="a.txt")
    assert document.text == ("Kunaṟ is a province. " + "".join(parts)).replace("\r\n", "\n")
    for span in document.spans:
        raw = data[span.source_start : span.source_end]
        assert len(raw.decode("utf-8", "replace").split()) == len(document.text[span.start : span.end].split())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "cp1252"])
def test_encodings_without_a_mark(encoding: str) -> None:
    text = "The Taliban’s envoy said “no” – and left for Doha.\n\nThe talks, officials said, would go on in June."
    assert read(text, encoding).text == text


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_encodings_with_a_mark(mark: bytes, encoding: str) -> None:
    text = "The Taliban’s envoy said “no” – and left for Doha."
    document = parse(mark + text.encode(encoding), name="a.txt")
    assert document.text == text
    assert document.warnings == ()
    assert document.spans[0].source_start == len(mark)


def test_foreign_bytes_in_a_utf8_file_are_counted() -> None:
    data = "Kunaṟ, said the ".encode() + b"group\x92s leader, is \x93ours\x94."
    document = parse(data, name="a.txt")
    assert document.text == "Kunaṟ, said the group’s leader, is “ours”."
    assert any(warning.startswith("3 bytes are not UTF-8") for warning in document.warnings)


def test_replacement_characters_are_counted() -> None:
    document = read("The leader\ufffds aide said \ufffdno\ufffd to the envoys of the government.")
    assert any(warning.startswith("3 replacement characters") for warning in document.warnings)
    undefined = parse(b"The caf\xe9 \x81 was hit.", name="a.txt")
    assert undefined.text == "The café \ufffd was hit."
    assert any(warning.startswith("1 replacement character") for warning in undefined.warnings)


def test_doubly_encoded_text_is_left_alone_with_a_warning() -> None:
    text = "The Taliban’s envoy said “no”.".encode().decode("cp1252", "replace").replace("\ufffd", "")
    document = read(text)
    assert document.text == text
    assert any("doubly encoded" in warning for warning in document.warnings)


def test_repairs_are_silent_about_nothing() -> None:
    assert read("Plain words, as they were written by the officials.").warnings == ()


def test_shared_articles_keep_every_code_point(shared: Path) -> None:
    for path in sorted((shared / "gold").rglob("article.txt")):
        data = path.read_bytes()
        document = parse(data, name=path.name)
        assert document.text == data.decode()
        assert all(
            data[s.source_start : s.source_end].decode() == document.text[s.start : s.end] for s in document.spans
        )


def test_wire_reports_have_paragraphs_and_no_furniture(shared: Path) -> None:
    with (shared / "data" / "muc4_dev.jsonl").open() as lines:
        texts = [json.loads(line)["doctext"] for line in lines]
    for text in texts:
        document = read(text)
        assert document.text == text
        assert {block.kind for block in document.blocks} == {"paragraph"}
        assert not any("   " in body for body in bodies(document))
