"""The part of the page that needs no script: title, text and tables of statements and findings, all escaped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from spillover.publishing.report.markup import clean, html_table

TAGS = {"heading": "h3", "quote": "blockquote", "table": "pre", "furniture": "p", "caption": "p", "list_item": "p"}


def plain_page(data: dict[str, Any]) -> str:
    """The data of :func:`spillover.publishing.report.data.report_data` as plain HTML."""
    parts = [_document(document, data) for document in data["documents"]]
    checks = data.get("checks")
    if checks:
        parts.append(f"<section>{_findings(checks, data)}{_data_sets(checks)}</section>")
    if data.get("spread"):
        # loaded here, for a report without events needs none of it
        from spillover.publishing.report.plainspread import spread_part

        parts.append(f"<section>{spread_part(data['spread'])}</section>")
    if data.get("forecasts"):
        from spillover.publishing.report.plainforecasts import forecast_part

        parts.append(f"<section>{forecast_part(data['forecasts'])}</section>")
    note = "Scripts are off: the text and the table of its statements are below; the other views need scripts."
    return f'<p class="muted">{note}</p>' + "".join(parts)


def _document(document: dict[str, Any], data: dict[str, Any]) -> str:
    about = [document[key] for key in ("publisher", "author", "date") if document[key]]
    head = f"<h1>{clean(document['title'] or document['name'])}</h1><p class='muted'>{clean(' · '.join(about))}</p>"
    body = "".join(_blocks(document))
    return f"<section>{head}<article>{body}</article>{_table(document, data)}</section>"


def _blocks(document: dict[str, Any]) -> Iterator[str]:
    text = document["text"]
    blocks = document["blocks"] or [{"start": 0, "end": len(text), "kind": "paragraph"}]
    for block in blocks:
        tag = TAGS.get(block["kind"], "p")
        css = ' class="furniture"' if block["kind"] == "furniture" else ""
        yield f"<{tag}{css}>{clean(text[block['start'] : block['end']])}</{tag}>"


def _table(document: dict[str, Any], data: dict[str, Any]) -> str:
    if not document["statements"]:
        return "<h2>Statements</h2><p>No statement was found in this text.</p>"
    columns = ("Kind", "Subject", "What", "Object", "Place", "Time", "Quantity", "Said as", "Said by", "Words")
    return "<h2>Statements</h2>" + html_table(
        columns, (_cells(statement, data) for statement in document["statements"])
    )


def _cells(s: dict[str, Any], data: dict[str, Any]) -> Iterator[str]:
    words = data["words"]
    yield words["kinds"][s["kind"]]["name"]
    yield _actor(s["subject"], data)
    yield ("not " if s["polarity"] == "negated" else "") + words["types"].get(s["type"], s["type"].replace("_", " "))
    yield _actor(s["object"], data) or s["text"] or ""
    yield ", ".join(place["surface"] for place in s["place"])
    yield s["time"]["surface"] if s["time"] else ""
    yield s["quantity"]["surface"] if s["quantity"] else ""
    yield words["status"][s["status"]]["name"]
    yield ", citing ".join(a["name"] or a["surface"] for a in s["attribution"]) or "the author"
    yield s["evidence"]["quote"]


def _findings(checks: dict[str, Any], data: dict[str, Any]) -> str:
    """Claim, verdict, number and reason of each finding, in the order in which they were made."""
    if not checks["findings"]:
        return "<h2>Findings</h2><p>No statement makes a claim that the event data can test.</p>"
    quotes = {(d["id"], s["id"]): s["evidence"]["quote"] for d in data["documents"] for s in d["statements"]}
    verdicts = checks["words"]["verdicts"]
    columns = ("Claim", "Place", "Finding", "Claimed", "On record", "Reason", "Caveats")
    rows = (
        (
            quotes.get((f["document"], f["statement"]), f["statement"]),
            f["place"]["surface"] if f["place"] else "",
            verdicts[f["verdict"]]["name"] if f["verdict"] in verdicts else f["verdict"].replace("_", " "),
            f["claimed"]["text"] if f["claimed"] else "",
            _number(f["record"]),
            f["reason"],
            " ".join(caveat["text"] for caveat in f["caveats"]),
        )
        for f in checks["findings"]
    )
    return "<h2>Findings</h2>" + html_table(columns, rows)


def _number(record: dict[str, Any] | None) -> str:
    if record is None:
        return ""
    low, best, high = record["low"], record["best"], record["high"]
    return f"{best:,} {record['unit']}" + ("" if low == best == high else f" ({low:,} to {high:,})")


def _data_sets(checks: dict[str, Any]) -> str:
    if not checks["sets"]:
        return ""
    lines = (
        ". ".join(str(part).rstrip(".") for part in (_named(s), s["coverage"], s["attribution"], s["licence"]) if part)
        for s in checks["sets"]
    )
    return "<h2>Event data</h2><ul>" + "".join(f"<li>{clean(line)}.</li>" for line in lines) + "</ul>"


def _named(data_set: dict[str, Any]) -> str:
    return f"{data_set['name']} {data_set['release'] or ''}".rstrip()


def _actor(role: dict[str, Any] | None, data: dict[str, Any]) -> str:
    if role is None:
        return ""
    info = data["actors"].get(role["actor"]) if role["actor"] else None
    if info:
        return str(info["name"])
    return str(role["antecedent"]["surface"] if role["antecedent"] else role["surface"])
