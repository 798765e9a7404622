"""Markdown: words without mark-up, kinds of blocks, bytes of each block."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.reading.documents.markdown import inline
from spillover.reading.documents.parse import parse

SOURCE = """---
title: "After the Truce"
author: Sana Whitfield
date: 2021-07-19
---

# After the *Truce*

The **Tehreek-e-Taliban** commanders [announced](https://example.org/a_(b)) the truce,
and `officials` said[^1] that _nobody_ would break it &mdash; for now.

Second heading
--------------

- The army moved in
  behind them.
- Residents left.

1. First, the talks.

> They all carry the same rifles,
> said a teacher.

| place | killed |
|-------|-------:|
| Bannu | 6      |

```
code stays unread
```

[^1]: a footnote
[ref]: https://example.org
"""


def test_blocks_and_their_words() -> None:
    document = parse(SOURCE.encode(), name="a.md")
    found = [(block.kind, document.text[block.start : block.end]) for block in document.blocks]
    assert found == [
        ("heading", "After the Truce"),
        (
            "paragraph",
            "The Tehreek-e-Taliban commanders announced the truce, and officials said that nobody would break "
            "it — for now.",
        ),
        ("heading", "Second heading"),
        ("list_item", "The army moved in behind them."),
        ("list_item", "Residents left."),
        ("list_item", "First, the talks."),
        ("quote", "They all carry the same rifles, said a teacher."),
        ("table", "place | killed"),
        ("table", "Bannu | 6"),
        ("table", "code stays unread"),
    ]


def test_front_matter_is_metadata() -> None:
    meta = parse(SOURCE.encode(), name="a.md").metadata
    assert (meta.title, meta.author, meta.date, meta.date_source) == (
        "After the Truce",
        "Sana Whitfield",
        date(2021, 7, 19),
        "metadata",
    )


def test_spans_are_the_bytes_of_the_block() -> None:
    data = SOURCE.replace("Residents", "Résidents").replace("\n", "\r\n").encode()
    document = parse(data, name="a.md")
    pieces = [data[span.source_start : span.source_end].decode() for span in document.spans]
    assert pieces[0] == "# After the *Truce*"
    assert pieces[3] == "- The army moved in\r\n  behind them."
    assert pieces[4] == "- Résidents left."


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("5 * 3 is not 3 * 5", "5 * 3 is not 3 * 5"),
        ("a snake_case_name stays", "a snake_case_name stays"),
        ("![picture](a.png) of **IS**-K", "of IS-K"),
        ("***both*** and ~~gone~~", "both and gone"),
        (r"\*not emphasis\*", "*not emphasis*"),
        ("[a [nested] link](b)", "a [nested] link"),
        ("AT&T and &lt;b&gt;", "AT&T and <b>"),
        ("<https://example.org>", "https://example.org"),
        ("[Islamic State-Khorasan] said", "[Islamic State-Khorasan] said"),
    ],
)
def test_inline_marks(source: str, words: str) -> None:
    assert inline(source) == words


@given(st.text(st.sampled_from("ab *_`[]()!<>\\~&#;-\n|"), max_size=80))
@settings(max_examples=300, deadline=None)
def test_no_markup_crashes_and_no_word_is_made_up(source: str) -> None:
    text = f"# The report\n\n{source}\n\nThe officials said no."
    document = parse(text.encode(), name="a.md")
    assert document.text.startswith("The report")
    assert set("".join(document.text.split())) <= set(text) | {"|"}
    for block, following in zip(document.blocks, document.blocks[1:], strict=False):
        assert block.end < following.start


def test_footnote_numbers_are_no_reference_link():
    assert inline("Killed in 2008.[1][2] A new leader followed [soon][later].") == (
        "Killed in 2008.[1][2] A new leader followed soon."
    )
