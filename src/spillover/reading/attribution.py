"""Who says so: the chain of sources of a predicate, outermost first; an empty chain is the author's own voice.

Three places are looked at: what governs the predicate in the tree («X said that», «according to X»), a reporting clause
beside it («..., X said»), and for sentences inside a quotation or after a speaker's colon, the speaker introduced
before or after the quotation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from spillover.lexicon import read_toml
from spillover.reading import syntax
from spillover.reading.roles import Roles
from spillover.reading.sentence import Sentence
from spillover.reading.statement import Attribution

_QUOTES = re.compile(r"[“”\"]|''|``|‘‘|’’")


@dataclass(frozen=True, slots=True)
class Source:
    """A source in a sentence: the token of its noun, and the cue that makes it one."""

    sentence: Sentence
    token: int
    cue: str
    clausal: bool = True


@cache
def _words() -> dict[str, frozenset[str]]:
    data = read_toml("reporting.toml")
    return {k: frozenset(data[k].split()) for k in ("verbs", "transitive", "blaming", "nouns")}


def reporting_verbs() -> frozenset[str]:
    """Lemmas of the verbs that report speech or judgement."""
    return _words()["verbs"]


def sources(s: Sentence, pred: int) -> list[Source]:
    """Sources of the predicate in its own sentence, outermost first."""
    found: list[Source] = []
    node, dep_in = pred, ""
    for _ in range(40):
        found += _beside(s, node, pred)
        if s.heads[node] == node:
            break
        head, dep_in = s.heads[node], s.deps[node]
        source = _governing(s, head, dep_in, node)
        if source is not None:
            found.append(source)
        node = head
    found += _phrases(s, pred)
    unique: dict[int, Source] = {}
    for f in found:
        unique.setdefault(f.token, f)
    # the walk went outwards
    return list(reversed(unique.values()))


def _subject(s: Sentence, verb: int) -> int | None:
    subjects = s.kids(verb, "nsubj")
    if subjects:
        return subjects[0] if s.lowers[subjects[0]] not in syntax.RELATIVE else syntax.arguments(s, verb).agents[0]
    if s.deps[verb] in ("conj", "xcomp", "acl", "relcl"):
        agents = syntax.arguments(s, verb).agents
        return agents[0] if agents else None
    return None


def _governing(s: Sentence, head: int, dep: str, node: int) -> Source | None:
    w = _words()
    lemma = s.lemmas[head]
    if s.is_verb(head):
        clausal = dep in ("ccomp", "csubj") or (dep in ("xcomp",) and lemma in ("claim", "deny", "admit"))
        if (clausal and lemma in w["verbs"]) or (
            (
                (dep in ("dobj", "oprd", "prep") and lemma in w["transitive"])
                or (dep == "prep" and lemma in w["blaming"])
            )
            and not s.kids(head, "auxpass")
        ):
            if dep == "dobj" and s.lemmas[node] in ("responsibility",):
                return None
            if s.kids(head, "nsubjpass"):
                by = syntax.prepositions(s, head).get("by", [])
                return Source(s, by[0], s.words[head]) if by else None
            subject = _subject(s, head)
            return Source(s, subject, s.words[head], clausal) if subject is not None else None
    elif dep in ("acl", "ccomp", "relcl") and lemma in w["nouns"]:
        owners = syntax.nominal(s, head).agents
        if owners:
            return Source(s, owners[0], s.words[head])
        if s.deps[head] == "dobj" and s.lemmas[s.heads[head]] in (
            "make",
            "issue",
            "release",
            "give",
            "publish",
            "send",
        ):
            subject = _subject(s, s.heads[head])
            return Source(s, subject, s.words[head]) if subject is not None else None
    return None


def _beside(s: Sentence, node: int, pred: int) -> Iterator[Source]:
    """«..., X said», «as X has said», where the parser hung the reporting verb below what it reports."""
    for c in s.children[node]:
        if c == pred or not s.is_verb(c) or s.lemmas[c] not in _words()["verbs"]:
            continue
        if s.deps[c] not in ("parataxis", "ccomp", "advcl", "dep", "conj") or s.kids(c, "ccomp", "dobj"):
            continue
        if s.deps[c] == "conj" and c < len(s) - 4:
            continue
        subjects = s.kids(c, "nsubj")
        if subjects:
            yield Source(s, subjects[0], s.words[c])


def _phrases(s: Sentence, pred: int) -> Iterator[Source]:
    """«According to X», «as per X», anywhere in the clause."""
    low = s.lowers
    for i in range(len(s) - 1):
        two = f"{low[i]} {low[i + 1]}"
        if two in ("according to", "as per") or low[i] in ("citing", "quoting"):
            after = i + 2 if two in ("according to", "as per") else i + 1
            heads = [k for c in (i, i + 1) for k in s.children[c] if s.deps[k] in ("pobj", "dobj") and k >= after]
            heads = heads or [k for k in range(after, min(after + 8, len(s))) if s.is_noun(k) and s.heads[k] < k][:1]
            if heads:
                yield Source(s, heads[0], s.text[s.starts[i] : s.ends[after - 1]])
                return


def attribution(source: Source, roles: Roles) -> Attribution | None:
    """The source as the contract writes it; the name is that of the person or body that the words stand for."""
    s, i = source.sentence, source.token
    if s.tags[i] in ("WP", "WDT", "EX", "DT") or s.lowers[i] in ("this", "that", "which", "i", "we"):
        return None
    if s.lemmas[i] in ("report", "rumor", "rumour", "news") and not s.kids(
        i, "poss", "prep", "compound", "nmod", "acl"
    ):
        return None  # hearsay without a source
    role = roles.role(s, i)
    if s.lowers[i] == "it" and (
        role is None or role.kind not in ("group", "organisation", "state", "state_force", "media")
    ):
        return None
    if role is None:
        return None
    a, b = syntax.noun_phrase(s, i)
    name = s.text[a:b]
    if role.antecedent is not None:
        name = role.antecedent.surface
    elif (person := _person_in(s, i)) is not None:
        name = person
        full = roles.full_name(name)
        name = full or name
    else:
        inner = [m for m in s.mentions.actors if a <= m.start and m.end <= b]
        if i in s.actor_at:
            name = s.actor_at[i].name
        elif inner and s.lemmas[i] in (
            "report",
            "estimate",
            "statement",
            "assessment",
            "study",
            "figure",
            "spokesman",
            "official",
            "document",
        ):
            name = inner[0].surface if s.lemmas[i] in ("spokesman", "official") else inner[0].name
    return Attribution(s.text[a:b], name, source.cue)


def _person_in(s: Sentence, i: int) -> str | None:
    for k in (i, *s.kids(i, "appos")):
        if k in s.entities and s.entities[k][0] == "PERSON":
            _, first, last = s.entities[k]
            return s.text[s.starts[first] : s.ends[last - 1]]
    return None


def quoted_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans between quotation marks in a block; a quotation that is not closed runs to the block's end."""
    spans, opened = [], None
    for m in _QUOTES.finditer(text, start, end):
        mark = m.group()
        if mark in ("“", "``", "‘‘") or (opened is None and mark not in ("”", "’’")):
            opened = m.start() if opened is None else opened
        elif opened is not None:
            spans.append((opened, m.end()))
            opened = None
    if opened is not None:
        spans.append((opened, end))
    return spans


def introduces(s: Sentence) -> Source | None:
    """The speaker that a sentence introduces, if it has a reporting verb with a subject."""
    w = _words()
    for i in range(len(s)):
        if s.is_verb(i) and s.lemmas[i] in w["verbs"]:
            subject = _subject(s, i)
            known = subject is not None and (subject not in s.place_at or subject in s.actor_at)
            if (
                subject is not None
                and known
                and s.lowers[subject] not in ("i", "we", "it", "which", "that", "you", "they")
            ):
                return Source(s, subject, s.words[i])
        elif (
            s.lemmas[i] in w["nouns"]
            and s.deps[i] == "dobj"
            and s.lemmas[s.heads[i]] in ("make", "issue", "release", "give")
        ):
            subject = _subject(s, s.heads[i])
            if subject is not None:
                return Source(s, subject, s.words[i])
    return None
