"""What a case knows: documents, readings, statements with their evidence, and the search over them."""

from spillover.knowledge.changes import Change, Changes
from spillover.knowledge.edits import Edit
from spillover.knowledge.query import QueryError
from spillover.knowledge.records import Added, CaseActor, ReadingInfo, StoredDocument, UnknownActor
from spillover.knowledge.search import Hit
from spillover.knowledge.store import Store

__all__ = [
    "Added",
    "CaseActor",
    "Change",
    "Changes",
    "Edit",
    "Hit",
    "QueryError",
    "ReadingInfo",
    "Store",
    "StoredDocument",
    "UnknownActor",
]
