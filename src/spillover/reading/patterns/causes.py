"""Causes: what the source says promotes or prevents what, in its own words."""

from __future__ import annotations

from collections.abc import Iterator

from spillover.lexicon import read_toml
from spillover.reading import syntax
from spillover.reading.patterns.counts import from_home
from spillover.reading.patterns.measures import types_by_word, word_set
from spillover.reading.scene import Draft, Scene
from spillover.reading.sentence import Sentence


def find(scene: Scene, s: Sentence) -> Iterator[Draft]:
    """Drafts of causes in the sentence."""
    for i in range(len(s)):
        if s.is_verb(i):
            yield from _verb(scene, s, i)
    yield from _phrases(scene, s)
    yield from _because(s)


def _draft(
    s: Sentence, pred: int, type_: str, rule: str, text: tuple[int, int], effect: tuple[int, int]
) -> Iterator[Draft]:
    if text[1] - text[0] < 3 or effect[1] - effect[0] < 3 or (text[0] < effect[1] and effect[0] < text[1]):
        return
    draft = Draft(s, pred, "cause", type_, f"cause.{type_}.{rule}")
    draft.text, draft.effect, draft.keep_planned = text, effect, True
    yield draft


def _verb(scene: Scene, s: Sentence, i: int) -> Iterator[Draft]:
    lemma = s.lemmas[i]
    pure, content, prevents = (word_set("causes", n) for n in ("pure", "content", "prevents"))
    if lemma not in pure | content | prevents:
        return
    args = syntax.arguments(s, i)
    if lemma in ("strike", "deal") and not any(s.lemmas[c] == "blow" for c in s.kids(i, "dobj")):
        return
    if lemma in ("force", "drive", "push") and from_home(s, i):
        return  # a count of the displaced says it
    cause = _cause(scene, s, i, args)
    if cause is None:
        return
    pred = i
    if s.deps[i] in ("acl", "xcomp") and not s.kids(i, "nsubj", "nsubjpass"):
        pred = s.heads[i]
    type_ = "prevents" if lemma in prevents else "promotes"
    if lemma in pure:
        objects = s.kids(i, "dobj")
        preps = {s.lowers[c]: c for c in s.kids(i, "prep")}
        if lemma in ("lead", "result"):
            name = "to" if lemma == "lead" else "in"
            if name not in preps:
                return
            inner = s.kids(preps[name], "pobj", "pcomp")
            objects = inner
        if not objects or objects[0] in s.place_at:
            return
        effect = syntax.clause(
            s, objects[0], frozenset({"punct", "cc", "conj"}) if lemma not in ("lead", "result") else frozenset()
        )
        effect = syntax.clause(s, objects[0])
    else:
        if not s.kids(i, "dobj", "prep", "xcomp", "ccomp", "acomp", "dative"):
            return
        if lemma in ("drive", "push", "feed", "leave", "open") and not s.kids(i, "dobj", "xcomp", "ccomp"):
            return  # «drove to Kano»
        if lemma == "leave" and any(s.lowers[k] in types_by_word("dead") for k in s.kids(i, "oprd", "acomp")):
            return  # a count of the dead says it
        if lemma in ("turn", "contribute", "help", "strike", "deal", "force", "drive", "push", "shift") and not s.kids(
            i, "prep", "dobj", "xcomp", "ccomp"
        ):
            return
        effect = syntax.clause(
            s, i, frozenset({"nsubj", "nsubjpass", "aux", "auxpass", "advmod", "mark", "punct", "prep_with"})
        )
    yield from _draft(s, pred, type_, "verb", cause, effect)


def _cause(scene: Scene, s: Sentence, i: int, args: syntax.Arguments) -> tuple[int, int] | None:
    """The words of the cause: a subject that is no actor itself, or the clause that a participle hangs on."""
    if s.tags[i] == "VBG" and s.deps[i] in ("advcl", "xcomp", "acl") and not s.kids(i, "nsubj"):
        head = s.heads[i]
        if s.is_verb(head):
            if s.lemmas[i] not in (
                "strike",
                "deal",
                "cause",
                "spark",
                "trigger",
                "lead",
                "fuel",
                "force",
                "prompt",
                "provoke",
                "create",
                "prevent",
            ):
                return None
            return syntax.clause(s, head, frozenset({"advcl", "punct", "prep", "mark", "npadvmod"}))
        return None
    subjects = s.kids(i, "nsubj", "csubj") or ([] if args.passive else args.agents[:1])
    if args.passive:
        subjects = args.agents[:1]
    if subjects and s.tags[subjects[0]] == "PRP$" and s.deps[i] == "pcomp":
        verb = next((up for up in s.ancestors(i) if s.is_verb(up)), None)
        subjects = s.kids(verb, "nsubj") if verb is not None else []
    for a in subjects[:1]:
        if (
            s.lowers[a] in ("it", "this", "that")
            and s.tags[a] in ("PRP", "DT")
            and s.lemmas[i] in word_set("causes", "pure")
        ):
            return s.starts[a], s.ends[a]
        if s.tags[a] in ("PRP", "WP", "EX", "WDT") or a in s.actor_at or s.deps[a] == "expl":
            return None
        if s.tags[a] in ("DT",):
            return None
        kind = scene.roles.kind(s, a)
        if kind != "thing":
            return None
        return syntax.clause(
            s, a, frozenset({"relcl", "cc", "conj"}) if len(s.subtree(a)) > 30 else frozenset({"relcl"})
        )
    return None


def _because(s: Sentence) -> Iterator[Draft]:
    """«Y, because X»: the clause is the cause, what it hangs on the effect."""
    for i in range(len(s)):
        if s.deps[i] != "advcl" or not s.is_verb(s.heads[i]):
            continue
        if not any(s.lowers[c] == "because" for c in s.kids(i, "mark")):
            continue
        governor = s.heads[i]
        effect = _rest(s, governor, set(s.subtree(i)))
        if effect is not None:
            yield from _draft(s, governor, "promotes", "because", syntax.clause(s, i, frozenset({"mark"})), effect)


def _phrases(scene: Scene, s: Sentence) -> Iterator[Draft]:
    """«owing to its needs, X views Y»; «given the group's ideology»; «with the jailbreaks, X confirmed»."""
    phrases = read_toml("measures.toml")["causes"]["phrases"]
    for i in range(len(s)):
        if s.deps[i] not in ("prep", "mark", "advcl", "pcomp") and s.tags[i] not in ("IN", "VBN", "VBG", "JJ"):
            continue
        two = f"{s.lowers[i]} {s.lowers[i + 1]}" if i + 1 < len(s) else ""
        four = " ".join(s.lowers[i : i + 4])
        phrase = next((p for p in phrases if p in (s.lowers[i], two) or four.startswith(p)), None)
        weak = phrase is None and s.lowers[i] == "with" and i <= 1
        if phrase is None and not weak:
            continue
        if phrase in ("following", "amid", "amidst") and s.deps[i] not in ("prep",):
            continue
        last = i + len(phrase.split()) - 1 if phrase else i
        inner = [
            k for c in range(i, last + 1) for k in s.children[c] if k > last and s.deps[k] in ("pobj", "pcomp", "dobj")
        ]
        if not inner or (s.lowers[i] == "with" and s.kids(inner[0], "nummod")):
            continue  # «with some 25,000 fighters» is a strength
        governor = next((up for up in s.ancestors(i) if s.is_verb(up)), None)
        if governor is None:
            continue
        if phrase in ("following", "amid", "amidst") and i > 3:
            continue
        text = syntax.clause(s, inner[0])
        below = {k for c in s.children[governor] if i in s.subtree(c) or c == i for k in s.subtree(c)}
        effect = _rest(s, governor, below)
        if effect is None:
            continue
        yield from _draft(s, governor, "promotes", "phrase", text, effect)


def _rest(s: Sentence, governor: int, without: set[int]) -> tuple[int, int] | None:
    """The governor's clause without the phrase that gives the cause."""
    tokens = [t for t in s.subtree(governor) if t not in without]
    kept = [governor]
    for t in sorted((t for t in tokens if t < governor), reverse=True):
        if t == kept[0] - 1:
            kept.insert(0, t)
    for t in sorted(t for t in tokens if t > governor):
        if t == kept[-1] + 1:
            kept.append(t)
    while len(kept) > 1 and (
        s.deps[kept[0]] in ("punct", "cc")
        or (s.deps[kept[0]] == "advmod" and s.lowers[kept[0]] in ("however", "moreover", "thus", "similarly", "then"))
    ):
        kept.pop(0)
    while len(kept) > 1 and s.deps[kept[-1]] == "punct":
        kept.pop()
    return (s.starts[kept[0]], s.ends[kept[-1]]) if len(kept) > 2 else None
