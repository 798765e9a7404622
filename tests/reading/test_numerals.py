"""Numbers as digits and as words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spillover.reading.numerals import SCALES, TENS, UNITS, value

_SMALL = {n: w for w, n in UNITS.items()} | {n: w for w, n in TENS.items() if w != "fourty"}


def spelled(n: int, joiner: str) -> str:
    """British ("and") or American (" ") words for a number below a billion."""
    if n in _SMALL:
        return _SMALL[n]
    if n < 100:
        return f"{_SMALL[n // 10 * 10]}-{_SMALL[n % 10]}"
    for size, word in ((1_000_000, "million"), (1000, "thousand"), (100, "hundred")):
        if n >= size:
            head, rest = divmod(n, size)
            tail = "" if not rest else (joiner if rest < 100 else " ") + spelled(rest, joiner)
            return f"{spelled(head, joiner)} {word}{tail}"
    raise AssertionError(n)


@given(st.integers(0, 999_999_999), st.sampled_from([" ", " and "]))
def test_words_are_worth_what_they_spell(n: int, joiner: str) -> None:
    assert value(spelled(n, joiner)) == n


@given(st.integers(0, 10**12))
def test_digits_with_and_without_commas(n: int) -> None:
    assert value(str(n)) == n
    assert value(f"{n:,}") == n


@given(st.integers(1, 999), st.sampled_from(sorted(SCALES)))
def test_digits_with_a_scale_word(n: int, scale: str) -> None:
    assert value(f"{n} {scale}") == n * SCALES[scale]


@pytest.mark.parametrize(
    ("said", "worth"),
    [
        ("half a dozen", 6),
        ("a dozen", 12),
        ("dozen", 12),
        ("two dozen", 24),
        ("half a million", 500_000),
        ("a hundred", 100),
        ("1.5 million", 1_500_000),
        ("10k", 10_000),
        ("1 500", 1500),
        ("two hundred and fifty", 250),
        ("a thousand", 1000),
    ],
)
def test_idioms(said: str, worth: float) -> None:
    assert value(said) == worth


@pytest.mark.parametrize("said", ["", "first", "fifteenth", "many", "one two", "1,5", "hundreds"])
def test_what_is_no_number(said: str) -> None:
    assert value(said) is None
