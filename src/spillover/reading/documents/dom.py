"""A page's element tree as visible blocks in reading order. Iterative: a page may nest as deep as it likes."""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spillover.reading.document import BlockKind
from spillover.reading.documents.draft import squeeze

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_RUNNING_WORDS = 25
_NAME_PARTS = re.compile(r"[^a-z]+")


@functools.cache
def table() -> dict[str, Any]:
    """webpage.toml with its lists as sets, where order says nothing."""
    data = tomllib.loads(Path(__file__).with_name("webpage.toml").read_text("utf-8"))
    for part in ("elements", "kinds", "furniture", "json_ld"):
        data[part] = {key: frozenset(values) for key, values in data[part].items()}
    return data


@dataclass(slots=True)
class Visible:
    """A visible block: its words, its element (lxml), the element's parent, and whether it lies in page furniture."""

    text: str
    kind: BlockKind
    element: Any
    furniture: bool

    @property
    def parent(self) -> Any:
        return self.element.getparent()


@dataclass(slots=True)
class _State:
    """What an element hands down to what is in it."""

    element: Any
    kind: BlockKind
    furniture: bool


def parse(page: str) -> Any:
    """The page's tree (lxml), or ``None`` where no element is in it."""
    from lxml import etree

    parser = etree.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    # Bytes, so that an encoding declared in the page (already dealt with) is not obeyed a second time.
    return etree.fromstring(page.encode("utf-8", "replace"), parser)


def depth(root: Any, stop: int) -> int:
    """Depth of the tree, counted up to ``stop``."""
    from lxml import etree

    level = deepest = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        level += 1 if event == "start" else -1
        deepest = max(deepest, level)
        if deepest >= stop:
            break
    return deepest


def visible_blocks(root: Any) -> list[Visible]:
    """All visible text in document order: one block an innermost block element, parted at ``<br><br>`` too."""
    data = table()
    found: list[Visible] = []
    buffer: list[str] = []
    stack = [_State(root, "paragraph", False)]

    def flush(state: _State) -> None:
        for part in "".join(buffer).split("\v\v"):
            if words := squeeze(part.replace("\v", " ")):
                # Old pages are laid out in tables: running text in a cell is a paragraph.
                running = state.kind == "table" and words.count(" ") >= _RUNNING_WORDS
                found.append(Visible(words, "paragraph" if running else state.kind, state.element, state.furniture))
        buffer.clear()

    # Events are (element, entering?); a stack of block states stands beside them.
    work: list[tuple[Any, bool]] = [(root, True)]
    while work:
        element, entering = work.pop()
        tag = element.tag if isinstance(element.tag, str) else None
        block = tag in data["elements"]["block"]
        if not entering:
            if block:
                flush(stack.pop())
            _add(buffer, element.tail if element is not root else None)
            continue
        if tag is None or _skipped(element, tag, data):
            _add(buffer, element.tail)
            continue
        if tag == "br":
            # White space between two breaks says nothing.
            while buffer and buffer[-1].isspace() and buffer[-1] != "\v":
                buffer.pop()
            buffer.append("\v")
        if block:
            flush(stack[-1])
            stack.append(_inner(stack[-1], element, tag, data))
        _add(buffer, element.text)
        work.append((element, False))
        work.extend((child, True) for child in reversed(element))
    flush(stack[0])
    return found


def _add(buffer: list[str], text: str | None) -> None:
    if text:
        buffer.append(text.replace("\v", " "))


def _skipped(element: Any, tag: str, data: dict[str, Any]) -> bool:
    if tag in data["elements"]["never"] or element.get("hidden") is not None:
        return True
    style = element.get("style")
    return style is not None and _HIDDEN.search(style) is not None


def _inner(outer: _State, element: Any, tag: str, data: dict[str, Any]) -> _State:
    kinds = data["kinds"]
    kind = next((name for name, tags in kinds.items() if tag in tags), None)
    if kind is None or (kind == "list_item" and outer.kind == "table"):
        # A paragraph in a list item or in a quotation is a part of it.
        kind = outer.kind if tag in ("p", "div", "span", "a", "section") and outer.kind != "heading" else "paragraph"
    furniture = outer.furniture or tag in data["elements"]["furniture"] or _named_furniture(element, tag, data)
    return _State(element, kind, furniture)


def _named_furniture(element: Any, tag: str, data: dict[str, Any]) -> bool:
    if tag in ("html", "body", "article", "main"):
        return element.get("role") in ("navigation", "banner", "contentinfo", "complementary", "search")
    names = f"{element.get('class', '')} {element.get('id', '')}".lower().replace("_", "-")
    # Only the first part of a name counts for much ("comment-list"); "no-comments" and "article-body" do not match.
    parts = {part for name in names.split() for part in _NAME_PARTS.split(name)[:2]}
    return bool(parts & data["furniture"]["names"]) or element.get("role") in ("navigation", "contentinfo", "search")
