"""Lemmas by the model's own rules, and the error where no model is installed."""

from __future__ import annotations

import pytest

from spillover.errors import ModelMissing
from spillover.reading import language
from spillover.reading.language import INSTALL, Lemmas, load_model


@pytest.fixture(scope="module")
def lemmas() -> Lemmas:
    return Lemmas(load_model())


@pytest.mark.parametrize(
    ("form", "tag", "lemma"),
    [
        ("killed", "VBN", "kill"), ("killing", "VBG", "kill"), ("fought", "VBD", "fight"), ("seized", "VBD", "seize"),
        ("fled", "VBD", "flee"), ("attacks", "NNS", "attack"), ("attacks", "VBZ", "attack"), ("was", "VBD", "be"),
        ("bodies", "NNS", "body"), ("women", "NNS", "woman"), ("allies", "NNS", "ally"), ("taken", "VBN", "take"),
        ("planning", "VBG", "plan"), ("left", "VBD", "leave"), ("clashes", "NNS", "clash"),
    ],
)  # fmt: skip
def test_lemmas_of_words_of_conflict(lemmas, form, tag, lemma):
    assert lemmas.lemma(form, tag) == lemma


@pytest.mark.parametrize("word", ["attack", "attacked", "soldiers", "quickly", "heavily", "armed"])
def test_english_words_are_known(lemmas, word):
    assert lemmas.is_word(word)


@pytest.mark.parametrize("word", ["nangarhar", "zxqv", "", "١٢", "b2b"])
def test_other_strings_are_not(lemmas, word):
    assert not lemmas.is_word(word)


def test_an_unknown_form_stays_as_it_is(lemmas):
    assert lemmas.lemma("zxqv", "NN") == "zxqv"
    assert lemmas.lemma("", "NN") == ""


def test_rules_and_the_models_own_lemmatizer_agree(lemmas):
    nlp = load_model()
    text = "The rebels attacked villages, killing dozens of women and taking hostages as they fled from burning houses."
    doc = nlp(text)
    plain = [t for t in doc if t.tag_[:2] in ("NN", "VB")]
    assert [lemmas.lemma(t.lower_, t.tag_) for t in plain] == [t.lemma_.lower() for t in plain]


def test_without_a_model_the_error_names_the_command(monkeypatch):
    monkeypatch.setattr(language, "model_name", lambda: None)
    load_model.cache_clear()
    try:
        with pytest.raises(ModelMissing, match="pip install"):
            load_model()
    finally:
        load_model.cache_clear()
    assert INSTALL.startswith("python -m pip install")
