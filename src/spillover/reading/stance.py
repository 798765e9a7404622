"""How a thing is said: status, phase, polarity, likelihood and condition of one predicate.

The scope is the dependency tree: what governs the predicate, from the predicate upwards, and nothing else. A modal on
the main verb does not reach into a relative clause; a negation reaches an action noun only through a verb that carries
it («did not carry out attacks»).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from spillover.lexicon import read_toml, word_list
from spillover.reading import syntax
from spillover.reading.patterns.measures import word_set
from spillover.reading.sentence import Sentence
from spillover.reading.statement import Likelihood, Phase, Polarity, Status

_RANK: dict[Status, int] = {"fact": 0, "assessed": 1, "forecast": 2, "alleged": 3, "conditional": 4}


_PARTS = word_list("stance", "parts")
_BONDS = word_list("stance", "bonds")


@dataclass(frozen=True, slots=True)
class Stance:
    """The stance of a predicate. ``hypothetical``: it stands inside an if-clause or a purpose, and is not asserted."""

    status: Status = "fact"
    phase: Phase = "occurred"
    polarity: Polarity = "affirmed"
    likelihood: Likelihood | None = None
    condition: tuple[int, int] | None = None
    hypothetical: str | None = None

    def with_status(self, status: Status) -> Stance:
        """The stance with ``status`` where that is the stronger hedge."""
        return replace(self, status=status) if _RANK[status] > _RANK[self.status] else self

    def negate(self) -> Stance:
        """The stance with the other polarity."""
        return replace(self, polarity="affirmed" if self.polarity == "negated" else "negated")

    def with_cue(self, cue: str) -> Stance:
        """The stance with that likelihood cue, unless it has one with numbers."""
        if self.likelihood is not None and self.likelihood.low is not None:
            return self
        return replace(self, likelihood=likelihood(cue))


@cache
def word_sets() -> dict[str, frozenset[str]]:
    """The word lists of ``stance.toml`` as sets, by ``section.name``."""
    data = read_toml("stance.toml")
    return {
        f"{part}.{name}": frozenset(v)
        for part in ("words", "verbs", "nouns", "adjectives")
        for name, v in data[part].items()
    }


def likelihood(cue: str) -> Likelihood:
    """The cue with ICD 203's bounds where it is one of its terms, else without numbers."""
    low, high = read_toml("stance.toml")["estimative"].get(cue.casefold(), (None, None))
    return Likelihood(cue, low, high)


def stance(s: Sentence, pred: int) -> Stance:
    """The stance of the predicate at token ``pred``."""
    w = word_sets()
    out = _own(s, pred, Stance(), w)
    for c in s.kids(pred, "acomp") if s.is_verb(pred) else ():
        if s.lowers[c] not in w["adjectives.aimed"]:
            out = _under_adjective(s, c, out, w)
    if s.is_verb(pred) and s.lemmas[pred] in ("seem", "appear", "tend"):
        out = out.with_status("assessed")
    if s.lemmas[pred] in _PARTS and any(s.lemmas[k] in _BONDS for k in s.kids(pred, "dobj", "nsubjpass")):
        out = replace(out, phase="ended")  # «broke ties with»
    node = pred
    steps = 0
    while s.heads[node] != node and steps < 40:
        steps += 1
        head, dep = s.heads[node], s.deps[node]
        step = _climb(s, node, head, dep, out, w)
        if step is None:
            break
        out = step
        node = head
    return _condition(s, pred, out)


def _own(s: Sentence, i: int, out: Stance, w: dict[str, frozenset[str]], *, light: bool = True) -> Stance:
    """Auxiliaries, negations and modifiers on the token itself. ``light``: its negation counts for the predicate."""
    for c in s.children[i]:
        word, dep = s.lowers[c], s.deps[c]
        if dep == "neg" or (word in w["words.negative"] and dep in ("det", "advmod", "preconj", "neg")):
            if c + 1 < len(s) and s.lowers[c + 1] in ("just", "only", "merely", "simply", "least"):
                continue
            longer = word == "no" and i > c and "longer" in s.lowers[c:i]
            if light:
                out = replace(out, phase="ended") if longer else out
                out = out.negate()
        elif dep in ("aux", "auxpass"):
            if word in w["words.future"] or word == "would":
                out = out.with_status("forecast")
            elif word in w["words.possible"]:
                out = out.with_status("forecast" if word in ("may", "might") else "assessed").with_cue(_modal_cue(s, c))
        elif dep in ("nsubj", "nsubjpass") and s.is_verb(i):
            if light and any(s.lowers[k] in ("no", "neither") for k in s.kids(c, "det", "preconj", "cc")):
                out = out.negate()
            if _is_alleged(s, c, w):
                out = out.with_status("alleged")  # «suspected militants killed»
        elif dep in ("agent", "prep") and word == "by":
            if any(_is_alleged(s, k, w) for k in s.kids(c, "pobj")):
                out = out.with_status("alleged")  # «killed by suspected militants»
        elif dep in ("advmod", "amod", "npadvmod", "compound", "acomp"):
            out = _modifier(s, c, word, out, w)
    if (
        s.lowers[i] == "going"
        and s.deps[i] != "advcl"
        and any(s.lowers[c] == "to" for x in s.kids(i, "xcomp") for c in s.children[x])
    ):
        out = out.with_status("forecast")
    return out


def _is_alleged(s: Sentence, noun: int, w: dict[str, frozenset[str]]) -> bool:
    """«suspected militants», «suspected Boko Haram militants»."""
    return any(
        s.lowers[k] in w["words.alleged_modifier"] or _is_alleged(s, k, w)
        for k in s.kids(noun, "amod", "compound", "nmod")
    )


def _modal_cue(s: Sentence, c: int) -> str:
    return "can" if s.lowers[c] == "ca" else s.lowers[c]


def _modifier(s: Sentence, c: int, word: str, out: Stance, w: dict[str, frozenset[str]]) -> Stance:
    if word in w["words.possible_modifier"]:
        return out.with_status("assessed").with_cue(s.words[c])
    if word == "certainly" and any(s.lowers[k] in ("almost", "nearly") for k in s.children[c]):
        return out.with_status("forecast").with_cue(_with_degree(s, c))
    if word in w["words.estimative_modifier"]:
        return out.with_status("assessed").with_cue(_with_degree(s, c))
    if word in w["words.alleged_modifier"]:
        return out.with_status("alleged")
    if word in w["words.assessed_modifier"]:
        return out.with_status("assessed")
    if word in w["words.future_modifier"]:
        return out.with_status("forecast")
    if word in w["words.attempted_modifier"]:
        return replace(out, phase="attempted", polarity="negated")
    if word in w["words.foiled_modifier"]:
        return replace(out, phase="foiled", polarity="negated")
    if word in w["words.ended_modifier"]:
        return replace(out, phase="ended")
    if word == "longer" and any(s.lowers[k] == "no" for k in s.children[c]):
        return replace(out, phase="ended", polarity="negated")
    return out


def _with_degree(s: Sentence, c: int) -> str:
    degree = next((s.lowers[k] for k in s.children[c] if s.lowers[k] in ("very", "highly", "almost", "nearly")), None)
    return f"{degree} {s.words[c]}" if degree else s.words[c]


def _climb(s: Sentence, node: int, head: int, dep: str, out: Stance, w: dict[str, frozenset[str]]) -> Stance | None:
    """What ``head`` makes of what stands below it, or ``None`` where its scope ends."""
    if dep in ("relcl", "appos", "parataxis"):
        return None
    if (
        dep == "nsubj"
        and s.is_verb(head)
        and not s.is_verb(node)
        and s.lemmas[head] in ("be", "remain", "seem", "appear")
    ):
        for c in s.kids(head, "acomp"):  # «an attack is likely», «remains improbable»
            about = s.kids(c, "xcomp")  # «is likely to embolden» hedges what it does, not that it was
            if about and not any(s.lemmas[x] in w["verbs.occur"] for x in about):
                continue
            if s.lowers[c] in w["adjectives.estimative"] | w["adjectives.possible"] | w["words.estimative_modifier"]:
                return _own(s, head, out.with_status("forecast").with_cue(_with_degree(s, c)), w)
    if dep == "nsubj":
        occurs = s.is_verb(head) and s.lemmas[head] in w["verbs.occur"] and not s.kids(head, "dobj", "attr", "acomp")
        return _own(s, head, out, w) if occurs and not s.is_verb(node) else None
    if dep in ("advcl", "mark") and s.is_verb(head):
        return _adverbial(s, node, head, out)
    if s.is_verb(head) or (s.deps[head] == "ROOT" and s.tags[head] in ("VBZ", "VBD", "VBP")):
        return _under_verb(s, node, head, dep, out, w)
    if s.is_noun(head):
        return _under_noun(s, node, head, dep, out, w)
    if s.tags[head].startswith("JJ"):
        below = s.kids(head, "prep")
        return _under_adjective(s, head, out, w, any(s.kids(p, "pcomp") for p in below))
    return out  # prepositions and the like


def w_parting() -> frozenset[str]:
    """Verbs of parting and merging, whose «to form X» came about."""
    return word_sets()["verbs.parting"]


def _adverbial(s: Sentence, node: int, head: int, out: Stance) -> Stance | None:
    marks = {s.lowers[c] for c in s.kids(node, "mark", "advmod")}
    if marks & {"if", "unless", "whether", "lest"}:
        return replace(out, hypothetical="inside a condition")
    if s.lemmas[head] in w_parting() and s.lemmas[node] in (
        "form",
        "create",
        "establish",
        "found",
        "join",
        "become",
        "set",
    ):
        return out  # «left to form», «merged to become»: it came about
    if s.tags[node] == "VB" and any(s.lowers[c] == "to" for c in s.kids(node, "aux")):
        return replace(out, phase="planned", hypothetical="a purpose")
    if marks or s.kids(node, "nsubj", "nsubjpass"):
        return None
    return _own(s, head, out, word_sets(), light=False)


def _under_verb(s: Sentence, node: int, head: int, dep: str, out: Stance, w: dict[str, frozenset[str]]) -> Stance:
    lemma = s.lemmas[head]
    if dep == "conj":
        own = bool(s.kids(node, "nsubj", "nsubjpass"))
        return out if own or not s.is_verb(node) else _own(s, head, out, w, light=not s.kids(node, "aux"))
    action = not s.is_verb(node) and s.tags[node] != "IN"
    light = lemma in w["verbs.light"]
    particle = next((s.lowers[c] for c in s.kids(head, "prt")), "")
    if (lemma in w["verbs.negated"] or f"{lemma}_{particle}" in w["verbs.negated"]) and dep in (
        "xcomp",
        "dobj",
        "nsubjpass",
        "ccomp",
        "pcomp",
    ):
        out = out.negate()
    elif lemma == "use" and dep == "xcomp" and s.tags[head] == "VBD":
        return replace(out, phase="ended")  # «used to»
    elif dep == "ccomp" and any(
        s.lemmas[k] in w["nouns.alleged"] and not s.kids(k, "poss", "prep") for k in s.kids(head, "nsubj")
    ):
        return out.with_status("alleged")  # «unconfirmed reports suggest that»
    elif lemma in _PARTS and dep in ("dobj", "nsubjpass") and s.lemmas[node] in _BONDS:
        return replace(out, phase="ended")
    elif lemma in w["verbs.foiled"] and dep in ("xcomp", "dobj", "nsubjpass", "prep", "pcomp"):
        out = replace(out, phase="foiled", polarity="negated")
    elif lemma in w["verbs.expected"] and (dep in ("xcomp", "ccomp", "dobj") or _comes_about(s, head, dep, w)):
        to = dep == "xcomp" or (dep == "nsubjpass" and s.kids(head, "xcomp"))
        out = out.with_status("forecast").with_cue(f"{s.words[head]} to" if to else s.words[head])
    elif lemma in w["verbs.forecast"] and (
        dep in ("xcomp", "ccomp")
        or (dep in ("dobj", "prep") and lemma not in ("pledge", "promise", "vow"))
        or _comes_about(s, head, dep, w)
    ):
        out = out.with_status("forecast")
    elif lemma in w["verbs.alleged"] or (lemma in w["verbs.blaming"] and dep in ("prep", "pcomp")):
        out = out.with_status("alleged")
    elif dep in ("xcomp", "ccomp", "dobj") and lemma in w["verbs.assessed"]:
        out = out.with_status("assessed")
    elif dep in ("xcomp", "ccomp") and lemma in w["verbs.attempted"]:
        out = replace(out, phase="attempted")
    elif (
        dep in ("xcomp", "prep")
        and lemma in w["verbs.planned"]
        and (dep == "xcomp" or lemma in ("plan", "prepare", "call", "aim"))
    ):
        why = "an aim" if lemma in w["verbs.aimed"] else "a plan"
        out = replace(out, phase="planned", hypothetical=out.hypothetical or why)
    elif (
        lemma == "be"
        and dep in ("xcomp", "ccomp")
        and any(
            s.lemmas[k] in w["nouns.planned"] or s.lemmas[k] in word_set("aims", "goal_nouns")
            for k in s.kids(head, "nsubj")
        )
    ):
        return replace(out, phase="planned", hypothetical=out.hypothetical or "an aim")  # «its goal is to»
    elif dep == "dobj" and lemma in ("plan", "seek", "prepare", "plot", "propose", "want"):
        out = replace(out, phase="planned")
    elif dep == "dobj" and lemma == "attempt":
        out = replace(out, phase="attempted")
    if dep in ("xcomp", "ccomp") and s.kids(head, "acomp", "attr", "oprd"):
        for c in s.kids(head, "acomp", "oprd"):
            out = _under_adjective(s, c, out, w)
    # a reporting verb's own tense and negation are not those of what it reports
    if dep == "ccomp" and lemma not in ("be", "expect", "seem", "appear", "likely", "mean"):
        return out
    return _own(s, head, out, w, light=not action or light or dep in ("nsubjpass", "xcomp"))


def _comes_about(s: Sentence, verb: int, dep: str, w: dict[str, frozenset[str]]) -> bool:
    """«attacks are expected», «its spread is expected to happen»; not «the attack is expected to embolden it»."""
    about = s.kids(verb, "xcomp")
    return dep == "nsubjpass" and (not about or any(s.lemmas[x] in w["verbs.occur"] for x in about))


def _under_noun(
    s: Sentence, node: int, head: int, dep: str, out: Stance, w: dict[str, frozenset[str]]
) -> Stance | None:
    lemma = s.lemmas[head]
    if dep in ("compound", "poss", "amod", "nmod") and s.is_noun(node):
        return _compound(out, lemma)
    if lemma in ("responsibility", "involvement", "role"):
        return None  # the deed itself is presupposed, whoever claims or denies it
    if lemma in w["nouns.attempted"]:
        return replace(out, phase="attempted")
    if lemma in w["nouns.alleged"]:
        out = out.with_status("alleged")
    elif lemma in w["nouns.possible"]:
        out = out.with_status("assessed").with_cue(_noun_cue(s, head))
        if lemma in ("risk", "threat", "prospect", "danger", "chance"):
            out = out.with_status("forecast")
        if lemma in ("capacity", "capability", "ability", "potential") and dep in ("acl", "prep"):
            out = replace(out, hypothetical=out.hypothetical or "a capability")
    elif lemma in w["nouns.planned"] and dep in ("acl", "prep"):
        why = "a plan" if lemma in ("plot", "plan", "threat", "order") else "an aim"
        out = replace(out, phase="planned", hypothetical=out.hypothetical or why)
    elif lemma in w["nouns.forecast"]:
        out = out.with_status("forecast")
    elif lemma in w["nouns.negated"]:
        out = out.negate()
    return _own(s, head, out, w, light=False) if dep != "acl" or s.tags[node] == "VB" else None


def _compound(out: Stance, lemma: str) -> Stance:
    if lemma in ("attempt", "bid"):
        return replace(out, phase="attempted", polarity="negated")
    if lemma in ("plot", "plan", "threat"):
        return replace(out, phase="planned").with_status("assessed")
    return out


def _noun_cue(s: Sentence, head: int) -> str:
    if head > 1 and s.lowers[head - 1] == "no" and s.lowers[head - 2] in ("almost", "virtually", "nearly"):
        return f"{s.words[head - 2]} no {s.words[head]}"
    return f"{s.words[head]} of" if any(s.lowers[c] == "of" for c in s.kids(head, "prep")) else s.words[head]


def _under_adjective(s: Sentence, head: int, out: Stance, w: dict[str, frozenset[str]], verbal: bool = False) -> Stance:
    word = s.lowers[head]
    to = " to" if head + 1 < len(s) and s.lowers[head + 1] == "to" else ""
    if word in w["adjectives.estimative"]:
        return out.with_status("forecast").with_cue(_with_degree(s, head) + to)
    if word in w["adjectives.aimed"]:
        return replace(out, phase="planned", hypothetical=out.hypothetical or "an aim")
    if word in w["adjectives.possible"]:
        return out.with_status("assessed").with_cue(s.words[head])
    if word == "capable" and verbal:
        return replace(out.with_status("assessed"), hypothetical=out.hypothetical or "a capability")
    if word in w["adjectives.assessed"]:
        return out.with_status("assessed")
    if word in w["adjectives.forecast"]:
        out = out.with_status("forecast")
        return out.with_cue(s.words[head] + to) if word == "expected" else out
    if word in w["adjectives.negated"]:
        return out.negate()
    return out


def _condition(s: Sentence, pred: int, out: Stance) -> Stance:
    """The if-clause of the clause that the predicate is the main verb of."""
    node = pred
    for _ in range(20):
        for c in s.kids(node, "advcl"):
            marks = {s.lowers[k] for k in s.kids(c, "mark", "advmod")}
            if marks & {"if", "unless"} and out.hypothetical is None:
                a, b = syntax.clause(s, c)
                return replace(out, status="conditional", condition=(a, b))
        if s.heads[node] == node or s.deps[node] in ("relcl", "advcl", "ccomp", "nsubj"):
            break
        node = s.heads[node]
    return out
