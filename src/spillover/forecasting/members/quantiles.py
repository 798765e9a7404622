"""How a member says what it expects: quantiles at the same levels, by unit and horizon."""

from __future__ import annotations

import numpy as np

MEMBER_DRAWS = 200
LEVELS = (np.arange(MEMBER_DRAWS) + 0.5) / MEMBER_DRAWS
"""The levels: the middles of as many equal parts, so that their plain mean is the mean of the distribution."""
