"""A panel from events hangs on nothing that starts after its last month."""

from __future__ import annotations

import pytest
from ged_made import event, session
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from same_panel import assert_same, assert_sound

from spillover.forecasting.months import parse
from spillover.forecasting.panels import Rules, from_events

ORIGIN = parse("2019-12")
GROUPS = ("A", "B", "C")
PLACES = {"PAK": ((25.3, 68.3, "Sindh province"), (30.2, 67.0, "Balochistan province"), (20.0, 62.0, "")),
          "AFG": ((34.4, 70.4, "Nangarhar province"), (31.6, 65.7, "Kandahar province")),
          "SSD": ((4.8, 31.6, "Central Equatoria state"),)}  # fmt: skip


@st.composite
def rows(draw, first, last, start):
    """Events from one day to another of the year ``first`` to ``last``; ``start``: the number of the first."""
    found = []
    for n in range(draw(st.integers(1, 10))):
        country = draw(st.sampled_from(sorted(PLACES)))
        lat, lon, admin1 = draw(st.sampled_from(PLACES[country]))
        year, month = draw(st.integers(first, last)), draw(st.integers(1, 12))
        end = draw(st.sampled_from([f"{year}-{month:02}-20", f"{year}-{min(month + 1, 12):02}-25"]))
        kind = draw(st.sampled_from(["state-based", "non-state", "one-sided"]))
        a, b = draw(st.permutations(GROUPS))[:2]
        found.append(event(start + n, f"{year}-{month:02}-15", country=country, end=end, type=kind, lat=lat, lon=lon,
                           adm_1=admin1, where_prec=draw(st.integers(1, 7)), deaths=draw(st.integers(0, 50)),
                           side_a="Government of X" if kind == "state-based" else a, side_b=b))  # fmt: skip
    return found


# the data's first and last month up to the origin have an event, so that what is covered is the same
ALWAYS = [event(1, "2017-01-15", where_prec=1), event(2, "2019-12-15", where_prec=1)]
# all cells of the world would take their time and show no more
NAMED, WORLD = ("country", "admin1", "priogrid", "group"), ("country", "admin1", "group")


@pytest.mark.parametrize(("covers", "kinds"), [(None, NAMED), (("all",), WORLD)], ids=["named", "world"])
@settings(max_examples=6, phases=[Phase.explicit, Phase.reuse, Phase.generate])  # to shrink takes minutes
@given(rows(2017, 2019, 100), rows(2020, 2021, 200), rows(2020, 2022, 300), st.sampled_from(["start", "end", "days"]))
def test_later_events_may_come_go_and_change(covers, kinds, before, one, other, when):
    rules = Rules(month=when)
    panels = []
    for after in (one, other):
        with session([*ALWAYS, *before, *after], covers=covers) as opened:
            for kind in kinds:
                whole = from_events(opened, kind=kind, rules=rules).until(ORIGIN)
                cut = from_events(opened, kind=kind, rules=rules, until=ORIGIN)
                assert_sound(cut)
                assert_same(whole, cut.until(ORIGIN), notes=False)
                panels.append(cut)
    for first, second in zip(panels[: len(kinds)], panels[len(kinds) :], strict=True):
        assert_same(first, second)
