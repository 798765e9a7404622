"""Onset: the chance that an armed group strikes where it has been quiet, and how good such chances have been.

::

    with case.events() as session:
        record = record_of(session)
    print(onset(record, "2021-12").words())
    print(onset_backtest(record).words())
"""

from spillover.forecasting.onset.backtest import OnsetBacktest, onset_backtest, together
from spillover.forecasting.onset.forecast import Onset, onset
from spillover.forecasting.onset.record import Record, chosen_groups, record_of

__all__ = ["Onset", "OnsetBacktest", "Record", "chosen_groups", "onset", "onset_backtest", "record_of", "together"]
