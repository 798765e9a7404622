"""Aims: what a group wants, believes in, chooses as targets, and is said to be able to do."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from spillover.lexicon import read_csv, word_list
from spillover.reading import syntax
from spillover.reading.patterns.frames import load_frames
from spillover.reading.patterns.measures import word_set
from spillover.reading.patterns.predicates import verb_frames
from spillover.reading.scene import Draft, Scene
from spillover.reading.sentence import Sentence
from spillover.reading.stance import w_parting
from spillover.reading.statement import Role

_AIMLESS = word_list("aims", "aimless")
_HOLDERS = frozenset({"group", "state", "organisation", "state_force"})


def find(scene: Scene, s: Sentence) -> Iterator[Draft]:
    """Drafts of aims in the sentence."""
    for i in range(len(s)):
        if s.is_verb(i):
            yield from _goal(scene, s, i)
            if s.lemmas[i] == "target" and s.tags[i] in ("VBZ", "VBP"):
                for a in syntax.arguments(s, i).agents:
                    for x in s.kids(i, "dobj"):
                        yield from _draft(s, i, "target", "habit", scene.role(s, a), syntax.clause(s, x))
        elif s.tags[i].startswith("JJ"):
            yield from _adjective(scene, s, i)
        elif s.is_noun(i):
            yield from _noun(scene, s, i)
        if s.lowers[i] in ideological_words():
            yield from _ideological(scene, s, i)


@cache
def ideological_words() -> frozenset[str]:
    """Words by which texts name a creed or a current («Salafist», «Maoist», «separatist»)."""
    return frozenset(row["term"].casefold() for row in read_csv("ideologies.csv"))


def _draft(
    s: Sentence, pred: int, type_: str, rule: str, subject: Role | None, text: tuple[int, int]
) -> Iterator[Draft]:
    if subject is None or not (subject.actor is not None or subject.kind in _HOLDERS):
        return
    draft = Draft(s, pred, "aim", type_, f"aim.{type_}.{rule}", subject)
    draft.text, draft.keep_planned = text, True
    yield draft


def _goal(scene: Scene, s: Sentence, i: int) -> Iterator[Draft]:
    """«seeks to establish», and purposes of what a group does («to sow discord»)."""
    if s.lemmas[i] in word_set("aims", "goal_verbs"):
        for x in s.kids(i, "xcomp"):
            if s.tags[x] != "VB":
                continue
            if s.lemmas[i] in ("try", "attempt", "struggle") and any(f.kind == "event" for f in verb_frames(s, x)):
                continue  # an attempted event says it
            for a in syntax.arguments(s, i).agents:
                yield from _draft(
                    s, i, "goal", "verb", scene.role(s, a), syntax.clause(s, x, frozenset({"aux", "nsubj"}))
                )
    if s.lemmas[i] in ("seek", "want", "demand", "pursue"):
        for x in s.kids(i, "dobj"):
            if s.lemmas[x] not in load_frames().event_nouns | {
                "dialogue",
                "dialog",
                "help",
                "support",
                "revenge",
                "asylum",
                "refuge",
                "shelter",
            } and s.kids(x, "amod", "prep", "compound", "acl", "det"):
                for a in syntax.arguments(s, i).agents:
                    if x not in s.actor_at and not s.tags[x].startswith("PRP"):
                        yield from _draft(
                            s, i, "goal", "object", scene.role(s, a), syntax.noun_phrase(s, x, whole=True)
                        )
    for x in s.kids(i, "advcl", "xcomp"):
        if s.tags[x] != "VB" or not any(s.lowers[c] == "to" for c in s.kids(x, "aux")) or s.kids(x, "nsubj"):
            continue
        if s.deps[x] == "xcomp" and (s.lemmas[i] in word_set("aims", "goal_verbs") or not s.kids(i, "dobj")):
            continue
        args = syntax.arguments(s, i)
        for a in args.agents:
            if s.lemmas[i] in _AIMLESS or s.lowers[a] in ("we", "i", "you"):
                continue
            if s.lemmas[i] in w_parting() and s.lemmas[x] in ("form", "create", "become", "establish", "found", "join"):
                continue  # what came about, not what was aimed at
            if any(s.lowers[c] == "only" for c in s.kids(x, "advmod")):
                continue  # «only to lose them again»
            role = scene.role(s, a)
            if (
                a in s.actor_at
                or s.lowers[a] in ("it", "they")
                or (role is not None and role.kind in ("group", "state_force"))
            ):
                yield from _draft(s, i, "goal", "purpose", role, syntax.clause(s, x, frozenset({"aux"})))


def _adjective(scene: Scene, s: Sentence, i: int) -> Iterator[Draft]:
    """«remains committed to carrying out», «is capable of»."""
    if s.lowers[i] == "capable" and s.is_verb(s.heads[i]):
        for x in [x for p in s.kids(i, "prep") for x in s.kids(p, "pcomp")]:
            for a in syntax.arguments(s, s.heads[i]).agents:
                for draft in _draft(
                    s, i, "capability", "capable", scene.role(s, a), syntax.clause(s, x, frozenset({"aux"}))
                ):
                    draft.stance = scene.stance(s, s.heads[i]).with_status("assessed")
                    yield draft
        return
    committed = s.lowers[i] in word_set("aims", "goal_adjectives") or s.lemmas[i] in word_set("aims", "goal_adjectives")
    if not committed or not s.is_verb(s.heads[i]):
        return
    subjects = syntax.arguments(s, s.heads[i]).agents or syntax.arguments(s, s.heads[i]).patients
    inner = [x for p in s.kids(i, "prep") for x in s.kids(p, "pcomp")] + s.kids(i, "xcomp")
    for x in inner:
        for a in subjects:
            yield from _draft(s, i, "goal", "committed", scene.role(s, a), syntax.clause(s, x, frozenset({"aux"})))


def _noun(scene: Scene, s: Sentence, i: int) -> Iterator[Draft]:
    lemma = s.lemmas[i]
    if lemma in word_set("aims", "goal_nouns"):
        type_ = "goal"
    elif lemma in word_set("aims", "ideology_nouns"):
        type_ = "ideology"
    elif lemma in word_set("aims", "target_nouns") and s.tags[i] in ("NNS",):
        yield from _targets(scene, s, i)
        return
    elif lemma in ("potential", "capability", "capacity", "ability"):
        yield from _capability(scene, s, i)
        return
    else:
        return
    owners = [a for a in syntax.nominal(s, i).agents if a in s.actor_at or s.tags[a] == "PRP$"]
    if (
        not owners
        and s.deps[i] == "dobj"
        and s.lemmas[s.heads[i]]
        in ("have", "share", "pursue", "follow", "espouse", "adopt", "embrace", "promote", "profess", "hold", "preach")
    ):
        owners = syntax.arguments(s, s.heads[i]).agents
    if (
        not owners
        and s.deps[i] == "pobj"
        and s.lowers[s.heads[i]] in ("with", "of")
        and s.heads[s.heads[i]] in s.actor_at
    ):
        owners = [s.heads[s.heads[i]]]
    text = _own_words(s, i)
    verb = s.heads[i]
    if s.deps[i] == "nsubj" and s.is_verb(verb) and s.lemmas[verb] in ("be", "remain"):  # «its goal is a caliphate»
        said = s.kids(verb, "attr", "xcomp", "ccomp", "acomp")
        text = syntax.clause(s, said[0], frozenset({"aux"})) if said else text
    if text is None:
        return
    for a in owners[:2]:
        yield from _draft(s, i, type_, "noun", scene.role(s, a), text)


def _own_words(s: Sentence, i: int) -> tuple[int, int] | None:
    """The noun with what says which: modifiers, «of» phrase, infinitive; ``None`` where nothing does."""
    skip = {k for c in s.kids(i, "poss", "det", "appos", "relcl", "punct", "cc", "conj") for k in s.subtree(c)}
    tokens = sorted(
        {
            i,
            *(
                k
                for c in s.children[i]
                for k in s.subtree(c)
                if k not in skip and (c < i or s.deps[c] in ("prep", "acl"))
            ),
        }
    )
    tokens = [t for t in tokens if t not in skip]
    if any(s.lowers[c] == "by" or s.lemmas[c] == "compare" for c in s.children[i]):
        tokens = [
            t
            for t in tokens
            if not any(t in s.subtree(c) for c in s.children[i] if s.lowers[c] == "by" or s.lemmas[c] == "compare")
        ]
    tokens = _around(tokens, i)
    has_words = any(
        s.deps[c] in ("amod", "compound", "prep", "acl", "nmod")
        for c in s.children[i]
        if c in tokens and c not in s.actor_at
    )
    return (s.starts[tokens[0]], s.ends[tokens[-1]]) if has_words else None


def _around(tokens: list[int], i: int) -> list[int]:
    kept = [i]
    for t in sorted((t for t in tokens if t < i), reverse=True):
        if t == kept[0] - 1:
            kept.insert(0, t)
    for t in sorted(t for t in tokens if t > i):
        if t == kept[-1] + 1:
            kept.append(t)
    return kept


def _targets(scene: Scene, s: Sentence, i: int) -> Iterator[Draft]:
    """«brutal attacks on soft targets like schools»: kinds of target a group or its leader chooses."""
    if not s.kids(i, "amod", "compound", "prep"):
        return
    verb = next((up for up in s.ancestors(i) if s.is_verb(up)), None)
    if verb is None:
        return
    args = syntax.arguments(s, verb)
    for a in (args.patients if args.passive else args.agents)[:1]:
        role = scene.role(s, a)
        if role is None or not (role.actor or role.kind in ("group", "person", "organisation")):
            continue
        draft = Draft(s, i, "aim", "target", "aim.target.noun", role)
        draft.text, draft.keep_planned = syntax.noun_phrase(s, i, whole=True), True
        yield draft


def _capability(scene: Scene, s: Sentence, i: int) -> Iterator[Draft]:
    inner = [x for x in s.kids(i, "acl") if s.tags[x] == "VB"] or [
        x for p in s.kids(i, "prep") if s.lowers[p] in ("of", "for", "to") for x in s.kids(p, "pcomp")
    ]
    if not inner:
        return
    owners = [a for a in syntax.nominal(s, i).agents if a in s.actor_at or s.tags[a] == "PRP$"]
    if not owners and s.is_verb(s.heads[i]) and s.deps[i] in ("dobj", "attr"):
        owners = syntax.arguments(s, s.heads[i]).agents
    for a in owners[:2]:
        a0, b0 = syntax.clause(s, inner[0], frozenset({"aux"}))
        for draft in _draft(s, i, "capability", "noun", scene.role(s, a), (a0, b0)):
            draft.stance = scene.stance(s, i).with_status("assessed")
            yield draft


def _ideological(scene: Scene, s: Sentence, i: int) -> Iterator[Draft]:
    """«the castroite National Liberation Army», «is nationalist in ideology», «a Sunni militant», «based on Salafist
    ideology».
    """
    dep, head = s.deps[i], s.heads[i]
    if dep in ("amod", "compound", "nmod") and head in s.actor_at and i not in s.actor_at:
        if s.actor_at[head].kind == "group":
            yield from _draft(s, head, "ideology", "modifier", scene.role(s, head), (s.starts[i], s.ends[i]))
    elif dep == "acomp" and s.is_verb(head):
        for a in syntax.arguments(s, head).agents:
            role = scene.role(s, a)
            if role is not None and role.kind in ("group", "organisation", "person"):
                yield from _draft(s, head, "ideology", "predicate", role, (s.starts[i], s.ends[i]))
    elif dep in ("amod", "compound") and s.is_noun(head) and s.deps[head] in ("attr", "appos"):
        if s.lemmas[head] in word_set("aims", "ideology_nouns"):
            return
        up = s.heads[head]
        described = syntax.arguments(s, up).agents if s.is_verb(up) else [up]
        for a in described:
            role = scene.role(s, a)
            if role is not None and (role.actor is not None or role.kind in ("group", "organisation", "person")):
                draft = Draft(s, head, "aim", "ideology", "aim.ideology.attribute", role)
                draft.text, draft.keep_planned = (s.starts[i], s.ends[i]), True
                yield draft
    if dep in ("amod", "compound") and s.is_noun(head) and s.lemmas[head] in word_set("aims", "ideology_nouns"):
        if any(a in s.actor_at or s.tags[a] == "PRP$" for a in syntax.nominal(s, head).agents):
            return
        base = next((up for up in s.ancestors(head) if s.is_verb(up)), None)
        verb = next(
            (
                up
                for up in s.ancestors(head)
                if s.is_verb(up) and s.lemmas[up] != "base" and syntax.arguments(s, up).agents
            ),
            None,
        )
        if (
            verb is not None
            and base is not None
            and s.lemmas[base] in ("base", "root", "ground", "inspire", "guide", "motivate")
        ):
            a, b = s.starts[min([i, *s.kids(head, "amod", "compound")])], s.ends[head]
            for k in syntax.arguments(s, verb).agents[:1]:
                yield from _draft(s, verb, "ideology", "creed", scene.role(s, k), (a, b))
