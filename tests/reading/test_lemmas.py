"""Lemmas, and the words that the model knows."""

from __future__ import annotations

import pytest

from spillover.errors import ModelMissing
from spillover.reading import language
from spillover.reading.language import Lemmas, load_model
