"""Saved web pages of several makes: the article's own blocks, and what the page says about itself."""

from __future__ import annotations

import html
import sys
from datetime import date

import pytest

import same_article as article
from spillover.reading.document import Document
from spillover.reading.documents.parse import parse

MENU = '<div id="menu"><a href="/">Home</a> <a href="/w">World</a> <a href="/a">Asia</a></div>'
FOOT = '<div id="footer"><p>Copyright 2021 Example. All rights reserved.</p><p>Privacy policy | Contact us</p></div>'
BODY = [html.escape(paragraph) for paragraph in article.PARAGRAPHS]

LAYOUTS = {
    "line breaks": f"{MENU}<h1>{article.TITLE}</h1><div class='text'>{'<br><br> '.join(BODY)}</div>{FOOT}",
    "divisions": f"{MENU}<h1>{article.TITLE}</h1><div>{''.join(f'<div>{p}</div>' for p in BODY)}</div>{FOOT}",
    "layout table": f"<table><tr><td>{MENU}</td><td><h1>{article.TITLE}</h1>{''.join(f'<p>{p}</p>' for p in BODY)}"
    f"</td></tr></table>{FOOT}",
    "paragraphs alone": f"<h1>{article.TITLE}</h1>{''.join(f'<p>{p}' for p in BODY)}",
}


def read(body: str, head: str = "") -> Document:
    return parse(f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode(), name="page.html")


def texts(document: Document, *kinds: str) -> list[str]:
    return [document.text[b.start : b.end] for b in document.blocks if b.kind in kinds]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_article_is_found_whole_in_any_layout(layout: str) -> None:
    document = read(LAYOUTS[layout])
    assert texts(document, "paragraph") == list(article.PARAGRAPHS)
    assert texts(document, "heading") == [article.TITLE]
    assert document.metadata.title == article.TITLE


def test_headings_lists_quotes_and_captions_keep_their_kind() -> None:
    paragraphs = [f"<p>{p}</p>" for p in BODY]
    paragraphs[3] += "<h2>The second front</h2><blockquote><p>“They all carry the same rifles.”</p></blockquote>"
    paragraphs[5] += "<ul><li>First, the truce has ended.</li><li>Second, the talks go on.</li></ul>"
    document = read(f"<article><h1>{article.TITLE}</h1>{''.join(paragraphs)}</article>")
    assert texts(document, "heading") == [article.TITLE, "The second front"]
    assert texts(document, "quote") == ["“They all carry the same rifles.”"]
    assert texts(document, "list_item") == ["First, the truce has ended.", "Second, the talks go on."]
    assert texts(document, "paragraph") == list(article.PARAGRAPHS)


def test_a_pull_quote_repeats_the_paragraph_that_it_is_taken_from() -> None:
    paragraphs = [f"<p>{p}</p>" for p in BODY]
    paragraphs[1] += '<blockquote class="pull">Nobody in the provincial capital pretends to be surprised</blockquote>'
    document = read(f"<article><h1>{article.TITLE}</h1>{''.join(paragraphs)}</article>")
    repeats = [block for block in document.blocks if block.repeat_of is not None]
    assert [document.text[b.start : b.end] for b in repeats] == [
        "Nobody in the provincial capital pretends to be surprised"
    ]
    host = document.blocks[repeats[0].repeat_of or 0]
    assert document.text[host.start : host.end] == article.PARAGRAPHS[1]


def test_inline_elements_part_no_words_and_hidden_ones_say_nothing() -> None:
    body = (
        "<p>The Tehreek-<wbr>e-<b>Taliban</b>’s <a href='x'>com</a>manders<sup>1</sup> announced"
        "<span hidden>never</span> "
        "<span style='display: none'>this</span>the truce&nbsp;in&shy; spring.<script>not this</script></p>"
    )
    assert read(body).text == "The Tehreek-e-Taliban’s commanders1 announced the truce in\u00ad spring."


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (
            '<script type="application/ld+json">{"@graph": [{"@type": "WebSite"}, {"@type": ["NewsArticle"], '
            '"headline": "H", '
            '"datePublished": "2021-07-19T01:00:00Z", "author": [{"name": "A B"}, {"name": "C D"}], '
            '"publisher": {"name": "P"}}]}</script>',
            ("H", "A B, C D", "P", date(2021, 7, 19)),
        ),
        (
            '<meta name="dc.title" content="H"><meta name="DC.creator" content="A B">'
            '<meta name="DC.Publisher" content="P">'
            '<meta name="dcterms.issued" content="19 July 2021">',
            ("H", "A B", "P", date(2021, 7, 19)),
        ),
        ("<title>H</title><script type='application/ld+json'>{broken</script>", ("H", None, None, None)),
        ('<meta name="date" content="03/04/2021"><meta property="og:title" content=" ">', (None, None, None, None)),
        ('<meta http-equiv="last-modified" content="2021-07-19"><meta name="copyright" content="2021">', (None,) * 4),
    ],
)
def test_metadata(head: str, expected: tuple[object, ...]) -> None:
    meta = read("<p>Gunmen attacked a police post near the river, officials said on Monday.</p>", head).metadata
    assert (meta.title, meta.author, meta.publisher, meta.date) == expected
    assert meta.date_source == ("metadata" if expected[3] else None)


def test_byline_and_date_that_only_the_page_shows() -> None:
    shown = '<header><p class="by">By Sana Whitfield</p><p>Published: 19 July 2021</p></header>'
    body = f"{MENU}<article><h1>{article.TITLE}</h1>{shown}{''.join(f'<p>{p}</p>' for p in BODY)}</article>{FOOT}"
    meta = read(body).metadata
    assert (meta.author, meta.date, meta.date_source) == ("Sana Whitfield", date(2021, 7, 19), "dateline")


def test_a_date_in_a_comment_dates_nothing() -> None:
    times = "<time>2021-08-12</time><time>2021-08-13</time>"
    comments = f"<div class='comments'><p>12 August 2021</p><p>Well said.</p>{times}</div>"
    body = f"<article><h1>{article.TITLE}</h1>{''.join(f'<p>{p}</p>' for p in BODY)}</article>{comments}"
    assert read(body).metadata.date is None


def test_declared_and_true_encoding() -> None:
    words = "The Taliban’s envoy said “no” on Monday, and the talks went on without him for a week."
    page = f'<html><head><meta charset="windows-1252"></head><body><p>{words}</p></body></html>'
    assert parse(page.encode("cp1252"), name="a.html").text == words
    wrong = parse(page.encode("utf-8"), name="a.html")
    assert wrong.text == words
    assert any("declares windows-1252" in warning for warning in wrong.warnings)


def test_without_the_extractor_marked_furniture_is_still_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    document = parse(article.as_page(), name="a.html")
    assert texts(document, "paragraph")[: len(BODY)] == list(article.PARAGRAPHS)
    assert "Lost your password" not in document.text
    assert any("trafilatura" in warning for warning in document.warnings)
