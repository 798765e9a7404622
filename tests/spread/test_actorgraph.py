"""Dyads and triangles by hand, balance against every triple, words of every case."""

from __future__ import annotations

import json
from datetime import date
from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import made
from real import CAR, MYANMAR, PAKISTAN, real

from spillover.errors import SpreadError
from spillover.spread.actorgraph import Tie, actor_graph
from spillover.spread.balance import balance, triangles


def fight(a, b, day, deaths=1, **more):
    return {"side_a": a, "side_b": b, "start": day, "deaths": deaths, "type": "non-state", **more}


def graph(rows, *ties, until="2021-12-31", **options):
    return actor_graph(made(rows, since=date(2019, 1, 1), until=date.fromisoformat(until)), ties=ties, **options)


FIGHTS = [
    *[fight("A", "B", "2019-05-01", 3)] * 6,
    fight("B", "A", "2020-05-01", None),
    fight("C", "B", "2020-02-01"),
    *[fight("C", "D", "2021-03-01")] * 5,
    fight("C", "B", "2021-03-01"),
]


def test_edges_by_hand():
    found = graph(FIGHTS).edges
    assert found.select("year", "source", "target", "events", "deaths", "sign").rows() == [
        (2019, "A", "B", 6, 18, -1),
        (2020, "A", "B", 1, 0, -1),
        (2020, "B", "C", 1, 1, -1),
        (2021, "B", "C", 1, 1, -1),
        (2021, "C", "D", 5, 5, -1),
    ]


def test_new_resumed_and_ended_by_hand():
    years = graph([*FIGHTS, fight("A", "B", "2022-01-05")], until="2022-12-31").years
    assert years["dyads"].to_list() == [1, 2, 2, 1]
    assert years["new"].to_list() == [None, 1, 1, 0]
    assert years["new_clear"].to_list() == [None, 0, 1, 0]
    assert years["resumed"].to_list() == [None, 0, 0, 1]
    assert years["ended"].to_list() == [None, 0, 1, 2]
    assert years["ended_clear"].to_list() == [None, 0, 0, 1]


def test_what_has_ended_is_unknown_in_a_cut_year():
    years = graph(FIGHTS, until="2021-06-30").years
    assert years["whole"].to_list() == [True, True, False]
    assert years["ended"].to_list()[-1] is None
    assert years["new"].to_list()[-1] == 1


def test_years_without_fights_are_there():
    assert graph([fight("A", "B", "2019-01-01"), fight("A", "B", "2021-01-01")]).years["dyads"].to_list() == [1, 0, 1]


def test_who_is_no_actor():
    rows = [
        *FIGHTS, fight("A", "Civilians", "2020-01-01", type="one-sided"), fight("A", "XXX666", "2020-01-01"),
        fight("A", "A", "2020-01-01"), fight("A", "B", "2020-01-01", type=None), fight(None, "B", "2020-01-01"),
    ]  # fmt: skip
    assert graph(rows).left_out.reasons == {
        "not between two armed sides": 2, "a side is not identified": 2, "both sides have one name": 1
    }  # fmt: skip


def test_ties_hold_in_their_years():
    ally = Tie("D", "A", 1, since=date(2020, 6, 1), about="pledge")
    edges = graph(FIGHTS, ally, Tie("A", "C", 1, until=date(2018, 1, 1)), Tie("Y", "Z", -1)).edges
    ties = edges.filter(kind="tie").select("year", "source", "target", "sign", "about").rows()
    assert ties == [
        (2019, "Y", "Z", -1, ""), (2020, "A", "D", 1, "pledge"), (2020, "Y", "Z", -1, ""),
        (2021, "A", "D", 1, "pledge"), (2021, "Y", "Z", -1, ""),
    ]  # fmt: skip


def test_ties_alone_make_a_graph():
    found = graph([], Tie("A", "B", 1), Tie("B", "C", -1), Tie("A", "C", -1))
    assert found.balance.share == 1
    assert found.nodes.select("actor", "events", "ties").rows() == [("A", 0, 2), ("B", 0, 2), ("C", 0, 2)]
    assert found.words().startswith("all actors: in 2021, no pair of armed actors fought. Over all years, 1 of 1")


def test_friends_who_fight_are_mixed():
    found = graph(FIGHTS, Tie("A", "B", 1), Tie("A", "C", 1))
    assert found.years["mixed"].to_list() == [1, 1, 0]
    assert found.balance.triangles == 0
    assert found.friendly == 2


@pytest.mark.parametrize(
    ("signs", "balanced", "weak"), [((1, 1, 1), 1, 1), ((1, 1, -1), 0, 0), ((1, -1, -1), 1, 1), ((-1, -1, -1), 0, 1)]
)
def test_the_four_triangles(signs, balanced, weak):
    pairs = [("A", "B"), ("A", "C"), ("B", "C")]
    found = balance(dict(zip(pairs, signs, strict=True)), draws=9, random=np.random.default_rng(0))
    assert (found.share, found.weak) == (balanced, weak)
    assert found.by_sign[sum(s < 0 for s in signs)] == 1


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from(list(combinations("ABCDEFG", 2))), st.sampled_from([1, -1])))
def test_balance_against_every_triple(signs):
    every = [
        t for t in combinations("ABCDEFG", 3) if all(pair in signs for pair in combinations(t, 2))
    ]  # fmt: skip
    products = [np.prod([signs[pair] for pair in combinations(t, 2)]) for t in every]
    found = balance(signs, draws=19, random=np.random.default_rng(0))
    assert found.triangles == len(every) == len(triangles(signs))
    assert found.balanced == sum(p > 0 for p in products)
    assert sum(found.by_sign) == found.triangles
    if found.chance:
        assert 0 <= found.chance[0] <= found.chance[1] <= 1
        assert 0 < found.p <= 1


def test_two_camps_are_balanced_beyond_chance():
    camp = dict.fromkeys("ABCDE", 0) | dict.fromkeys("VWXYZ", 1)
    signs = {(a, b): 1 if camp[a] == camp[b] else -1 for a, b in combinations(sorted(camp), 2)}
    found = balance(signs, draws=199, random=np.random.default_rng(0))
    assert (found.triangles, found.share) == (comb(10, 3), 1)
    assert found.p == pytest.approx(1 / 200)
    said = graph([], *[Tie(a, b, s) for (a, b), s in signs.items()], draws=199).words()
    assert "120 of 120 triangles are balanced" in said
    assert said.endswith("more than chance.")


def test_words_where_little_happens():
    both = [fight("A", "B", f"{year}-02-01") for year in (2019, 2020, 2021)]
    assert graph(both).words() == "all actors: in 2021, the same pair of armed actors fought as the year before."
    more = [*both, *[fight("C", "D", f"{year}-02-01") for year in (2020, 2021)]]
    assert "the same 2 pairs of armed actors fought as the year before." in graph(more).words()
    again = graph([*more, fight("E", "F", "2019-03-01"), fight("E", "F", "2021-03-01")]).words()
    assert again.endswith("fought, 1 after a pause; none of those that fought the year before stopped.")
    assert graph(both[:1]).words() == "all actors: in 2021, no pair of armed actors fought."
    over = [*[fight("A", "B", "2020-02-01")] * 6, fight("C", "D", "2020-02-01")]
    assert graph(over).words() == (
        "all actors: in 2021, no pair of armed actors fought; 2 of the 2 pairs that fought the year before did not, 1 "
        "of them with so few events then that it may be chance."
    )


def test_words():
    assert graph(FIGHTS).words() == (
        "all actors: in 2021, 2 pairs of armed actors fought, 1 for the first time in these data; 1 of the 2 pairs "
        "that fought the year before did not, with so few events then that it may be chance."
    )
    ring = [fight(a, b, "2021-03-01") for a, b in combinations("ABC", 2)]
    assert graph(ring).words().endswith("3 for the first time in these data.")
    assert "No friendly tie is given" in graph(ring, Tie("C", "D", -1)).words()
    assert "No three actors are tied" in graph(FIGHTS, Tie("A", "D", 1)).words()
    friends = [Tie(a, b, 1) for a, b in combinations("ABC", 2)]
    assert "cannot be held against chance" in graph([], *friends).words()
    assert (
        graph([fight("A", "B", "2019-02-01")], until="2019-03-01").words().startswith("all actors: in 2019, 1 pair of")
    )


def test_same_seed_same_json():
    ties = [Tie("A", "D", 1), Tie("A", "C", -1), Tie("B", "D", 1)]
    one, two = (graph(FIGHTS, *ties, seed=4).to_dict() for _ in range(2))
    assert one == two
    back = json.loads(json.dumps(one, allow_nan=False))
    assert {node["actor"] for node in back["nodes"]} == {"A", "B", "C", "D"}
    assert back["edges"][0]["kind"] in ("fought", "tie")


@pytest.mark.parametrize(
    "ties",
    [
        [], [Tie("A", "B", 0)], [Tie("A", "A", 1)], [Tie("A", "B", 1, date(2020, 1, 1), date(2019, 1, 1))],
        [Tie("A", "B", 1, until=date(1999, 1, 1))],
    ],
)  # fmt: skip
def test_what_makes_no_graph(ties):
    with pytest.raises(SpreadError) as error:
        graph([fight("A", None, "2020-01-01")], *ties)
    assert error.value.to_do


@pytest.mark.shared
@pytest.mark.parametrize(("name", "dyads", "left_out"), [(PAKISTAN, 9, 559), (MYANMAR, 10, 2330), (CAR, 2, 1076)])
def test_real(shared, name, dyads, left_out):
    found = actor_graph(real(shared, name))
    assert found.years["dyads"].to_list()[-1] == dyads
    assert found.left_out.events == left_out
    assert found.edges["events"].sum() == len(real(shared, name)) - left_out
    assert found.balance.share == 0
    assert "balance" not in found.words()
    json.dumps(found.to_dict(), allow_nan=False)
