"""Mentions and named entities on the tokens of a parsed sentence; persons and places that lists and model miss."""

from __future__ import annotations

from typing import TypeVar

from spillover.lexicon import read_lines, word_list
from spillover.reading.places import PlaceMention
from spillover.reading.sentence import Sentence

M = TypeVar("M")
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


def place_mentions(s: Sentence) -> None:
    """Put each mention on the token that is its syntactic head."""
    for actor in s.mentions.actors:
        _put(s, s.actor_at, actor.start, actor.end, actor)
    for place in s.mentions.places:
        _put(s, s.place_at, place.start, place.end, place)
    for number in s.mentions.quantities:
        _put(s, s.quantity_at, number.start, number.end, number)


def _put(s: Sentence, table: dict[int, M], start: int, end: int, mention: M) -> None:
    inside = [i for i in range(len(s.words)) if s.starts[i] < end and start < s.ends[i]]
    if inside:
        table[next((i for i in reversed(inside) if s.heads[i] not in inside or s.heads[i] == i), inside[-1])] = mention


def find_entities(s: Sentence, types: list[str], iobs: list[int]) -> None:
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


def _head(s: Sentence, i: int, j: int) -> int:
    return next((k for k in range(i, j) if not i <= s.heads[k] < j or s.heads[k] == k), j - 1)


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


def _unlisted_places(s: Sentence) -> None:
    """Villages and forests that the gazetteer does not have, where the model takes them for places and the text is
    cased.
    """
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
        if (label in ("PERSON", "ORG") and (taken or s.lowers[s.heads[i]] == "from")) or label in (
            "DATE",
            "TIME",
            "NORP",
            "EVENT",
            "LAW",
        ):
            continue
        left = [c for c in s.kids(i, "compound") if s.tags[c] == "NNP"]
        a, b = s.starts[min([i, *left])], s.ends[i]
        s.place_at[i] = _unlisted(s, a, b)
        s.entities.pop(i, None)


def _unlisted(s: Sentence, a: int, b: int) -> PlaceMention:
    return PlaceMention(a, b, s.text[a:b], None, None, None, None, None, (), None, False)  # type: ignore[arg-type]


_LOST = word_list("entities", "lost")
_SETTLEMENTS = word_list("entities", "settlements")


def _is_located(s: Sentence, i: int) -> bool:
    prep = s.heads[i]
    if s.lowers[prep] == "of":
        head = s.heads[prep]
        return s.lemmas[head] in _LOST or s.lowers[head] in _SETTLEMENTS
    return s.lowers[prep] in ("in", "at", "near", "outside", "around", "from")
