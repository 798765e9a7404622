"""A small world of known triggering, and the model fitted to it: made once, for it takes some seconds."""

from __future__ import annotations

from datetime import date
from functools import cache

import numba
import numpy as np

from spillover.forecasting.scenarios import Scenario, parse
from spillover.spread.contagion import Catalogue, Contagion, Effort, Settings
from spillover.spread.contagion.catalogue import MARKS
from spillover.spread.contagion.fit import Parameters
from spillover.spread.contagion.simulate import Events, as_catalogue, branch

GROUPS = ("TTP", "IS", "BLA")
DAYS = 730.0  # 2020 and 2021, less a day
EFFORT = Effort(jitters=1, rounds=(2, 6), placebos=1, bandwidths=2, held_out=False)
ADJACENCY = np.array([[0.35, 0.05, 0.0], [0.20, 0.25, 0.0], [0.0, 0.0, 0.15]])


@cache
def world() -> Catalogue:
    """Some 600 events of three groups in ten towns on both sides of a border."""
    rng = np.random.default_rng(5)
    settings = Settings()
    lat, lon = np.tile(np.linspace(33.0, 34.0, 5), 2), np.repeat([70.47, 70.53], 5)  # in pairs, 6 km apart
    n, town = np.array([190, 100, 80]), rng.integers(10, size=370)
    group = np.repeat(np.arange(3), n)
    seeds = Events(
        rng.uniform(0, DAYS, n.sum()), lat[town], lon[town], group, rng.integers(len(MARKS) + 1, size=n.sum()),
        (lon[town] > 70.5).astype(np.int64), np.full(n.sum(), -1), False,
    )  # fmt: skip
    true = Parameters(
        ADJACENCY, np.ones(4), 1.0, np.array([0.2, 0.4, 0.4, 0.0]), np.array([0.6, 0.4, 0.0]), np.ones((3, 7))
    )
    made = branch(seeds, true, settings, np.ones((3, 4)), until=DAYS, rng=rng)
    none = np.zeros(0)
    whole = np.zeros(0, dtype=np.int64)
    like = Catalogue(
        none, none, none, none, whole, whole, whole, GROUPS, ("AFG", "PAK"), DAYS, date(2020, 1, 2),
    )  # fmt: skip
    return as_catalogue(made, like)


@cache
def model() -> Contagion:
    """The model of that world."""
    numba.set_num_threads(1)  # threads cost more than they save on so few events
    found = Contagion(effort=EFFORT, seed=3).fit(world())
    found.words = "a made-up world"
    return found


def scenario(*edits: str, title: str = "A test", months: int = 12) -> Scenario:
    """A scenario with these edits, each a line of keys separated by semicolons."""
    tables = "".join("\n[[edit]]\n" + "\n".join(part.strip() for part in edit.split(";")) + "\n" for edit in edits)
    return parse(f'title = "{title}"\nhorizon_months = {months}\n{tables}')
