"""Sentences as the rules see them: words with offsets, lemmas, dependencies, and the mentions on each word.

Names go into the parser as *one familiar word*: a group as "Hamas", a force as "troops". The small model was never
trained on "Tehreek-e-Taliban Pakistan (TTP)" and loses the clause around it; it knows what "Hamas" does in a sentence.
Parentheses are left out of the parse. Offsets always count in the document's clean text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spacy.attrs import DEP, ENT_IOB, ENT_TYPE, HEAD, TAG
from spacy.tokens import Doc

from spillover.lexicon import read_lines
from spillover.reading.actors import ActorMention
from spillover.reading.language import Lemmas
from spillover.reading.places import PlaceMention
from spillover.reading.quantities import QuantityMention
from spillover.reading.times import TimeMention

if TYPE_CHECKING:
    from spacy.language import Language

_FORMS = {"group": "Hamas", "organisation": "Hamas", "state": "Russia", "state_force": "troops", "media": "Reuters",
          "person": "Smith", "community": "Muslims"}  # fmt: skip
_FOOTNOTE = re.compile(r"\[\d{1,3}\]")
_BREAKS = re.compile(r"\s")


@dataclass(slots=True)
class Mentions:
    """What was found in a sentence before it is parsed."""

    actors: list[ActorMention]
    places: list[PlaceMention]
    times: list[TimeMention]
    quantities: list[QuantityMention]
    persons: list[tuple[int, int]]


class Sentence:
    """One parsed sentence. Token ``i`` has ``starts[i]``, ``ends[i]`` (offsets in the document), ``lemmas[i]``, ..."""

    __slots__ = (
        "actor_at",
        "block",
        "children",
        "definitions",
        "demonym_at",
        "deps",
        "end",
        "ends",
        "entities",
        "heading",
        "heads",
        "index",
        "lemmas",
        "lowers",
        "mentions",
        "place_at",
        "quantity_at",
        "quoted",
        "start",
        "starts",
        "tags",
        "text",
        "words",
    )  # fmt: skip

    def __init__(
        self, text: str, start: int, end: int, index: int, block: int, heading: bool, mentions: Mentions
    ) -> None:
        self.text, self.start, self.end, self.index, self.block = text, start, end, index, block
        self.heading, self.mentions = heading, mentions
        self.words: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.lowers: list[str] = []
        self.lemmas: list[str] = []
        self.tags: list[str] = []
        self.deps: list[str] = []
        self.heads: list[int] = []
        self.children: list[list[int]] = []
        self.actor_at: dict[int, ActorMention] = {}
        self.place_at: dict[int, PlaceMention] = {}
        self.quantity_at: dict[int, QuantityMention] = {}
        self.demonym_at: dict[int, tuple[str, str]] = {}
        self.entities: dict[int, tuple[str, int, int]] = {}
        self.quoted: list[bool] = []

    def __len__(self) -> int:
        return len(self.words)

    @property
    def quote(self) -> str:
        """The sentence's words."""
        return self.text[self.start : self.end]

    def surface(self, tokens: Iterable[int]) -> tuple[int, int]:
        """Offsets of the stretch from the first to the last of ``tokens``."""
        ts = list(tokens)
        return self.starts[min(ts)], self.ends[max(ts)]

    def root(self, i: int) -> int:
        """The root of the tree that token ``i`` is in."""
        while self.heads[i] != i:
            i = self.heads[i]
        return i

    def ancestors(self, i: int) -> Iterator[int]:
        """The heads of token ``i``, nearest first."""
        while self.heads[i] != i:
            i = self.heads[i]
            yield i

    @property
    def known_places(self) -> frozenset[str]:
        """Words of the places found in the sentence."""
        return frozenset(w for p in self.mentions.places for w in p.surface.casefold().split())

    def subtree(self, i: int) -> list[int]:
        """Token ``i`` and all below it, in order."""
        out, stack = [], [i]
        while stack:
            j = stack.pop()
            out.append(j)
            stack += self.children[j]
        return sorted(out)

    def kids(self, i: int, *deps: str) -> list[int]:
        """Children of ``i`` with one of these dependencies."""
        return [c for c in self.children[i] if self.deps[c] in deps]

    def token_at(self, offset: int) -> int | None:
        """The token that covers this offset."""
        for i, (a, b) in enumerate(zip(self.starts, self.ends, strict=True)):
            if a <= offset < b:
                return i
        return None

    def is_verb(self, i: int) -> bool:
        """Is the token tagged as a verb?"""
        return self.tags[i].startswith("VB") or (self.tags[i] == "MD")

    def is_noun(self, i: int) -> bool:
        """Is the token tagged as a noun or a name?"""
        return self.tags[i].startswith("NN")


class Parser:
    """Turns spans of text into sentences, in batches."""

    def __init__(self, nlp: Language, lemmas: Lemmas) -> None:
        self._nlp, self._lemmas = nlp, lemmas
        self._pipes = [nlp.get_pipe(n) for n in ("tok2vec", "tagger", "parser", "ner") if n in nlp.pipe_names]
        self._strings = nlp.vocab.strings

    def parse(
        self, sentences: Sequence[Sentence], truecase: Callable[[str, str], str] | None, batch: int = 128
    ) -> None:
        """Fill in words, tags and dependencies of ``sentences``. ``truecase(word, tag)`` mends missing capitals."""
        docs: Iterable[Doc] = [self._doc(s, truecase) for s in sentences]
        for pipe in self._pipes:
            docs = pipe.pipe(docs, batch_size=batch)  # type: ignore[attr-defined]
        for sentence, doc in zip(sentences, docs, strict=True):
            self._fill(sentence, doc)

    def _doc(self, s: Sentence, truecase: Callable[[str, str], str] | None) -> Doc:
        # footnote marks would stick to the words before them
        raw = _FOOTNOTE.sub(lambda m: " " * len(m.group()), s.quote)
        tokens = [(t.text, s.start + t.idx, s.start + t.idx + len(t.text)) for t in self._nlp.tokenizer(raw)]
        merges = _merges(s)
        forms: list[str] = []
        depth = skip_to = 0
        after_clause_end, in_name = True, False
        given = read_lines("first_names.txt")
        for text, a, b in tokens:
            if a < skip_to or not text.strip():
                continue
            if text in "([" and len(text) == 1:
                depth += 1
                if text == "(":
                    continue
                depth -= 1  # a bracketed insertion in a quotation belongs to the sentence
                continue
            if text in ")]" and len(text) == 1:
                depth = max(0, depth - (text == ")" or depth > 0))
                continue
            if depth and s.text.find(")" if "(" in s.text[s.start : a] else "]", a, s.end) >= 0:
                continue
            merge = merges.get(a)
            if merge is not None and _aligned(tokens, merge[0]):
                form, b, skip_to = merge[1], merge[0], merge[0]
            else:
                where = "start" if after_clause_end else "name" if in_name else ""
                form = truecase(text, where) if truecase else text
            in_name = form[:1].isupper() and (in_name or text in given)
            after_clause_end = False
            forms.append(form)
            s.words.append(s.text[a:b])
            s.starts.append(a)
            s.ends.append(b)
        if not forms:
            forms = ["."]
            s.words.append(raw[:1] or ".")
            s.starts.append(s.start)
            s.ends.append(min(s.start + 1, s.end))
        return Doc(self._nlp.vocab, words=forms)

    def _fill(self, s: Sentence, doc: Doc) -> None:
        strings = self._strings
        rows = doc.to_array([HEAD, DEP, TAG, ENT_TYPE, ENT_IOB])
        heads = rows[:, 0].astype("int64").tolist()
        s.heads = [i + h for i, h in enumerate(heads)]
        s.deps = [strings[d] for d in rows[:, 1].tolist()]
        s.tags = [strings[t] for t in rows[:, 2].tolist()]
        s.lowers = [w.casefold() for w in s.words]
        s.lemmas = [self._lemmas.lemma(w, t) for w, t in zip(s.lowers, s.tags, strict=True)]
        s.children = [[] for _ in s.heads]
        for i, h in enumerate(s.heads):
            if h != i:
                s.children[h].append(i)
        _cut_at_semicolons(s)
        _reattach_appositions(s)
        _same(s)
        _place_mentions(s)
        _entities(s, [strings[e] for e in rows[:, 3].tolist()], rows[:, 4].tolist())


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


def _merges(s: Sentence) -> dict[int, tuple[int, str]]:
    """Start offset → (end offset, word for the parser) of names that go in as one word."""
    out: dict[int, tuple[int, str]] = {}
    for p in s.mentions.places:
        if _BREAKS.search(p.surface) and not p.demonym and "border" not in p.surface.casefold():
            out[p.start] = (p.end, "Baghdad")
    for t in s.mentions.times:  # «On 9 June 2020 gunmen …» must not make one noun phrase
        if (
            t.kind == "point"
            and t.precision in ("day", "month")
            and any(c.isdigit() for c in t.surface)
            and _BREAKS.search(t.surface)
        ):
            before = s.text[max(s.start, t.start - 4) : t.start].casefold()
            out[t.start] = (t.end, "2014" if t.precision == "month" or before.endswith("in ") else "Sunday")
    taken = [(m.start, m.end) for m in s.mentions.actors]
    for p in s.mentions.places:
        if p.start in out and any(a < p.end and p.start < b and (a, b) != (p.start, p.end) for a, b in taken):
            del out[p.start]
    for a, b in s.mentions.persons:
        out[a] = (b, "Smith")
    for m in s.mentions.actors:
        if m.kind != "state" or _BREAKS.search(m.surface):
            out[m.start] = (m.end, _FORMS.get(m.kind, "Hamas"))
    return out


def _aligned(tokens: list[tuple[str, int, int]], end: int) -> bool:
    return any(b == end for _, _, b in tokens)


def _entities(s: Sentence, types: list[str], iobs: list[int]) -> None:
    """Named entities by the token of their head: ``entities[i] = (label, first token, last token + 1)``."""
    i = 0
    while i < len(types):
        if not types[i]:
            i += 1
            continue
        j = i + 1
        while j < len(types) and types[j] == types[i] and iobs[j] == 1:
            j += 1
        if types[i] == "PERSON":
            j = _rest_of_name(s, types, j)
        s.entities[_head(s, i, j)] = (types[i], i, j)
        i = j
    for a, b in s.mentions.persons:
        inside = [k for k in range(len(s.words)) if a <= s.starts[k] < b]
        if inside:
            for k in [k for k, (_, x, y) in s.entities.items() if x <= inside[-1] and inside[0] < y]:
                del s.entities[k]
            s.entities[_head(s, inside[0], inside[-1] + 1)] = ("PERSON", inside[0], inside[-1] + 1)
    _names_by_given_name(s)
    _unlisted_places(s)


def _unlisted_places(s: Sentence) -> None:
    """Villages and forests that the gazetteer does not have, where the model takes them for places and the text is cased."""
    for i, (label, first, last) in list(s.entities.items()):
        if label not in ("GPE", "LOC", "FAC") or i in s.place_at or i in s.actor_at or i in s.demonym_at:
            continue
        if any(k in s.place_at or k in s.actor_at for k in range(first, last)):
            continue
        first += s.lowers[first] in ("the", "a")
        if (
            first >= last
            or not s.words[first][:1].isupper()
            or s.heading
            or s.words[first].casefold() == s.words[first]
        ):
            continue
        a, b = s.starts[first], s.ends[last - 1]
        s.place_at[i] = _unlisted(s, a, b)
    if s.heading or s.quote == s.quote.casefold():
        return
    for i in range(len(s.words)):
        if s.tags[i] not in ("NNP", "NNPS") or i in s.place_at or i in s.actor_at or i in s.demonym_at:
            continue
        taken = s.deps[i] in ("dobj", "nsubjpass", "conj") and any(
            s.lemmas[k] in _TAKING for k in list(s.ancestors(i))[:2]
        )
        if (
            not (taken or (s.deps[i] == "pobj" and _is_located(s, i)))
            or any(t.start <= s.starts[i] < t.end for t in s.mentions.times)
            or s.words[i].isupper()
        ):
            continue
        label = s.entities.get(i, ("",))[0]
        if (
            (label in ("PERSON", "ORG")
            and (taken or s.lowers[s.heads[i]] == "from"))
            or label in ("DATE", "TIME", "NORP", "EVENT", "LAW")
        ):
            continue
        left = [c for c in s.kids(i, "compound") if s.tags[c] == "NNP"]
        a, b = s.starts[min([i, *left])], s.ends[i]
        s.place_at[i] = _unlisted(s, a, b)
        s.entities.pop(i, None)


def _unlisted(s: Sentence, a: int, b: int) -> PlaceMention:
    return PlaceMention(a, b, s.text[a:b], None, None, None, None, None, (), None, False)  # type: ignore[arg-type]


_TAKING = frozenset(
    {
        "capture",
        "seize",
        "retake",
        "recapture",
        "overrun",
        "take",
        "liberate",
        "clear",
        "occupy",
        "conquer",
        "hold",
        "control",
        "retain",
        "enter",
        "reach",
        "attack",
        "shell",
        "bomb",
        "storm",
        "besiege",
        "raid",
    }
)


def _is_located(s: Sentence, i: int) -> bool:
    prep = s.heads[i]
    if s.lowers[prep] in ("in", "at", "near", "outside", "around", "from"):
        return True
    if s.lowers[prep] == "of" and s.lemmas[s.heads[prep]] in (
        "capture",
        "seizure",
        "fall",
        "siege",
        "battle",
        "loss",
        "liberation",
        "recapture",
    ):
        return True
    return s.lowers[prep] == "of" and s.lowers[s.heads[prep]] in (
        "village",
        "town",
        "city",
        "district",
        "port",
        "hamlet",
        "province",
    )


def _cut_at_semicolons(s: Sentence) -> None:
    """What stands on the other side of a semicolon is a sentence of its own, whatever the parser hung it on."""
    marks = [i for i, w in enumerate(s.words) if w == ";"]
    for i, h in enumerate(s.heads):
        if s.deps[i] in ("ccomp", "parataxis", "conj", "advcl", "dep", "relcl") and any(
            min(i, h) < m < max(i, h) for m in marks
        ):
            s.children[h].remove(i)
            s.heads[i], s.deps[i] = i, "ROOT"


def _head(s: Sentence, i: int, j: int) -> int:
    return next((k for k in range(i, j) if not i <= s.heads[k] < j or s.heads[k] == k), j - 1)


def _names_by_given_name(s: Sentence) -> None:
    """A run of proper nouns that starts with a given name is a person, whatever the model took it for."""
    given, n = read_lines("first_names.txt"), len(s.words)
    i = 0
    while i < n:
        if not s.tags[i].startswith("NNP") or i in s.actor_at:
            i += 1
            continue
        j = i + 1
        while (
            j < n
            and (s.tags[j].startswith("NNP") or s.lowers[j] in ("de", "del", "la", "los", "bin", "ibn", "al"))
            and s.starts[j] - s.ends[j - 1] <= 1
            and "." not in s.words[j]
        ):
            j += 1
        first = next((k for k in range(i, j) if s.lowers[k] in given), None)
        if first is not None and j - first >= 2 and all(s.lowers[k] not in s.known_places for k in range(first, j)):
            for k in [k for k, (label, a, b) in s.entities.items() if a < j and first < b]:
                del s.entities[k]
            s.entities[_head(s, first, j)] = ("PERSON", first, j)
        i = j


def _rest_of_name(s: Sentence, types: list[str], j: int) -> int:
    """A person's name runs on through hyphens and further capitalised names («al-Mazidi»)."""
    while j < len(types):
        if (
            types[j] in ("", "PERSON")
            and s.tags[j].startswith("NNP")
            and s.words[j - 1] not in ",;"
            and s.ends[j - 1] + 1 >= s.starts[j]
        ):
            j += 1
        elif (
            s.words[j] in ("-", "‑")
            and j + 1 < len(types)
            and s.ends[j] == s.starts[j + 1]
            and s.words[j + 1][:1].isalpha()
        ):
            j += 2
        elif (
            s.lowers[j] in ("al", "bin", "ibn", "el", "ul", "de", "abu")
            and j + 1 < len(types)
            and (s.words[j + 1] == "-" or s.tags[j + 1].startswith("NNP"))
        ):
            j += 1
        else:
            break
    return min(j, len(types))


def _place_mentions(s: Sentence) -> None:
    """Put each mention on the token that is its syntactic head."""
    for table, mentions in (
        (s.actor_at, s.mentions.actors),
        (s.place_at, s.mentions.places),
        (s.quantity_at, s.mentions.quantities),
    ):
        for m in mentions:  # type: ignore[attr-defined]
            inside = [i for i in range(len(s.words)) if s.starts[i] < m.end and m.start < s.ends[i]]
            if inside:
                head = next((i for i in reversed(inside) if s.heads[i] not in inside or s.heads[i] == i), inside[-1])
                table[head] = m  # type: ignore[index]
