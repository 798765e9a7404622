"""Mends of the parse that hold in general: clauses across a semicolon, appositions, «the same»."""

from __future__ import annotations

from spillover.lexicon import word_list
from spillover.reading.sentence import Sentence


def mend(s: Sentence) -> None:
    """All repairs, in order."""
    _cut_at_semicolons(s)
    _reattach_appositions(s)
    _same(s)
    _verbs_taken_for_nouns(s)
    _named_parts(s)
    _shared_heads(s)
    _deeds_of_the_accused(s)


def _verbs_taken_for_nouns(s: Sentence) -> None:
    """«The Taliban control the south»: a root with a subject and no article is the verb, whatever its tag."""
    for i, dep in enumerate(s.deps):
        if dep == "ROOT" and s.tags[i] == "NN" and s.kids(i, "nsubj") and not s.kids(i, "det", "cop", "poss", "amod"):
            s.tags[i] = "VBP"


def _named_parts(s: Sentence) -> None:
    """«two villages, A and B»: the names are the villages, not further ones."""
    for i, dep in enumerate(s.deps):
        head = s.heads[i]
        if (
            dep == "conj"
            and s.tags[i].startswith("NNP")
            and s.tags[head] == "NNS"
            and i - head == 2
            and s.words[head + 1] == ","
            and s.kids(head, "nummod")
            and not s.kids(head, "cc")
        ):
            s.deps[i] = "appos"


def _shared_heads(s: Sentence) -> None:
    """«between the SDF and SNA fighters», «Congo's army and M23 rebels clashed»: a common noun, or a side of «between»,
    is joined to the whole noun phrase, not to its first word.
    """
    for head in range(2, len(s.words)):
        other = head - 1
        first = s.heads[other]
        if (
            s.deps[other] != "conj"
            or s.heads[first] != head
            or s.deps[first] not in ("nmod", "compound")
            or not s.tags[other].startswith("NNP")
            or not s.tags[head].startswith("NNS")
        ):
            continue
        between = s.deps[head] == "pobj" and s.lowers[s.heads[head]] == "between"
        if not between and s.tags[first] not in ("NN", "NNS"):
            continue
        _hang(s, first, s.heads[head], s.deps[head])
        _hang(s, head, first, "conj")
        _hang(s, other, head, "compound")
        for c in list(s.children[head]):
            if c < first:
                _hang(s, c, first, s.deps[c])


_BLAME = word_list("syntax", "object_of_blame")


def _deeds_of_the_accused(s: Sentence) -> None:
    """«accused the RSF of shelling a camp, killing 40»: who shelled killed, not who accused."""
    for i, head in enumerate(s.heads):
        if s.deps[i] != "advcl" or s.tags[i] != "VBG" or i < head or s.lemmas[head] not in _BLAME:
            continue
        deeds = [k for c in s.kids(head, "prep") if s.lowers[c] == "of" for k in s.kids(c, "pcomp") if k < i]
        if deeds and s.words[min(s.subtree(i)) - 1] == ",":
            _hang(s, i, deeds[-1], "advcl")


def _hang(s: Sentence, i: int, head: int, dep: str) -> None:
    """Give token ``i`` another head; a token hung on itself is the root."""
    if s.heads[i] != i:
        s.children[s.heads[i]].remove(i)
    s.heads[i], s.deps[i] = head, dep
    if head != i:
        s.children[head].append(i)
        s.children[head].sort()


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
