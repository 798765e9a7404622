"""The engine ``rules``: offline, deterministic, the default.

Mentions first (actors, places, times, numbers), then one parse a sentence, then the patterns of each kind, then the
gate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import TypeVar

from spillover.lexicon import Lexicon
from spillover.reading import attribution, syntax
from spillover.reading.actors import ActorFinder, demonym_table
from spillover.reading.coreference import Discourse, Entity
from spillover.reading.document import Document
from spillover.reading.drafts import finish
from spillover.reading.language import Lemmas, load_model
from spillover.reading.parse import Parser
from spillover.reading.patterns import aims, aliases, causes, counts, events, holders, mergers, presence, strength
from spillover.reading.persons import find_persons
from spillover.reading.places import Gazetteer, PlaceMention, countries_of
from spillover.reading.quantities import QuantityMention, find_quantities
from spillover.reading.reading import Mention, Reading
from spillover.reading.roles import Roles
from spillover.reading.ruleset import ruleset
from spillover.reading.scene import Draft, Scene
from spillover.reading.sentence import Mentions, Sentence
from spillover.reading.sentences import split
from spillover.reading.times import TimeMention, find_times
from spillover.reading.truecase import Truecaser, has_no_capitals

ENGINE = "rules"
M = TypeVar("M", TimeMention, QuantityMention, PlaceMention)


class RulesEngine:
    """Reads documents. Building one loads the language model; make one a process."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        nlp = load_model()
        self._lemmas = Lemmas(nlp)
        self._parser = Parser(nlp, self._lemmas)
        self._truecase = Truecaser(self._lemmas)
        self._gazetteer = Gazetteer.load(lexicon.places)
        self.ruleset = ruleset(lexicon)

    def read(self, document: Document) -> Reading:
        """Everything that the document states, sourced."""
        text = document.text
        lower = has_no_capitals(text)
        sentences, finder = self._sentences(document, lower)
        self._parse(sentences, lower)
        discourse = Discourse()
        roles = Roles(self._lexicon, discourse)
        scene = Scene(text, self._lexicon, sentences, discourse, roles)
        drafts: list[Draft] = []
        speaker = _Speakers(scene)
        for s in sentences:
            discourse.add(s, list(self._entities(s, discourse)))
            speaker.enter(s)
            drafts += self._drafts(scene, s, finder)
        statements, rejected = finish(scene, document, drafts, ENGINE)
        return Reading(document, tuple(statements), tuple(rejected), tuple(_mentions(sentences)), ENGINE, self.ruleset)

    # ---- before the parse ------------------------------------------------------------------------
    def _sentences(self, document: Document, lower: bool) -> tuple[list[Sentence], ActorFinder]:
        text, found = document.text, []
        for n, block in enumerate(document.blocks):
            if block.kind == "furniture" or block.repeat_of is not None:
                continue
            for a, b in split(text, block.start, block.end, lower):
                found.append((a, b, n, block.kind == "heading"))
        finder = ActorFinder(self._lexicon, text, lower, self._lemmas.is_word)
        places = [[_shift(p, a) for p in self._gazetteer.find(text[a:b])] for a, b, _, _ in found]
        finder.learn([(a, b) for a, b, _, _ in found], countries_of([p for row in places for p in row]))
        out: list[Sentence] = []
        for (a, b, n, heading), here in zip(found, places, strict=True):
            out.append(
                Sentence(
                    text, a, b, len(out), n, heading, self._mentions(finder, text, a, b, here, document.metadata.date)
                )
            )
        self._resolve_places(out)
        return out, finder

    def _mentions(
        self, finder: ActorFinder, text: str, a: int, b: int, places: list[PlaceMention], day: date | None
    ) -> Mentions:
        actors = finder.find(a, b)
        part = text[a:b]
        times = [_shift(t, a) for t in find_times(part, day)]
        times = [t for t in times if not any(m.start <= t.start and t.end <= m.end for m in actors)]
        skip = [(t.start - a, t.end - a) for t in times] + [(m.start - a, m.end - a) for m in actors]
        numbers = [replace(_shift(q, a), unit_start=q.unit_start + a) for q in find_quantities(part, skip)]
        named = [(m.start, m.end) for m in actors if m.kind not in ("state",)]
        places = [p for p in places if not any(x <= p.start and p.end <= y for x, y in named)]
        taken = [(m.start, m.end) for m in actors]
        taken += [(p.start, p.end) for p in places] + [(t.start, t.end) for t in times]
        return Mentions(actors, places, times, numbers, find_persons(text, a, b, taken))

    def _resolve_places(self, sentences: list[Sentence]) -> None:
        every = [p for s in sentences for p in s.mentions.places]
        resolved = {p.start: p for p in self._gazetteer.resolve(every)}
        for s in sentences:
            s.mentions.places = [resolved[p.start] for p in s.mentions.places if p.start in resolved]

    def _parse(self, sentences: list[Sentence], lower: bool) -> None:
        plain = [s for s in sentences if not s.heading]
        headings = [s for s in sentences if s.heading]
        mend: Callable[[str, str], str] | None = self._truecase.lower if lower else None
        self._parser.parse(plain, mend)
        self._parser.parse(headings, mend or self._truecase.headline)
        demonyms = demonym_table()
        for s in sentences:
            for i, word in enumerate(s.lowers):
                d = demonyms.get(word)
                if d is not None and (lower or s.words[i][:1].isupper()) and i not in s.actor_at:
                    s.demonym_at[i] = d

    # ---- after the parse -------------------------------------------------------------------------
    def _entities(self, s: Sentence, discourse: Discourse) -> Iterator[Entity]:
        """What later pronouns may stand for."""
        for i in range(len(s)):
            if i in s.actor_at:
                m = s.actor_at[i]
                if m.kind == "state":
                    discourse.states[m.actor or m.name] += 1
                    if not _acts(s, i):
                        continue
                yield Entity(
                    s.index, i, m.start, m.end, m.surface, m.actor, m.kind, m.name, False, _weight(s, i), s.lowers[i]
                )
            elif i in s.entities and s.entities[i][0] in ("PERSON", "ORG") and s.tags[i].startswith("NNP"):
                label, first, last = s.entities[i]
                a, b = s.starts[first], s.ends[last - 1]
                surface = s.text[a:b]
                full = discourse.person(surface) if label == "PERSON" else None
                name = full.name if full is not None else surface
                kind = "person" if label == "PERSON" else "organisation"
                yield Entity(s.index, i, a, b, surface, None, kind, name, False, _weight(s, i), s.lowers[i])  # type: ignore[arg-type]
            elif i in s.demonym_at:
                discourse.states[s.demonym_at[i][1]] += 1
                if s.tags[i] in ("NNPS", "NNS") and _acts(s, i):
                    yield Entity(
                        s.index,
                        i,
                        s.starts[i],
                        s.ends[i],
                        s.words[i],
                        None,
                        "community",
                        s.words[i],
                        True,
                        _weight(s, i),
                        s.lowers[i],
                    )
            elif s.is_noun(i) and s.tags[i] in ("NNS", "NN") and _acts(s, i) and s.deps[i] != "poss":
                yield from self._common(s, i, discourse)

    @staticmethod
    def _common(s: Sentence, i: int, discourse: Discourse) -> Iterator[Entity]:
        from spillover.reading.nouns import noun_kinds

        kind = noun_kinds().get(s.lemmas[i])
        if kind is None:
            return
        a, b = syntax.noun_phrase(s, i)
        before = discourse.nominal(s, i)
        if before is not None:  # «the group» stands for what it takes up, for later pronouns too
            yield replace(
                before,
                sentence=s.index,
                token=i,
                start=a,
                end=b,
                surface=s.text[a:b],
                weight=_weight(s, i),
                head=s.lowers[i],
            )
            return
        actor = next(
            (
                s.actor_at[c].actor
                for c in s.kids(i, "compound", "poss", "amod", "nmod")
                if c in s.actor_at and s.actor_at[c].kind != "state"
            ),
            None,
        )
        plural = s.tags[i] == "NNS"
        yield Entity(
            s.index,
            i,
            a,
            b,
            s.text[a:b],
            actor,
            kind,
            s.text[a:b],
            plural,
            _weight(s, i) - (0.6 if actor is None else 0.2),
            s.lowers[i],
        )

    def _drafts(self, scene: Scene, s: Sentence, finder: ActorFinder) -> Iterator[Draft]:
        for pattern in (counts, events, mergers, holders, strength, presence, aims, causes):
            yield from pattern.find(scene, s)
        yield from aliases.find(scene, s, finder.definitions)


class _Speakers:
    """Follows quotations and speakers' colons through the blocks of a document."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._block = -1
        self._last: attribution.Source | None = None
        self._colon: attribution.Source | None = None
        self._colon_block = -1
        self._quotes: list[tuple[int, int]] = []

    def enter(self, s: Sentence) -> None:
        """Note who speaks in the sentence, and whom «we» stands for."""
        scene = self._scene
        if s.block != self._block:
            self._block, self._last = s.block, None
            end = max(x.end for x in scene.sentences if x.block == s.block)
            start = min(x.start for x in scene.sentences if x.block == s.block)
            self._quotes = attribution.quoted_spans(s.text, start, end)
            if (
                self._colon is not None
                and s.block > self._colon_block + 1
                and s.text[self._colon.sentence.end : start].count("\n\n") > 8
            ):
                self._colon = None
        own = attribution.introduces(s)
        inside = any(a <= s.start + 1 and s.end <= b + 1 for a, b in self._quotes)
        if inside and (self._last or (after := self._after(s))) is not None:
            scene.speakers[s.index] = [self._last or after]  # type: ignore[list-item]
        elif self._colon is not None and s.block > self._colon_block and not s.heading:
            scene.speakers[s.index] = [self._colon]
        if own is not None:
            self._last = own
            if s.quote.rstrip().endswith(":"):
                self._colon, self._colon_block = own, s.block
        self._we(s)

    def _after(self, s: Sentence) -> attribution.Source | None:
        """«“…” X said»: the speaker named after a quotation of several sentences."""
        for other in self._scene.sentences[s.index + 1 : s.index + 4]:
            if other.block != s.block:
                return None
            source = attribution.introduces(other)
            if source is not None:
                return source
        return None

    def _we(self, s: Sentence) -> None:
        scene = self._scene
        sources = scene.speakers.get(s.index) or ([own] if (own := attribution.introduces(s)) is not None else [])
        scene.roles.speaker = None
        for source in sources:
            found = scene.roles.affiliation(source.sentence, source.token)
            if found is not None:
                scene.roles.speaker = found
                return
        if any(a <= s.start + 1 and s.end <= b + 1 for a, b in self._quotes):
            return  # an unknown speaker's «we»
        scene.roles.speaker = scene.discourse.main_actor(frozenset({"state", "state_force", "organisation"}))


_ACTING = frozenset({"nsubj", "nsubjpass", "dobj", "pobj", "poss", "conj", "appos", "attr", "compound"})


def _acts(s: Sentence, i: int) -> bool:
    """Does a country's name stand for the state as an actor here (not in «in Russia»)?"""
    first = syntax.first_conjunct(s, i)
    dep = s.deps[first]
    if dep == "pobj":
        return s.lowers[s.heads[first]] in ("by", "with", "against", "between", "to", "from") or not s.place_at.get(i)
    return dep in ("nsubj", "nsubjpass", "dobj", "poss", "attr", "ROOT", "dative")


def _weight(s: Sentence, i: int) -> float:
    first = syntax.first_conjunct(s, i)
    weights = {"nsubj": 3.0, "nsubjpass": 3.0, "agent": 2.2, "dobj": 2.0, "poss": 1.8, "attr": 1.6, "compound": 1.2}
    weight = weights.get(s.deps[first], 1.4)
    return weight - (0.8 if s.heading else 0.0) - (0.2 if first != i else 0.0)


def _shift(mention: M, by: int) -> M:
    return replace(mention, start=mention.start + by, end=mention.end + by)


def _mentions(sentences: list[Sentence]) -> Iterator[Mention]:
    for s in sentences:
        for a in s.mentions.actors:
            yield Mention(a.start, a.end, a.surface, "actor", a.actor, a.how)
        for p in s.mentions.places:
            yield Mention(p.start, p.end, p.surface, "place", p.code)
        for t in s.mentions.times:
            yield Mention(t.start, t.end, t.surface, "time", f"{t.low or ''}/{t.high or ''}" if t.resolved else None)
        for q in s.mentions.quantities:
            yield Mention(q.start, q.end, q.surface, "quantity", f"{q.low}/{q.high}")
