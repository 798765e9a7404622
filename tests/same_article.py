"""One article as txt, Markdown, saved web page, PDF and Word document: the one below, or any other."""

from __future__ import annotations

import html
import io
import textwrap
from collections.abc import Iterator
from typing import NamedTuple

TITLE = "Rival Banners in the Borderlands: Who Fights Whom After the Truce"
PARAGRAPHS = (
    "The truce that Tehreek-e-Taliban commanders announced in the spring held for barely eleven weeks. On the "
    "night of 14 June, gunmen on motorcycles attacked two police posts near Bannu, killing at least six "
    "officers and wounding a dozen more; officials said that the attackers had crossed the frontier “within "
    "hours” of the raid.",
    "Nobody in the provincial capital pretends to be surprised. “We counted ninety-four incidents in the first "
    "quarter, and that was the quiet part of the year,” a retired brigadier told a gathering of elders — a "
    "figure that the interior ministry neither confirmed nor denied. The group’s own channel claimed more than "
    "a hundred.",
    "IS-K, the Islamic State’s branch in the region, has read the situation differently. Its propagandists "
    "call the truce a betrayal, and its recruiters – most of them under thirty – have courted fighters who "
    "feel abandoned by their emirs. According to a United Nations monitoring team, the branch may have between "
    "1,500 and 2,200 fighters, although the team warns that such estimates are necessarily uncertain.",
    "Reconciliation between the two organisations is very unlikely. Their quarrel began as a dispute over "
    "allegiance, and turned into a feud after the assassination of a well-known cleric, Mawlawi Rahim-ud-Din, "
    "whose seminary had supplied volunteers to both. Followers of the cleric went underground; his "
    "brother-in-law joined IS-K within a month.",
    "A second front runs through the market towns. Transport contractors say that they pay two “taxes”, one to "
    "each side, and that drivers who refuse are held for ransom. In Khost-based interviews, traders described "
    "checkpoints that change hands from one week to the next. If the closure of the border crossing continues, "
    "several warned, smugglers could become the only reliable suppliers of flour and diesel.",
    "The government’s answer has been a mixture of air strikes and talks. Jets hit what the army called "
    "“hideouts” in the Shawal valley on 3 July, an operation in which, villagers insist, eleven civilians were "
    "killed. The army’s spokesman rejected that account. Meanwhile a nine-member jirga travelled to Kabul for "
    "the third time, and returned with little more than a promise that conversations would go on.",
    "Much depends on what happens inside the movement itself. Its deputy leader, who once served as a "
    "go-between with al-Qaida, is said to favour an extension of the truce, while the commanders of the "
    "southern districts do not. Should they break away, the splinter group would probably command a few "
    "hundred men, enough to keep the highway unsafe and too few to hold any town for long.",
    "For the people of the borderlands the distinction matters little. Schools in four sub-districts have "
    "stayed shut since May 2021, and some 3,400 families have left for the plains. “They all carry the same "
    "rifles,” said a teacher in Miranshah, “and they all ask for the same bread.”",
)


class Article(NamedTuple):
    """A title, and what stands under it."""

    title: str
    paragraphs: tuple[str, ...]


OWN = Article(TITLE, PARAGRAPHS)

_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<title>{title} | The Frontier Ledger</title>
<meta property="og:title" content="{title}"><meta property="og:site_name" content="The Frontier Ledger">
<meta property="article:published_time" content="2021-07-19T08:30:00+00:00">
<meta name="author" content="Sana Whitfield">
<link rel="canonical" href="https://ledger.example/rival-banners">
<script>var tracking = "never show this";</script><style>.menu {{ color: red }}</style></head>
<body>
<div class="cookie-banner"><p>
We use cookies to make your experience better. Accept all cookies or manage your settings.</p>
<button>Accept</button></div>
<header><nav class="menu"><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li>
<li><a href="/opinion">Opinion</a></li><li><a href="/sport">Sport</a></li></ul></nav></header>
<main><article class="post"><h1>{title}</h1>
<div class="share"><a href="#f">Share on Facebook</a> <a href="#t">Tweet</a></div>
<div class="entry-content">
{body}
</div></article></main>
<aside class="related"><h3>Related articles</h3><ul><li><a href="/a">Five questions about the border closure</a></li>
<li><a href="/b">What the jirga brought home from Kabul</a></li></ul></aside>
<section id="comments"><h3>2 Comments</h3><div class="comment"><p>Karim writes: I live near that crossing and nothing in
this piece is new to us, the trucks have been waiting since the winter and nobody answers our letters.</p></div>
<form class="comment-form"><h3>Leave a Comment</h3><label>Name</label><input name="n">
<label>Email</label><input name="e">
<textarea>Your comment</textarea><button>Post Comment</button></form></section>
<div class="login-box"><h4>Login</h4><form><label>Username</label><input><label>Password</label><input type="password">
<label>Remember me</label><a href="/lost">Lost your password?</a></form></div>
<div class="newsletter"><p>Sign up for our newsletter and get the best stories in your inbox every morning.</p></div>
<footer><p>© 2021 The Frontier Ledger. All rights reserved.</p></footer></body></html>"""


def as_text(article: Article = OWN) -> bytes:
    return "\n\n".join((article.title, *article.paragraphs)).encode()


def as_markdown(article: Article = OWN) -> bytes:
    body = "\n\n".join(
        paragraph.replace("IS-K", "**IS-K**").replace("Kabul", "[Kabul](x.html)") for paragraph in article.paragraphs
    )
    return f"# {article.title}\n\n{body}\n".encode()


def as_page(article: Article = OWN) -> bytes:
    linked = (
        html.escape(p).replace("Bannu", '<a href="/bannu">Bannu</a>').replace("IS-K", "<b>IS</b>-K")
        for p in article.paragraphs
    )
    return _PAGE.format(title=html.escape(article.title), body="\n".join(f"<p>{p}</p>" for p in linked)).encode()


def as_docx(article: Article = OWN) -> bytes:
    import docx

    document = docx.Document()
    document.add_heading(article.title, 0)
    for text in article.paragraphs:
        paragraph = document.add_paragraph()
        # Word cuts a paragraph into runs wherever the format or the spell checker has been.
        for start in range(0, len(text), 37):
            paragraph.add_run(text[start : start + 37]).bold = start % 2 == 0
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def as_pdf(
    article: Article = OWN,
    *,
    columns: int = 2,
    indented: bool = False,
    justified: bool = False,
    by_rows: bool = False,
) -> bytes:
    """A typeset PDF with running heads and page numbers, words parted at line ends by the printer's hyphen.

    ``by_rows`` writes line after line over both columns, as some programs do.
    """
    from reportlab.lib.pagesizes import A5
    from reportlab.pdfbase.pdfmetrics import stringWidth
    from reportlab.pdfgen.canvas import Canvas

    width, height = A5
    font, size, margin, gutter, leading = "Times-Roman", 10, 44, 18, 15
    column_width = (width - 2 * margin - gutter * (columns - 1)) / columns

    def measure(text: str) -> float:
        return float(stringWidth(text, font, size))

    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A5, invariant=1)
    page, column, y = 1, 0, height - margin - 60
    pending: list[tuple[float, float, str, float]] = []

    def decorate() -> None:
        canvas.setFont(font, 7)
        canvas.drawString(margin, height - 22, "The Frontier Ledger  Quarterly")
        canvas.drawCentredString(width / 2, 18, str(page + 40))

    def flush() -> None:
        canvas.setFont(font, size)
        for x, at, text, spread in sorted(pending, key=lambda item: (-item[1], item[0])) if by_rows else pending:
            canvas.drawString(x, at, text, wordSpace=spread)
        pending.clear()

    decorate()
    canvas.setFont("Times-Bold", 13)
    for number, part in enumerate(textwrap.wrap(article.title, 33)):
        canvas.drawString(margin, height - margin - 12 - 16 * number, part)
    for text in article.paragraphs:
        lines = list(_typeset(text, column_width, 10 if indented else 0, measure))
        for number, line in enumerate(lines):
            if y < margin:
                column += 1
                y = height - margin - (60 if page == 1 else 10)
                if column == columns:
                    flush()
                    canvas.showPage()
                    page, column = page + 1, 0
                    y = height - margin - 10
                    decorate()
            indent = 10 if indented and number == 0 else 0
            spaces = line.count(" ")
            room = column_width - indent - measure(line)
            spread = room / spaces if justified and spaces and number + 1 < len(lines) else 0.0
            pending.append((margin + column * (column_width + gutter) + indent, y, line, spread))
            y -= leading
        y -= 0 if indented else 6
    flush()
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _typeset(text: str, width: float, indent: float, measure: object) -> Iterator[str]:
    """Greedy lines: parted after spaces, after the words' own hyphens, and within long words by a hyphen."""
    assert callable(measure)
    line, room = "", width - indent
    for word in text.split(" "):
        rest = word
        while rest:
            lead = f"{line} " if line and rest == word else line
            if measure(lead + rest) <= room:
                line, rest = lead + rest, ""
                continue
            cut = next(
                (
                    c
                    for c in range(len(rest) - 3, 3, -1)
                    if _may_part(rest, c) and measure(_head(lead, rest, c)) <= room
                ),
                0,
            )
            if cut:
                yield _head(lead, rest, cut)
                line, rest, word = "", rest[cut:], ""
            else:
                yield line
                line = ""
            room = width
        if word == "":
            continue
    if line:
        yield line


def _may_part(word: str, cut: int) -> bool:
    """After a hyphen of its own, or between two lower-case letters of a plain word of nine letters or more."""
    plain = word.isalpha() and len(word) >= 9 and word[1:].islower()
    return word[cut - 1] == "-" or plain


def _head(lead: str, rest: str, cut: int) -> str:
    return lead + rest[:cut] + ("" if rest[cut - 1] == "-" else "-")
