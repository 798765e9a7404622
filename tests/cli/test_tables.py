"""Statements said in short."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import strategies
from spillover.cli.console import printable
from spillover.cli.tables import counts, quantity, role, statement_table, time
from spillover.reading.statement import Quantity, Role, Time


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2014-01-01", "2014-12-31", "2014"),
        ("2020-02-01", "2020-02-29", "2020-02"),
        ("2021-02-01", "2021-02-27", "2021-02-01 – 2021-02-27"),
        ("2021-02-03", "2021-02-03", "2021-02-03"),
        ("2021-01-01", "2021-04-30", "2021-01-01 – 2021-04-30"),
        ("2020-05-01", None, "2020-05-01 – …"),
        (None, "2020-05-01", "… – 2020-05-01"),
        (None, None, "in the medium term"),
    ],
)
def test_times(start, end, said):
    assert time(Time("in the medium term", start, end)) == said


@pytest.mark.parametrize(
    ("low", "high", "bound", "said"),
    [
        (77, 77, "exact", "77 attack"),
        (500, 1500, "range", "500 – 1,500 attack"),
        (20, None, "at_least", "≥ 20 attack"),
        (None, 20, "at_most", "≤ 20 attack"),
        (8000, 8000, "about", "~ 8,000 attack"),
        (2000, None, "vague", "2,000 attack"),
        (None, None, "vague", "many attack"),
        (12.5, 12.5, "exact", "12.5 attack"),
    ],
)
def test_quantities(low, high, bound, said):
    assert quantity(Quantity("many", low, high, "attack", bound)) == said


def test_an_actor_s_id_is_shown_where_the_words_do_not_show_it():
    assert role(Role("the Taliban", 0, 11, actor="taliban")) == "the Taliban"
    assert role(Role("ISKP", 0, 4, actor="islamic-state-khorasan")) == "ISKP [islamic-state-khorasan]"
    assert role(Role("it", 0, 2)) == "it"


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(strategies.statements(), max_size=3))
def test_any_statement_can_be_shown(statements):
    table = statement_table(statements)
    assert table.row_count == len(statements)
    assert counts(statements).startswith(f"{len(statements)} statement")


@given(st.text(st.characters()))
def test_nothing_printed_steers_a_terminal(text):
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", printable(text))
