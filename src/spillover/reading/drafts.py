"""From drafts to statements: stance, sources, times and places are filled in, duplicates merged, the gate applied."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace

from spillover.reading.document import Document
from spillover.reading.gate import refusal
from spillover.reading.patterns.implied import VIOLENT
from spillover.reading.patterns.instruments import instrument
from spillover.reading.scene import Draft, Scene, place, time
from spillover.reading.stance import stance
from spillover.reading.statement import SYMMETRIC, Attribution, Evidence, Rejected, Role, Statement

_NO_PLACE = frozenset({"tie", "aim", "cause"})
_VIOLENT = VIOLENT | {"abduction", "prison_break"}
_NO_TIME = frozenset({"aim", "cause"})
_BECOMING = frozenset({"appoint", "name", "make", "become", "elect", "declare", "promote"})


def finish(
    scene: Scene, document: Document, drafts: list[Draft], engine: str
) -> tuple[list[Statement], list[Rejected]]:
    """Statements in the order of the text, and the candidates that were refused with the reason."""
    kept: list[tuple[Draft, Statement]] = []
    rejected: list[Rejected] = []
    for draft in drafts:
        statement = _statement(scene, document, draft, engine)
        why = _unasserted(draft, statement) or refusal(statement, document.text)
        if why is None:
            kept.append((draft, statement))
        else:
            rejected.append(Rejected(statement, why))
    unique = _without_shadows(_without_duplicates(kept))
    headings = [st for d, st in unique if d.sentence.heading]
    body = [st for d, st in unique if not d.sentence.heading]
    body, left = _also_in_headings(body, headings)
    rejected += [Rejected(st, "said in a headline alone") for st in left]
    body = [_with_repeats(st, document) for st in body]
    return _numbered(sorted(body, key=_order)), rejected


def _order(s: Statement) -> tuple[int, int, str, str]:
    at = min([r.start for r in (s.subject, s.object) if r is not None] or [s.evidence.start])
    return (s.evidence.start, at, s.kind, s.type)


def _statement(scene: Scene, document: Document, d: Draft, engine: str) -> Statement:
    s = d.sentence
    said = d.stance or scene.stance(s, d.pred)
    when = None
    if d.kind not in _NO_TIME and not d.no_time:
        named = d.rule.endswith(".holder") and not any(s.lemmas[i] in _BECOMING for i in s.ancestors(d.pred))
        when = d.time or scene.time(s, d.pred, within=named)
    where = d.place if d.place is not None else [] if d.kind in _NO_PLACE else scene.places(s, d.pred)
    if d.kind == "strength":
        where = d.place or scene.places(s, d.pred)
    where = [p for p in where if not _is_role(p.start, p.end, d)]
    if d.kind == "event" and d.type in _VIOLENT and d.instrument is None:
        d.instrument = instrument(s, d.pred)
    words = {n: document.text[slice(*v)] if (v := getattr(d, n)) else None for n in ("text", "effect", "instrument")}
    return Statement(
        id="", kind=d.kind, type=d.type, subject=d.subject, object=d.object,  # type: ignore[arg-type]
        place=tuple(place(p) for p in where), time=time(when) if when is not None else None, quantity=d.quantity,
        instrument=words["instrument"], text=words["text"], effect=words["effect"],
        condition=document.text[slice(*said.condition)] if said.condition else None,
        status=said.status, phase=said.phase, polarity=said.polarity, likelihood=said.likelihood,
        attribution=() if d.type == "alias_of" else _sources(scene, d), evidence=Evidence(s.start, s.end, s.quote),
        also=(),
        document=document.id, engine=engine, rule=d.rule,
    )  # fmt: skip


def _is_role(start: int, end: int, d: Draft) -> bool:
    """Is the place the very name of a side («Russia ... with China»)?"""
    return any(r is not None and r.kind == "state" and r.start <= start and end <= r.end for r in (d.subject, d.object))


def _sources(scene: Scene, d: Draft) -> tuple[Attribution, ...]:
    return scene.attribution(d.sentence, d.pred, d.subject)


def _unasserted(d: Draft, s: Statement) -> str | None:
    why = (d.stance or stance(d.sentence, d.pred)).hypothetical
    if d.keep_planned:
        return f"not asserted: {why}" if why == "inside a condition" else None
    if why == "a plan" and s.subject is not None and s.object is not None:
        return None
    return f"not asserted: {why}" if why else None


def _without_duplicates(kept: list[tuple[Draft, Statement]]) -> list[tuple[Draft, Statement]]:
    """Within a sentence: the same thing found by two rules is one statement; the vaguer of two gives way."""
    out: list[tuple[Draft, Statement]] = []
    for d, s in kept:
        twin = next((n for n, (e, t) in enumerate(out) if e.sentence is d.sentence and _covers(t, s)), None)
        if twin is not None:
            continue
        out = [(e, t) for e, t in out if not (e.sentence is d.sentence and _covers(s, t))]
        out.append((d, s))
    return out


def _without_shadows(kept: list[tuple[Draft, Statement]]) -> list[tuple[Draft, Statement]]:
    """«A and B merged to form C» founds nothing besides; nor does «A split off to form B»."""
    made = {(d.sentence.index, _key(s.object)) for d, s in kept if s.type == "merged_into"}
    made |= {(d.sentence.index, _key(s.subject)) for d, s in kept if s.type == "emerged_from"}

    def is_shadow(d: Draft, s: Statement) -> bool:
        person = s.subject is not None and s.subject.kind == "person"
        return s.type == "founded" and not person and (d.sentence.index, _key(s.object)) in made

    return [(d, s) for d, s in kept if not is_shadow(d, s)]


def _covers(a: Statement, b: Statement) -> bool:
    """Does ``a`` say all that ``b`` says?"""
    if (a.kind, a.type) != (b.kind, b.type):
        return False
    if (
        a.kind == "cause"
        and a.text
        and b.text
        and b.effect
        and a.effect
        and b.text in a.effect + a.text
        and b.effect in a.effect
    ):
        return False
    if a.kind in ("aim", "cause"):
        return _same_role(a.subject, b.subject) and _inside(b.text, a.text) and _inside(b.effect, a.effect)
    if a.kind in ("count", "strength") and a.quantity != b.quantity:
        return False
    if a.kind == "presence" and not {p.place for p in b.place} <= {p.place for p in a.place}:
        return False
    straight = _role_covers(a.subject, b.subject) and _role_covers(a.object, b.object)
    turned = a.type in SYMMETRIC and _role_covers(a.subject, b.object) and _role_covers(a.object, b.subject)
    return straight or turned


def _inside(short: str | None, long: str | None) -> bool:
    return short == long or bool(short and long and (short in long or long in short))


def _same_role(a: Role | None, b: Role | None) -> bool:
    return _key(a) == _key(b)


def _role_covers(a: Role | None, b: Role | None) -> bool:
    return b is None or _key(a) == _key(b)


def _key(role: Role | None) -> str | None:
    if role is None:
        return None
    return role.actor or (role.antecedent.surface if role.antecedent else role.surface).casefold()


def _also_in_headings(body: list[Statement], headings: list[Statement]) -> tuple[list[Statement], list[Statement]]:
    """A headline that says what the text says is more evidence for it, no statement of its own."""
    left = []
    for h in headings:
        at = next((n for n, b in enumerate(body) if _covers(b, h) or _covers(h, b)), None)
        if at is None:
            left.append(h)
        else:
            body[at] = replace(body[at], also=(*body[at].also, h.evidence))
    return body, left


def _with_repeats(s: Statement, document: Document) -> Statement:
    """Evidence in pull-quotes that repeat the sentence."""
    more = []
    for block in document.blocks:
        if block.repeat_of is None:
            continue
        at = document.text.find(s.evidence.quote, block.start, block.end)
        if at >= 0 and at != s.evidence.start:
            more.append(Evidence(at, at + len(s.evidence.quote), s.evidence.quote))
    return replace(s, also=(*s.also, *more)) if more else s


def _numbered(statements: list[Statement]) -> list[Statement]:
    """Ids from the content; the same content twice in one sentence cannot be, after the merge, but spans decide."""
    out = []
    seen: dict[str, int] = {}
    for s in statements:
        content = json.dumps(
            [v for k, v in s.to_dict().items() if k not in ("id", "engine", "rule")], ensure_ascii=False, sort_keys=True
        )
        digest = hashlib.sha256(content.encode()).hexdigest()[:10]
        n = seen[digest] = seen.get(digest, -1) + 1
        out.append(replace(s, id=f"st_{digest}" + (f"_{n}" if n else "")))
    return out


def iter_rejected(rejected: list[Rejected]) -> Iterator[str]:
    """The reasons, one a candidate."""
    return (r.reason for r in rejected)
