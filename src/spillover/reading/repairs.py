"""Mends of the parse that hold in general: clauses across a semicolon, appositions, «the same»."""

from __future__ import annotations

from spillover.reading.sentence import Sentence


def mend(s: Sentence) -> None:
    """All repairs, in order."""
    _cut_at_semicolons(s)
    _reattach_appositions(s)
    _same(s)


def _cut_at_semicolons(s: Sentence) -> None:
    """What stands on the other side of a semicolon is a sentence of its own, whatever the parser hung it on."""
    marks = [i for i, w in enumerate(s.words) if w == ";"]
    for i, h in enumerate(s.heads):
        if s.deps[i] in ("ccomp", "parataxis", "conj", "advcl", "dep", "relcl") and any(
            min(i, h) < m < max(i, h) for m in marks
        ):
            s.children[h].remove(i)
            s.heads[i], s.deps[i] = i, "ROOT"


def _reattach_appositions(s: Sentence) -> None:
    """«the execution of X, a cleric, …»: the apposition belongs to the name right before the comma."""
    for i in range(len(s.words)):
        if s.deps[i] != "appos" or s.tags[i].startswith("NNP"):
            continue
        first = min(s.subtree(i))
        head = s.heads[i]
        if first < 2 or s.words[first - 1] not in (",", "-", "–", "—") or s.tags[first] == "NNP":
            continue
        name = first - 2
        if name != head and s.tags[name].startswith("NNP") and head in s.ancestors(name) and s.heads[name] != i:
            s.children[head].remove(i)
            s.children[name].append(i)
            s.heads[i] = name


def _same(s: Sentence) -> None:
    """«fall victim to the same»: takes up the last noun of its kind; only the lemma is lent, never the surface."""
    for i, word in enumerate(s.lowers):
        if word == "same" and s.deps[i] in ("pobj", "dobj", "nsubj") and i > 3:
            before = next((k for k in range(i - 1, -1, -1) if s.tags[k] == "NNS" and s.deps[k] == "dobj"), None)
            if before is not None:
                s.lemmas[i], s.tags[i] = s.lemmas[before], "NN"
