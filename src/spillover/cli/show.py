"""``spillover show``: one statement, or one document, of a case."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spillover.cli import exits
from spillover.cli.console import complain, printable, put, put_json
from spillover.cli.search import DEFAULT_CASE

if TYPE_CHECKING:
    from spillover.case import Case
    from spillover.reading.document import Document
    from spillover.reading.statement import Statement

_CONTEXT = 240


def show(
    what: Annotated[str, typer.Argument(metavar="ID|DOCUMENT", help="A statement's id, or a document's name or hash.")],
    case: Annotated[Path, typer.Option("--case", help="The case to look in.")] = DEFAULT_CASE,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Show a statement with the words around it, or a document with its readings and what changed between them.

    The start of an id or hash is enough.

    Examples:

        spillover show st_9f2c41 --case my-case

        spillover show article.txt --case my-case
    """
    from spillover.case import open_case

    with open_case(case, create=False, readonly=True) as opened:
        documents = opened.store.find_documents(what)
        statements = [] if documents else opened.statements(id=what)
        for document in documents:
            _show_document(opened, document.sha256, as_json)
        for statement in statements:
            _show_statement(opened, statement, as_json)
    if not documents and not statements:
        complain(f"{what!r} is no statement or document of {case}; 'spillover search' helps to find one")
        raise typer.Exit(exits.SOME_UNREAD)


def _show_document(case: Case, sha256: str, as_json: bool) -> None:
    from spillover.cli.tables import counts, statement_table

    reading = case.reading(sha256)
    document, changes = reading.document, case.store.changes(sha256)
    infos = case.store.readings(sha256)
    about: dict[str, Any] = {"document": document.id, "name": document.name, "format": document.format}
    about |= {k: None if v is None else str(v) for k, v in asdict(document.metadata).items()}
    about |= {"language": document.language, "characters": len(document.text), "warnings": list(document.warnings)}
    if as_json:
        readings = [asdict(info) for info in infos]
        put_json({**about, "readings": readings, "changes": None if changes is None else changes.to_dict()})
        return
    put(_fields(about))
    for info in infos:
        put(f"read {info.created_at} by {info.engine} {info.ruleset}: {info.statements} statements, "
            f"{info.rejected} rejected{' (current)' if info.current else ''}")  # fmt: skip
    if changes is not None:
        put(
            f"Since {changes.before}: {len(changes.added)} added, {len(changes.removed)} removed, "
            f"{len(changes.changed)} changed, {changes.unchanged} as before"
        )
    put(statement_table(reading.statements), counts(reading.statements))


def _show_statement(case: Case, statement: Statement, as_json: bool) -> None:
    from spillover.cli.tables import place, quantity, role, time

    document = case.reading(statement.document.removeprefix("sha256:")).document
    start, end = statement.evidence.start, statement.evidence.end
    before = document.text[max(0, start - _CONTEXT) : start]
    after = document.text[end : end + _CONTEXT]
    source = _source(document, start)
    if as_json:
        put_json({
            "statement": statement.to_dict(), "document_name": document.name, "source": source, "before": before,
            "after": after,
        })  # fmt: skip
        return
    from rich.text import Text

    said = {
        "id": statement.id,
        "kind": f"{statement.kind} / {statement.type}",
        "subject": role(statement.subject),
        "object": role(statement.object),
        "place": ", ".join(place(p) for p in statement.place),
        "time": time(statement.time),
        "number": quantity(statement.quantity),
        "instrument": statement.instrument,
        "text": statement.text,
        "effect": statement.effect,
        "condition": statement.condition,
        "status": f"{statement.status}, {statement.phase}, {statement.polarity}",
        "likelihood": _likelihood(statement),
        "source": " ← ".join(f"{a.name} ({a.cue})" for a in statement.attribution) or "the author",
        "said again": ", ".join(f"{e.start}–{e.end}" for e in statement.also),
        "rule": f"{statement.engine} {statement.rule}",
        "where": f"{document.name}, characters {start}–{end}" + "".join(f", {k} {v}" for k, v in source.items()),
    }
    put(
        _fields(said),
        Text.assemble(printable(before), (printable(statement.evidence.quote), "bold yellow"), printable(after)),
        "",
    )


def _source(document: Document, offset: int) -> dict[str, Any]:
    """The stretch of the original that an offset of the clean text comes from; only what the format has."""
    span = next((s for s in document.spans if s.start <= offset < s.end), None)
    if span is None:
        return {}
    found: dict[str, Any] = {"page": span.page, "element": span.element}
    if span.source_start is not None:
        found["bytes"] = f"{span.source_start}–{span.source_end}"
    return {name: value for name, value in found.items() if value is not None}


def _likelihood(statement: Statement) -> str:
    value = statement.likelihood
    if value is None:
        return ""
    return value.cue if value.low is None else f"{value.cue} ({value.low}–{value.high})"


def _fields(values: dict[str, Any]) -> Any:
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    for name, value in values.items():
        if value not in (None, "", []):
            text = "; ".join(value) if isinstance(value, list) else str(value)
            grid.add_row(Text(name, style="bold"), Text(printable(text)))
    return grid
