"""What the page without scripts is made of: escaped text and tables."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any


def clean(text: Any) -> str:
    """Escaped for HTML, without the code points that HTML or UTF-8 cannot carry."""
    kept = (c if c in "\t\n" or (c >= " " and not "\ud800" <= c <= "\udfff") else "\ufffd" for c in str(text))
    return escape("".join(kept), quote=True)


def html_table(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """A table, all of its cells escaped."""
    head = "".join(f'<th scope="col">{clean(name)}</th>' for name in columns)
    body = "".join("<tr>" + "".join(f"<td>{clean(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="frame"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
