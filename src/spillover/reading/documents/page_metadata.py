"""What a web page says about itself: meta elements, JSON-LD, and elements marked up as author, date and title."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from spillover.reading.document import Metadata
from spillover.reading.documents.dates import parse_date
from spillover.reading.documents.dom import table
from spillover.reading.documents.draft import squeeze

_LONGEST = 300


def page_metadata(root: Any) -> Metadata:
    """Title, author, publisher, date of publication and address, as the page itself states them."""
    said = _meta(root)
    article = _json_ld(root)
    title = _first(said, "title") or _text(article.get("headline")) or _h1(root) or _title(root)
    author = _author(said, article, root)
    publisher = _text(_named(article.get("publisher"))) or _first(said, "publisher")
    day = _day(said, article, root)
    link = root.find(".//link[@rel='canonical']")
    url = _first(said, "url") or (_text(link.get("href")) if link is not None else None)
    url = url if url and url.startswith(("http://", "https://")) else None
    return Metadata(title, author, publisher, day, "metadata" if day else None, url)


def _meta(root: Any) -> dict[str, str]:
    said: dict[str, str] = {}
    for element in root.iter("meta"):
        key = element.get("property") or element.get("name") or element.get("itemprop")
        content = element.get("content")
        if key and content and squeeze(content):
            said.setdefault(key.strip().lower(), squeeze(content)[:_LONGEST])
    return said


def _first(said: dict[str, str], what: str) -> str | None:
    return next((said[key] for key in table()["meta"][what] if key in said), None)


def _json_ld(root: Any) -> dict[str, Any]:
    """The first JSON-LD object that describes an article, or ``{}``."""
    for element in root.iter("script"):
        if (element.get("type") or "").split(";")[0].strip().lower() != "application/ld+json" or not element.text:
            continue
        try:
            data = json.loads(element.text, strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _objects(data):
            types = item.get("@type")
            if table()["json_ld"]["types"] & {str(t) for t in (types if isinstance(types, list) else [types])}:
                return item
    return {}


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    items = data if isinstance(data, list) else [data]
    for item in items:
        if isinstance(item, dict):
            yield item
            graph = item.get("@graph")
            yield from (inner for inner in (graph if isinstance(graph, list) else []) if isinstance(inner, dict))


def _named(value: Any) -> Any:
    """A JSON-LD person or organisation by name; several are joined by commas."""
    if isinstance(value, list):
        names = [name for item in value if (name := _text(_named(item)))]
        return ", ".join(dict.fromkeys(names)) or None
    return value.get("name") if isinstance(value, dict) else value


def _text(value: Any) -> str | None:
    return (squeeze(value)[:_LONGEST] or None) if isinstance(value, str) else None


def _content(element: Any) -> str | None:
    return _text("".join(element.itertext()))


def _h1(root: Any) -> str | None:
    titles = [text for element in root.iter("h1") if (text := _content(element))]
    return titles[0] if len(titles) == 1 else None


def _title(root: Any) -> str | None:
    element = root.find(".//head/title")
    return _content(element) if element is not None else None


def _author(said: dict[str, str], article: dict[str, Any], root: Any) -> str | None:
    author = _text(_named(article.get("author"))) or _first(said, "author")
    if author is None or author.startswith(("http://", "https://")):
        marked = root.xpath("(//*[@itemprop='author'] | //a[@rel='author'] | //*[@class='author'])[1]")
        author = _content(marked[0]) if marked else None
    if author and author.lower().startswith("by "):
        author = author[3:]
    return author


def _day(said: dict[str, str], article: dict[str, Any], root: Any) -> date | None:
    stated = [article.get("datePublished"), *(said.get(key) for key in table()["meta"]["date"])]
    for element in root.iter("time", "span", "abbr"):
        published = element.get("itemprop") == "datePublished" or element.get("pubdate") is not None
        names = (element.get("class") or "").split()
        if published or (element.tag == "time" and {"published", "entry-date", "pubdate"} & set(names)):
            stated.append(
                element.get("datetime") or element.get("content") or element.get("title") or _content(element)
            )
    times = list(root.iter("time"))
    if len(times) == 1:  # a page with one <time> dates itself by it; several may date comments or related articles
        stated.append(times[0].get("datetime") or _content(times[0]))
    return next((day for value in stated if isinstance(value, str) and (day := parse_date(value))), None)
