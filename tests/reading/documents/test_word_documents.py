"""Word documents: order, kinds, tracked changes, tables, metadata."""

from __future__ import annotations

import io

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from spillover.reading.document import Document
from spillover.reading.documents.parse import parse


def read(document: object) -> Document:
    buffer = io.BytesIO()
    document.save(buffer)  # type: ignore[attr-defined]
    return parse(buffer.getvalue(), name="a.docx")


def found(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def test_blocks_in_the_order_of_the_text() -> None:
    source = docx.Document()
    source.add_heading("After the Truce", 0)
    source.add_paragraph("The army moved in.")
    source.add_heading("The second front", 2)
    source.add_paragraph("First, the talks.", style="List Bullet")
    table = source.add_table(rows=2, cols=2)
    for cell, words in zip(table._cells, ("Province", "Killed", "Kunar", "40"), strict=True):
        cell.text = words
    source.add_paragraph("They all carry the same rifles.", style="Quote")
    source.add_paragraph("")
    source.add_paragraph("Residents left.")
    document = read(source)
    assert found(document) == [
        ("heading", "After the Truce"),
        ("paragraph", "The army moved in."),
        ("heading", "The second front"),
        ("list_item", "First, the talks."),
        ("table", "Province | Killed"),
        ("table", "Kunar | 40"),
        ("quote", "They all carry the same rifles."),
        ("paragraph", "Residents left."),
    ]
    assert [span.element for span in document.spans][4:] == [
        "table 1 row 1",
        "table 1 row 2",
        "paragraph 5",
        "paragraph 7",
    ]


def test_tracked_insertions_are_read_and_deletions_are_not() -> None:
    source = docx.Document()
    paragraph = source.add_paragraph("The group ")
    space = nsdecls("w")
    paragraph._p.append(
        parse_xml(f'<w:del {space} w:id="1" w:author="x"><w:r><w:delText>lost </w:delText></w:r></w:del>')
    )
    paragraph._p.append(parse_xml(f'<w:ins {space} w:id="2" w:author="x"><w:r><w:t>won</w:t></w:r></w:ins>'))
    paragraph.add_run(" the valley")
    paragraph._p.append(
        parse_xml(f'<w:hyperlink {space}><w:r><w:t xml:space="preserve"> again.</w:t></w:r></w:hyperlink>')
    )
    assert read(source).text == "The group won the valley again."


def test_breaks_tabs_and_hyphens_inside_a_paragraph() -> None:
    source = docx.Document()
    run = source.add_paragraph().add_run("Abu Bakr al")
    run._r.append(parse_xml(f"<w:noBreakHyphen {nsdecls('w')}/>"))
    run._r.append(parse_xml(f"<w:t {nsdecls('w')}>Baghdadi</w:t>"))
    run.add_break()
    run.add_text("led\tit.")
    assert read(source).text == "Abu Bakr al-Baghdadi led it."


def test_metadata_is_what_somebody_wrote() -> None:
    source = docx.Document()
    source.add_paragraph("The army moved in on Monday, officials said.")
    meta = read(source).metadata
    assert (meta.title, meta.author, meta.date) == (None, None, None)
    source.core_properties.title, source.core_properties.author = "After the Truce", "Sana Whitfield"
    meta = read(source).metadata
    assert (meta.title, meta.author, meta.date) == ("After the Truce", "Sana Whitfield", None)
