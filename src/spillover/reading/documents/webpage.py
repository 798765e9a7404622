"""Saved web pages: the article's own blocks, told from menus, comments, boxes and banners.

The page's visible blocks are walked here (so that words, order and elements are the page's own); trafilatura only says
which of them are the article: precision first, then recall, then every visible block outside of marked furniture.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from dataclasses import replace
from typing import Any

from spillover.errors import EmptyDocument
from spillover.reading.document import Metadata
from spillover.reading.documents.bylines import byline
from spillover.reading.documents.dates import line_date
from spillover.reading.documents.decoding import decode
from spillover.reading.documents.dom import Visible, depth, parse, visible_blocks
from spillover.reading.documents.draft import Draft, Piece, assemble
from spillover.reading.documents.page_metadata import page_metadata

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE)
_WORD = re.compile(r"\w+")
# Deeper trees are no article; extractors that recurse would overflow on them.
_DEEPEST = 200
# An extraction of fewer words, or of less than this share of the words outside of furniture, missed the article.
_LEAST_WORDS = 40
_LEAST_SHARE = 0.1
_CONTENT_WORDS = 25


def load(data: bytes, *, where: str) -> Draft:
    """Reads a saved page. What is left out is counted in the warnings."""
    declared = _CHARSET.search(data[:4096]) or _XML_ENCODING.search(data[:200])
    charset = declared.group(1).decode("ascii") if declared else None
    decoded = decode(data, declared=charset, where=where)
    warnings = decoded.warnings
    if charset and not _same_encoding(charset, decoded.encoding):
        warnings.append(f"the page declares {charset}, but its bytes are {decoded.encoding.upper()}: read as such")
    root = parse(decoded.text) if decoded.text.strip() else None
    if root is None:
        raise EmptyDocument("there is no text in this page", where=where)
    blocks = visible_blocks(root)
    if not _extractor():
        warnings.append("trafilatura cannot be imported: the article is told from the page by its mark-up alone")
    deep = depth(root, _DEEPEST) >= _DEEPEST
    if deep:
        warnings.append("the page nests its elements too deep for the article to be told from the rest: all is kept")
    main = [True] * len(blocks) if deep else _article(blocks, root)
    paths = _Paths(root, deep)
    pieces = [
        Piece(b.text, b.kind, element=paths.of(b.element)) for b, is_main in zip(blocks, main, strict=True) if is_main
    ]
    draft = assemble(pieces)
    left_out = [b for b, is_main in zip(blocks, main, strict=True) if not is_main]
    if left_out:
        words = sum(len(_WORD.findall(block.text)) for block in left_out)
        warnings.append(f"{len(left_out)} blocks of page furniture ({words} words) left out")
    draft.metadata = Metadata() if deep else _with_head(page_metadata(root), blocks, main)
    draft.warnings = warnings
    return draft


def _with_head(metadata: Metadata, blocks: list[Visible], main: list[bool]) -> Metadata:
    """Adds byline and date from the visible lines above the article's first paragraph, left out or not."""
    head: list[str] = []
    for block, is_main in zip(blocks, main, strict=True):
        long = len(_WORD.findall(block.text)) >= _CONTENT_WORDS
        head.append(block.text)
        if is_main and long:
            break
    if metadata.author is None:
        metadata = replace(metadata, author=next((name for line in head if (name := byline(line))), None))
    if metadata.date is None and (day := next((day for line in head if (day := line_date(line))), None)):
        metadata = replace(metadata, date=day, date_source="dateline")
    return metadata


def _same_encoding(declared: str, read: str) -> bool:
    import codecs

    try:
        name = codecs.lookup(declared).name
    except LookupError:
        return False
    # Plain ASCII bytes are valid in all of these; Latin-1 on the web means Windows-1252.
    return read.split("-")[:2] == name.split("-")[:2] or (name in ("iso8859-1", "ascii", "cp1252") and read == "cp1252")


def _article(blocks: list[Visible], root: Any) -> list[bool]:
    """Which blocks are the article's."""
    outside = sum(len(_WORD.findall(block.text)) for block in blocks if not block.furniture)
    for precise in (True, False):
        chosen = _choose(blocks, root, precise=precise)
        words = sum(len(_WORD.findall(b.text)) for b, is_main in zip(blocks, chosen, strict=True) if is_main)
        if words >= max(_LEAST_WORDS, _LEAST_SHARE * outside):
            return _with_neighbours(blocks, chosen)
    chosen = [not block.furniture for block in blocks]
    return chosen if any(chosen) else [True] * len(blocks)


def _choose(blocks: list[Visible], root: Any, *, precise: bool) -> list[bool]:
    """Blocks whose words trafilatura keeps. Each text is chosen as often as it is extracted, long blocks at once."""
    extracted = _extract(root, precise=precise)
    if extracted is None:
        return [False] * len(blocks)
    kept = Counter(key for element in extracted.iter() for key in _keys(element))
    whole = " ".join(_key(" ".join(extracted.itertext())).split())
    chosen = []
    for block in blocks:
        key = _key(block.text)
        found = kept[key] > 0
        if found:
            kept[key] -= 1
        # trafilatura may join or part paragraphs: long ones are found by their words in the whole.
        chosen.append(found or (len(key) > 80 and key in whole))
    return chosen


def _extract(root: Any, *, precise: bool) -> Any:
    """trafilatura's body element for the page, or ``None``."""
    import copy

    from lxml import etree
    from lxml import html as lxml_html

    bare_extraction = _extractor()
    if bare_extraction is None:
        return None
    page = lxml_html.fromstring(etree.tostring(copy.deepcopy(root), encoding="unicode", method="html"))
    try:
        document = bare_extraction(
            page,
            favor_precision=precise,
            favor_recall=not precise,
            include_comments=False,
            include_tables=True,
            include_formatting=False,
            deduplicate=False,
            with_metadata=False,
        )
    except (ValueError, TypeError, AttributeError, RecursionError, IndexError):
        return None
    return getattr(document, "body", None) if document is not None else None


def _extractor() -> Any:
    """trafilatura's extraction, ``None`` where it (or a part that it needs) is not installed."""
    try:
        from trafilatura import bare_extraction
    except ImportError:
        return None
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    return bare_extraction


def _keys(element: Any) -> set[str]:
    whole = _key("".join(element.itertext()))
    own = _key(element.text or "")
    return {key for key in (whole, own) if key}


def _key(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def _with_neighbours(blocks: list[Visible], chosen: list[bool]) -> list[bool]:
    """Adds what an extractor tends to lose: blocks between two chosen ones of the same parent, and the title above."""
    result = list(chosen)
    marked = [index for index, is_main in enumerate(chosen) if is_main]
    ends: dict[Any, tuple[int, int]] = {}
    for index in marked:
        first, _ = ends.get(blocks[index].parent, (index, index))
        ends[blocks[index].parent] = (first, index)
    for index, block in enumerate(blocks):
        if result[index] or block.furniture or block.parent not in ends:
            continue
        first, last = ends[block.parent]
        long = len(_WORD.findall(block.text)) >= _CONTENT_WORDS
        result[index] = first < index < last or (long and block.element.tag == "p")
    title = next((i for i, b in enumerate(blocks) if b.element.tag == "h1" and not b.furniture), None)
    if title is not None and marked and title < marked[0]:
        result[title] = True
    return result


class _Paths:
    """Paths of elements such as ``/html/body/p[3]``; very deep trees get the element's name only."""

    def __init__(self, root: Any, deep: bool) -> None:
        self._tree = root.getroottree()
        self._deep = deep

    def of(self, element: Any) -> str:
        return str(element.tag) if self._deep else str(self._tree.getpath(element))
