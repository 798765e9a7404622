"""docs/forecasting.md: what it says of the program is so."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from running import ROOT, section

from spillover.forecasting import newyear
from spillover.forecasting.forecast import DRAWS, FURTHEST
from spillover.forecasting.members import MEMBERS
from spillover.forecasting.members.boost import TAUS
from spillover.forecasting.pool import LEAST, MEMORY, TIMES

PAGE = (ROOT / "docs" / "forecasting.md").read_text(encoding="utf-8")
WORDS = {3: "Three", 5: "Five", 10: "ten", 13: "thirteen", 20: "twenty"}


def test_the_figures_of_the_method_are_those_of_the_program() -> None:
    made = " ".join(section(PAGE, "How it is made").split())
    assert f"1 to {FURTHEST} months ahead, as {DRAWS:,} draws" in " ".join(PAGE.split())
    own = [name for name in MEMBERS if not name.startswith(("boosted", "forest"))]
    assert f"{WORDS[len(own)]} look at a unit's own past" in made
    assert f"{WORDS[len(MEMBERS) - len(own)]} learn from all units' pasts" in made
    assert f"{WORDS[len(TAUS)]} quantiles" in made
    assert newyear.OTHERS == 1 / 5 and "counts a fifth for other months" in made
    assert f"{WORDS[int(newyear.SAME)]} times for a January" in made
    assert MEMORY == 120 and f"above {WORDS[int(TIMES)]} times the highest month of the unit's last ten years" in made
    assert f"or {LEAST:,.0f} if that is more" in made


def test_the_means_of_the_table_are_those_of_its_rows() -> None:
    lines = section(PAGE, "How good it has been").splitlines()
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.count("|") == 9]
    years = {int(row[0]): row[1:] for row in table if row[0].isdigit()}
    assert list(years) == list(range(2014, 2023))
    for row in table:
        if found := re.match(r"\*\*(\d{4})–(\d{4})\*\*", row[0]):
            rows = [years[year] for year in range(int(found[1]), int(found[2]) + 1)]
            for column, cell in enumerate(row[1:6]):
                logs = np.log([float(r[column]) for r in rows])
                mean, error = (float(part) for part in cell.split(" ± "))
                assert np.exp(logs.mean()) == pytest.approx(mean, abs=0.0011)
                assert mean * logs.std(ddof=1) / len(logs) ** 0.5 == pytest.approx(error, abs=0.0015)


def test_nothing_of_the_draft_is_left() -> None:
    assert "@@" not in PAGE


def test_the_block_for_python_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (block,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    exec(compile(block, "docs/forecasting.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "2023-06" in printed and "2021-01 to 2021-12" in printed
    assert (tmp_path / "forecast.parquet").stat().st_size > 1000
