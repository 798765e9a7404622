"""``spillover actors``: who is known, and who appears in a case."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from spillover.cli import exits
from spillover.cli.console import complain, put, put_json, table


def actors(
    name: Annotated[str | None, typer.Argument(help="An id, or a part of a name.")] = None,
    case: Annotated[Path | None, typer.Option("--case", help="The actors of this case.")] = None,
    unknown: Annotated[
        bool, typer.Option("--unknown", help="Names in the case that the lexicon does not know.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List actors: those of a case with the number of their statements, else those of the built-in lexicon.

    Examples:

        spillover actors "boko haram"

        spillover actors --case my-case

        spillover actors --case my-case --unknown
    """
    if unknown and case is None:
        raise typer.BadParameter("it needs --case", param_hint="--unknown")
    found = _of_lexicon(name) if case is None else _unknown(case, name) if unknown else _of_case(case, name)
    if as_json:
        for entry in found:
            put_json(entry)
    elif found:
        columns = [c for c in ("id", "name", "surface", "kind", "statements", "documents", "surfaces", "acronyms",
                               "aliases", "former_names", "countries", "ucdp_id") if c in found[0]]  # fmt: skip
        rows = ([", ".join(e[c]) if isinstance(e[c], list) else e[c] for c in columns] for e in found)
        put(table(None, columns, rows, right=("statements", "documents", "ucdp_id")), f"{len(found)} actors")
    if not found:
        complain("no such actor" if name else "there is no actor")
        raise typer.Exit(exits.SOME_UNREAD)


def _of_lexicon(name: str | None) -> list[dict[str, Any]]:
    from spillover.knowledge.rows import actor_info
    from spillover.lexicon import load_lexicon

    entries = (actor_info(actor) for actor in load_lexicon())
    return [e for e in entries if _fits(name, e["id"], e["name"], *e["aliases"], *e["acronyms"], *e["former_names"])]


def _of_case(case: Path, name: str | None) -> list[dict[str, Any]]:
    from spillover.case import open_case

    with open_case(case, create=False, readonly=True) as opened:
        found = opened.actors()
    entries = []
    for actor in found:
        names = [n for key in ("aliases", "acronyms", "former_names") for n in actor.info.get(key, ())]
        if _fits(name, actor.id, actor.name, *actor.surfaces, *names):
            entries.append({
                "id": actor.id, "name": actor.name, "kind": actor.kind, "statements": actor.statements,
                "documents": actor.documents, "surfaces": list(actor.surfaces), "known": actor.known,
                "info": actor.info,
            })  # fmt: skip
    return entries


def _unknown(case: Path, name: str | None) -> list[dict[str, Any]]:
    from spillover.case import open_case

    with open_case(case, create=False, readonly=True) as opened:
        found = opened.unknown_actors()
    return [{"surface": a.surface, "kind": a.kind, "statements": a.statements} for a in found if _fits(name, a.surface)]


def _fits(name: str | None, *names: str) -> bool:
    return name is None or any(fold(name) in fold(n) for n in names)


def fold(text: str) -> str:
    """``text`` without accents, capitals and hyphens, to compare names by."""
    import unicodedata

    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(plain.casefold().replace("-", " ").split())
