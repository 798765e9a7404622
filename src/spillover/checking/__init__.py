"""Checking: the one place where statements meet events. Statement → query → finding."""

from spillover.checking.check import Checks, check, check_statement
from spillover.checking.context import Record
from spillover.checking.finding import VERDICTS, Finding, Verdict
from spillover.checking.outlook import Entry, Outlook, SourceScore, outlook

__all__ = [
    "VERDICTS",
    "Checks",
    "Entry",
    "Finding",
    "Outlook",
    "Record",
    "SourceScore",
    "Verdict",
    "check",
    "check_statement",
    "outlook",
]
