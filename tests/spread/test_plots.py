"""Figures and charts: every measure drawn without a warning, with units, sources and rows that JSON can hold."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import h3
import numpy as np
import pytest
from made import made
from real import CAR, MYANMAR, PAKISTAN, real

from spillover.errors import SpreadError
from spillover.spread.charts import SHOWN, chart, compared
from spillover.spread.diffusion import diffusion
from spillover.spread.firsthits import first_hits
from spillover.spread.footprint import footprint
from spillover.spread.hexagons import outline
from spillover.spread.lately import lately
from spillover.spread.nearrepeat import near_repeat
from spillover.spread.plots import figure
from spillover.spread.tempo import tempo

SOURCE = "Made-up events 1.0 ($10 & more)"
MEASURES = {
    "tempo": tempo,
    "footprint": lambda s: footprint(s, bootstrap=40),
    "first_hits of cells": lambda s: first_hits(s, level="cell"),
    "first_hits of divisions": first_hits,
    "near_repeat": lambda s: near_repeat(s, permutations=19),
    "lately": lately,
}


def world(n=150, lon=71.0, **more):
    random = np.random.default_rng(0)
    return made(
        [
            {
                "start": date(2019, 1, 1) + timedelta(int(random.integers(1096))), "lat": 33 + random.normal(),
                "lon": (lon + random.normal() + 180) % 360 - 180, "admin1": f"division ${i % 20}",
                "admin1_code": None, "side_b": f"group {i % 3}", "deaths": int(random.integers(9)), **more,
            }
            for i in range(n)
        ],
        since=date(2019, 1, 1), until=date(2021, 12, 31), sources=(SOURCE,), words="groups of $5 and $6",
    )  # fmt: skip


def png(made_figure):
    out = io.BytesIO()
    made_figure.savefig(out, format="png")
    return out.getvalue()


def texts(made_figure):
    return " ".join(t.get_text() for t in made_figure.findobj(match=lambda a: hasattr(a, "get_text")))


@pytest.fixture(scope="module", params=list(MEASURES))
def result(request):
    return MEASURES[request.param](world())


def test_figure(result):
    drawn = figure(result, sources=(SOURCE,))
    assert png(drawn).startswith(b"\x89PNG")
    assert SOURCE in texts(drawn)
    assert result.words_of in texts(drawn)
    assert drawn.get_size_inches()[0] == 6.5
    for axes in drawn.axes:
        assert axes.get_xlabel() or axes.get_ylabel() or axes.get_shared_x_axes().get_siblings(axes)
    assert figure(result)._supxlabel is None


def test_figure_touches_no_state_of_pyplot(result):
    import matplotlib

    before = dict(matplotlib.rcParams)
    figure(result)
    assert dict(matplotlib.rcParams) == before
    pyplot = sys.modules.get("matplotlib.pyplot")
    assert pyplot is None or not pyplot.get_fignums()


def test_matplotlib_is_loaded_late_and_pyplot_never():
    code = (
        "import sys; from datetime import date; sys.path.insert(0, sys.argv[1]); from made import made; "
        "from spillover.spread.plots import figure; from spillover.spread.footprint import footprint; "
        "assert 'matplotlib' not in sys.modules; figure(footprint(made([{'deaths': 1}]))).canvas.draw(); "
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code, str(Path(__file__).parent)], check=True)


def test_chart(result):
    spec = chart(result, sources=(SOURCE,))
    assert json.loads(json.dumps(spec, allow_nan=False)) == spec
    assert result.words_of in spec["title"]
    assert spec["caption"] == f"Data: {SOURCE}"
    assert spec["note"] == result.words()
    assert chart(result)["caption"] == ""
    for mark in spec["marks"]:
        if "data" not in mark:
            continue
        rows = spec["data"][mark["data"]]
        used = {mark[c] for c in ("x", "y", "x1", "x2", "fill", "stroke", "text", "geometry") if c in mark}
        named = {u for u in used if not str(u).startswith("#")}
        assert rows == [] or named <= set(rows[0]), mark


@pytest.mark.parametrize("name", ["footprint", "first_hits of cells"])
def test_cells_lie_side_by_side_across_the_antimeridian(name):
    measure = MEASURES[name]
    there, here = (chart(measure(world(lon=lon)))["data"] for lon in (180.0, 71.0))
    table = "cells" if "cells" in here else "hits"
    for data in (there, here):
        lons = [lon for row in data[table] for lon, _ in row["outline"]]
        assert max(lons) - min(lons) < 12
    assert png(figure(measure(world(lon=180.0))))


def test_outline_is_closed():
    ring = outline(h3.latlng_to_cell(-17, 179.99, 4), 180)
    assert ring[0] == ring[-1]
    assert len(ring) == 7
    assert all(abs(lon - 180) < 2 for lon, _ in ring)


def test_few_rows_are_named():
    table = compared(lately(world(400)))
    assert table.height <= SHOWN
    assert table["name"][0] == "all"
    assert table["kind"].to_list() == sorted(table["kind"], key=["all", "country", "division", "actor"].index)


def test_flagged_rows_come_first():
    rise = [{"start": date(2021, 12, 30), "admin1": "hot", "country": c, "side_b": "hot"} for c in ("AFG", "PAK")] * 20
    base = world()
    rows = [*base.events.to_dicts(), *rise]
    for row in rows:
        row.pop("set_id", None), row.pop("id", None)
    selection = made([*rows, {"start": date(2021, 2, 1), "admin1": "hot", "side_b": "hot"}], until=date(2021, 12, 31))
    table = compared(lately(selection))
    assert table.filter(kind="division").row(0, named=True)["name"] == "hot"
    assert table.filter(kind="actor").row(0, named=True)["change"] == "more"
    assert png(figure(lately(selection)))


@pytest.mark.parametrize("rows", [1, 3])
def test_hardly_anything_to_draw(rows):
    selection = made(
        [{"start": date(2020, 5, 1 + i), "deaths": None} for i in range(rows)],
        since=date(2019, 1, 1), until=date(2021, 12, 31),
    )  # fmt: skip
    for name in ("tempo", "footprint", "first_hits of cells", "first_hits of divisions", "lately"):
        found = MEASURES[name](selection)
        assert png(figure(found))
        json.dumps(chart(found), allow_nan=False)


def test_without_matplotlib(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(SpreadError, match=r"pip install 'spillover\[plots\]'"):
        figure(tempo(world()))


def test_what_has_no_figure():
    with pytest.raises(SpreadError, match="no figure of Diffusion"):
        figure(diffusion(world(), simulations=9))
    with pytest.raises(SpreadError, match="no chart of Diffusion"):
        chart(diffusion(world(), simulations=9))


@pytest.mark.shared
@pytest.mark.parametrize("name", [PAKISTAN, MYANMAR, CAR])
def test_real(shared, name):
    selection = real(shared, name)
    for measure in MEASURES.values():
        found = measure(selection)
        assert png(figure(found, sources=selection.sources))
        json.dumps(chart(found, sources=selection.sources), allow_nan=False)
