"""``spillover actors``: who is known, and who appears in a case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from spillover.cli import exits
from spillover.cli.console import complain, put, put_json, put_text, table
from spillover.cli.search import DEFAULT_CASE

if TYPE_CHECKING:
    from spillover.case import Case
    from spillover.records import NameRow


class _ByName(TyperGroup):
    """``spillover actors NAME`` lists; what is no name but a command of its own is run as that."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        helps = {"-h", "--help"}
        if not args or (args[0] not in self.commands and args[0] not in helps):
            args = ["list", *args]
        return super().parse_args(ctx, args)


_HELP = """Who is known, who appears in a case, and who is who in its event data.

Examples:

    spillover actors "boko haram"

    spillover actors --case my-case --unknown

    spillover actors link ucdp "TTP - TA" tariq-gidar-group --case my-case
"""
actors = typer.Typer(
    name="actors",
    cls=_ByName,
    help=_HELP,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@actors.command("list")
def list_actors(
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


@actors.command("link", no_args_is_help=True)
def link(
    family: Annotated[
        str, typer.Argument(metavar="DATASET", help="Whose name it is: ucdp, acled, gtd, or an own data set's id.")
    ],
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name, as the data set writes it.")],
    actor: Annotated[
        str | None, typer.Argument(metavar="ACTOR", help="The actor's id; without it, candidates are shown.")
    ] = None,
    case: Annotated[Path, typer.Option("--case", help="The case that keeps the decision.")] = DEFAULT_CASE,
    countries: Annotated[str | None, typer.Option("--in", help="Only in these countries: AFG,PAK.")] = None,
    since: Annotated[str | None, typer.Option("--since", help="Only from this day on, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Only to this day, YYYY-MM-DD.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take the link back.")] = False,
    note: Annotated[str | None, typer.Option("--note", help="Why; kept with the decision.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Say which actor a data set's name stands for; the case keeps it, with who said so and when.

    Examples:

        spillover actors link ucdp "Jondullah" --case my-case

        spillover actors link acled "TTP: Tehreek-i-Taliban Pakistan" tehrik-i-taliban-pakistan --case my-case
    """
    from spillover.case import open_case
    from spillover.cli.events_add import countries_from, day_from
    from spillover.records import built_in
    from spillover.records.actors import link_key

    with open_case(case, create=False) as opened:
        families = {s.family for s in opened.catalog.sets()} | {m.family for m in built_in().values()}
        if family not in families:
            raise typer.BadParameter(f"{family!r} is none of {', '.join(sorted(families))}", param_hint="DATASET")
        if undo:
            opened.store.edit("unlink", "crosswalk", link_key(family, name), None, note)
            put_text(f"{family} {name!r}: the link is taken back\n")
            return
        if actor is None:
            _candidates(opened, family, name, as_json)
            return
        if opened.lexicon.actor(actor) is None:
            near = ", ".join(id for id, _ in opened.crosswalk.candidates(actor)) or "none"
            raise typer.BadParameter(f"there is no actor {actor!r}; near are {near}", param_hint="ACTOR")
        value = {
            "actor": actor, "countries": list(countries_from(countries, "--in") or ()),
            "since": day_from(since, "--since"), "until": day_from(until, "--until"),
        }  # fmt: skip
        opened.store.edit("link", "crosswalk", link_key(family, name), value, note)
    put_json({"family": family, "name": name, **value}) if as_json else put_text(
        f"{family} {name!r} is {actor} from now on\n"
    )


def _candidates(case: Case, family: str, name: str, as_json: bool) -> None:
    rows = case.crosswalk.rows(family, None, name)
    found = [{"actor": r.actor, "how": r.how, "likeness": 1.0, "where and when": _scope(r)} for r in rows]
    near = [(id, score) for id, score in case.crosswalk.candidates(name) if id not in {r.actor for r in rows}]
    found += [{"actor": id, "how": "candidate", "likeness": score, "where and when": ""} for id, score in near]
    if as_json:
        for entry in found:
            put_json(entry)
    elif found:
        columns = ("actor", "how", "likeness", "where and when")
        put(table(None, columns, (tuple(e.values()) for e in found), right=("likeness",)))
    if not found:
        complain(f"no actor of the lexicon comes near {name!r}; add it to the case's lexicon.toml")
        raise typer.Exit(exits.SOME_UNREAD)


def _scope(row: NameRow) -> str:
    """In which countries and days a name stands for an actor."""
    from spillover.records.actors import FIRST, LAST

    days = (f"since {row.since}" if row.since != FIRST else "", f"until {row.until}" if row.until != LAST else "")
    return " ".join(filter(None, (", ".join(sorted(row.countries)), *days)))


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
