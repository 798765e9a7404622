"""Markdown: mark-up out, words kept; headings, list items, quotes and tables as blocks with their byte offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace as replaced

from spillover.reading.document import BlockKind, Metadata
from spillover.reading.documents.dates import parse_date
from spillover.reading.documents.decoding import decode
from spillover.reading.documents.draft import Draft, Piece, assemble, squeeze

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FRONT_LINE = re.compile(r"^(\w[\w-]*)[ \t]*:[ \t]*(.+?)[ \t]*$", re.MULTILINE)
_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*$")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?(?=\S)")
_QUOTE = re.compile(r" {0,3}>[ \t]?")
_TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_DEFINITION = re.compile(r" {0,3}\[[^\]]+\]:[ \t]*\S+.*$")

# Inline mark-up, in the order it is taken off; what stands in group 1 stays.
_INLINE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"<!--.{0,5000}?-->", re.DOTALL), ""),
    (re.compile(r"!\[([^\]]*)\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+[\"'][^\"']*[\"'])?\)"), ""),
    (
        re.compile(
            r"\[((?:[^\[\]]|\[[^\[\]]{0,500}\]){1,1000})\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+[\"'][^\"']*[\"'])?\)"
        ),
        r"\1",
    ),
    (re.compile(r"\[(?!\d{1,3}\])([^\[\]]+)\]\[[^\[\]]*\]"), r"\1"),  # numbers are footnotes
    (re.compile(r"\[\^[^\]]+\]"), ""),
    (re.compile(r"<((?:https?|mailto):[^>\s]+)>"), r"\1"),
    (re.compile(r"</?[a-zA-Z][^<>]*>"), ""),
    (re.compile(r"(`{1,8})(.{1,1000}?)\1"), r"\2"),
    (re.compile(r"(?<![\\\w*])(\*{1,3})(?=\S)(.{1,1000}?)(?<=\S)\1(?!\*)", re.DOTALL), r"\2"),
    (re.compile(r"(?<!\*)(\*{1,2})(?=\w)([^*\n]{1,1000}?)(?<=\w)\1(?!\*)"), r"\2"),
    (re.compile(r"(?<![\\\w_])(_{1,3})(?=\S)(.{1,1000}?)(?<=\S)\1(?!\w)", re.DOTALL), r"\2"),
    (re.compile(r"~~(?=\S)(.{1,1000}?)(?<=\S)~~"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+\-.!>~|\"'])"), r"\1"),
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,31});")


@dataclass(slots=True)
class _Run:
    """Lines of one block: bounds in the decoded file, kind, and the text without its block marks."""

    start: int
    end: int
    kind: BlockKind
    lines: list[str]


def load(data: bytes, *, where: str) -> Draft:
    """Reads Markdown (CommonMark's blocks, front matter, tables). Fenced code is kept as a table block, unread."""
    decoded = decode(data, where=where)
    text = decoded.text
    metadata, begin = _front_matter(text)
    runs = [run for run in _runs(text, begin) if run.lines]
    offsets = decoded.byte_offsets(index for run in runs for index in (run.start, run.end))
    pieces = [
        Piece(inline(" ".join(run.lines)), run.kind, source_start=first, source_end=last)
        for run, first, last in zip(runs, offsets[::2], offsets[1::2], strict=True)
    ]
    draft = assemble(pieces)
    draft.metadata, draft.warnings = metadata, decoded.warnings
    return draft


def inline(text: str) -> str:
    """The words of a line of Markdown without emphasis, links, images, code marks and HTML tags."""
    for pattern, keep in _INLINE:
        text = pattern.sub(keep, text)
    if "&" in text:
        import html

        text = _ENTITY.sub(lambda match: html.unescape(match.group()), text)
    return squeeze(text)


def _front_matter(text: str) -> tuple[Metadata, int]:
    match = _FRONT.match(text)
    if not match:
        return Metadata(), 0
    fields = {key.lower(): value.strip("\"'") for key, value in _FRONT_LINE.findall(match.group(1))}
    metadata = Metadata(
        title=fields.get("title"),
        author=fields.get("author") or fields.get("by"),
        publisher=fields.get("publisher") or fields.get("source"),
        url=fields.get("url") or fields.get("link"),
    )
    if day := parse_date(fields.get("date") or fields.get("published") or ""):
        metadata = replaced(metadata, date=day, date_source="metadata")
    return metadata, match.end()


def _lines(text: str, begin: int) -> Iterator[tuple[int, int, str]]:
    at = begin
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        yield at, end, text[at:end]
        at = end + 1


def _runs(text: str, begin: int) -> Iterator[_Run]:
    """Blocks of the file in order. A heading, list item, quote or table ends the paragraph before it."""
    current: _Run | None = None
    fence: str | None = None
    for start, end, line in _lines(text, begin):
        mark = _FENCE.match(line)
        if fence is not None:
            if mark and mark.group(1).startswith(fence):
                fence = None
            elif current is not None:
                current.end = end
                current.lines.append(line.strip())
            continue
        ending, starting, fence = _step(current, start, end, line, mark.group(1) if mark else None)
        if ending and current is not None:
            yield current
            current = None
        if starting is not None:
            current = starting
    if current is not None:
        yield current


def _step(
    current: _Run | None, start: int, end: int, line: str, fence: str | None
) -> tuple[bool, _Run | None, str | None]:
    """What a line does: (does the current block end, the block that begins, the fence that opens)."""
    if fence:
        return True, _Run(start, end, "table", []), fence
    if not line.strip() or _DEFINITION.match(line):
        return True, None, None
    if current and current.kind == "paragraph" and len(current.lines) == 1 and _UNDERLINE.match(line):
        current.kind = "heading"
        return True, None, None
    if _RULE.match(line) or (_TABLE_RULE.match(line) and "-" in line and "|" in line):
        return True, None, None
    if heading := _HEADING.match(line):
        return True, _Run(start, end, "heading", [heading.group(1) or ""]), None
    if quote := _QUOTE.match(line):
        body = line[quote.end() :].strip()
        if current and current.kind == "quote" and body:
            current.end = end
            current.lines.append(body)
            return False, None, None
        return True, _Run(start, end, "quote", [body] if body else []), None
    if item := _ITEM.match(line):
        return True, _Run(start, end, "list_item", [line[item.end() :].strip()]), None
    if line.lstrip().startswith("|"):
        return True, _Run(start, end, "table", [line.strip().strip("|").replace("|", " | ")]), None
    if current and current.kind in ("paragraph", "list_item", "quote"):
        current.end = end
        current.lines.append(line.strip())
        return False, None, None
    return True, _Run(start, end, "paragraph", [line.strip()]), None
