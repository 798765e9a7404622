"""Made-up panels: countries with quiet years, wars and lulls."""

import numpy as np

from spillover.forecasting.panel import Panel

START = 12 * 2000


def world(units: int = 12, months: int = 96, seed: int = 0, *, busy: float = 0.5) -> Panel:
    """Counts whose level wanders, with spells of nothing; ``busy``: about the share of units that ever see violence."""
    random = np.random.default_rng(seed)
    walk = np.cumsum(random.normal(0, 0.35, (units, months)), axis=1)
    walk += np.where(random.random(units) < busy, 2.0, -6.0)[:, None]
    level = np.exp(np.clip(walk, -8, 7))
    values = random.negative_binomial(0.8, 0.8 / (0.8 + level)).astype(float)
    return panel(values, events=np.ceil(values / 3))


def panel(values, **parts) -> Panel:
    values = np.asarray(values, float)
    units = tuple(f"U{i:03d}" for i in range(len(values)))
    return Panel(
        "other", "deaths", units, START, values, np.ones(values.shape, bool), units,
        {name: np.asarray(part, float) for name, part in parts.items()},
    )  # fmt: skip
