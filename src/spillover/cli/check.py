"""``spillover check``: the statements of a case against the record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spillover.cli import exits
from spillover.cli.console import complain, put, put_json, put_text, table, tell
from spillover.cli.progress import progress
from spillover.cli.search import DEFAULT_CASE

if TYPE_CHECKING:
    from spillover.case import Case
    from spillover.checking import Checks, Finding
    from spillover.reading.statement import Statement


def check(
    case: Annotated[Path, typer.Option("--case", help="The case.")] = DEFAULT_CASE,
    document: Annotated[
        str | None, typer.Option("--document", help="Only this document: its name, or the start of its sha256.")
    ] = None,
    verdict: Annotated[
        list[str] | None,
        typer.Option("--verdict", help="Only this verdict (matches, above_record …); may be repeated."),
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", help="Only this kind of statement; may be repeated.")
    ] = None,
    statement: Annotated[
        str | None, typer.Option("--statement", help="Only this statement; shows its query as well.")
    ] = None,
    factions: Annotated[
        bool, typer.Option("--factions/--no-factions", help="Count an organisation with its factions, or alone.")
    ] = True,
    dated: Annotated[
        str | None,
        typer.Option(
            "--dated", help="When the document was written (YYYY-MM-DD), where it does not say; kept in the case."
        ),
    ] = None,
    show_sql: Annotated[bool, typer.Option("--sql", help="Show each finding's query.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a finding.")] = False,
) -> None:
    """Check what the documents of a case say against its event data, and against each other.

    Each finding has a verdict, the record's number with its bounds, what limits it, and the query, which runs as
    printed with 'spillover events sql'.

    Examples:

        spillover check --case my-case

        spillover check --case my-case --verdict above_record --verdict below_record --sql

        spillover check --case my-case --document article.txt --dated 2021-09-14
    """
    from spillover.case import open_case
    from spillover.checking import VERDICTS
    from spillover.cli.sources import choices
    from spillover.reading.statement import KINDS

    verdicts, kinds = choices(verdict, VERDICTS, "--verdict"), choices(kind, KINDS, "--kind")
    with open_case(case, create=False, readonly=dated is None) as opened:
        documents = _documents(opened, document)
        if dated is not None:
            set_date(opened, documents, dated, only=document)
        statements = {(s.id, s.document): s for d in documents for s in opened.reading(d).statements}
        with progress(len(statements), "checking") as report:
            made = opened.check(documents, factions=factions, progress=lambda done, _: report(done, 0))
    found = [
        f for f in made.findings
        if (not verdicts or f.verdict in verdicts) and (not kinds or f.kind in kinds)
        and (statement is None or f.statement.startswith(statement))
    ]  # fmt: skip
    if not made.sets and not as_json:
        tell("there are no event data in this case; add some with 'spillover events add FILE'")
    if as_json:
        for finding in found:
            put_json(finding.to_dict())
    else:
        _show(found, statements, made, show_sql or statement is not None)
    if not found:
        complain("there is no such finding")
        raise typer.Exit(exits.SOME_UNREAD)


def _documents(case: Case, reference: str | None) -> list[str]:
    found = case.documents() if reference is None else case.store.find_documents(reference)
    if not found:
        complain("there is no document in this case" if reference is None else f"there is no document {reference!r}")
        raise typer.Exit(exits.SOME_UNREAD)
    return [d.sha256 for d in found]


def set_date(case: Case, documents: list[str], dated: str, *, only: str | None) -> None:
    """Keep in the case when a document was written."""
    from datetime import date

    try:
        day = date.fromisoformat(dated)
    except ValueError:
        raise typer.BadParameter(f"{dated!r} is no day such as 2021-09-14", param_hint="--dated") from None
    if len(documents) != 1:
        raise typer.BadParameter("name the document that it is for, with --document", param_hint="--dated")
    case.store.edit("set", "written", f"sha256:{documents[0]}", day.isoformat(), note=only)


def _show(found: list[Finding], statements: dict[tuple[str, str], Statement], made: Checks, with_sql: bool) -> None:
    from spillover.cli.tables import one_line, place, quantity, role
    from spillover.publishing.checks import verdict_words

    words = verdict_words()
    rows = []
    for f in found:
        s = statements[f.statement, f.document]
        what = " · ".join(filter(None, (
            f"{s.kind} {s.type}", role(s.subject), role(s.object), quantity(s.quantity),
            f.place["surface"] if f.place else ", ".join(place(p) for p in s.place),
        )))  # fmt: skip
        limits = " ".join(c.text for c in f.caveats)
        rows.append(
            (words[f.verdict]["name"], what, f.reason + (f"\n{limits}" if limits else ""), one_line(s.evidence.quote))
        )
    put(table(None, ("verdict", "claim", "what the record says", "the words"), rows))
    if with_sql:
        for f in found:
            if f.sql is not None:
                put_text(f"\n-- {f.id}: {words[f.verdict]['name']}; {f.reason}\n{f.sql}\n")
    counts: dict[str, int] = {}
    for f in found:
        counts[f.verdict] = counts.get(f.verdict, 0) + 1
    put_text(
        ", ".join(f"{n} {words[v]['short'].lower()}" for v, n in sorted(counts.items(), key=lambda p: -p[1])) + "\n"
    )
    for entry in made.sets:
        put_text(f"{entry.label}: {entry.licence}. {entry.attribution}\n")
