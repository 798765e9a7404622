"""The packages of the ``forecast`` extra, loaded when a member is fitted and not before."""

from __future__ import annotations

from typing import Any

from spillover.errors import ForecastError

_HINT = "Install them with: pip install 'spillover[forecast]'"


def lightgbm() -> Any:
    """LightGBM; :class:`~spillover.errors.ForecastError` where it cannot be loaded."""
    try:
        import lightgbm
    except (ImportError, OSError) as error:
        raise ForecastError(f"LightGBM cannot be loaded ({error})", to_do=_hint(error)) from error
    return lightgbm


def extra_trees() -> Any:
    """scikit-learn's ``ExtraTreesRegressor``; :class:`~spillover.errors.ForecastError` where it cannot be loaded."""
    try:
        from sklearn.ensemble import ExtraTreesRegressor
    except (ImportError, OSError) as error:
        raise ForecastError(f"scikit-learn cannot be loaded ({error})", to_do=_hint(error)) from error
    return ExtraTreesRegressor


def _hint(error: Exception) -> str:
    missing = "libgomp" in str(error)
    return "Install the OpenMP library; on Debian and Ubuntu: apt-get install libgomp1" if missing else _HINT
