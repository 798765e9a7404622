"""``spillover search``: full-text search in a case."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from spillover.cli import exits
from spillover.cli.console import complain, printable, put, put_json

DEFAULT_CASE = Path("spillover-case")


def search(
    query: Annotated[str, typer.Argument(help='Words, "phrases", prefix*, AND, OR, NOT, parentheses.')],
    case: Annotated[Path, typer.Option("--case", help="The case to search.")] = DEFAULT_CASE,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many statements and so many passages.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Search the statements and the documents of a case.

    Words beside each other must all be there; accents and capitals make no difference. Statements are found by their
    quote and by all names of their actors.

    Examples:

        spillover search 'pledged allegiance'

        spillover search '"Islamic State" AND (kunar OR nangarhar) NOT video'

        spillover search 'bomb*' --json
    """
    from spillover.case import open_case

    with open_case(case, create=False, readonly=True) as opened:
        hits = opened.search(query, limit=limit)
    for hit in hits:
        put_json(hit.to_dict()) if as_json else put(_shown(hit))
    if not hits:
        complain("nothing found")
        raise typer.Exit(exits.SOME_UNREAD)


def _shown(hit: Any) -> Any:
    from rich.text import Text

    shown = Text()
    if hit.statement is not None:
        shown.append(f"{hit.statement.id}  {hit.statement.kind}/{hit.statement.type}", style="bold")
    else:
        shown.append("passage", style="bold")
    shown.append(f"  {printable(hit.document_name)}:{hit.start}\n", style="dim")
    snippet = Text(" ".join(hit.snippet.split()) if not hit.marks else hit.snippet.replace("\n", " "))
    for start, end in hit.marks:
        snippet.stylize("bold yellow", start, end)
    shown.append_text(snippet)
    shown.append("\n")
    return shown
