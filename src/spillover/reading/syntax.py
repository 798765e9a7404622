"""Who does what to whom in a parsed sentence: the arguments of verbs and of nouns that name an action.

Dependencies are ClearNLP's, as spaCy's English models give them. Arguments that the grammar leaves out are filled in:
subjects of conjoined and non-finite verbs, heads of relative clauses, objects of passives.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from spillover.lexicon import word_list
from spillover.reading.sentence import Sentence

RELATIVE = frozenset({"who", "which", "that", "whom", "whose", "where"})
PARTITIVE = word_list("syntax", "partitive")
_SUBJECT = ("nsubj", "nsubjpass", "csubj", "expl")


@dataclass(slots=True)
class Arguments:
    """Tokens that fill the places of a predicate. ``preps``: preposition → heads of what it governs."""

    agents: list[int] = field(default_factory=list)
    patients: list[int] = field(default_factory=list)
    preps: dict[str, list[int]] = field(default_factory=dict)
    passive: bool = False


def conjuncts(s: Sentence, i: int) -> list[int]:
    """The noun and those joined to it by «and», «or», a comma."""
    out = [i]
    for c in s.kids(i, "conj"):
        if not s.is_verb(c) or s.tags[c] == "VBG":
            out += conjuncts(s, c)
    return out


_NAMING = frozenset({"like", "including", "as", "namely"})
_COLLECTING = word_list("syntax", "collecting")


def expand(s: Sentence, i: int) -> list[int]:
    """The names inside a collective noun: «groups of A, B and C» are A, B and C; «members of X like A and B» are also
    A and B.
    """
    if i in s.actor_at or not s.is_noun(i):
        return [i]
    named = [
        k
        for p, ks in prepositions(s, i).items()
        if p in _NAMING
        for k in ks
        if k in s.actor_at or s.entities.get(k, ("",))[0] == "PERSON"
    ]
    if named:
        return [*named, i]
    if s.lemmas[i] in _COLLECTING:
        below = prepositions(s, i)
        inside = [k for p in ("of", "from") for k in below.get(p, []) if k in s.actor_at]
        if len(inside) > 1:
            return inside
        before = [
            k
            for c in s.kids(i, "compound", "nmod", "poss")
            if c in s.actor_at
            for k in conjuncts(s, c)
            if k in s.actor_at
        ]
        if len(before) > 1:  # «PKK and KDP fighters»
            return before
        after = [k for c in s.kids(i, "appos") for k in conjuncts(s, c) if k in s.actor_at]
        if len(after) > 1:
            return after
    return [i]


def first_conjunct(s: Sentence, i: int) -> int:
    """The head of the list that token ``i`` is in."""
    while s.deps[i] == "conj" and s.heads[i] != i:
        i = s.heads[i]
    return i


def prepositions(s: Sentence, i: int) -> dict[str, list[int]]:
    """Prepositional phrases of token ``i``: preposition → noun heads, lists opened, chained ones («from inside X»)
    joined.
    """
    out: dict[str, list[int]] = {}
    for c in s.kids(i, "prep", "agent", "dative", "prt"):
        _preposition(s, c, s.lowers[c], out)
    for c in s.kids(i, "advmod"):  # «back into the group», «away from»
        for k in s.kids(c, "prep"):
            _preposition(s, k, s.lowers[k], out)
    return out


def _preposition(s: Sentence, c: int, name: str, out: dict[str, list[int]]) -> None:
    for k in s.children[c]:
        if s.deps[k] == "pobj" and s.lowers[k] == "front" and name == "in":
            out.setdefault("outside", []).extend(
                x for p in s.kids(k, "prep") for o in s.kids(p, "pobj") for x in conjuncts(s, o)
            )
        elif s.deps[k] in ("pobj", "pcomp"):
            if s.deps[k] == "pcomp" and s.is_verb(k):
                out.setdefault(name + "+ing", []).append(k)
            else:
                out.setdefault(name, []).extend(conjuncts(s, k))
        elif s.deps[k] == "prep":
            _preposition(s, k, s.lowers[k], out)
            if name in ("because", "according", "due", "owing", "instead", "along", "together", "out"):
                _preposition(s, k, f"{name} {s.lowers[k]}", out)
        elif s.deps[k] == "conj" and s.deps[c] in ("prep", "agent"):
            _preposition(s, k, s.lowers[k], out)


def is_passive(s: Sentence, i: int) -> bool:
    """Is the verb a passive, finite or reduced («imposed by the Taliban»)?"""
    if s.kids(i, "auxpass", "nsubjpass"):
        return True
    if s.deps[i] == "conj" and s.tags[i] == "VBN" and s.kids(i, "nsubj") and not s.kids(i, "aux", "dobj"):
        up = s.heads[i]  # «15 were killed and 30 others wounded», «left 22 dead and 35 wounded»
        return s.is_verb(up) and (is_passive(s, up) or s.lemmas[up] == "leave")
    if s.tags[i] == "VBN" and s.deps[i] in ("acl", "amod", "advcl", "pcomp") and not s.kids(i, "aux", "dobj", "nsubj"):
        return True
    if (
        s.deps[i] == "conj"
        and s.tags[i] in ("VBN", "VBD")
        and not s.kids(i, *_SUBJECT, "aux")
        and s.is_verb(s.heads[i])
    ):
        return s.tags[i] == "VBN" and is_passive(s, s.heads[i])
    return False


def arguments(s: Sentence, i: int) -> Arguments:
    """The arguments of a verb."""
    args = Arguments(passive=is_passive(s, i), preps=prepositions(s, i))
    subjects = [k for c in s.kids(i, "nsubj", "nsubjpass", "csubj") for k in conjuncts(s, c)]
    subjects = [_relative(s, i, k) for k in subjects]
    objects = [_relative(s, i, k) for c in s.kids(i, "dobj", "dative", "oprd") for k in conjuncts(s, c)]
    if not subjects:
        subjects = _implied_subjects(s, i, args.passive)
    if not args.passive:
        args.agents, args.patients = subjects, objects
        if not objects:
            args.patients = _implied_objects(s, i)
    else:
        args.agents = args.preps.get("by", [])
        args.patients = subjects + objects
    return args


def _relative(s: Sentence, verb: int, k: int) -> int:
    """The noun that a relative pronoun stands for."""
    if s.lowers[k] in RELATIVE and s.tags[k] in ("WP", "WDT", "IN", "WP$"):
        for up in (verb, *s.ancestors(verb)):
            if s.deps[up] == "relcl":
                return s.heads[up]
    return k


def _implied_subjects(s: Sentence, i: int, passive: bool) -> list[int]:
    dep, head = s.deps[i], s.heads[i]
    if head == i:
        return []
    if dep == "conj" and s.is_verb(head):
        up = arguments(s, head)
        return (
            (up.patients if up.passive else up.agents) if is_passive(s, head) == passive or not passive else up.agents
        )
    if dep == "relcl":
        return [head] if not s.kids(i, "nsubj", "nsubjpass") and not _has_relative_object(s, i) else []
    if dep == "acl":
        if s.is_verb(head):
            return arguments(s, head).agents
        if s.tags[i] == "VB":  # «the Taliban's willingness to work», «a plan by X to attack»
            owners = nominal(s, head)
            return owners.agents or _light_verb_subjects(s, head)
        if s.tags[i] == "VBG" and s.lemmas[head] in _TELLING:  # «posted a video declaring allegiance»
            return _light_verb_subjects(s, head)
        return _said_to_be(s, head) if s.tags[i] in ("VBG", "VBN", "VBD") else []
    if dep in ("xcomp", "advcl", "ccomp", "pcomp", "dep", "prep", "punct") or dep == "advmod":
        if dep == "pcomp":
            verb = s.heads[head]
            if s.is_verb(verb) and s.lemmas[verb] in _OBJECT_OF_BLAME:  # «accuses Kinshasa of supporting»
                up = arguments(s, verb)
                return up.patients or up.agents
            return _subjects_above(s, head)
        if not s.is_verb(head):
            return _subjects_above(s, head)
        up = arguments(s, head)
        if (
            dep == "xcomp"
            and up.patients
            and not up.passive
            and s.tags[i] == "VB"
            and s.lemmas[head] not in _SUBJECT_CONTROL
        ):
            return up.patients
        return up.patients if up.passive else up.agents
    return []


def _said_to_be(s: Sentence, noun: int) -> list[int]:
    """«X is a group based in Y»: what is said of the predicate noun is said of X."""
    verb = s.heads[noun]
    if s.deps[noun] == "attr" and s.lemmas[verb] == "be" and noun not in s.actor_at:
        subjects = [k for k in s.kids(verb, "nsubj") if k in s.actor_at]
        if subjects:
            return [k for c in subjects for k in conjuncts(s, c)]
    return [noun]


_OBJECT_OF_BLAME = word_list("syntax", "object_of_blame")
_TELLING = word_list("syntax", "telling")
_SUBJECT_CONTROL = word_list("syntax", "subject_control")


def _subjects_above(s: Sentence, i: int) -> list[int]:
    """Subjects of the nearest verb or action noun above a token that is neither."""
    for up in (i, *s.ancestors(i)):
        if s.is_verb(up):
            args = arguments(s, up)
            return args.patients if args.passive else args.agents
        if s.is_noun(up):
            owners = nominal(s, up)
            if owners.agents:
                return owners.agents
    return []


def _light_verb_subjects(s: Sentence, noun: int) -> list[int]:
    head = s.heads[noun]
    if s.deps[noun] in ("dobj", "attr", "pobj") and head != noun:
        return _subjects_above(s, head)
    return []


def _has_relative_object(s: Sentence, i: int) -> bool:
    return any(s.lowers[c] in RELATIVE for c in s.kids(i, "dobj", "pobj", "dative"))


def _implied_objects(s: Sentence, i: int) -> list[int]:
    """«vehicles that they hit», «killed and wounded three»."""
    if s.deps[i] == "relcl" and s.kids(i, "nsubj"):
        if not any(s.lowers[c] in RELATIVE for c in s.kids(i, "nsubj")):
            return [s.heads[i]]
        return []
    for c in s.kids(i, "conj"):
        if s.is_verb(c) and s.tags[c] == s.tags[i] and not s.kids(c, *_SUBJECT):
            shared = [k for o in s.kids(c, "dobj") for k in conjuncts(s, o)]
            if shared and c - i <= 4:
                return shared
    return []


def nominal(s: Sentence, i: int) -> Arguments:
    """The arguments of a noun that names an action («the Taliban's closure of mosques», «ISKP assaults», «attack by X
    on Y»).
    """
    args = Arguments(preps=prepositions(s, i))
    owners = [k for c in s.kids(i, "poss") for k in conjuncts(s, c)]
    owners += args.preps.get("by", [])
    for c in s.kids(i, "compound", "amod", "nmod"):
        if is_where(s, c):
            continue
        if c in s.actor_at or c in s.demonym_at:
            owners.append(c)
        elif s.tags[c] in ("VBN", "VBD"):  # «ISKP-launched attacks»
            owners += [k for k in s.children[c] if k in s.actor_at]
    for c in s.kids(i, "acl"):
        if s.tags[c] in ("VBN", "VBD"):  # «attacks spearheaded by ISKP»
            owners += prepositions(s, c).get("by", [])
    if not owners:
        owners = _trailing_doer(s, i)
    if not owners:  # «the attack on a hotel by X»: the parser hangs «by» on the hotel
        inside = [k for name in ("on", "at", "against", "in", "of") for k in args.preps.get(name, [])]
        owners = [x for k in inside for x in prepositions(s, k).get("by", []) if x in s.actor_at]
    args.agents = owners
    args.patients = [k for c in ("of", "against") for k in args.preps.get(c, [])]
    return args


_ON_THE_GROUND = word_list("syntax", "on_the_ground")


def is_where(s: Sentence, c: int) -> bool:
    """«Mali ambush», «the 2008 Mumbai attacks»: a country's or town's name in front of a deed done on the ground is
    where, not who; «US attack» is who.
    """
    return (
        s.deps[c] == "compound"
        and c in s.place_at
        and c not in s.demonym_at
        and not s.words[c].isupper()
        and "." not in s.words[c]
        and s.lemmas[s.heads[c]] in _ON_THE_GROUND
    )


_DOING = word_list("syntax", "doing")


def _trailing_doer(s: Sentence, i: int) -> list[int]:
    """«there have been 77 attacks in A during B, spearheaded by X», where the participle hangs on the verb instead."""
    verb = s.heads[i]
    if s.deps[i] not in ("attr", "dobj", "nsubj", "nsubjpass") or verb == i:
        return []
    for c in s.kids(verb, "advcl"):
        if (
            c > i
            and s.tags[c] == "VBN"
            and s.lemmas[c] in _DOING
            and not s.kids(c, "aux", "auxpass", "nsubj", "nsubjpass", "mark")
        ):
            return prepositions(s, c).get("by", [])
    return []


def noun_phrase(s: Sentence, i: int, whole: bool = False) -> tuple[int, int]:
    """Offsets of the noun phrase of head ``i``: its words on the left and, where it needs them, an «of» phrase.

    ``whole``: with all its complements but relative clauses and appositions.
    """
    tokens = [i]
    for c in s.children[i]:
        dep = s.deps[c]
        if c < i:
            if dep in (
                "det",
                "amod",
                "compound",
                "nummod",
                "poss",
                "nmod",
                "quantmod",
                "predet",
                "advmod",
                "npadvmod",
                "case",
                "punct",
                "nounmod",
            ):
                tokens += s.subtree(c)
        elif (dep == "prep" and s.lowers[c] == "of" and (whole or _needs_of(s, i))) or (whole and dep == "prep"):
            tokens += _without_clauses(s, c)
        elif dep in ("nummod", "compound", "case") and c == i + 1 and dep != "case":
            tokens.append(c)
    first = min(tokens)
    # Leading quotation marks and commas are no part of a name.
    kept = list(range(first, max(tokens) + 1))
    while kept and kept[0] != i and _is_time(s, kept[0]):
        kept.pop(0)
    while kept and s.deps[kept[0]] == "punct" and kept[0] != i and s.words[kept[0]] in "“\"'‘,-–—":
        kept.pop(0)
    return s.starts[kept[0]], s.ends[kept[-1]]


def _is_mark(s: Sentence, t: int) -> bool:
    return s.deps[t] == "punct" and s.words[t] in "“\"‘'‘,-–—"


def _is_time(s: Sentence, t: int) -> bool:
    """«In April 2014 Shekau's men»: the date is no part of the noun phrase that the parser took it into."""
    return any(m.start <= s.starts[t] < m.end and m.kind == "point" for m in s.mentions.times)


def _needs_of(s: Sentence, i: int) -> bool:
    if s.lemmas[i] in PARTITIVE or s.tags[i] in ("CD", "DT", "PRP", "JJS"):
        return True
    inside = [k for c in s.kids(i, "prep") if s.lowers[c] == "of" for k in s.subtree(c)]
    return not any(k in s.actor_at for k in inside)


def _without_clauses(s: Sentence, c: int) -> list[int]:
    out, stack = [], [c]
    while stack:
        j = stack.pop()
        out.append(j)
        stack += [k for k in s.children[j] if s.deps[k] not in ("relcl", "appos", "acl", "advcl", "punct") or k < j]
    # The stretch has to be of one piece: stop at the first gap that is not punctuation.
    out.sort()
    kept = [out[0]]
    for t in out[1:]:
        if t - kept[-1] > 2:
            break
        kept.append(t)
    return kept


def clause(s: Sentence, i: int, without: frozenset[str] = frozenset()) -> tuple[int, int]:
    """Offsets of the words below token ``i``, without children of the named dependencies and outer punctuation."""
    tokens = {i}
    for c in s.children[i]:
        if s.deps[c] not in without:
            tokens.update(s.subtree(c))
    kept = sorted(tokens)
    # one contiguous stretch around the head
    at = kept.index(i)
    lo = hi = at
    while lo > 0 and kept[lo - 1] == kept[lo] - 1:
        lo -= 1
    while hi < len(kept) - 1 and kept[hi + 1] == kept[hi] + 1:
        hi += 1
    kept = kept[lo : hi + 1]
    while len(kept) > 1 and (s.deps[kept[0]] in ("punct", "cc") or s.words[kept[0]] in '“"”‘’,;:–—-'):
        kept.pop(0)
    while len(kept) > 1 and (s.deps[kept[-1]] == "punct" or s.words[kept[-1]] in ".,;:"):
        kept.pop()
    return s.starts[kept[0]], s.ends[kept[-1]]


def verbs_above(s: Sentence, i: int) -> Iterator[int]:
    """Verbs that govern token ``i``, nearest first."""
    for up in s.ancestors(i):
        if s.is_verb(up):
            yield up


def lists(s: Sentence, heads: list[int]) -> list[int]:
    """Heads with their conjuncts, each once, in order."""
    return list(dict.fromkeys(k for h in heads for k in conjuncts(s, h)))
