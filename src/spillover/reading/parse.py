"""Sentences as the rules see them: words with offsets, lemmas, dependencies, and the mentions on each word.

Names go into the parser as *one familiar word*: a group as "Hamas", a force as "troops". The small model was never
trained on "Tehreek-e-Taliban Pakistan (TTP)" and loses the clause around it; it knows what "Hamas" does in a sentence.
Parentheses are left out of the parse. Offsets always count in the document's clean text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from spacy.attrs import DEP, ENT_IOB, ENT_TYPE, HEAD, TAG
from spacy.tokens import Doc

from spillover.lexicon import read_lines
from spillover.reading.entities import find_entities, place_mentions
from spillover.reading.language import Lemmas
from spillover.reading.repairs import mend
from spillover.reading.sentence import Sentence

if TYPE_CHECKING:
    from spacy.language import Language

M = TypeVar("M")
_FORMS = {"group": "Hamas", "organisation": "Hamas", "state": "Russia", "state_force": "troops", "media": "Reuters",
          "person": "Smith", "community": "Muslims"}  # fmt: skip
_FOOTNOTE = re.compile(r"\[\d{1,3}\]")
_BREAKS = re.compile(r"\s")


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
            forms.append(form.replace("’", "'"))  # the parser was not trained on «didn’t»
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
        s.lowers = [w.casefold().replace("’", "'") for w in s.words]
        s.lemmas = [self._lemmas.lemma(w, t) for w, t in zip(s.lowers, s.tags, strict=True)]
        s.children = [[] for _ in s.heads]
        for i, h in enumerate(s.heads):
            if h != i:
                s.children[h].append(i)
        mend(s)
        place_mentions(s)
        find_entities(s, [strings[e] for e in rows[:, 3].tolist()], rows[:, 4].tolist())


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
